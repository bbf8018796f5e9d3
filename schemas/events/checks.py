"""The check at the door: what was sent becomes an event in its one stored form, or a `Rejected` that says why."""

import re
from dataclasses import dataclass
from typing import Final, get_args, get_type_hints

import msgspec

from schemas.codes import reason_code
from schemas.events import dossier
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import DossierData
from schemas.events.rejected import Rejected, rejection, shown
from schemas.moments import MINUTE, Zone, canonical, is_bare_date, parse_moment
from schemas.units import UnitTree

TOLERANCE: Final = 5 * MINUTE
"""How far a moment may lie after now: clocks of two systems differ."""

_DECODER: Final[msgspec.json.Decoder[DossierEvent]] = msgspec.json.Decoder(DossierEvent)
_ENCODER: Final = msgspec.json.Encoder()
_UNITS: Final = frozenset({"unit", "agency", "intake_unit"})
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What an event is checked against: the key it came with, the unit tree, the zone and the clock.

    ``now`` is in microseconds. ``posts``: whether the operator lets position codes (`step.post`) in.
    """

    system: str
    unit: str
    tree: UnitTree
    zone: Zone
    now: int
    posts: bool = False

    def check(self, raw: bytes | msgspec.Raw) -> DossierEvent:
        """Read one CloudEvent and bring it into its stored form.

        Moments become UTC texts, unit codes the codes of the tree, reasons codes; unknown fields fall away; the key's system and
        unit are stamped.

        Raises:
            Rejected: the event is not taken.
        """
        event = decode(raw)
        event.keysystem, event.keyunit = self.system, self.unit
        event.time = self._time(event.time)
        data = event.data
        if data is not None:
            plan = _PLANS[type(data)]
            for field in plan.moments:
                if (text := getattr(data, field)) is not None:
                    setattr(data, field, self._moment(field, text))
            for field in plan.units:
                if (code := getattr(data, field)) is not None:
                    setattr(data, field, self._unit(field, code))
            self._speaks_for(data.unit)
            if plan.special:
                self._finish(data)
        return event

    def _time(self, text: str) -> str:
        try:
            moment = parse_moment(text, self.zone, needs_offset=True)
        except ValueError as error:
            raise Rejected("bad_moment", f"time: {error}") from error
        return self._timely("time", text, moment)

    def _moment(self, field: str, text: str) -> str:
        if len(text) == 10 and is_bare_date(text):
            if field != "due_at":
                raise Rejected("bad_moment", f"data.{field}: a day alone is no moment here; add the time")
            return self._due_day(text)
        try:
            moment = parse_moment(text, self.zone)
        except ValueError as error:
            raise Rejected("bad_moment", f"data.{field}: {error}") from error
        return self._timely(field, text, moment)

    def _due_day(self, text: str) -> str:
        """The last microsecond of a day, which is what a bare date as `due_at` means."""
        try:
            noon = parse_moment(f"{text}T12:00:00", self.zone)
        except ValueError as error:
            raise Rejected("bad_moment", f"data.due_at: {error}") from error
        return self._timely("due_at", text, self.zone.end_of_day(self.zone.day(noon)))

    def _timely(self, field: str, text: str, moment: int) -> str:
        """The stored form of a moment, if its year as written is 1900 or later and it does not lie ahead (but due ones may)."""
        if text < "1900":
            raise Rejected("bad_moment", f"{_place(field)} lies before 1900; correct the year")
        if moment > self.now + TOLERANCE and field != "due_at":
            raise Rejected(
                "in_the_future",
                f"{_place(field)} lies more than 5 minutes after now ({self.zone.format(self.now)}); "
                "check the clock and the offset of the sending system",
            )
        return canonical(moment)

    def _unit(self, field: str, code: str) -> str:
        known = self.tree.resolve(code)
        if known is None:
            raise Rejected(
                "unknown_unit", f"data.{field}: unit {shown(code)} is not in the unit tree; load it or correct the code"
            )
        return known

    def _speaks_for(self, unit: str | None) -> None:
        if unit is not None and not self.tree.may_speak(self.unit, unit):
            raise Rejected(
                "foreign_unit",
                f"the key of unit {self.unit} may not speak for unit {unit}; use a key of that unit or above",
            )

    def _finish(self, data: DossierData) -> None:
        """What only some types need."""
        if isinstance(data, dossier.DeclinedData | dossier.RescheduledData | dossier.LateData):
            data.reason = reason_code(data.reason)
        elif isinstance(data, dossier.RatedData):
            if data.stars is None and data.level is None and not data.slip:
                raise Rejected("bad_data", "data: a rating needs stars, level or slip")
        elif isinstance(data, dossier.StepData) and not self.posts:
            data.post = None


def _place(field: str) -> str:
    return field if field == "time" else f"data.{field}"


def decode(raw: bytes | msgspec.Raw) -> DossierEvent:
    """Read one event by its type, without looking at what its fields mean.

    Raises:
        Rejected: no JSON, no CloudEvent, an unknown type, a missing or ill-typed field.
    """
    try:
        event = _DECODER.decode(raw)
    except msgspec.ValidationError as error:
        raise rejection(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("bad_json", f"not JSON: {error}") from error
    if b"\\u0000" in bytes(raw) and _NUL.search(encode(event)):
        raise Rejected("bad_data", "the character U+0000 cannot be stored; leave it out")
    return event


def encode(event: DossierEvent) -> bytes:
    """The stored form of an event: one line of JSON."""
    return _ENCODER.encode(event)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What `Door.check` has to look at in the data of one type."""

    moments: tuple[str, ...]
    units: tuple[str, ...]
    special: bool


def _plan(data: type[DossierData]) -> _Plan:
    names = data.__struct_fields__
    return _Plan(
        tuple(name for name in names if name.endswith("_at")),
        tuple(name for name in names if name in _UNITS),
        bool({"reason", "post", "stars"}.intersection(names)),
    )


def data_type(event: type[msgspec.Struct]) -> type[DossierData]:
    """The struct that the field ``data`` of an event type holds."""
    declared = get_type_hints(event)["data"]
    found: type[DossierData] = next((kind for kind in get_args(declared) if kind is not type(None)), declared)
    return found


_PLANS: Final = {data: _plan(data) for data in map(data_type, get_args(DossierEvent))}
