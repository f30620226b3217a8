"""The queue, by itself."""

import json
import time

from rolecall import Activity, Caller
from rolecall._queue import BATCH_BYTES, KEY_GOOD_FOR, LONGEST_PAUSE, PAUSE, Queue, Queued


def queued(number, user=None, *, is_info=False):
    caller = Caller(user, "ACME", "s", token=f"token of {user}") if user else None
    return Queued(caller, is_info, json.dumps({"n": number}).encode())


def numbers(batch):
    return [one["n"] for one in json.loads(batch.body)["activities"]]


def test_a_batch_is_in_one_name_in_its_order_and_stays_until_it_is_answered():
    queue = Queue(100, 10_000)
    for number in range(30):
        queue.push(queued(number))
        queue.push(queued(100 + number, "ada"))
    first = queue.due(0)
    assert numbers(first) == list(range(25))
    assert queue.due(0) is first
    queue.failed(first, 0, retry_after=30)
    other = queue.due(0)
    assert numbers(other) == list(range(100, 125))
    queue.failed(other, 0, retry_after=40)
    assert queue.due(0) is None
    assert (queue.next_due(), queue.due(30)) == (30, first)
    queue.answered(first, 24)
    assert numbers(queue.due(0)) == list(range(25, 30))
    assert (queue.counts.recorded, queue.counts.refused, len(queue)) == (24, 1, 35)


def test_pauses_double_up_to_a_minute():
    queue = Queue(10, 1000)
    queue.push(queued(1))
    batch = queue.due(0)
    for failures in range(40):
        queue.failed(batch, 0)
        assert PAUSE / 2 <= batch.paused_until <= min(PAUSE * 2**failures, LONGEST_PAUSE)


def test_the_oldest_of_severity_info_is_dropped_first():
    queue = Queue(3, 1000)
    for number, is_info in [(1, False), (2, True), (3, True), (4, False), (5, False)]:
        queue.push(queued(number, is_info=is_info))
    assert numbers(queue.due(None)) == [1, 4, 5]
    # What is on its way counts as well, and is not dropped.
    queue.push(queued(6))
    assert (len(queue), queue.counts.dropped) == (3, 3)
    queue = Queue(100, 20)
    for number in range(6):
        queue.push(queued(number))
    assert (len(queue), queue.counts.dropped) == (2, 4)


def test_no_batch_is_larger_than_the_server_takes():
    queue, sizes = Queue(100, 1_000_000), []
    for _ in range(7):
        queue.push(Queued(None, False, json.dumps("x" * 20_000).encode()))
    while batch := queue.due(None):
        assert len(batch.body) <= 65_536
        sizes.append(batch.size)
        queue.answered(batch, batch.size)
    assert sizes == [2, 2, 2, 1]
    queue.push(Queued(None, False, b"1" * (BATCH_BYTES + 1)))
    assert (len(queue), queue.counts.refused) == (0, 1)


def test_a_watermark_is_passed_by_what_was_pushed_before_it_alone():
    queue = Queue(100, 10_000)
    queue.push(queued(1))
    mark, batch = queue.pushed, queue.due(None)
    queue.push(queued(2))
    assert queue.has_pending(mark)
    queue.answered(batch, 1)
    assert not queue.has_pending(mark)
    assert len(queue) == 1


def test_what_is_too_long_for_the_server_is_left_out():
    activity = Activity(
        "x",
        description="\x1b",
        tags=["t" * 100] * 20,
        details={"text": "x" * 20_000},
        metadata={"when": object},
        related=("drawing", "a\n" * 300),
    )
    body = json.loads(activity.to_json())
    assert body["description"] == "x"
    assert body["tags"] == ["t" * 50] * 8
    assert body["details"] == {"left_out_bytes": 20_011}
    assert len(body["related"]["id"]) <= 200
    assert "\n" not in body["related"]["id"]


def test_a_paused_name_with_a_thousand_activities_holds_nobody_up():
    queue = Queue(10_000, 1 << 20)
    for number in range(2000):
        queue.push(queued(number))
    queue.push(queued(1, "ada"))
    queue.failed(queue.due(0), 0)
    assert queue.due(0).caller is not None


def test_what_may_be_recorded_is_not_sent_when_the_server_has_forgotten_its_key():
    queue = Queue(10, 1000)
    queue.push(queued(1))
    batch = queue.due(0)
    batch.is_unanswered, batch.begun_at = True, time.monotonic()
    queue.failed(batch, 0)
    assert queue.due(None) is batch
    batch.begun_at -= KEY_GOOD_FOR
    assert queue.due(None) is None
    assert (len(queue), queue.counts.unknown) == (0, 1)


def test_what_was_certainly_not_recorded_is_told_by_the_service_in_its_order():
    queue = Queue(100, 10_000)
    queue.push(queued(1, "ada"))
    queue.push(queued(2))
    queue.push(queued(3, "ada"))
    ada = queue.due(0)
    queue.failed(ada, 0, retry_after=60)
    queue.answered(queue.due(0), 1)
    queue.push(queued(4))
    queue.reassign(ada)
    assert numbers(queue.due(0)) == [1, 3, 4]
