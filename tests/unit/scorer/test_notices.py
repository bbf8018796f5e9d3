"""What is told of dossiers, and what is no news. Of 5 March, a Thursday, 16 working hours begin on Wednesday at 7."""

from schemas.notices import Notice, decode_notice
from schemas.rows import decode_number, late_key
from schemas.topics import DOSSIER_DUE_SOON, DOSSIER_LATE
from services.scorer.agents.partition import INDICATOR_DAYS
from tests.unit.scorer.harness import Bench

SUBJECT = "H01.06-260301-0001"
DUE = {"unit": "H01.06", "procedure": "1.000123", "due_at": "2026-03-05"}


def received(bench: Bench, **data: object) -> bytes:
    return bench.stored("received", "2026-03-02T08:00:00+07:00", **DUE | data)


def told(bench: Bench, topic: str = DOSSIER_LATE) -> list[Notice]:
    return [decode_notice(raw) for name, key, raw in bench.sent if name == topic and key == SUBJECT.encode()]


def ids(bench: Bench, topic: str = DOSSIER_LATE) -> list[str]:
    return [notice.id for notice in told(bench, topic)]


def number(bench: Bench, unit: str = "H01.06") -> int:
    """How often lateness was told of a unit, ever."""
    raw = bench.tables[INDICATOR_DAYS].get(late_key(0, unit))
    return 0 if raw is None else decode_number(raw)


def waiting(now: str = "2026-03-03T00:00:00") -> Bench:
    """A dossier that is open and in time."""
    bench = Bench(now)
    bench.push(received(bench))
    return bench


LATE = f"late/{SUBJECT}/2026-03-05T17:00:00.000000Z"


def test_a_due_moment_that_passes_is_told_with_where_the_dossier_lies() -> None:
    bench = waiting()
    bench.wait_until("2026-03-05T23:59:59.999999")
    assert told(bench) == []
    bench.wait_until("2026-03-06T00:00:00")
    (notice,) = told(bench)
    assert (notice.id, notice.kind, notice.subject, notice.time) == (LATE, "late", SUBJECT, notice.data.late_from)
    assert (notice.data.unit, notice.data.procedure) == ("H01.06", "1.000123")
    assert (notice.data.received_at, notice.data.due_at) == (
        "2026-03-02T01:00:00.000000Z",
        "2026-03-05T16:59:59.999999Z",
    )
    assert number(bench) == 1


def test_a_deadline_in_a_downtime_is_told_once_also_if_rows_are_made_anew_and_that_is_interrupted() -> None:
    bench = waiting()
    bench.now += 7 * 86_400_000_000
    bench.soon_hours = 8  # other rows
    bench.partition.caught_up()
    job = bench.partition
    bench._apply(job.tick())  # the first piece, and a crash
    bench._apply(job.progress({}))
    bench.restart()
    bench.restart()
    assert ids(bench) == [LATE]
    assert number(bench) == 1


def test_what_was_told_of_a_unit_is_kept_when_rows_are_made_anew() -> None:
    bench = waiting()
    bench.wait_until("2026-03-06T00:00:00")
    bench.soon_hours = 0
    bench.settle()
    assert (ids(bench), number(bench)) == ([LATE], 1)


def test_what_ended_in_time_during_a_downtime_is_not_told_although_its_moment_passed_before_that_was_read() -> None:
    bench = waiting()
    bench.now += 7 * 86_400_000_000
    bench.restart(behind=True)
    bench.push(
        bench.stored("paid", "2026-03-04T08:00:00+07:00", paid_at="2026-03-04T08:00:00+07:00"),
        arrived="2026-03-04T08:00:01",
    )
    bench.settle()
    bench.push(bench.stored("processed", "2026-03-05T16:00:00+07:00"), arrived="2026-03-05T16:00:01")
    bench.partition.caught_up()
    bench.settle()
    assert ids(bench) == []
    assert bench.count("ended_on_time", "H01.06") == 1


def test_what_came_and_ended_late_during_a_downtime_was_late() -> None:
    bench = Bench("2026-03-09T00:00:00")
    bench.restart(behind=True)
    bench.push(received(bench), arrived="2026-03-02T08:00:01")
    bench.push(bench.stored("processed", "2026-03-06T16:00:00+07:00"), arrived="2026-03-06T16:00:01")
    assert ids(bench) == [LATE]
    again = Bench("2026-03-09T00:00:00")
    again.push(received(again), again.stored("processed", "2026-03-06T16:00:00+07:00"), arrived="2026-03-02T08:00:01")
    assert ids(again) == [LATE]


def test_what_was_late_long_before_it_was_heard_of_is_history() -> None:
    for arrived, expected in (("2026-03-06T00:15:00", [LATE]), ("2026-03-06T00:15:00.001", [])):
        bench = Bench("2026-03-09T00:00:00")
        bench.push(received(bench), arrived=arrived)
        bench.settle()
        assert ids(bench) == expected


def test_a_lateness_is_told_of_once_while_its_due_moment_is_corrected() -> None:
    bench = waiting()
    bench.wait_until("2026-03-06T00:00:00")
    bench.push(bench.stored("rescheduled", "2026-03-06T00:00:01+07:00", due_at="2026-03-04"))
    bench.wait_until("2026-03-20T00:00:00")
    assert ids(bench) == [LATE]


def test_one_that_is_rescheduled_and_late_again_is_another_lateness() -> None:
    bench = waiting()
    bench.wait_until("2026-03-06T00:00:00")
    bench.push(bench.stored("rescheduled", "2026-03-06T00:00:01+07:00", due_at="2026-03-20"))
    bench.wait_until("2026-03-30T00:00:00")
    assert ids(bench) == [LATE, f"late/{SUBJECT}/2026-03-20T17:00:00.000000Z"]
    assert number(bench) == 2


def test_a_wait_moves_a_lateness_by_the_time_that_it_took() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(received(bench), bench.stored("supplement_requested", "2026-03-04T12:00:00+07:00", supplement="a"))
    bench.wait_until("2026-03-10T12:00:00")
    assert ids(bench) == []
    bench.push(bench.stored("supplemented", "2026-03-10T12:00:00+07:00", supplement="a"))
    bench.wait_until("2026-03-20T00:00:00")
    assert ids(bench) == [f"late/{SUBJECT}/2026-03-11T17:00:00.000000Z"]


def test_what_is_late_by_other_rules_is_not_told() -> None:
    bench = Bench("2026-03-04T12:00:00", key_unit="H01.06")
    elsewhere = "H01.187-260301-0001"
    bench.push(bench.stored("received", "2026-03-02T08:00:00+07:00", subject=elsewhere, **DUE))
    bench.wait_until("2026-03-09T00:00:00")
    units = [unit for unit in bench.tree if unit.code != "H01.187"]
    bench.tree = type(bench.tree)(units)
    bench.settle()
    assert bench.count("open_overdue", "H01.06") == 1
    assert bench.sent == []


def test_that_it_is_due_soon_is_told_when_its_last_working_hours_begin() -> None:
    bench = waiting()
    bench.wait_until("2026-03-04T07:00:00")
    (notice,) = told(bench, DOSSIER_DUE_SOON)
    assert (notice.id, notice.kind) == (f"due_soon/{SUBJECT}/2026-03-05T17:00:00.000000Z", "due_soon")
    assert (notice.time, notice.data.late_from) == ("2026-03-04T00:00:00.000000Z", "2026-03-05T17:00:00.000000Z")
    bench.wait_until("2026-03-20T00:00:00")
    assert len(told(bench, DOSSIER_DUE_SOON)) == 1


def test_that_it_is_due_soon_is_not_told_once_it_is_late_or_has_ended() -> None:
    bench = waiting()
    bench.now += 7 * 86_400_000_000
    bench.settle()
    assert (len(ids(bench)), ids(bench, DOSSIER_DUE_SOON)) == (1, [])
    bench = Bench("2026-03-05T00:00:00")
    bench.push(received(bench), bench.stored("processed", "2026-03-04T16:00:00+07:00"), arrived="2026-03-02T08:00:01")
    assert bench.sent == []


def test_voided_dossiers_are_not_told_of() -> None:
    bench = waiting()
    bench.push(bench.stored("voided", "2026-03-03T08:00:00+07:00"))
    bench.wait_until("2026-03-20T00:00:00")
    assert bench.sent == []
