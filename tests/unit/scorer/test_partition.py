"""A partition folds events and time into its tables."""

from itertools import permutations

import pytest

from schemas import dead_letters
from schemas.rows import decode_progress, progress_key
from schemas.units import Unit, UnitTree
from services.scorer.agents.partition import INDICATOR_DAYS, TIMERS_A_TICK
from tests.unit.scorer.harness import TREE, Bench, Record, at

RECEIVED = ("received", "2026-03-02T08:00:00+07:00")
DUE = {"unit": "H01.06", "procedure": "1.000123", "due_at": "2026-03-05"}


def test_a_received_dossier_is_open_until_it_is_processed() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert (bench.count("received", "H01.06", "2026-03-02"), bench.count("open", "H01.06")) == (1, 1)
    bench.push(bench.stored("processed", "2026-03-03T00:00:00+07:00"))
    assert (bench.count("open", "H01.06"), bench.count("ended_on_time", "H01.06", "2026-03-03")) == (0, 1)


def test_a_due_moment_that_passes_makes_it_overdue_without_any_event() -> None:
    bench = Bench("2026-03-05T23:59:59.999999")
    bench.push(bench.stored(*RECEIVED, **DUE))
    assert bench.count("open_overdue", "H01.06") == 0
    bench.wait_until("2026-03-06T00:00:00")
    assert bench.count("became_overdue", "H01.06", "2026-03-06") == 1
    assert bench.count("open_overdue", "H01.06") == 1
    assert bench.clock == at("2026-03-06T00:00:00")


def test_timers_come_back_after_a_restart() -> None:
    bench = Bench("2026-03-04T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    bench.now = at("2026-03-09T00:00:00")
    bench.restart()
    assert bench.count("became_overdue", "H01.06", "2026-03-06") == 1


def test_any_order_with_duplicates_gives_the_same_cube() -> None:
    bench = Bench("2026-03-09T00:00:00")
    events = [
        bench.stored(*RECEIVED, **DUE),
        bench.stored("supplement_requested", "2026-03-03T08:00:00+07:00", supplement="a"),
        bench.stored("supplemented", "2026-03-04T08:00:00+07:00", supplement="a"),
        bench.stored("processed", "2026-03-06T07:00:00+07:00"),
    ]
    cubes = []
    for order in permutations(events):
        one = Bench("2026-03-09T00:00:00")
        for event in order:
            one.push(event, order[0])
        cubes.append(one.cube())
    assert cubes[0]
    assert all(cube == cubes[0] for cube in cubes)


def test_a_late_event_before_a_pending_timer_takes_out_exactly_what_was_booked() -> None:
    """The clock jumps over the due moment and an event comes before the timer could wake the dossier."""
    bench = Bench("2026-03-04T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    bench.now = at("2026-03-09T00:00:00")
    bench.push(bench.stored("processed", "2026-03-05T07:00:00+07:00"))
    bench.settle()
    whole = Bench("2026-03-09T00:00:00")
    whole.push(bench.stored(*RECEIVED, **DUE), bench.stored("processed", "2026-03-05T07:00:00+07:00"))
    assert bench.cube() == whole.cube()
    assert bench.count("became_overdue", "H01.06") == 0


def test_a_clock_set_back_takes_back_what_has_not_happened_yet() -> None:
    bench = Bench("2026-03-09T00:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE), bench.stored("processed", "2026-03-06T07:00:00+07:00"))
    bench.now = at("2026-03-05T00:00:00")
    bench.restart()
    assert (bench.count("ended", "H01.06"), bench.count("open", "H01.06")) == (0, 1)
    assert bench.clock == at("2026-03-05T00:00:00")
    bench.wait_until("2026-03-09T00:00:00")
    assert (bench.count("ended_late", "H01.06"), bench.count("open", "H01.06")) == (1, 0)


def test_a_clock_set_back_holds_for_a_partition_without_dossiers_too() -> None:
    bench = Bench("2026-03-09T00:00:00")
    bench.now = at("2026-03-05T00:00:00")
    bench.restart()
    assert bench.clock == at("2026-03-05T00:00:00")


def test_another_tree_moves_what_it_decides() -> None:
    """A key of the department speaks for a dossier whose code names a commune: foreign, until the tree says otherwise."""
    bench = Bench("2026-03-09T00:00:00", key_unit="H01.06")
    bench.push(bench.stored(*RECEIVED, subject="H01.187-260301-0001", **DUE))
    assert bench.count("received", "H01.06") == 0
    units = [unit for unit in TREE if unit.code != "H01.187"]
    bench.tree = UnitTree([*units, Unit(code="H01.187", name="Xã Đông Thái", kind="commune", parent="H01.06")])
    bench.settle()
    assert bench.count("received", "H01.06") == 1


def test_a_merger_lets_the_successor_finish_what_the_old_unit_received() -> None:
    bench = Bench("2026-03-09T00:00:00", key_unit="H01.06")
    bench.push(bench.stored(*RECEIVED, subject="H01.187-260301-0001", **DUE))
    assert bench.count("received", "H01.06") == 0
    units = [unit for unit in TREE if unit.code != "H01.187"]
    bench.tree = UnitTree([*units, Unit(code="H01.187", name="Xã Đông Thái", kind="commune", parent="H01",
                                        valid_to="2026-02-28", successor="H01.06")])  # fmt: skip
    bench.settle()
    assert bench.count("received", "H01.06") == 1


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        (b"x", b"not json", "bad_json"),
        (b"x", None, "bad_json"),
        (b"x", b"{}", "bad_envelope"),
        (b"another", (b'{"specversion":"1.0","type":"nhip.dossier.voided","id":"1","source":"/s","subject":"x",'
                     b'"time":"2026-03-01T00:00:00Z","keyunit":"H01"}'), "bad_envelope"),
        (b"x", (b'{"specversion":"1.0","type":"nhip.dossier.voided","id":"1","source":"/s","subject":"x",'
               b'"time":"soon","keyunit":"H01"}'), "bad_moment"),
    ],
)  # fmt: skip
def test_poison_in_the_topic_becomes_a_dead_letter_and_stops_nothing(
    key: bytes, value: bytes | None, code: str
) -> None:
    bench = Bench("2026-03-09T00:00:00")
    good = bench.stored(*RECEIVED, **DUE)
    bench.push_records(
        [Record("dossier-events", 0, 7, key, value), Record("dossier-events", 0, 8, b"H01.06-260301-0001", good)]
    )
    assert bench.count("received", "H01.06") == 1
    ((topic, _, raw),) = bench.sent
    letter = dead_letters.decode(raw)
    assert (topic, letter.code, letter.offset) == ("rejected-events", code, 7)


def test_a_duplicate_changes_nothing() -> None:
    bench = Bench("2026-03-03T00:00:00")
    event = bench.stored(*RECEIVED, **DUE)
    bench.push(event)
    changes = bench.partition.fold([Record("dossier-events", 0, 9, b"H01.06-260301-0001", event)])
    assert not any(changes.tables.values())


def test_an_idle_partition_says_how_far_it_is_once_a_second() -> None:
    bench = Bench("2026-03-03T00:00:00")
    assert bench.clock == at("2026-03-03T00:00:00")
    bench.now += 500_000
    assert bench.settle() == 0
    bench.now += 500_000
    assert bench.settle() == 1
    assert bench.clock == at("2026-03-03T00:00:01")


def test_a_partition_says_at_once_that_it_knows_more_of_the_catalogue():
    bench = Bench("2026-03-12T08:00:00")
    bench.catalogue = 7
    bench.settle()
    assert decode_progress(bench.tables[INDICATOR_DAYS][progress_key()]).catalogue == 7


def test_a_transaction_says_when_its_oldest_event_arrived_and_an_idle_one_nothing() -> None:
    bench = Bench("2026-03-05T12:00:00")
    event = bench.stored(*RECEIVED, **DUE)
    bench._apply(bench.partition.fold([Record("dossier-events", 0, 0, b"H01.06-260301-0001", event, 5_000)]))
    bench._apply(bench.partition.fold([Record("dossier-events", 0, 1, b"H01.06-260301-0001", event, 4_000)]))
    bench._apply(bench.partition.progress({"dossier-events": 2}))
    assert decode_progress(bench.tables[INDICATOR_DAYS][progress_key()]).arrived == 4_000_000
    bench._apply(bench.partition.progress({"dossier-events": 2}))
    assert decode_progress(bench.tables[INDICATOR_DAYS][progress_key()]).arrived is None


def test_time_stands_still_until_what_lay_in_kafka_has_been_read() -> None:
    bench = Bench("2026-03-04T12:00:00")
    bench.push(bench.stored(*RECEIVED, **DUE))
    bench.now = at("2026-03-09T00:00:00")
    bench.restart(behind=True)
    assert (bench.settle(), bench.count("open_overdue", "H01.06")) == (0, 0)
    bench.push(bench.stored("synced", "2026-03-04T13:00:00+07:00"), arrived="2026-03-04T13:00:00")
    assert bench.clock == at("2026-03-04T13:00:00")
    bench.partition.caught_up()
    bench.settle()
    assert (bench.clock, bench.count("open_overdue", "H01.06")) == (at("2026-03-09T00:00:00"), 1)


def test_one_tick_wakes_no_more_than_events_may_wait_for_and_asks_for_another() -> None:
    bench = Bench("2026-03-05T12:00:00")
    bench.push(*(bench.stored(*RECEIVED, subject=f"H01.06-260301-{n:04}", **DUE) for n in range(TIMERS_A_TICK + 1)))
    bench.now = at("2026-03-06T00:00:00")
    first = bench.partition.tick()
    assert first is not None
    assert (len(first.tables["dossiers"]), first.again, first.more) == (TIMERS_A_TICK, True, False)
    bench._apply(first)
    second = bench.partition.tick()
    assert second is not None
    assert (len(second.tables["dossiers"]), second.again) == (1, False)


def test_a_partition_says_how_far_its_state_reaches():
    bench = Bench("2026-03-12T12:00:00+07:00")
    assert bench.partition.reached == {}
    bench._apply(bench.partition.progress({"dossier-events": 2, "unit-events": 5}))
    bench.restart()
    assert bench.partition.reached == {"dossier-events": 2, "unit-events": 5}
