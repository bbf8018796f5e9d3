"""The two forms of a payload, and the numbers of arrival."""

import json

import pytest

from services.ingest.formats import NotReadable, TooMany
from services.ingest.sync.arrivals import Arrivals
from services.ingest.sync.envelope import open_envelope

ONE = {"MaHoSo": "H01.06-1"}


def opened(payload: object, **query: str):
    return open_envelope(json.dumps(payload, ensure_ascii=False).encode(), query)


@pytest.mark.parametrize(
    "payload", [{"data": [ONE]}, {"data": ONE}, [ONE], {"service": "x", "madonvi": "y", "data": [ONE]}]
)
def test_an_object_around_the_records_a_single_record_or_a_bare_array(payload) -> None:
    assert [json.loads(bytes(raw)) for raw in opened(payload).records] == [ONE]


@pytest.mark.parametrize(
    ("written", "updating"),
    [
        ("True", True),
        ("true", True),
        (True, True),
        ("1", True),
        ("False", False),
        (False, False),
        ("", False),
        (None, False),
    ],
)
def test_is_updating_in_any_case(written, updating: bool) -> None:
    assert opened({"data": ONE, "isUpdating": written}).is_updating is updating


def test_is_updating_of_the_query_counts_where_the_body_has_none() -> None:
    assert opened([ONE], isUpdating="true", MaDinhDanhDV="000.00.01.H01").is_updating
    assert opened({"data": ONE, "isUpdating": ""}, isUpdating="True").is_updating
    assert not opened({"data": ONE, "isUpdating": "False"}, isUpdating="True").is_updating


def test_the_session_is_a_key_that_no_representation_shows() -> None:
    envelope = opened({"data": ONE, "session": "nhip_secret"})
    assert envelope.session == "nhip_secret"
    assert "nhip_secret" not in repr(envelope)
    assert opened({"data": ONE, "session": ""}).session is None


@pytest.mark.parametrize("payload", [[], {}, {"data": []}, {"data": None}, {"data": ""}, {"data": 5}, "x", 5, None])
def test_without_a_record_there_is_no_payload(payload) -> None:
    with pytest.raises(NotReadable):
        opened(payload)


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"[{]", b"[" * 100_000, b'{"session": ["x"], "data": []}'])
def test_what_is_no_json_is_no_payload(body: bytes) -> None:
    with pytest.raises(NotReadable):
        open_envelope(body, {})


def test_a_byte_order_mark_does_not_disturb() -> None:
    assert len(open_envelope(b'\xef\xbb\xbf[{"MaHoSo": "1"}]', {}).records) == 1


def test_more_than_five_thousand_records_are_too_many() -> None:
    assert len(opened([ONE] * 5000).records) == 5000
    with pytest.raises(TooMany):
        opened([ONE] * 5001)


def test_ids_rise_with_arrival_though_the_wall_clock_is_set_back() -> None:
    wall = iter([1_000, 1_000, 7, 2_000])
    arrivals = Arrivals(lambda: next(wall))
    ids = [one for _ in range(4) for one in arrivals.take(3)]
    assert ids == sorted(set(ids))


def test_ids_rise_across_a_restart_and_differ_between_processes() -> None:
    before, after, beside = Arrivals(lambda: 999), Arrivals(lambda: 1_000_000), Arrivals(lambda: 999)
    (old,) = before.take(1)
    assert old < after.take(1)[0]
    assert old != beside.take(1)[0]
