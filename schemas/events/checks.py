"""The check at the door: what was sent becomes an event in its one stored form, or a `Rejected` that says why."""

from dataclasses import dataclass
from typing import Final

import msgspec

from schemas.codes import reason_code
from schemas.events import dossier
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import DossierData
from schemas.moments import MINUTE, YEAR_1900, Zone, canonical, is_bare_date, parse_moment
from schemas.units import UnitTree

TOLERANCE: Final = 5 * MINUTE
"""How far a moment may lie after now: clocks of two systems differ."""

_DECODER: Final[msgspec.json.Decoder[DossierEvent]] = msgspec.json.Decoder(DossierEvent)
_ENCODER: Final = msgspec.json.Encoder()


class Rejected(ValueError):
    """An event that is not taken.

    Args:
        code: one of the codes of `docs/events.md`: ``bad_json``, ``bad_envelope``, ``unknown_type``, ``bad_data``, ``bad_moment``,
            ``in_the_future``, ``unknown_unit``, ``foreign_unit``.
        detail: what is wrong and what to do, in English; quotes no value that could be personal.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What an event is checked against: the key it came with, the unit tree, the zone and the clock.

    ``now`` is in microseconds.
    """

    system: str
    unit: str
    tree: UnitTree
    zone: Zone
    now: int

    def check(self, raw: bytes | msgspec.Raw) -> DossierEvent:
        """Read one CloudEvent and bring it into its stored form.

        Moments become UTC texts, unit codes the codes of the tree, reasons codes; unknown fields fall away; the key's system and
        unit are stamped.

        Raises:
            Rejected: the event is not taken.
        """
        event = decode(raw)
        event.keysystem, event.keyunit = self.system, self.unit
        event.time = canonical(self._time(event.time))
        if event.data is not None:
            for field in _FIELDS[type(event.data)].moments:
                if (text := getattr(event.data, field)) is not None:
                    setattr(event.data, field, canonical(self._moment(field, text)))
            for field in _FIELDS[type(event.data)].units:
                if (code := getattr(event.data, field)) is not None:
                    setattr(event.data, field, self._unit(field, code))
            self._speaks_for(event.data.unit)
            if isinstance(event.data, dossier.DeclinedData | dossier.RescheduledData | dossier.LateData):
                event.data.reason = reason_code(event.data.reason)
            if isinstance(event.data, dossier.RatedData):
                _check_rating(event.data)
        return event

    def _time(self, text: str) -> int:
        try:
            moment = parse_moment(text, self.zone, needs_offset=True)
        except ValueError as error:
            raise Rejected("bad_moment", f"time: {error}") from error
        self._not_ahead("time", moment)
        return moment

    def _moment(self, field: str, text: str) -> int:
        due = field == "due_at"
        try:
            if due and is_bare_date(text):
                moment = self.zone.end_of_day(self.zone.day(parse_moment(f"{text}T12:00:00", self.zone)))
            else:
                moment = parse_moment(text, self.zone)
        except ValueError as error:
            hint = " (a day alone is no moment here; add the time)" if is_bare_date(text) else ""
            raise Rejected("bad_moment", f"data.{field}: {error}{hint}") from error
        if moment < YEAR_1900:
            raise Rejected("bad_moment", f"data.{field} lies before 1900; correct the year")
        if not due:
            self._not_ahead(f"data.{field}", moment)
        return moment

    def _not_ahead(self, field: str, moment: int) -> None:
        if moment > self.now + TOLERANCE:
            raise Rejected(
                "in_the_future",
                f"{field} lies more than 5 minutes after now ({self.zone.format(self.now)}); "
                "check the clock and the offset of the sending system",
            )

    def _unit(self, field: str, code: str) -> str:
        known = self.tree.resolve(code)
        if known is None:
            raise Rejected(
                "unknown_unit",
                f"data.{field}: unit {code[:64]!r} is not in the unit tree; load it or correct the code",
            )
        return known

    def _speaks_for(self, unit: str | None) -> None:
        if unit is not None and not self.tree.may_speak(self.unit, unit):
            raise Rejected(
                "foreign_unit",
                f"the key of unit {self.unit} may not speak for unit {unit}; use a key of that unit or above",
            )


def decode(raw: bytes | msgspec.Raw) -> DossierEvent:
    """Read one event by its type, without looking at what its fields mean.

    Raises:
        Rejected: no JSON, no CloudEvent, an unknown type, a missing or ill-typed field.
    """
    try:
        return _DECODER.decode(raw)
    except msgspec.ValidationError as error:
        raise _rejection(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected("bad_json", f"not JSON: {error}") from error


def encode(event: DossierEvent) -> bytes:
    """The stored form of an event: one line of JSON."""
    return _ENCODER.encode(event)


@dataclass(frozen=True, slots=True)
class _Fields:
    moments: tuple[str, ...]
    units: tuple[str, ...]


def _fields(data: type[msgspec.Struct]) -> _Fields:
    names = data.__struct_fields__
    return _Fields(
        tuple(name for name in names if name.endswith("_at")),
        tuple(name for name in names if name in {"unit", "agency", "intake_unit"}),
    )


_FIELDS: Final = {
    data: _fields(data)
    for data in vars(dossier).values()
    if isinstance(data, type) and issubclass(data, DossierData)
}  # fmt: skip


def _rejection(message: str) -> Rejected:
    """The code of what msgspec found wrong; its message names the place, never a value but that of an enum."""
    what, _, place = message.partition(" - at ")
    place = place.strip("`").removeprefix("$.")
    if place == "type" or "`type`" in what:
        return Rejected("unknown_type", f"{message[:200]}; the types are listed in docs/events.md")
    if place.startswith("data"):
        return Rejected("bad_data", f"{place}: {_unquoted(what)}")
    if place in {"", "$"} and "field `data`" in what:
        return Rejected("bad_data", "the field `data` is missing")
    return Rejected("bad_envelope", f"{place or 'event'}: {_unquoted(what)}")


def _unquoted(what: str) -> str:
    """A message without the value that it quotes (free text could carry a name)."""
    return "not one of the allowed values" if what.startswith("Invalid enum value") else what


def _check_rating(data: dossier.RatedData) -> None:
    if data.stars is None and data.level is None and not data.slip:
        raise Rejected("bad_data", "data: a rating needs stars, level or slip")
