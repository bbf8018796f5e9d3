"""The tree of public-administration units: provinces, departments, communes and what lies below them."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from schemas.codes import MAX_UNIT, left_part, turned_round


class Unit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One unit.

    ``valid_from`` and ``valid_to`` are days (``2026-03-12``); ``successor`` is the code of the unit that took it over.
    """

    code: str
    name: str
    kind: str = ""
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    successor: str | None = None


class UnitTreeError(ValueError):
    """A list of units is no tree; ``code`` is the unit at fault."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class UnitTree:
    """All units by code, with who lies below whom. Immutable.

    Raises:
        UnitTreeError: a code twice or too long, an unknown parent or successor, a circle.
    """

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._units: dict[str, Unit] = {}
        for unit in units:
            self._add(unit)
        self._lines = {code: self._line(code) for code in self._units}

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
        """A unit and all units above it; empty for an unknown code."""
        return self._lines.get(code, frozenset())

    def may_speak(self, speaker: str, unit: str) -> bool:
        """Whether `speaker` is `unit` or above it."""
        return speaker in self.line(unit)

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

    def _line(self, code: str) -> frozenset[str]:
        unit, line = self._units[code], [code]
        if unit.successor is not None and unit.successor not in self._units:
            raise UnitTreeError(code, f"successor {unit.successor!r} of unit {code!r} is not in the tree")
        while (parent := unit.parent) is not None:
            if parent not in self._units:
                raise UnitTreeError(unit.code, f"parent {parent!r} of unit {unit.code!r} is not in the tree")
            if parent in line:
                raise UnitTreeError(code, f"unit {code!r} lies below itself")
            line.append(parent)
            unit = self._units[parent]
        return frozenset(line)
