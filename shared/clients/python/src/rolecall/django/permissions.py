"""Permissions for Django REST framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from rolecall.checks import Question
from rolecall.django.authentication import AWAY, ServiceUnavailable
from rolecall.django.conf import get_client
from rolecall.django.user import RolecallUser
from rolecall.errors import TokenError
from rolecall.problems import Problem

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


def _required(view: Any, name: str, method: str) -> list[str] | None:
    """What a view needs for a method: one code, all of a list, or an entry for each method."""
    given = getattr(view, name, None)
    if not given:
        raise ImproperlyConfigured(f"{type(view).__name__} has no `{name}`")
    if isinstance(given, Mapping):
        # HEAD is what GET is; what no entry names is nobody's.
        given = given.get(method, given.get("GET") if method == "HEAD" else None)
        if given is None:
            return None
    if not given:
        raise ImproperlyConfigured(f"{type(view).__name__}: `{name}` has nothing for {method}")
    return [given] if isinstance(given, str) else list(given)


def _allows(request: Request, questions: list[Question]) -> bool:
    user = request.user
    if not isinstance(user, RolecallUser):
        return False
    try:
        return all(get_client().checks(user.caller.token, questions))
    except TokenError as error:
        raise AuthenticationFailed(str(error), error.reason.name.lower()) from None
    except AWAY:
        raise ServiceUnavailable from None
    except Problem:
        return False


class _Asks(BasePermission):
    """Asks the server for what an attribute of the view says."""

    attribute: str
    kind: str

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller has it, as the server says now."""
        codes = _required(view, self.attribute, request.method or "")
        return codes is not None and _allows(request, [Question(**{self.kind: c}) for c in codes])


class HasPermission(_Asks):
    """Asks the server for what the view's ``permission_required`` says.

    A text, ``"pid.create"``; a list, all of which are needed; or a mapping by method,
    ``{"GET": "pid.read", "POST": ["pid.create", "pid.check"]}``, where a method that is not
    in it is refused.
    """

    attribute, kind = "permission_required", "permission"


class HasModuleAccess(_Asks):
    """Asks the server for what the view's ``module_required`` says, in the same three forms."""

    attribute, kind = "module_required", "module"


class SameOrganization(BasePermission):
    """An object is for those who act in its organization.

    The object's is found at the view's ``organization_field``, ``"organization"`` by default:
    a code, or something that has a ``code``; ``"project__organization"`` follows a relation.
    An object of no organization is nobody's.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether somebody is signed in."""
        return isinstance(request.user, RolecallUser)

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Whether the object is of the caller's organization."""
        for name in getattr(view, "organization_field", "organization").split("__"):
            obj = getattr(obj, name, None)
        code = getattr(obj, "code", obj)
        own = getattr(request.user, "organization", None)
        return own is not None and own == code


class SameOrganizationOrReadOnly(SameOrganization):
    """Whoever may read reads all; objects are written by those who act in their organization."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Whether it is a reading, or the object is of the caller's organization."""
        is_reading = request.method in SAFE_METHODS
        return is_reading or super().has_object_permission(request, view, obj)
