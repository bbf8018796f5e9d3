"""`falls_due`: the last day on which a dossier is in time, if nothing else happens to it."""

from schemas.moments import format_day
from schemas.rows import parse_key
from tests.unit.scorer.harness import Bench

RECEIVED = ("received", "2026-03-02T08:00:00+07:00")
DUE = {"unit": "H01.06", "procedure": "1.000123", "due_at": "2026-03-05"}


def days_of(bench: Bench, measure: str = "falls_due") -> list[str]:
    """The days on which the department has the measure."""
    days = {format_day(key.day) for raw in bench.cube() if (key := parse_key(raw)) and key.day is not None}
    return sorted(day for day in days if bench.count(measure, "H01.06", day))


def test_a_dossier_falls_due_on_the_day_of_its_due_moment_until_it_ends() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert days_of(bench) == ["2026-03-05"]
    bench.push(bench.stored("processed", "2026-03-03T00:00:00+07:00"))
    assert days_of(bench) == []


def test_it_becomes_overdue_when_its_due_moment_has_passed() -> None:
    bench = Bench("2026-03-05T23:59:59.999999")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert (days_of(bench), bench.count("open_overdue", "H01.06")) == (["2026-03-05"], 0)
    bench.wait_until("2026-03-06T00:00:00")
    assert (days_of(bench), bench.count("open_overdue", "H01.06")) == ([], 1)


def test_a_wait_takes_it_out_and_moves_it_by_the_time_that_it_took() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(
        bench.stored(*RECEIVED, **DUE),
        bench.stored("supplement_requested", "2026-03-03T08:00:00+07:00", supplement="a"),
    )
    assert days_of(bench) == []
    bench.push(bench.stored("supplemented", "2026-03-04T12:00:00+07:00", supplement="a"))
    assert days_of(bench) == ["2026-03-07"]  # 28 hours later than the last moment of 5 March


def test_a_new_due_moment_moves_it_and_the_time_of_that_wait_no_longer_counts() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(
        bench.stored(*RECEIVED, **DUE),
        bench.stored("supplement_requested", "2026-03-03T08:00:00+07:00", supplement="a"),
        bench.stored("supplemented", "2026-03-04T12:00:00+07:00", supplement="a", due_at="2026-03-10"),
    )
    assert days_of(bench) == ["2026-03-10"]
    bench.push(bench.stored("rescheduled", "2026-03-04T12:00:01+07:00", due_at="2026-03-20"))
    assert days_of(bench) == ["2026-03-20"]


def test_an_end_that_is_announced_takes_it_out_when_it_comes() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE), bench.stored("processed", "2026-03-04T00:00:00+07:00"))
    assert days_of(bench) == ["2026-03-05"]
    bench.wait_until("2026-03-04T00:00:00")
    assert days_of(bench) == []


def test_a_clock_set_back_puts_it_back() -> None:
    bench = Bench("2026-03-09T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert days_of(bench) == []
    bench.wait_until("2026-03-04T00:00:00")  # time does not run backwards while a partition is open
    assert days_of(bench) == []
    bench.restart()
    assert (days_of(bench), days_of(bench, "open_overdue")) == (["2026-03-05"], [])


def test_a_due_moment_on_the_last_of_all_days_stays_there_however_long_the_dossier_waited() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(
        bench.stored(*RECEIVED, **DUE | {"due_at": "9999-12-31T23:59:59Z"}),
        bench.stored("supplement_requested", "2026-03-03T08:00:00+07:00", supplement="a"),
        bench.stored("supplemented", "2026-03-04T12:00:00+07:00", supplement="a"),
    )
    assert days_of(bench) == ["9999-12-31"]
