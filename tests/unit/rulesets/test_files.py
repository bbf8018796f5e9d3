"""A rule-set file is checked line by line; what is packaged is readable and uses only what is counted."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from tests.unit.rulesets.profile import untimed
from tests.unit.rulesets.small import SMALL, changed, line_of


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("id: small", "id: Small!", "id:", "an id has"),
        ("law: none\n", "", "id:", "missing required field `law`"),
        ("status: draft", "status: dead", "status:", "Invalid enum value"),
        ("status: draft", "status: draft\nstatus: draft", "status: draft\nmax", "'status' is there twice"),
        ("status: draft", "status: draft\nvalid_from: 2026-02-30", "valid_from", "is no day"),
        ("law: none", "law: none\ncolour: red", "id:", "unknown field `colour`"),
        ("decimals: 2", "decimals: 3", "rounding: {", "Invalid enum value"),
        ("name: {vi: Một, en: One}", "name: {vi: Một}", "name: {vi: Một", "missing required field `en`"),
        ("name: {vi: Một, en: One}", "name: [Một]", "name: [Một", "Expected `object`"),
        ("max: 12\nrounding", "max: 13\nrounding", "max: 13", "max is 13, but its parts add up to 12"),
        ("    max: 12\n", "    max: 11\n", "    max: 11", "max is 11, but its parts add up to 12"),
        ("max: 10", "max: 10.001", "    max: 12", "but its parts add up"),
        ("max: 10", "max: ten", "max: ten", "Invalid decimal"),
        ("max: 10", "max: NaN", "    max: 12", "but its parts add up"),
        ('code: "2"', 'code: "1"', 'code: "1"\n        name: {vi: Trực', "'1' is there twice"),
        ('code: "2"', "code: two", "code: two", "is no code"),
        ("ended_on_time", "ended_in_time", "numerator: ended_in", "character 1: unknown measure 'ended_in_time'"),
        ("formula: ended + open", "formula: ended + closed", "handled:", "character 9: unknown measure 'closed'"),
        ("  handled: {", "  open: {formula: received, source: none}\n  handled: {", "  open:", "is a measure"),
        ("denominator: received", "denominator: ratio(3)", '      - code: "2"', "names no indicator above 2"),
        ("denominator: received", "denominator: ratio(2)", '      - code: "2"', "names no indicator above 2"),
        ("no_data: 0", "no_data: 3", "no_data: 3", "more than max"),
        ("no_data: 0", "no_data: nothing", "no_data: nothing", "neither points nor full nor null"),
        ("no_data: 0", "no_data: 0\n        full_from: 0", "full_from", "a threshold lies above 0"),
        (
            "no_data: 0",
            "no_data: 0\n        steps: [{at_least: 0.5, points: 1}]",
            "steps:",
            "steps go with curve: steps",
        ),
        (
            "        max: 2\n        curve: linear",
            "        max: 2\n        curve: analysis",
            "max: 2\n        curve",
            "for analysis",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line(old: str, new: str, place: str, reason: str) -> None:
    text = changed(old, new)
    with pytest.raises(RuleSetError) as raised:
        parse(text)
    assert (raised.value.line, reason in raised.value.reason) == (line_of(text, place), True), raised.value


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty"),
        ("id: [1,", 1, "expected the node content"),
        ("id: a\n  b: c", 2, "mapping values are not allowed"),
        ("id: &a x\nlaw: *a", 2, "aliases are not allowed"),
        ("? [a]\n: b", 1, "a key must be a word"),
        ("- a", 1, "Expected `object`"),
        ("id: \x00", None, "not allowed"),
        ("[" * 30 + "]" * 30, 1, "deep"),
    ],
)
def test_what_is_no_rule_set_at_all_is_named_too(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(RuleSetError) as raised:
        parse(text)
    assert (raised.value.line, reason in raised.value.reason) == (line, True), raised.value


@untimed
@given(
    st.integers(0, len(SMALL)),
    st.integers(0, 20),
    st.one_of(st.text(max_size=8), st.sampled_from(["NaN", "1e400", "- ", "[", "{", "-1"])),
)
def test_a_spoilt_file_is_read_or_refused_and_nothing_else(at: int, length: int, new: str) -> None:
    try:
        parse(SMALL[:at] + new + SMALL[at + length :])
    except RuleSetError as error:
        assert error.reason  # noqa: PT017  # either outcome is right


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


@pytest.mark.parametrize("ruleset", available())
def test_packaged_rule_sets_name_a_source_beside_every_line(ruleset: str) -> None:
    file = load(ruleset).file
    sources = [line.source for group in file.groups for line in group.indicators]
    sources += [group.source for group in file.groups]
    sources += [file.rounding.source, *(definition.source for definition in file.definitions.values())]
    assert [source for source in sources if not any(known in source for known in file.sources)] == []


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
