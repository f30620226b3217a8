"""Activities that are to be sent, within bounds. It sends nothing itself."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from dataclasses import dataclass

#: The server takes this many in a call.
BATCH_SIZE = 25

#: The server takes 64 KiB; this leaves room for what is around the activities.
BATCH_BYTES = 60_000


@dataclass(frozen=True)
class Counts:
    """What became of what was tracked."""

    #: The server recorded them.
    recorded: int = 0
    #: The server refused them, or they are larger than it takes.
    refused: int = 0
    #: There was no room for them: the oldest of severity ``info`` first.
    dropped: int = 0


@dataclass(frozen=True)
class Queued:
    """An activity that waits."""

    token: str
    is_info: bool
    json: bytes


@dataclass
class Batch:
    """A call that is sent until it is answered, always the same one."""

    token: str
    size: int
    body: bytes
    idempotency_key: str


class Queue:
    """What waits, and the batch that is on its way. Any thread may use it."""

    def __init__(self, capacity: int, capacity_bytes: int) -> None:
        """Bounds what waits: how many activities, and how many bytes of JSON."""
        self.capacity, self.capacity_bytes = capacity, capacity_bytes
        self._lock = threading.Lock()
        self._waiting: deque[Queued] = deque()
        self._bytes = 0
        self._batch: Batch | None = None
        self._recorded = self._refused = self._dropped = 0

    def __len__(self) -> int:
        """How many activities the server has not answered for."""
        with self._lock:
            return len(self._waiting) + (self._batch.size if self._batch else 0)

    @property
    def counts(self) -> Counts:
        """What became of the others."""
        with self._lock:
            return Counts(self._recorded, self._refused, self._dropped)

    def push(self, activity: Queued) -> None:
        """Takes one more, and drops what there is no room for."""
        with self._lock:
            if len(activity.json) > BATCH_BYTES:
                self._refused += 1
                return
            self._waiting.append(activity)
            self._bytes += len(activity.json)
            while len(self._waiting) > self.capacity or self._bytes > self.capacity_bytes:
                infos = (place for place, one in enumerate(self._waiting) if one.is_info)
                self._take(next(infos, 0))
                self._dropped += 1

    def batch(self) -> Batch | None:
        """Finds what is to be sent: what was not answered yet, or else what waits, of one token."""
        with self._lock:
            if self._batch is None and self._waiting:
                self._batch = self._next()
            return self._batch

    def answered(self, recorded: int) -> None:
        """Forgets the batch; this many of it are recorded."""
        with self._lock:
            if self._batch is not None:
                recorded = min(recorded, self._batch.size)
                self._recorded += recorded
                self._refused += self._batch.size - recorded
            self._batch = None

    def reassign(self, token: str) -> None:
        """Has the batch sent again in another name."""
        with self._lock:
            if self._batch is not None:
                self._batch.token = token

    def _next(self) -> Batch:
        first = self._waiting[0]
        found: list[bytes] = []
        length, place = 0, 0
        # The others of its token, as far as a call has room; the order of one token's is kept.
        while place < min(len(self._waiting), 1000) and len(found) < BATCH_SIZE:
            one = self._waiting[place]
            if one.token != first.token:
                place += 1
                continue
            length += len(one.json) + 1
            if found and length > BATCH_BYTES:
                break
            found.append(self._take(place).json)
        body = b'{"activities":[' + b",".join(found) + b"]}"
        return Batch(first.token, len(found), body, str(uuid.uuid4()))

    def _take(self, place: int) -> Queued:
        one = self._waiting[place]
        del self._waiting[place]
        self._bytes -= len(one.json)
        return one
