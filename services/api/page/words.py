"""Vietnamese names: found without their diacritics, and in the order of a Vietnamese dictionary."""

import unicodedata
from typing import Final

__all__ = ["order_key", "plain"]

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng: the order of the tones, after none."""

_PLACES: Final = {letter: place for place, letter in enumerate(_LETTERS)}

Key = tuple[list[tuple[int, int]], list[int], str]


def plain(text: str) -> str:
    """Small letters without diacritics, so that `an giang` and `AN GIANG` find each other, and `dong` finds `Đồng`."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def order_key(text: str) -> Key:
    """What to sort names by: letters first (Đ after D, Ơ after Ô), then tones, then the text itself.

    Numbers count as numbers (Quận 2 before Quận 10) and come before letters, as do signs. `Intl.Collator("vi")` sorts alike in the browser.
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    number = ""
    for letter in unicodedata.normalize("NFC", text.lower()):
        if letter.isascii() and letter.isdigit():
            number += letter
            continue
        if number:
            letters.append((1, int(number)))
            tones.append(0)
            number = ""
        base, tone = _split(letter)
        place = _PLACES.get(base)
        letters.append((0, ord(letter)) if place is None else (2, place))
        tones.append(tone)
    if number:
        letters.append((1, int(number)))
        tones.append(0)
    return letters, tones, text


def _split(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the tone (0: none)."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES.index(mark) + 1 for mark in parts if mark in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES)), tone
