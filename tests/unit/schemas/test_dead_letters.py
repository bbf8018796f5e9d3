"""What is kept of a refused event."""

import json

import msgspec
import pytest

from schemas.dead_letters import DeadLetter, decode, encode, redacted

NAME = "Nguyễn Văn A"
GOOD = {
    "specversion": "1.0",
    "id": "1",
    "source": "/mc",
    "type": "nhip.dossier.received",
    "subject": "H01.06-1",
    "time": "2026-03-12T08:00:00+07:00",
    "data": {"unit": "H99", "procedure": "1.000105", "due_at": "2026-03-20", "fee": 0, "reused_data": True},
}


def kept(**changes: object) -> object:
    return redacted(json.dumps(GOOD | changes).encode())


def test_a_good_event_is_kept_whole() -> None:
    assert kept() == GOOD


@pytest.mark.parametrize(
    "data",
    [
        {"ChuHoSo": NAME},
        {"channel": NAME},
        {"unit": NAME},
        {"procedure": NAME},
        {"received_at": NAME},
        {"fee": NAME},
        {"unit": {"name": NAME}},
        {"procedure": "x" * 65},
        {"post": "cv-01"},
        {"unit": None},
    ],
)
def test_a_value_that_could_be_personal_goes(data: dict[str, object]) -> None:
    assert kept(data=data) == GOOD | {"data": {}}


def test_free_text_as_reason_becomes_other() -> None:
    assert kept(type="nhip.dossier.late", data={"reason": NAME, "apology": True})["data"] == {
        "reason": "other",
        "apology": True,
    }


def test_a_slip_is_kept_if_it_is_one() -> None:
    assert kept(type="nhip.dossier.rated", data={"slip": {"1": 2}})["data"] == {"slip": {"1": 2}}
    assert kept(type="nhip.dossier.rated", data={"slip": {NAME: 2}})["data"] == {}


@pytest.mark.parametrize(
    "changes",
    [{"id": 5}, {"id": "x" * 513}, {"subject": "x" * 65}, {"time": NAME}, {"phone": "0912"}, {"source": None}],
)
def test_attributes_that_are_wrong_or_unknown_go(changes: dict[str, object]) -> None:
    assert kept(**changes) == {name: value for name, value in GOOD.items() if name not in changes}


def test_of_an_unknown_type_the_data_are_not_kept() -> None:
    assert kept(type="nhip.unknown") == {k: v for k, v in GOOD.items() if k != "data"} | {"type": "nhip.unknown"}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b"\xff", b"[" * 100_000])
def test_of_what_is_no_object_nothing_is_kept(raw: bytes) -> None:
    assert redacted(raw) is None


def test_letters_read_back() -> None:
    letter = DeadLetter(at="2026-03-12T08:00:00+07:00", code="bad_json", detail="x", topic="t", partition=0, offset=5)
    assert decode(encode(letter)) == letter
    with pytest.raises(msgspec.MsgspecError):
        decode(b"{}")
