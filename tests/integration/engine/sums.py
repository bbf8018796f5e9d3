"""A tiny job, to show that the engine carries any: a running sum per key, and a notice of negative numbers."""

from collections.abc import Mapping, Sequence

from aiokafka import ConsumerRecord

from services.scorer.engine.job import Changes, Send, TableSpec

PROGRESS = b"\xffprogress"


class SumsOfPartition:
    """Rows of keys, and one of each topic with the offset that was reached."""

    def __init__(self, partition: int, sums: Mapping[bytes, int], notices: str, *, idle: bool) -> None:
        self._partition = partition
        self._progress_key = PROGRESS + b"%d|" % partition
        self._sums = sums
        self.reached = {
            key.removeprefix(self._progress_key).decode(): offset
            for key, offset in sums.items()
            if key.startswith(self._progress_key)
        }
        self._notices = notices
        self._idle = idle

    def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
        changes: dict[bytes, int] = {}
        sends = []
        for record in records:
            known = changes.get(record.key)
            if known is None:
                known = self._sums.get(record.key, 0)
            number = int(record.value)
            changes[record.key] = known + number
            if number < 0 and self._notices:
                sends.append(Send(self._notices, record.key, record.value))
        return Changes({"sums": changes}, sends)

    def caught_up(self) -> None:
        """Sums know no time."""

    def tick(self) -> Changes | None:
        return Changes() if self._idle else None

    def progress(self, offsets: Mapping[str, int]) -> Changes | None:
        return Changes({"sums": {self._progress_key + topic.encode(): offset for topic, offset in offsets.items()}})


class Sums:
    """Reads numbers as text; table `sums`: key -> sum of all its numbers."""

    fold_of = SumsOfPartition

    def __init__(self, *topics: str, notices: str = "", idle: bool = False) -> None:
        self.topics = topics
        self.tables = (TableSpec("sums", decode=int, encode=lambda value: b"%d" % value),)
        self._notices = notices
        self._idle = idle

    def open(self, partition: int, tables: Mapping[str, Mapping[bytes, int]]) -> SumsOfPartition:
        return self.fold_of(partition, tables["sums"], self._notices, idle=self._idle)
