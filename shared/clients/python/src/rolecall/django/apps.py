"""The app."""

from django.apps import AppConfig


class RolecallConfig(AppConfig):
    """Has commands for ``manage.py``, and nothing in the database."""

    name = "rolecall.django"
    label = "rolecall"
    verbose_name = "Rolecall"
