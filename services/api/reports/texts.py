"""What reports and notices say: one catalogue (`texts.yaml`), two languages."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from schemas.rulesets.document import Language
from services.api.page.texts import Texts

__all__ = ["texts_of"]

_FILE: Final = Path(__file__).with_name("texts.yaml")


@cache
def texts_of(language: Language) -> Texts:
    """The texts of a language, read once."""
    return Texts(language, yaml.safe_load(_FILE.read_text("utf-8")))
