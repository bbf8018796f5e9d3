"""Kafka or PostgreSQL away: nothing is acknowledged that is not there, and the service comes back by itself."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from schemas.topics import DOSSIER_EVENTS
from services.common.topics import create_topics, topics
from tests.integration.ingest.running import BATCH, SINGLE, TREE, Ingest, publish_tree, stored, wait_for
from tests.integration.ingest.sample import event


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker of this file's own, to kill."""
    own = Kafka(tmp_path_factory.mktemp("own-kafka"))
    own.start()
    asyncio.run(create_topics(own.bootstrap, topics(4)))
    publish_tree(own.bootstrap, TREE)
    yield own
    own.stop()


def test_without_kafka_it_is_a_503_and_it_recovers_when_the_broker_is_back(start, broker: Kafka, key: str) -> None:
    service: Ingest = start(bootstrap=broker.bootstrap, NHIP_INGEST_PUBLISH_SECONDS="5").until_ready()
    before, during, after = event(), event(), event()
    assert service.post(before, key, SINGLE).status_code == 202
    broker.kill()
    response = service.post([during, event(time="?")], key)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["accepted"] == 0
    assert [bad["index"] for bad in response.json()["rejected"]] == [1]
    service.until_ready(ready=False)
    broker.start()
    service.until_ready()
    assert service.post([after, during], key).json() == {"accepted": 2, "rejected": []}
    subjects = {sent["subject"] for sent in (before, during, after)}
    assert {subject for _, subject, _ in stored(broker.bootstrap, DOSSIER_EVENTS, subjects)} == subjects
    assert service.metric("nhip_ingest_unconfirmed_events_total") == 1


def test_a_short_outage_is_waited_out(start, broker: Kafka, key: str) -> None:
    service: Ingest = start(bootstrap=broker.bootstrap, NHIP_INGEST_PUBLISH_SECONDS="60").until_ready()
    broker.kill()
    sent = event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(service.post, sent, key, SINGLE)
        broker.start()
        assert waiting.result().status_code == 202
    assert len(stored(broker.bootstrap, DOSSIER_EVENTS, [sent["subject"]])) == 1


def test_every_acknowledged_event_is_there_though_the_broker_is_killed_under_load(
    start, broker: Kafka, key: str
) -> None:
    service: Ingest = start(bootstrap=broker.bootstrap, NHIP_INGEST_PUBLISH_SECONDS="3").until_ready()
    acknowledged: list[str] = []
    answers: list[int] = []

    def push(worker: int) -> None:
        with httpx.Client(base_url=service.http.base_url, timeout=60) as http:
            for _ in range(150):
                sent = [event(source=f"/load/{worker}") for _ in range(20)]
                headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH}
                response = http.post("/v1/events", json=sent, headers=headers)
                answers.append(response.status_code)
                if response.status_code == 202:
                    acknowledged.extend(one["subject"] for one in sent)

    with ThreadPoolExecutor(4) as pool:
        pushing = [pool.submit(push, worker) for worker in range(4)]
        for _ in range(2):
            reached = len(answers) + 40
            wait_for(lambda reached=reached: len(answers) >= reached or all(one.done() for one in pushing))
            broker.kill()
            broker.start()
        for one in pushing:
            one.result()
    assert set(answers) <= {202, 503}
    service.until_ready()
    there = {subject for _, subject, _ in stored(broker.bootstrap, DOSSIER_EVENTS)}
    assert set(acknowledged) <= there
    assert acknowledged


def test_it_starts_before_kafka_and_says_what_is_missing(start, broker: Kafka, key: str) -> None:
    broker.stop()
    service: Ingest = start(bootstrap=broker.bootstrap, NHIP_INGEST_PUBLISH_SECONDS="5").until_ready(ready=False)
    assert service.http.get("/healthz/live").status_code == 200
    wait_for(lambda: set(service.http.get("/healthz/ready").json()["missing"]) == {"kafka", "units"})
    assert service.post(event("synced"), key, SINGLE).status_code == 503
    broker.start()
    service.until_ready()
    assert service.post(event(), key, SINGLE).status_code == 202


def test_more_events_in_flight_than_allowed_are_a_429(start, broker: Kafka, key: str) -> None:
    service: Ingest = start(
        bootstrap=broker.bootstrap, NHIP_INGEST_PUBLISH_SECONDS="60", NHIP_INGEST_MAX_IN_FLIGHT="10"
    ).until_ready()
    broker.kill()  # so that the first request stays in flight
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(service.post, [event() for _ in range(20)], key)
        wait_for(lambda: service.metric("nhip_ingest_in_flight_events") == 20)
        with httpx.Client(base_url=service.http.base_url, timeout=60) as other:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": SINGLE}
            response = other.post("/v1/events", json=event(), headers=headers)
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0
        broker.start()
        assert first.result().status_code == 202
    assert service.post(event(), key, SINGLE).status_code == 202


def test_units_that_are_loaded_later_are_known_at_once(start, key: str, tmp_path) -> None:
    empty = Kafka(tmp_path / "kafka")
    empty.start()
    try:
        asyncio.run(create_topics(empty.bootstrap, topics(1)))
        service: Ingest = start(bootstrap=empty.bootstrap).until_ready()
        assert "nhip units load" in service.http.get("/healthz/ready").json()["hints"]["units"]
        answer = service.post(event(), key, SINGLE)
        assert answer.json()["rejected"][0]["code"] == "unknown_unit"
        publish_tree(empty.bootstrap, TREE)
        wait_for(lambda: service.post(event(), key, SINGLE).status_code == 202)
        assert service.http.get("/healthz/ready").json()["hints"] == {}
    finally:
        service.stop()
        empty.stop()


def test_known_keys_go_on_while_postgresql_is_away(start, postgres_server: Postgres, keys) -> None:
    known = keys.create("H01")
    service: Ingest = start().until_ready()
    assert service.post(event(), known, SINGLE).status_code == 202
    postgres_server.stop()
    try:
        wait_for(lambda: "keys" in service.http.get("/healthz/ready").json()["hints"])
        assert service.http.get("/healthz/ready").status_code == 200
        assert service.metric("nhip_ingest_postgres_away") == 1
        assert service.post(event(), known, SINGLE).status_code == 202
        stranger = service.post(event(), "nhip_unknown", SINGLE)
        assert stranger.status_code == 503  # not a 401: the key may be a good one that was made a moment ago
        assert int(stranger.headers["retry-after"]) > 0
    finally:
        postgres_server.start()
    fresh = keys.create("H01")
    wait_for(lambda: service.post(event(), fresh, SINGLE).status_code == 202)
    assert service.metric("nhip_ingest_postgres_away") == 0
