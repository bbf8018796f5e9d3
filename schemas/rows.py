"""Rows of the table `indicator-days`: what the scorer writes and the api adds up.

A row holds the counters of one (partition, unit, day), by item (the procedure, or the petition class) and measure. Rows are absolute: the
last one of a key holds. Beside them stand, in the same changelog partition, one `Progress` row, the last record of every transaction,
one row a unit with the `time` of its newest event, one a unit with the number of its late notices, one a sender and day with when it was
heard, and *notes*: what is known of a procedure, and figures that units declared.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from schemas.moments import DAY as MICROSECONDS_A_DAY
from schemas.moments import MINUTE, format_day, parse_day

Counters = dict[str, dict[int, int]]
"""Item -> number of the measure -> count; nothing is stored for zero."""

PROCEDURE: Final = "procedure"
"""The kind of the notes about procedures; each is named by the procedure's code."""

FIGURE: Final = "figure"
"""The kind of the notes about declared figures; each is named by the subject of its events."""

NOTES: Final = frozenset({PROCEDURE, FIGURE})
LAST: Final = "last"
"""The kind of the rows of units' newest events."""

LATE: Final = "late"
"""The kind of the rows of how many late notices were written about dossiers of a unit, ever: a number that only grows."""

HEARD: Final = "heard"
"""The kind of the rows of when a sender was heard (`HeardKey`)."""

QUARTER: Final = 15 * MINUTE
"""How finely it is kept when a sender was heard, microseconds."""

QUARTERS: Final = MICROSECONDS_A_DAY // QUARTER
"""Quarters of an hour in a day."""

HABIT_DAYS: Final = 60
"""How many days back it is kept, and counts, when a sender was heard: two months show the weeks, a long holiday does not fill them."""

_KEPT: Final = frozenset({LAST, LATE, HEARD})
"""Kinds of rows that come of what happened, not of facts: a rebuild leaves them alone."""

DAY: Final = "day"
"""The kind of the rows of units' days."""

_PROGRESS_KEY: Final = b"progress"
_NUMBER_BYTES: Final = 12
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Counters)
_MOMENT: Final = msgspec.msgpack.Decoder(int)


class RowKey(msgspec.Struct, frozen=True):
    """Whose row it is. ``kind``: one of the kinds above; ``name``: the unit's code, the note's name, or a `HeardKey` (`parse_heard`).

    ``day`` counts from 1970-01-01; only rows of days have one.
    """

    partition: int
    kind: str
    name: str
    day: int | None = None

    @property
    def is_made(self) -> bool:
        """Whether the row is made of facts: of a day, or a note."""
        return self.kind not in _KEPT


class HeardKey(NamedTuple):
    """A system that spoke by a key of a unit, on a day (days since 1970, of UTC)."""

    day: int
    unit: str
    system: str


class ProcedureRow(msgspec.Struct, frozen=True, array_like=True):
    """What is known about a procedure: ``attributes`` (flags and numbers by name, see `schemas.rulesets.vocabulary`), its name, the code
    and the name of its sector ("lĩnh vực").
    """

    attributes: dict[str, int]
    name: str = ""
    sector: str = ""
    sector_name: str = ""


class FigureRow(msgspec.Struct, frozen=True, array_like=True):
    """A declared figure; ``first`` and ``last`` are days since 1970, both included, without ``last`` until further notice."""

    unit: str
    figure: str
    value: float
    first: int
    last: int | None


_FIGURE: Final = msgspec.msgpack.Decoder(FigureRow)
_PROCEDURE: Final = msgspec.msgpack.Decoder(ProcedureRow)


class Progress(msgspec.Struct, kw_only=True):
    """How far a partition is: the last record of each transaction.

    ``offsets``: the next offset to read, by input topic. ``arrived``: when the oldest event of the transaction came to Kafka, microseconds;
    None where it has none. ``clock``: the moment up to which time has been applied, microseconds.
    ``made_by``: fingerprint of the code, the zone and the unit tree that made the rows. ``catalogue``: of how many events about
    procedures the statutory times are that made them. ``whole``: False while a rebuild is
    under way and the rows are a mixture that nobody should show.
    """

    partition: int
    offsets: dict[str, int]
    clock: int
    made_by: str
    catalogue: int = 0
    whole: bool = True
    arrived: int | None = None


_HEARD: Final = msgspec.json.Decoder(tuple[str, str, str])
_PROGRESS: Final = msgspec.json.Decoder(Progress)


def day_key(partition: int, unit: str, day: int) -> bytes:
    """The key of a unit's day: ``3|2026-03-12|H01.06``."""
    return f"{partition}|{format_day(day)}|{unit}".encode()


def last_key(partition: int, unit: str) -> bytes:
    """The key of the row with the `time` of a unit's newest event."""
    return f"{partition}|{LAST}|{unit}".encode()


def late_key(partition: int, unit: str) -> bytes:
    """The key of the row with the number of late notices about a unit; its value is that of `encode_number`."""
    return f"{partition}|{LATE}|{unit}".encode()


def heard_key(partition: int, heard: HeardKey) -> bytes:
    """The key of the row of a sender's day: ``3|heard|["2026-03-12","H01","mot-cua"]``."""
    name = msgspec.json.encode((format_day(heard.day), heard.unit, heard.system)).decode()
    return f"{partition}|{HEARD}|{name}".encode()


def parse_heard(name: str) -> HeardKey:
    """What the `name` of a row of the kind HEARD says.

    Raises:
        ValueError: not such a name.
    """
    day, unit, system = _HEARD.decode(name)
    return HeardKey(parse_day(day), unit, system)


def note_key(partition: int, kind: str, name: str) -> bytes:
    """The key of a note: ``3|procedure|1.001193``."""
    return f"{partition}|{kind}|{name}".encode()


def parse_key(key: bytes) -> RowKey | None:
    """What a key names; None for the key of the progress row.

    Raises:
        ValueError: not a key of this table.
    """
    if key == _PROGRESS_KEY:
        return None
    partition, kind, name = key.decode().split("|", 2)
    if kind in _KEPT or kind in NOTES:
        return RowKey(int(partition), kind, name)
    return RowKey(int(partition), DAY, name, parse_day(kind))


def encode_counters(counters: Mapping[str, Mapping[int, int]]) -> bytes:
    """The value of a unit's day."""
    return _ENCODER.encode(counters)


def decode_counters(raw: bytes) -> Counters:
    """What `encode_counters` wrote."""
    return _DECODER.decode(raw)


def encode_moment(moment: int) -> bytes:
    """The value of the row with a unit's newest event."""
    return _ENCODER.encode(moment)


def decode_moment(raw: bytes) -> int:
    """What `encode_moment` wrote."""
    return _MOMENT.decode(raw)


def encode_number(number: int) -> bytes:
    """The value of a row that is one number: how many late notices, or in which quarters of an hour a sender was heard.

    The latter is a set of bits: bit 0 is the first quarter of the day in UTC, bit 95 the last.
    """
    return number.to_bytes(_NUMBER_BYTES)


def decode_number(raw: bytes) -> int:
    """What `encode_number` wrote."""
    return int.from_bytes(raw)


def encode_procedure(procedure: ProcedureRow) -> bytes:
    """The value of a note about a procedure."""
    return _ENCODER.encode(procedure)


def decode_procedure(raw: bytes) -> ProcedureRow:
    """What `encode_procedure` wrote."""
    return _PROCEDURE.decode(raw)


def encode_figure(figure: FigureRow) -> bytes:
    """The value of a note about a declared figure."""
    return _ENCODER.encode(figure)


def decode_figure(raw: bytes) -> FigureRow:
    """What `encode_figure` wrote."""
    return _FIGURE.decode(raw)


def progress_key() -> bytes:
    """The key of the progress row; there is one in each partition of the changelog."""
    return _PROGRESS_KEY


def encode_progress(progress: Progress) -> bytes:
    """The value of the progress row."""
    return msgspec.json.encode(progress)


def decode_progress(raw: bytes) -> Progress:
    """What `encode_progress` wrote."""
    return _PROGRESS.decode(raw)
