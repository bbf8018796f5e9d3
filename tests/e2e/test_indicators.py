"""All indicators of Decision 766 over a running stack: a small history of every family goes in over HTTP, two scores come out."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.door import get, push, run
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

PROVINCE, COMMUNE, OTHER = "E90", "E90.11", "E90.12"
UNITS = f"""\
code,name,kind,parent
{PROVINCE},Tỉnh Mẫu,province,
{COMMUNE},Xã Mẫu Một,commune,{PROVINCE}
{OTHER},Xã Mẫu Hai,commune,{PROVINCE}
"""
MONDAY, WEEK_LATER, LATE = (f"2025-03-{day}T08:00:00+07:00" for day in ("03", "10", "25"))
"""March 2025 has no public holiday; all of it lies behind whatever clock the test runs by."""
PARTS = ["name", "steps", "manner", "documents", "time", "subject", "agency"]

EXPECTED: dict[str, dict[str, tuple[float, float, float | None]]] = {
    PROVINCE: {
        "1.1": (1, 2, 3.0),
        "1.2": (2, 2, 4.0),
        "1.3": (1, 2, 1.0),
        "1.4": (2, 5, 2.4),
        "2.1": (3, 4, 15.0),
        "2.2": (36 * 86_400, 3, None),
        "3.1": (1, 2, 1.25),
        "3.2": (3, 3, 4.0),
        "3.3": (0.8, 4, 2.4),
        "3.4": (1, 2, 1.25),
        "3.5": (1, 2, 1.25),
        "3.6": (1, 3, 2.0),
        "4.1": (1, 4, 1.5),
        "4.2": (1, 4, 1.0),
        "4.3": (1, 4, 0.62),
        "4.4": (1, 4, 1.0),
        "4.5a": (1, 1, 2.0),
        "4.5b": (1, 4, 0.5),
        "4.6": (1, 2, 2.0),
        "5.1a": (1, 2, None),
        "5.1b": (1, 2, None),
        "5.2": (1, 2, 3.0),
        "5.3": (1, 2, 3.0),
        "5.4": (1, 4, 1.67),
    },
    COMMUNE: {
        "1.1": (1, 2, 3.0),
        "1.2": (2, 2, 4.0),
        "1.3": (1, 2, 1.0),
        "1.4": (2, 3, 4.0),
        "2.1": (2, 3, 13.33),
        "2.2": (36 * 86_400, 3, None),
        "3.1": (1, 2, 0.0),
        "3.2": (3, 3, 4.0),
        "3.3": (1.3333, 3, 5.33),
        "3.4": (1, 2, 1.25),
        "3.5": (1, 2, 1.25),
        "3.6": (1, 2, 3.0),
        "4.1": (1, 3, 2.0),
        "4.2": (1, 3, 1.33),
        "4.3": (1, 3, 0.83),
        "4.4": (1, 3, 1.33),
        "4.5a": (1, 1, 2.0),
        "4.5b": (1, 3, 0.67),
        "4.6": (1, 1, 2.0),
        "5.1a": (1, 1, None),
        "5.1b": (0, 1, None),
        "5.2": (1, 1, 6.0),
        "5.3": (1, 1, 6.0),
        "5.4": (1, 3, 2.22),
    },
}
"""By unit: numerator, denominator and points of every indicator; reckoned by hand from `history`."""

TOTALS = {
    PROVINCE: ([10.4, 15.0, 7.65, 4.5, 8.62, 7.67], 53.84),
    COMMUNE: ([12.0, 13.33, 9.33, 5.5, 10.16, 14.22], 64.54),
}

_NUMBERS = count()


def event(kind: str, subject: str, time: str = MONDAY, **data: Any) -> dict[str, Any]:
    fields = {name.rstrip("_"): value for name, value in data.items()}
    return {"specversion": "1.0", "id": str(next(_NUMBERS)), "source": "/mot-cua/E90", "type": f"nhip.{kind}",
            "subject": subject, "time": time, "data": fields}  # fmt: skip


def history() -> Iterator[dict[str, Any]]:
    """What happened in the first quarter of 2025."""
    yield from catalogue()
    yield from dossiers()
    yield from petitions()
    reported = {"figure": "national_report_received", "from_": "2025-01-01", "to": "2025-03-31"}
    yield event(
        "unit.declared",
        f"{PROVINCE}/national_report_received/2025-01-01/2025-03-31",
        unit=PROVINCE,
        value=5,
        **reported,
    )
    copies = {"figure": "certified_copy", "from_": "2025-01-01"}
    yield event("unit.declared", f"{COMMUNE}/certified_copy/2025-01-01/", unit=COMMUNE, value=1, **copies)


def catalogue() -> Iterator[dict[str, Any]]:
    """Two special procedures with a fee: E90.A is complete and was announced in time, E90.B neither."""
    alike = {"owner": PROVINCE, "special": True, "fee": True}
    yield event(
        "procedure.described",
        "E90.A",
        procedure="E90.A",
        **alike,
        services=3,
        paper_result=True,
        for_citizens=True,
        parts=PARTS,
    )
    yield event("procedure.described", "E90.B", procedure="E90.B", **alike, parts=PARTS[:6])
    for unit, procedure, online in (
        (COMMUNE, "E90.A", "full"),
        (COMMUNE, "E90.B", "none"),
        (OTHER, "E90.A", "partial"),
    ):
        yield event(
            "procedure.offered",
            f"{unit}/{procedure}",
            unit=unit,
            procedure=procedure,
            online=online,
            from_at="2025-01-01",
        )
    for procedure, decided, published in (("E90.A", "2025-03-03", WEEK_LATER), ("E90.B", "2025-03-27", "2025-03-28")):
        where = {"decision": "90/QĐ", "procedure": procedure, "unit": PROVINCE}
        yield event("procedure.announced", f"90/QĐ/{procedure}", **where, decided_at=decided, effective_at="2025-03-31")
        yield event("procedure.published", f"90/QĐ/{procedure}", **where, published_at=published)


def dossiers() -> Iterator[dict[str, Any]]:
    """One that does everything right, one that ends late, one whose applicant is dissatisfied, one that is still open."""
    right, late, disliked, still_open = (f"{unit}-25-{n}" for n, unit in enumerate((COMMUNE, COMMUNE, COMMUNE, OTHER)))
    digital = dict.fromkeys(("components_digitized", "reused_data", "from_personal_storage", "population_data"), True)
    first, second = (
        {"unit": COMMUNE, "procedure": "E90.A", "fee": 20_000},
        {"unit": COMMUNE, "procedure": "E90.B", "fee": 0},
    )
    yield event("dossier.received", right, **first, channel="online", due_at="2025-03-20", **digital)
    yield event("dossier.received", late, **first, due_at="2025-03-20")
    yield event("dossier.received", disliked, **second, channel="online", due_at="2025-03-20")
    yield event("dossier.received", still_open, **first | {"unit": OTHER}, channel="online", due_at="2025-04-18")
    yield event("dossier.processed", right, WEEK_LATER, result_file=True)
    yield event("dossier.processed", late, LATE)
    yield event("dossier.processed", disliked, WEEK_LATER)
    for code in (right, late):
        yield event("dossier.synced", code)
    yield event("dossier.paid", right, method="national_portal")
    yield event("dossier.rated", disliked, WEEK_LATER, stars=2)


def petitions() -> Iterator[dict[str, Any]]:
    """One answered in time and liked; one about the open dossier, that nobody answers."""
    yield event("petition.received", "E90-PA-1", unit=COMMUNE, class_="rules")
    yield event("petition.accepted", "E90-PA-1", unit=COMMUNE)
    yield event("petition.answered", "E90-PA-1", WEEK_LATER, unit=COMMUNE)
    yield event("petition.published", "E90-PA-1", WEEK_LATER, unit=COMMUNE)
    yield event("petition.rated", "E90-PA-1", WEEK_LATER, unit=COMMUNE, likes=1)
    yield event("petition.received", "E90-PA-2", unit=OTHER, class_="staff", dossier=f"{OTHER}-25-3")


@pytest.fixture(scope="module")
def told(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The shared stack once it has counted the history of a province of our own."""
    units: Path = tmp_path_factory.mktemp("units") / "units.csv"
    units.write_text(UNITS, "utf-8")
    run(stack, "units", "load", str(units))
    key, events = stack.key("e90", PROVINCE), list(history())
    until(lambda: push(stack, key, *events, dry_run="true").json().get("accepted") == len(events))
    assert push(stack, key, *events).json() == {"accepted": len(events), "rejected": []}
    run(stack, "wait")
    return stack


@pytest.mark.parametrize("unit", EXPECTED)
def test_every_indicator_of_a_province_and_of_a_commune_is_as_reckoned_by_hand(told: Stack, unit: str) -> None:
    score = get(told, f"/v1/units/{unit}/score", ruleset="766-portal-2026", period="2025-Q1")
    rows = {
        one["code"]: (one["numerator"], one["denominator"], one["score"])
        for group in score["groups"]
        for one in group["indicators"]
    }
    assert rows == EXPECTED[unit]
    assert ([group["score"] for group in score["groups"]], score["total"]) == TOTALS[unit]
