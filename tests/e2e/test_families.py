"""Petitions, procedures and figures, from the public door and from files to the score that the api serves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.office import UNITS
from tests.e2e.door import get, push, run
from tests.stack import Stack

pytestmark = pytest.mark.timeout(600)

UNIT = "H01.30307"
NOW = "2026-03-25T12:00:00+07:00"
SENT = "2026-03-02T08:00:00+07:00"  # a Monday: 15 working days later is Monday the 23rd


@pytest.fixture(scope="module")
def nhip(start_stack: Callable[..., Stack]) -> Stack:
    """A stack with a clock of its own."""
    stack = start_stack(NHIP_NOW=NOW)
    run(stack, "units", "load", str(UNITS))
    return stack


@pytest.fixture(scope="module")
def key(nhip: Stack) -> str:
    return nhip.key("test", "H01")


def event(tag: str, subject: str, time: str = SENT, **data: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": f"{tag} {subject} {time}", "source": "/test", "type": f"nhip.{tag}",
            "subject": subject, "time": time, "data": data}  # fmt: skip


def indicators(nhip: Stack, unit: str) -> dict[str, tuple[int, int]]:
    """Numerator and denominator by indicator, in the first quarter."""
    score = get(nhip, f"/v1/units/{unit}/score", ruleset="766-portal-2026", period="2026-Q1")
    return {
        one["code"]: (one["numerator"], one["denominator"]) for group in score["groups"] for one in group["indicators"]
    }


def test_petitions_count_and_tell_the_dossier_that_they_concern(nhip: Stack, key: str):
    answer = push(
        nhip,
        key,
        event("dossier.received", f"{UNIT}-26-1", unit=UNIT, procedure="1.001"),
        event("dossier.received", f"{UNIT}-26-2", unit=UNIT, procedure="1.002"),
        event("petition.received", "PA-1", unit=UNIT, dossier=f"{UNIT}-26-1", **{"class": "staff"}),
        event("petition.received", "PA-2", unit=UNIT),
        event("petition.answered", "PA-2", "2026-03-04T08:00:00+07:00", unit=UNIT),
        event("petition.published", "PA-2", "2026-03-05T08:00:00+07:00", unit=UNIT),
        event("petition.received", "PA-3", "2026-03-06T08:00:00+07:00", unit=UNIT, repeats="PA-2"),
    )
    assert (answer.status_code, answer.json()) == (202, {"accepted": 7, "rejected": []})
    run(nhip, "wait")
    found = indicators(nhip, UNIT)
    assert found["5.2"] == (2, 3)  # PA-1 is overdue since the 24th
    assert found["5.3"] == (1, 3)  # PA-3 is open in time; PA-2 was repeated
    assert found["5.4"] == (1, 2)  # one of two dossiers in time is petitioned


def test_a_catalogue_offers_and_a_figure_reach_the_score(nhip: Stack, key: str, tmp_path: Path):
    columns = "procedure,name,sector,sector_name,levels,owner,special,fee,paper_result,for_citizens,full_online_eligible,services,allowed,allowed_unit,parts,status,recorded_at"  # noqa: E501
    complete = "name;steps;manner;documents;time;subject;agency"
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text(
        f"{columns}\n"
        f"1.001,Một,,,province,,1,1,,,,2,,,{complete},public,2026-01-01T00:00:00\n"
        f"1.002,Hai,,,province,,1,0,,,,,,,name,public,2026-01-01T00:00:00\n"
        f"1.003,Ba,,,,,,,,,,,,,{complete},hidden,2026-01-01T00:00:00\n",
        encoding="utf-8",
    )
    offers = tmp_path / "offers.csv"
    offers.write_text(
        "unit,procedure,online,on_site,on_site_exempt,from_at,to_at,recorded_at\n"
        "H01,1.001,full,,,2026-01-01,,2026-01-01T00:00:00\n"
        "H01,1.002,information,,,2026-01-01,,2026-01-01T00:00:00\n",
        encoding="utf-8",
    )
    assert "3 accepted, 0 rejected" in run(nhip, "replay", str(catalogue), "--mapping", "procedures", key=key)
    assert "2 accepted, 0 rejected" in run(nhip, "replay", str(offers), "--mapping", "offers", key=key)
    declared = {
        "unit": "H01",
        "figure": "national_report_received",
        "value": 40,
        "from": "2026-01-01",
        "to": "2026-03-31",
    }
    figure = event("unit.declared", "H01/national_report_received/2026-01-01/2026-03-31", **declared)
    decision = {"decision": "7/QĐ", "procedure": "1.001", "unit": "H01"}
    announced = event(
        "procedure.announced", "7/QĐ/1.001", **decision, decided_at="2026-03-02", effective_at="2026-03-09"
    )
    assert push(nhip, key, figure, announced).status_code == 202
    run(nhip, "wait")
    found = indicators(nhip, "H01")
    assert found["1.1"] == (1, 1)
    assert found["1.2"] == (0, 1)  # not public by Monday the 9th
    assert found["1.3"] == (1, 2)
    assert found["1.4"][1] == 40
    assert found["3.1"] == (1, 2)
    assert found["3.4"] == (0, 1)


def test_all_of_it_is_there_after_a_restart(nhip: Stack):
    before = indicators(nhip, UNIT), indicators(nhip, "H01")
    former = nhip.kill_service("scorer")
    nhip.await_restart("scorer", former)
    former = nhip.kill_service("api")
    nhip.await_restart("api", former)
    run(nhip, "wait", "--timeout", "120")
    assert (indicators(nhip, UNIT), indicators(nhip, "H01")) == before
