"""What the rule sets of Decision 766 have in common stands in each file, and is the same in each; what differs is listed here."""

from pathlib import Path
from typing import Any, Final

import pytest

from schemas.rulesets import available, load, offered, readable, summary
from schemas.rulesets.needs import needs

WORDS: Final = ("source", "note")
"""What may be said differently of the same rule."""

FEE: Final = ("no_data", "no_data_with")
DIFFERENCES: Final = {
    "766-2022": {},
    "766-binh-thuan-740": {},
    "766-portal-2025": {
        "1.4": ("no_data",),
        "3.1": ("child_units",),
        "3.4": FEE,
        "3.5": FEE,
        "3.6": FEE,
        "4.6": ("curve", "no_data", "child_units"),
    },
    "766-portal-2026": {
        "1.1": ("child_units",),
        "1.2": ("child_units",),
        "1.3": ("child_units",),
        "1.4": ("no_data",),
        "3.1": ("child_units",),
        "3.4": FEE,
        "3.5": FEE,
        "3.6": FEE,
        "4.1": ("denominator",),
        "4.2": ("full_from",),
        "4.3": ("denominator",),
        "4.4": ("denominator",),
        "4.5b": ("denominator",),
        "4.6": ("curve", "no_data", "child_units"),
        "5.3": ("numerator", "denominator"),
    },
}
"""By rule set and indicator: what is not as in the formula document (`events_and_measures.md`, 3.1, second table)."""


def without_words(part: Any) -> Any:
    """A part of a file without what explains it."""
    if isinstance(part, dict):
        return {key: without_words(value) for key, value in part.items() if key not in WORDS}
    return [without_words(each) for each in part] if isinstance(part, list) else part


def rules(ruleset: str) -> dict[str, Any]:
    return without_words(readable(load(ruleset)))


def indicators(ruleset: str) -> dict[str, dict[str, Any]]:
    return {line["code"]: line for group in rules(ruleset)["groups"] for line in group["indicators"]}


@pytest.mark.parametrize("ruleset", DIFFERENCES)
def test_rules_differ_from_the_formula_document_where_the_table_says_and_nowhere_else(ruleset: str) -> None:
    document, found = indicators("766-2022"), indicators(ruleset)
    assert list(found) == list(document)
    for code, line in document.items():
        keys = line.keys() | found[code].keys()
        different = {key for key in keys if line.get(key) != found[code].get(key)}
        allowed = set(DIFFERENCES[ruleset].get(code, ()))
        assert different <= allowed, code
        assert bool(different) == bool(allowed), code


@pytest.mark.parametrize("ruleset", DIFFERENCES)
def test_definitions_groups_and_rounding_are_the_same(ruleset: str) -> None:
    document, found = rules("766-2022"), rules(ruleset)
    assert found["definitions"] == document["definitions"]
    assert found["rounding"] == document["rounding"]
    for one, other in zip(found["groups"], document["groups"], strict=True):
        assert one | {"indicators": ()} == other | {"indicators": ()}


def test_the_plan_of_binh_thuan_is_the_national_set() -> None:
    assert rules("766-binh-thuan-740")["groups"] == rules("766-2022")["groups"]


def test_the_draft_keeps_groups_and_their_points() -> None:
    assert [(group["code"], group["max"]) for group in rules("766-next")["groups"]] == [
        (group["code"], group["max"]) for group in rules("766-2022")["groups"]
    ]


def test_what_the_draft_takes_over_is_what_stands() -> None:
    draft, document = indicators("766-next"), indicators("766-2022")
    for code in ("1.1", "1.2", "1.3", "2.1", "4.6", "5.2", "5.4"):
        assert draft[code] | {"name": ()} == document[code] | {"name": ()}


def test_status_and_validity_say_which_rule_set_holds_when() -> None:
    shown = {ruleset: summary(load(ruleset)) for ruleset in available()}
    assert {
        ruleset: (line["status"], line.get("valid_from"), line.get("valid_to")) for ruleset, line in shown.items()
    } == {
        "766-2022": ("in_force", "2022-08-01", None),
        "766-binh-thuan-740": ("historical", "2023-05-03", "2025-06-30"),
        "766-next": ("draft", None, None),
        "766-portal-2025": ("historical", "2025-01-01", "2025-12-31"),
        "766-portal-2026": ("in_force", "2026-01-01", None),
    }


def test_a_draft_is_listed_and_scored_when_asked_for_but_neither_offered_nor_kept_ready() -> None:
    assert set(available()) - set(offered()) == {"766-next"}
    assert load("766-next").max == 10_000
    assert "procedure_online_full" not in needs().present
    assert not {attribute for _, attribute in needs().filtered} & {"full_online_eligible"}


def test_the_page_on_rule_sets_lists_each_with_its_status() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rulesets.md").read_text("utf-8")
    for ruleset in available():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{ruleset}` |")]
        assert f"| `{load(ruleset).file.status}` |" in row
