"""What is read of a payload: the fields that are kept, and no other.

Whatever these structs do not name (names, identity numbers, addresses, free text) is skipped while the JSON is read: it is never held.
The fields bear the senders' names (`indicators.md`, H.1 and H.2).
"""

from typing import Final

import msgspec
from msgspec import Struct, field

from services.ingest.sync.values import NOT_FILLED, Filled, Value, decode_filled

__all__ = ["Database", "Dossier", "Fee", "Line", "Paper", "Result", "Supplement", "read_dossier", "read_line"]


class Paper(Struct, frozen=True):
    """One paper handed in (`TaiLieuNop`)."""

    deleted: Value = field(default=None, name="IsDeleted")
    link: Filled = field(default=NOT_FILLED, name="DuongDanTaiTepTin")
    digitized: Value = field(default=None, name="DuocSoHoa")
    reused: Value = field(default=None, name="DuocTaiSuDung")
    from_storage: Value = field(default=None, name="DuocLayTuKhoDMQG")


class Fee(Struct, frozen=True):
    """One fee or charge (`DanhSachLePhi`), in VND."""

    price: Value = field(default=None, name="Gia")


class Supplement(Struct, frozen=True):
    """One request for more papers and its answer (`DanhSachHoSoBoSung`)."""

    id: Value = field(default=None, name="HoSoBoSungId")
    requested: Value = field(default=None, name="NgayBoSung")
    brought: Value = field(default=None, name="NgayTiepNhanBoSung")
    due_before: Value = field(default=None, name="NgayHenTraTruoc")
    due_after: Value = field(default=None, name="NgayHenTraMoi")


class Result(Struct, frozen=True):
    """One paper of the result (`DanhSachGiayToKetQua`)."""

    link: Filled = field(default=NOT_FILLED, name="DuongDanTepTinKetQua")
    code: Filled = field(default=NOT_FILLED, name="MaGiayToKetQua")


class Database(Struct, frozen=True):
    """One database that was asked (`DSKetNoiCSDL`)."""

    code: Value = field(default=None, name="MaCSDL")


class Dossier(Struct, frozen=True):
    """One record of `DongBoHoSoMC`: the present state of a dossier."""

    code: Value = field(default=None, name="MaHoSo")
    procedure: Value = field(default=None, name="MaTTHC")
    unit: Value = field(default=None, name="DonViXuLy")
    state: Value = field(default=None, name="TrangThaiHoSo")
    channel: Value = field(default=None, name="KenhThucHien")
    applicant: Value = field(default=None, name="LoaiDoiTuong")
    submitted: Value = field(default=None, name="NgayNopHoSo")
    received: Value = field(default=None, name="NgayTiepNhan")
    due: Value = field(default=None, name="NgayHenTra")
    declined: Value = field(default=None, name="NgayTuChoi")
    finished: Value = field(default=None, name="NgayKetThucXuLy")
    returned: Value = field(default=None, name="NgayTra")
    paid: Value = field(default=None, name="DuocThanhToanTrucTuyen")
    digitized: Value = field(default=None, name="HoSoCoThanhPhanSoHoa")
    vneid: Value = field(default=None, name="TaiKhoanDuocXacThucVoiVNeID")
    fees: list[Fee] | Fee | str | None = field(default=None, name="DanhSachLePhi")
    papers: list[Paper] | Paper | str | None = field(default=None, name="TaiLieuNop")
    supplements: list[Supplement] | Supplement | str | None = field(default=None, name="DanhSachHoSoBoSung")
    results: list[Result] | Result | str | None = field(default=None, name="DanhSachGiayToKetQua")
    databases: list[Database] | Database | str | None = field(default=None, name="DSKetNoiCSDL")


class Line(Struct, frozen=True):
    """One record of `CapNhatTienDoHoSoMC`: a line of the processing log ("tiến trình xử lý")."""

    code: Value = field(default=None, name="MaHoSo")
    state: Value = field(default=None, name="TrangThai")
    moment: Value = field(default=None, name="ThoiDiemXuLy")
    agency: Value = field(default=None, name="PhongBanXuLy")
    started: Value = field(default=None, name="NgayBatDau")
    due: Value = field(default=None, name="NgayKetThucTheoQuyDinh")


_DOSSIER: Final = msgspec.json.Decoder(Dossier, dec_hook=decode_filled)
_LINE: Final = msgspec.json.Decoder(Line, dec_hook=decode_filled)


def read_dossier(raw: bytes | msgspec.Raw) -> Dossier:
    """One record of `DongBoHoSoMC`.

    Raises:
        msgspec.ValidationError: no object, or a list where a value belongs.
    """
    return _DOSSIER.decode(raw)


def read_line(raw: bytes | msgspec.Raw) -> Line:
    """One record of `CapNhatTienDoHoSoMC`.

    Raises:
        msgspec.ValidationError: no object, or a list where a value belongs.
    """
    return _LINE.decode(raw)
