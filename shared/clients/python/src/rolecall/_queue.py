"""Activities that are to be sent, within bounds. It sends nothing itself."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field, replace

from rolecall._tokens import Caller

#: The server takes this many in a call.
BATCH_SIZE = 25

#: The server takes 64 KiB; this leaves room for what is around the activities.
BATCH_BYTES = 60_000

#: How far the queue is searched for more of the same name.
SEARCHED = 1000

#: The server knows an ``Idempotency-Key`` for a day; what may be recorded is not sent after that.
KEY_GOOD_FOR = 23 * 3600.0

#: The pause after the first failure of a batch, and the longest one, in seconds.
PAUSE, LONGEST_PAUSE = 0.2, 60.0


@dataclass(frozen=True)
class Counts:
    """What became of what was tracked."""

    #: The server recorded them.
    recorded: int = 0
    #: The server refused them, or they are larger than it takes.
    refused: int = 0
    #: There was no room for them: the oldest of severity ``info`` first.
    dropped: int = 0
    #: A call ended without an answer, and its token has ended since: recorded or not.
    unknown: int = 0


@dataclass(frozen=True)
class Queued:
    """An activity that waits."""

    #: In whose name; ``None`` for the service's.
    caller: Caller | None
    is_info: bool
    json: bytes
    number: int = 0

    @property
    def bytes(self) -> int:
        """Its share of the memory."""
        return len(self.json) + (len(self.caller.token) if self.caller else 0)

    def on_behalf(self) -> Queued:
        """The same, told by the service for a user whose token has ended."""
        if self.caller is None:
            return self
        activity = json.loads(self.json)
        details = activity.setdefault("details", {})
        details |= {"user_id": self.caller.user_id, "session_id": self.caller.session_id}
        told = json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode()
        return replace(self, caller=None, json=told)


@dataclass(eq=False)
class Batch:
    """A call that is sent until it is answered, always the same one."""

    caller: Caller | None
    activities: list[Queued]
    idempotency_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    failures: int = 0
    paused_until: float = 0.0
    #: A call ended without an answer: the batch may be recorded, since when it was begun.
    is_unanswered: bool = False
    begun_at: float | None = None

    @property
    def size(self) -> int:
        """How many activities it has."""
        return len(self.activities)

    @property
    def is_full(self) -> bool:
        """Whether there may be more in its name."""
        return self.size == BATCH_SIZE

    @property
    def body(self) -> bytes:
        """What is sent."""
        return b'{"activities":[' + b",".join(one.json for one in self.activities) + b"]}"


class Queue:
    """What waits, and the batches that were not answered yet. Any thread may use it."""

    def __init__(self, capacity: int, capacity_bytes: int) -> None:
        """Bounds what is pending: how many activities, and how many bytes."""
        self.capacity, self.capacity_bytes = capacity, capacity_bytes
        self._lock = threading.Lock()
        self._waiting: deque[Queued] = deque()
        self._batches: list[Batch] = []
        self._bytes = 0
        self._pushed = 0
        self._recorded = self._refused = self._dropped = self._unknown = 0

    def __len__(self) -> int:
        """How many activities the server has not answered for."""
        with self._lock:
            return self._pending()

    @property
    def counts(self) -> Counts:
        """What became of the others."""
        with self._lock:
            return Counts(self._recorded, self._refused, self._dropped, self._unknown)

    @property
    def pushed(self) -> int:
        """How many were pushed so far."""
        with self._lock:
            return self._pushed

    def has_pending(self, pushed: int) -> bool:
        """Whether one of the first ``pushed`` is still pending."""
        with self._lock:
            batches = [one for batch in self._batches for one in batch.activities]
            return any(one.number <= pushed for one in (*batches, *self._waiting))

    def push(self, activity: Queued) -> None:
        """Takes one more, and drops what there is no room for."""
        with self._lock:
            self._pushed += 1
            if len(activity.json) > BATCH_BYTES:
                self._refused += 1
                return
            self._waiting.append(replace(activity, number=self._pushed))
            self._bytes += activity.bytes
            while self._waiting and (
                self._pending() > self.capacity or self._bytes > self.capacity_bytes
            ):
                infos = (place for place, one in enumerate(self._waiting) if one.is_info)
                self._bytes -= self._take(next(infos, 0)).bytes
                self._dropped += 1

    def due(self, now: float | None) -> Batch | None:
        """Finds what is to be sent next. Without ``now`` pauses are over."""
        with self._lock:
            self._give_up()
            due = [one for one in self._batches if now is None or one.paused_until <= now]
            least = min(due, key=lambda one: one.failures, default=None)
            if least is not None and least.failures == 0:
                return least
            # Before what failed comes what was not tried yet.
            names = {self._name(batch.caller) for batch in self._batches}
            for place, one in enumerate(self._waiting):
                if self._name(one.caller) not in names:
                    batch = self._batch(place)
                    self._batches.append(batch)
                    return batch
            return least

    def next_due(self) -> float | None:
        """When the first pause is over; ``None`` where nothing is paused."""
        with self._lock:
            return min((batch.paused_until for batch in self._batches), default=None)

    def answered(self, batch: Batch, recorded: int) -> None:
        """Forgets a batch; this many of it are recorded."""
        with self._lock:
            recorded = min(recorded, batch.size)
            self._finish(batch)
            self._recorded += recorded
            self._refused += batch.size - recorded

    def refused(self, batch: Batch) -> None:
        """The server refused all of it; an earlier call may have recorded it."""
        with self._lock:
            self._finish(batch)
            self._lost(batch)

    def failed(self, batch: Batch, now: float, *, retry_after: float | None = None) -> None:
        """Has it sent again, after a pause that doubles, or as long as the server asks."""
        with self._lock:
            pause = PAUSE * 2 ** min(batch.failures, 20) * random.uniform(0.5, 1)  # noqa: S311
            pause = min(max(retry_after or pause, PAUSE / 2), LONGEST_PAUSE)
            batch.paused_until = now + pause
            batch.failures += 1

    def reassign(self, batch: Batch) -> None:
        """Its token has ended: the service tells its activities, unless they may be recorded.

        The server takes another sender's call for another one.
        """
        with self._lock:
            for one in self._taken_back(batch):
                told = one.on_behalf()
                self._bytes += told.bytes
                place = bisect_left(self._waiting, told.number, key=lambda it: it.number)
                self._waiting.insert(place, told)

    def split(self, batch: Batch) -> None:
        """Something in it has the whole call refused: each is sent in a call of its own."""
        with self._lock:
            for one in self._taken_back(batch):
                self._bytes += one.bytes
                self._batches.append(Batch(one.caller, [one]))

    def _taken_back(self, batch: Batch) -> list[Queued]:
        """The activities of a batch that may go on in another one: none that may be recorded."""
        self._finish(batch)
        if batch.is_unanswered:
            self._lost(batch)
            return []
        return batch.activities

    def _give_up(self) -> None:
        """Drops what may be recorded, and is so old that it would be recorded again."""
        now = time.monotonic()
        for batch in list(self._batches):
            began = batch.begun_at if batch.is_unanswered else None
            if began is not None and now - began >= KEY_GOOD_FOR:
                self._finish(batch)
                self._lost(batch)

    def _lost(self, batch: Batch) -> None:
        if batch.is_unanswered:
            self._unknown += batch.size
        else:
            self._refused += batch.size

    @staticmethod
    def _name(caller: Caller | None) -> str | None:
        return caller.token if caller else None

    def _pending(self) -> int:
        return len(self._waiting) + sum(batch.size for batch in self._batches)

    def _finish(self, batch: Batch) -> None:
        self._batches.remove(batch)
        self._bytes -= sum(one.bytes for one in batch.activities)

    def _batch(self, first: int) -> Batch:
        one = self._take(first)
        found, length, place = [one], len(one.json), first
        # The others of its name, as far as a call has room; their order is kept.
        while place < min(len(self._waiting), first + SEARCHED) and len(found) < BATCH_SIZE:
            other = self._waiting[place]
            if self._name(other.caller) != self._name(one.caller):
                place += 1
                continue
            length += len(other.json) + 1
            if length > BATCH_BYTES:
                break
            found.append(self._take(place))
        return Batch(one.caller, found)

    def _take(self, place: int) -> Queued:
        one = self._waiting[place]
        del self._waiting[place]
        return one
