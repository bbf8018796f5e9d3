"""The catalogue of texts against the templates and scripts that use it."""

import re
from pathlib import Path
from string import Formatter

import pytest

import services.api.page
from services.api.page.texts import texts_of

PAGE = Path(services.api.page.__file__).parent
VI, EN = texts_of("vi"), texts_of("en")
COMPOSED = {"pick", "kind", "chart", "script.status"}
"""Parts of which a template takes the text that a value names."""


def named_in(folder: str, pattern: str) -> set[str]:
    files = [file for file in (PAGE / folder).iterdir() if file.suffix in {".html", ".js"}]
    return {name for file in files for name in re.findall(pattern, file.read_text("utf-8"))}


USED = named_in("templates", r'\bt\("([\w.-]+[\w])"') | {
    f"script.{name}" for name in named_in("static", r'\btext\("([\w.-]+)"')
}


def test_every_text_that_is_used_is_there():
    assert {name for name in USED if name not in VI} - COMPOSED == set()


def test_every_text_is_used():
    composed = tuple(f"{part}." for part in COMPOSED)
    unused = {name for name in VI if name not in USED and not name.startswith(composed)}
    assert unused == {"problem.not_found", "problem.wrong", "script.up", "script.down"} - USED


@pytest.mark.parametrize("name", sorted(VI))
def test_both_languages_say_something_of_their_own_with_the_same_figures(name: str):
    assert VI(name).strip()
    assert EN(name).strip()
    assert _fields(VI(name)) == _fields(EN(name))


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
