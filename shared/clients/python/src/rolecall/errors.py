"""Why a call came to nothing. No token is in any of these."""

from __future__ import annotations

from enum import Enum


class RolecallError(Exception):
    """All of them."""


class ConfigurationError(RolecallError):
    """What was configured cannot be used."""


class UnavailableError(RolecallError):
    """The server is away, or did not answer in time. Answer 503: nobody gets in by a guess."""

    def __init__(self, why: str, *, was_sent: bool = True) -> None:
        """Says why, and whether the server may have done what was asked."""
        super().__init__(why)
        self.was_sent = was_sent


class UnreadableError(RolecallError):
    """The server answered something that its document does not have."""


class TokenReason(Enum):
    """Why a token is not valid."""

    MISSING = "there is no bearer token"
    INVALID = "it is not valid"
    ALGORITHM = "its algorithm is not accepted"
    TYPE = "its type is not accepted"
    UNKNOWN_KEY = "its key is not published"
    ISSUER = "it is of another issuer"
    AUDIENCE = "it is for another audience"
    EXPIRED = "it has expired"
    NOT_YET = "it is not valid yet"
    ENDED = "its session was ended"


class TokenError(RolecallError):
    """A token that is not valid: answer 401."""

    def __init__(self, reason: TokenReason) -> None:
        """Keeps the reason, and not the token."""
        super().__init__(f"the token is not valid: {reason.value}")
        self.reason = reason


class FlushError(RolecallError):
    """Not everything was sent in time. What is left is sent later, unless the process ends."""

    def __init__(self, left: int) -> None:
        """Says how many activities are left."""
        super().__init__(f"{left} activities are not sent yet")
        self.left = left
