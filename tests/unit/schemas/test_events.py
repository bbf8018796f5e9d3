"""The check at the door, beyond what `tests/integration/ingest` shows through HTTP."""

import json
from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Door, DossierEvent, Rejected, decode, encode
from schemas.events.checks import data_type
from schemas.events.rejected import CODES, rejection, shown
from schemas.moments import MINUTE, Zone, parse_moment
from schemas.units import Unit, UnitTree

ZONE = Zone("Asia/Ho_Chi_Minh")
NOW = parse_moment("2026-04-01T12:00:00+07:00", ZONE)
TREE = UnitTree([Unit(code="H01", name="An Giang"), Unit(code="H01.06", name="Xã Một", parent="H01")])
DOOR = Door(system="mc", unit="H01", tree=TREE, zone=ZONE, now=NOW)
TYPES = get_args(DossierEvent)

#: the least that each type must say, where that is anything
LEAST: dict[str, dict[str, Any]] = {
    "submitted": {"unit": "H01", "procedure": "1"},
    "received": {"unit": "H01", "procedure": "1"},
    "step": {"step": "1"},
    "supplement_requested": {"supplement": "1"},
    "supplemented": {"supplement": "1"},
    "rescheduled": {"due_at": "2026-05-01"},
    "rated": {"stars": 5},
    "progressed": {"state": "done", "progressed_at": "2026-03-12T08:00:00"},
    "petitioned": {"petition": "PA-1"},
}


def kind(event: type[msgspec.Struct]) -> str:
    return str(event.__struct_config__.tag).removeprefix("nhip.dossier.")


def raw(what: str, data: Any = ..., **attributes: Any) -> bytes:
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": "1",
        "source": "/mc",
        "type": f"nhip.dossier.{what}",
        "subject": "H01.06-1",
        "time": "2026-03-12T08:00:00+07:00",
    }
    if data is ...:
        data = LEAST.get(what)
    if data is not None:
        made["data"] = data
    return json.dumps(made | attributes).encode()


def refused(sent: bytes) -> Rejected:
    with pytest.raises(Rejected) as caught:
        DOOR.check(sent)
    assert caught.value.code in CODES
    return caught.value


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_every_type_is_taken_with_the_least_it_must_say(event: type[msgspec.Struct]) -> None:
    checked = DOOR.check(raw(kind(event)))
    assert type(checked) is event
    assert (checked.keysystem, checked.keyunit) == ("mc", "H01")


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_what_is_stored_passes_again_unchanged(event: type[msgspec.Struct]) -> None:
    stored = encode(DOOR.check(raw(kind(event))))
    assert encode(DOOR.check(stored)) == stored
    assert encode(decode(stored)) == stored


@pytest.mark.parametrize("what", LEAST)
def test_without_its_required_fields_a_type_is_refused(what: str) -> None:
    assert refused(raw(what, None)).code == "bad_data"
    assert refused(raw(what, {})).code == "bad_data"


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_null_and_unknown_fields_are_as_absent(event: type[msgspec.Struct]) -> None:
    least = LEAST.get(kind(event), {})
    nothing = {name: None for name in data_type(event).__struct_fields__ if name not in least}
    checked = DOOR.check(raw(kind(event), nothing | least | {"ChuHoSo": "Nguyễn Văn A"}))
    assert msgspec.to_builtins(checked.data) == msgspec.to_builtins(DOOR.check(raw(kind(event), least)).data)


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_every_moment_of_every_type_is_checked(event: type[msgspec.Struct]) -> None:
    least = LEAST.get(kind(event), {})
    for field in data_type(event).__struct_fields__:
        if not field.endswith("_at"):
            continue
        for text in ("x", "1899-12-31T00:00:00Z", "2026-02-30T00:00:00Z"):
            assert refused(raw(kind(event), least | {field: text})).code == "bad_moment"
        ahead, day = least | {field: "2026-04-01T12:05:00.000001+07:00"}, least | {field: "2026-03-12"}
        if field == "due_at":
            assert DOOR.check(raw(kind(event), ahead))
            assert DOOR.check(raw(kind(event), day)).data.due_at == "2026-03-12T16:59:59.999999Z"
        else:
            assert refused(raw(kind(event), ahead)).code == "in_the_future"
            assert refused(raw(kind(event), day)).code == "bad_moment"


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_every_type_may_name_its_unit_and_is_checked_by_it(event: type[msgspec.Struct]) -> None:
    least = LEAST.get(kind(event), {})
    assert DOOR.check(raw(kind(event), least | {"unit": "000.00.06.H01"})).data.unit == "H01.06"
    assert refused(raw(kind(event), least | {"unit": "H99"})).code == "unknown_unit"
    commune = Door(system="mc", unit="H01.06", tree=TREE, zone=ZONE, now=NOW)
    with pytest.raises(Rejected) as caught:
        commune.check(raw(kind(event), least | {"unit": "H01"}))
    assert caught.value.code == "foreign_unit"


def test_a_successor_may_name_the_unit_that_it_took_over() -> None:
    tree = UnitTree([*TREE, Unit(code="H33", name="Kiên Giang", valid_to="2025-06-30", successor="H01")])
    voided = replace(DOOR, tree=tree).check(raw("voided", {"unit": "H33"}))
    assert voided.data.unit == "H33"


def test_an_unknown_unit_is_told_before_a_foreign_one() -> None:
    stranger = Door(system="mc", unit="H99", tree=TREE, zone=ZONE, now=NOW)
    for unit, code in (("H98", "unknown_unit"), ("H01", "foreign_unit")):
        with pytest.raises(Rejected) as caught:
            stranger.check(raw("synced", {"unit": unit}))
        assert caught.value.code == code


def test_the_tolerance_is_five_minutes_to_the_microsecond() -> None:
    at_the_edge = ZONE.format(NOW + 5 * MINUTE)
    beyond = ZONE.format(NOW + 5 * MINUTE + 1)
    assert DOOR.check(raw("voided", time=at_the_edge))
    assert refused(raw("voided", time=beyond)).code == "in_the_future"


def test_a_bare_due_day_ends_with_its_zone_though_the_clocks_change() -> None:
    new_york = Zone("America/New_York")
    door = Door(system="mc", unit="H01", tree=TREE, zone=new_york, now=NOW)
    for day, end in (("2026-03-08", "2026-03-09T03:59:59.999999Z"), ("2026-11-01", "2026-11-02T04:59:59.999999Z")):
        assert door.check(raw("rescheduled", {"due_at": day})).data.due_at == end
    assert door.check(raw("rescheduled", {"due_at": "9999-12-31"})).data.due_at == "9999-12-31T23:59:59.999999Z"


def test_a_literal_backslash_is_no_null_character() -> None:
    assert DOOR.check(raw("voided", id="\\u0000")).id == "\\u0000"
    assert refused(raw("voided", id="\\\0")).code == "bad_data"
    assert DOOR.check(raw("voided", {"comment": "\0"}))  # not kept, so it does not matter


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b'{"type":"nhip.dossier.voided","x":' + b"[" * 100_000,
        b'{"type":"\xff"}',
        b'{"type": "\\ud800"}',
        b"nul",
    ],
)
def test_what_is_not_json_is_told_so(sent: bytes) -> None:
    assert refused(sent).code == "bad_json"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip  # noqa: E501
def test_whatever_json_is_sent_is_taken_or_rejected(value: Any) -> None:
    for sent in (value, {"type": "nhip.dossier.received", "data": value}, json.loads(raw("rated")) | {"data": value}):
        try:
            DOOR.check(json.dumps(sent).encode())
        except Rejected as rejected:
            assert rejected.code in CODES  # noqa: PT017  either way out is right


@given(st.text(min_size=3, max_size=40), st.sampled_from(["received_at", "unit", "channel", "due_at", "procedure"]))
def test_no_text_of_a_field_is_quoted_unless_it_is_a_code(text: str, field: str) -> None:
    secret = f"Nguyễn {text}"
    try:
        DOOR.check(raw("received", LEAST["received"] | {field: secret}))
    except Rejected as rejected:
        assert secret not in rejected.detail  # noqa: PT017  a code as `procedure` may pass
        assert "Nguyễn" not in rejected.detail  # noqa: PT017


def test_only_codes_are_shown() -> None:
    assert shown("H01.06") == "'H01.06'"
    assert "Văn" not in shown("Văn A")
    assert rejection("Invalid value 'Văn A' - at `$.type`").detail.count("Văn") == 0


def test_a_detail_names_the_place() -> None:
    assert refused(raw("received", {"unit": "H01", "procedure": "1", "fee": -1})).detail.startswith("data.fee: ")
    assert "procedure" in refused(raw("received", {"unit": "H01"})).detail
    assert refused(raw("voided", subject="")).detail.startswith("subject: ")
    assert "slip" in refused(raw("rated", {"slip": {"10": 1}})).detail
