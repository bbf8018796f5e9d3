"""The contract's counts, made of measures."""

from schemas.counts import COUNTS, MEASURES_OF_COUNTS, counts_of
from schemas.measures import BY_NAME, Kind

CONTRACT = """\
received carried_over ended ended_on_time ended_early ended_late ended_no_due open open_not_due open_overdue open_no_due
open_waiting became_overdue online paid_online synced returned refused withdrawn rated satisfied stars_sum
"""


def test_the_counts_are_those_of_the_contract_in_its_order():
    assert list(COUNTS) == CONTRACT.split()
    assert list(counts_of({}, {})) == CONTRACT.split()
    assert set(counts_of({}, {}).values()) == {0}


def test_counts_with_other_names_and_differences_of_stocks():
    period = {"received_online": 3, "received_synced": 2, "open": 10, "open_overdue": 4, "open_no_due": 1}
    counts = counts_of(period, {"open": 6, "received": 99})
    assert (counts["online"], counts["synced"]) == (3, 2)
    assert counts["open_not_due"] == 5
    assert counts["carried_over"] == 6


def test_only_stocks_are_taken_from_before_the_period():
    before = [term.measure for terms in COUNTS.values() for term in terms if term.before]
    assert before == [BY_NAME["open"]]
    assert all(measure.kind is Kind.STOCK for measure in before)
    assert BY_NAME["open"] in MEASURES_OF_COUNTS
