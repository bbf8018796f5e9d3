import asyncio

import pytest

from deploy.local.process import free_port
from deploy.replay.outcome import Outcome
from deploy.replay.pace import batches
from deploy.replay.reading import Line
from deploy.replay.sending import KeyRefused, Sender, Stopped
from tests.unit.cli.door import door, taken

LINES = [Line(number, b'{"n": %d}' % number) for number in range(1, 12_001)]


def send(url: str, lines: list[Line], patience: float = 30) -> Outcome:
    outcome = Outcome()
    asyncio.run(Sender(url, "key", outcome, patience).send_all(batches(iter(lines))))
    return outcome


def test_every_line_is_sent_once_in_requests_of_at_most_five_thousand():
    got: list[list[bytes]] = []
    with door(lambda lines: (got.append(lines), taken(lines))[1]) as url:
        outcome = send(url, LINES)
    assert outcome.accepted == 12_000
    assert max(map(len, got)) == 5_000
    assert sorted(line for lines in got for line in lines) == sorted(line.event for line in LINES)


def test_request_is_sent_again_until_it_is_taken():
    refusals = [
        (429, {"detail": "too fast"}, {"Retry-After": "0"}),
        (503, {"detail": "no Kafka", "accepted": 1, "rejected": []}, {"Retry-After": "0"}),
        (503, {"detail": "no Kafka"}, {}),
        (502, {}, {}),
    ]
    with door(lambda lines: refusals.pop() if refusals else taken(lines)) as url:
        outcome = send(url, LINES[:3])
    assert (outcome.accepted, outcome.rejected, outcome.retried) == (3, 0, 4)


def test_service_that_is_away_for_too_long_ends_the_replay():
    with pytest.raises(Stopped, match="does not take events: ConnectError"):
        send(f"http://127.0.0.1:{free_port()}", LINES[:3], patience=0.5)


def test_rejected_events_are_told_with_their_lines():
    def answer(lines):
        rejected = [{"index": n, "id": None, "code": "bad_data", "detail": "no"} for n in range(0, len(lines), 2)]
        return 202, {"accepted": len(lines) - len(rejected), "rejected": rejected}, {}

    with door(answer) as url:
        outcome = send(url, [Line(7, b"{}"), Line(8, fault="not a row"), Line(9, b"{}"), Line(11, b"{}")])
    assert outcome.accepted == 1
    assert sorted((one.line, one.code) for one in outcome.first) == [(7, "bad_data"), (8, "bad_row"), (11, "bad_data")]


@pytest.mark.parametrize("status", [400, 403, 422])
def test_request_of_which_nothing_was_taken_does_not_stop_the_replay(status):
    body = {"detail": "none", "accepted": 0, "rejected": [{"index": 0, "id": "x", "code": "c", "detail": "d"}]}
    with door(lambda _lines: (status, body, {})) as url:
        outcome = send(url, LINES[:1])
    assert (outcome.accepted, outcome.rejected) == (0, 1)


def test_refused_key_stops_the_replay():
    with door(lambda _lines: (401, {"detail": "revoked"}, {})) as url, pytest.raises(KeyRefused, match="revoked"):
        send(url, LINES)


def test_too_large_request_is_halved_until_the_one_that_is_too_large_stands_alone():
    def answer(lines):
        return (413, {"detail": "too large"}, {}) if len(lines) > 3 or LINES[5].event in lines else taken(lines)

    with door(answer) as url:
        outcome = send(url, LINES[:10])
    assert outcome.accepted == 9
    assert [(one.line, one.code) for one in outcome.first] == [(6, "too_large")]


def test_answer_that_does_not_tell_of_every_event_is_not_believed():
    with door(lambda _lines: (202, {"accepted": 1, "rejected": []}, {})) as url, pytest.raises(Stopped, match="2 were"):
        send(url, LINES[:2])
