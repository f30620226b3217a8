"""Who sent a request, as views see them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from rolecall._tokens import Caller
from rolecall.django.conf import get_client


class Profile:
    """What somebody is and may do in the organization in which they act.

    Each question is asked of the server: what was taken away is gone at the next one.
    """

    def __init__(self, caller: Caller, me: dict[str, Any] | None = None) -> None:
        """Takes what ``GET /me`` answered, where it was asked already."""
        self.caller = caller
        if me is not None:
            self.__dict__["me"] = me

    @cached_property
    def me(self) -> dict[str, Any]:
        """What ``GET /me`` answers: names, address, status, memberships."""
        found: dict[str, Any] = get_client().get("/me", token=self.caller.token)
        return found

    @property
    def user_id(self) -> str:
        """The account's id."""
        return self.caller.user_id

    @property
    def organization(self) -> str | None:
        """The code of the organization in which they act."""
        return self.caller.organization

    def has_permission(self, code: str) -> bool:
        """Whether they have a permission, such as ``pid.create``."""
        return get_client().check(self.caller.token, permission=code)

    def has_module_access(self, code: str) -> bool:
        """Whether they have access to a module, such as ``PID``."""
        return get_client().check(self.caller.token, module=code)

    def get_all_permissions(self) -> list[str]:
        """Every permission that they have now, by code."""
        return self._codes("/me/permissions")

    def get_all_modules(self) -> list[str]:
        """Every module that they have access to now, by code."""
        return self._codes("/me/modules")

    def _codes(self, path: str) -> list[str]:
        codes: list[str] = []
        params: dict[str, str] = {}
        while True:
            page = get_client().get(path, token=self.caller.token, params=params)
            codes += [one["code"] for one in page["items"]]
            if not page.get("next_cursor"):
                return sorted(codes)
            params = {"cursor": page["next_cursor"]}


class RolecallUser:
    """``request.user`` of whoever came with an access token. No row of any table."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False

    def __init__(self, caller: Caller, profile: Profile | None = None) -> None:
        """Takes who calls, and their profile where there is one already."""
        self.caller = caller
        self.rbac_profile = profile or Profile(caller)
        #: The account's id, a UUID in text.
        self.id = self.pk = self.user_id = caller.user_id

    def __str__(self) -> str:
        """The id: it is known without a question."""
        return self.user_id

    def __repr__(self) -> str:
        """Without the token."""
        return f"RolecallUser({self.user_id!r}, {self.organization!r})"

    def __eq__(self, other: object) -> bool:
        """The same account is the same user."""
        return isinstance(other, RolecallUser) and self.user_id == other.user_id

    def __hash__(self) -> int:
        """By the account."""
        return hash(self.user_id)

    @property
    def organization(self) -> str | None:
        """The code of the organization in which they act."""
        return self.caller.organization

    @property
    def username(self) -> str:
        """Asked of the server, once a request."""
        return str(self.rbac_profile.me.get("username") or "")

    @property
    def email(self) -> str:
        """Asked of the server, once a request."""
        return str(self.rbac_profile.me.get("email") or "")

    def get_username(self) -> str:
        """The same as ``username``."""
        return self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether they have a permission; so Django's own decorators and templates ask as well."""
        return self.rbac_profile.has_permission(perm)

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Whether they have all of these."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, module: str) -> bool:
        """Whether they have access to a module."""
        return self.rbac_profile.has_module_access(module)
