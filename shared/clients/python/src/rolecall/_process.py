"""What a client does when its process forks, and when it ends."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from multiprocessing import util
from typing import Any, Protocol, TypeVar


class _Forked(Protocol):
    def after_fork(self) -> None: ...


C = TypeVar("C", bound=_Forked)

_clients: weakref.WeakKeyDictionary[Any, Callable[[Any], Any]] = weakref.WeakKeyDictionary()


def at_exit(client: C, close: Callable[[C], Any]) -> None:
    """Has a client closed at the end of this process, and of each child that is forked from it.

    By the finalizers of :mod:`multiprocessing`, which run in its children as well, where
    :mod:`atexit` does not.
    """
    _clients[client] = close
    _finalize(client)
    # Its children drop the finalizers that they inherit.
    util.register_after_fork(client, _finalize)


def _finalize(client: Any) -> None:
    found, close = weakref.ref(client), _clients[client]

    def end() -> None:
        if (one := found()) is not None:
            close(one)

    util.Finalize(None, end, exitpriority=10)


def _after_fork() -> None:
    for client in list(_clients):
        client.after_fork()
        _finalize(client)


os.register_at_fork(after_in_child=_after_fork)
