"""Petitions, procedures and declared figures at the door: what is theirs alone; what all families share is in `test_events`."""

import json
from typing import Any

import msgspec
import pytest

from schemas.events import FAMILIES, FAMILY_OF, Door, Rejected, decode, encode
from schemas.events.checks import data_type
from schemas.events.rejected import CODES
from tests.unit.schemas.test_events import DOOR, TREE, ZONE

#: the least that each type must say, and the subject that this spells ("PA-1": any)
LEAST: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"nhip.petition.{kind}": ("PA-1", {"unit": "H01.06"})
        for kind in (
            "received", "accepted", "supplement_requested", "supplemented", "declined",
            "answered", "published", "rated", "voided",
        )
    },
    "nhip.petition.repeated": ("PA-1", {"by": "PA-2"}),
    "nhip.procedure.described": ("1.001193", {"procedure": "1.001193"}),
    "nhip.procedure.announced": (
        "12/QĐ-UBND/1.001193", {"decision": "12/QĐ-UBND", "procedure": "1.001193", "unit": "H01"},
    ),
    "nhip.procedure.published": (
        "12/QĐ-UBND/1.001193", {"decision": "12/QĐ-UBND", "procedure": "1.001193", "unit": "H01"},
    ),
    "nhip.procedure.offered": ("H01.06/1.001193", {"unit": "H01.06", "procedure": "1.001193"}),
    "nhip.procedure.voided": ("H01.06/1.001193", {}),
    "nhip.unit.declared": (
        "H01.06/certified_copy/2026-01-01/",
        {"unit": "H01.06", "figure": "certified_copy", "value": 1, "from": "2026-01-01"},
    ),
}  # fmt: skip
OTHERS = [kind for family in FAMILIES if family.name != "dossier" for kind in family.types]
SPELT = [tag for tag, (subject, data) in LEAST.items() if subject != "PA-1" and data]


def tag_of(kind: type) -> str:
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]


def sent(tag: str, subject: str | None = None, **data: Any) -> bytes:
    named, least = LEAST[tag]
    event = {"specversion": "1.0", "id": "1", "source": "/mc", "type": tag, "subject": subject or named,
             "time": "2026-03-12T08:00:00+07:00", "data": least | data}  # fmt: skip
    return json.dumps(event).encode()


def refused(raw: bytes, door: Door = DOOR) -> str:
    with pytest.raises(Rejected) as caught:
        door.check(raw)
    assert caught.value.code in CODES
    return caught.value.code


@pytest.mark.parametrize("kind", OTHERS, ids=tag_of)
def test_every_type_is_taken_with_the_least_and_what_is_stored_passes_again(kind: type[msgspec.Struct]) -> None:
    stored = encode(DOOR.check(sent(tag_of(kind))))
    assert type(decode(stored)) is kind
    assert decode(stored).keyunit == "H01"
    assert encode(DOOR.check(stored)) == stored


@pytest.mark.parametrize("tag", [tag for tag in LEAST if LEAST[tag][1]])
def test_without_a_required_field_a_type_is_refused(tag: str) -> None:
    for name in LEAST[tag][1]:
        assert refused(sent(tag, **{name: None})) == "bad_data"


@pytest.mark.parametrize("kind", OTHERS, ids=tag_of)
def test_null_and_unknown_fields_are_as_absent(kind: type[msgspec.Struct]) -> None:
    tag = tag_of(kind)
    nothing = {field.encode_name: None for field in msgspec.structs.fields(data_type(kind)) if not field.required}
    assert encode(DOOR.check(sent(tag, **nothing, NoiDung="Nguyễn Văn A"))) == encode(DOOR.check(sent(tag)))


@pytest.mark.parametrize("tag", SPELT)
def test_the_subject_agrees_with_the_fields_that_spell_it(tag: str) -> None:
    assert refused(sent(tag, subject="another")) == "bad_envelope"


def test_a_subject_is_stored_with_the_codes_of_the_tree() -> None:
    for subject in ("000.00.06.H01/1.001193", "H01.06/1.001193"):
        offered = DOOR.check(sent("nhip.procedure.offered", subject=subject, unit="000.00.06.H01"))
        assert (offered.subject, offered.data.unit) == ("H01.06/1.001193", "H01.06")
    assert DOOR.check(sent("nhip.procedure.voided", subject="000.00.06.H01/1.001193")).subject == "H01.06/1.001193"
    assert DOOR.check(sent("nhip.procedure.voided", subject="12/QĐ/1.001193")).subject == "12/QĐ/1.001193"


@pytest.mark.parametrize("tag", [tag for tag, (_, data) in LEAST.items() if "unit" in data])
def test_a_key_speaks_for_its_unit_and_those_below(tag: str) -> None:
    subject, data = LEAST[tag]
    commune = Door(system="mc", unit="H01.06", tree=TREE, zone=ZONE, now=DOOR.now)
    above = sent(tag, subject.replace("H01.06", "H01"), unit="H01")
    assert refused(above, commune) == "foreign_unit"
    assert refused(sent(tag, subject.replace(data["unit"], "H99"), unit="H99")) == "unknown_unit"


def test_the_owner_of_a_procedure_is_whom_its_description_speaks_for() -> None:
    commune = Door(system="mc", unit="H01.06", tree=TREE, zone=ZONE, now=DOOR.now)
    assert refused(sent("nhip.procedure.described", owner="H01"), commune) == "foreign_unit"
    assert DOOR.check(sent("nhip.procedure.described", owner="000.00.06.H01")).data.owner == "H01.06"


@pytest.mark.parametrize("kind", OTHERS, ids=tag_of)
def test_days_alone_and_the_future_are_for_legal_moments_only(kind: type[msgspec.Struct]) -> None:
    tag = tag_of(kind)
    for name in data_type(kind).__struct_fields__:
        if not name.endswith("_at"):
            continue
        assert refused(sent(tag, **{name: "2026-02-30"})) == "bad_moment"
        if not FAMILY_OF[kind].dated:
            assert refused(sent(tag, **{name: "2026-03-12"})) == "bad_moment"
            assert refused(sent(tag, **{name: "1899-12-31T00:00:00Z"})) == "bad_moment"
            assert refused(sent(tag, **{name: "2027-01-01T00:00:00Z"})) == "in_the_future"
            continue
        day = getattr(DOOR.check(sent(tag, **{name: "2027-01-01"})).data, name)
        assert day == ("2027-01-01T16:59:59.999999Z" if name == "to_at" else "2026-12-31T17:00:00.000000Z")
        assert DOOR.check(sent(tag, **{name: "1858-01-01T00:00:00Z"}))


def test_a_declared_span_is_made_of_days_that_exist_in_order() -> None:
    def declared(first: str, last: str) -> bytes:
        subject = f"H01.06/certified_copy/{first}/{last}"
        return sent("nhip.unit.declared", subject, **{"from": first, "to": last})

    assert DOOR.check(declared("2026-01-01", "2026-12-31")).data.to_day == "2026-12-31"
    assert refused(declared("2026-02-30", "2026-12-31")) == "bad_moment"
    assert refused(declared("2026-01-01", "2026-02-30")) == "bad_moment"
    assert refused(declared("2026-01-01", "2025-12-31")) == "bad_data"


def test_a_declared_value_has_at_most_6_decimals() -> None:
    assert DOOR.check(sent("nhip.unit.declared", value=0.123456)).data.value == 0.123456
    assert refused(sent("nhip.unit.declared", value=0.1234567)) == "bad_data"


def test_subjects_may_have_200_characters_but_dossier_codes_64() -> None:
    assert DOOR.check(sent("nhip.petition.rated", subject="x" * 200))
    assert refused(sent("nhip.petition.rated", subject="x" * 201)) == "bad_envelope"
    assert refused(sent("nhip.petition.received", dossier="x" * 65)) == "bad_data"
