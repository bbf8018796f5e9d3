"""Whatever a record holds, it becomes events or a rejection; never a fault of ours, and nothing is stored of what is rejected."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.sync import payload
from services.ingest.sync.batch import DOSSIERS, LINES, Kind
from tests.oracle.profile import many
from tests.unit.ingest.sync.mapping import LINE, RECORD, checked

DATES = ["20260312080000", "20260312", "2026-03-12T08:00:00.5Z", "12/03/2026 08:00:00", "00010101000000", "00010102", "99991231000000",
         "99991231235959", "1900-01-01T00:00:00", "18991231", "20260230", "31/12/9999"]  # fmt: skip
VALUES = (
    st.none() | st.booleans() | st.integers(-1, 12) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(DATES) | st.text(max_size=8) | st.sampled_from(["H01.06", "000.00.06.H01", "Sở Xây dựng", "50.000", "x" * 70])
)  # fmt: skip


def records(struct: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, object]]:
    """Any of the fields that are read, with any value, or with any list of entries."""
    entries = [payload.Paper, payload.Fee, payload.Supplement, payload.Result, payload.Database]
    names = [field.encode_name for entry in entries for field in msgspec.structs.fields(entry)]
    entry = st.dictionaries(st.sampled_from(names), VALUES, max_size=6)
    own = [field.encode_name for field in msgspec.structs.fields(struct)]
    return st.dictionaries(st.sampled_from(own), VALUES | entry | st.lists(entry, max_size=3), max_size=8)


def taken_or_refused(kind: Kind, record: dict[str, object]) -> None:
    made = checked(kind, [record])
    stored = sum(map(len, made.records.values()))
    assert (stored > 0) == (made.rejected == [])
    assert len(made.letters) == len(made.rejected)


@many
@given(records(payload.Dossier))
def test_any_record_of_a_dossier_is_taken_or_refused(fields: dict[str, object]) -> None:
    taken_or_refused(DOSSIERS, RECORD | fields)


@many
@given(records(payload.Line))
def test_any_record_of_a_line_is_taken_or_refused(fields: dict[str, object]) -> None:
    taken_or_refused(LINES, LINE | fields)
