"""Who sent a request, as views see them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from asgiref.sync import sync_to_async

from rolecall._tokens import Caller
from rolecall.django.conf import get_client


class Code(str):
    """The code of a permission or a module; ``code`` is for those who look for it there."""

    __slots__ = ()

    @property
    def code(self) -> str:
        """The same."""
        return str(self)


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

    def get_all_permissions(self) -> list[Code]:
        """Every permission that they have now, by code."""
        return self._codes("/me/permissions")

    def get_all_modules(self) -> list[Code]:
        """Every module that they have access to now, by code."""
        return self._codes("/me/modules")

    def _codes(self, path: str) -> list[Code]:
        codes: list[Code] = []
        params: dict[str, str] = {}
        while True:
            page = get_client().get(path, token=self.caller.token, params=params)
            codes += [Code(one["code"]) for one in page["items"]]
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
        #: The account's id as text.
        self.user_id = caller.user_id
        #: The account's id as a ``UUIDField`` has it.
        self.id = self.pk = uuid.UUID(caller.user_id)

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
        """Asked of the server, once a request; the names and the address as well."""
        return self._told("username")

    @property
    def email(self) -> str:
        """The address."""
        return self._told("email")

    @property
    def first_name(self) -> str:
        """The first name."""
        return self._told("first_name")

    @property
    def last_name(self) -> str:
        """The last name."""
        return self._told("last_name")

    def get_full_name(self) -> str:
        """Both names."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name."""
        return self.first_name

    def get_username(self) -> str:
        """The same as ``username``."""
        return self.username

    def _told(self, name: str) -> str:
        return str(self.rbac_profile.me.get(name) or "")

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether they have a permission; so Django's own decorators and templates ask as well."""
        return self.rbac_profile.has_permission(perm)

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Whether they have all of these."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, module: str) -> bool:
        """Whether they have access to a module."""
        return self.rbac_profile.has_module_access(module)

    async def ahas_perm(self, perm: str, obj: object = None) -> bool:
        """The same for async views."""
        return await sync_to_async(self.has_perm)(perm, obj)

    async def ahas_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """The same for async views."""
        return await sync_to_async(self.has_perms)(perm_list, obj)

    async def ahas_module_perms(self, module: str) -> bool:
        """The same for async views."""
        return await sync_to_async(self.has_module_perms)(module)
