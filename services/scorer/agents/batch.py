"""What one step of a partition changes, gathered while subjects are booked one after the other."""

from collections import Counter
from collections.abc import Iterable, Mapping

from schemas.notices import LATE, TOPICS, encode_notice, notice
from schemas.rows import decode_moment, decode_number, encode_moment, encode_number, last_key, late_key
from services.common.metrics import SCORER_DUPLICATE_EVENTS, SCORER_NOTICES, SCORER_SUPERSEDED_EVENTS
from services.scorer.agents.deltas import Deltas
from services.scorer.domain.standing import Standing
from services.scorer.engine.job import Send

__all__ = ["Batch"]


class Batch:
    """``duplicates`` and ``superseded``: how many events changed nothing, because they were known or a later one holds.

    ``newest``: the `time` of the newest event of units. ``sends``: what goes to other topics.
    """

    def __init__(self) -> None:
        self.deltas = Deltas()
        self.newest: dict[str, int] = {}
        self.sends: list[Send] = []
        self.duplicates = 0
        self.superseded = 0
        self._late: Counter[str] = Counter()
        self._told: Counter[str] = Counter()

    def hear(self, unit: str, moment: int) -> None:
        """A unit's event has such a `time`."""
        if moment > self.newest.get(unit, 0):
            self.newest[unit] = moment

    def tell(self, key: bytes, news: Iterable[Standing]) -> None:
        """Write notices about a dossier, by its key."""
        for each in news:
            told = notice(
                each.kind, key.decode(), each.since, each.late_from,
                unit=each.unit, procedure=each.procedure, received=each.received,
            )  # fmt: skip
            self.sends.append(Send(TOPICS[each.kind], key, encode_notice(told)))
            self._told[each.kind] += 1
            if each.kind == LATE:
                self._late[each.unit] += 1

    def rows(self, partition: int, table: Mapping[bytes, bytes]) -> dict[bytes, bytes | None]:
        """The rows of `table` that change, by key; None where nothing is left of a row."""
        rows = self.deltas.rows(partition, table)
        for unit, moment in self.newest.items():
            key = last_key(partition, unit)
            raw = table.get(key)
            if raw is None or decode_moment(raw) < moment:
                rows[key] = encode_moment(moment)
        for unit, number in self._late.items():
            key = late_key(partition, unit)
            raw = table.get(key)
            rows[key] = encode_number(number if raw is None else number + decode_number(raw))
        return rows

    def count(self) -> None:
        """Add to the metrics what it came to."""
        for counter, number in (
            (SCORER_DUPLICATE_EVENTS, self.duplicates),
            (SCORER_SUPERSEDED_EVENTS, self.superseded),
        ):
            if number:
                counter.inc(number)
        for kind, number in self._told.items():
            SCORER_NOTICES.labels(kind).inc(number)
