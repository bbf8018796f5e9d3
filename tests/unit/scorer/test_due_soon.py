"""`due_soon`: little working time is left until the due moment. Of 5 March, a Thursday, 16 working hours begin on Wednesday at 7."""

from tests.unit.scorer.harness import Bench

RECEIVED = ("received", "2026-03-02T08:00:00+07:00")
DUE = {"unit": "H01.06", "procedure": "1.000123", "due_at": "2026-03-05"}


def soon(bench: Bench, *days: str) -> int:
    return bench.count("due_soon", "H01.06", *days)


def test_a_dossier_is_due_soon_from_its_last_working_hours_on_until_it_is_overdue_without_any_event() -> None:
    bench = Bench("2026-03-04T06:59:59.999999")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert soon(bench) == 0
    bench.wait_until("2026-03-04T07:00:00")
    assert soon(bench) == 1
    bench.wait_until("2026-03-05T23:59:59.999999")
    assert soon(bench) == 1
    bench.wait_until("2026-03-06T00:00:00")
    assert (soon(bench), bench.count("open_overdue", "H01.06")) == (0, 1)
    assert (soon(bench, "2026-03-04"), soon(bench, "2026-03-06")) == (1, -1)


def test_one_that_has_less_time_from_the_beginning_is_due_soon_from_its_receipt_on() -> None:
    bench = Bench("2026-03-02T08:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE | {"due_at": "2026-03-03"}))
    assert soon(bench, "2026-03-02") == 1


def test_it_ends_with_the_dossier() -> None:
    bench = Bench("2026-03-05T10:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE), bench.stored("processed", "2026-03-05T10:00:00+07:00"))
    assert (soon(bench, "2026-03-04"), soon(bench)) == (1, 0)


def test_a_wait_takes_it_out_and_what_it_was_before_stays_in_the_history() -> None:
    bench = Bench("2026-03-05T08:00:00")
    bench.push(
        bench.stored(*RECEIVED, **DUE),
        bench.stored("supplement_requested", "2026-03-05T08:00:00+07:00", supplement="a"),
    )
    assert (soon(bench, "2026-03-04"), soon(bench)) == (1, 0)
    bench.wait_until("2026-03-09T08:00:00")
    bench.push(bench.stored("supplemented", "2026-03-09T08:00:00+07:00", supplement="a"))
    # four days later than the last moment of Thursday: Monday's; from Friday at 7 on, had it not waited
    assert (soon(bench, "2026-03-04"), soon(bench, "2026-03-05"), soon(bench, "2026-03-09")) == (1, -1, 1)


def test_a_new_due_moment_far_ahead_takes_it_out() -> None:
    bench = Bench("2026-03-05T08:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    bench.push(bench.stored("rescheduled", "2026-03-05T08:00:00+07:00", due_at="2026-03-20"))
    assert soon(bench) == 0


def test_without_a_span_nothing_is_due_soon_and_another_span_counts_anew() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    for hours, expected in ((0, 0), (8, 0), (24, 1)):
        bench.soon_hours = hours
        bench.settle()
        assert soon(bench) == expected
