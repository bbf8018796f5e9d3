"""What the pages say: one catalogue (`texts.yaml`), two languages."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from schemas.rulesets.document import Language

__all__ = ["Texts", "texts_of"]

_FILE: Final = Path(__file__).with_name("texts.yaml")


class Texts:
    """The texts of one language by their dotted name: `texts("pick.period")`, `texts("total.of", max="100")`."""

    def __init__(self, language: Language, catalogue: Mapping[str, Any]) -> None:
        self.language: Final = language
        self._texts = dict(_flat(catalogue, language))

    def __call__(self, name: str, /, **filled: str | int) -> str:
        """A text with its braces filled in.

        Raises:
            KeyError: the catalogue has no such text, or a brace is not filled in.
        """
        return self._texts[name].format(**filled) if filled else self._texts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def part(self, name: str) -> dict[str, str]:
        """All texts below a name, by what follows it; braces as they are."""
        start = f"{name}."
        return {key.removeprefix(start): text for key, text in self._texts.items() if key.startswith(start)}


@cache
def texts_of(language: Language) -> Texts:
    """The texts of a language, read once."""
    return Texts(language, yaml.safe_load(_FILE.read_text("utf-8")))


def _flat(catalogue: Mapping[str, Any], language: Language, above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, entry in catalogue.items():
        if entry.keys() == {"vi", "en"}:
            found.append((above + name, entry[language]))
        else:
            found.extend(_flat(entry, language, f"{above}{name}."))
    return found
