"""What can be recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: What the server takes of a description and an error message, in characters.
LONGEST_TEXT = 1000

#: What it takes of tags: how many, and how long.
MOST_TAGS, LONGEST_TAG = 8, 50

#: What it takes of the type and the id of the related thing, in characters.
LONGEST_RELATED = (100, 200)

#: It takes 16 KiB of details and of metadata; this leaves room for what is added.
LARGEST_MAP = 16_000


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
    """Something that happened. What is longer than the server takes is cut off or left out."""

    #: A slug, such as ``document_uploaded``.
    activity_type: str
    #: In words; the type, if there are none.
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
            "description": _cleaned(self.description, LONGEST_TEXT) or self.activity_type,
            "category": str(self.category),
            "severity": str(self.severity),
            "success": self.success,
        }
        if error := _cleaned(self.error_message or "", LONGEST_TEXT):
            body["error_message"] = error
        if self.details:
            body["details"] = _fitting(self.details)
        if self.metadata:
            body["metadata"] = _fitting(self.metadata)
        given = [self.tags] if isinstance(self.tags, str) else self.tags or ()
        if tags := [tag for one in given if (tag := _cleaned(str(one), LONGEST_TAG))]:
            body["tags"] = tags[:MOST_TAGS]
        if self.duration_ms is not None:
            body["duration_ms"] = self.duration_ms
        if self.related is not None:
            pairs = zip(self.related, LONGEST_RELATED, strict=True)
            kind, name = (_line(_cleaned(str(one), most)) for one, most in pairs)
            body["related"] = {"type": kind, "id": name}
        return _written(body)


def _written(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))


def _fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    size = len(_written(dict(values)).encode(errors="replace"))
    return dict(values) if size <= LARGEST_MAP else {"left_out_bytes": size}


def _line(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")


def _cleaned(text: str, most: int) -> str:
    """Leaves out what the server does not take: control characters, and all but the beginning."""
    shown = (" " if (ord(c) < 32 and c not in "\t\n") or 127 <= ord(c) < 160 else c for c in text)
    return "".join(shown)[:most].strip()
