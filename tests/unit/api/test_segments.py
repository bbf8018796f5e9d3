"""Bits of segments: counted and looked through as one would by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.api.cube.presence import Presence
from services.api.cube.segments import Segments
from services.api.cube.standing import Standing

DAYS = st.integers(20_000, 20_140)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 299)), max_size=400, unique=True), st.sets(st.integers(0, 299))
)
def test_bits_are_counted_by_segment(entries, set_pairs):
    segments, pairs = (np.array([entry[side] for entry in entries], np.intp) for side in (0, 1))
    laid = Segments(segments, pairs, 6)
    flags = np.array([pair in set_pairs for pair in range(300)] + [False])
    words = laid.words(laid.entries(flags))
    expected = [sum(1 for segment, pair in entries if segment == number and pair in set_pairs) for number in range(6)]
    assert laid.counts(words).tolist() == expected
    assert laid.any(words).tolist() == [count > 0 for count in expected]


@given(
    st.lists(st.tuples(st.integers(0, 9), DAYS), max_size=40), st.lists(st.tuples(st.integers(0, 9), DAYS)), DAYS, DAYS
)
def test_presence_is_that_of_the_days(marked, cleared, first, last):
    presence, there = Presence(), set()
    for pair, day in marked:
        presence.mark(np.array([pair]), np.array([day]))
        there.add((pair, day))
    for pair, day in cleared:
        presence.clear(pair, day)
        there.discard((pair, day))
    expected = [any(pair == number and first <= day <= last for pair, day in there) for number in range(10)]
    assert presence.within(first, last, slice(0, 10), 10).tolist() == expected
    assert presence.within(first, last, np.array([7, 3]), 2).tolist() == [expected[7], expected[3]]


@given(st.lists(st.tuples(st.integers(0, 9), DAYS, st.integers(-2, 2)), max_size=60), DAYS)
def test_a_stock_stands_as_its_days_add_up(changes, last):
    standing = Standing()
    for pair, day, count in changes:
        standing.add(*(np.array([number]) for number in (pair, day, count)))
    expected = [sum(count for pair, day, count in changes if pair == number and day <= last) for number in range(10)]
    some = [count > 0 for count in expected]
    assert standing.some_at(last, slice(0, 10), 10).tolist() == some
    assert standing.some_at(last, np.array([7, 3]), 2).tolist() == [some[7], some[3]]
