"""How far an office offers its procedures through the internet and on the spot."""

from dataclasses import dataclass
from typing import Final

from deploy.demo.dice import dice_of
from deploy.demo.procedures import Procedure, Procedures

__all__ = ["Offer", "offers_of"]

_LEVELS: Final = ("none", "information", "partial", "full")
_SHARES: Final = {"partial": 0.6, "full": 1.0}
"""Where a part has to be done at the counter, fewer begin on the internet."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the catalogue says of a procedure at an office ("mức độ dịch vụ công trực tuyến", "4 tại chỗ")."""

    online: str
    on_site: str

    @property
    def share(self) -> float:
        """How many of those who would come through the internet can."""
        return _SHARES.get(self.online, 0)


def offers_of(unit: str, procedures: Procedures, keen: float) -> dict[str, Offer]:
    """The offers of an office by procedure; a share `keen` of them is all that the procedure allows."""
    return {procedure.code: _offer(unit, procedure, keen) for procedure in procedures.all}


def _offer(unit: str, procedure: Procedure, keen: float) -> Offer:
    dice = dice_of("offer", unit, procedure.code)
    best = _LEVELS.index(procedure.online)
    level = best if not best or dice.random() < keen else dice.randrange(best)
    # what another office has a say in (long times allowed) is seldom decided at the counter
    on_site = "reception" if procedure.days > 10 or dice.random() > keen else "full"
    return Offer(_LEVELS[level], on_site)
