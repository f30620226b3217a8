"""What can be recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: The longest description and error message that the server takes, in characters.
LONGEST_TEXT = 1000


class Category(StrEnum):
    """What an activity is about."""

    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    DATA_MANAGEMENT = "data_management"
    SYSTEM_OPERATION = "system_operation"
    SECURITY = "security"
    API = "api"
    ML_AI = "ml_ai"
    COMMUNICATION = "communication"
    MAINTENANCE = "maintenance"


class Severity(StrEnum):
    """How grave it is. Where there is no room, ``info`` is dropped first."""

    INFO = "info"
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Activity:
    """Something that happened. Who did it is the owner of the token that it is tracked with."""

    #: A slug, such as ``document_uploaded``.
    activity_type: str
    #: In words; the type, if there are none. What is longer than 1,000 characters is cut off.
    description: str = ""
    category: str = Category.DATA_MANAGEMENT
    severity: str = Severity.NORMAL
    success: bool = True
    error_message: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    duration_ms: float | None = None
    #: The type and the id of the thing that it was done to.
    related: tuple[str, str] | None = None

    def to_json(self) -> str:
        """Writes it as the server takes it. Values that JSON does not have become texts."""
        body: dict[str, Any] = {
            "activity_type": self.activity_type,
            "description": _cleaned(self.description) or self.activity_type,
            "category": str(self.category),
            "severity": str(self.severity),
            "success": self.success,
        }
        if error := _cleaned(self.error_message or ""):
            body["error_message"] = error
        if self.details:
            body["details"] = dict(self.details)
        if self.metadata:
            body["metadata"] = dict(self.metadata)
        if self.tags:
            body["tags"] = list(self.tags)
        if self.duration_ms is not None:
            body["duration_ms"] = self.duration_ms
        if self.related is not None:
            body["related"] = {"type": self.related[0], "id": str(self.related[1])}
        return json.dumps(body, default=str, ensure_ascii=False, separators=(",", ":"))


def _cleaned(text: str) -> str:
    """Leaves out what the server does not take: control characters, and all but the beginning."""
    shown = (" " if (ord(c) < 32 and c not in "\t\n") or 127 <= ord(c) < 160 else c for c in text)
    return "".join(shown)[:LONGEST_TEXT].strip()
