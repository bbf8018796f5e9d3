"""Every row of the table of `CapNhatTienDoHoSoMC` (`events_and_measures.md`, 4.3)."""

from typing import get_args

import pytest

from schemas.events.dossier import State
from services.ingest.sync.batch import LINES
from tests.unit.ingest.sync.mapping import LINE, line, refused, utc

MOMENT = utc("2026-03-13T09:30:00")


@pytest.mark.parametrize(("number", "state"), list(enumerate(get_args(State), 1)))
def test_a_line_has_its_state_and_its_moment(number: int, state: str) -> None:
    assert line(TrangThai=str(number)) == {"progressed": {"state": state, "progressed_at": MOMENT}}


@pytest.mark.parametrize("state", ["", None])
def test_a_line_without_a_state_is_one_of_processing(state) -> None:
    assert line(TrangThai=state)["progressed"]["state"] == "processing"


@pytest.mark.parametrize(
    ("written", "agency"),
    [("H01.06", "H01.06"), ("000.00.06.H01", "H01.06"), ("sở xây dựng", "H01.06"), ("SXD", "H01.06"), ("", None),
     ("Phòng Một cửa", None), ("Xã Trùng Tên", None), ("H21.17", None)],
)  # fmt: skip
def test_the_agency_is_a_unit_under_the_key_or_none(written: str, agency: str | None) -> None:
    made = line(PhongBanXuLy=written, NgayKetThucTheoQuyDinh="20260316")
    assert made["progressed"].get("agency") == made["step"].get("agency") == agency


def test_a_line_with_a_due_moment_is_a_step_that_ended() -> None:
    made = line(TrangThai=4, NgayBatDau="12/03/2026 14:00:00", NgayKetThucTheoQuyDinh="20260316000000")
    assert made["step"] == {
        "step": "20260313093000-4",
        "started_at": utc("2026-03-12T14:00:00"),
        "due_at": utc("2026-03-16T23:59:59.999999"),
        "finished_at": MOMENT,
    }
    assert "step" not in line(NgayBatDau="20260312140000")


def test_a_step_is_the_same_however_its_moment_is_written() -> None:
    steps = {
        line(ThoiDiemXuLy=moment, NgayKetThucTheoQuyDinh="20260316")["step"]["step"]
        for moment in ("20260313093000", "2026-03-13T02:30:00Z", "13/03/2026 09:30:00")
    }
    assert steps == {"20260313093000-4"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"ThoiDiemXuLy": ""}, "no_moment"), ({"ThoiDiemXuLy": "hôm qua"}, "bad_moment"), ({"TrangThai": "12"}, "unknown_state"),
     ({"MaHoSo": ""}, "bad_data"), ({"ThoiDiemXuLy": "20270101080000"}, "in_the_future")],
)  # fmt: skip
def test_a_bad_line_is_refused(fields: dict[str, str], code: str) -> None:
    assert refused(LINES, LINE | fields).code == code
