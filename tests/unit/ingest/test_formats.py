"""Which form a request has, and the events in it."""

import msgspec
import pytest

from services.ingest.formats import BATCH, BINARY, LINES, SINGLE, NotReadable, TooMany, events_in, form_of


def texts(form: str, body: bytes, **headers: str) -> list[bytes]:
    return [bytes(event) for event in events_in(form, body, headers)]


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({"content-type": "Application/CloudEvents+JSON; charset=utf-8"}, SINGLE),
        ({"content-type": BATCH}, BATCH),
        ({"content-type": LINES, "ce-id": "1"}, LINES),
        ({"content-type": "application/json;charset=utf-8", "ce-id": "1"}, BINARY),
        ({"ce-id": "1"}, BINARY),
        ({"content-type": "application/json"}, None),
        ({"content-type": "text/plain", "ce-id": "1"}, None),
        ({}, None),
    ],
)
def test_the_form_is_told_by_the_headers(headers: dict[str, str], form: str | None) -> None:
    assert form_of(headers) == form


def test_events_are_cut_out_of_a_batch_unread() -> None:
    assert texts(BATCH, b'[{"a": 1}, 5 ,\n"x"]') == [b'{"a": 1}', b"5", b'"x"']


def test_lines_are_cut_at_newlines_and_blank_ones_left_out() -> None:
    assert [line.strip() for line in texts(LINES, b"\n{}\r\n \t\n[]\nx")] == [b"{}", b"[]", b"x"]


def test_headers_and_body_make_one_event() -> None:
    made = texts(BINARY, b'{"unit": "H01"}', **{"ce-id": "a%20b", "ce-subject": "50%", "ce-traceparent": "x"})
    assert msgspec.json.decode(made[0]) == {"id": "a b", "subject": "50%", "data": {"unit": "H01"}}
    assert msgspec.json.decode(texts(BINARY, b"", **{"ce-id": "1"})[0]) == {"id": "1"}


def test_header_values_may_be_plain_utf8() -> None:
    as_received = "đ".encode().decode("latin-1")
    assert msgspec.json.decode(texts(BINARY, b"", **{"ce-subject": as_received})[0]) == {"subject": "đ"}


@pytest.mark.parametrize("form", [SINGLE, BATCH, LINES])
@pytest.mark.parametrize("body", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_without_an_event_there_is_nothing_to_read(form: str, body: bytes) -> None:
    with pytest.raises(NotReadable, match="at least one event"):
        events_in(form, body, {})


def test_five_thousand_is_the_most() -> None:
    assert len(events_in(BATCH, b"[" + b",".join([b"1"] * 5000) + b"]", {})) == 5000
    with pytest.raises(TooMany, match="5001"):
        events_in(BATCH, b"[" + b",".join([b"1"] * 5001) + b"]", {})
    with pytest.raises(TooMany, match="5001"):
        events_in(LINES, b"1\n" * 5001, {})
