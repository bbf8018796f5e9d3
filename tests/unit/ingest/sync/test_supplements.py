"""Requests for more papers, their answers, and which due moment holds (`DanhSachHoSoBoSung`)."""

import pytest

from services.ingest.sync.batch import DOSSIERS
from tests.unit.ingest.sync.mapping import RECORD, dossier, events, utc

SUPPLEMENT = {"HoSoBoSungId": "77", "NgayBoSung": "20260314090000"}
BROUGHT = SUPPLEMENT | {"NgayTiepNhanBoSung": "20260317100000"}


def test_a_supplement_that_is_waited_for() -> None:
    made = dossier(DanhSachHoSoBoSung=[SUPPLEMENT])
    assert made["supplement_requested"] == {"supplement": "77", "requested_at": utc("2026-03-14T09:00:00")}
    assert "supplemented" not in made


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("", "", None),
        ("20260320000000", "", None),
        ("20260320000000", "20260320", None),
        ("20260320170000", "2026-03-20T17:00:00+07:00", None),
        ("20260320000000", "20260324000000", "2026-03-24T23:59:59.999999"),
        ("", "20260324150000", "2026-03-24T15:00:00"),
    ],
)
def test_a_supplement_that_has_come(before: str, after: str, due: str | None) -> None:
    one = BROUGHT | {"NgayHenTraTruoc": before, "NgayHenTraMoi": after}
    expected = {"supplement": "77", "completed_at": utc("2026-03-17T10:00:00")}
    assert dossier(DanhSachHoSoBoSung=[one])["supplemented"] == expected | ({"due_at": utc(due)} if due else {})


def test_the_moment_of_arrival_never_makes_a_request() -> None:
    made = dossier(TrangThaiHoSo="5", DanhSachHoSoBoSung=[{"HoSoBoSungId": "77"}])
    assert made.keys() == {"received", "synced"}


@pytest.mark.parametrize("written", ["", "Trần Thị B", "x" * 65])
def test_a_supplement_without_a_proper_id_is_known_by_its_moment(written: str) -> None:
    one = BROUGHT | {"HoSoBoSungId": written}
    made = dossier(DanhSachHoSoBoSung=[one])
    assert made["supplement_requested"]["supplement"] == made["supplemented"]["supplement"] == "20260314090000"


@pytest.mark.parametrize(
    ("appointed", "holds"),
    [
        ("20260320", "supplemented"),
        ("20260324", "supplemented"),
        ("20260318", "supplemented"),
        ("20260330", "received"),
    ],
)
def test_the_due_moment_of_a_supplement_holds_unless_a_later_one_was_set(appointed: str, holds: str) -> None:
    one = BROUGHT | {"NgayHenTraTruoc": "20260320", "NgayHenTraMoi": "20260324"}
    made = events(DOSSIERS, RECORD | {"NgayHenTra": appointed, "DanhSachHoSoBoSung": [one]})
    last = max((event for event in made if "due_at" in event["data"]), key=lambda event: event["id"])
    assert last["type"] == f"nhip.dossier.{holds}"


def test_of_two_supplements_the_due_moment_of_the_later_one_holds() -> None:
    first = {
        "HoSoBoSungId": "1",
        "NgayBoSung": "20260313",
        "NgayTiepNhanBoSung": "20260314",
        "NgayHenTraMoi": "20260322",
    }
    second = {
        "HoSoBoSungId": "2",
        "NgayBoSung": "20260315",
        "NgayTiepNhanBoSung": "20260316",
        "NgayHenTraMoi": "20260321",
    }
    made = events(DOSSIERS, RECORD | {"DanhSachHoSoBoSung": [second, first]})
    last = max((event for event in made if event["type"].endswith("supplemented")), key=lambda event: event["id"])
    assert last["data"]["supplement"] == "2"


def test_ids_rise_with_the_place_of_an_event() -> None:
    made = events(DOSSIERS, RECORD | {"DanhSachHoSoBoSung": [BROUGHT | {"HoSoBoSungId": n} for n in range(300)]})
    ids = [event["id"] for event in made]
    assert ids == sorted(set(ids))
