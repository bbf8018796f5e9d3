"""What is posted to a webhook."""

import json

from jsonschema import Draft202012Validator

from deploy.jsonschema import files
from schemas.digests import ToldDossier, digest, encode_digest
from schemas.notices import DUE_SOON, LATE
from schemas.units import Unit, UnitTree

TREE = UnitTree([Unit(code="H1.1", name="Xã Ba Chúc")])
OPENED = "2026-03-05T17:00:00.000000Z"


def dossier(code: str, late_from: str) -> ToldDossier:
    return ToldDossier(code=code, procedure="1.1", received_at=OPENED, due_at=OPENED, late_from=late_from)


def made(kind=LATE, unit: str = "H1.1", many: int = 2):
    dossiers = [dossier(f"H1.1-{n}", f"2026-03-0{9 - n}T00:00:00.000000Z") for n in range(many)]
    return digest("digest-1", kind, opened=OPENED, unit=unit, tree=TREE, page="https://p", dossiers=dossiers)


def test_it_says_in_two_languages_what_it_is_about_and_where_to_look():
    late, soon = made().data, made(DUE_SOON, many=1).data
    assert (late.vi, late.en) == ("Xã Ba Chúc: 2 hồ sơ đã quá hạn.", "Xã Ba Chúc: 2 dossiers are late.")
    assert (soon.vi, soon.en) == ("Xã Ba Chúc: 1 hồ sơ sắp đến hạn.", "Xã Ba Chúc: 1 dossier is due soon.")
    assert late.page == "https://p/units/H1.1"
    assert made(unit="H9").data.vi.startswith("H9: ")


def test_the_longest_late_stands_first():
    assert [told.code for told in made().data.dossiers] == ["H1.1-1", "H1.1-0"]


def test_it_is_what_its_schema_says():
    schema = Draft202012Validator(json.loads(files()["jsonschema/digest.json"]))
    for kind in (LATE, DUE_SOON):
        schema.validate(json.loads(encode_digest(made(kind))))
    assert not schema.is_valid(json.loads(encode_digest(made())) | {"type": "nhip.notice.late"})
