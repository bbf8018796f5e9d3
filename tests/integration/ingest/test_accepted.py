"""What is accepted lands in Kafka, keyed by subject, in its one stored form."""

from typing import Any

import pytest

from schemas.topics import DOSSIER_EVENTS, REJECTED_EVENTS
from services.ingest.partitions import partition_of
from tests.integration.ingest.running import LINES, SINGLE, Ingest, stored
from tests.integration.ingest.sample import RECEIVED, event, received

STORED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a bare due day is its last microsecond": (
        received(due_at="2026-03-20"),
        RECEIVED | {"due_at": "2026-03-20T16:59:59.999999Z"},
    ),
    "no offset means the configured zone": (
        received(received_at="2026-03-12T08:00:00"),
        RECEIVED | {"received_at": "2026-03-12T01:00:00.000000Z"},
    ),
    "digits beyond the microsecond are cut": (
        received(received_at="2026-03-12T08:00:00.123456999+07:00"),
        RECEIVED | {"received_at": "2026-03-12T01:00:00.123456Z"},
    ),
    "five minutes ahead are tolerated": (
        received(received_at="2026-04-01T12:05:00+07:00"),
        RECEIVED | {"received_at": "2026-04-01T05:05:00.000000Z"},
    ),
    "the first moment of 1900 counts": (
        received(received_at="1900-01-01T00:00:00+07:00"),
        RECEIVED | {"received_at": "1899-12-31T17:00:00.000000Z"},
    ),
    "a due moment may lie ahead": (
        received(due_at="2030-01-01T00:00:00Z"),
        RECEIVED | {"due_at": "2030-01-01T00:00:00.000000Z"},
    ),
    "the end of the calendar is the end": (
        received(due_at="9999-12-31T23:59:59Z"),
        RECEIVED | {"due_at": "9999-12-31T16:59:59.999999Z"},
    ),
    "null is the same as absent": (received(due_at=None, channel=None, fee=None), RECEIVED),
    "unknown fields are ignored and not stored": (received(ChuHoSo="Nguyễn Văn A", phone="0912"), RECEIVED),
    "a fee of zero is kept": (received(fee=0), RECEIVED | {"fee": 0}),
    "a unit in the old style is turned round": (
        event(data={"unit": "000.00.06.H01", "procedure": "1"}),
        {"unit": "H01.06", "procedure": "1"},
    ),
    "a unit that looks old-style but is in the tree stands": (
        event(data={"unit": "000.00.99.H01", "procedure": "1"}),
        {"unit": "000.00.99.H01", "procedure": "1"},
    ),
    "the key's own unit": (event(data={"unit": "H01", "procedure": "1"}), {"unit": "H01", "procedure": "1"}),
    "an agency of another province": (event("step", {"step": "1", "agency": "H21"}), {"step": "1", "agency": "H21"}),
    "a reason that is a code": (event("late", {"reason": "overload"}), {"reason": "overload"}),
    "free text as reason becomes other": (event("late", {"reason": "ông A đi vắng"}), {"reason": "other"}),
    "a position code is not let in unasked": (event("step", {"step": "1", "post": "cv-01"}), {"step": "1"}),
    "a slip alone is a rating": (event("rated", {"slip": {"1": 2, "3": 0}}), {"slip": {"1": 2, "3": 0}}),
    "a rating by level": (event("rated", {"level": "neutral"}), {"level": "neutral"}),
    "a petition about it": (event("petitioned", {"petition": "PA-1"}), {"petition": "PA-1"}),
}


@pytest.fixture(scope="module")
def landed(ingest: Ingest, key: str, bootstrap: str) -> dict[str, tuple[int, dict[str, Any]]]:
    response = ingest.post([sent for sent, _ in STORED.values()], key)
    assert response.status_code == 202
    assert response.json() == {"accepted": len(STORED), "rejected": []}
    subjects = [sent["subject"] for sent, _ in STORED.values()]
    return {subject: (number, value) for number, subject, value in stored(bootstrap, DOSSIER_EVENTS, subjects)}


@pytest.mark.parametrize("what", STORED)
def test_it_is_stored_in_one_form(landed, what: str) -> None:
    sent, data = STORED[what]
    assert landed[sent["subject"]][1] == sent | {
        "time": "2026-03-12T01:00:01.000000Z",
        "data": data,
        "keysystem": "mc-test",
        "keyunit": "H01",
    }


@pytest.mark.parametrize("what", STORED)
def test_the_partition_is_that_of_its_subject(landed, what: str) -> None:
    subject = STORED[what][0]["subject"]
    assert landed[subject][0] == partition_of(subject.encode(), 4)


@pytest.mark.parametrize(
    "subject", ["x", "đ" * 64, "🗂" * 64, "H01.06-260312-0042 (bản sao)", "\t", "a/b|c?d", "0" * 64]
)
def test_a_subject_is_any_text_of_up_to_64_characters(ingest: Ingest, key: str, bootstrap: str, subject: str) -> None:
    sent = event("voided", subject=subject)
    assert ingest.post(sent, key, SINGLE).status_code == 202
    assert [value["id"] for _, _, value in stored(bootstrap, DOSSIER_EVENTS, [subject])] == [sent["id"]]


def test_duplicates_are_accepted_and_written(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = event()
    assert ingest.post([sent, sent], key).json() == {"accepted": 2, "rejected": []}
    assert len(stored(bootstrap, DOSSIER_EVENTS, [sent["subject"]])) == 2


def test_the_stamp_of_the_key_cannot_be_forged(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = event("voided", keysystem="other", keyunit="H21")
    assert ingest.post(sent, key, SINGLE).status_code == 202
    ((_, _, value),) = stored(bootstrap, DOSSIER_EVENTS, [sent["subject"]])
    assert (value["keysystem"], value["keyunit"]) == ("mc-test", "H01")


def test_an_event_without_a_unit_is_left_to_the_scorer(ingest: Ingest, key: str) -> None:
    assert ingest.post(event("synced", subject="H21.17-1"), key, SINGLE).status_code == 202


def test_a_bad_event_does_not_block_the_good_ones(ingest: Ingest, key: str, bootstrap: str) -> None:
    good = [event(), event()]
    response = ingest.post([good[0], event(time="today"), good[1]], key)
    assert response.status_code == 202
    assert response.json()["accepted"] == 2
    assert [bad["index"] for bad in response.json()["rejected"]] == [1]
    assert len(stored(bootstrap, DOSSIER_EVENTS, [sent["subject"] for sent in good])) == 2


def test_a_dry_run_answers_alike_and_writes_nothing(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = [event(), event(time="today", subject="dry-run-1")]
    dry = ingest.post(sent, key, params={"dry_run": "true"})
    assert stored(bootstrap, DOSSIER_EVENTS, [sent[0]["subject"]]) == []
    assert stored(bootstrap, REJECTED_EVENTS, ["dry-run-1"]) == []
    wet = ingest.post(sent, key)
    assert (dry.status_code, dry.json()) == (wet.status_code, wet.json())
    assert len(stored(bootstrap, DOSSIER_EVENTS, [sent[0]["subject"]])) == 1
    assert len(stored(bootstrap, REJECTED_EVENTS, ["dry-run-1"])) == 1


def test_five_thousand_events_go_in_one_request(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = [event(source="/five-thousand") for _ in range(5000)]
    assert ingest.post(sent, key).json() == {"accepted": 5000, "rejected": []}
    kept = [value["id"] for _, _, value in stored(bootstrap, DOSSIER_EVENTS) if value["source"] == "/five-thousand"]
    assert sorted(kept) == sorted(one["id"] for one in sent)


def test_operators_can_let_position_codes_in(start, key: str, bootstrap: str) -> None:
    sent = event("step", {"step": "1", "post": "cv-01"})
    assert start(NHIP_ACCEPT_POSTS="true").until_ready().post(sent, key, SINGLE).status_code == 202
    ((_, _, value),) = stored(bootstrap, DOSSIER_EVENTS, [sent["subject"]])
    assert value["data"]["post"] == "cv-01"


def test_lines_may_be_blank_and_end_as_windows_ends_them(ingest: Ingest, key: str) -> None:
    body = b"\r\n".join([b"", dump(event()), b"  ", dump(event()), b"", b""])
    assert ingest.post(body, key, LINES).json() == {"accepted": 2, "rejected": []}


def dump(value: Any) -> bytes:
    import json  # noqa: PLC0415  used here alone

    return json.dumps(value).encode()
