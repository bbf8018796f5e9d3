"""All units at once: counted as the table of indicators says, scored as one at a time, ranked as the portal ranks."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.measures import MEASURES, Family
from schemas.rulesets import available, document, evaluate, evaluate_pairs, load, places
from schemas.rulesets.figures import of_last_year
from schemas.rulesets.vocabulary import VOCABULARY
from tests.unit.rulesets.profile import untimed
from tests.unit.rulesets.province import CODES, PROCEDURES, UNITS, Province
from tests.unit.rulesets.recount import expected

RULESET = load("766-portal-2026")
DOSSIERS = [measure.name for measure in MEASURES if measure.family is not Family.PETITION]
PETITIONS = [measure.name for measure in MEASURES if measure.family is Family.PETITION]
FIGURES = ["certified_copy", "national_report_received", of_last_year("national_report_received")]
SOME = st.integers(0, 9)


@st.composite
def provinces(draw: st.DrawFn) -> Province:
    """Counts of the small tree; consistency between measures is not asked for, formulas hold for any."""
    counts = Province(subtree=draw(st.booleans()))
    size = len(DOSSIERS) * len(CODES) * len(PROCEDURES)
    values = np.random.default_rng(draw(st.integers(0, 2**32))).integers(0, 10, size) * draw(
        st.sampled_from([0, 1, 1, 1])
    )
    rare = draw(st.booleans())
    keys = ((name, unit, each) for name in DOSSIERS for unit in CODES for each in PROCEDURES)
    counts.split.update({key: int(value) for key, value in zip(keys, values, strict=True) if not rare or value > 7})
    counts.petitions.update(
        {
            (name, unit, each): draw(SOME)
            for name in PETITIONS
            for unit in CODES
            for each in ("rules", "staff")
            if draw(st.booleans())
        }
    )
    for attribute in sorted(VOCABULARY.attributes):
        counts.attributes[attribute] = draw(st.sets(st.sampled_from(PROCEDURES)))
    counts.services = draw(st.dictionaries(st.sampled_from(PROCEDURES), st.integers(0, 4)))
    counts.figures = draw(st.dictionaries(st.tuples(st.sampled_from(FIGURES), st.sampled_from(CODES)), SOME))
    return counts


@pytest.mark.parametrize("ruleset", available())
@settings(untimed, max_examples=25)
@given(provinces())
def test_every_indicator_counts_what_the_table_says(ruleset: str, counts: Province) -> None:
    scores = evaluate(load(ruleset), counts)
    indicators = [each for group in scores.groups for each in group.indicators]
    for row, unit in enumerate(CODES):
        found = {
            each.indicator.code: (each.counted.numerator[row], each.counted.denominator[row]) for each in indicators
        }
        assert found == expected(counts, unit, ruleset), unit


@pytest.mark.parametrize("ruleset", available())
@settings(untimed, max_examples=25)
@given(provinces())
def test_all_units_at_once_score_as_each_alone(ruleset: str, counts: Province) -> None:
    scores = evaluate(load(ruleset), counts)
    for row, (_, kind, parent) in enumerate(UNITS):
        pairs: dict[str, Any] = {}
        for each in (one for group in scores.groups for one in group.indicators):
            numerator, denominator = each.counted.numerator[row], each.counted.denominator[row]
            pairs[each.indicator.code] = (max(0, numerator), max(0, denominator))
        if any(each.denominator != 1 for pair in pairs.values() for each in pair):
            continue  # a third is no decimal number: 3.3 can then not be given as a pair
        given_pairs = {code: (int(over), int(under)) for code, (over, under) in pairs.items()}
        acts_as = "ministry" if parent == "G09" else kind  # below a ministry nothing is inherited
        one = document(evaluate_pairs(load(ruleset), given_pairs, acts_as), 0)
        many = document(scores, row)
        assert (many.total, [group.score for group in many.groups]) == (
            one.total,
            [group.score for group in one.groups],
        )


def test_an_evaluation_of_no_units_is_empty() -> None:
    assert len(evaluate(RULESET, Province(tree=[])).total) == 0


def test_a_unit_alone_without_a_province_scores_its_own_values() -> None:
    counts = Province(tree=[("BOS", "", None)])
    counts.split.update({("ended", "BOS", PROCEDURES[0]): 4, ("ended_on_time", "BOS", PROCEDURES[0]): 3})
    assert document(evaluate(RULESET, counts), 0).groups[1].score == 15.0


def test_equal_totals_get_places_one_after_the_other() -> None:
    totals = np.array([7329, 6000, 7329, 8000], np.int64)
    assert places(totals, ["B", "C", "A", "D"]).tolist() == [3, 4, 2, 1]
