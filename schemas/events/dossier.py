"""Events about a dossier ("hồ sơ"): CONTRACT, section 1, and `events_and_measures.md`, section 1.

Names of Decision 766 and of the one-stop decree (NĐ 61/2018/NĐ-CP, NĐ 118/2025/NĐ-CP) stand beside the types.
"""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.events.envelope import (
    Allowed,
    Amount,
    Code,
    DossierCode,
    DossierData,
    DueMoment,
    Event,
    Item,
    Moment,
    PetitionCode,
    TimeUnit,
    UnitCode,
)

Channel = Literal["onsite", "online", "postal"]
Applicant = Literal["citizen", "business", "agency", "other"]
Outcome = Literal["completed", "refused", "stopped"]
Method = Literal["national_portal", "local_gateway", "other", "cash"]
Level = Literal["very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied"]
SlipKind = Literal["paper", "kiosk", "online"]
Fault = Literal["agency", "applicant"]
State = Literal[
    "registered", "accepted", "declined", "processing", "supplement",
    "payment", "withdrawn", "stopped", "done", "returned",
]  # fmt: skip
"""States 1 to 10 of the processing log, in this order (`TrangThaiHoSo`)."""

Slip = dict[
    Annotated[str, Meta(pattern="^[1-9]$", description="indicator of TT 01/2018/TT-VPCP, article 13")],
    Annotated[int, Meta(ge=0, le=2, description="points")],
]


class SubmittedData(DossierData):
    """Sent in online, nobody has accepted it yet."""

    unit: UnitCode
    procedure: Code
    submitted_at: Moment | None = None
    channel: Channel | None = None
    state: State | None = None


class ReceivedData(DossierData):
    """Accepted ("tiếp nhận"): from here on the dossier counts."""

    unit: UnitCode
    procedure: Code
    received_at: Moment | None = None
    due_at: DueMoment | None = None
    channel: Channel | None = None
    applicant: Applicant | None = None
    fee: Amount | None = None
    components_digitized: bool | None = None
    reused_data: bool | None = None
    from_personal_storage: bool | None = None
    population_data: bool | None = None
    submitted_at: Moment | None = None
    allowed: Allowed | None = None
    allowed_unit: TimeUnit | None = None
    intake_unit: UnitCode | None = None


class DeclinedData(DossierData):
    """Refused at intake, never accepted ("không được tiếp nhận")."""

    declined_at: Moment | None = None
    reason: str | None = None


class StepData(DossierData):
    """One step of the processing by one agency."""

    step: Item
    agency: UnitCode | None = None
    started_at: Moment | None = None
    due_at: DueMoment | None = None
    finished_at: Moment | None = None
    post: Code | None = None


class SupplementRequestedData(DossierData):
    """The applicant is asked for more ("yêu cầu bổ sung")."""

    supplement: Item
    requested_at: Moment | None = None
    fault: Fault | None = None


class SupplementedData(DossierData):
    """The applicant has brought it."""

    supplement: Item
    completed_at: Moment | None = None
    due_at: DueMoment | None = None


class RescheduledData(DossierData):
    """A new due moment ("hẹn lại ngày trả kết quả", NĐ 61/2018, article 19.9)."""

    due_at: DueMoment
    apology: bool | None = None
    reason: str | None = None


class ProcessedData(DossierData):
    """Done ("đã xử lý xong"), refused after appraisal or stopped."""

    finished_at: Moment | None = None
    outcome: Outcome | None = None
    result_file: bool | None = None
    result_stored: bool | None = None
    result_coded: bool | None = None


class ReturnedData(DossierData):
    """The result was handed over ("đã trả kết quả")."""

    returned_at: Moment | None = None
    result_file: bool | None = None
    result_coded: bool | None = None


class WithdrawnData(DossierData):
    """The citizen took it back ("công dân yêu cầu rút hồ sơ")."""

    withdrawn_at: Moment | None = None


class ReopenedData(DossierData):
    """Cancels every older end."""

    reopened_at: Moment | None = None


class PaidData(DossierData):
    """One payment; each is kept."""

    payment: Item | None = None
    paid_at: Moment | None = None
    method: Method | None = None
    amount: Amount | None = None


class SyncedData(DossierData):
    """The national portal has it."""

    synced_at: Moment | None = None


class LateData(DossierData):
    """The system's own notice that the dossier is late."""

    late_at: Moment | None = None
    reason: str | None = None
    apology: bool | None = None


class NotifiedData(DossierData):
    """Somebody was told that the dossier is late: the unit or its leaders ("thông báo hồ sơ trễ hạn")."""

    notified_at: Moment | None = None


class RatedData(DossierData):
    """The applicant's rating, or a slip ("phiếu đánh giá") of TT 01/2018."""

    stars: Annotated[int, Meta(ge=1, le=5)] | None = None
    level: Level | None = None
    rated_at: Moment | None = None
    slip: Slip | None = None
    kind: SlipKind | None = None


class ProgressedData(DossierData):
    """One line of the processing log ("tiến trình xử lý")."""

    state: State
    progressed_at: Moment
    agency: UnitCode | None = None
    result_file: bool | None = None


class PetitionedData(DossierData):
    """A petition ("phản ánh, kiến nghị") concerns the dossier.

    ``finding``: only what was found (``upheld``) is told; since when it concerns the dossier stays as it was told.
    """

    petition: PetitionCode
    petitioned_at: Moment | None = None
    upheld: bool | None = None
    finding: bool | None = None
    voided: bool | None = None


class AboutDossier(Event):
    """What every event about a dossier is."""

    subject: DossierCode


class Submitted(AboutDossier, tag="nhip.dossier.submitted"):
    data: SubmittedData


class Received(AboutDossier, tag="nhip.dossier.received"):
    data: ReceivedData


class Declined(AboutDossier, tag="nhip.dossier.declined"):
    data: DeclinedData | None = None


class Step(AboutDossier, tag="nhip.dossier.step"):
    data: StepData


class SupplementRequested(AboutDossier, tag="nhip.dossier.supplement_requested"):
    data: SupplementRequestedData


class Supplemented(AboutDossier, tag="nhip.dossier.supplemented"):
    data: SupplementedData


class Rescheduled(AboutDossier, tag="nhip.dossier.rescheduled"):
    data: RescheduledData


class Processed(AboutDossier, tag="nhip.dossier.processed"):
    data: ProcessedData | None = None


class Returned(AboutDossier, tag="nhip.dossier.returned"):
    data: ReturnedData | None = None


class Withdrawn(AboutDossier, tag="nhip.dossier.withdrawn"):
    data: WithdrawnData | None = None


class Reopened(AboutDossier, tag="nhip.dossier.reopened"):
    data: ReopenedData | None = None


class Paid(AboutDossier, tag="nhip.dossier.paid"):
    data: PaidData | None = None


class Synced(AboutDossier, tag="nhip.dossier.synced"):
    data: SyncedData | None = None


class Late(AboutDossier, tag="nhip.dossier.late"):
    data: LateData | None = None


class Notified(AboutDossier, tag="nhip.dossier.notified"):
    data: NotifiedData | None = None


class Rated(AboutDossier, tag="nhip.dossier.rated"):
    data: RatedData


class Progressed(AboutDossier, tag="nhip.dossier.progressed"):
    data: ProgressedData


class Petitioned(AboutDossier, tag="nhip.dossier.petitioned"):
    data: PetitionedData


class Voided(AboutDossier, tag="nhip.dossier.voided"):
    data: DossierData | None = None


DossierEvent = (
    Submitted | Received | Declined | Step | SupplementRequested | Supplemented | Rescheduled | Processed | Returned
    | Withdrawn | Reopened | Paid | Synced | Late | Notified | Rated | Progressed | Petitioned | Voided
)  # fmt: skip
"""Every event about a dossier, told apart by its ``type``."""
