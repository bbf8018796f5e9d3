"""The events that one-stop systems push, and the check at the door.

A newcomer starts with `dossier` (what can be said), then `checks` (what is taken, and how it is stored).
"""

from schemas.events.checks import Door, decode, encode
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import Event
from schemas.events.rejected import Rejected

__all__ = ["Door", "DossierEvent", "Event", "Rejected", "decode", "encode"]
