"""``manage.py rolecall_export users.json``: what ``rolecall import --from django`` takes."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Writes every user and every group of the project, with password hashes.

    Nobody else may read the file. ``rolecall import users.json --from django --map roles.yaml``
    brings them: each group is a role where ``roles.yaml`` says which one.
    """

    help = "Exports users and groups for `rolecall import --from django`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the file."""
        parser.add_argument("file", type=Path, help="a file that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            descriptor = os.open(options["file"], flags, 0o600)
        except FileExistsError:
            raise CommandError(f"{options['file']} is there already") from None
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                user = get_user_model()._meta.label_lower
                # Every row, whatever a manager hides.
                call_command(
                    "dumpdata", user, "auth.group", use_base_manager=True, indent=1, stdout=file
                )
        except BaseException:
            options["file"].unlink()
            raise
        count = get_user_model()._base_manager.count()
        self.stdout.write(f"{count} users in {options['file']}")
