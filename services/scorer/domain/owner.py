"""Whose dossier it is, and whose word counts (CONTRACT, section 1)."""

from functools import reduce

from schemas.units import UnitTree
from services.scorer.domain.facts import Dossier, Facts, first_version, join


def owner(subject: str, dossier: Dossier, tree: UnitTree) -> str | None:
    """The unit that a dossier belongs to; None where nothing says so yet.

    It is the unit named by the left part of the dossier's code, where that is a unit of the tree; else the unit of the key whose
    ``received`` (before any: ``submitted``) has the least (`time`, `id`, `source`).
    """
    named = tree.of_subject(subject)
    if named is not None:
        return named
    for field in ("received", "submitted"):
        firsts = [(version, sender) for sender, facts in dossier.items() if (version := first_version(facts, field))]
        if firsts:
            return min(firsts)[1]
    return None


def heard(subject: str, dossier: Dossier, tree: UnitTree) -> Facts:
    """What counts of all that was said: the facts of the senders who may speak for the owner (`UnitTree.line`), joined.

    What other keys said counts nowhere, whatever its `time`.
    """
    whose = owner(subject, dossier, tree)
    if whose is None:
        said = list(dossier.values())
    else:
        line = tree.line(whose)
        said = [facts for sender, facts in dossier.items() if sender in line or sender == whose]
    if len(said) == 1:
        return said[0]
    return reduce(join, said) if said else Facts()


def foreign_senders(subject: str, dossier: Dossier, tree: UnitTree) -> list[str]:
    """The units whose keys spoke about a dossier that is not theirs to speak for (the finding `foreign_sender`)."""
    whose = owner(subject, dossier, tree)
    if whose is None:
        return []
    line = tree.line(whose) | {whose}
    return sorted(sender for sender in dossier if sender not in line)
