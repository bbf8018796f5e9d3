"""The tree of public-administration units: provinces, departments, communes and what lies below them."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import msgspec

from schemas.codes import MAX_UNIT, left_part, turned_round
from schemas.unit import EVER, Unit, UnitTreeError, span_of

__all__ = ["Unit", "UnitTree", "UnitTreeError"]


class UnitTree:
    """All units by code: who lies below whom, who took over whom, and when each is in force. Immutable.

    A parent is the present one: the tree keeps no record of where a unit lay before it moved. Days are days since 1970-01-01.

    Raises:
        UnitTreeError: a code twice or too long; an unknown parent or successor; a circle of parents, successors or both (a unit
            may not be taken over by one below it); a last day that is none or lies before the first.
    """

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._units: dict[str, Unit] = {}
        for unit in units:
            self._add(unit)
        self._spans = {code: span_of(unit) for code, unit in self._units.items()}
        self._lines = self._all_lines()

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def __getitem__(self, code: str) -> Unit:
        return self._units[code]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __len__(self) -> int:
        return len(self._units)

    def get(self, code: str) -> Unit | None:
        """The unit of a code, or None."""
        return self._units.get(code)

    def resolve(self, text: str) -> str | None:
        """The code that a text means: as it stands, else turned round from the old style; None if unknown."""
        if text in self._units:
            return text
        turned = turned_round(text)
        return turned if turned in self._units else None

    def of_subject(self, subject: str) -> str | None:
        """The unit that the left part of a dossier code names, or None."""
        return self.resolve(left_part(subject))

    def line(self, code: str) -> frozenset[str]:
        """All who may speak for a unit: itself, the units above it, their successors and those above these; of an unknown code none.

        A successor finishes the dossiers of the unit that it took over. This does not depend on the day, as what counts never depends
        on when an event came.
        """
        return self._lines.get(code, frozenset())

    def may_speak(self, speaker: str, unit: str) -> bool:
        """Whether `speaker` is in the line of `unit`."""
        return speaker in self.line(unit)

    def in_force(self, code: str, day: int) -> bool:
        """Whether a day lies within a unit's validity.

        Raises:
            KeyError: not in the tree.
        """
        first, last = self._spans[code]
        return first <= day <= last

    def has_ended(self, code: str, day: int) -> bool:
        """Whether a unit's last day lies before a day.

        Raises:
            KeyError: not in the tree.
        """
        return self._spans[code].last < day

    def heir(self, code: str, day: int) -> str:
        """The unit that counts for a unit on a day: its successor if it has ended by then and has one, and so on; else itself.

        Raises:
            KeyError: not in the tree.
        """
        while (successor := self._units[code].successor) is not None and self.has_ended(code, day):
            code = successor
        return code

    @cached_property
    def borders(self) -> list[int]:
        """The days on which a unit begins to be in force or no longer is, sorted: between two of them nothing changes."""
        spans = self._spans.values()
        return sorted(
            {span.first for span in spans if span.first != -EVER}
            | {span.last + 1 for span in spans if abs(span.last) != EVER}
        )

    def children(self, code: str | None) -> list[Unit]:
        """The units right below one, in the order in which they were given; of None the roots."""
        return self._children.get(code, [])

    def subtree(self, code: str) -> list[str]:
        """A unit's code and the codes of all units below it."""
        found = [code]
        for above in found:  # grows while it is read
            found.extend(unit.code for unit in self.children(above))
        return found

    def to_json(self) -> bytes:
        """The whole tree as one JSON array."""
        return msgspec.json.encode(list(self._units.values()))

    @classmethod
    def from_json(cls, raw: bytes) -> "UnitTree":
        """What `to_json` wrote.

        Raises:
            msgspec.ValidationError: not such a document.
            UnitTreeError: no tree.
        """
        return cls(msgspec.json.decode(raw, type=list[Unit]))

    @cached_property
    def _children(self) -> dict[str | None, list[Unit]]:
        below: dict[str | None, list[Unit]] = {}
        for unit in self._units.values():
            below.setdefault(unit.parent, []).append(unit)
        return below

    def _add(self, unit: Unit) -> None:
        if not unit.code or len(unit.code) > MAX_UNIT:
            raise UnitTreeError(unit.code, f"unit code {unit.code!r} must have 1 to {MAX_UNIT} characters")
        if unit.code in self._units:
            raise UnitTreeError(unit.code, f"unit {unit.code!r} is there twice")
        self._units[unit.code] = unit

    def _all_lines(self) -> dict[str, frozenset[str]]:
        links = {code: self._links(unit) for code, unit in self._units.items()}
        lines: dict[str, frozenset[str]] = {}
        try:
            for code in TopologicalSorter(links).static_order():
                lines[code] = frozenset([code]).union(*(lines[above] for above in links[code]))
        except CycleError as error:
            raise self._circle(error.args[1]) from error
        return lines

    def _links(self, unit: Unit) -> list[str]:
        """Whom a unit is linked to: its parent and its successor."""
        links = [("parent", unit.parent), ("successor", unit.successor)]
        for role, code in links:
            if code is not None and code not in self._units:
                raise UnitTreeError(unit.code, f"{role} {code!r} of unit {unit.code!r} is not in the tree")
        return [code for _, code in links if code is not None]

    def _circle(self, codes: list[str]) -> UnitTreeError:
        """The error of a circle; each of `codes` is a parent or the successor of the next one, the last is the first again."""
        code = min(codes, key=list(self._units).index)
        steps = [(above, self._units[below]) for above, below in pairwise(codes)]
        if all(unit.parent == above for above, unit in steps):
            return UnitTreeError(code, f"unit {code!r} lies below itself")
        if all(unit.successor == above for above, unit in steps):
            return UnitTreeError(code, f"unit {code!r} comes after itself: its successors lead back to it")
        around = ", ".join(repr(below.code) for _, below in steps)
        return UnitTreeError(code, f"unit {code!r} has a successor that lies below it (by way of {around})")
