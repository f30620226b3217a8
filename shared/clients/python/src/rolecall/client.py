"""The client for threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from rolecall import _calls
from rolecall._base import GATHER, BaseClient, Settings, log
from rolecall._calls import Call, T, jittered, run
from rolecall._process import at_exit
from rolecall._queue import LONGEST_PAUSE
from rolecall._tokens import Caller
from rolecall.checks import Explanation, Question
from rolecall.errors import FlushError, RolecallError, UnavailableError


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

    def after_fork(self) -> None:
        """Begins anew in a child: what waits is the parent's to send."""
        self.reset()
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
        kid, now = self._kid(token), time.monotonic()
        key = self._keys.find(kid, now)
        if key is None:
            with self._reading:
                key = self._run(self._read_keys(kid))
        elif self._keys.are_due(now) and self._reading.acquire(blocking=False):
            self._refresh_in_the_background(kid)
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
            [allowed] = self._run(_calls.checks(token, [question], about, self._timeout))
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
        return self._run(_calls.checks(token, list(questions), about, self._timeout))

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
        return self._run(_calls.explain(token, Question(permission, module), about, self._timeout))

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
        return self._run(self._in_own_name(token, _calls.request(send, self._timeout)))

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
        return self._run(self._in_own_name(token, _calls.once(send, self._timeout)))

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
        except RolecallError as error:
            log.warning("the public keys are old, and cannot be read: %s", error)
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
            error = self._run_due(now)
            if error is not None:
                # Others would fail as well: nobody is tried until the pause is over.
                self._closed.wait(max(0, (self._queue.next_due() or now) - now))
        upcoming = self._queue.next_due()
        return None if upcoming is None else max(0.0, upcoming - time.monotonic())

    def _run_due(self, now: float) -> UnavailableError | None:
        with self._sending:
            batch = self._queue.due(now)
            return self._run(self._send_batch(batch, self._timeout)) if batch else None
