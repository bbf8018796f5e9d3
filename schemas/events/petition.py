"""Events about a petition ("phản ánh, kiến nghị"): `events_and_measures.md`, section 2.2.

A petition that is passed on is handled by several units. Each event names the ``unit`` whose part it is about; what is known is kept by
(subject, unit). The deadlines are those of Decision 766/QĐ-TTg, group 5.
"""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.events.envelope import Data, DossierCode, Event, Moment, PetitionCode, UnitCode

PetitionClass = Literal["rules", "staff", "other"]
"""About rules and procedures ("quy định, thủ tục hành chính"), about staff ("hành vi cán bộ, công chức, viên chức"), or other."""

DeclineOutcome = Literal["refused", "sent_back", "forwarded"]
Total = Annotated[int, Meta(ge=0, le=10**9, description="running total")]


class PetitionData(Data):
    """What every event about a unit's part of a petition says."""

    unit: UnitCode


class PetitionReceivedData(PetitionData, rename={"class_": "class"}):
    """It came to the unit. The clock starts at ``forwarded_at``, else at ``sent_at``."""

    sent_at: Moment | None = None
    forwarded_at: Moment | None = None
    class_: PetitionClass | None = None
    dossier: DossierCode | None = None
    repeats: PetitionCode | None = None


class PetitionAcceptedData(PetitionData):
    """The unit takes it on ("tiếp nhận")."""

    accepted_at: Moment | None = None


class PetitionSupplementRequestedData(PetitionData):
    """The sender is asked for more."""

    requested_at: Moment | None = None


class PetitionSupplementedData(PetitionData):
    """The sender has told more."""

    completed_at: Moment | None = None


class PetitionDeclinedData(PetitionData):
    """Refused, sent back, or passed on to the unit ``to``."""

    declined_at: Moment | None = None
    outcome: DeclineOutcome | None = None
    to: UnitCode | None = None


class PetitionAnsweredData(PetitionData):
    """Answered ("chờ công khai", "đã công khai"); ``upheld``: the petition was right."""

    answered_at: Moment | None = None
    dossier: DossierCode | None = None
    upheld: bool | None = None


class PetitionPublishedData(PetitionData):
    """The answer is public ("đã công khai")."""

    published_at: Moment | None = None


class PetitionRatedData(PetitionData):
    """What readers think of the answer."""

    likes: Total | None = None
    dislikes: Total | None = None


class PetitionRepeatedData(Data):
    """A later petition repeats this one, for all its units; ingest derives it from ``repeats``."""

    by: PetitionCode


class PetitionVoidedData(PetitionData):
    """Entered by mistake."""

    dossier: DossierCode | None = None


class PetitionReceived(Event, tag="nhip.petition.received"):
    data: PetitionReceivedData


class PetitionAccepted(Event, tag="nhip.petition.accepted"):
    data: PetitionAcceptedData


class PetitionSupplementRequested(Event, tag="nhip.petition.supplement_requested"):
    data: PetitionSupplementRequestedData


class PetitionSupplemented(Event, tag="nhip.petition.supplemented"):
    data: PetitionSupplementedData


class PetitionDeclined(Event, tag="nhip.petition.declined"):
    data: PetitionDeclinedData


class PetitionAnswered(Event, tag="nhip.petition.answered"):
    data: PetitionAnsweredData


class PetitionPublished(Event, tag="nhip.petition.published"):
    data: PetitionPublishedData


class PetitionRated(Event, tag="nhip.petition.rated"):
    data: PetitionRatedData


class PetitionRepeated(Event, tag="nhip.petition.repeated"):
    data: PetitionRepeatedData


class PetitionVoided(Event, tag="nhip.petition.voided"):
    data: PetitionVoidedData


PetitionEvent = (
    PetitionReceived | PetitionAccepted | PetitionSupplementRequested | PetitionSupplemented | PetitionDeclined
    | PetitionAnswered | PetitionPublished | PetitionRated | PetitionRepeated | PetitionVoided
)  # fmt: skip
"""Every event about a petition, told apart by its ``type``."""
