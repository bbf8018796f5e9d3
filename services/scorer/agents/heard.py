"""When each sender was heard: by quarters of an hour, kept as long as a habit is learned from (rows of the kind HEARD)."""

from collections import defaultdict
from collections.abc import Mapping

from schemas.rows import (
    HABIT_DAYS,
    HEARD,
    QUARTERS,
    HeardKey,
    decode_number,
    encode_number,
    heard_key,
    parse_heard,
    parse_key,
)

__all__ = ["Heard"]


class Heard:
    """The rows of one partition about when senders were heard.

    Args:
        partition: its number.
        table: live view of the table of rows.
    """

    def __init__(self, partition: int, table: Mapping[bytes, bytes]) -> None:
        self._partition = partition
        self._table = table
        self._days: dict[tuple[str, str], set[int]] = defaultdict(set)
        begins = f"{partition}|{HEARD}|".encode()
        for raw in table:
            if raw.startswith(begins) and (key := parse_key(raw)) is not None:
                day, unit, system = parse_heard(key.name)
                self._days[unit, system].add(day)

    def rows(self, said: set[tuple[str, str, int]]) -> dict[bytes, bytes | None]:
        """The rows that change: what is new, and with a sender's new day what is too old (None).

        Args:
            said: who spoke when: the unit of the key, the system, the quarter of an hour (quarters since 1970, UTC).
        """
        bits: dict[HeardKey, int] = defaultdict(int)
        for unit, system, quarter in said:
            day, number = divmod(quarter, QUARTERS)
            bits[HeardKey(day, unit, system)] |= 1 << number
        changed: dict[bytes, bytes | None] = {}
        for heard, new in bits.items():
            changed.update(self._row(heard, new))
        return changed

    def _row(self, heard: HeardKey, new: int) -> dict[bytes, bytes | None]:
        key = heard_key(self._partition, heard)
        raw = self._table.get(key)
        before = 0 if raw is None else decode_number(raw)
        if before | new == before:
            return {}
        changed: dict[bytes, bytes | None] = {key: encode_number(before | new)}
        days = self._days[heard.unit, heard.system]
        if heard.day not in days:
            days.add(heard.day)
            old = {day for day in days if day <= max(days) - HABIT_DAYS}
            days -= old
            changed |= {heard_key(self._partition, heard._replace(day=day)): None for day in old}
        return changed
