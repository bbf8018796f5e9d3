"""Settings of the services: environment variables NHIP_…, validated at the start, described where they are defined."""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.calendar import DEFAULT_HOURS, DayLine, WorkingCalendar, WorkingHours, hours_of_units, parse_days, vietnam
from schemas.moments import Zone, parse_moment

__all__ = [
    "SECRET",
    "ApiSettings",
    "ArchiveSettings",
    "CommonSettings",
    "IngestSettings",
    "NoticesSettings",
    "ScorerSettings",
    "StackSettings",
    "WrongSettingsError",
    "is_secret",
    "variable_of",
]

SECRET: JsonDict = {"secret": True}
"""Marks a field (its `json_schema_extra`) whose value is never shown."""


def is_secret(field: FieldInfo) -> bool:
    """Whether the value of a field is never shown."""
    return field.json_schema_extra == SECRET


def variable_of(name: str, field: FieldInfo) -> str:
    """The environment variable that a field is read from."""
    return str(field.validation_alias or f"NHIP_{name.upper()}")


class WrongSettingsError(ValueError):
    """Settings that cannot be; the message has a line for each, and values of secrets in none."""


class CommonSettings(BaseSettings):
    """What every service needs to know.

    Raises:
        WrongSettingsError: a variable is none of what it may be.
    """

    model_config = SettingsConfigDict(
        env_prefix="NHIP_", env_ignore_empty=True, extra="ignore", frozen=True, validate_by_name=True
    )

    timezone: str = Field("Asia/Ho_Chi_Minh", description="IANA time zone whose days are counted")
    working_hours: str = Field(
        DEFAULT_HOURS.text, description="Working hours of the offices, HH:MM-HH:MM, several with commas between"
    )
    unit_hours: str = Field(
        "",
        description="Working hours of units that differ, and of those below them: CODE=HOURS, several with semicolons between",
    )
    working_days: Path | None = Field(
        None,
        description="CSV file (date,day,name,source) of days off and working days that stand before the packaged ones",
    )
    due_soon_hours: float = Field(
        16,
        ge=0,
        le=1_000,
        description="Working hours before its due moment from which on a dossier is due soon (8 are a working day; 0: it never is)",
    )
    now: str | None = Field(
        None,
        description="RFC 3339 instant that the whole stack takes for now (backtests, replays); unset: the wall clock",
    )
    home: Path = Field(Path(".nhip"), description="Directory of the embedded stack: data, logs, state file")
    kafka_bootstrap: str = Field("127.0.0.1:9092", description="Address of Kafka, host:port[,host:port…]")
    database_url: str = Field(
        "postgresql+asyncpg://nhip@127.0.0.1:5432/nhip",
        description="Address of PostgreSQL for SQLAlchemy with asyncpg",
        repr=False,
        json_schema_extra=SECRET,
    )
    reader_password: str = Field(
        "",
        description="Password of the role nhip_reader of PostgreSQL, which may only read (dashboards); unset: no such role is made",
        repr=False,
        json_schema_extra=SECRET,
    )
    partitions: int = Field(
        4, ge=1, le=1024, description="Partitions of the event topics; fixed once the topics are there"
    )
    host: str = Field("127.0.0.1", description="Address that the services listen on")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR")

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            lines = [self._line(fault["loc"], fault["msg"], fault["input"]) for fault in error.errors()]
            raise WrongSettingsError("\n".join(lines)) from None  # it names what was given, passwords included

    @classmethod
    def _line(cls, place: tuple[int | str, ...], said: str, given: object) -> str:
        said = said.removeprefix("Value error, ")
        if not place:
            return said
        variable = f"NHIP_{str(place[0]).removeprefix('NHIP_').upper()}"
        secrets = {variable_of(name, field) for name, field in cls.model_fields.items() if is_secret(field)}
        return f"{variable}: {said}" if variable in secrets else f"{variable} {given!r}: {said}"

    @model_validator(mode="after")
    def _zone_and_now_are_known(self) -> Self:
        try:
            zone = self.zone
        except ValueError as error:
            raise ValueError(f"NHIP_TIMEZONE: {error}") from error
        try:
            if self.now is not None:
                parse_moment(self.now, zone)
        except ValueError as error:
            raise ValueError(f"NHIP_NOW {self.now!r}: {error}") from error
        return self

    @field_validator("working_hours")
    @classmethod
    def _hours_are_hours(cls, text: str) -> str:
        return WorkingHours(text).text

    @field_validator("unit_hours")
    @classmethod
    def _hours_of_units_are_hours(cls, text: str) -> str:
        hours_of_units(text)
        return text

    @field_validator("working_days")
    @classmethod
    def _days_can_be_read(cls, file: Path | None) -> Path | None:
        if file is None:
            return None
        _days_of(file)
        return file.absolute()

    @property
    def zone(self) -> Zone:
        """The configured time zone. Building it takes a moment: keep it."""
        return Zone(self.timezone)

    @property
    def now_us(self) -> int | None:
        """The fixed clock in microseconds since 1970; None for the wall clock. Without an offset it is local."""
        zone = self.zone
        return None if self.now is None else parse_moment(self.now, zone)

    @property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of Vietnam in the configured zone, by the configured hours and days. Keep it, too."""
        return self._calendar_by(WorkingHours(self.working_hours))

    @property
    def unit_calendars(self) -> dict[str, WorkingCalendar]:
        """The same by the hours of the units that have hours of their own."""
        return {unit: self._calendar_by(hours) for unit, hours in hours_of_units(self.unit_hours).items()}

    def _calendar_by(self, hours: WorkingHours) -> WorkingCalendar:
        return vietnam(self.zone, hours, () if self.working_days is None else _days_of(self.working_days))


def _days_of(file: Path) -> tuple[DayLine, ...]:
    """The days of a file.

    Raises:
        ValueError: the file cannot be read, or a line of it.
    """
    try:
        return parse_days(file.read_text("utf-8-sig"))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error


class IngestSettings(CommonSettings):
    """Settings of the service that takes events in."""

    port: int = Field(8001, ge=1, le=65535, validation_alias="NHIP_INGEST_PORT", description="Port of ingest")
    ingest_max_body: int = Field(
        default=32 << 20, ge=1, description="Bytes of a request's body, unpacked; larger is a 413"
    )
    ingest_max_in_flight: int = Field(
        default=50_000, ge=1, description="Events that one process works on at once; more is a 429"
    )
    ingest_publish_seconds: float = Field(
        default=10, gt=0, description="How long a request waits for Kafka's confirmation before it is a 503"
    )
    accept_posts: bool = Field(
        default=False, description="Take position codes (`post` of a step) in; without it they are dropped at the door"
    )
    sync_ok_code: str = Field(
        default="0",
        description='`error_code` of success at /v1/sync; older clients compare with "00" (0 is sent as a number)',
    )
    sync_is_synced: bool = Field(
        default=True,
        description="Whether what comes to /v1/sync has reached the national portal too; false where it is only copied to Nhịp",
    )
    population_databases: str = Field(
        default="7", description="Codes (MaCSDL) of the databases of population data, separated by commas"
    )

    @property
    def population_codes(self) -> frozenset[str]:
        """The codes of `population_databases`."""
        return frozenset(code.strip() for code in self.population_databases.split(",") if code.strip())


class ApiSettings(CommonSettings):
    """Settings of the service that answers."""

    port: int = Field(8000, ge=1, le=65535, validation_alias="NHIP_API_PORT", description="Port of the api")


class ScorerSettings(CommonSettings):
    """Settings of a worker that scores."""

    port: int = Field(
        8002, ge=1, le=65535, validation_alias="NHIP_SCORER_PORT", description="Port of the scorer (metrics, health)"
    )


class ArchiveSettings(CommonSettings):
    """Settings of the archive."""

    port: int = Field(
        8003, ge=1, le=65535, validation_alias="NHIP_ARCHIVE_PORT", description="Port of the archive (metrics, health)"
    )


class NoticesSettings(CommonSettings):
    """Settings of the sink that posts notices to webhooks."""

    port: int = Field(
        8004,
        ge=1,
        le=65535,
        validation_alias="NHIP_NOTICES_PORT",
        description="Port of the sink of notices (metrics, health)",
    )
    notices_gather_seconds: float = Field(
        60, ge=0, le=7 * 86_400, description="How long a digest gathers from its first notice on (86400: one a day)"
    )
    notices_retry_seconds: str = Field(
        "5,300,1800,7200,18000,36000,50400,72000,86400",
        description="Pauses after which a digest that nobody took is posted again, with commas between; after the last it has failed",
    )
    notices_answer_seconds: float = Field(15, gt=0, le=300, description="How long a webhook may take for its answer")
    notices_keep_days: float = Field(
        90, ge=1, le=36_500, description="Days after which a digest that was delivered is forgotten"
    )
    page: str = Field(
        "http://127.0.0.1:8000",
        pattern="^https?://",
        description="Address under which people find the pages; digests link there",
    )

    @field_validator("notices_retry_seconds")
    @classmethod
    def _pauses_are_pauses(cls, text: str) -> str:
        if any(not 0 < pause <= 7 * 86_400 for pause in _numbers(text)):
            raise ValueError("each pause must be more than 0 and at most 604800 (a week)")
        return text

    @property
    def notices_pauses(self) -> tuple[float, ...]:
        """The pauses of `notices_retry_seconds`."""
        return _numbers(self.notices_retry_seconds)


def _numbers(text: str) -> tuple[float, ...]:
    """Numbers with commas between.

    Raises:
        ValueError: one is none.
    """
    try:
        return tuple(float(one) for one in text.split(","))
    except ValueError:
        raise ValueError("numbers of seconds with commas between, such as 5,300,1800") from None


class StackSettings(CommonSettings):
    """Settings of the embedded stack (`nhip up`)."""

    kafka_port: int | None = Field(None, ge=1, le=65535, description="Port of the embedded Kafka; unset: a free one")
    postgres_port: int | None = Field(
        None, ge=1, le=65535, description="Port of the embedded PostgreSQL; unset: a free one"
    )
    cache: Path | None = Field(
        None, description="Where downloaded jars are kept; unset: `nhip` in the user's cache directory"
    )
