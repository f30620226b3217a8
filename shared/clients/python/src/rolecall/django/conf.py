"""The setting ``ROLECALL``, and the one client that is made of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from rolecall._base import Settings
from rolecall.client import Client

if TYPE_CHECKING:
    from django.http import HttpRequest

#: The names of the setting's entries, and the client's parameters that they are.
PARAMETERS = {
    "KEY": "token",
    "ISSUER": "issuer",
    "AUDIENCE": "audience",
    "TOKEN_TYPE": "token_type",
    "LEEWAY": "leeway",
    "TIMEOUT": "timeout",
    "CACHE_SECONDS": "cache_seconds",
    "ALLOW_HTTP": "allow_http",
    "CAPACITY": "capacity",
    "CAPACITY_BYTES": "capacity_bytes",
}

#: Entries that are not the client's.
OTHERS = {"URL", "EXCLUDE_PATHS"}

_lock = threading.Lock()
_client: Client | None = None


def setting(name: str, default: Any = None) -> Any:
    """Reads an entry of ``ROLECALL``."""
    entries = getattr(settings, "ROLECALL", None)
    if not isinstance(entries, dict) or not entries.get("URL"):
        raise ImproperlyConfigured('ROLECALL = {"URL": …, "KEY": …} says where the server is')
    if unknown := set(entries) - set(PARAMETERS) - OTHERS:
        raise ImproperlyConfigured(f"ROLECALL has unknown entries: {', '.join(sorted(unknown))}")
    return entries.get(name, default)


def is_excluded(request: HttpRequest) -> bool:
    """Whether the middlewares leave a request alone, by ``EXCLUDE_PATHS``."""
    paths = setting("EXCLUDE_PATHS", ())
    if isinstance(paths, str):
        raise ImproperlyConfigured('ROLECALL["EXCLUDE_PATHS"] is a list')
    return request.path.startswith(tuple(paths))


def get_client() -> Client:
    """Makes the project's client, once a process."""
    global _client
    with _lock:
        if _client is None:
            url = setting("URL")
            given = {name: setting(name) for name in PARAMETERS}
            chosen = {PARAMETERS[name]: one for name, one in given.items() if one is not None}
            _client = Client(url, **cast(Settings, chosen))
        return _client


def _forget(*, setting: str, **_: Any) -> None:
    global _client
    if setting == "ROLECALL":
        with _lock:
            client, _client = _client, None
        if client is not None:
            client.close(timeout=1)


setting_changed.connect(_forget)
