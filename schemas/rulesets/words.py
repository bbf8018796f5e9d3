"""What is counted and what can be done, in words: the table `words.csv`, Vietnamese and English.

Keys are measures; ``whole/part`` for what the whole has more than its part; ``[attribute]``, ``[!attribute]``, ``[class=…]`` for what
brackets ask; ``action:…`` for what an office can do, with `{count}` and `{procedures}`.
"""

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from schemas.rulesets.document import Language, name_in
from schemas.rulesets.fileformat import Names
from schemas.rulesets.formulas import Filters

_FILE: Final = "words.csv"


@cache
def words() -> dict[str, Names]:
    """All texts by key."""
    lines = files(__package__).joinpath(_FILE).read_text("utf-8").splitlines()
    return {line["key"]: Names(vi=line["vi"], en=line["en"]) for line in csv.DictReader(lines)}


@cache
def differences() -> tuple[tuple[str, str], ...]:
    """The pairs (whole, part) whose difference has a name."""
    pairs = (key.partition("/") for key in words())
    return tuple((whole, part) for whole, slash, part in pairs if slash)


def text_of(key: str, language: Language) -> str:
    """A text; of what has none the key itself (a measure that only a rule file of somebody else counts)."""
    names = words().get(key)
    return key if names is None else name_in(names, language)


def counted_text(key: str, filters: Filters, language: Language) -> str:
    """What is counted, with what brackets ask of it."""
    asked = [f"[{'' if wanted else '!'}{attribute}]" for attribute, wanted in filters.attributes]
    if filters.petition_class is not None:
        asked.append(f"[class={filters.petition_class}]")
    return " – ".join([text_of(key, language), *_texts(asked, language)])


def _texts(keys: Iterable[str], language: Language) -> list[str]:
    return [text_of(key, language) for key in keys]
