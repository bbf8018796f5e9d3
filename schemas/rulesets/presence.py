"""Conditions that ask only whether a procedure has any of a measure: then nobody needs to add anything up.

Counts are never negative, so a sum over units or days is zero exactly where all its parts are.
"""

from schemas.rulesets.tree import Comparison, Name, Number

Presence = tuple[tuple[str, bool], ...]
"""Measures of which there must be some (True) or none (False)."""


def presence_of(condition: tuple[Comparison, ...]) -> Presence | None:
    """The condition as presence and absence of measures; None where it asks for more."""
    found = []
    for each in condition:
        match each:
            case Comparison(_, ">", Name(_, name), Number(_, value)) if value == 0:
                found.append((name, True))
            case Comparison(_, ">=", Name(_, name), Number(_, value)) if value == 1:
                found.append((name, True))
            case Comparison(_, "=" | "<=", Name(_, name), Number(_, value)) if value == 0:
                found.append((name, False))
            case Comparison(_, "<", Name(_, name), Number(_, value)) if value == 1:
                found.append((name, False))
            case _:
                return None
    return tuple(found)
