"""What petitions, procedures and figures count for: equal to the independent recount, at any now, in any order of arrival."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.rows import FIGURE, PROCEDURE, decode_figure, decode_procedure
from services.scorer.domain.spans import FOREVER
from tests.oracle import family_product as product
from tests.oracle.families import FamiliesRecount
from tests.oracle.family_histories import START, TREE, days, histories
from tests.oracle.histories import moments
from tests.oracle.product import measures
from tests.oracle.profile import many

FLAGS = ("special", "fee", "paper_result", "for_citizens", "full_online_eligible")
EVER = START + timedelta(days=400)

looks = histories().flatmap(lambda history: st.tuples(st.just(history), moments(history), st.tuples(days, days)))
"""A history, an instant to look at it, and two days."""


@many
@given(looks)
def test_every_measure_equals_the_recount_in_any_period(look):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    cube = product.cube(product.subjects(history.said, setting), now, setting)
    recount = FamiliesRecount(history.said, TREE, history.zone, now)
    for begin, end in ((None, last), (first, last), (None, EVER)):
        assert _plain(measures(cube, begin, end)) == _plain(recount.measures(begin, end))


@many
@given(looks)
def test_what_is_told_of_procedures_and_figures_is_what_was_said_last(look):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    notes = product.notes(product.subjects(history.said, setting), now, setting)
    recount = FamiliesRecount(history.said, TREE, history.zone, now)
    told = {name: decode_procedure(note).attributes for name, note in notes[PROCEDURE].items()}
    assert told.keys() == recount.described().keys()
    for name, line in recount.described().items():
        assert {flag for flag in FLAGS if told[name][flag]} == {flag for flag in FLAGS if line.says(flag)}
        assert told[name]["services"] == line.data.get("services", 1)
    figures = {name: decode_figure(note) for name, note in notes[FIGURE].items()}
    assert {name: (row.unit, row.figure, row.value) for name, row in figures.items()} == recount.figures()


@many
@given(looks, st.data())
def test_order_of_arrival_and_duplicates_change_nothing(look, data):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    shuffled = data.draw(
        st.permutations([*history.said, *data.draw(st.lists(st.sampled_from(history.said), max_size=4))])
    )
    one, other = product.subjects(history.said, setting), product.subjects(shuffled, setting)
    assert one == other
    assert product.cube(one, now, setting) == product.cube(other, now, setting)


@many
@given(looks, st.data())
def test_nothing_changes_before_next_change(look, data):
    history, now, _ = look
    setting = product.SETTINGS[history.zone]
    known = product.subjects(history.said, setting)
    for place in known:
        present = product.book(known, place, now, setting)
        assert present.next_change > now
        for probe in (data.draw(moments(history)), data.draw(st.integers(now, now + 10**13)), present.next_change - 1):
            if now <= probe < present.next_change and probe < FOREVER - 1:
                booking = product.book(known, place, probe, setting)
                assert (booking.cells, booking.notes) == (present.cells, present.notes)


@many
@given(histories())
def test_waking_at_each_next_change_ends_where_counting_afresh_does(history):
    setting = product.SETTINGS[history.zone]
    known = product.subjects(history.said, setting)
    for place in known:
        now, last = 0, 0
        for _ in range(200):
            if now == FOREVER:
                break
            last, now = now, product.book(known, place, now, setting).next_change
        assert now == FOREVER, "next_change never comes to rest"
        assert product.book(known, place, last, setting).cells == product.book(known, place, 10**17, setting).cells


def _plain(table):
    """A table without zeros."""
    return {(place, name): n for place, counts in table.items() for name, n in counts.items() if n}
