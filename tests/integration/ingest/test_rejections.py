"""Each malformed event that CONTRACT section 1 names gets the stated answer, and what is kept of it is not personal."""

from typing import Any

import pytest

from schemas.topics import DOSSIER_EVENTS, REJECTED_EVENTS
from tests.integration.ingest.running import Ingest, stored
from tests.integration.ingest.sample import event, received

NAME = "Nguyễn Văn A"

BAD: dict[str, tuple[Any, str]] = {
    "bare date as received_at": (received(received_at="2026-03-12"), "bad_moment"),
    "bare date as time": (event(time="2026-03-12"), "bad_moment"),
    "time without offset": (event(time="2026-03-12T08:00:01"), "bad_moment"),
    "time before 1900": (event(time="1899-12-31T23:59:59+07:00"), "bad_moment"),
    "time in the year 1": (event(time="0001-01-01T00:00:00+07:00"), "bad_moment"),
    "moment before 1900": (received(received_at="1899-12-31T23:59:59+07:00"), "bad_moment"),
    "due day before 1900": (received(due_at="1899-12-31"), "bad_moment"),
    "a day that does not exist": (received(due_at="2026-02-30"), "bad_moment"),
    "an offset that does not exist": (received(due_at="2026-02-20T08:00:00+07:60"), "bad_moment"),
    "a name where a moment belongs": (received(received_at=NAME), "bad_moment"),
    "time more than 5 minutes ahead": (event(time="2026-04-01T12:05:00.000001+07:00"), "in_the_future"),
    "moment more than 5 minutes ahead": (received(received_at="2026-04-01T12:05:01+07:00"), "in_the_future"),
    "local moment ahead": (event("processed", {"finished_at": "2026-04-01T12:06:00"}), "in_the_future"),
    "unknown unit": (event(data={"unit": "H99", "procedure": "1"}), "unknown_unit"),
    "unknown unit in the old style": (event(data={"unit": "000.00.98.H01", "procedure": "1"}), "unknown_unit"),
    "a very long unit": (event(data={"unit": "H" * 300, "procedure": "1"}), "unknown_unit"),
    "a name where a unit belongs": (event(data={"unit": NAME, "procedure": "1"}), "unknown_unit"),
    "unknown agency": (event("step", {"step": "1", "agency": "H99"}), "unknown_unit"),
    "unknown unit on another type": (event("synced", {"unit": "H99"}), "unknown_unit"),
    "subject of 65 characters": (event(subject="đ" * 65), "bad_envelope"),
    "empty subject": (event(subject=""), "bad_envelope"),
    "no subject": ({k: v for k, v in event().items() if k != "subject"}, "bad_envelope"),
    "no id": ({k: v for k, v in event().items() if k != "id"}, "bad_envelope"),
    "no type": ({k: v for k, v in event().items() if k != "type"}, "bad_envelope"),
    "no time": ({k: v for k, v in event().items() if k != "time"}, "bad_envelope"),
    "CloudEvents 0.3": (event(specversion="0.3"), "bad_envelope"),
    "not an object": (["x"], "bad_envelope"),
    "unknown type": (event("invented", {}), "unknown_type"),
    "a family that is not taken yet": (event(type="nhip.survey.opened"), "unknown_type"),
    "no data": ({k: v for k, v in event().items() if k != "data"}, "bad_data"),
    "null as data": (event() | {"data": None}, "bad_data"),
    "no procedure": (event(data={"unit": "H01"}), "bad_data"),
    "null where a field is required": (event(data={"unit": None, "procedure": "1"}), "bad_data"),
    "unknown channel": (received(channel=NAME), "bad_data"),
    "negative fee": (received(fee=-1), "bad_data"),
    "fee as text": (received(fee="12000"), "bad_data"),
    "rescheduled without a due moment": (event("rescheduled", {"apology": True}), "bad_data"),
    "rated without stars, level or slip": (event("rated", {"kind": "paper"}), "bad_data"),
    "six stars": (event("rated", {"stars": 6}), "bad_data"),
    "slip with an unknown question": (event("rated", {"slip": {"10": 1}}), "bad_data"),
    "U+0000 in a kept field": (event(subject="H01-\0"), "bad_data"),
    "foreign unit": (event(data={"unit": "H21.17", "procedure": "1"}), "foreign_unit"),
    "foreign unit on another type": (event("returned", {"unit": "H21"}), "foreign_unit"),
}


@pytest.fixture(scope="module")
def answers(ingest: Ingest, key: str) -> dict[str, dict[str, Any]]:
    """All of them in one batch with one good event at its end."""
    response = ingest.post([*(bad for bad, _ in BAD.values()), event()], key)
    assert response.status_code == 202
    body = response.json()
    assert body["accepted"] == 1
    assert [answer["index"] for answer in body["rejected"]] == list(range(len(BAD)))
    return dict(zip(BAD, body["rejected"], strict=True))


@pytest.mark.parametrize("what", BAD)
def test_a_bad_event_is_rejected_with_its_code(answers, what: str) -> None:
    sent, code = BAD[what]
    assert answers[what]["code"] == code, answers[what]
    assert answers[what]["id"] == (sent.get("id") if isinstance(sent, dict) else None)


@pytest.mark.parametrize("what", BAD)
def test_alone_it_is_a_problem_document(ingest: Ingest, key: str, what: str) -> None:
    sent, code = BAD[what]
    response = ingest.post([sent], key, params={"dry_run": "true"})
    assert response.status_code == (403 if code == "foreign_unit" else 422)
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["accepted"] == 0
    assert problem["rejected"][0]["code"] == code


def test_no_answer_quotes_a_personal_value(answers) -> None:
    assert NAME not in str(answers)
    assert "Nguy" not in str(answers)


def test_rejected_events_are_kept_with_what_is_needed_to_send_them_again(ingest: Ingest, keys, bootstrap: str) -> None:
    own = keys.create("H01", system="mc-letters")
    bad = event(data={"unit": "H99", "procedure": "1.1", "ChuHoSo": NAME, "due_at": "2026-05-01"})
    assert ingest.post([bad], own).status_code == 422
    ((_, subject, letter),) = [
        record for record in stored(bootstrap, REJECTED_EVENTS) if record[2].get("system") == "mc-letters"
    ]
    assert subject == bad["subject"]
    assert letter["code"] == "unknown_unit"
    assert letter["unit"] == "H01"
    assert letter["at"] == "2026-04-01T12:00:00+07:00"
    assert letter["event"] == bad | {"data": {"unit": "H99", "procedure": "1.1", "due_at": "2026-05-01"}}


@pytest.mark.usefixtures("answers")
def test_nothing_personal_is_kept(ingest: Ingest, bootstrap: str) -> None:
    assert len(stored(bootstrap, REJECTED_EVENTS)) >= len(BAD)
    assert "Nguy" not in str(stored(bootstrap, REJECTED_EVENTS))
    assert "Nguy" not in ingest.log.read_text()


@pytest.mark.usefixtures("answers")
def test_a_rejected_event_is_not_stored(bootstrap: str) -> None:
    refused = [bad["subject"] for bad, _ in BAD.values() if isinstance(bad, dict) and bad.get("subject")]
    assert stored(bootstrap, DOSSIER_EVENTS, refused) == []
