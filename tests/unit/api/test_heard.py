"""Silence is working time without a word, and a habit is the longest one known."""

import pytest

from schemas.calendar import DEFAULT_HOURS, vietnam
from schemas.moments import DAY, Zone, parse_moment
from schemas.rows import QUARTER, HeardKey, heard_key, parse_key
from services.api.cube.heard import Heard, Sender

ZONE = Zone("Asia/Ho_Chi_Minh")
CALENDAR = vietnam(ZONE, DEFAULT_HOURS)
HOUR = 3600.0
SENDER = Sender("mot-cua", "H01")


def at(text: str) -> int:
    return parse_moment(text, ZONE)


def tell(heard: Heard, *moments: str, partition: int = 0) -> None:
    """Say that the sender was heard at moments of different days, all that is known of these."""
    days: dict[int, int] = {}
    for moment in moments:
        day, rest = divmod(at(moment), DAY)
        days[day] = days.get(day, 0) | 1 << rest // QUARTER
    for day, bits in days.items():
        key = parse_key(heard_key(partition, HeardKey(day, SENDER.unit, SENDER.system)))
        assert key is not None
        heard.put(partition, key.name, bits)


def silence(heard: Heard, now: str):
    return heard.silences(at(now), lambda _: CALENDAR)[SENDER]


@pytest.fixture
def heard() -> Heard:
    """Heard on a Wednesday and a Thursday each working hour, on Friday until half past nine."""
    heard = Heard()
    hours = (7, 8, 9, 10, 11, 14, 15, 16)
    week = [f"2026-03-{day}T{hour:02}:00:00" for day in (11, 12) for hour in hours]
    tell(heard, *week, *(f"2026-03-13T{hour:02}:00:00" for hour in (7, 8, 9)))
    return heard


def test_a_silence_begins_with_the_end_of_the_quarter_in_which_the_last_word_was_heard(heard: Heard):
    assert silence(heard, "2026-03-13T11:15:00").since == at("2026-03-13T09:15:00")
    assert silence(heard, "2026-03-13T11:15:00").seconds == 2 * HOUR
    assert silence(heard, "2026-03-13T09:05:00").seconds == 0


def test_lunch_nights_and_week_ends_are_no_silence(heard: Heard):
    assert silence(heard, "2026-03-13T13:30:00").seconds == 2.25 * HOUR
    assert silence(heard, "2026-03-16T07:00:00").seconds == 5.75 * HOUR
    assert silence(heard, "2026-03-15T12:00:00").seconds == 5.75 * HOUR


def test_a_habit_is_the_longest_silence_between_two_words(heard: Heard):
    assert silence(heard, "2026-03-13T09:30:00").habit == pytest.approx(0.75 * HOUR)


def test_what_other_partitions_heard_is_no_silence():
    quiet = Heard()
    tell(quiet, "2026-03-11T07:00:00", "2026-03-13T09:00:00")
    assert silence(quiet, "2026-03-13T10:00:00").habit == 17.75 * HOUR
    tell(quiet, "2026-03-12T09:00:00", partition=1)
    assert silence(quiet, "2026-03-13T10:00:00").habit == 9.75 * HOUR


def test_a_sender_is_known_after_two_working_days():
    new = Heard()
    tell(new, "2026-03-11T07:00:00", "2026-03-12T16:30:00")
    assert silence(new, "2026-03-13T10:00:00").habit is None
    tell(new, "2026-03-13T07:00:00")
    assert silence(new, "2026-03-13T10:00:00").habit == 15.25 * HOUR


def test_days_that_are_kept_no_more_are_forgotten(heard: Heard):
    for day in (11, 12, 13):
        key = parse_key(heard_key(0, HeardKey(at(f"2026-03-{day}T12:00:00") // DAY, SENDER.unit, SENDER.system)))
        assert key is not None
        heard.put(0, key.name, None)
    assert not heard.silences(at("2026-03-13T12:00:00"), lambda _: CALENDAR)
