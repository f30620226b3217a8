"""What is sent and how answers are read: the same for the sync and the async client.

Each call is a generator. It yields a request to send or seconds to wait, gets the response or the
error, and returns what the caller gets: :func:`run` and :func:`run_async` drive it.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import httpx

from rolecall._version import DOCUMENT_VERSION, is_compatible
from rolecall.checks import About, Explanation, Question
from rolecall.errors import (
    ConfigurationError,
    TokenError,
    TokenReason,
    UnavailableError,
    UnreadableError,
)
from rolecall.problems import Problem

T = TypeVar("T")

#: How often a call is sent again that the server did not answer.
RETRIES = 2

CHECK = "/api/v1/permissions/check"

#: The server takes this many questions in a call.
MOST_CHECKS = 100


@dataclass(frozen=True)
class Send:
    """A request to send."""

    method: str
    path: str
    token: str | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = None
    params: Mapping[str, str] | None = None
    timeout: float | None = None


@dataclass(frozen=True)
class Wait:
    """Seconds to wait."""

    seconds: float


Call = Generator[Send | Wait, httpx.Response | None, T]


def request(send: Send, timeout: float) -> Call[Any]:
    """Sends a request, again where the server is away, and reads the JSON of its answer.

    Only for what changes nothing. The timeout is for all attempts together.
    """
    until = time.monotonic() + timeout
    for attempt in range(RETRIES + 1):
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return (yield from once(send, left))
        except UnavailableError:
            if attempt == RETRIES:
                raise
        yield Wait(jittered(0.1 * 2**attempt))
    raise UnavailableError("it took too long")


def once(send: Send, timeout: float) -> Call[Any]:
    """Sends a request and reads the JSON of its answer."""
    response = yield replace(send, timeout=timeout)
    if response is None:
        raise UnavailableError("there was no response")
    return _read(response)


def encoded(body: Any) -> bytes:
    """Writes a body."""
    return json.dumps(body, ensure_ascii=False).encode()


def jittered(seconds: float) -> float:
    """Shortens a wait at random, by a half at most, so that many clients do not come at once."""
    return seconds * random.uniform(0.5, 1)  # noqa: S311


def _read(response: httpx.Response) -> Any:
    status = response.status_code
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = None
        if 200 <= status < 300:
            raise UnreadableError(f"{status} without JSON") from None
    if 200 <= status < 300:
        return body
    if status == 401:
        raise TokenError(TokenReason.ENDED)
    try:
        retry_after = float(response.headers["retry-after"])
    except (KeyError, ValueError):
        retry_after = None
    problem = Problem.read(status, body, retry_after)
    if status >= 500:
        raise UnavailableError(str(problem or status))
    if problem is None and 400 <= status < 500 and status != 429:
        # A firewall's, or a gateway's.
        problem = Problem(status, f"http_{status}")
    if problem is not None:
        raise problem
    # A gateway's, in front of the server.
    raise (UnavailableError if status == 429 else UnreadableError)(f"it answered {status}")


def discover(base_url: str, timeout: float) -> Call[tuple[str, Any]]:
    """Reads the issuer and the JWKS, from the server that was configured."""
    until = time.monotonic() + timeout
    metadata = yield from request(Send("GET", "/.well-known/openid-configuration"), timeout)
    if not isinstance(metadata, dict) or not isinstance(metadata.get("issuer"), str):
        raise UnreadableError("the discovery document has no issuer")
    # Behind a proxy or in a test the server may know itself by another name.
    named = str(metadata.get("jwks_uri", "")).removeprefix(base_url)
    path = named if named.startswith("/") else "/.well-known/jwks.json"
    jwks = yield from request(Send("GET", path), until - time.monotonic())
    return metadata["issuer"], jwks


def check_document_version(timeout: float) -> Call[None]:
    """Refuses a server whose document this package does not know."""
    document = yield from request(Send("GET", "/openapi.json"), timeout)
    try:
        version = str(document["info"]["version"])
    except (KeyError, TypeError):
        raise UnreadableError("the document has no version") from None
    if not is_compatible(version):
        raise ConfigurationError(
            f"the server's document has version {version}, not {DOCUMENT_VERSION}"
        )


def _ask(token: str, body: Mapping[str, Any], timeout: float) -> Call[Any]:
    return (yield from request(Send("POST", CHECK, token, encoded(body)), timeout))


def checks(token: str, questions: list[Question], about: About, timeout: float) -> Call[list[bool]]:
    """Asks several questions, in calls of a hundred."""
    decisions: list[bool] = []
    for start in range(0, len(questions), MOST_CHECKS):
        some = [one.body() for one in questions[start : start + MOST_CHECKS]]
        answer = yield from _ask(token, {"checks": some, **about}, timeout)
        try:
            results = [_decision(one) for one in answer["results"]]
        except (KeyError, TypeError):
            raise UnreadableError("the check has no results") from None
        if len(results) != len(some):
            raise UnreadableError("the check has another number of results")
        decisions += results
    return decisions


def _decision(answer: Any) -> bool:
    """Only ``true`` is a yes."""
    return answer["allowed"] is True


def explain(token: str, question: Question, about: About, timeout: float) -> Call[Explanation]:
    """Asks one question, with the reasons."""
    answer = yield from _ask(token, {**question.body(), **about, "explain": True}, timeout)
    if not isinstance(answer, dict):
        raise UnreadableError("the check has no explanation")
    return Explanation.read(answer)


def run(call: Call[T], http: httpx.Client) -> T:
    """Drives a call in this thread."""
    try:
        step: Send | Wait = next(call)
        while True:
            if isinstance(step, Wait):
                time.sleep(step.seconds)
                step = next(call)
            else:
                step = _pass_on(call, lambda send=step: http.send(_build(http, send)))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        # Broken off in the middle, it notes what it does not know.
        call.close()


def _pass_on(call: Call[T], send: Any) -> Send | Wait:
    try:
        response = send()
    except httpx.HTTPError as error:
        return call.throw(_unavailable(error))
    except TokenError as error:
        return call.throw(error)
    return call.send(response)


async def run_async(call: Call[T], http: httpx.AsyncClient) -> T:
    """Drives a call in this task."""
    try:
        step: Send | Wait = next(call)
        while True:
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                step = next(call)
                continue
            try:
                response = await http.send(_build(http, step))
            except httpx.HTTPError as error:
                step = call.throw(_unavailable(error))
            except TokenError as error:
                step = call.throw(error)
            else:
                step = call.send(response)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        # Broken off in the middle, it notes what it does not know.
        call.close()


def _unavailable(error: httpx.HTTPError) -> UnavailableError:
    """Names the kind of the error alone: its text may have what was sent."""
    never_sent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return UnavailableError(type(error).__name__, was_sent=not isinstance(error, never_sent))


def _build(http: httpx.Client | httpx.AsyncClient, send: Send) -> httpx.Request:
    headers = {"Accept": "application/json", **(send.headers or {})}
    if send.token is not None:
        if not send.token.isascii() or not send.token.isprintable() or not send.token:
            raise TokenError(TokenReason.INVALID)
        headers["Authorization"] = f"Bearer {send.token}"
    if send.content is not None:
        headers["Content-Type"] = "application/json"
    timeout = http.timeout if send.timeout is None else httpx.Timeout(send.timeout)
    return http.build_request(
        send.method,
        send.path,
        headers=headers,
        content=send.content,
        params=send.params,
        timeout=timeout,
    )
