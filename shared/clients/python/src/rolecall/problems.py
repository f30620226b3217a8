"""One exception for each problem code of the server (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from rolecall.errors import RolecallError


@dataclass(frozen=True)
class FieldError:
    """A field of the request that is wrong."""

    field: str
    code: str
    message: str


@dataclass(eq=False)
class Problem(RolecallError):
    """The server refused a request, and says why. A code that is not known here is a plain one."""

    CODE: ClassVar[str] = ""

    status: int
    code: str
    title: str = ""
    detail: str = ""
    #: For whoever runs the server.
    request_id: str = ""
    errors: list[FieldError] = field(default_factory=list)
    #: Seconds after which it is worth to try again.
    retry_after: float | None = None

    def __str__(self) -> str:
        """Status, code, detail, request."""
        detail = f": {self.detail}" if self.detail else ""
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.status} {self.code}{detail}{request}"

    @staticmethod
    def read(status: int, body: Any, retry_after: float | None) -> Problem | None:
        """Reads the body of a refusal; ``None`` if it is no problem."""
        if not isinstance(body, dict) or not isinstance(body.get("code"), str):
            return None
        errors = [
            FieldError(str(one.get("field")), str(one.get("code")), str(one.get("message")))
            for one in body.get("errors") or []
            if isinstance(one, dict)
        ]
        return BY_CODE.get(body["code"], Problem)(
            status=status,
            code=body["code"],
            title=str(body.get("title", "")),
            detail=str(body.get("detail", "")),
            request_id=str(body.get("instance", "")),
            errors=errors,
            retry_after=retry_after,
        )


class AboveYourLevel(Problem):
    """``above_your_level``"""

    CODE = "above_your_level"


class AccountExists(Problem):
    """``account_exists``"""

    CODE = "account_exists"


class AccountNotActive(Problem):
    """``account_not_active``"""

    CODE = "account_not_active"


class AlreadyMember(Problem):
    """``already_member``"""

    CODE = "already_member"


class BodyTooLarge(Problem):
    """``body_too_large``"""

    CODE = "body_too_large"


class BuiltIn(Problem):
    """``built_in``"""

    CODE = "built_in"


class CodeTaken(Problem):
    """``code_taken``"""

    CODE = "code_taken"


class EmailTaken(Problem):
    """``email_taken``"""

    CODE = "email_taken"


class EmployeeIdTaken(Problem):
    """``employee_id_taken``"""

    CODE = "employee_id_taken"


class Erased(Problem):
    """``erased``"""

    CODE = "erased"


class Forbidden(Problem):
    """``forbidden``"""

    CODE = "forbidden"


class IdempotencyKeyReused(Problem):
    """``idempotency_key_reused``"""

    CODE = "idempotency_key_reused"


class InUse(Problem):
    """``in_use``"""

    CODE = "in_use"


class InternalError(Problem):
    """``internal_error``"""

    CODE = "internal_error"


class InvalidCredentials(Problem):
    """``invalid_credentials``"""

    CODE = "invalid_credentials"


class InvalidCursor(Problem):
    """``invalid_cursor``"""

    CODE = "invalid_cursor"


class InvalidToken(Problem):
    """``invalid_token``"""

    CODE = "invalid_token"


class KeyNotAllowed(Problem):
    """``key_not_allowed``"""

    CODE = "key_not_allowed"


class LastAdministrator(Problem):
    """``last_administrator``"""

    CODE = "last_administrator"


class LastSuperAdmin(Problem):
    """``last_super_admin``"""

    CODE = "last_super_admin"


class LimitReached(Problem):
    """``limit_reached``"""

    CODE = "limit_reached"


class MalformedJson(Problem):
    """``malformed_json``"""

    CODE = "malformed_json"


class MethodNotAllowed(Problem):
    """``method_not_allowed``"""

    CODE = "method_not_allowed"


class NotDeleted(Problem):
    """``not_deleted``"""

    CODE = "not_deleted"


class NotFound(Problem):
    """``not_found``"""

    CODE = "not_found"


class NotPending(Problem):
    """``not_pending``"""

    CODE = "not_pending"


class OwnLastAdminRole(Problem):
    """``own_last_admin_role``"""

    CODE = "own_last_admin_role"


class PasswordChangeRequired(Problem):
    """``password_change_required``"""

    CODE = "password_change_required"


class RegistrationClosed(Problem):
    """``registration_closed``"""

    CODE = "registration_closed"


class Stale(Problem):
    """``stale``"""

    CODE = "stale"


class SystemRole(Problem):
    """``system_role``"""

    CODE = "system_role"


class TokenExpired(Problem):
    """``token_expired``"""

    CODE = "token_expired"


class TooManyRequests(Problem):
    """``too_many_requests``"""

    CODE = "too_many_requests"


class Unauthenticated(Problem):
    """``unauthenticated``"""

    CODE = "unauthenticated"


class Unavailable(Problem):
    """``unavailable``"""

    CODE = "unavailable"


class UnsupportedMediaType(Problem):
    """``unsupported_media_type``"""

    CODE = "unsupported_media_type"


class UsernameTaken(Problem):
    """``username_taken``"""

    CODE = "username_taken"


class ValidationFailed(Problem):
    """``validation_failed``"""

    CODE = "validation_failed"


#: Every code that this version knows.
BY_CODE: dict[str, type[Problem]] = {one.CODE: one for one in Problem.__subclasses__()}
