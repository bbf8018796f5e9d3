"""What stands before the first dossier comes: the catalogue of procedures, what each office offers, and what it declares of itself."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, Final

from deploy.demo.dice import dice_of
from deploy.demo.event import PROVINCE, Happening, happening
from deploy.demo.office import Office, offices
from deploy.demo.procedures import COMMUNE, Procedure, catalogue

__all__ = ["standing"]

SINCE: Final = "2025-07-01"
"""Since this day there are the offices of today: provinces and communes alone."""

PARTS: Final = ("name", "steps", "manner", "documents", "time", "subject", "agency")
"""What a publication must say (NĐ 63/2010/NĐ-CP, article 8.2)."""


def standing(zone: tzinfo) -> Iterator[Happening]:
    """All of it, recorded long before the history begins."""
    at = datetime.fromisoformat(f"{SINCE}T07:00").replace(tzinfo=zone)
    for procedure in catalogue():
        yield happening(at, "procedure.described", procedure.code, _described(procedure))
    for office in offices():
        for code, offer in office.offers.items():
            data = {"unit": office.unit, "procedure": code, "online": offer.online, "on_site": offer.on_site}
            yield happening(at, "procedure.offered", f"{office.unit}/{code}", data | {"from_at": SINCE})
        for figure, value in _figures(office):
            declared = {"unit": office.unit, "figure": figure, "value": value, "from": SINCE}
            yield happening(at, "unit.declared", f"{office.unit}/{figure}/{SINCE}/", declared)


def _described(procedure: Procedure) -> dict[str, Any]:
    sector = procedure.sector
    return {
        "procedure": procedure.code,
        "name": procedure.name,
        "sector": f"{PROVINCE}-{sector.code}",
        "sector_name": sector.name,
        "levels": ["commune" if procedure.office == COMMUNE else "province"],
        "owner": f"{PROVINCE}.{sector.department}",
        "special": procedure.special,
        "fee": procedure.fee > 0,
        "paper_result": procedure.paper,
        "for_citizens": procedure.citizens,
        "full_online_eligible": procedure.online == "full",
        "services": procedure.services,
        "allowed": procedure.days,
        "allowed_unit": "working_day",
        "parts": [part for part in PARTS if part not in procedure.missing],
        "status": procedure.status,
    }


def _figures(office: Office) -> Iterator[tuple[str, int]]:
    """Figures that hold until further notice: copies certified electronically, and publicity (TT 01/2018/TT-VPCP, no. 6)."""
    dice = dice_of("figures", office.unit)
    if office.kind == COMMUNE:
        yield "certified_copy", int(dice.random() < 1 - 0.5 * office.standing**3)
    yield (
        "tt01_publicity",
        dice.choices([2, 1, 0], [office.punctual, 1 - office.punctual, 0.3 * office.standing**10])[0],
    )
