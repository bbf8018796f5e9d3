"""The due moment of a dossier to which no event gave one: `events_and_measures.md`, section 1.2, `allowed`."""

from schemas.calendar import Allowed, due_moment
from services.scorer.domain.facts import Received
from services.scorer.domain.setting import Setting


def statutory_due(received: Received, setting: Setting) -> int | None:
    """When the dossier's own time runs out, else that of its procedure, in microseconds; None where neither is known."""
    if received.allowed is not None:
        allowed = Allowed(received.allowed, received.allowed_unit)
    elif received.procedure in setting.statutory:
        allowed = setting.statutory[received.procedure]
    else:
        return None
    return due_moment(received.at, allowed, setting.calendar_of(received.unit))
