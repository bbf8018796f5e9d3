"""Events about procedures ("thủ tục hành chính"): catalogue, decisions, offers (`events_and_measures.md`, section 2.1)."""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.events.envelope import Allowed, Code, Data, Event, LegalMoment, OfficialName, TimeUnit, UnitCode

ProcedureLevel = Literal["ministry", "province", "commune"]
Part = Literal["name", "steps", "manner", "documents", "time", "subject", "agency"]
"""The seven parts that a published procedure must have (NĐ 63/2010/NĐ-CP, article 8.2)."""

Status = Literal["public", "amending", "abolished", "hidden"]
Change = Literal["added", "amended", "abolished"]
Online = Literal["none", "information", "partial", "full"]
OnSite = Literal["none", "reception", "full"]


class DescribedData(Data):
    """What the catalogue says; it holds for all days."""

    procedure: Code
    name: OfficialName | None = None
    sector: Code | None = None
    sector_name: OfficialName | None = None
    levels: list[ProcedureLevel] | None = None
    owner: UnitCode | None = None
    special: bool | None = None
    fee: bool | None = None
    paper_result: bool | None = None
    for_citizens: bool | None = None
    full_online_eligible: bool | None = None
    services: Annotated[int, Meta(ge=0, le=10_000, description="online services of this procedure")] | None = None
    allowed: Allowed | None = None
    allowed_unit: TimeUnit | None = None
    parts: list[Part] | None = None
    status: Status | None = None

    def subject(self) -> str:
        """The procedure."""
        return self.procedure


class DecisionData(Data):
    """What is about one decision on one procedure; ``unit`` issued it."""

    decision: Code
    procedure: Code
    unit: UnitCode

    def subject(self) -> str:
        """``{decision}/{procedure}``."""
        return f"{self.decision}/{self.procedure}"


class AnnouncedData(DecisionData):
    """A decision announces a procedure ("quyết định công bố"); ``effective_at``: the latest effective day of its legal basis."""

    decided_at: LegalMoment | None = None
    kind: Change | None = None
    effective_at: LegalMoment | None = None


class PublishedData(DecisionData):
    """It was made public in the national database ("công khai")."""

    published_at: LegalMoment | None = None


class OfferedData(Data):
    """A unit offers a procedure, online and on site ("4 tại chỗ")."""

    unit: UnitCode
    procedure: Code
    online: Online | None = None
    on_site: OnSite | None = None
    on_site_exempt: bool | None = None
    from_at: LegalMoment | None = None
    to_at: LegalMoment | None = None

    def subject(self) -> str:
        """``{unit}/{procedure}``."""
        return f"{self.unit}/{self.procedure}"


class ProcedureDescribed(Event, tag="nhip.procedure.described"):
    data: DescribedData


class ProcedureAnnounced(Event, tag="nhip.procedure.announced"):
    data: AnnouncedData


class ProcedurePublished(Event, tag="nhip.procedure.published"):
    data: PublishedData


class ProcedureOffered(Event, tag="nhip.procedure.offered"):
    data: OfferedData


class ProcedureVoided(Event, tag="nhip.procedure.voided"):
    data: Data | None = None


ProcedureEvent = ProcedureDescribed | ProcedureAnnounced | ProcedurePublished | ProcedureOffered | ProcedureVoided
"""Every event about procedures, told apart by its ``type``."""
