"""What can be chosen of the alerts: windows, thresholds, patience. The defaults are for production."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from deploy.alerts.durations import seconds

__all__ = ["AlertSettings", "Duration", "is_duration"]


def _read(given: object) -> object:
    return seconds(given) if isinstance(given, str) else given


Duration = Annotated[float, Field(gt=0), BeforeValidator(_read)]
"""Seconds; a text is read as Prometheus writes it (`15m`)."""


class AlertSettings(BaseModel):
    """Values of the rule files. Lengths of time in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: str = Field(
        "http://127.0.0.1:8000", description="where people find the pages of Nhịp; links of alerts lead there"
    )
    gap: Duration = Field(60, description="a number that is not told for so long (a restart of the api) still holds")

    late_window: Duration = Field(3600, description="LateDossierSpike: the time in which late dossiers are added up")
    late_lately: Duration = Field(
        900, description="the short window, in which the wave goes on: at half the pace or more; it ends so long after"
    )
    late_unit: int = Field(10, gt=0, description="late dossiers in the window below which no unit rings")
    late_province: int = Field(50, gt=0, description="the same of a province, all units together")
    late_factor: float = Field(2, ge=1, description="times the usual peak from which on it is a wave")
    late_usual: float = Field(
        0.8, gt=0, lt=1, description="the usual peak: so great a part of the past had a lower one"
    )
    late_day: Duration = Field(86_400, description="the time in which deadlines run through their peaks once")
    late_past: Duration = Field(12 * 86_400, description="how far the past reaches back; Prometheus must keep it")
    late_for: Duration = Field(60, description="how long a wave must last")
    late_interval: Duration = Field(15, description="how often late dossiers are added up")
    late_peak_interval: Duration = Field(120, le=300, description="how often the peak of the last day is worked out")
    late_usual_interval: Duration = Field(900, description="how often the usual peak is; less than the window")

    silent_least: Duration = Field(3600, description="NhipSystemSilent: working time below which no silence counts")
    silent_for: Duration = Field(300, description="how long beyond its habit a system must be silent")

    rejected_window: Duration = Field(3600, description="NhipManyRejected: the time in which events are added up")
    rejected_lately: Duration = Field(600, description="the short window: it still goes on, and ends so long after")
    rejected_share: float = Field(0.2, gt=0, le=1, description="the part of the events from which on it rings")
    rejected_events: int = Field(50, gt=0, description="rejected events in the window below which it does not")
    rejected_for: Duration = Field(60, description="how long it must last")
    lost_window: Duration = Field(
        900, description="NhipPoisonRecords, NhipDeadLettersLost: they fire so long after the last one"
    )

    moves_window: Duration = Field(60, description="NhipScorerStalled: the time in which a partition should move")
    stalled_for: Duration = Field(30, description="and how long it must not")
    lagging_age: Duration = Field(60, description="NhipScorerLagging: so long the oldest event may wait")
    lagging_for: Duration = Field(300, description="how long it must wait for longer")
    stale_age: Duration = Field(60, description="NhipScoresStale: so old scores may be")
    stale_for: Duration = Field(30, description="how long they must be older")
    down_for: Duration = Field(60, description="NhipServiceDown: how long a service must not answer")
    restarts: int = Field(2, ge=0, description="NhipScorerRestarting: so many starts are forgiven")
    restarts_window: Duration = Field(900, description="the time in which they are counted")
    archive_age: Duration = Field(600, description="NhipArchiveBehind: by so much the archive may lag")
    archive_for: Duration = Field(300, description="how long it must lag by more, or not answer")
    notices_age: Duration = Field(
        900, description="NhipNoticesFailing: so long notices may wait in Kafka, or for PostgreSQL"
    )
    notices_for: Duration = Field(300, description="how long they must wait for longer, or the sink not answer")

    def faster(self, times: float) -> "AlertSettings":
        """The same with every length of time divided; numbers and shares stay."""
        lengths = (name for name, field in type(self).model_fields.items() if is_duration(field))
        return self.model_copy(update={name: getattr(self, name) / times for name in lengths})


def is_duration(field: FieldInfo) -> bool:
    """Whether a field is a length of time."""
    return any(isinstance(one, BeforeValidator) for one in field.metadata)
