"""Rows of one partition of `indicator-days`, as they are read, gathered into whole transactions: for the api and the archive."""

from typing import NamedTuple

from schemas.rows import Progress, decode_progress, progress_key


class Batch(NamedTuple):
    """One or more whole transactions: the last value of each key, the row that ends them, the offset after it.

    ``arrived``: of each with events, when the oldest of them came to Kafka, microseconds.
    """

    rows: dict[bytes, bytes | None]
    progress: Progress
    position: int
    arrived: list[int]


class Transactions:
    """Keeps rows back until their transaction is whole, and all of them while the scorer makes the partition anew (`whole` False)."""

    __slots__ = ("_arrived", "_batch", "_rows", "position", "rebuilding")

    def __init__(self) -> None:
        self.position = 0
        """The offset after the last record taken."""
        self.rebuilding = False
        """Whether the last progress row said that the rows are a mixture."""
        self._rows: dict[bytes, bytes | None] = {}
        self._arrived: list[int] = []
        self._batch: Batch | None = None

    def take(self, offset: int, key: bytes, value: bytes | None) -> None:
        """Take the next record.

        Raises:
            msgspec.MsgspecError: a progress row that is none.
        """
        self.position = offset + 1
        if key != progress_key():
            self._rows[key] = value
        elif value is not None:
            progress = decode_progress(value)
            self.rebuilding = not progress.whole
            if progress.arrived is not None:
                self._arrived.append(progress.arrived)
            if progress.whole:
                self._end(progress)

    def batch(self) -> Batch | None:
        """All whole transactions since the last call."""
        batch, self._batch = self._batch, None
        return batch

    def _end(self, progress: Progress) -> None:
        if self._batch is None:
            self._batch = Batch(self._rows, progress, self.position, self._arrived)
        else:
            self._batch.rows.update(self._rows)
            self._batch.arrived.extend(self._arrived)
            self._batch = self._batch._replace(progress=progress, position=self.position)
        self._rows, self._arrived = {}, []
