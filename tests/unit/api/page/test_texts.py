"""The catalogue of texts against the templates and scripts that use it."""

import re
from pathlib import Path
from string import Formatter
from typing import Literal, get_args, get_origin

import msgspec
import pytest

import services.api.page
from schemas.events import dossier
from schemas.measures import BY_NAME
from schemas.rulesets.words import words
from services.api.page.texts import texts_of
from services.scorer.domain import findings

PAGE = Path(services.api.page.__file__).parent
VI, EN = texts_of("vi"), texts_of("en")
COMPOSED = {"pick", "kind", "chart", "script.status", "more", "dossiers", "state", "told", "finding", "whatif"}
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
    chosen = {"problem.not_found", "problem.forbidden", "problem.wrong", "dossier.superseded", "dossier.taken_back"}
    assert unused == (chosen | {"script.up", "script.down"}) - USED


@pytest.mark.parametrize("event", get_args(dossier.DossierEvent), ids=lambda event: event.__struct_config__.tag)
def test_every_event_field_and_value_of_a_dossier_has_a_word(event: type[msgspec.Struct]):
    assert f"told.event.{str(event.__struct_config__.tag).removeprefix('nhip.dossier.')}" in VI
    told = next(one for one in (*get_args(event.__annotations__["data"]), event.__annotations__["data"]) if one)
    for field in msgspec.structs.fields(told):
        assert field.name == "post" or f"told.field.{field.name}" in VI, "a position is never shown"
        for part in (field.type, *get_args(field.type)):
            known = get_args(part) if get_origin(part) is Literal else ()
            assert {word for word in known if f"told.value.{word}" not in VI} == set()


def test_every_finding_of_the_scorer_has_a_name_and_is_explained():
    source = Path(findings.__file__).read_text("utf-8")
    codes = set(re.findall(r'Finding\("(\w+)"', source))
    assert len(codes) == 9
    assert {code for code in codes if f"finding.name.{code}" not in VI or f"finding.more.{code}" not in VI} == set()


def test_every_measure_has_words():
    assert set(BY_NAME) - set(words()) == set()


@pytest.mark.parametrize("name", sorted(VI))
def test_both_languages_say_something_of_their_own_with_the_same_figures(name: str):
    assert VI(name).strip()
    assert EN(name).strip()
    assert _fields(VI(name)) == _fields(EN(name))


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
