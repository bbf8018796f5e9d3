"""Personal data in payloads: planted in every field that may hold any, found nowhere: not in the log, the topics, the tables."""

import asyncio
import json
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text

from services.common.database import connect
from tests.integration.ingest.payloads import line, record, sync
from tests.integration.ingest.running import Ingest, raw

NAME, PHONE, IDENTITY, PLACE = "Đặng Thị Bí Mật", "0987654321", "079123456789", "12 ngõ Kín"
PLANTED = (NAME, PHONE, IDENTITY, PLACE, "bimat@example.vn", "Bí Mật", "ho-so-cua-dang.pdf")
FREE = f"{NAME}, {PHONE}, CCCD {IDENTITY}, {PLACE}, bimat@example.vn"
FILE = "https://x/ho-so-cua-dang.pdf"

PERSONAL: dict[str, Any] = {
    **dict.fromkeys(
        ["ChuHoSo", "SoGiayToChuHoSo", "MaDoiTuong", "Email", "Fax", "SoDienThoai", "ThongTinKhac", "ThongTinTra", "TrichYeuHoSo",
         "GhiChu", "NoiNopHoSo", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "HinhThuc", "TruongKhongAiBiet", "DonViXuLy"],
        FREE,
    ),
    "DinhDanhCHS": [{"LoaiDinhDanh": 1, "SoDinhDanh": IDENTITY}],
    "TaiLieuNop": [{"TepDinhKemId": IDENTITY, "TenTepDinhKem": FREE, "DuongDanTaiTepTin": FILE, "MaThanhPhanHoSo": FREE,
                    "MaKetQuaThayThe": FREE, "DuocSoHoa": FREE, "DuocTaiSuDung": FREE, "DuocLayTuKhoDMQG": FREE}],
    "DanhSachLePhi": [{"TenPhiLePhi": FREE, "MaPhiLePhi": FREE, "HinhThucThu": FREE, "Gia": FREE, "LoaiPhiLePhi": FREE}],
    "DanhSachTepDinhKemKhac": [{"TenGiayTo": FREE, "SoLuong": FREE, "LoaiGiayTo": FREE}],
    "DanhSachHoSoBoSung": [{"HoSoBoSungId": FREE, "NguoiYeuCauBoSung": NAME, "NoiDungBoSung": FREE, "NgayBoSung": "20260313090000",
                            "NguoiTiepNhanBoSung": NAME, "ThongTinTiepNhan": FREE, "TrangThaiBoSung": FREE,
                            "DanhSachGiayToBoSung": FREE, "DanhSachLePhiBoSung": FREE}],
    "DanhSachGiayToKetQua": [{"TenGiayTo": FREE, "GiayToId": IDENTITY, "DuongDanTepTinKetQua": FILE, "MaGiayToKetQua": IDENTITY,
                              "MaThanhPhanHoSo": FREE}],
    "DSKetNoiCSDL": [{"MaCSDL": FREE, "KetQua": FREE}],
    "TaiKhoanDuocXacThucVoiVNeID": FREE,
    "HoSoCoThanhPhanSoHoa": FREE,
}  # fmt: skip
"""All fields of `indicators.md`, H.1, that no rule refuses for holding such a text."""

REFUSED = ["MaTTHC", "NgayTiepNhan", "NgayHenTra", "NgayNopHoSo", "TrangThaiHoSo", "KenhThucHien", "LoaiDoiTuong",
           "DuocThanhToanTrucTuyen", "TaiLieuNop", "DanhSachLePhi", "MaHoSo"]  # fmt: skip
"""Fields where such a text makes the record a bad one, whose dead letter shall not tell either."""


def send_all(ingest: Ingest, key: str) -> None:
    taken = [record(**PERSONAL, TrangThaiHoSo=state, NgayKetThucXuLy="20260314100000") for state in range(1, 11)]
    answer = sync(ingest, {"data": taken, "session": key, "madonvi": FREE, "service": FREE})
    assert answer.json()["error_code"] == 0, answer.text
    bad = [record(**PERSONAL | {field: FREE}) for field in REFUSED]
    assert len(sync(ingest, {"data": bad}, key).json()["rejected"]) == len(bad)
    lines = [
        line(NguoiXuLy=NAME, ChucDanh=FREE, NoiDungXuLy=FREE, PhongBanXuLy=FREE, NgayKetThucTheoQuyDinh="20260314")
    ]
    assert sync(ingest, {"data": lines}, key, "CapNhatTienDoHoSoMC").json()["error_code"] == 0
    for field in ("TrangThai", "ThoiDiemXuLy", "NgayBatDau", "MaHoSo"):
        fields = {"NgayKetThucTheoQuyDinh": "20260314", field: FREE}
        assert sync(ingest, {"data": [line(**fields)]}, key, "CapNhatTienDoHoSoMC").json()["error_code"] == -1
    assert sync(ingest, {"data": FREE, "session": key}).status_code == 401
    assert sync(ingest, {"data": [FREE], "session": key}).json()["error_code"] == -1
    assert sync(ingest, {"data": [PERSONAL], "session": NAME}).status_code == 401


def test_nothing_personal_is_stored_or_logged(ingest: Ingest, key: str, bootstrap: str, keys) -> None:
    send_all(ingest, key)
    everywhere = {"the log": ingest.log.read_text()} | asyncio.run(topics(bootstrap)) | asyncio.run(tables(keys.url))
    assert {"dossier-events", "rejected-events", "unit", "system_key"} <= everywhere.keys()
    assert "progressed" in everywhere["dossier-events"]
    found = [(where, planted) for where, held in everywhere.items() for planted in (*PLANTED, key) if planted in held]
    assert found == []


def test_no_answer_repeats_what_is_personal(ingest: Ingest, key: str) -> None:
    for field in set(REFUSED) - {"MaHoSo"}:
        answer = sync(ingest, {"data": [record(**PERSONAL | {field: FREE})]}, key)
        assert not [planted for planted in PLANTED if planted in answer.text]


async def topics(bootstrap: str) -> dict[str, str]:
    """All records of all topics, as text."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    names = [name for name in await admin.list_topics() if not name.startswith("__")]
    await admin.close()
    held = {}
    for name in names:
        records = await asyncio.to_thread(raw, bootstrap, name)
        held[name] = "\n".join(text_of(part or b"") for _, key, value in records for part in (key, value))
    return held


def text_of(part: bytes) -> str:
    """JSON without escapes, else whatever letters there are (other tests' changelogs are no JSON)."""
    try:
        return json.dumps(json.loads(part), ensure_ascii=False)
    except ValueError:
        return part.decode("utf-8", "replace")


async def tables(url: str) -> dict[str, str]:
    """All rows of all tables, as text."""
    engine = connect(url)
    async with engine.connect() as connection:
        names = (
            (await connection.execute(text("select tablename from pg_tables where schemaname = 'public'")))
            .scalars()
            .all()
        )
        held = {name: str((await connection.execute(text(f'select * from "{name}"'))).all()) for name in names}
    await engine.dispose()
    return held
