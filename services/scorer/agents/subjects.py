"""The subjects of one family in one partition: what is stored of them, when they change by themselves, what they put into the cube.

What a subject has put in is always `book(facts, min(now, next change - 1))`: contributions are constant up to their next change, so
nobody needs to remember when it was last booked.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from services.scorer.agents.deltas import Deltas
from services.scorer.agents.families import Family, Known
from services.scorer.agents.stored import encode_subject, next_change_of, packed_of
from services.scorer.agents.timers import Timers
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import Said
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER

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

    def take_in(
        self,
        key: bytes,
        said: Sequence[tuple[str, Said]],
        as_of: AsOf,
        deltas: Deltas,
        newest: dict[str, int],
    ) -> bytes | None:
        """Take facts about one subject in; returns its new stored form, None if nothing changed."""
        family = self.family
        raw = self.table.get(key)
        known: Known = {} if raw is None else family.unpack(packed_of(raw))
        changed = False
        add = family.add
        for sender, fact in said:
            facts = known.get(sender)
            if facts is None:
                facts = known[sender] = family.empty()
            changed |= add(facts, fact)
        if not changed:
            return None
        old = None if raw is None else family.unpack(packed_of(raw))
        before = FOREVER if raw is None else next_change_of(raw)
        stored, unit = self._rebook(key, old, known, as_of, deltas, before=before)
        if unit is not None:
            newest[unit] = max(newest.get(unit, 0), *(fact.time for _, (_, _, fact) in said))
        elif family.unit_of is not None:
            for _, fact in said:
                if (named := family.unit_of(fact)) is not None:
                    newest[named] = max(newest.get(named, 0), fact[2].time)
        return stored

    def wake(self, key: bytes, as_of: AsOf, deltas: Deltas) -> bytes:
        """Book a subject anew because its moment has come; returns its new stored form."""
        raw = self.table[key]
        known = self.family.unpack(packed_of(raw))
        return self._rebook(key, known, known, as_of, deltas, before=next_change_of(raw))[0]

    def restore(self, key: bytes, as_of: AsOf, fresh: Deltas) -> bytes | None:
        """Book a subject into an empty cube; returns its new stored form, None if it stays as it is."""
        raw = self.table[key]
        known = self.family.unpack(packed_of(raw))
        booking = self.family.book(key.decode(), known, *as_of)
        fresh.move(_NOTHING, booking)
        if booking.next_change == next_change_of(raw):
            return None
        self.timers.set(booking.next_change, key)
        return encode_subject(booking.next_change, self.family.pack(known))

    def _rebook(
        self, key: bytes, old: Known | None, new: Known, as_of: AsOf, deltas: Deltas, *, before: int
    ) -> tuple[bytes, str | None]:
        """Take the booking of `old`, whose next change was to be at `before`, out of the cube and put that of `new` in."""
        subject = key.decode()
        book = self.family.book
        now, setting = as_of
        out = _NOTHING if old is None else book(subject, old, min(now, before - 1), setting)
        booking = book(subject, new, now, setting)
        deltas.move(out, booking)
        if booking.next_change != before:
            self.timers.set(booking.next_change, key)
        return encode_subject(booking.next_change, self.family.pack(new)), booking.unit

    def _next_change(self, key: bytes) -> int:
        raw = self.table.get(key)
        return FOREVER if raw is None else next_change_of(raw)
