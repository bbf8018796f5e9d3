"""Records of Kafka as rows: what is left out, and moments at the edge of time."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import pytest

from schemas.measures import BY_NAME
from schemas.rows import Progress, day_key, encode_counters, encode_moment, encode_progress, last_key, progress_key
from services.scorer.archive.records import day_rows, event_row, moment
from services.scorer.domain.spans import FOREVER


class Record(NamedTuple):
    value: bytes | None
    timestamp: int = 1_772_683_200_123


def stored(**event) -> Record:
    said = {"id": "1", "source": "/a", "type": "nhip.dossier.step", "subject": "H01-1", "time": "2026-03-05T01:00:00.000001Z",
            "keyunit": "H01", "keysystem": "mc"}  # fmt: skip
    return Record(msgspec.json.encode(said | event))


def test_an_event_is_kept_as_it_was_accepted_without_the_position():
    row = event_row(stored(data={"step": "a", "agency": "H01.06", "post": "CV-03"}))
    assert row == (
        *("H01-1", "/a", "1", "nhip.dossier.step", 1_772_672_400_000_001, "H01", "mc"),
        '{"step":"a","agency":"H01.06"}',
        datetime(2026, 3, 5, 4, 0, 0, 123_000, tzinfo=UTC),
    )
    assert event_row(stored()).data == "{}"


@pytest.mark.parametrize("value", [None, b"", b"[]", b"{}", b"\xff"])
def test_what_is_no_event_is_passed_over(value: bytes | None):
    assert event_row(Record(value)) is None
    assert event_row(stored(time="yesterday")) is None


def test_of_the_table_of_rows_only_days_are_kept():
    rows = {
        day_key(3, "H01|06", 20_000): encode_counters({"1.001": {BY_NAME["received"].number: 2}, "": {BY_NAME["open"].number: -1}}),
        day_key(3, "H01", 20_001): None,
        last_key(3, "H01"): encode_moment(5),
        progress_key(): encode_progress(Progress(partition=3, offsets={}, clock=1, made_by="x")),
    }  # fmt: skip
    one, gone = day_rows(rows, 3, 77)
    assert (one.partition, one.unit, str(one.day), one.offset) == (3, "H01|06", "2024-10-04", 77)
    assert msgspec.json.decode(one.counts) == {"1.001": {"received": 2}, "": {"open": -1}}
    assert (gone.unit, gone.counts) == ("H01", None)


def test_moments_are_exact_and_never_infinite():
    assert moment(None) is None
    assert moment(FOREVER) is None
    assert moment(1) == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    last = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    micros = 253_402_300_800 * 10**6 - 1
    assert moment(micros) == last.replace(microsecond=999_998)
    assert moment(micros - 1) == last.replace(microsecond=999_998)
