"""Records as senders write them, and the events that they become."""

import json
from dataclasses import replace
from typing import Any

import msgspec

from schemas.events import Door, Rejected
from schemas.moments import Zone, canonical, parse_moment
from schemas.units import Unit, UnitTree
from services.ingest.batch import Checked
from services.ingest.sync.arrivals import Arrivals
from services.ingest.sync.batch import DOSSIERS, LINES, Checker, Kind
from services.ingest.sync.reading import Reading

ZONE = Zone("Asia/Ho_Chi_Minh")
TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.06", name="Sở Xây dựng", kind="department", parent="H01", aliases=("SXD", "Sở XD tỉnh")),
        Unit(code="H01.187", name="Xã Đông Thái", kind="commune", parent="H01"),
        Unit(code="H01.188", name="Xã Trùng Tên", kind="commune", parent="H01"),
        Unit(code="H01.189", name="xã  trùng tên", kind="commune", parent="H01"),
        Unit(code="H21", name="Gia Lai", kind="province"),
        Unit(code="H21.17", name="Xã Đông Thái", kind="commune", parent="H21"),
    ]
)
NOW = parse_moment("2026-04-01T12:00:00+07:00", ZONE)
ARRIVAL = canonical(NOW)
READING = Reading(unit="H01", tree=TREE, zone=ZONE, arrival=ARRIVAL)
DOOR = Door(system="mc", unit="H01", tree=TREE, zone=ZONE, now=NOW)

RECORD: dict[str, Any] = {
    "MaHoSo": "H01.187-260312-0042",
    "MaTTHC": "1.000105",
    "NgayTiepNhan": "20260312080000",
    "TrangThaiHoSo": "4",
}
LINE: dict[str, Any] = {"MaHoSo": "H01.187-260312-0042", "ThoiDiemXuLy": "20260313093000"}

_ARRIVALS = Arrivals()


def checked(kind: Kind, records: list[Any], reading: Reading = READING) -> Checked:
    """What becomes of a payload."""
    door = Door(system="mc", unit=reading.unit, tree=TREE, zone=ZONE, now=NOW)
    return all_checked(Checker(kind, reading, door), records, _ARRIVALS)


def all_checked(checker: Checker, records: list[Any], arrivals: Arrivals) -> Checked:
    """The records of a payload through one checker."""
    made = Checked()
    for index, (record, arrival) in enumerate(zip(records, arrivals.take(len(records)), strict=True)):
        checker.check(index, msgspec.Raw(json.dumps(record).encode()), arrival, made)
    return made


def events(kind: Kind, record: dict[str, Any], **reading: Any) -> list[dict[str, Any]]:
    """The stored events of one good record, in their order."""
    made = checked(kind, [record], replace(READING, **reading))
    assert made.rejected == []
    return [msgspec.json.decode(value) for records in made.records.values() for _, value in records]


def dossier(reading: dict[str, Any] | None = None, **fields: Any) -> dict[str, dict[str, Any]]:
    """The data of the events of a record of `DongBoHoSoMC`, by type; of two of one type the latter."""
    made = events(DOSSIERS, RECORD | fields, **(reading or {}))
    return {event["type"].removeprefix("nhip.dossier."): event.get("data") or {} for event in made}


def line(reading: dict[str, Any] | None = None, **fields: Any) -> dict[str, dict[str, Any]]:
    """The same of a record of `CapNhatTienDoHoSoMC`."""
    made = events(LINES, LINE | fields, **(reading or {}))
    return {event["type"].removeprefix("nhip.dossier."): event.get("data") or {} for event in made}


def refused(kind: Kind, record: Any, **reading: Any) -> Rejected:
    """Why one bad record is not taken."""
    made = checked(kind, [record], replace(READING, **reading))
    assert made.records == {}
    (rejection,) = made.rejected
    return Rejected(rejection.code, rejection.detail)


def utc(text: str) -> str:
    """A local moment as it is stored."""
    return canonical(parse_moment(text, ZONE))
