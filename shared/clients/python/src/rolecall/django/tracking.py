"""A record of what happened."""

from __future__ import annotations

import functools
import inspect
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar, cast

from django.http import HttpRequest

from rolecall.activity import Category, Severity
from rolecall.django.authentication import authenticated
from rolecall.django.conf import get_client
from rolecall.django.user import RolecallUser

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger("rolecall")


class ActivityTracker:
    """Tells the server what happened."""

    @staticmethod
    def track(
        activity_type: str,
        user: Any = None,
        description: str = "",
        category: str = Category.SYSTEM_OPERATION,
        severity: str = Severity.NORMAL,
        success: bool = True,
        details: Mapping[str, Any] | None = None,
        tags: Sequence[str] | None = None,
        request: Any = None,
        related_object: Any = None,
        *,
        error_message: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        duration_ms: float | None = None,
        related: tuple[str, str] | None = None,
    ) -> None:
        """Queues an activity and returns at once. It raises nothing: a view goes on without.

        :param user: who did it; of the request, if there is one; the system without either
        :param request: adds its method and its path to the details
        :param related_object: the instance of a model that it was done to
        """
        try:
            django_request = _django_request(request)
            if user is None and django_request is not None:
                user = authenticated(django_request)
            found = dict(details or {})
            if django_request is not None:
                found.setdefault("method", django_request.method)
                found.setdefault("path", django_request.path)
            caller = user.caller if issubclass(type(user), RolecallUser) else None
            if user is not None and caller is None:
                # Somebody of the project's own table: the server does not know them.
                found.setdefault("user", str(user))
            if related is None and related_object is not None:
                related = (type(related_object).__name__.lower(), str(related_object.pk))
            get_client().track(
                activity_type,
                description,
                category=category,
                severity=severity,
                success=success,
                error_message=error_message,
                details=found,
                metadata=metadata,
                tags=tags or (),
                duration_ms=duration_ms,
                related=related,
                caller=caller,
            )
        except Exception:
            log.warning("an activity was not tracked", exc_info=True)

    @staticmethod
    def get_active_users(request: Any = None) -> list[dict[str, Any]]:
        """Lists who did something in the last five minutes, in the organization of the caller.

        :param request: whose caller asks; by default the service's own account does
        """
        django_request = _django_request(request)
        user = authenticated(django_request) if django_request is not None else None
        token = user.caller.token if user else None
        found: list[dict[str, Any]] = []
        params: dict[str, str] = {}
        while True:
            page = get_client().get("/active-users", token=token, params=params)
            found += page["items"]
            if not page.get("next_cursor"):
                return found
            params = {"cursor": page["next_cursor"]}


def track_activity(
    activity_type: str,
    description: str = "",
    category: str = Category.SYSTEM_OPERATION,
    severity: str = Severity.NORMAL,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a view, or anything else: records how long it took, and whether it succeeded.

    The caller is that of a request among the arguments. A response of 400 and more is a failure,
    and so is an exception, which goes on as it is.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        def record(
            args: tuple[Any, ...], kwargs: Mapping[str, Any], began: float, why: Any
        ) -> None:
            requests = (_django_request(one) for one in (*args, *kwargs.values()))
            ActivityTracker.track(
                activity_type,
                description=description,
                category=category,
                severity=severity,
                success=why is None,
                error_message=why,
                duration_ms=(time.monotonic() - began) * 1000,
                request=next((one for one in requests if one is not None), None),
            )

        if inspect.iscoroutinefunction(work):

            @functools.wraps(work)
            async def tracked_coroutine(*args: P.args, **kwargs: P.kwargs) -> Any:
                began = time.monotonic()
                try:
                    result = await work(*args, **kwargs)
                except BaseException as error:
                    record(args, kwargs, began, _why(error))
                    raise
                record(args, kwargs, began, _failure(result))
                return result

            return cast(Callable[P, R], tracked_coroutine)

        @functools.wraps(work)
        def tracked(*args: P.args, **kwargs: P.kwargs) -> R:
            began = time.monotonic()
            try:
                result = work(*args, **kwargs)
            except BaseException as error:
                record(args, kwargs, began, _why(error))
                raise
            record(args, kwargs, began, _failure(result))
            return result

        return tracked

    return decorate


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _failure(result: Any) -> str | None:
    status = getattr(result, "status_code", None)
    return f"It answered {status}." if isinstance(status, int) and status >= 400 else None


def _django_request(request: Any) -> HttpRequest | None:
    """Finds Django's request within that of Django REST framework, which it wraps."""
    inner = getattr(request, "_request", request)
    return inner if isinstance(inner, HttpRequest) else None
