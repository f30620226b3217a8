"""What the sync and the async client have in common."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict
from urllib.parse import urlsplit

from rolecall._calls import Call, Send, checks, discover, encoded, explain, once, request
from rolecall._queue import Batch, Counts, Queue, Queued
from rolecall._tokens import Caller, Expected, Keys, PublicKey, header_of, verify
from rolecall._version import USER_AGENT
from rolecall.activity import Activity, Category, Severity
from rolecall.checks import About, Asked, Explanation, Question
from rolecall.errors import (
    ConfigurationError,
    RolecallError,
    TokenError,
    TokenReason,
    UnavailableError,
    UnreadableError,
)
from rolecall.problems import Problem

log = logging.getLogger("rolecall")

BATCH = "/api/v1/activities/batch"

#: How long the first activity of a batch waits for others, in seconds.
GATHER = 0.5


def _is_local(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class DecisionCache:
    """Decisions of permission checks, each for some seconds."""

    CAPACITY = 10_000

    def __init__(self, max_age: float) -> None:
        """Keeps nothing if the age is 0."""
        self._max_age = max_age
        self._lock = threading.Lock()
        self._kept: dict[tuple[bytes, str], tuple[bool, float]] = {}

    def reset(self) -> None:
        """Forgets everything, also who holds the lock."""
        self._lock = threading.Lock()
        self._kept = {}

    @staticmethod
    def key(token: str, question: Question, about: About) -> tuple[bytes, str]:
        """Names a decision, without the token itself."""
        asked = repr((question, sorted(about.items())))
        return hashlib.sha256(token.encode(errors="replace")).digest(), asked

    def get(self, key: tuple[bytes, str], now: float) -> bool | None:
        """Finds a decision that is young enough."""
        with self._lock:
            kept = self._kept.get(key)
        return kept[0] if kept and now - kept[1] < self._max_age else None

    def put(self, key: tuple[bytes, str], allowed: bool, asked_at: float) -> None:
        """Keeps a decision that was asked for at that time."""
        if self._max_age <= 0:
            return
        with self._lock:
            if len(self._kept) >= self.CAPACITY:
                self._kept.clear()
            self._kept[key] = (allowed, asked_at)


class Settings(TypedDict, total=False):
    """The settings of a client."""

    #: The API key of the service's own account, to track with.
    token: str | None
    #: The ``iss`` that a token must have; by default that of the server's discovery document.
    issuer: str | None
    #: The ``aud`` that a token must have; ``rolecall`` by default.
    audience: str
    #: The ``typ`` that a token must have; ``at+jwt`` by default.
    token_type: str
    #: Seconds by which this machine's clock may differ from the server's; 5 by default.
    leeway: float
    #: Seconds to wait for a connection, and for each part of an answer; 5 by default. Within this
    #: time a call is sent up to three times.
    timeout: float
    #: How old a decision of ``check`` may be, also of a token that has ended since; 0 by default.
    cache_seconds: float
    #: Takes an ``http://`` URL of another machine, for a network that nobody else is in: keys and
    #: tokens are sent in clear.
    allow_http: bool
    #: The most activities that wait, 10,000 by default; when there are more, the oldest of severity
    #: ``info`` is dropped, or else the oldest.
    capacity: int
    #: The most bytes that wait; 16 MiB by default.
    capacity_bytes: int


class Extras(TypedDict, total=False):
    """What a call of any route may have beside its path."""

    #: In whose name; by default in the service's.
    token: str | None
    headers: Mapping[str, str]


class GetExtras(Extras, total=False):
    """The same with a query."""

    params: Mapping[str, str]


class BaseClient:
    """A Rolecall server, as a service sees it."""

    def __init__(self, base_url: str, settings: Settings) -> None:
        """Sends nothing yet."""
        parts = urlsplit(base_url)
        is_http_fine = settings.get("allow_http", False) or _is_local(parts.hostname or "")
        schemes = ("http", "https") if is_http_fine else ("https",)
        if not parts.hostname or parts.scheme not in schemes:
            raise ConfigurationError("the URL of a server begins with https://")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ConfigurationError("the URL has more than a host and a path")
        self._base_url = base_url.rstrip("/")
        self._token = settings.get("token")
        self._timeout = settings.get("timeout", 5)
        self._expected = Expected(
            settings.get("issuer"),
            settings.get("audience", "rolecall"),
            settings.get("token_type", "at+jwt"),
            settings.get("leeway", 5),
        )
        self._cache = DecisionCache(settings.get("cache_seconds", 0))
        self._keys = Keys()
        self._queue = Queue(
            settings.get("capacity", 10_000), settings.get("capacity_bytes", 16 << 20)
        )

    def __repr__(self) -> str:
        """Without the token."""
        return f"{type(self).__name__}({self._base_url!r})"

    @property
    def pending(self) -> int:
        """How many activities the server has not answered for."""
        return len(self._queue)

    @property
    def counts(self) -> Counts:
        """What became of the others, since the client was made."""
        return self._queue.counts

    def track(
        self,
        activity_type: str,
        description: str = "",
        *,
        category: str = Category.DATA_MANAGEMENT,
        severity: str = Severity.NORMAL,
        success: bool = True,
        error_message: str | None = None,
        details: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        duration_ms: float | None = None,
        related: tuple[str, str] | None = None,
        caller: Caller | None = None,
    ) -> None:
        """Queues an activity and returns at once; it is sent in the background.

        In the name of a ``caller`` that :meth:`verify` found, or of the service. Where the
        caller's token has ended before it is sent, the service tells it in its own name, with
        ``user_id`` and ``session_id`` in the details.
        """
        activity = Activity(
            activity_type,
            description,
            category=category,
            severity=severity,
            success=success,
            error_message=error_message,
            details=details or {},
            metadata=metadata or {},
            tags=tags,
            duration_ms=duration_ms,
            related=related,
        )
        if self._token is None:
            raise ConfigurationError("to track, a client needs the service's own token")
        is_info = activity.severity == Severity.INFO
        self._queue.push(Queued(caller, is_info, activity.to_json().encode(errors="replace")))
        self._wake()

    def _wake(self) -> None:
        raise NotImplementedError

    def _http_settings(self) -> dict[str, Any]:
        # A redirect would carry the token to wherever it points.
        return {
            "base_url": self._base_url,
            "headers": {"User-Agent": USER_AGENT},
            "timeout": self._timeout,
            "follow_redirects": False,
        }

    def _kid(self, token: str) -> str:
        return str(header_of(token)["kid"])

    def _verified(self, token: str, key: PublicKey | None) -> Caller:
        if key is None:
            raise TokenError(TokenReason.UNKNOWN_KEY)
        return verify(token, key, self._expected)

    def _read_keys(self, kid: str) -> Call[PublicKey | None]:
        """Reads the keys, unless somebody just did. Whoever drives it holds the lock for it."""
        now = time.monotonic()
        if not self._keys.must_read(kid, now):
            return self._keys.find(kid, now)
        known = self._keys.find(kid, now)
        if self._keys.is_paused(now):
            if known is not None:
                return known
            raise UnavailableError("the public keys could not be read")
        try:
            issuer, jwks = yield from discover(self._base_url, self._timeout)
            self._keys.store(issuer, jwks, now)
        except RolecallError as error:
            # Whatever it is, it is no fault of the token.
            self._keys.failed(time.monotonic())
            if known is not None:
                log.warning("the public keys are old, and cannot be read: %s", error)
                return known
            raise UnavailableError(f"the public keys could not be read: {error}") from None
        return self._keys.find(kid, now)

    def _send_batch(self, batch: Batch, timeout: float) -> Call[UnavailableError | None]:
        """Sends a batch once; the error where others would fail as well."""
        token = batch.caller.token if batch.caller else self._token
        headers = {"Idempotency-Key": batch.idempotency_key}
        before = batch.is_unanswered
        # Until there is an answer: this may be broken off.
        batch.is_unanswered = True
        batch.begun_at = batch.begun_at or time.monotonic()
        try:
            send = Send("POST", BATCH, token, batch.body, headers)
            answer = yield from once(send, timeout)
            results = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(results, list):
                raise UnreadableError("the batch has no results")
        except (UnavailableError, UnreadableError) as error:
            batch.is_unanswered = before or getattr(error, "was_sent", True)
            self._queue.failed(batch, time.monotonic())
            log.debug("activities are sent later: %s", error)
            return UnavailableError(str(error))
        except TokenError as error:
            batch.is_unanswered = before
            if batch.caller:
                self._queue.reassign(batch)
            else:
                self._refused(batch, error)
        except Problem as problem:
            batch.is_unanswered = before
            self._settle(batch, problem)
        else:
            good = [one for one in results if isinstance(one, dict) and one.get("id")]
            for one in results:
                if one not in good:
                    log.warning("an activity was refused: %s", Problem.read(422, one, None))
            self._queue.answered(batch, len(good))
        return None

    def _settle(self, batch: Batch, problem: Problem) -> None:
        """Does what is to be done with a batch that the server refused."""
        if problem.status in (408, 429):
            after = problem.retry_after
            self._queue.failed(batch, time.monotonic(), retry_after=after)
        elif problem.status == 403 and batch.caller:
            self._queue.reassign(batch)
        elif batch.size > 1:
            # Something in it, which a firewall may look at as well.
            self._queue.split(batch)
        else:
            self._refused(batch, problem)

    def after_fork(self) -> None:
        """Begins anew in a child: what waits is the parent's to send."""
        self._queue = Queue(self._queue.capacity, self._queue.capacity_bytes)
        self._cache.reset()
        self._start()

    def _start(self) -> None:
        """Makes what belongs to one process."""
        raise NotImplementedError

    def _check(self, token: str, asked: Asked) -> Call[bool]:
        question, about = Question.split(asked)
        key, now = self._cache.key(token, question, about), time.monotonic()
        allowed = self._cache.get(key, now)
        if allowed is None:
            [allowed] = yield from checks(token, [question], about, self._timeout)
            self._cache.put(key, allowed, now)
        return allowed

    def _checks(self, token: str, questions: Iterable[Question], about: About) -> Call[list[bool]]:
        return (yield from checks(token, list(questions), about, self._timeout))

    def _explain(self, token: str, asked: Asked) -> Call[Explanation]:
        return (yield from explain(token, *Question.split(asked), self._timeout))

    def _get(self, path: str, extras: GetExtras) -> Call[Any]:
        token = extras.get("token")
        send = Send(
            "GET",
            f"/api/v1{path}",
            token or self._token,
            headers=extras.get("headers"),
            params=extras.get("params"),
        )
        return (yield from self._in_own_name(token, request(send, self._timeout)))

    def _send(self, method: str, path: str, body: Any, extras: Extras) -> Call[Any]:
        token, content = extras.get("token"), None if body is None else encoded(body)
        headers = extras.get("headers")
        send = Send(method, f"/api/v1{path}", token or self._token, content, headers)
        return (yield from self._in_own_name(token, once(send, self._timeout)))

    @staticmethod
    def _in_own_name(token: str | None, call: Call[Any]) -> Call[Any]:
        """Tells a service's own key that is not accepted from a user's token."""
        try:
            return (yield from call)
        except TokenError:
            if token is not None:
                raise
            raise ConfigurationError("the service's own key is missing or not accepted") from None

    def _refused(self, batch: Batch, why: RolecallError) -> None:
        log.warning("%d activities were refused: %s", batch.size, why)
        self._queue.refused(batch)
