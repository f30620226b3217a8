"""``manage.py rolecall_setup catalogue.json``: what the project's checks ask for."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management.base import BaseCommand, CommandError

from rolecall.django.conf import get_client
from rolecall.errors import RolecallError
from rolecall.problems import NotFound

#: The lists of the file, in the order in which they need each other.
KINDS = {"modules": "module", "permissions": "permission", "roles": "role"}

#: What a role grants; the rest are its fields.
GRANTS = ("permissions", "modules")


class Command(BaseCommand):
    """Makes modules, permissions and roles, and changes what is different. Again changes nothing.

    The file is JSON, or YAML where PyYAML is installed: ``{"modules": [{"code", "name", …}],
    "permissions": [{"code", "module", "name", "action"}], "roles": [{"code", "name", "level",
    "permissions": […], "modules": […]}]}``. Nothing is taken away.
    """

    help = "Makes the modules, permissions and roles of a file in Rolecall."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks for each thing, and writes what is different."""
        self.is_dry, self.changes = options["dry_run"], 0
        #: Of somebody who has ``catalog.manage``; the project's own key otherwise.
        self.token = os.environ.get("ROLECALL_SETUP_TOKEN")
        wanted = self._read(options["file"])
        try:
            get_client().check_document_version()
            for kind in KINDS:
                for thing in wanted.get(kind, []):
                    self._one(kind, thing)
        except RolecallError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{self.changes} changes" + (" would be made" if self.is_dry else ""))

    def _read(self, file: Path) -> dict[str, list[dict[str, Any]]]:
        try:
            text = file.read_text(encoding="utf-8")
            wanted = _parsed(text, is_yaml=file.suffix in (".yaml", ".yml"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from None
        if not isinstance(wanted, dict):
            raise CommandError(f"{file} is not a mapping")
        if unknown := set(wanted) - set(KINDS):
            raise CommandError(f"{file} has unknown lists: {', '.join(sorted(unknown))}")
        for kind, things in wanted.items():
            if not all(isinstance(one, dict) and one.get("code") for one in things):
                raise CommandError(f"each of `{kind}` has a `code`")
        return wanted

    def _one(self, kind: str, thing: dict[str, Any]) -> None:
        granted = {name: thing.get(name, []) for name in GRANTS} if kind == "roles" else {}
        fields = {name: one for name, one in thing.items() if name not in granted}
        path = f"/{kind}/{quote(str(thing['code']), safe='')}"
        client = get_client()
        try:
            now = client.get(path, token=self.token)
        except NotFound:
            now = None
        if now is None:
            self._change(f"create {KINDS[kind]} {thing['code']}", "POST", f"/{kind}", fields)
        else:
            other = {name: one for name, one in fields.items() if now.get(name) != one}
            if other:
                self._change(f"update {KINDS[kind]} {thing['code']}", "PATCH", path, other)
        for name, codes in granted.items():
            has = self._codes(f"{path}/{name}") if now and codes else []
            for code in codes:
                if code not in has:
                    at = f"{path}/{name}/{quote(code, safe='')}"
                    self._change(f"grant {thing['code']} {code}", "PUT", at, None)

    def _codes(self, path: str) -> list[str]:
        """Lists the codes of a list, page by page."""
        codes: list[str] = []
        params = {"limit": "200"}
        while True:
            page = get_client().get(path, token=self.token, params=params)
            codes += [one["code"] for one in page["items"]]
            if not page.get("next_cursor"):
                return codes
            params["cursor"] = page["next_cursor"]

    def _change(self, line: str, method: str, path: str, body: Any) -> None:
        self.stdout.write(line)
        self.changes += 1
        if not self.is_dry:
            get_client().send(method, path, body, token=self.token)


def _parsed(text: str, *, is_yaml: bool) -> Any:
    if not is_yaml:
        return json.loads(text)
    try:
        import yaml
    except ImportError:
        raise CommandError("for YAML, install PyYAML") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
