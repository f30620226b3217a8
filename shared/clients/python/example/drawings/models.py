"""Drawings of piping and instrumentation."""

from django.db import models


class Drawing(models.Model):
    """One drawing, of the organization that drew it."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    #: The code of a Rolecall organization.
    organization = models.CharField(max_length=64)
    #: The id of a Rolecall account.
    created_by = models.UUIDField()

    def __str__(self) -> str:
        return self.code
