"""The client for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from rolecall import _calls
from rolecall._base import GATHER, BaseClient, Extras, GetExtras, Settings, log
from rolecall._calls import Call, T, jittered, run, run_async
from rolecall._process import at_exit
from rolecall._queue import BATCH_SIZE
from rolecall._tokens import Caller
from rolecall.checks import About, Asked, Explanation, Question
from rolecall.errors import FlushError, UnavailableError


class AsyncClient(BaseClient):
    """A Rolecall server, for the tasks of one event loop. See :class:`rolecall.Client`."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """Sends nothing yet.

        :param base_url: where the server is, such as ``https://id.example.com``
        :param settings: see :class:`rolecall.Settings`
        """
        super().__init__(base_url, settings)
        self._transport = transport
        self._start()
        at_exit(self, AsyncClient._drain)

    def _start(self) -> None:
        """Makes what belongs to one process."""
        self._http = httpx.AsyncClient(transport=self._transport, **self._http_settings())
        self._reading = asyncio.Lock()
        self._sending = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None

    def _drain(self, timeout: float = 10) -> None:
        """Sends what is left when the process ends, where there is no loop any more."""
        until = time.monotonic() + timeout
        with httpx.Client(**self._http_settings()) as http:
            while self.pending and time.monotonic() < until:
                batch = self._queue.due(None)
                if batch is None or run(self._send_batch(batch, self._timeout), http):
                    break
        if self.pending:
            log.warning("%d activities are not sent", self.pending)

    async def __aenter__(self) -> Self:
        """Closes the client at the end of an ``async with``."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Flushes and closes."""
        await self.aclose()

    async def verify(self, token: str) -> Caller:
        """Tells whose access token this is; see :meth:`rolecall.Client.verify`."""
        kid, now = self._kid(token), time.monotonic()
        key = self._keys.find(kid, now)
        if key is None or self._keys.are_very_old(now):
            async with self._reading:
                key = await self._run(self._read_keys(kid))
        elif self._keys.are_due(now) and not self._reading.locked():
            self._refreshing = asyncio.create_task(self._refresh(kid))
        return self._verified(token, key)

    async def check(self, token: str, **asked: Unpack[Asked]) -> bool:
        """Asks the server about one right; see :meth:`rolecall.Client.check`."""
        return await self._run(self._check(token, asked))

    async def checks(
        self, token: str, questions: Iterable[Question], **about: Unpack[About]
    ) -> list[bool]:
        """Asks several questions; see :meth:`rolecall.Client.checks`."""
        return await self._run(self._checks(token, questions, about))

    async def explain(self, token: str, **asked: Unpack[Asked]) -> Explanation:
        """Asks why; see :meth:`rolecall.Client.explain`."""
        return await self._run(self._explain(token, asked))

    async def get(self, path: str, **extras: Unpack[GetExtras]) -> Any:
        """Reads any route of the API; see :meth:`rolecall.Client.get`."""
        return await self._run(self._get(path, extras))

    async def send(self, method: str, path: str, body: Any = None, **extras: Unpack[Extras]) -> Any:
        """Sends to any route of the API, once; see :meth:`rolecall.Client.send`."""
        return await self._run(self._send(method, path, body, extras))

    async def check_document_version(self) -> None:
        """Refuses a server whose OpenAPI document this package does not know."""
        await self._run(_calls.check_document_version(self._timeout))

    async def flush(self, timeout: float = 10) -> None:
        """Waits until the server has answered for everything that was tracked before.

        :raises FlushError: not in time
        """
        until, wait = time.monotonic() + timeout, 0.1
        pushed = self._queue.pushed
        while self._queue.has_pending(pushed):
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    error = await self._send_next(None)
            except TimeoutError:
                error = UnavailableError("it takes too long")
            if error is None:
                wait = 0.1
                continue
            if time.monotonic() + wait >= until:
                raise FlushError(self.pending) from error
            await asyncio.sleep(jittered(wait))
            wait = min(wait * 2, 5)

    async def aclose(self, timeout: float = 10) -> None:
        """Flushes, and ends the connections. What cannot be sent in time is lost, and logged."""
        for task in (self._task, self._refreshing):
            if task is not None:
                task.cancel()
        try:
            await self.flush(timeout)
        except FlushError as error:
            log.warning("%s", error)
        await self._http.aclose()

    async def _refresh(self, kid: str) -> None:
        async with self._reading:
            await self._run(self._read_keys(kid))

    async def _run(self, call: Call[T]) -> T:
        return await run_async(call, self._http)

    def _wake(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # Outside of the loop it waits for the next one who tracks inside, or flushes.
            return
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._send_in_the_background())

    async def _send_next(self, now: float | None) -> UnavailableError | None:
        """Sends what is due next, one at once; the error where others would fail as well."""
        async with self._sending:
            batch = self._queue.due(now)
            if batch is None:
                return None
            failures = batch.failures
            error = await self._run(self._send_batch(batch, self._timeout))
            if error is None and now is None and batch.failures > failures:
                return UnavailableError("the server asks to wait")
            return error

    async def _send_in_the_background(self) -> None:
        """Sends until nothing is left; whoever tracks after that starts it again."""
        await asyncio.sleep(GATHER)
        while self.pending:
            now = time.monotonic()
            error = await self._send_next(now)
            if error is not None or self._queue.due(now) is None:
                upcoming = self._queue.next_due()
                await asyncio.sleep(max(GATHER, (upcoming or now) - now))
            elif self.pending < BATCH_SIZE:
                await asyncio.sleep(GATHER)
