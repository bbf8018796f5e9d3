"""Whether what is shown of a unit is stale: its systems have been silent for longer than they ever are (CONTRACT, section 3)."""

from collections.abc import Iterable, Mapping
from typing import Final

from schemas.units import UnitTree
from services.api.cube.heard import Sender, Silence

__all__ = ["is_silent", "is_stale"]

_LEAST: Final = 3600.0
"""Working seconds that are never a silence: it is known only by quarters of an hour when somebody was heard."""


def is_silent(silence: Silence) -> bool:
    """Whether a sender that is known well enough has been silent for longer than it ever was."""
    return silence.habit is not None and silence.seconds > max(silence.habit, _LEAST)


def is_stale(silences: Mapping[Sender, Silence], tree: UnitTree, code: str) -> bool:
    """Whether all systems of a unit that are known well enough are silent, and there is one.

    Its systems are those that speak by keys of the unit itself, or else of the nearest unit above it that has any; where there is none,
    those that speak by keys of units below it.
    """
    found = [silence for silence in _of(silences, tree, code) if silence.habit is not None]
    return bool(found) and all(is_silent(silence) for silence in found)


def _of(silences: Mapping[Sender, Silence], tree: UnitTree, code: str) -> Iterable[Silence]:
    above: str | None = code
    while above is not None:
        if found := [silence for sender, silence in silences.items() if sender.unit == above]:
            return found
        above = tree[above].parent
    return [silence for sender, silence in silences.items() if sender.unit in tree and code in tree.line(sender.unit)]
