"""Streams that are asked at moments of the test's choosing, and stopped where it likes."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec

from deploy.demo.catalogue import standing
from deploy.demo.days import DAYS
from deploy.demo.live import LONGEST_SECONDS
from deploy.demo.memory import Memory, recall, remember, with_another_key
from deploy.demo.stream import Stream
from deploy.replay.pace import MAX_EVENTS
from tests.unit.demo.province import NOW, ZONE, two_months

START = NOW.timestamp()
HOUR = 3600
LIVE = re.compile(r"-\d{6}-\d{6}")
WEEK = 7
"""Days of history: enough where its length does not matter."""


class Ingest:
    """Takes what a stream sends; `answers` as long as it is not away."""

    def __init__(self) -> None:
        self.taken: dict[str, bytes] = {}
        self.total = 0
        self.given = 0
        self.away = False
        self.saved = b""

    def stream(self, memory: Memory, days: int = WEEK) -> Stream:
        """A new run of the demo: it has sent nothing yet."""
        self.given = self.total = 0
        return Stream(memory, ZONE, self._keep, lambda: self.total, days=days)

    def send(self, stream: Stream, now: float) -> int:
        """One tick; gives how many events it brought."""
        before = self.given
        for batch in stream.due(now):
            assert 0 < len(batch) <= MAX_EVENTS
            self.given += len(batch)
            if not self.away:
                self.total += len(batch)
                self.taken |= {msgspec.json.decode(line.event)["id"]: line.event for line in batch}
        return self.given - before

    @property
    def remembered(self) -> Memory:
        """What a killed demo finds when it is started again."""
        return msgspec.json.decode(self.saved, type=Memory)

    def _keep(self, memory: Memory) -> None:
        self.saved = msgspec.json.encode(memory)


def first_start(days: int = WEEK) -> tuple[Ingest, Stream]:
    ingest = Ingest()
    stream = ingest.stream(Memory(key="k", since=START), days)
    ingest.send(stream, START)
    return ingest, stream


def is_live(name: str) -> bool:
    """Whether an event is about a dossier or a petition that lives minutes: its code has the time, not a number of the day."""
    return LIVE.search(name) is not None


def run(ingest: Ingest, stream: Stream, begin: float, seconds: int) -> None:
    for n in range(seconds):
        ingest.send(stream, begin + n)


def test_a_first_start_brings_the_history_and_a_province_in_full_swing():
    ingest, stream = first_start(DAYS)
    past = {event["id"] for at, event in two_months() if at.timestamp() <= START}
    assert past <= ingest.taken.keys()
    assert {event["id"] for _, event in standing(ZONE)} <= ingest.taken.keys()
    assert stream.caught_up
    of_the_last_minutes = {name for name in ingest.taken if is_live(name)}
    assert len(of_the_last_minutes) > LONGEST_SECONDS


def test_no_event_is_sent_before_its_moment_and_none_out_of_order():
    stream = Ingest().stream(Memory(key="k", since=START))
    times = []
    for now in (START, START + 0.5, START + 60):
        for batch in stream.due(now):
            times += [msgspec.json.decode(line.event)["time"] for line in batch]
            assert times[-1] <= (NOW + timedelta(seconds=now - START)).isoformat(timespec="milliseconds")
    assert times == sorted(times)


def test_what_waits_does_not_grow_with_the_history():
    stream = Ingest().stream(Memory(key="k", since=START), DAYS)
    most = max(len(stream._waiting) for _ in stream.due(START))
    assert most < len(two_months()) / 5


def test_a_second_start_brings_only_what_the_first_has_not():
    ingest, stream = first_start()
    run(ingest, stream, START, 60)
    before = dict(ingest.taken)
    again = ingest.stream(ingest.remembered)
    sent = ingest.send(again, START + 60)
    assert sent < 20
    run(ingest, again, START + 61, HOUR)
    whole, uninterrupted = first_start()
    run(whole, uninterrupted, START, HOUR + 61)
    assert before.items() <= ingest.taken.items() == whole.taken.items()


def test_what_was_in_flight_when_the_demo_was_killed_is_sent_again():
    ingest, stream = first_start()
    run(ingest, stream, START, 60)
    ingest.away = True
    run(ingest, stream, START + 60, 60)
    ingest.away = False
    again = ingest.stream(ingest.remembered)
    run(ingest, again, START + 120, 60)
    whole, uninterrupted = first_start()
    run(whole, uninterrupted, START, 180)
    assert ingest.taken == whole.taken


def test_a_kill_while_the_history_loads_loses_nothing():
    ingest = Ingest()
    stream = ingest.stream(Memory(key="k", since=START))
    for _, _ in zip(range(3), stream.due(START), strict=False):
        pass  # in flight, never answered
    again = ingest.stream(Memory(key="k", since=START))
    ingest.send(again, START)
    assert ingest.taken == first_start()[0].taken


def test_a_long_sleep_is_bridged_by_working_days_and_the_last_minutes():
    ingest, stream = first_start()
    run(ingest, stream, START, 60)
    sleep = 4 * 86_400
    awake = START + 60 + sleep
    sent = ingest.send(stream, awake)
    assert 2_000 < sent < 15_000
    received = [msgspec.json.decode(event) for name, event in ingest.taken.items() if name.endswith("/received")]
    days = {event["time"][:10] for event in received}
    assert {"2026-11-26", "2026-11-27", "2026-11-30"} <= days
    live = [event["time"] for event in received if is_live(event["id"])]
    slept = (NOW + timedelta(hours=1)).isoformat(), (NOW + timedelta(seconds=sleep - HOUR)).isoformat()
    assert live
    assert not [time for time in live if slept[0] < time < slept[1]]
    again = ingest.stream(ingest.remembered)
    assert ingest.send(again, awake + 1) < 2 * sent


def test_a_start_after_years_does_not_draw_what_was_told_long_ago():
    memory = Memory(key="k", since=START - 3 * 365 * 86_400, sent=START, alive=int(START), drawn=int(START))
    stream = Ingest().stream(memory)
    assert stream.day > (NOW - timedelta(days=3 * DAYS)).date()


def test_another_key_sends_everything_once_more():
    ingest, stream = first_start()
    run(ingest, stream, START, HOUR // 2)
    emptied = Ingest()
    anew = emptied.stream(with_another_key(ingest.remembered, "other"))
    run(emptied, anew, START + HOUR // 2, 60)
    run(ingest, stream, START + HOUR // 2, 60)
    history = {name for name in ingest.taken if not is_live(name)}
    assert history <= emptied.taken.keys() <= ingest.taken.keys()
    events = [msgspec.json.decode(event) for event in emptied.taken.values()]
    begun = {event["subject"] for event in events if event["type"].endswith((".received", ".submitted"))}
    assert {
        event["subject"] for event in events if event["type"].startswith(("nhip.dossier", "nhip.petition"))
    } <= begun


def test_memory_is_for_its_owner_alone(tmp_path: Path):
    memory = Memory(key="k", since=1.5, sent=2.5, alive=3, drawn=4)
    remember(tmp_path / "m.json", memory)
    assert recall(tmp_path / "m.json") == memory
    assert (tmp_path / "m.json").stat().st_mode & 0o077 == 0
    assert recall(tmp_path / "none.json") is None
