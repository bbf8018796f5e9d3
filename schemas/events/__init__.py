"""The events that one-stop systems push, and the check at the door.

A newcomer starts with `dossier` (what can be said; the other families lie beside it), then `checks` (what is taken, and how it is stored).
"""

from schemas.events.checks import Door, decode, encode
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import Event
from schemas.events.families import FAMILIES, FAMILY_OF, AnyEvent, EventFamily
from schemas.events.petition import PetitionEvent
from schemas.events.procedure import ProcedureEvent
from schemas.events.rejected import Rejected
from schemas.events.unit import UnitEvent

__all__ = [
    "FAMILIES",
    "FAMILY_OF",
    "AnyEvent",
    "Door",
    "DossierEvent",
    "Event",
    "EventFamily",
    "PetitionEvent",
    "ProcedureEvent",
    "Rejected",
    "UnitEvent",
    "decode",
    "encode",
]
