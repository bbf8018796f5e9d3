"""What dossiers count for: equal to the independent recount, at any now, in any order of arrival."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.measures import BY_NAME, BY_NUMBER, MEASURES, Family
from services.scorer.domain.contributions import contributions, next_change
from tests.oracle import product
from tests.oracle.histories import DAYS, FIRST_DAY, TREE, UNITS, History, days, histories, moments
from tests.oracle.profile import many
from tests.oracle.recount import CONTRACT_COUNTS, FALLS_DUE, Recount

EVER = FIRST_DAY + timedelta(days=1000)
"""A day after all that histories tell."""

OF_CONTRACT = {"online": "received_online", "synced": "received_synced"}
"""Contract counts whose measure has another name."""

looks = histories().flatmap(lambda history: st.tuples(st.just(history), moments(history), st.tuples(days, days)))
"""A history, an instant to look at it, and two days."""


@many
@given(looks)
def test_every_measure_equals_the_recount_in_any_period(look):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.dossiers(history.said, setting), now, setting)
    recount = Recount(history.said, TREE, history.zone, now)
    for begin in (None, first):
        assert _plain(product.measures(cube, begin, last)) == _plain(recount.measures(begin, last))


@many
@given(looks, st.sampled_from(UNITS), st.sampled_from(["own", "subtree"]))
def test_prefix_sums_equal_the_contract_counts_of_every_unit_and_scope(look, unit, scope):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.dossiers(history.said, setting), now, setting)
    for begin in (None, first):
        expected = Recount(history.said, TREE, history.zone, now).counts(unit, scope, begin, last)
        assert _contract_counts(cube, unit, scope, begin, last) == expected


@many
@given(looks)
def test_open_is_carried_over_and_received_less_ended(look):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.dossiers(history.said, setting), now, setting)
    for unit in UNITS:
        counts = _contract_counts(cube, unit, "own", first, last)
        assert counts["open"] == counts["carried_over"] + counts["received"] - counts["ended"]
        assert counts["open"] == counts["open_not_due"] + counts["open_overdue"] + counts["open_no_due"]
        assert counts["ended"] == counts["ended_on_time"] + counts["ended_late"] + counts["ended_no_due"]
        assert min(counts.values()) >= 0


@many
@given(looks)
def test_since_ever_what_became_overdue_ended_late_or_is_open_past_its_due_moment(look):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.dossiers(history.said, setting), now, setting)
    counts = _contract_counts(cube, "H01", "subtree", None, EVER)
    past_due = Recount(history.said, TREE, history.zone, now).past_due()
    assert counts["became_overdue"] == counts["ended_late"] + past_due


@many
@given(looks, st.data())
def test_order_of_arrival_and_duplicates_change_nothing(look, data):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    again = data.draw(st.lists(st.sampled_from(history.said), max_size=4)) if history.said else []
    shuffled = data.draw(st.permutations([*history.said, *again]))
    one, other = product.dossiers(history.said, setting), product.dossiers(shuffled, setting)
    assert one == other
    assert product.cube(one, now, setting) == product.cube(other, now, setting)


@many
@given(looks, st.data())
def test_nothing_changes_before_next_change(look, data):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    for subject, dossier in product.dossiers(history.said, setting).items():
        present = contributions(subject, dossier, now, setting)
        until = next_change(subject, dossier, now, setting)
        assert until is None or until > now
        probes = [data.draw(moments(history)), data.draw(st.integers(now, until or now + 10**12))]
        probes += [] if until is None else [until - 1]
        for probe in probes:
            if now <= probe and (until is None or probe < until):
                assert contributions(subject, dossier, probe, setting) == present


@many
@given(histories(dossiers=2))
def test_waking_at_each_next_change_ends_where_counting_afresh_does(history: History):
    setting = product.SETTINGS[history.zone]
    for subject, dossier in product.dossiers(history.said, setting).items():
        now: int | None = 0
        for _ in range(200):
            last, now = now, next_change(subject, dossier, now, setting)
            if now is None:
                break
        assert now is None, "next_change never comes to rest"
        late = contributions(subject, dossier, 10**17, setting)
        assert contributions(subject, dossier, last, setting) == late


@many
@given(looks)
def test_only_units_of_the_tree_and_known_measures_are_booked_and_only_falls_due_after_today(look):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    dossier_measures = {measure.number for measure in MEASURES if measure.family is Family.DOSSIER}
    today = setting.zone.day(now)
    for unit, _procedure, day, number in product.cube(product.dossiers(history.said, setting), now, setting):
        assert unit in TREE
        assert number in dossier_measures
        assert day >= today if number == BY_NAME[FALLS_DUE].number else day <= today


@many
@given(looks)
def test_what_falls_due_on_any_day_is_open_and_in_time_and_does_not_wait(look):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.dossiers(history.said, setting), now, setting)
    recount = Recount(history.said, TREE, history.zone, now)
    for place, counts in product.measures(cube, None, EVER).items():
        # of the waiting, those without a due moment are in `open_no_due` too
        waiting = counts["open"] - counts["open_overdue"] - counts["open_no_due"] - counts[FALLS_DUE]
        assert 0 <= waiting <= counts["open_waiting"]
        assert counts[FALLS_DUE] == recount.measures(None, EVER)[place][FALLS_DUE]


@pytest.mark.parametrize("name", ["Asia/Ho_Chi_Minh", "America/New_York"])
def test_the_days_drawn_from_reach_across_a_change_of_clocks_where_there_is_one(name):
    zone = product.SETTINGS[name].zone
    offsets = {zone.offset(zone.start_of_day(product.day_number(FIRST_DAY) + n)) for n in range(DAYS)}
    assert len(offsets) == (2 if name == "America/New_York" else 1)


def _plain(table):
    """A table without zeros."""
    return {(place, name): n for place, counts in table.items() for name, n in counts.items() if n}


def _contract_counts(cube, unit: str, scope: str, first: date | None, last: date) -> dict[str, int]:
    """The counts of CONTRACT, section 2, as prefix sums over the product's cube."""
    units = set(TREE.subtree(unit)) if scope == "subtree" else {unit}

    def total(name: str, begin: date | None, end: date) -> int:
        number = BY_NAME[OF_CONTRACT.get(name, name)].number
        table = product.measures({key: n for key, n in cube.items() if key[3] == number}, begin, end)
        return sum(counts[BY_NUMBER[number].name] for (where, _), counts in table.items() if where in units)

    counts = {
        name: total(name, first, last) for name in CONTRACT_COUNTS if name not in {"carried_over", "open_not_due"}
    }
    counts["carried_over"] = 0 if first is None else total("open", None, first - timedelta(days=1))
    counts["open_not_due"] = counts["open"] - counts["open_overdue"] - counts["open_no_due"]
    return {name: counts[name] for name in CONTRACT_COUNTS}
