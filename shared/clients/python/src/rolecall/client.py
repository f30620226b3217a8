"""The client for threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from rolecall import _calls
from rolecall._base import GATHER, BaseClient, Extras, GetExtras, Settings, log
from rolecall._calls import Call, T, jittered, run
from rolecall._process import at_exit
from rolecall._queue import LONGEST_PAUSE, Batch
from rolecall._tokens import Caller
from rolecall.checks import About, Asked, Explanation, Question
from rolecall.errors import FlushError, UnavailableError


class Client(BaseClient):
    """A Rolecall server, for code with threads: any number of them may share one client."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """Sends nothing yet.

        :param base_url: where the server is, such as ``https://id.example.com``
        :param settings: see :class:`rolecall.Settings`
        """
        super().__init__(base_url, settings)
        self._transport = transport
        self._start()
        at_exit(self, Client.close)

    def _start(self) -> None:
        """Makes what belongs to one process."""
        self._http = httpx.Client(transport=self._transport, **self._http_settings())
        self._reading = threading.Lock()
        self._sending = threading.Lock()
        self._starting = threading.Lock()
        self._awake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

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
        kid, now = self._kid(token), time.monotonic()
        key = self._keys.find(kid, now)
        if key is None or self._keys.are_very_old(now):
            with self._reading:
                key = self._run(self._read_keys(kid))
        elif self._keys.are_due(now) and self._reading.acquire(blocking=False):
            self._refresh_in_the_background(kid)
        return self._verified(token, key)

    def check(self, token: str, **asked: Unpack[Asked]) -> bool:
        """Asks the server whether the token's owner has a permission, or access to a module.

        :raises TokenError: the token is not valid any more
        :raises UnavailableError: the server does not answer
        """
        return self._run(self._check(token, asked))

    def checks(
        self, token: str, questions: Iterable[Question], **about: Unpack[About]
    ) -> list[bool]:
        """Asks several questions; the decisions have their order, and are never cached ones."""
        return self._run(self._checks(token, questions, about))

    def explain(self, token: str, **asked: Unpack[Asked]) -> Explanation:
        """Asks why the token's owner has, or has not."""
        return self._run(self._explain(token, asked))

    def get(self, path: str, **extras: Unpack[GetExtras]) -> Any:
        """Reads any route of the API: the JSON of its answer.

        :param path: below ``/api/v1``, such as ``/me``
        """
        return self._run(self._get(path, extras))

    def send(self, method: str, path: str, body: Any = None, **extras: Unpack[Extras]) -> Any:
        """Sends to any route of the API, once, and reads the JSON of its answer."""
        return self._run(self._send(method, path, body, extras))

    def check_document_version(self) -> None:
        """Refuses a server whose OpenAPI document this package does not know.

        :raises ConfigurationError: it is another version
        """
        self._run(_calls.check_document_version(self._timeout))

    def flush(self, timeout: float = 10) -> None:
        """Waits until the server has answered for everything that was tracked before.

        :raises FlushError: not in time
        """
        until, wait = time.monotonic() + timeout, 0.1
        pushed = self._queue.pushed
        while self._queue.has_pending(pushed):
            error = self._send_next(None, until)
            if error is None:
                wait = 0.1
                continue
            if time.monotonic() + wait >= until:
                raise FlushError(self.pending) from error
            time.sleep(jittered(wait))
            wait = min(wait * 2, 5)

    def close(self, timeout: float = 10) -> None:
        """Flushes, and ends the connections. What cannot be sent in time is lost, and logged."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._awake.set()
        try:
            self.flush(timeout)
        except FlushError as error:
            log.warning("%s", error)
        if self._thread is not None:
            self._thread.join(timeout)
        self._http.close()

    def _refresh_in_the_background(self, kid: str) -> None:
        try:
            threading.Thread(target=self._refresh, args=(kid,), daemon=True).start()
        except RuntimeError:
            # No more threads: the next one tries again.
            self._reading.release()

    def _refresh(self, kid: str) -> None:
        """Reads the keys again; whoever started it holds the lock."""
        try:
            self._run(self._read_keys(kid))
        finally:
            self._reading.release()

    def _run(self, call: Call[T]) -> T:
        return run(call, self._http)

    def _wake(self) -> None:
        with self._starting:
            is_running = self._thread is not None and self._thread.is_alive()
            if not is_running and not self._closed.is_set():
                thread = threading.Thread(
                    target=self._send_in_the_background, name="rolecall", daemon=True
                )
                try:
                    thread.start()
                    self._thread = thread
                except RuntimeError as error:
                    log.warning("activities are sent by a flush alone: %s", error)
        self._awake.set()

    def _send_next(self, now: float | None, until: float) -> UnavailableError | None:
        """Sends what is due next, one at once; the error where others would fail as well."""
        if not self._sending.acquire(timeout=max(0, until - time.monotonic())):
            return UnavailableError("what is on its way takes too long")
        try:
            batch, left = self._queue.due(now), until - time.monotonic()
            if batch is None:
                return None
            if left <= 0:
                return UnavailableError("it takes too long")
            failures = batch.failures
            error = self._run(self._send_batch(batch, min(self._timeout, left)))
            if error is None and batch.failures > failures:
                return UnavailableError("the server asks to wait")
            return error
        finally:
            self._sending.release()

    def _send_in_the_background(self) -> None:
        wait: float | None = None
        while not self._closed.is_set():
            if self._awake.wait(wait):
                self._awake.clear()
                self._closed.wait(GATHER)
            try:
                wait = self._send_due()
            except Exception:
                log.exception("activities are sent later")
                wait = LONGEST_PAUSE

    def _send_due(self) -> float | None:
        """Sends what is due; the seconds until something else is, ``None`` where nothing waits."""
        while not self._closed.is_set():
            now = time.monotonic()
            if self._queue.due(now) is None:
                break
            batch, error = self._run_due(now)
            if error is not None:
                # Others would fail as well: nobody is tried until the pause is over.
                self._closed.wait(max(0, (self._queue.next_due() or now) - now))
            elif batch is not None and not batch.is_full:
                self._closed.wait(GATHER)
        upcoming = self._queue.next_due()
        return None if upcoming is None else max(0.0, upcoming - time.monotonic())

    def _run_due(self, now: float) -> tuple[Batch | None, UnavailableError | None]:
        with self._sending:
            batch = self._queue.due(now)
            if batch is None:
                return None, None
            return batch, self._run(self._send_batch(batch, self._timeout))
