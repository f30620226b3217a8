"""The client for threads."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from rolecall import _calls
from rolecall._base import GATHER, LONGEST_WAIT, PASSING, BaseClient, log
from rolecall._calls import Call, T, jittered, run
from rolecall._queue import Queue
from rolecall._tokens import Caller
from rolecall.checks import Explanation, Question
from rolecall.errors import FlushError, RolecallError, TokenError, UnavailableError

#: What is forked with a process is made anew in the child.
_clients: weakref.WeakSet[Client] = weakref.WeakSet()


class Client(BaseClient):
    """A Rolecall server, for code with threads: any number of them may share one client."""

    def __init__(
        self, base_url: str, *, transport: httpx.BaseTransport | None = None, **settings: Any
    ) -> None:
        """Takes the settings of :class:`rolecall._base.BaseClient`."""
        super().__init__(base_url, **settings)
        self._transport = transport
        self._start()
        _clients.add(self)
        atexit.register(_close_at_exit, weakref.ref(self))

    def _start(self) -> None:
        """Makes what belongs to one process."""
        self._http = httpx.Client(transport=self._transport, **self._http_settings())
        self._reading = threading.Lock()
        self._sending = threading.Lock()
        self._starting = threading.Lock()
        self._awake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def _after_fork(self) -> None:
        # What waits is the parent's to send.
        self._queue = Queue(self._queue.capacity, self._queue.capacity_bytes)
        self._cache.reset()
        self._start()

    def __enter__(self) -> Self:
        """Closes the client at the end of a ``with``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Flushes and closes."""
        self.close()

    def verify(self, token: str) -> Caller:
        """Tells whose access token this is, offline: by signature, type, issuer, audience, times.

        A token whose session was ended is accepted until it expires, an hour at most;
        :meth:`check` sees that at once.

        :raises TokenError: it is not valid
        :raises UnavailableError: the public keys cannot be had
        """
        kid = self._kid(token)
        key = self._known_key(kid)
        if key is None:
            with self._reading:
                key = self._run(self._read_keys(kid, _calls.discover()))
        return self._verified(token, key)

    def check(
        self,
        token: str,
        *,
        permission: str | None = None,
        module: str | None = None,
        user_id: str | None = None,
        organization: str | None = None,
    ) -> bool:
        """Asks the server whether the token's owner has a permission, or access to a module.

        :param user_id: about another user; the owner needs ``access.check``
        :param organization: in another organization than that of the token
        :raises TokenError: the token is not valid any more
        :raises UnavailableError: the server does not answer
        """
        question = Question(permission, module)
        about = self._about(user_id, organization)
        key, now = self._cache.key(token, question, about), time.monotonic()
        allowed = self._cache.get(key, now)
        if allowed is None:
            [allowed] = self._run(_calls.checks(token, [question], about))
            self._cache.put(key, allowed, now)
        return allowed

    def checks(
        self,
        token: str,
        questions: Iterable[Question],
        *,
        user_id: str | None = None,
        organization: str | None = None,
    ) -> list[bool]:
        """Asks several questions; the decisions have their order, and are never cached ones."""
        about = self._about(user_id, organization)
        return self._run(_calls.checks(token, list(questions), about))

    def explain(
        self,
        token: str,
        *,
        permission: str | None = None,
        module: str | None = None,
        user_id: str | None = None,
        organization: str | None = None,
    ) -> Explanation:
        """Asks why the token's owner has, or has not."""
        about = self._about(user_id, organization)
        return self._run(_calls.explain(token, Question(permission, module), about))

    def get(
        self,
        path: str,
        *,
        token: str | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Reads any route of the API: the JSON of its answer.

        :param path: below ``/api/v1``, such as ``/me``
        :param token: in whose name; by default in the service's
        """
        send = _calls.Send(
            "GET", f"/api/v1{path}", token or self._token, headers=headers, params=params
        )
        return self._run(_calls.request(send))

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Sends to any route of the API, once, and reads the JSON of its answer."""
        content = None if body is None else _calls.encoded(body)
        send = _calls.Send(method, f"/api/v1{path}", token or self._token, content, headers)
        return self._run(_calls.once(send))

    def check_document_version(self) -> None:
        """Refuses a server whose OpenAPI document this package does not know.

        :raises ConfigurationError: it is another version
        """
        self._run(_calls.check_document_version())

    def flush(self, timeout: float = 10) -> None:
        """Waits until the server has answered for everything that was tracked before.

        :raises FlushError: not in time
        """
        until, wait = time.monotonic() + timeout, 0.1
        while True:
            try:
                return self._send_all(until)
            except PASSING as error:
                if time.monotonic() + wait >= until:
                    raise FlushError(self.pending) from error
            time.sleep(jittered(wait))
            wait *= 2

    def close(self, timeout: float = 10) -> None:
        """Flushes, and ends the connections. What cannot be sent in time is lost, and logged."""
        self._closed.set()
        self._awake.set()
        try:
            self.flush(timeout)
        except FlushError as error:
            log.warning("%s", error)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)
        self._http.close()

    def _run(self, call: Call[T]) -> T:
        return run(call, self._http)

    def _wake(self) -> None:
        with self._starting:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(
                    target=self._send_in_the_background, name="rolecall", daemon=True
                )
                self._thread.start()
        self._awake.set()

    def _send_all(self, until: float) -> None:
        if not self._sending.acquire(timeout=max(0, until - time.monotonic())):
            raise UnavailableError("what is on its way takes too long")
        try:
            while batch := self._queue.batch():
                left = until - time.monotonic()
                if left <= 0:
                    raise UnavailableError("it takes too long")
                try:
                    recorded = self._run(self._send_batch(batch, min(self._timeout, left)))
                except PASSING:
                    raise
                except TokenError:
                    if self._token is not None and batch.token != self._token:
                        self._queue.reassign(self._token)
                        continue
                    recorded = self._refused(TokenError.__name__, batch.size)
                except RolecallError as error:
                    recorded = self._refused(error, batch.size)
                self._queue.answered(recorded)
        finally:
            self._sending.release()

    def _send_in_the_background(self) -> None:
        wait = GATHER
        while not self._closed.is_set():
            self._awake.wait()
            self._awake.clear()
            if self._closed.wait(wait):
                return
            try:
                self._send_all(time.monotonic() + LONGEST_WAIT)
                wait = GATHER
            except PASSING as error:
                log.debug("activities are sent later: %s", error)
                asked = getattr(error, "retry_after", None)
                wait = min(max(asked or jittered(wait * 2), GATHER), LONGEST_WAIT)
                self._awake.set()


def _close_at_exit(client: weakref.ref[Client]) -> None:
    if (found := client()) is not None:
        found.close()


def _after_fork() -> None:
    for client in list(_clients):
        client._after_fork()


os.register_at_fork(after_in_child=_after_fork)
