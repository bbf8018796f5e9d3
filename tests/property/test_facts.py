"""Facts are a semilattice: what is known depends on what was said, not on how often or in which order."""

from hypothesis import given
from hypothesis import strategies as st

from services.scorer.domain.facts import Facts, add, first_version, join, pack, unpack
from tests.oracle import product
from tests.oracle.histories import histories
from tests.oracle.profile import many

SETTING = product.SETTINGS["Asia/Ho_Chi_Minh"]


def facts_of(stated):
    facts = Facts()
    for one in stated:
        add(facts, one)
    return facts


def clashing(history):
    """All that a history states, of whatever dossier and sender, each also under one and the same identity: the sender's error."""
    stated = [product.stated(said, SETTING) for said in history.said]
    return stated + [(field, item, _renamed(fact)) for field, item, fact in stated]


def _renamed(fact):
    return type(fact)(**{name: getattr(fact, name) for name in fact.__struct_fields__} | {"id": "1", "source": "/a"})


statements = histories(dossiers=2).map(clashing)
"""Facts in any order, with equal moments, clashing identities, duplicates."""


@many
@given(statements, st.data())
def test_any_order_with_any_duplicates_gives_the_same_facts(stated, data):
    again = data.draw(st.lists(st.sampled_from(stated), max_size=5)) if stated else []
    assert facts_of(data.draw(st.permutations(stated + again))) == facts_of(stated)


@many
@given(statements)
def test_what_is_known_already_changes_nothing_and_says_so(stated):
    facts = facts_of(stated)
    before = pack({"H01": facts})
    assert [one for one in stated if add(facts, one)] == []
    assert pack({"H01": facts}) == before


@many
@given(statements)
def test_add_says_whether_anything_changed(stated):
    facts = Facts()
    for one in stated:
        before = pack({"H01": facts})
        assert add(facts, one) == (pack({"H01": facts}) != before)


@many
@given(st.lists(statements, min_size=3, max_size=3))
def test_joining_is_idempotent_commutative_and_associative(three):
    one, other, third = (facts_of(stated) for stated in three)
    assert join(one, one) == one
    assert join(one, other) == join(other, one)
    assert join(join(one, other), third) == join(one, join(other, third))


@many
@given(statements, statements)
def test_joining_equals_hearing_both_and_leaves_both_as_they_were(one, other):
    left, right = facts_of(one), facts_of(other)
    assert join(left, right) == facts_of(one + other)
    assert (left, right) == (facts_of(one), facts_of(other))


@many
@given(statements)
def test_the_greatest_version_holds_as_a_whole_and_the_least_is_remembered(stated):
    facts = facts_of(stated)
    for field, item in {(field, item) for field, item, _ in stated}:
        versions = [fact.version for other, same, fact in stated if (other, same) == (field, item)]
        held = getattr(facts, field)
        assert (held if item is None else held[item]).version == max(versions)
        if field in {"received", "submitted"}:
            assert first_version(facts, field) == min(versions)


@many
@given(statements)
def test_packing_loses_nothing(stated):
    dossier = {"H01": facts_of(stated), "H01.11": Facts()}
    assert unpack(pack(dossier)) == dossier
