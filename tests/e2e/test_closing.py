"""From events to an official figure, a late correction, and the official scores of the portal beside ours; as docs/closing.md walks it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.office import UNITS
from tests.e2e.door import get, push, run
from tests.stack import Stack

pytestmark = pytest.mark.timeout(600)

UNIT = "H01.30307"
NOW = "2026-04-03T08:00:00+07:00"
QUARTER = {"period": "2026-Q1"}
TOTAL, ON_TIME = 63.5, 17.25
"""What the portal is said to show."""


@pytest.fixture(scope="module")
def nhip(start_stack: Callable[..., Stack]) -> Stack:
    """A stack three days after the quarter's end."""
    stack = start_stack(NHIP_NOW=NOW)
    run(stack, "units", "load", str(UNITS))
    return stack


@pytest.fixture(scope="module")
def key(nhip: Stack) -> str:
    return nhip.key("mot-cua", "H01")


def event(tag: str, number: int, time: str, **data: Any) -> dict[str, Any]:
    subject = f"{UNIT}-260302-{number:04}"
    return {"specversion": "1.0", "id": f"{tag} {subject} {time}", "source": "/mot-cua/H01", "type": f"nhip.dossier.{tag}",
            "subject": subject, "time": time, "data": data}  # fmt: skip


def on_time(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = [each for group in document["groups"] for each in group["indicators"] if each["code"] == "2.1"]
    return found


def test_a_closed_quarter_stays_and_says_what_a_late_correction_would_have_changed(nhip: Stack, key: str):
    for number in range(1, 5):
        received = event(
            "received", number, "2026-03-02T08:00:00+07:00", unit=UNIT, procedure="1.001193", due_at="2026-03-20"
        )
        finished = event("processed", number, "2026-03-18T10:00:00+07:00")
        assert push(nhip, key, received, finished).json()["accepted"] == 2
    run(nhip, "wait")
    before = get(nhip, f"/v1/units/{UNIT}/score", **QUARTER)
    assert (on_time(before)["numerator"], on_time(before)["denominator"]) == (4, 4)

    refused = run(nhip, "periods", "close", "2026-Q1", "--parent", "H01", key=key, expect=1)
    assert "--close" in refused
    office = nhip.key("vpubnd", "H01", close=True)
    said = run(nhip, "periods", "close", "2026-Q1", "--parent", "H01", "--decision", "12/QĐ-UBND", key=office)
    assert "Closing 1: 118 units, 2026-01-01 to 2026-03-31" in said
    assert "is closed" in run(nhip, "periods", "close", "2026-Q1", "--parent", "H01", key=office, expect=1)
    assert "not ended" in run(nhip, "periods", "close", "2026-Q2", "--parent", "H01", key=office, expect=1)

    # on 2 April the commune corrects: dossier 4 was not finished before the 24th of March
    late = event("processed", 4, "2026-04-02T09:00:00+07:00", finished_at="2026-03-24T10:00:00+07:00")
    assert push(nhip, key, late).status_code == 202
    run(nhip, "wait")
    published = get(nhip, f"/v1/units/{UNIT}/score", published="true", **QUARTER)
    live = get(nhip, f"/v1/units/{UNIT}/score", **QUARTER)
    assert published["total"] == before["total"] > live["total"]
    assert published["difference"]["total"] == round(live["total"] - before["total"], 2)
    assert on_time(published)["numerator"] == 4
    assert on_time(published)["now"]["numerator"] == on_time(live)["numerator"] == 3
    assert live["closed"]["decision"] == "12/QĐ-UBND"
    assert ("2.1", "numerator", -1) in {
        (each["of"], each["member"], each["difference"]) for each in live["closed"]["differs"]
    }
    assert "12/QĐ-UBND" in run(nhip, "periods", "list")
    assert f"{before['total']:.2f}" in run(nhip, "periods", "show", "1")


def test_scores_of_the_portal_are_declared_through_the_door_and_stand_beside_ours(
    nhip: Stack, key: str, tmp_path: Path
):
    answer = [
        {"TEN": "Xã", "MA_COQUAN": UNIT, "LOAI_COQUAN": "3", "TDGQ": ON_TIME, "TONG_SCORE": TOTAL, "CLGQ": None},
        {"TEN": "Bắc Ninh", "MA_COQUAN": "H05", "LOAI_COQUAN": "1", "TONG_SCORE": 91.52},
    ]
    file = tmp_path / "portal.json"
    file.write_text(json.dumps({"data": answer}), "utf-8")
    options = ("--ruleset", "766-portal-2026", "--period", "2026-Q1")
    said = run(nhip, "official", "import", str(file), *options, key=key, expect=1)
    assert "2 scores of 2 units declared, 1 rejected" in said  # the key does not speak for another province
    assert "H05, total: unknown_unit" in said
    run(nhip, "wait")
    found = get(nhip, f"/v1/units/{UNIT}/compare", **QUARTER)
    live = get(nhip, f"/v1/units/{UNIT}/score", **QUARTER)
    assert found["total"] == {"ours": live["total"], "official": TOTAL, "difference": round(live["total"] - TOTAL, 2)}
    (group,) = [each for each in found["groups"] if each["code"] == "TDGQ"]
    assert (group["official"], group["difference"]) == (ON_TIME, round(group["ours"] - ON_TIME, 2))
    assert "TDGQ" not in found["missing"]
    assert {"CKMB", "2.1"} <= set(found["missing"])
    whole = get(nhip, "/v1/units/H01/compare", children="true", **QUARTER)
    assert whole["total"]["official"] is None  # nothing is added up
    (child,) = [each for each in whole["children"] if each["unit"]["code"] == UNIT]
    assert child["total"] == found["total"]

    # imported again, a correction holds
    answer[0]["TONG_SCORE"] = 64
    file.write_text(json.dumps(answer[:1]), "utf-8")
    assert "2 scores of 1 units declared" in run(nhip, "official", "import", str(file), *options, key=key)
    run(nhip, "wait")
    assert get(nhip, f"/v1/units/{UNIT}/compare", **QUARTER)["total"]["official"] == 64
    assert get(nhip, f"/v1/units/{UNIT}/compare", period="2026-03")["total"]["official"] is None


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("nothing.json", (), "nothing.json"),
        ("empty.json", (), "no score"),
        ("good.json", ("--ruleset", "none"), "there are 766-"),
        ("good.json", ("--period", "soon"), "is no period"),
    ],
)
def test_an_import_that_cannot_begin_says_why(
    nhip: Stack, key: str, tmp_path: Path, file: str, options: tuple[str, ...], said: str
):
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "good.json").write_text('[{"unit": "H01", "total": 5}]')
    given = {"--ruleset": "766-portal-2026", "--period": "2026-Q1", **dict([options] if options else [])}
    words = [word for pair in given.items() for word in pair]
    done = nhip.nhip("official", "import", str(tmp_path / file), *words, "--key", key, check=False)
    assert done.returncode in (1, 2)
    assert said in done.stdout + done.stderr
