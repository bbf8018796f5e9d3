"""Every row of the table of `DongBoHoSoMC` (`events_and_measures.md`, 4.2) but those of states and units."""

from typing import Any

import pytest

from services.ingest.sync.batch import DOSSIERS
from tests.unit.ingest.sync.mapping import RECORD, dossier, events, refused, utc


def received(**fields: Any) -> dict[str, Any]:
    return dossier(**fields)["received"]


def test_a_dossier_in_process_is_received_and_synced() -> None:
    made = events(DOSSIERS, RECORD)
    assert [event["type"] for event in made] == ["nhip.dossier.received", "nhip.dossier.synced"]
    assert {event["source"] for event in made} == {"/sync/mc"}
    assert {event["subject"] for event in made} == {"H01.187-260312-0042"}
    assert {event["time"] for event in made} == {utc("2026-04-01T12:00:00")}
    assert {(event["keysystem"], event["keyunit"]) for event in made} == {("mc", "H01")}
    assert made[1]["data"] == {"synced_at": utc("2026-04-01T12:00:00")}
    assert made[0]["data"] == {
        "unit": "H01.187",
        "procedure": "1.000105",
        "received_at": utc("2026-03-12T08:00:00"),
        "channel": "onsite",
        "components_digitized": False,
        "reused_data": False,
        "from_personal_storage": False,
        "population_data": False,
    }


def test_a_payload_that_is_only_copied_here_says_nothing_of_the_portal() -> None:
    assert "synced" not in dossier({"is_synced": False})


@pytest.mark.parametrize(
    ("written", "code"),
    [("1.000105", "1.000105"), ("1.000105.000.00.00.H10", "1.000105"), (1.00119, "1.001190"), ("QT-01", "QT-01")],
)
def test_the_procedure_is_cut_to_its_national_code(written, code: str) -> None:
    assert received(MaTTHC=written)["procedure"] == code


@pytest.mark.parametrize(("written", "code"), [("", "bad_data"), ("Cấp giấy phép", "bad_data"), ("x" * 65, "bad_data")])
def test_what_is_no_procedure_is_refused(written: str, code: str) -> None:
    assert refused(DOSSIERS, RECORD | {"MaTTHC": written}).code == code


@pytest.mark.parametrize("code", ["", None, "x" * 65])
def test_a_record_without_a_proper_code_is_refused(code) -> None:
    assert refused(DOSSIERS, RECORD | {"MaHoSo": code}).code == "bad_data"


def test_dates_of_submission_and_of_the_appointment() -> None:
    data = received(NgayNopHoSo="20260311203000", NgayHenTra="20260320000000")
    assert data["submitted_at"] == utc("2026-03-11T20:30:00")
    assert data["due_at"] == utc("2026-03-20T23:59:59.999999")
    assert received(NgayHenTra="20260320170000")["due_at"] == utc("2026-03-20T17:00:00")
    assert "due_at" not in received(NgayHenTra="")


def test_a_moment_ahead_or_before_1900_is_refused_as_at_the_other_door() -> None:
    assert refused(DOSSIERS, RECORD | {"NgayTiepNhan": "20260401120600"}).code == "in_the_future"
    assert refused(DOSSIERS, RECORD | {"NgayNopHoSo": "0001-01-01T00:00:00"}).code == "bad_moment"
    assert refused(DOSSIERS, RECORD | {"NgayHenTra": "18991231000000"}).code == "bad_moment"


@pytest.mark.parametrize(
    ("written", "channel"), [(None, "onsite"), ("", "onsite"), ("1", "onsite"), (2, "online"), ("3", "postal")]
)
def test_the_channel(written, channel: str) -> None:
    assert received(KenhThucHien=written)["channel"] == channel


@pytest.mark.parametrize(
    ("written", "applicant"), [("", None), (1, "citizen"), ("2", "business"), ("3", "agency"), ("4", "other")]
)
def test_the_kind_of_applicant(written, applicant: str | None) -> None:
    assert received(LoaiDoiTuong=written).get("applicant") == applicant


@pytest.mark.parametrize("field", ["KenhThucHien", "LoaiDoiTuong", "DuocThanhToanTrucTuyen"])
def test_a_number_outside_its_list_is_refused(field: str) -> None:
    assert refused(DOSSIERS, RECORD | {field: "9"}).code == "bad_data"


@pytest.mark.parametrize(
    ("fees", "fee"),
    [([], None), ("", None), ([{"Gia": "free"}], None), ([{"TenPhiLePhi": "x"}], None), ([{"Gia": 0}, {"Gia": "0"}], 0),
     ([{"Gia": "50.000"}, {"Gia": 10000}, {"Gia": ""}], 60000)],
)  # fmt: skip
def test_the_fee_is_the_sum_of_what_can_be_read(fees, fee) -> None:
    assert received(DanhSachLePhi=fees).get("fee") == fee


@pytest.mark.parametrize(("written", "method"), [(1, "national_portal"), ("2", "local_gateway"), ("3", "other")])
def test_a_payment_on_the_day_of_the_receipt(written, method: str) -> None:
    assert dossier(DuocThanhToanTrucTuyen=written, DanhSachLePhi=[{"Gia": 50000}])["paid"] == {
        "payment": "sync", "method": method, "paid_at": utc("2026-03-12T08:00:00"), "amount": 50000,
    }  # fmt: skip


@pytest.mark.parametrize("written", [None, "", "0", 0, False])
def test_no_payment(written) -> None:
    assert "paid" not in dossier(DuocThanhToanTrucTuyen=written)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"HoSoCoThanhPhanSoHoa": "1"}, "components_digitized"),
        ({"TaiLieuNop": [{}, {"DuocSoHoa": 1}]}, "components_digitized"),
        ({"TaiLieuNop": [{"DuongDanTaiTepTin": "https://x/1.pdf"}]}, "components_digitized"),
        ({"TaiLieuNop": [{"DuocTaiSuDung": "1"}]}, "reused_data"),
        ({"TaiLieuNop": {"DuocTaiSuDung": 2}}, "reused_data"),
        ({"TaiKhoanDuocXacThucVoiVNeID": True}, "population_data"),
        ({"DSKetNoiCSDL": [{"MaCSDL": 7}]}, "population_data"),
    ],
)
def test_what_papers_and_flags_tell(fields: dict[str, Any], field: str) -> None:
    told = {name for name, value in received(**fields).items() if value is True}
    assert told == {field}


def test_a_paper_from_the_citizens_storage_is_population_data_too() -> None:
    data = received(TaiLieuNop=[{"DuocLayTuKhoDMQG": 1}])
    assert (data["from_personal_storage"], data["population_data"]) == (True, True)


@pytest.mark.parametrize("deleted", ["1", 1, True, "true"])
def test_a_deleted_paper_tells_nothing(deleted) -> None:
    paper = {"IsDeleted": deleted, "DuocSoHoa": 1, "DuocTaiSuDung": 1, "DuocLayTuKhoDMQG": 1, "DuongDanTaiTepTin": "x"}
    assert True not in received(TaiLieuNop=[paper]).values()


def test_the_databases_of_population_data_are_a_setting() -> None:
    reading = {"population_databases": frozenset({"9", "10"})}
    assert dossier(reading, DSKetNoiCSDL=[{"MaCSDL": "10"}])["received"]["population_data"] is True
    assert dossier(reading, DSKetNoiCSDL=[{"MaCSDL": "7"}])["received"]["population_data"] is False


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([], (False, False)),
        ([{"DuongDanTepTinKetQua": ""}], (False, False)),
        ([{"MaGiayToKetQua": "K1"}], (False, False)),
        ([{"DuongDanTepTinKetQua": "https://x"}, {"MaGiayToKetQua": "K1"}], (True, False)),
        ([{"DuongDanTepTinKetQua": "https://x", "MaGiayToKetQua": "K1"}], (True, True)),
    ],
)
@pytest.mark.parametrize("state", ["9", "10"])
def test_the_result(state: str, results, told: tuple[bool, bool]) -> None:
    data = dossier(TrangThaiHoSo=state, NgayKetThucXuLy="20260318", DanhSachGiayToKetQua=results)["processed"]
    assert (data["result_file"], data["result_coded"]) == told


@pytest.mark.parametrize(
    "record", [[], 5, "x", {**RECORD, "TaiLieuNop": 5}, {**RECORD, "MaHoSo": ["x"]}, {**RECORD, "DanhSachLePhi": "x"}]
)
def test_a_record_of_another_shape_is_refused(record) -> None:
    assert refused(DOSSIERS, record).code == "bad_data"


def test_a_record_that_says_endlessly_much_is_refused() -> None:
    endless = [{"HoSoBoSungId": n, "NgayBoSung": "20260314", "NgayTiepNhanBoSung": "20260317"} for n in range(600)]
    assert refused(DOSSIERS, RECORD | {"DanhSachHoSoBoSung": endless}).code == "bad_data"
