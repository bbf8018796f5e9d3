"""The journeys of a newcomer and of an operator, each in a commune of its own, all in one stack that is broken on the way."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from deploy.demo.office import UNITS
from schemas.topics import DOSSIER_EVENTS
from tests.e2e.door import counts, get, push, run
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

NOW = datetime.now(UTC)
LONG_DUE, SOON_DUE = (NOW + timedelta(days=n) for n in (-1, 30))


@pytest.fixture(scope="module")
def nhip(start_stack: Callable[..., Stack]) -> Stack:
    """A stack of our own: it is broken on the way."""
    stack = start_stack()
    run(stack, "units", "load", str(UNITS))
    return stack


@pytest.fixture(scope="module")
def key(nhip: Stack) -> str:
    return nhip.key("test", "H01")


def received(unit: str, number: int, due: datetime = SOON_DUE) -> dict[str, Any]:
    data = {"unit": unit, "procedure": "1.001193", "due_at": due.isoformat()}
    return event(unit, number, "received", NOW - timedelta(days=5), data)


def processed(unit: str, number: int) -> dict[str, Any]:
    return event(unit, number, "processed", NOW - timedelta(hours=1), {})


def event(unit: str, number: int, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    subject = f"{unit}-26-{number}"
    return {
        "specversion": "1.0",
        "id": f"{subject}/{kind}",
        "source": "/mot-cua/test",
        "type": f"nhip.dossier.{kind}",
        "subject": subject,
        "time": at.isoformat(),
        "data": data,
    }


def test_pushed_events_are_in_the_counts_and_in_the_score(nhip: Stack, key: str):
    unit = "H01.30307"
    answer = push(
        nhip,
        key,
        received(unit, 1),
        processed(unit, 1),
        received(unit, 2, due=LONG_DUE),
        processed(unit, 2),
        received(unit, 3),
        received(unit, 4, due=LONG_DUE),
    )
    assert (answer.status_code, answer.json()) == (202, {"accepted": 6, "rejected": []})
    run(nhip, "wait")
    found = counts(nhip, unit)
    assert {name: count for name, count in found.items() if count} == {
        "received": 4,
        "ended": 2,
        "ended_on_time": 1,
        "ended_early": 1,
        "ended_late": 1,
        "open": 2,
        "open_not_due": 1,
        "open_overdue": 1,
        "became_overdue": 2,
    }
    score = get(nhip, f"/v1/units/{unit}/score", ruleset="766-portal-2026", period="last-30-days")
    (on_time,) = (one for group in score["groups"] for one in group["indicators"] if one["code"] == "2.1")
    assert (on_time["numerator"], on_time["denominator"], on_time["score"]) == (2, 4, 10)
    assert score["total"] is not None


def test_dry_run_answers_alike_and_changes_nothing(nhip: Stack, key: str):
    unit = "H01.30292"
    answer = push(nhip, key, received(unit, 1), received("H99", 1), dry_run="true")
    assert answer.status_code == 202
    assert [one["code"] for one in answer.json()["rejected"]] == ["unknown_unit"]
    run(nhip, "wait")
    assert counts(nhip, unit)["received"] == 0
    assert "H99" not in run(nhip, "rejected", "list", "--all")


def test_revoked_key_is_refused(nhip: Stack):
    spent = nhip.key("spent", "H01.30301")
    assert push(nhip, spent, received("H01.30301", 1)).status_code == 202
    number = max(int(line.split()[1]) for line in run(nhip, "keys", "list").splitlines() if line[:1] == "│")
    run(nhip, "keys", "revoke", str(number))
    until(lambda: push(nhip, spent, received("H01.30301", 2)).status_code == 401, lambda: "still taken")
    run(nhip, "replay", written(nhip, received("H01.30301", 3)), key=spent, expect=2)


def test_poison_in_the_topic_stops_nothing_and_is_listed(nhip: Stack, key: str):
    unit = "H01.30316"
    poison = [b"junk", b"\xff\x00", b"{}", b"null", b'{"type": "nhip.dossier.received"}', b""]

    async def produce() -> None:
        async with AIOKafkaProducer(bootstrap_servers=nhip.kafka) as producer:
            for number, value in enumerate(poison):
                await producer.send_and_wait(DOSSIER_EVENTS, value, key=f"{unit}-26-{number}".encode())

    before = letters(nhip)
    asyncio.run(produce())
    push(nhip, key, *(received(unit, number) for number in range(20)))
    run(nhip, "wait")
    assert counts(nhip, unit)["received"] == 20
    found = [one["letter"] for one in letters(nhip)[len(before) :]]
    assert [one.get("topic") for one in found] == [DOSSIER_EVENTS] * len(poison)


def test_rejected_events_are_taken_once_their_unit_is_loaded(nhip: Stack, key: str, tmp_path: Path):
    late = "H01.99999"
    said = run(nhip, "replay", written(nhip, received(late, 1), received("H01.30325", 1)), key=key, expect=1)
    assert "1 accepted, 1 rejected" in said
    assert "line 1: unknown_unit" in said
    assert late in run(nhip, "rejected", "list")
    units = tmp_path / "units.csv"
    units.write_text(f"code,name,kind,parent\n{late},Xã Mới,commune,H01\n")
    run(nhip, "units", "load", str(units))
    until(lambda: push(nhip, key, received(late, 2), dry_run="true").status_code == 202, lambda: "unknown")
    assert "1 accepted, 0 rejected again" in run(nhip, "rejected", "resend", key=key)
    assert "0 accepted, 0 rejected again" in run(nhip, "rejected", "resend", key=key)
    run(nhip, "wait")
    assert counts(nhip, late)["received"] == 1
    assert late not in run(nhip, "rejected", "list")
    assert late in run(nhip, "rejected", "list", "--all")


@pytest.mark.parametrize(
    ("part", "unit"),
    [("ingest", "H01.30376"), ("scorer", "H01.30577"), ("api", "H01.30580"), ("Kafka", "H01.30544")],
)
def test_killed_part_comes_back_and_the_numbers_are_right(nhip: Stack, key: str, part: str, unit: str):
    push(nhip, key, *(received(unit, number) for number in range(500)))
    former = nhip.kill_service(part)
    events = [received(unit, number) for number in range(400, 1000)] + [processed(unit, n) for n in range(300)]
    said = run(nhip, "replay", written(nhip, *events), key=key)
    nhip.await_restart(part, former)
    assert "900 accepted, 0 rejected" in said
    run(nhip, "wait", "--timeout", "120")
    found = counts(nhip, unit)
    assert (found["received"], found["ended"], found["open_not_due"]) == (1000, 300, 700)


def test_second_start_goes_on_with_the_same_numbers(nhip: Stack, key: str):
    unit = "H01.30688"
    push(nhip, key, *(received(unit, number) for number in range(50)))
    run(nhip, "wait")
    before = get(nhip, "/v1/counts", parent="H01")
    assert nhip.stop() == 0
    nhip.start()
    assert push(nhip, key, received(unit, 50)).status_code == 202
    run(nhip, "wait")
    after = get(nhip, "/v1/counts", parent="H01")
    for one, other in zip(before, after, strict=True):
        added = 1 if one["unit"] == unit else 0
        assert other["counts"] == one["counts"] | {
            name: one["counts"][name] + added for name in ("received", "open", "open_not_due")
        }


def test_every_service_tells_its_health_and_its_metrics(nhip: Stack):
    for port in nhip.state().ports.values():
        for page in ("healthz/live", "healthz/ready", "metrics"):
            address = f"http://127.0.0.1:{port}/{page}"  # `nhip up` does not wait for all of them
            until(lambda address=address: httpx.get(address, timeout=60).status_code == 200, nhip.said)


def letters(nhip: Stack) -> list[dict[str, Any]]:
    """All dead letters, oldest first."""
    listed = run(nhip, "rejected", "list", "--all", "--json", "--limit", "1000")
    return [msgspec.json.decode(line) for line in listed.splitlines() if line.startswith("{")]


def written(nhip: Stack, *events: dict[str, Any]) -> str:
    """A file of events."""
    path = nhip.home.parent / "events.ndjson"
    path.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in events))
    return str(path)
