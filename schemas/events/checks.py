"""The check at the door: what was sent becomes an event in its one stored form, or a `Rejected` that says why."""

import re
from dataclasses import dataclass
from typing import Final, get_args, get_type_hints

import msgspec

from schemas.codes import reason_code
from schemas.events import dossier
from schemas.events.envelope import Data, Event
from schemas.events.families import FAMILIES, AnyEvent, EventFamily
from schemas.events.procedure import ProcedureVoided
from schemas.events.rejected import Rejected, rejection, shown
from schemas.events.unit import DeclaredData
from schemas.moments import MINUTE, Zone, canonical, is_bare_date, parse_day, parse_moment
from schemas.units import UnitTree

TOLERANCE: Final = 5 * MINUTE
"""How far a moment may lie after now: clocks of two systems differ."""

_DECODER: Final[msgspec.json.Decoder[AnyEvent]] = msgspec.json.Decoder(AnyEvent)
_ENCODER: Final = msgspec.json.Encoder()
_UNITS: Final = frozenset({"unit", "agency", "intake_unit", "owner", "to"})
_SPEAKERS: Final = ("unit", "owner")
"""Fields that name the unit that an event speaks for."""
_ENDS: Final = frozenset({"due_at", "to_at"})
"""Moments of which a day alone means its last microsecond."""
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

    def check(self, raw: bytes | msgspec.Raw) -> AnyEvent:
        """Read one CloudEvent and bring it into its stored form.

        Moments become UTC texts, unit codes the codes of the tree (in a subject that is built from fields, too), reasons codes; unknown
        fields fall away; the key's system and unit are stamped.

        Raises:
            Rejected: the event is not taken.
        """
        event = decode(raw)
        event.keysystem, event.keyunit = self.system, self.unit
        event.time = self._time(event.time)
        data = event.data
        if data is not None:
            plan = _PLANS[type(data)]
            spelt = data.subject()
            for field in plan.moments:
                if (text := getattr(data, field)) is not None:
                    setattr(data, field, self._moment(field, text, dated=plan.dated))
            for field in plan.units:
                if (code := getattr(data, field)) is not None:
                    setattr(data, field, self._unit(field, code))
            if plan.speaker is not None:
                self._speaks_for(getattr(data, plan.speaker))
            if plan.special:
                self._finish(data)
            if spelt is not None:
                event.subject = _agreed(event.subject, spelt, data)
        if isinstance(event, ProcedureVoided):
            event.subject = self._as_offered(event.subject)
        return event

    def _as_offered(self, subject: str) -> str:
        """The subject of an offer with the unit's code of the tree; any other one as it is."""
        unit, slash, procedure = subject.partition("/")
        known = self.tree.resolve(unit)
        return subject if known is None else known + slash + procedure

    def _time(self, text: str) -> str:
        try:
            moment = parse_moment(text, self.zone, needs_offset=True)
        except ValueError as error:
            raise Rejected("bad_moment", f"time: {error}") from error
        return self._timely("time", text, moment)

    def _moment(self, field: str, text: str, *, dated: bool) -> str:
        if len(text) == 10 and is_bare_date(text):
            if not dated and field != "due_at":
                raise Rejected("bad_moment", f"data.{field}: a day alone is no moment here; add the time")
            moment = self._whole_day(field, text)
        else:
            try:
                moment = parse_moment(text, self.zone)
            except ValueError as error:
                raise Rejected("bad_moment", f"data.{field}: {error}") from error
        return canonical(moment) if dated else self._timely(field, text, moment)

    def _whole_day(self, field: str, text: str) -> int:
        """The moment that a day alone means."""
        try:
            day = self.zone.day(parse_moment(f"{text}T12:00:00", self.zone))
        except ValueError as error:
            raise Rejected("bad_moment", f"data.{field}: {error}") from error
        return self.zone.end_of_day(day) if field in _ENDS else self.zone.start_of_day(day)

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

    def _finish(self, data: Data) -> None:
        """What only some types need."""
        if isinstance(data, dossier.DeclinedData | dossier.RescheduledData | dossier.LateData):
            data.reason = reason_code(data.reason)
        elif isinstance(data, dossier.RatedData):
            if data.stars is None and data.level is None and not data.slip:
                raise Rejected("bad_data", "data: a rating needs stars, level or slip")
        elif isinstance(data, dossier.StepData) and not self.posts:
            data.post = None
        elif isinstance(data, DeclaredData):
            _check_declared(data)


def _check_declared(data: DeclaredData) -> None:
    if round(data.value, 6) != data.value:
        raise Rejected("bad_data", "data.value: at most 6 decimals are taken")
    first = _checked_day("from", data.from_day)
    if data.to_day is not None and _checked_day("to", data.to_day) < first:
        raise Rejected("bad_data", "data.to lies before data.from")


def _checked_day(field: str, text: str) -> int:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Rejected("bad_moment", f"data.{field}: no such day exists") from error


def _agreed(subject: str, spelt: str, data: Data) -> str:
    """The subject as the fields spell it with the codes of the tree; it may have been sent with these or as `spelt` there."""
    wanted = data.subject() or spelt
    if subject not in (spelt, wanted):
        raise Rejected(
            "bad_envelope", "subject: it does not agree with the required fields of data; see docs/events.md"
        )
    return wanted


def _place(field: str) -> str:
    return field if field == "time" else f"data.{field}"


def decode(raw: bytes | msgspec.Raw) -> AnyEvent:
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


def encode(event: Event) -> bytes:
    """The stored form of an event: one line of JSON."""
    return _ENCODER.encode(event)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What `Door.check` has to look at in the data of one type."""

    moments: tuple[str, ...]
    units: tuple[str, ...]
    speaker: str | None
    special: bool
    dated: bool


def _plan(data: type[Data], family: EventFamily) -> _Plan:
    names = data.__struct_fields__
    return _Plan(
        tuple(name for name in names if name.endswith("_at")),
        tuple(name for name in names if name in _UNITS),
        next((name for name in _SPEAKERS if name in names), None),
        bool({"reason", "post", "stars", "from_day"}.intersection(names)),
        family.dated,
    )


def data_type(event: type[msgspec.Struct]) -> type[Data]:
    """The struct that the field ``data`` of an event type holds."""
    declared = get_type_hints(event)["data"]
    found: type[Data] = next((kind for kind in get_args(declared) if kind is not type(None)), declared)
    return found


_PLANS: Final = {data: _plan(data, family) for family in FAMILIES for data in map(data_type, family.types)}
