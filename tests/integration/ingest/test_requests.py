"""Media types, keys, limits and the other answers of the whole request."""

import gzip
import json

import httpx
import pytest

from schemas.topics import DOSSIER_EVENTS
from tests.integration.ingest.running import BATCH, LINES, SINGLE, Ingest, stored, wait_for
from tests.integration.ingest.sample import event

BINARY = "application/json"


def binary(sent: dict, **more: str) -> dict[str, str]:
    """The attributes of an event as headers."""
    return {f"ce-{name}": value for name, value in sent.items() if name != "data"} | more


def is_problem(response: httpx.Response, status: int) -> bool:
    return (
        response.status_code == status
        and response.headers["content-type"] == "application/problem+json"
        and response.json()["status"] == status
        and bool(response.json()["detail"])
    )


@pytest.mark.parametrize("parameter", ["", "; charset=utf-8", ";charset=UTF-8; x=y"])
@pytest.mark.parametrize("form", [SINGLE, BATCH, LINES, BINARY])
def test_all_four_forms_are_taken(ingest: Ingest, key: str, bootstrap: str, form: str, parameter: str) -> None:
    sent = event()
    body = {SINGLE: sent, BATCH: [sent], LINES: sent, BINARY: sent["data"]}[form]
    headers = binary(sent) if form == BINARY else {}
    response = ingest.post(body, key, form.title() + parameter, headers=headers)
    assert response.status_code == 202, response.text
    ((_, _, value),) = stored(bootstrap, DOSSIER_EVENTS, [sent["subject"]])
    assert (value["id"], value["data"]) == (sent["id"], sent["data"])


def test_binary_mode_reads_percent_encoded_headers(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = event("voided", subject="đã nhầm 1%")
    headers = binary(sent) | {"ce-subject": "%C4%91%C3%A3%20nh%E1%BA%A7m%201%25", "Authorization": f"Bearer {key}"}
    assert ingest.http.post("/v1/events", headers=headers).status_code == 202
    assert len(stored(bootstrap, DOSSIER_EVENTS, [sent["subject"]])) == 1


def test_binary_mode_without_an_attribute_is_a_rejected_event(ingest: Ingest, key: str) -> None:
    headers = {name: value for name, value in binary(event()).items() if name != "ce-id"}
    response = ingest.post({"unit": "H01", "procedure": "1"}, key, BINARY, headers=headers)
    assert is_problem(response, 422)
    assert response.json()["rejected"][0]["code"] == "bad_envelope"


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (SINGLE, b""),
        (SINGLE, b" \n"),
        (SINGLE, b"{"),
        (SINGLE, b"no JSON"),
        (SINGLE, b"[" * 100_000),
        (SINGLE, json.dumps(event(subject="?")).encode().replace(b"?", b"\xff")),
        (BATCH, b""),
        (BATCH, b"[]"),
        (BATCH, b"[1,"),
        (BATCH, b"{}"),
        (BATCH, b"null"),
        (LINES, b""),
        (LINES, b"\n \r\n\n"),
        (LINES, b"no JSON\n{\n"),
    ],
)
def test_what_is_not_json_or_holds_no_event_is_a_400(ingest: Ingest, key: str, form: str, body: bytes) -> None:
    assert is_problem(ingest.post(body, key, form), 400)


def test_binary_mode_with_a_broken_body_is_a_400(ingest: Ingest, key: str) -> None:
    assert is_problem(ingest.post(b"{", key, BINARY, headers=binary(event())), 400)


def test_an_array_sent_as_one_event_is_a_422(ingest: Ingest, key: str) -> None:
    assert is_problem(ingest.post([event()], key, SINGLE), 422)


def test_a_line_that_is_not_json_is_one_rejected_event(ingest: Ingest, key: str) -> None:
    response = ingest.post(json.dumps(event()).encode() + b"\n\nnot JSON\n", key, LINES)
    assert response.status_code == 202
    assert response.json()["accepted"] == 1
    assert [(bad["index"], bad["id"], bad["code"]) for bad in response.json()["rejected"]] == [(1, None, "bad_json")]


def test_a_byte_order_mark_does_not_disturb(ingest: Ingest, key: str) -> None:
    assert ingest.post(b"\xef\xbb\xbf" + json.dumps(event()).encode(), key, SINGLE).status_code == 202


@pytest.mark.parametrize("form", ["application/json", "text/csv", "application/xml", "application/cloudevents", ""])
def test_another_media_type_is_a_415_that_says_what_is_allowed(ingest: Ingest, key: str, form: str) -> None:
    response = ingest.post(event(), key, form)
    assert is_problem(response, 415)
    assert SINGLE in response.headers["accept-post"]
    assert LINES in response.json()["detail"]


def test_gzip_bodies_are_unpacked(ingest: Ingest, key: str) -> None:
    packed = gzip.compress(json.dumps([event()]).encode())
    assert ingest.post(packed, key, headers={"Content-Encoding": "gzip"}).status_code == 202
    assert is_problem(ingest.post(packed[:-9], key, headers={"Content-Encoding": "gzip"}), 400)
    assert is_problem(ingest.post(b"[]", key, headers={"Content-Encoding": "gzip"}), 400)
    assert is_problem(ingest.post(packed, key, headers={"Content-Encoding": "br"}), 415)


def test_more_than_five_thousand_events_are_too_many(ingest: Ingest, key: str) -> None:
    assert is_problem(ingest.post([1] * 5001, key), 413)
    assert is_problem(ingest.post(b"1\n" * 5001, key, LINES), 413)


def test_a_body_beyond_the_limit_is_too_large_however_it_comes(start, key: str) -> None:
    small = start(NHIP_INGEST_MAX_BODY="1000").until_ready()
    body = b" " * 1001
    assert is_problem(small.post(body, key), 413)
    assert is_problem(small.post(gzip.compress(body), key, headers={"Content-Encoding": "gzip"}), 413)
    chunked = small.http.post(
        "/v1/events", content=iter([body]), headers={"Authorization": f"Bearer {key}", "Content-Type": BATCH}
    )
    assert is_problem(chunked, 413)
    assert small.post(json.dumps([event()]).encode().ljust(1000), key).status_code == 202


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "wrong"])
def test_without_a_known_key_it_is_a_401(ingest: Ingest, header: str | None) -> None:
    headers = {"Content-Type": SINGLE} | ({} if header is None else {"Authorization": header})
    response = ingest.http.post("/v1/events", content=json.dumps(event()).encode(), headers=headers)
    assert is_problem(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_new_key_works_at_once_and_a_revoked_one_stops_within_seconds(ingest: Ingest, keys) -> None:
    fresh = keys.create("H01.06")
    assert ingest.post(event(), fresh, SINGLE).status_code == 202
    keys.revoke(fresh)
    wait_for(lambda: ingest.post(event(), fresh, SINGLE).status_code == 401, seconds=10)


def test_a_key_speaks_for_its_unit_and_those_below_alone(ingest: Ingest, keys) -> None:
    commune = keys.create("H01.06")
    assert ingest.post(event(), commune, SINGLE).status_code == 202
    for foreign in ("H01", "H01.07", "H21.17"):
        assert is_problem(ingest.post(event(data={"unit": foreign, "procedure": "1"}), commune, SINGLE), 403)
    mixed = ingest.post([event(data={"unit": "H01.07", "procedure": "1"}), event(time="?")], commune)
    assert is_problem(mixed, 422)
    assert {bad["code"] for bad in mixed.json()["rejected"]} == {"foreign_unit", "bad_moment"}


def test_other_pages_and_methods_are_problems(ingest: Ingest, key: str) -> None:
    assert is_problem(ingest.http.get("/nowhere"), 404)
    response = ingest.http.get("/v1/events")
    assert is_problem(response, 405)
    assert response.headers["allow"] == "POST"
    assert is_problem(ingest.post(event(), key, SINGLE, params={"dry_run": "perhaps"}), 422)


def test_the_service_says_how_it_is(ingest: Ingest, key: str) -> None:
    assert ingest.http.get("/healthz/live").json() == {"live": True}
    assert ingest.http.get("/healthz/ready").json() == {"ready": True, "missing": {}, "hints": {}}
    before = ingest.metric('nhip_ingest_events_total{outcome="accepted"}')
    assert ingest.post([event(), event(time="?")], key).status_code == 202
    assert ingest.metric('nhip_ingest_events_total{outcome="accepted"}') == before + 1
    assert ingest.metric('nhip_ingest_rejections_total{code="bad_moment"}') >= 1
    assert ingest.metric("nhip_ingest_in_flight_events") == 0


def test_neither_keys_nor_requests_are_logged(ingest: Ingest, key: str) -> None:
    sent = event(time="?")
    ingest.post([sent, event()], key)
    log = ingest.log.read_text()
    assert key not in log
    assert sent["subject"] not in log
    assert "/v1/events" not in log
