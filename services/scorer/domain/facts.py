"""Facts: the last event of each kind about a dossier, as a last-writer-wins map.

Of two events of one kind the one with the greater (`time`, `id`, `source`) holds, as a whole. Joining is idempotent, commutative and
associative (a semilattice), so duplicates and disorder cannot change what is known. Facts are kept by sender (the unit of the key that
sent them), because who may speak for a dossier can become known later than what was said.
"""

from functools import reduce
from typing import Any, Final

import msgspec
from msgspec import Struct

Version = tuple[int, str, str]
"""(`time` in microseconds, `id`, `source`): which of two events holds."""


class Fact(Struct, array_like=True):
    """What every fact remembers of its event. Moments are microseconds since 1970."""

    time: int
    id: str
    source: str
    system: str

    @property
    def version(self) -> Version:
        """What decides between two events of one kind."""
        return self.time, self.id, self.source


class Submitted(Fact, array_like=True):
    """Sent in online, not yet accepted. ``state``: that of a payload which tells of an acceptance without its day."""

    unit: str
    procedure: str
    at: int
    state: str | None = None


class Received(Fact, array_like=True):
    """Accepted. ``fee`` in VND, None where not known; ``allowed`` in ``allowed_unit``."""

    unit: str
    procedure: str
    at: int
    due: int | None
    channel: str
    applicant: str | None
    fee: float | None
    components_digitized: bool
    reused_data: bool
    from_personal_storage: bool
    population_data: bool
    submitted_at: int | None
    allowed: float | None
    allowed_unit: str
    intake_unit: str | None


class Declined(Fact, array_like=True):
    """Refused at intake."""

    unit: str | None
    at: int
    reason: str | None


class Requested(Fact, array_like=True):
    """A supplement was asked for."""

    at: int
    by_fault_of_agency: bool


class Supplemented(Fact, array_like=True):
    """A supplement has come; ``due`` is the new due moment, if one was set."""

    at: int
    due: int | None


class Step(Fact, array_like=True):
    """One step of the processing."""

    agency: str | None
    started_at: int | None
    due: int | None
    finished_at: int | None
    post: str | None


class Rescheduled(Fact, array_like=True):
    """A new due moment."""

    due: int
    apology: bool
    reason: str | None


class Processed(Fact, array_like=True):
    """Done, refused or stopped."""

    at: int
    outcome: str
    result_file: bool
    result_stored: bool
    result_coded: bool


class Returned(Fact, array_like=True):
    """Handed over."""

    at: int
    result_file: bool
    result_coded: bool


class Happened(Fact, array_like=True):
    """A fact with nothing but its moment: withdrawn, reopened, synced, notified."""

    at: int


class Late(Fact, array_like=True):
    """The sender's own notice of lateness."""

    at: int
    reason: str | None
    apology: bool


class Paid(Fact, array_like=True):
    """One payment; ``amount`` in VND."""

    at: int
    method: str
    amount: float | None


class Rated(Fact, array_like=True):
    """A rating (``stars`` 1–5) or, without stars, a slip of TT 01/2018 alone."""

    at: int
    stars: int | None
    slip: dict[str, int] | None
    kind: str


class Line(Fact, array_like=True):
    """One line of the processing log. ``result_file``: of a line made of a payload that tells a state without any of its dates."""

    state: str
    at: int
    agency: str | None
    result_file: bool | None = None


class Petitioned(Fact, array_like=True):
    """A petition concerns the dossier; ``upheld`` None while it is not concluded."""

    at: int
    upheld: bool | None
    voided: bool


class Facts(Struct, array_like=True):
    """All facts of one sender about one dossier; the plural ones by their id within the dossier.

    ``first_received`` and ``first_submitted`` are the least versions ever seen, kept only where they differ from the fact in force:
    they decide to whom a dossier belongs. ``first_rescheduled`` is likewise the first rescheduling ever: a second one is a finding.
    """

    received: Received | None = None
    processed: Processed | None = None
    returned: Returned | None = None
    synced: Happened | None = None
    rescheduled: Rescheduled | None = None
    rated: Rated | None = None
    slip: Rated | None = None
    paid: dict[str, Paid] | None = None
    requested: dict[str, Requested] | None = None
    supplemented: dict[str, Supplemented] | None = None
    steps: dict[str, Step] | None = None
    submitted: Submitted | None = None
    declined: Declined | None = None
    withdrawn: Happened | None = None
    reopened: Happened | None = None
    late: Late | None = None
    voided: Fact | None = None
    log: dict[str, Line] | None = None
    petitions: dict[str, Petitioned] | None = None
    first_received: Version | None = None
    first_submitted: Version | None = None
    findings: dict[str, Petitioned] | None = None
    first_rescheduled: Rescheduled | None = None
    notified: Happened | None = None


Dossier = dict[str, Facts]
"""All that is known about one dossier: sender (unit of the key) -> facts."""

Said = tuple[str, str | None, Fact]
"""One event as a fact: (field of `Facts`, id within the dossier or None, fact)."""

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Dossier)
_FIRST: Final = {"received": "first_received", "submitted": "first_submitted"}
_FIELDS: Final = Facts.__struct_fields__


def pack(dossier: Dossier) -> bytes:
    """A dossier as msgpack."""
    return _ENCODER.encode(dossier)


def unpack(raw: bytes | memoryview) -> Dossier:
    """What `pack` wrote."""
    return _DECODER.decode(raw)


def add(facts: Struct, said: Said) -> bool:
    """Take one fact in, in place: into `Facts`, or into those of another family that is made alike.

    Returns:
        Whether anything changed.
    """
    field, item, fact = said
    if item is not None:
        items: dict[str, Fact] | None = getattr(facts, field)
        if items is None:
            setattr(facts, field, {item: fact})
            return True
        held = items.get(item)
        if held is not None and not _outranks(fact, held):
            return False
        items[item] = fact
        return True
    first = _FIRST.get(field) if isinstance(facts, Facts) else None
    held = getattr(facts, field)
    if held is None:
        setattr(facts, field, fact)
        return True
    changed = _outranks(fact, held)
    if changed:
        setattr(facts, field, fact)
    if first is not None:
        changed |= _keep_first(facts, first, fact.version, held.version)
    elif isinstance(fact, Rescheduled) and isinstance(facts, Facts):
        changed |= _keep_first_move(facts, fact if changed else held, fact, held)
    return changed


def has(facts: Struct, said: Said) -> bool:
    """Whether this very event holds of its kind, told before; what `add` does not take, and this does not know, came too late."""
    field, item, fact = said
    held: Any = getattr(facts, field)
    if item is not None and held is not None:
        held = held.get(item)
    return held is not None and bool(held.version == fact.version)


def join(one: Facts, other: Facts) -> Facts:
    """What two senders together say: of each kind the fact that holds. Neither argument is changed."""
    both = Facts(*(_copied(getattr(one, field)) for field in _FIELDS))
    for field in _FIELDS:
        said = getattr(other, field)
        if said is None or field.startswith("first_"):
            continue
        if isinstance(said, dict):
            for item, fact in said.items():
                add(both, (field, item, fact))
        else:
            add(both, (field, None, said))
    for field in _FIRST:
        _join_first(both, field, one, other)
    if both.rescheduled is not None and other.first_rescheduled is not None:
        _keep_first_move(both, both.rescheduled, other.first_rescheduled)
    return both


def first_version(facts: Facts, field: str) -> Version | None:
    """The least version of ``received`` or ``submitted`` that this sender ever sent."""
    first: Version | None = getattr(facts, _FIRST[field])
    held: Fact | None = getattr(facts, field)
    return first if first is not None or held is None else held.version


def _outranks(new: Fact, held: Fact) -> bool:
    if new.time != held.time:
        return new.time > held.time
    one, other = (new.id, new.source), (held.id, held.source)
    if one != other:
        return one > other
    # The same identity with other contents is the sender's error; any choice will do that ignores the order of arrival.
    return _ENCODER.encode(new) > _ENCODER.encode(held)


def _keep_first(facts: Struct, first: str, *versions: Version) -> bool:
    """Keep the least version, only where it is not that of the fact in force."""
    known: Version | None = getattr(facts, first)
    least = min(versions) if known is None else min(known, *versions)
    field = first.removeprefix("first_")
    wanted = None if least == getattr(facts, field).version else least
    setattr(facts, first, wanted)
    return wanted != known


def _keep_first_move(facts: Facts, held: Rescheduled, *moves: Rescheduled) -> bool:
    """The same of the first rescheduling, the whole fact; `held` is that in force. Of two with one version that which would hold."""
    known = facts.first_rescheduled
    first = reduce(_earlier, moves if known is None else (known, *moves))
    wanted = None if first.version == held.version else first
    facts.first_rescheduled = wanted
    return wanted != known


def _earlier(one: Rescheduled, other: Rescheduled) -> Rescheduled:
    if one.version == other.version:
        return one if _outranks(one, other) else other
    return min(one, other, key=lambda move: move.version)


def _join_first(both: Facts, field: str, *senders: Facts) -> None:
    versions = [version for sender in senders if (version := first_version(sender, field)) is not None]
    if versions:
        _keep_first(both, _FIRST[field], *versions)


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value
