"""When each sender was heard, by quarters of an hour in UTC; kept for two months."""

from schemas.moments import parse_day
from schemas.rows import HEARD, HeardKey, decode_number, parse_heard
from tests.unit.scorer.harness import Bench


def heard(bench: Bench) -> dict[HeardKey, set[int]]:
    """The quarters of each sender and day."""
    rows = bench.notes(HEARD).items()
    return {parse_heard(name): {bit for bit in range(96) if decode_number(raw) >> bit & 1} for name, raw in rows}


def key(day: str, unit: str = "H01") -> HeardKey:
    return HeardKey(parse_day(day), unit, "test")


def say(bench: Bench, arrived: str) -> None:
    bench.push(bench.stored("paid", "2026-03-01T08:00:00+07:00"), arrived=arrived)


def test_a_sender_is_heard_when_its_events_come_whatever_they_tell_of() -> None:
    bench = Bench("2026-03-09T23:00:00")
    for arrived in ("2026-03-09T06:59:59", "2026-03-09T07:00:00", "2026-03-09T07:14:59", "2026-03-09T22:15:00"):
        say(bench, arrived)
    assert heard(bench) == {key("2026-03-08"): {95}, key("2026-03-09"): {0, 61}}


def test_senders_are_told_apart_by_the_unit_of_their_key() -> None:
    bench = Bench("2026-03-09T23:00:00")
    say(bench, "2026-03-09T07:00:00")
    bench.key_unit = "H01.06"
    say(bench, "2026-03-09T08:00:00")
    assert heard(bench) == {key("2026-03-09"): {0}, key("2026-03-09", "H01.06"): {4}}


def test_it_is_kept_for_sixty_days_also_across_restarts_and_rows_made_anew() -> None:
    bench = Bench("2026-03-01T12:00:00")
    for now in ("2026-03-01T12:00:00", "2026-03-02T12:00:00", "2026-04-29T12:00:00"):
        bench.wait_until(now)
        say(bench, now)
    assert len(heard(bench)) == 3
    bench.soon_hours = 1
    bench.restart()
    bench.wait_until("2026-04-30T12:00:00")
    say(bench, "2026-04-30T12:00:00")
    assert heard(bench).keys() == {key("2026-03-02"), key("2026-04-29"), key("2026-04-30")}


def test_what_is_heard_again_in_the_same_quarter_changes_no_row() -> None:
    bench = Bench("2026-03-09T12:00:00")
    say(bench, "2026-03-09T07:00:00")
    before = dict(bench.tables["indicator-days"])
    say(bench, "2026-03-09T07:10:00")
    changed = {key for key, raw in bench.tables["indicator-days"].items() if before.get(key) != raw}
    assert changed == {b"progress"}
