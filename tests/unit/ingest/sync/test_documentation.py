"""docs/sync.md names every field that is read and every code, and its examples pass; the OpenAPI document has both services."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator

from schemas.events.rejected import CODES
from services.common.settings import IngestSettings
from services.ingest.app import create_app
from services.ingest.sync import payload
from services.ingest.sync.batch import DOSSIERS, LINES
from services.ingest.sync.envelope import open_envelope
from tests.unit.ingest.sync.mapping import checked

TEXT = (Path(__file__).parents[4] / "docs" / "sync.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"-d '(.*?)'\n```", TEXT, re.DOTALL)
PATHS = create_app(IngestSettings()).openapi()["paths"]


def fields(struct: type[msgspec.Struct]) -> set[str]:
    """The names in JSON of all fields of a record, those of its lists too."""
    own = msgspec.structs.fields(struct)
    lists = [
        kind
        for field in own
        for kind in get_args(field.type)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ]
    return {field.encode_name for field in own}.union(*map(fields, lists))


def test_the_fields_that_are_read_are_those_of_the_tables() -> None:
    tables = TEXT.partition("## DongBoHoSoMC")[2].partition("## What is dropped")[0]
    quoted = " ".join(re.findall(r"`([^`]+)`", tables))
    named = {name for name in re.findall(r"\b[A-Z]\w+", quoted) if not name.startswith("NHIP_")}
    assert named == fields(payload.Dossier) | fields(payload.Line)


def test_every_code_is_there() -> None:
    codes = set(
        re.findall(
            r"^\| `(\w+)` \|", TEXT.partition("Rejection codes:")[2].partition("## DongBoHoSoMC")[0], re.MULTILINE
        )
    )
    assert codes == set(CODES) - {"bad_envelope", "unknown_type"} | {"unknown_state", "no_moment"}


@pytest.mark.parametrize(
    ("kind", "example"), list(zip([DOSSIERS, LINES], EXAMPLES, strict=True)), ids=["dossiers", "lines"]
)
def test_the_examples_are_taken(kind: Any, example: str) -> None:
    envelope = open_envelope(example.replace("'$KEY'", "KEY").encode(), {})
    assert checked(kind, [json.loads(bytes(raw)) for raw in envelope.records]).rejected == []


@pytest.mark.parametrize("kind", [DOSSIERS, LINES], ids=lambda kind: kind.name)
def test_both_services_are_described_and_their_examples_fit_and_pass(kind: Any) -> None:
    operation = PATHS[f"/v1/sync/{kind.name}"]["post"]
    assert set(operation["responses"]) == {"200", "400", "401", "413", "415", "429", "503"}
    content = operation["requestBody"]["content"]["application/json"]
    Draft202012Validator(content["schema"]).validate(content["example"])
    assert checked(kind, content["example"]["data"]).rejected == []
