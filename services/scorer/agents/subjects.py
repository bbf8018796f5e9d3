"""The subjects of one family in one partition: what is stored of them, when they change by themselves, what they put into the cube.

What a subject has put in is always `book(facts, min(now, next change - 1))`: contributions are constant up to their next change, so
nobody needs to remember when it was last booked. Between what was heard of it at different times, time passes (`walk`).
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from schemas.moments import SECOND
from services.scorer.agents.batch import Batch
from services.scorer.agents.deltas import Deltas
from services.scorer.agents.families import Family, Known
from services.scorer.agents.records import Word
from services.scorer.agents.stored import encode_subject, next_change_of, packed_of
from services.scorer.agents.timers import Timers
from services.scorer.agents.walk import Walk
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import has
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER

TOGETHER: Final = SECOND
"""Events about a subject that came within this time, microseconds, are taken for one word: they are booked once, as fast as can be."""

_NOTHING: Final = Booking({}, FOREVER, None)


class AsOf(NamedTuple):
    """As of when (microseconds) and by what subjects are booked."""

    now: int
    setting: Setting


class Subjects:
    """The subjects of a family.

    Args:
        family: what they are.
        table: live view of its table.
    """

    def __init__(self, family: Family, table: Mapping[bytes, bytes]) -> None:
        self.family = family
        self.table = table
        self.timers = Timers(((next_change_of(raw), key) for key, raw in table.items()), self._next_change)

    def take_in(self, key: bytes, words: Sequence[Word], as_of: AsOf, batch: Batch) -> bytes | None:
        """Take in what was said about one subject, in the order in which it came; returns its new stored form, None if nothing changed."""
        raw = self.table.get(key)
        known: Known = {} if raw is None else self.family.unpack(packed_of(raw))
        walk: Walk | None = None
        for together in _apart(words):
            at = min(together[0][2], as_of.now)
            if walk is not None:
                walk.pass_to(known, at)
            if self._learn(known, together, batch):
                walk = walk or self._walk(
                    key, None if raw is None else self.family.unpack(packed_of(raw)), as_of, until=at
                )
                walk.learn(known, at)
        if walk is None:
            return None
        walk.pass_to(known, as_of.now)
        self._note_newest(words, walk.booking.unit, batch)
        return encode_subject(self._settle(key, walk, batch), self.family.pack(known))

    def wake(self, key: bytes, as_of: AsOf, batch: Batch) -> bytes:
        """Book a subject anew because its moment has come; returns its new stored form."""
        packed = packed_of(self.table[key])
        walk = self._walk(key, self.family.unpack(packed), as_of, until=as_of.now)
        return encode_subject(self._settle(key, walk, batch), packed)

    def restore(self, key: bytes, as_of: AsOf, fresh: Deltas) -> bytes | None:
        """Book a subject into an empty cube, as far as time had passed for it; returns its new stored form, None if it stays as it is.

        A moment that has come since passes later, when it wakes: so nothing passes unnoticed while rows are made anew.
        """
        raw = self.table[key]
        before = next_change_of(raw)
        known = self.family.unpack(packed_of(raw))
        booking = self.family.book(key.decode(), known, min(as_of.now, before - 1), as_of.setting)
        fresh.move(_NOTHING, booking)
        if booking.next_change == before:
            return None
        self.timers.set(booking.next_change, key, before)
        return encode_subject(booking.next_change, self.family.pack(known))

    def _learn(self, known: Known, words: Sequence[Word], batch: Batch) -> bool:
        """Add facts to what is known; returns whether anything changed."""
        family = self.family
        add = family.add
        changed = False
        for sender, fact, _ in words:
            facts = known.get(sender)
            if facts is None:
                facts = known[sender] = family.empty()
            if add(facts, fact):
                changed = True
            elif has(facts, fact):
                batch.duplicates += 1
            else:
                batch.superseded += 1
        return changed

    def _walk(self, key: bytes, stored: Known | None, as_of: AsOf, *, until: int) -> Walk:
        """The way of a subject from what it has put into the cube; time has passed by what is stored of it."""
        subject, book = key.decode(), self.family.book
        if stored is None:
            return Walk(subject, book, as_of.setting, _NOTHING)
        put_in = book(subject, stored, min(as_of.now, self._next_change(key) - 1), as_of.setting)
        walk = Walk(subject, book, as_of.setting, put_in)
        walk.pass_to(stored, until)
        return walk

    def _settle(self, key: bytes, walk: Walk, batch: Batch) -> int:
        """Move the cube to where a way has led, and tell of it; returns the subject's next change."""
        batch.deltas.move(walk.start, walk.booking)
        if news := walk.news():
            batch.tell(key, news)
        after, before = walk.booking.next_change, self._next_change(key)
        if after != before:
            self.timers.set(after, key, before)
        return after

    def _note_newest(self, words: Sequence[Word], unit: str | None, batch: Batch) -> None:
        if unit is not None:
            batch.hear(unit, max(fact.time for _, (_, _, fact), _ in words))
        elif self.family.unit_of is not None:
            for _, said, _ in words:
                if (named := self.family.unit_of(said)) is not None:
                    batch.hear(named, said[2].time)

    def _next_change(self, key: bytes) -> int:
        raw = self.table.get(key)
        return FOREVER if raw is None else next_change_of(raw)


def _apart(words: Sequence[Word]) -> Sequence[Sequence[Word]]:
    """The words that came together, one after the other."""
    if words[-1][2] - words[0][2] <= TOGETHER:  # nearly always
        return (words,)
    found: list[Sequence[Word]] = []
    first = 0
    for place in range(1, len(words)):
        if words[place][2] - words[first][2] > TOGETHER:
            found.append(words[first:place])
            first = place
    return [*found, words[first:]]
