"""The rule set gives the scores that the portal published, from the counts that the portal published."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from schemas.rulesets import Scores, evaluate_pairs, load, places
from tests.unit.rulesets.published import hundredths, payment_pairs, tables

pytestmark = pytest.mark.shared

RULESET = load("766-portal-2026")
KINDS = {"province": "province", "agency": "department", "commune": "commune"}
CODES = {line.portal_code: line.code for group in RULESET.file.groups for line in group.indicators if line.portal_code}
SPLIT_BY_ROUNDING = 1  # hundredths: the published total may be rounded from groups that were not (indicators.md, A.5)


def rows_with_components() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tables()["766-components-2026-ytd"]["rows"]
    return rows


def rows_with_groups() -> Iterator[dict[str, Any]]:
    for table in tables().values():
        yield from (row for row in table["rows"] if "groups" in row and "total" in row)


def scores_of(row: dict[str, Any]) -> Scores:
    pairs = {
        CODES[key]: (part["numerator"], part["denominator"])
        for key, part in row["components"].items()
        if part["numerator"] is not None
    }
    return evaluate_pairs(RULESET, pairs | payment_pairs(row["payment"]), KINDS[row["level"]])


def by_code(scores: Scores) -> dict[str, int | None]:
    """The scores of all indicators, in hundredths; None: no score."""
    return {
        each.indicator.code: int(each.score[0]) if each.scored[0] else None
        for group in scores.groups
        for each in group.indicators
    }


def groups_of(scores: Scores) -> dict[str, int]:
    return {group.group.code: int(group.score[0]) for group in scores.groups}


def complete_groups(row: dict[str, Any]) -> list[str]:
    """The groups of which a row holds every component that gives points."""
    had = {CODES[key] for key in row["components"]}
    return [group.code for group in RULESET.groups if {each.code for each in group.indicators if each.max} <= had]


def test_every_component_is_scored_as_published() -> None:
    compared = 0
    for row in rows_with_components():
        found = by_code(scores_of(row))
        for key, part in row["components"].items():
            expected = None if part["score"] is None else hundredths(part["score"])
            assert found[CODES[key]] == expected, (row["unit"], key, part)
            compared += 1
    assert compared == 105


def test_every_group_with_all_its_components_is_scored_as_published() -> None:
    compared = 0
    for row in rows_with_components():
        found = groups_of(scores_of(row))
        for code in complete_groups(row):
            assert found[code] == hundredths(row["groups"][code]), (row["unit"], code)
            compared += 1
    assert compared == 28


def test_every_total_is_the_sum_of_computed_and_published_groups() -> None:
    compared = 0
    for row in rows_with_components():
        found, complete = groups_of(scores_of(row)), complete_groups(row)
        total = sum(found[code] if code in complete else hundredths(points) for code, points in row["groups"].items())
        assert abs(total - hundredths(row["total"])) <= SPLIT_BY_ROUNDING, row["unit"]
        compared += 1
    assert compared == 7


def test_every_published_total_is_the_sum_of_its_groups_none_above_its_max() -> None:
    most = {group.code: group.max for group in RULESET.groups}
    compared = 0
    for row in rows_with_groups():
        groups = {code: hundredths(points) for code, points in row["groups"].items()}
        assert groups.keys() == most.keys()
        assert all(groups[code] <= most[code] for code in most), row["unit"]
        assert abs(sum(groups.values()) - hundredths(row["total"])) <= SPLIT_BY_ROUNDING, row["unit"]
        compared += 1
    assert compared == 140


def test_payment_is_scored_as_published() -> None:
    rows = tables()["766-phutho-payment-2026"]["rows"]
    for row in rows:
        found = groups_of(evaluate_pairs(RULESET, payment_pairs(row)))
        assert abs(found["TTTT"] - hundredths(row["score"])) <= SPLIT_BY_ROUNDING, row["unit"]
    assert len(rows) == 4


def test_some_whole_number_of_integrated_procedures_explains_each_payment_score() -> None:
    """Component C is not in that crawl; its published group score must still come from a count of procedures."""
    rows = [row for row in rows_with_components() if row["payment"]["dossiers_with_financial_obligation"]]
    for row in rows:
        pairs, fee = payment_pairs(row["payment"]), row["payment"]["procedures_with_fee"]
        published = hundredths(row["groups"]["TTTT"])

        def score(count: int, pairs: dict[str, tuple[int, int]] = pairs, fee: int = fee) -> int:
            return groups_of(evaluate_pairs(RULESET, pairs | {"3.5": (count, fee)}))["TTTT"]

        least = bisect_left(range(fee), published - SPLIT_BY_ROUNDING, key=score)
        assert abs(score(least) - published) <= SPLIT_BY_ROUNDING, row["unit"]
    assert len(rows) == 6


def test_online_services_are_scored_as_published() -> None:
    rows = tables()["766-phutho-online-2026"]["rows"]
    for row in rows:
        given = row["components"]
        pairs = {"3.1": given["3.1"], "3.2": given["3.2"], "3.3": (given["3.3_score"], 2 * 6)}  # half of all is full
        scores = evaluate_pairs(RULESET, pairs)
        assert by_code(scores)["3.3"] == hundredths(given["3.3_score"])
        assert groups_of(scores)["ONLINE"] == hundredths(row["score"])
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("table", "rank", "size"),
    [
        ("766-province-2026-ytd", "rank", 34),
        ("766-province-2025-10", "rank", 34),
        ("766-gialai-agencies-2026-ytd", "group_rank", 14),
    ],
)
def test_ranks_are_as_published(table: str, rank: str, size: int) -> None:
    rows = tables()[table]["rows"]
    found = places(np.array([hundredths(row["total"]) for row in rows]), [row["code"] for row in rows])
    published = {row["code"]: row[rank] for row in rows}
    assert sorted(published.values()) == list(range(1, size + 1))
    for row, place in zip(rows, found, strict=True):
        alike = [published[other["code"]] for other in rows if other["total"] == row["total"]]
        assert int(place) in alike, row["unit"]  # among equal totals the portal's order is not published


@pytest.mark.parametrize("table", ["766-gialai-agencies-2026-ytd", "766-angiang-communes-2025-10"])
def test_ranks_within_a_larger_table_rise_as_the_totals_fall(table: str) -> None:
    rows = sorted(tables()[table]["rows"], key=lambda row: row["rank"])
    assert len(rows) == {"766-gialai-agencies-2026-ytd": 14, "766-angiang-communes-2025-10": 51}[table]
    totals = [row["total"] for row in rows]
    assert totals == sorted(totals, reverse=True)
