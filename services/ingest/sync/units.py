"""Which unit a text of a payload means: a code, or a name as people write it."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import left_part
from schemas.events import Rejected
from schemas.events.rejected import shown
from schemas.units import UnitTree
from services.ingest.sync.reading import Reading

__all__ = ["Handled", "agency_of", "handled_by"]


class Handled(NamedTuple):
    """The unit that handles a dossier ("cơ quan thực hiện"), and the one where it was handed in, if that is another."""

    unit: str
    intake: str | None


def handled_by(subject: str, written: str | None, reading: Reading) -> Handled:
    """The unit of a dossier from `MaHoSo` and `DonViXuLy` (`events_and_measures.md`, 4.2).

    Raises:
        Rejected: `unknown_unit`. What could be a name is not repeated.
    """
    tree = reading.tree
    named = tree.of_subject(subject)
    by_code = tree.resolve(written) if written is not None else None
    if by_code is not None:
        return Handled(by_code, named if named != by_code else None)
    unit = named or _by_name(written, reading) or _own(reading)
    if unit is None:
        raise Rejected(
            "unknown_unit",
            f"no unit is found: DonViXuLy is neither a code of the tree nor the name of exactly one unit under {reading.unit}, "
            f"and the left part of MaHoSo ({shown(left_part(subject))}) is no code; load the units, or add the name to their `aliases`",
        )
    return Handled(unit, None)


def agency_of(written: str | None, reading: Reading) -> str | None:
    """The unit under the key that `PhongBanXuLy` means by code, name or alias; None if it means none, or several."""
    code = reading.tree.resolve(written) if written is not None else None
    if code is None:
        return _by_name(written, reading)
    return code if reading.tree.may_speak(reading.unit, code) else None


def _by_name(written: str | None, reading: Reading) -> str | None:
    if written is None:
        return None
    tree = reading.tree
    found = [code for code in _names(tree).get(_plain(written), ()) if tree.may_speak(reading.unit, code)]
    return found[0] if len(found) == 1 else None


def _own(reading: Reading) -> str | None:
    """The key's unit, where there is none below it that could be meant instead."""
    unit = reading.unit
    return unit if unit in reading.tree and not reading.tree.children(unit) else None


@lru_cache(maxsize=2)
def _names(tree: UnitTree) -> dict[str, tuple[str, ...]]:
    """Codes by name and alias. A tree is immutable and compared by identity, so this is made once for each that comes into force."""
    names: dict[str, set[str]] = {}
    for unit in tree:
        for name in (unit.name, *unit.aliases):
            names.setdefault(_plain(name), set()).add(unit.code)
    return {name: tuple(codes) for name, codes in names.items()}


def _plain(name: str) -> str:
    """A name without what writers differ in: case, spaces, Unicode normal form."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
