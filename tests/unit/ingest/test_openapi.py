"""The OpenAPI document of ingest."""

import json

import pytest
from jsonschema import Draft202012Validator

from services.common.settings import IngestSettings
from services.ingest.app import create_app
from services.ingest.formats import BATCH, BINARY, LINES, SINGLE

DOCUMENT = json.loads(json.dumps(create_app(IngestSettings()).openapi()))
OPERATION = DOCUMENT["paths"]["/v1/events"]["post"]


def resolved(schema: object) -> Draft202012Validator:
    """A validator that finds the document's components."""
    return Draft202012Validator({"components": DOCUMENT["components"], "allOf": [schema]})


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*map(references, part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


def test_every_reference_leads_somewhere() -> None:
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) <= known


def test_all_forms_and_all_answers_are_described() -> None:
    assert set(OPERATION["requestBody"]["content"]) == {SINGLE, BATCH, LINES, BINARY}
    assert set(OPERATION["responses"]) == {"202", "400", "401", "403", "413", "415", "422", "429", "503"}
    for status, answer in OPERATION["responses"].items():
        expected = "application/json" if status == "202" else "application/problem+json"
        assert list(answer["content"]) == [expected]
    assert OPERATION["security"] == [{"key": []}]


@pytest.mark.parametrize("form", [SINGLE, BATCH])
def test_the_examples_fit_their_schemas(form: str) -> None:
    content = OPERATION["requestBody"]["content"][form]
    resolved(content["schema"]).validate(content["example"])
