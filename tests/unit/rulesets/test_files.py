"""What is packaged is readable and uses only what is counted; points are made as the format says."""

import json
from pathlib import Path

import pytest

from schemas.measures import BY_NAME
from schemas.rulesets import (
    RuleSetError,
    UnknownRuleSet,
    available,
    document,
    evaluate_pairs,
    load,
    parse,
    readable,
    summary,
)
from schemas.rulesets.tree import Name, walk
from tests.unit.rulesets.small import SMALL, changed


def test_a_file_may_be_checked_against_other_measures() -> None:
    assert parse(SMALL, ["ended", "open", "ended_on_time", "received", "received_online"]).max == 1200
    with pytest.raises(RuleSetError, match="unknown measure 'received_online'"):
        parse(SMALL, ["ended", "open", "ended_on_time", "received"])


@pytest.mark.parametrize("ruleset", available())
def test_packaged_rule_sets_use_only_measures_that_are_counted(ruleset: str) -> None:
    compiled = load(ruleset)
    assert compiled.id == ruleset
    roots = [
        part for each in compiled.indicators.values() for part in (each.formula.numerator, each.formula.denominator)
    ]
    names = {
        node.name for root in [*roots, *compiled.definitions.values()] for node in walk(root) if isinstance(node, Name)
    }
    assert names - compiled.definitions.keys() <= BY_NAME.keys()


def test_the_portal_s_rule_set_has_the_groups_and_points_of_the_decision() -> None:
    ruleset = load("766-portal-2026")
    points = {group.code: [each.max // 100 for each in group.indicators] for group in ruleset.groups}
    assert points == {
        "CKMB": [6, 4, 2, 6],
        "TDGQ": [20, 0],
        "ONLINE": [2, 4, 6],
        "TTTT": [2, 2, 6],
        "MDSH": [6, 4, 2, 4, 2, 2, 2],
        "MDHL": [0, 0, 6, 6, 6],
    }


def test_a_rule_set_is_shown_as_json_with_its_formulas_and_numbers() -> None:
    shown = json.loads(json.dumps(readable(load("766-portal-2026"))))
    indicator = shown["groups"][2]["indicators"][0]
    assert (indicator["code"], indicator["max"], indicator["full_from"]) == ("3.1", 2, 0.8)
    assert indicator["numerator"] == "procs(procedure_online >= 1)"
    assert indicator["child_units"]["status"] == "not_applicable"
    assert summary(load("766-portal-2026")).keys() == {"id", "name", "law", "status", "valid_from", "max"}


def test_an_unknown_rule_set_is_answered_with_those_that_there_are() -> None:
    for ruleset in ("766", "../secrets", "766-portal-2026.yaml"):
        with pytest.raises(UnknownRuleSet) as raised:
            load(ruleset)
        assert raised.value.available == available()


def test_every_packaged_file_is_found() -> None:
    import schemas.rulesets  # noqa: PLC0415  # to find the files that lie beside it

    files = Path(schemas.rulesets.__file__).parent.glob("*.yaml")
    assert available() == tuple(sorted(file.stem for file in files))
    assert "766-portal-2026" in available()


@pytest.mark.parametrize(
    ("curve", "pair", "expected"),
    [
        ("curve: yes_no", (9, 10), 0.0),
        ("curve: yes_no", (10, 10), 2.0),
        ("curve: yes_no\n        full_from: 0.9", (9, 10), 2.0),
        ("curve: full", (0, 10), 2.0),
        ("curve: steps\n        steps: [{at_least: 0.15, points: 1}, {at_least: 0.3, points: 2}]", (14, 100), 0.0),
        ("curve: steps\n        steps: [{at_least: 0.15, points: 1}, {at_least: 0.3, points: 2}]", (15, 100), 1.0),
        ("curve: steps\n        steps: [{at_least: 0.15, points: 1}, {at_least: 0.3, points: 2}]", (30, 100), 2.0),
        ("curve: linear\n        full_from: 2", (14, 10), 1.4),  # mean points of dossiers, as in TT 01/2018
    ],
)
def test_other_curves_score_as_the_format_says(curve: str, pair: tuple[int, int], expected: float) -> None:
    old = "        max: 2\n        curve: linear"
    ruleset = parse(changed(old, f"        max: 2\n        {curve}"))
    assert document(evaluate_pairs(ruleset, {"2": pair}), 0).groups[0].indicators[1].score == expected


def test_scores_can_be_rounded_to_one_decimal_and_put_into_bands() -> None:
    bands = "bands:\n  - {code: good, name: {vi: Tốt, en: Good}, at_least: 6.5, source: none}\nmax: 12\nrounding"
    text = changed("max: 12\nrounding", bands).replace("decimals: 2", "decimals: 1")
    good = document(evaluate_pairs(parse(text), {"1": (2, 3)}), 0)
    assert (good.total, good.band) == (6.7, "good")
    assert document(evaluate_pairs(parse(text), {"1": (1, 3)}), 0).total == 3.3
