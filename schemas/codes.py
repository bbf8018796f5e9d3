"""Codes: how units, dossiers and reasons are written (`domain/indicators.md`, section G)."""

import re
from typing import Final, Literal

MAX_UNIT = 35
"""Characters of a unit code: Decision 20/2020/QĐ-TTg, article 4."""

Reason = Literal[
    "missing_papers", "not_eligible", "field_check", "coordination", "system", "applicant", "overload", "other"
]  # fmt: skip
"""Why a dossier was declined, rescheduled or late; a code, because free text carries names."""

REASONS: Final[frozenset[str]] = frozenset(Reason.__args__)  # type: ignore[attr-defined]  # typing hides it

_OLD_STYLE = re.compile(r"\d{3}(?:\.\d{2,3}){2}\.[A-Z]\d{2}", re.ASCII)


def turned_round(code: str) -> str | None:
    """The unit code that an old-style one (``000.00.17.H21``) means (``H21.17``); None if it is not old style.

    Old codes (QCVN 102:2016) name the lowest level first; levels of zeros are not there.
    """
    if _OLD_STYLE.fullmatch(code) is None:
        return None
    levels = reversed(code.split("."))
    return ".".join(level for level in levels if level.strip("0"))


def left_part(subject: str) -> str:
    """What stands before the first ``-`` of a dossier code: by rule the unit's code (TT 01/2018, article 19)."""
    return subject.partition("-")[0]


def reason_code(text: str | None) -> str | None:
    """The code of a reason as sent; whatever is not a code becomes ``other``."""
    return text if text is None or text in REASONS else "other"
