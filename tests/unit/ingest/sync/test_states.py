"""Every state of a dossier (`events_and_measures.md`, 4.2, second table)."""

import pytest

from services.ingest.sync.batch import DOSSIERS
from tests.unit.ingest.sync.mapping import ARRIVAL, RECORD, dossier, refused, utc

FINISHED, RETURNED, REFUSED = "20260318100000", "20260319150000", "20260317110000"
DATES = {"NgayKetThucXuLy": FINISHED, "NgayTra": RETURNED, "NgayTuChoi": REFUSED}
AT = {
    "NgayKetThucXuLy": utc("2026-03-18T10:00:00"),
    "NgayTra": utc("2026-03-19T15:00:00"),
    "NgayTuChoi": utc("2026-03-17T11:00:00"),
}
NO_RESULT = {"result_file": False, "result_coded": False}
ALWAYS = {"received", "synced"}


def without(*fields: str) -> dict[str, str]:
    return {name: value for name, value in DATES.items() if name not in fields}


@pytest.mark.parametrize("received", ["", "20260312080000"])
def test_1_is_submitted_only(received: str) -> None:
    fields = {"NgayTiepNhan": received, "NgayNopHoSo": "20260311203000", "KenhThucHien": 2, "DuocThanhToanTrucTuyen": 1}
    assert dossier(TrangThaiHoSo="1", **fields) == {
        "submitted": {
            "unit": "H01.187", "procedure": "1.000105", "submitted_at": utc("2026-03-11T20:30:00"), "channel": "online",
        }
    }  # fmt: skip


@pytest.mark.parametrize("state", [2, 4, 5, 6, 7, 8, 9, 10])
def test_an_acceptance_without_its_day_is_submitted_only_and_says_the_state(state: int) -> None:
    names = dict(
        enumerate(
            ["accepted", "", "processing", "supplement", "payment", "withdrawn", "stopped", "done", "returned"], 2
        )
    )
    made = dossier({"is_updating": True}, TrangThaiHoSo=state, NgayTiepNhan="", **DATES)
    assert made == {
        "submitted": {"unit": "H01.187", "procedure": "1.000105", "channel": "onsite", "state": names[state]}
    }


@pytest.mark.parametrize("state", [2, 4, 5, 6])
def test_a_state_on_the_way_adds_nothing_and_reopens_when_it_is_an_update(state: int) -> None:
    assert dossier(TrangThaiHoSo=state, **DATES).keys() == ALWAYS
    made = dossier({"is_updating": True}, TrangThaiHoSo=state, **DATES)
    assert made.keys() == ALWAYS | {"reopened"}
    assert made["reopened"] == {"reopened_at": ARRIVAL}


@pytest.mark.parametrize("state", [3, 7, 8, 9, 10])
def test_an_end_never_reopens(state: int) -> None:
    assert "reopened" not in dossier({"is_updating": True}, TrangThaiHoSo=state, **DATES)


def test_3_without_a_receipt_is_declined_at_intake() -> None:
    made = dossier(TrangThaiHoSo=3, NgayTiepNhan="", **DATES)
    assert made.keys() == {"declined", "synced"}
    assert made["declined"] == {"unit": "H01.187", "declined_at": AT["NgayTuChoi"]}


def test_3_with_a_receipt_is_refused_after_it() -> None:
    assert dossier(TrangThaiHoSo=3, **DATES)["processed"] == {"finished_at": AT["NgayTuChoi"], "outcome": "refused"}
    late = dossier(TrangThaiHoSo=3, **without("NgayTuChoi"))
    assert late["processed"] == {"finished_at": AT["NgayKetThucXuLy"], "outcome": "refused"}


def test_7_is_withdrawn() -> None:
    made = dossier(TrangThaiHoSo=7, **DATES)
    assert made.keys() == ALWAYS | {"withdrawn"}
    assert made["withdrawn"] == {"withdrawn_at": AT["NgayKetThucXuLy"]}
    assert dossier(TrangThaiHoSo=7, NgayTra=RETURNED)["withdrawn"] == {"withdrawn_at": AT["NgayTra"]}


def test_8_is_stopped() -> None:
    made = dossier(TrangThaiHoSo=8, **DATES)
    assert made.keys() == ALWAYS | {"processed"}
    assert made["processed"] == {"finished_at": AT["NgayKetThucXuLy"], "outcome": "stopped"}
    assert dossier(TrangThaiHoSo=8, NgayTra=RETURNED)["processed"]["finished_at"] == AT["NgayTra"]


def test_9_is_completed() -> None:
    made = dossier(TrangThaiHoSo=9, **DATES)
    assert made.keys() == ALWAYS | {"processed"}
    assert made["processed"] == {"finished_at": AT["NgayKetThucXuLy"], "outcome": "completed"} | NO_RESULT
    assert dossier(TrangThaiHoSo=9, NgayTra=RETURNED)["processed"]["finished_at"] == AT["NgayTra"]


def test_10_is_completed_and_returned() -> None:
    made = dossier(TrangThaiHoSo=10, **DATES)
    assert made.keys() == ALWAYS | {"processed", "returned"}
    assert made["processed"]["finished_at"] == AT["NgayKetThucXuLy"]
    assert made["returned"] == {"returned_at": AT["NgayTra"]}
    assert dossier(TrangThaiHoSo=10, NgayKetThucXuLy=FINISHED)["returned"] == {"returned_at": AT["NgayKetThucXuLy"]}
    assert dossier(TrangThaiHoSo=10, NgayTra=RETURNED)["processed"]["finished_at"] == AT["NgayTra"]


@pytest.mark.parametrize(("state", "name"), [(7, "withdrawn"), (8, "stopped"), (9, "done"), (10, "returned")])
def test_an_end_without_its_dates_is_a_line_of_the_log_at_arrival(state: int, name: str) -> None:
    made = dossier(TrangThaiHoSo=state)
    assert made.keys() == ALWAYS | {"progressed"}
    told = {"result_file": False} if state > 8 else {}
    assert made["progressed"] == {"state": name, "progressed_at": ARRIVAL} | told


def test_a_refusal_without_its_dates_is_a_line_too_after_one_of_the_acceptance() -> None:
    assert dossier(TrangThaiHoSo=3, NgayTiepNhan="")["progressed"]["state"] == "declined"
    assert dossier(TrangThaiHoSo=3).keys() == ALWAYS | {"progressed"}


@pytest.mark.parametrize("state", [None, "", "0", "11", "xong", 4.5])
def test_any_other_state_is_refused(state) -> None:
    assert refused(DOSSIERS, RECORD | {"TrangThaiHoSo": state}).code == "unknown_state"
