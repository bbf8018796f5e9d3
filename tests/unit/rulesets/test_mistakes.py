"""What is wrong in a rule-set file is named with its line, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rulesets import RuleSetError, available, load, parse
from schemas.rulesets.extent import extent
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
        ("max: 10", "max: NaN", "max: NaN", "NaN is no number"),
        ("max: 10", "max: sNaN", "max: sNaN", "sNaN is no number"),
        ("max: 10", "max: -10", "    max: 12", "but its parts add up"),
        ('code: "2"', 'code: "1"', 'code: "1"\n        name: {vi: Trực', "'1' is there twice"),
        ('code: "2"', "code: two", "code: two", "is no code"),
        ("ended_on_time", "ended_in_time", "numerator: ended_in", "character 1: unknown measure 'ended_in_time'"),
        ("formula: ended + open", "formula: ended + closed", "handled:", "character 9: unknown measure 'closed'"),
        ("  handled: {", "  open: {formula: received, source: none}\n  handled: {", "  open:", "is a measure"),
        ("denominator: received", "denominator: ratio(3)", "denominator: ratio(3)", "names no indicator above 2"),
        ("denominator: received", "denominator: ratio(2)", "denominator: ratio(2)", "names no indicator above 2"),
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
        ("vi: Nhỏ", "vi: ''", "name: {vi: ''", "length >= 1"),
        ("status: draft", "status: historical", "status:", "until when it held"),
        (
            "status: draft",
            "status: draft\nvalid_from: 2026-01-02\nvalid_to: 2026-01-01",
            "valid_to",
            "valid_to lies before valid_from (2026-01-02)",
        ),
        (
            "en: One}\n    source: none",
            "en: One}\n    source: decree",
            "    source: decree",
            "none of the sources: none",
        ),
        ("en: Online}\n        source: none", "en: Online}", '      - code: "2"', "missing required field `source`"),
        (
            "rounding: {decimals: 2, source: none}",
            "rounding: {source: (none)}",
            "rounding:",
            "none of the sources: none",
        ),
        (
            "formula: ended + open, source: none",
            "formula: ended + open, source: nones",
            "handled:",
            "'nones' begins with",
        ),
        ("no_data: 0", "no_data: 3.5", "no_data: 3.5", "more than max"),
        (
            "        max: 2\n        curve: linear",
            "        max: 2\n        full_from: 0.8\n        curve: full",
            "full_from",
            "means nothing",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        child_units: {source: none}",
            "child_units",
            "either values: province or status: not_applicable",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        child_units: {values: province, status: not_applicable, source: none}",
            "child_units",
            "either values: province or status: not_applicable",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        child_units:\n          values: province\n          points: full\n          source: none",
            "points: full",
            "points go with status: not_applicable",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        child_units: {status: not_applicable, points: 3, source: none}",
            "child_units",
            "more than max",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        no_data_with:\n          indicator: '3'\n          points: full\n          source: none",
            "indicator: '3'",
            "'3' is no other indicator",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        no_data_with: {indicator: '2', points: full, source: none}",
            "no_data_with",
            "'2' is no other indicator",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        no_data_with: {indicator: '1', points: 2.5, source: none}",
            "no_data_with",
            "more than max",
        ),
        (
            "no_data: 0",
            "no_data: 0\n        outside_province: {numerator: received, denominator: ratio(9)}",
            "outside_province",
            "names no indicator above 2",
        ),
        (
            "denominator: received",
            "denominator: max(received, last_year(reports))",
            "denominator: max",
            "character 15: unknown figure 'reports'",
        ),
        (
            "max: 12\nrounding",
            (
                "bands:\n  - {code: a, name: {vi: A, en: A}, at_least: 6, source: none}\n"
                "  - {code: b, name: {vi: B, en: B}, at_least: 6, source: none}\nmax: 12\nrounding"
            ),
            "  - {code: b",
            "bands rise",
        ),
        (
            "max: 12\nrounding",
            "bands:\n  - {code: a, name: {vi: A, en: A}, at_least: 13, source: none}\nmax: 12\nrounding",
            "  - {code: a",
            "no total reaches 13",
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
        ("id:\n" + "[" * 1_000, 2, "deep"),  # deeper than Python reads
        ("id: a\n---\nid: b", 2, "another document"),
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


def test_a_file_without_groups_or_a_group_without_indicators_is_refused() -> None:
    head = SMALL[: SMALL.index("groups:")]
    for groups, line, reason in (
        ("groups: []", "groups:", "there is no group"),
        (
            "groups:\n  - {code: A, name: {vi: Một, en: One}, source: none, max: 0, rounding: sum, indicators: []}",
            "  - {code",
            "group A has no indicator",
        ),
    ):
        with pytest.raises(RuleSetError, match=reason) as raised:
            parse(head + groups)
        assert raised.value.line == line_of(head + groups, line)


def test_names_that_double_at_every_step_are_refused_where_they_grow_too_large():
    doubling = "".join(f"  d{n}: {{formula: d{n - 1} + d{n - 1}, source: none}}\n" for n in range(1, 60))
    text = changed("definitions:\n", f"definitions:\n  d0: {{formula: ended + open, source: none}}\n{doubling}")
    with pytest.raises(RuleSetError, match="has more than 1000 parts") as refused:
        parse(text)
    assert refused.value.line == line_of(text, "  d8:")


def test_the_packaged_rule_sets_are_small_enough_to_be_tried_out():
    assert all(extent(load(ruleset)) < 1000 for ruleset in available())
