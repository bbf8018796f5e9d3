"""The day as payloads: the present state of each dossier, again and again, as the fields of the national portal have it."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from tests.oracle.sync.days import TREE, Case, LogLine, Stage

Told = tuple[Case, Stage | LogLine]
"""One thing that is told about a dossier."""


@dataclass(frozen=True)
class Payload:
    """One request; `told` says what each record tells."""

    service: str
    is_updating: bool
    records: list[dict[str, Any]]
    told: list[Told]


def payloads(day: list[Case], seed: int) -> Iterator[Payload]:
    """The dossiers interleaved, each in its order; lines of the log ten at a time, often before their dossier."""
    dice = Random(seed)
    places: list[tuple[float, str, bool, Told]] = []
    for case in day:
        for number, at in enumerate(sorted(dice.random() for _ in case.stages)):
            places.append((at, "DongBoHoSoMC", number > 0, (case, case.stages[number])))
        places += [(dice.random(), "CapNhatTienDoHoSoMC", False, (case, line)) for line in case.log]
    places.sort(key=lambda place: place[0])
    gathering: dict[tuple[str, bool], list[Told]] = {}
    for _, service, updating, told in places:
        waiting = gathering.setdefault((service, updating), [])
        if service == "DongBoHoSoMC":  # what is told of a dossier must not overtake what was told before
            other = gathering.get((service, not updating), [])
            if any(case is told[0] for case, _ in other):
                yield _payload(service, not updating, other, dice)
                gathering[service, not updating] = []
        waiting.append(told)
        if len(waiting) == 10:
            yield _payload(service, updating, waiting, dice)
            gathering[service, updating] = []
    for (service, updating), waiting in gathering.items():
        if waiting:
            yield _payload(service, updating, waiting, dice)


def _payload(service: str, updating: bool, told: Iterable[Told], dice: Random) -> Payload:
    told = list(told)
    records = [_record(case, what, dice) if isinstance(what, Stage) else _line(case, what, dice) for case, what in told]
    return Payload(service, updating, records, told)


def _record(case: Case, stage: Stage, dice: Random) -> dict[str, Any]:
    record = {
        "MaHoSo": case.code,
        "MaTTHC": dice.choice([case.procedure, f"{case.procedure}.000.00.00.H01"]),
        "TenTTHC": "Cấp giấy phép xây dựng",
        "DonViXuLy": _unit(case, dice),
        "TrangThaiHoSo": _loose(stage.state, dice),
        "NgayNopHoSo": _date(case.submitted, dice),
        "NgayTiepNhan": _date(case.received if stage.accepted else None, dice),
        "NgayHenTra": _date(_shown(case, stage, dice), dice),
        "KenhThucHien": dice.choice(["", None, "1"]) if case.channel == 1 else _loose(case.channel, dice),
        "LoaiDoiTuong": _loose(case.applicant, dice),
        "ChuHoSo": "Đặng Thị Bí Mật",
        "SoDienThoai": "0987654321",
        "DuocThanhToanTrucTuyen": _loose(case.paid, dice),
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": _price(fee, dice)} for fee in case.fees],
        "TaiKhoanDuocXacThucVoiVNeID": _flag(case.population, dice),
        "TaiLieuNop": [
            {"IsDeleted": "1", "DuocSoHoa": 1, "DuocTaiSuDung": 1, "DuocLayTuKhoDMQG": 1},
            {
                "TenTepDinhKem": "don.pdf",
                "DuocSoHoa": _flag(case.digitized, dice),
                "DuocTaiSuDung": dice.choice(["1", 2]) if case.reused else "0",
                "DuocLayTuKhoDMQG": _flag(case.stored, dice),
            },
        ],
        "DanhSachHoSoBoSung": [
            {
                "HoSoBoSungId": ask.id,
                "NgayBoSung": _date(ask.asked, dice),
                "NgayTiepNhanBoSung": _date(ask.brought, dice),
                "NgayHenTraTruoc": _date(ask.before, dice),
                "NgayHenTraMoi": _date(ask.due or ask.before, dice),
            }
            for ask in stage.asks
        ],
        "DanhSachGiayToKetQua": [
            {"DuongDanTepTinKetQua": "https://x/kq.pdf", "MaGiayToKetQua": "KQ-1" if case.coded else ""}
        ]
        if case.result
        else [],
    }
    if stage.state == 3:
        record["NgayTuChoi"] = _date(stage.ended, dice)
    else:
        ended, handed = stage.ended, stage.handed
        fields = dice.choice(["NgayKetThucXuLy", "NgayTra"]) if handed is None else "NgayKetThucXuLy"
        record |= {fields: _date(ended, dice)} | ({"NgayTra": _date(handed, dice)} if handed else {})
    return record if dice.random() < 0.8 else {name: value for name, value in record.items() if value not in ("", None)}


def _line(case: Case, line: LogLine, dice: Random) -> dict[str, Any]:
    state = dice.choice(["", None, 4]) if line.state == 4 else _loose(line.state, dice)
    agency = "Phòng Một cửa" if line.agency is None else dice.choice([line.agency, TREE[line.agency].name.upper()])
    return {
        "MaHoSo": case.code,
        "NguoiXuLy": "Đặng Thị Bí Mật",
        "TrangThai": state,
        "ThoiDiemXuLy": _date(line.at, dice),
        "PhongBanXuLy": agency,
        "NgayBatDau": _date(line.started, dice),
        "NgayKetThucTheoQuyDinh": _date(line.due, dice),
    }


def _shown(case: Case, stage: Stage, dice: Random) -> date | datetime | None:
    """Systems leave the former appointment standing beside that of a supplement, or replace it."""
    if stage.moved_to is not None:
        return stage.moved_to
    new = next((ask for ask in reversed(stage.asks) if ask.due is not None), None)
    return case.due if new is None else dice.choice([new.before, new.due])


def _unit(case: Case, dice: Random) -> str | None:
    """A code where the dossier was handed in elsewhere; else any way in which a unit is named."""
    if case.intake is not None:
        return case.unit
    name = TREE[case.unit].name
    named = [case.unit, name, f" {name.lower()}  ", unicodedata.normalize("NFD", name.upper())]
    return dice.choice(named if case.code.startswith("MC") else [*named, None, "không rõ"])


def _date(moment: date | datetime | None, dice: Random) -> Any:
    if moment is None:
        return dice.choice(["", None])
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}{dice.choice(['', '000000'])}"
    forms = ["%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S+07:00", "%d/%m/%Y %H:%M:%S"]
    written = moment.strftime(dice.choice(forms))
    return int(written) if written.isdecimal() and dice.random() < 0.3 else written


def _loose(number: int, dice: Random) -> int | str:
    return dice.choice([number, str(number)])


def _flag(value: bool, dice: Random) -> Any:
    return dice.choice(["1", 1, True, "True"] if value else ["0", 0, False, "", None])


def _price(vnd: int, dice: Random) -> int | str:
    return dice.choice([vnd, str(vnd), f"{vnd:,}".replace(",", ".")])
