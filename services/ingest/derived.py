"""Events that ingest sends itself, so that no state has to cross from one table of the scorer to another.

A petition that names a dossier makes ``nhip.dossier.petitioned``; one that repeats an earlier petition makes ``nhip.petition.repeated``
about that one. Ids come from the cause alone: of a duplicate come duplicates.
"""

import hashlib
from collections.abc import Iterator

from schemas.events import Event
from schemas.events.dossier import Petitioned, PetitionedData
from schemas.events.envelope import MAX_IDENTITY
from schemas.events.petition import (
    PetitionAnswered,
    PetitionReceived,
    PetitionRepeated,
    PetitionRepeatedData,
    PetitionVoided,
)

__all__ = ["derived"]


def derived(event: Event) -> Iterator[Event]:
    """What follows from an event in its stored form, in stored form."""
    match event:
        case PetitionReceived(data=data):
            if data.dossier is not None:
                start = data.forwarded_at or data.sent_at or event.time
                yield _petitioned(event, data.dossier, PetitionedData(petition=event.subject, petitioned_at=start))
            if data.repeats is not None and data.repeats != event.subject:
                yield _repeated(event, data.repeats)
        case PetitionAnswered(data=data) if data.dossier is not None and data.upheld is not None:
            yield _petitioned(
                event, data.dossier, PetitionedData(petition=event.subject, upheld=data.upheld, finding=True)
            )
        case PetitionVoided(data=data) if data.dossier is not None:
            yield _petitioned(event, data.dossier, PetitionedData(petition=event.subject, voided=True))


def _petitioned(cause: Event, dossier: str, data: PetitionedData) -> Petitioned:
    return Petitioned(
        specversion="1.0",
        id=_id_from(cause, "petitioned"),
        source=cause.source,
        subject=dossier,
        time=cause.time,
        keysystem=cause.keysystem,
        keyunit=cause.keyunit,
        data=data,
    )


def _repeated(cause: Event, earlier: str) -> PetitionRepeated:
    return PetitionRepeated(
        specversion="1.0",
        id=_id_from(cause, "repeated"),
        source=cause.source,
        subject=earlier,
        time=cause.time,
        keysystem=cause.keysystem,
        keyunit=cause.keyunit,
        data=PetitionRepeatedData(by=cause.subject),
    )


def _id_from(cause: Event, what: str) -> str:
    """An id that tells its cause, and orders as it does; a hash where that would be too long."""
    made = f"{cause.id}#{what}"
    return made if len(made) <= MAX_IDENTITY else hashlib.sha256(made.encode()).hexdigest()
