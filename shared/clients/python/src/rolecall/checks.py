"""Questions about rights, and the reasons of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict


class About(TypedDict, total=False):
    """Whom a question is about."""

    #: Another user; the token's owner needs ``access.check``.
    user_id: str
    #: Another organization than that of the token, by its code.
    organization: str


class Asked(About, total=False):
    """One question: names a permission or a module, by its code."""

    permission: str
    module: str


@dataclass(frozen=True)
class Question:
    """A permission or a module, by its code."""

    permission: str | None = None
    module: str | None = None

    def __post_init__(self) -> None:
        """Refuses a question about both, or about nothing."""
        if bool(self.permission) == bool(self.module):
            raise ValueError("a question names a permission or a module")

    @staticmethod
    def split(asked: Asked) -> tuple[Question, About]:
        """Tells what is asked from whom it is about."""
        about: About = {}
        if "user_id" in asked:
            about["user_id"] = asked["user_id"]
        if "organization" in asked:
            about["organization"] = asked["organization"]
        return Question(asked.get("permission"), asked.get("module")), about

    def body(self) -> dict[str, str]:
        """As the server takes it."""
        if self.permission:
            return {"permission": self.permission}
        return {"module": self.module or ""}


@dataclass(frozen=True)
class Explanation:
    """A decision with its reasons."""

    allowed: bool
    #: Why it is allowed: ``membership``, ``role`` and ``permission`` or ``module``.
    chain: dict[str, Any] | None
    #: Every reason why it is not.
    blockers: list[dict[str, Any]]
    #: The fewest changes that would allow it; ``None`` where nothing has that code.
    smallest_grant: list[dict[str, Any]] | None

    def __bool__(self) -> bool:
        """Whether it is allowed."""
        return self.allowed

    @staticmethod
    def read(answer: dict[str, Any]) -> Explanation:
        """Reads the answer of a check with ``explain``."""
        return Explanation(
            allowed=answer.get("allowed") is True,
            chain=answer.get("chain"),
            blockers=answer.get("blockers") or [],
            smallest_grant=answer.get("smallest_grant"),
        )
