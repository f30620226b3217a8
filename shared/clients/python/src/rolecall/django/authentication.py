"""Access tokens for Django REST framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed

from rolecall._tokens import Caller
from rolecall.django.conf import get_client
from rolecall.django.user import RolecallUser
from rolecall.errors import TokenError, TokenReason, UnavailableError, UnreadableError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

#: Nobody can be asked.
AWAY = (UnavailableError, UnreadableError)


class ServiceUnavailable(APIException):
    """Rolecall does not answer, so nobody can be let in: 503."""

    status_code = 503
    default_detail = "The service is unavailable."
    default_code = "unavailable"
    wait = 1
    auth_header = None


def bearer(request: HttpRequest) -> str | None:
    """Finds the bearer token of a request (RFC 6750 §2.1); ``None`` if it has none."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def authenticated(request: HttpRequest) -> RolecallUser | None:
    """Who sent a request, where a middleware or an authentication verified their token."""
    user = getattr(request, "user", None)
    # By its type: Django's own is lazy, and would be looked up.
    return user if issubclass(type(user), RolecallUser) else None


class RolecallAuthentication(BaseAuthentication):
    """Verifies the access token of a request, offline. Rights are asked by the permissions."""

    def authenticate(self, request: Request) -> tuple[RolecallUser, Caller] | None:
        """Tells who sent it; ``None`` without a bearer token."""
        user = authenticated(request._request)
        if user is not None:
            return user, user.caller
        token = bearer(request._request)
        if token is None:
            return None
        try:
            caller = get_client().verify(token)
        except TokenError as error:
            raise AuthenticationFailed(str(error), error.reason.name.lower()) from None
        except AWAY:
            raise ServiceUnavailable from None
        return RolecallUser(caller), caller

    def authenticate_header(self, request: Request) -> str:
        """Tells what a client is to send; so that a refusal is 401."""
        is_given = bearer(request._request) is not None
        return 'Bearer error="invalid_token"' if is_given else "Bearer"


__all__ = ["RolecallAuthentication", "ServiceUnavailable", "TokenReason", "authenticated", "bearer"]
