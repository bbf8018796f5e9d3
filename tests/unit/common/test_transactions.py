"""Rows are handed on by whole transactions only."""

from schemas.rows import Progress, day_key, encode_progress, progress_key
from services.common.transactions import Transactions

A, B = day_key(0, "A", 1), day_key(0, "B", 1)


def progress(clock: int = 1, *, whole: bool = True, arrived: int | None = None) -> bytes:
    offsets = {"dossier-events": clock}
    return encode_progress(
        Progress(partition=0, offsets=offsets, clock=clock, made_by="x", whole=whole, arrived=arrived)
    )


def taken(*records) -> Transactions:
    made = Transactions()
    for offset, (key, value) in enumerate(records):
        made.take(offset, key, value)
    return made


def test_nothing_is_handed_on_before_the_progress_row():
    assert taken((A, b"1"), (B, b"1")).batch() is None


def test_a_transaction_is_handed_on_once_with_the_offset_after_it():
    made = taken((A, b"1"), (progress_key(), progress(5)), (B, b"2"))
    batch = made.batch()
    assert batch.rows == {A: b"1"}
    assert (batch.position, batch.progress.clock) == (2, 5)
    assert made.batch() is None
    assert made.position == 3


def test_transactions_read_together_are_handed_on_as_one_with_the_last_row_of_each_key():
    end = (progress_key(), progress())
    batch = taken(
        (A, b"1"), (B, b"1"), end, (A, b"2"), end, (B, None), (progress_key(), progress(9)), (A, b"3")
    ).batch()
    assert batch.rows == {A: b"2", B: None}
    assert (batch.position, batch.progress.clock) == (7, 9)


def test_rows_of_a_rebuild_wait_for_its_end():
    made = taken((A, b"1"), (progress_key(), progress(whole=False)), (B, b"1"))
    assert made.batch() is None
    assert made.rebuilding
    made.take(3, progress_key(), progress())
    assert not made.rebuilding
    assert made.batch().rows == {A: b"1", B: b"1"}


def test_what_was_whole_before_a_rebuild_is_handed_on_without_it():
    made = taken((A, b"1"), (progress_key(), progress()), (A, b"2"), (progress_key(), progress(whole=False)))
    assert made.batch().rows == {A: b"1"}


def test_each_transaction_with_events_says_when_they_arrived_once_it_is_whole():
    key = progress_key()
    made = taken((key, progress(arrived=5)), (key, progress()), (key, progress(arrived=8)), (A, b"1"))
    made.take(4, key, progress(arrived=9, whole=False))
    assert made.batch().arrived == [5, 8]
    made.take(5, key, progress(arrived=12))
    assert made.batch().arrived == [9, 12]
