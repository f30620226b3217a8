"""Rolecall in your own service: verify its tokens, check permissions, and record activities."""

from rolecall import problems
from rolecall._base import Settings
from rolecall._queue import Counts
from rolecall._tokens import Caller
from rolecall._version import DOCUMENT_VERSION
from rolecall.activity import Activity, Category, Severity
from rolecall.aio import AsyncClient
from rolecall.checks import Explanation, Question
from rolecall.client import Client
from rolecall.errors import (
    ConfigurationError,
    FlushError,
    RolecallError,
    TokenError,
    TokenReason,
    UnavailableError,
    UnreadableError,
)
from rolecall.problems import Problem

__all__ = [
    "DOCUMENT_VERSION",
    "Activity",
    "AsyncClient",
    "Caller",
    "Category",
    "Client",
    "ConfigurationError",
    "Counts",
    "Explanation",
    "FlushError",
    "Problem",
    "Question",
    "RolecallError",
    "Settings",
    "Severity",
    "TokenError",
    "TokenReason",
    "UnavailableError",
    "UnreadableError",
    "problems",
]
