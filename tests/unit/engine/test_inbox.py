import asyncio
import random
from types import SimpleNamespace
from typing import Any

import pytest

from services.scorer.engine.inbox import Inbox


def records(topic: str, *offsets: int) -> list[Any]:
    return [SimpleNamespace(topic=topic, offset=offset) for offset in offsets]


def offsets(taken: list[Any]) -> list[int]:
    return [record.offset for record in taken]


def test_what_is_put_is_taken_in_order_and_moves_the_offset() -> None:
    inbox = Inbox({"t": 5})
    inbox.put("t", records("t", 5, 6))
    inbox.put("t", records("t", 7))
    assert inbox.size == 3
    assert inbox.offsets == {"t": 5}
    assert offsets(inbox.take(10)) == [5, 6, 7]
    assert inbox.offsets == {"t": 8}
    assert inbox.size == 0
    assert inbox.take(10) == []


def test_a_large_batch_is_cut() -> None:
    inbox = Inbox({"t": 0})
    inbox.put("t", records("t", *range(7)))
    assert offsets(inbox.take(3)) == [0, 1, 2]
    assert inbox.offsets == {"t": 3}
    assert offsets(inbox.take(3)) == [3, 4, 5]
    assert offsets(inbox.take(3)) == [6]


def test_what_was_had_before_is_cut_off() -> None:
    inbox = Inbox({"t": 5})
    assert inbox.put("t", records("t", 3, 4)) is None
    assert inbox.put("t", records("t", 3, 4, 5, 6)) is None
    assert inbox.put("t", records("t", 5, 6)) is None
    assert offsets(inbox.take(10)) == [5, 6]


def test_a_gap_is_read_again_once_and_then_believed() -> None:
    inbox = Inbox({"t": 5})
    assert inbox.put("t", records("t", 8, 9)) == 5
    assert inbox.size == 0
    assert inbox.put("t", records("t", 8, 9)) is None
    assert offsets(inbox.take(10)) == [8, 9]
    assert inbox.put("t", records("t", 20)) == 10


def test_a_gap_that_was_a_loss_is_filled() -> None:
    inbox = Inbox({"t": 5})
    assert inbox.put("t", records("t", 8)) == 5
    assert inbox.put("t", records("t", 5, 6, 7, 8)) is None
    assert offsets(inbox.take(10)) == [5, 6, 7, 8]


def test_topics_have_offsets_of_their_own() -> None:
    inbox = Inbox({"t": 0, "u": 100})
    inbox.put("t", records("t", 0, 1))
    inbox.put("u", records("u", 100))
    assert [(record.topic, record.offset) for record in inbox.take(10)] == [("t", 0), ("t", 1), ("u", 100)]
    assert inbox.offsets == {"t": 2, "u": 101}


def test_what_was_not_taken_is_forgotten_and_read_again() -> None:
    inbox = Inbox({"t": 0})
    inbox.put("t", records("t", 0, 1, 2))
    inbox.take(1)
    inbox.forget()
    assert inbox.take(10) == []
    assert inbox.put("t", records("t", 1, 2)) is None
    assert offsets(inbox.take(10)) == [1, 2]


@pytest.mark.parametrize("seed", range(200))
def test_any_delivery_with_doubles_and_losses_is_each_record_once(seed: int) -> None:
    """A reader that loses fetches and jumps back at random, as around a rebalance; the log itself has gaps.

    What is fetched just after the inbox sent the reader back is never lost: nothing lies in between.
    """
    rnd = random.Random(seed)
    log = sorted(rnd.sample(range(300), 200))
    inbox = Inbox({"t": 0})
    position = 0
    sent_back = False
    taken: list[int] = []
    while len(taken) < len(log):
        taken += offsets(inbox.take(rnd.randint(1, 30)))
        if rnd.random() < 0.1 and not sent_back:
            position = rnd.choice([0, *taken])
        fetched = [offset for offset in log if offset >= position][: rnd.randint(1, 20)]
        if not fetched:
            continue
        position = fetched[-1] + 1
        lost = rnd.random() < 0.1 and not sent_back and position <= log[-1]
        back = None if lost else inbox.put("t", records("t", *fetched))
        sent_back = back is not None
        position = position if back is None else back
    assert taken == log


async def test_a_record_ends_the_wait() -> None:
    inbox = Inbox({"t": 0})
    waiting = asyncio.create_task(inbox.wait(3600))
    await asyncio.sleep(0)
    inbox.put("t", records("t", 0))
    await waiting


async def test_a_wake_up_ends_the_wait() -> None:
    inbox = Inbox({"t": 0})
    waiting = asyncio.create_task(inbox.wait(3600))
    await asyncio.sleep(0)
    inbox.wake()
    await waiting


async def test_nobody_waits_while_records_are_there() -> None:
    inbox = Inbox({"t": 0})
    inbox.put("t", records("t", 0))
    await inbox.wait(3600)
