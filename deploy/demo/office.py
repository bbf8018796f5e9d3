"""Who works in the demo province, and how well."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

__all__ = ["UNITS", "Office", "Procedure", "dice_of", "offices"]

SEED: Final = "nhip-demo-1"
UNITS: Final = Path(__file__).with_name("units.csv")


def dice_of(*name: object) -> Random:
    """Dice of their own for everything that has a name: they fall alike at every start."""
    return Random("/".join(map(str, (SEED, *name))))  # noqa: S311  a play, not a secret


@dataclass(frozen=True, slots=True)
class Procedure:
    """An administrative procedure ("thủ tục hành chính"): code, working days allowed, fee in VND."""

    code: str
    days: int
    fee: int


COMMUNE: Final = (
    Procedure("2.000815", 1, 10_000),  # chứng thực bản sao từ bản chính
    Procedure("1.001193", 1, 0),  # đăng ký khai sinh
    Procedure("1.000894", 2, 0),  # đăng ký kết hôn
    Procedure("1.000656", 1, 0),  # đăng ký khai tử
    Procedure("1.004873", 3, 15_000),  # cấp giấy xác nhận tình trạng hôn nhân
    Procedure("1.001612", 3, 100_000),  # đăng ký thành lập hộ kinh doanh
)
DEPARTMENT: Final = (
    Procedure("2.000488", 10, 200_000),  # cấp phiếu lý lịch tư pháp
    Procedure("1.009972", 15, 150_000),  # thẩm định báo cáo nghiên cứu khả thi, dự án đầu tư xây dựng
    Procedure("1.004238", 10, 50_000),  # xoá đăng ký cho thuê, góp vốn bằng quyền sử dụng đất
)


@dataclass(frozen=True, slots=True)
class Office:
    """One unit that takes dossiers in: shares of 1, and dossiers a working day."""

    unit: str
    procedures: tuple[Procedure, ...]
    a_day: float
    punctual: float
    online: float
    digital: float
    liked: float


@cache
def offices() -> tuple[Office, ...]:
    """The offices of the province, each with habits of its own, always the same."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        return tuple(_office(row["code"], row["kind"]) for row in csv.DictReader(file) if row["parent"])


def _office(unit: str, kind: str) -> Office:
    dice = dice_of(unit)
    return Office(
        unit=unit,
        procedures=COMMUNE if kind == "commune" else DEPARTMENT,
        a_day=dice.uniform(4, 9),
        punctual=dice.uniform(0.78, 0.99),
        online=dice.uniform(0.35, 0.9),
        digital=dice.uniform(0.4, 0.95),
        liked=dice.uniform(0.75, 0.98),
    )
