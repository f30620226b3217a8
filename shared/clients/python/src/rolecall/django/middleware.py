"""What happens around every request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from rolecall._base import log
from rolecall.activity import Category, Severity
from rolecall.django.authentication import AWAY, authenticated, bearer
from rolecall.django.conf import get_client, is_excluded
from rolecall.django.tracking import ActivityTracker
from rolecall.django.user import Profile, RolecallUser
from rolecall.errors import RolecallError, TokenError
from rolecall.problems import Problem

GetResponse = Callable[[HttpRequest], HttpResponseBase]

READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class RBACMiddleware:
    """Asks the server about whoever comes with an access token, on every request.

    A session that was ended, an account that is locked or suspended, a membership that is over:
    401 at once. ``request.user`` and ``request.rbac_profile`` are theirs, and what they write is
    recorded as ``data_written``. Without a token the profile is ``None``, and the user is Django's.
    Paths that begin with one of ``ROLECALL["EXCLUDE_PATHS"]`` are left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Goes on with the next one."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handles a request."""
        token = None if is_excluded(request) else bearer(request)
        if token is None:
            _identify(request, None)
            return self.get_response(request)
        client = get_client()
        try:
            caller = client.verify(token)
            me = client.get("/me", token=token, headers=current_page(request))
        except (*AWAY, TokenError, Problem) as error:
            return refusal(error)
        _identify(request, RolecallUser(caller, Profile(caller, me)))
        response = self.get_response(request)
        if request.method not in READING:
            status = response.status_code
            ActivityTracker.track(
                "data_written",
                request.user,
                f"{request.method} {request.path}",
                success=status < 400,
                error_message=None if status < 400 else f"It answered {status}.",
                details={"status": status},
                request=request,
            )
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answers 503 where a view asked and nobody answered, and 401 where its token has ended."""
        is_known = isinstance(exception, (*AWAY, TokenError))
        return refusal(exception) if is_known and bearer(request) is not None else None


def _identify(request: HttpRequest, user: RolecallUser | None) -> None:
    profile = user.rbac_profile if user else None
    request.rbac_profile = profile  # type: ignore[attr-defined]
    request.user_profile = profile  # type: ignore[attr-defined]
    if user is not None:
        request.user = user  # type: ignore[assignment]
        # A header is nothing that a browser sends by itself.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    elif not hasattr(request, "user"):
        request.user = AnonymousUser()
    else:
        return
    known = request.user

    async def auser() -> Any:
        return known

    request.auser = auser


class LoginTrackingMiddleware:
    """Has the server know that a session is alive, and its page: once a minute a session.

    Logins, failed ones too, are recorded by the server itself. Behind :class:`RBACMiddleware`,
    which tells it with every request, there is nothing left to do.
    """

    EVERY = 60.0
    CAPACITY = 10_000

    def __init__(self, get_response: GetResponse) -> None:
        """Goes on with the next one."""
        self.get_response = get_response
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handles a request."""
        response = self.get_response(request)
        user = authenticated(request)
        is_told = getattr(request, "rbac_profile", None) is not None
        if user is not None and not is_told and self._is_due(user.caller.session_id):
            headers = current_page(request)
            try:
                get_client().send("GET", "/me", token=user.caller.token, headers=headers)
            except RolecallError:
                log.debug("a session's page was not told")
        return response

    def _is_due(self, session: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._told.get(session, -self.EVERY) < self.EVERY:
                return False
            if len(self._told) >= self.CAPACITY:
                self._told.clear()
            self._told[session] = now
        return True


class ActivityMiddleware:
    """Records every request as ``http_request``: method, path, status, duration.

    In the name of its caller, or of the service without one. Paths that begin with one of
    ``ROLECALL["EXCLUDE_PATHS"]`` are left out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Goes on with the next one."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handles a request."""
        if is_excluded(request):
            return self.get_response(request)
        began = time.monotonic()
        response = self.get_response(request)
        status = response.status_code
        ActivityTracker.track(
            "http_request",
            description=f"{request.method} {request.path}",
            category=Category.API,
            severity=Severity.INFO,
            success=status < 500,
            error_message=None if status < 500 else f"It answered {status}.",
            details={"status": status},
            duration_ms=(time.monotonic() - began) * 1000,
            request=request,
        )
        return response


def current_page(request: HttpRequest) -> dict[str, str]:
    """Tells the server the page, as a header takes it."""
    page = request.path[:200]
    return {"X-Current-Page": page} if page.isascii() and page.isprintable() else {}


def refusal(error: Exception) -> JsonResponse:
    """Answers for an error, as ``application/problem+json``: 401, 403, or 503."""
    status, code, title = 503, "unavailable", "The service is unavailable"
    if isinstance(error, TokenError):
        status, code, title = 401, "unauthenticated", "Authentication is required"
    elif isinstance(error, Problem) and error.status == 403:
        status, code, title = 403, error.code, error.title
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code}
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    elif status == 503:
        response["Retry-After"] = "1"
    return response
