"""Values as the senders write them: texts, numbers or booleans; `""`, `null` and missing are the same."""

import re
from typing import Any, Final, TypeVar

from schemas.events import Rejected

__all__ = ["NOT_FILLED", "Filled", "Value", "amount", "choice", "decode_filled", "flag", "items", "number", "text"]

Value = str | int | float | bool | None
Item = TypeVar("Item")

_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,]\d{3}){1,4}", re.ASCII)
_PLAIN: Final = re.compile(r"\d{1,15}(?:\.\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,4}", re.ASCII)


class Filled:
    """Whether a field holds anything. The value itself, a link or an id of a file, is let go while the payload is read."""

    __slots__ = ("_filled",)

    def __init__(self, value: object = None) -> None:
        self._filled = bool(value.strip()) if isinstance(value, str) else value is not None

    def __bool__(self) -> bool:
        return self._filled


NOT_FILLED: Final = Filled()


def decode_filled(kind: type, value: Any) -> Any:
    """The hook with which msgspec makes a `Filled`."""
    return kind(value)


def text(value: Value) -> str | None:
    """The trimmed text of a value, None where there is none; true and false are ``1`` and ``0``."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value).strip() or None


def flag(value: Value) -> bool:
    """Whether a 0/1 field is set: 1 or true, in any case."""
    return (text(value) or "").lower() in {"1", "true"}


def number(value: Value) -> int | None:
    """The number of a code list; None where there is none, -1 where it is no number."""
    written = text(value)
    if written is None:
        return None
    return int(written) if _WHOLE.fullmatch(written) else -1


def choice(field: str, value: Value, choices: dict[int, str]) -> str | None:
    """What a number of a code list (`indicators.md`, H.3) stands for; None where the field is empty.

    Raises:
        Rejected: not in the list.
    """
    which = number(value)
    if which is None:
        return None
    if which not in choices:
        raise Rejected("bad_data", f"{field}: not one of {', '.join(map(str, choices))}")
    return choices[which]


def amount(value: Value) -> float | None:
    """VND: ``50000``, ``50000.00``, ``50.000`` or ``50,000`` (VND have no decimals, so three digits are thousands); else None."""
    written = text(value) or ""
    if isinstance(value, str) and _GROUPED.fullmatch(written):
        return float(re.sub(r"[.,]", "", written))
    return float(written) if _PLAIN.fullmatch(written) else None


def items(field: str, value: list[Item] | Item | str | None) -> list[Item]:
    """The entries of a list field; one entry may stand without its list, ``""`` and null are an empty one.

    Raises:
        Rejected: a text.
    """
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        if value.strip():
            raise Rejected("bad_data", f"{field}: a text, where a list belongs")
        return []
    return [value]
