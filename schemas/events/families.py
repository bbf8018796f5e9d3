"""The families of events: which types there are, and on which topic each lies."""

from typing import Final, NamedTuple, get_args

from schemas import topics
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import Event
from schemas.events.petition import PetitionEvent
from schemas.events.procedure import ProcedureEvent
from schemas.events.unit import UnitDeclared, UnitEvent


class EventFamily(NamedTuple):
    """Events about one kind of subject.

    ``dated``: their moments are legal ones. A day alone is a moment then, and it may lie ahead or long ago.
    """

    name: str
    topic: str
    types: tuple[type[Event], ...]
    about: str
    dated: bool = False


AnyEvent = DossierEvent | PetitionEvent | ProcedureEvent | UnitEvent
"""Every event that is taken."""

FAMILIES: Final = (
    EventFamily("dossier", topics.DOSSIER_EVENTS, get_args(DossierEvent), "a dossier (hồ sơ)"),
    EventFamily("petition", topics.PETITION_EVENTS, get_args(PetitionEvent), "a petition (phản ánh, kiến nghị)"),
    EventFamily(
        "procedure", topics.PROCEDURE_EVENTS, get_args(ProcedureEvent), "procedures (thủ tục hành chính)", dated=True
    ),
    EventFamily("unit", topics.UNIT_EVENTS, (UnitDeclared,), "a unit: the figures that it declares", dated=True),
)

FAMILY_OF: Final[dict[type[Event], EventFamily]] = {kind: family for family in FAMILIES for kind in family.types}
"""The family of each event type."""


def tag_of(kind: type[Event]) -> str:
    """The ``type`` of the events of a struct, such as ``nhip.dossier.received``."""
    return str(kind.__struct_config__.tag)
