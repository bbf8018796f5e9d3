"""PostgreSQL is killed while events come in: the scores go on without it, and the archive is complete once it is back.

`NHIP_TEST_OUTAGE=600` makes it ten minutes, `NHIP_TEST_OUTAGE_RATE` sets the events a second.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from tests.integration.archive.test_archive import (
    archived,
    counted,
    equals_the_dossiers,
    equals_the_scorers_table,
    setting_with,
)
from tests.integration.archive.town import Town, eventually
from tests.oracle.histories import TREE
from tests.waiting import until

OUTAGE_SECONDS = float(os.environ.get("NHIP_TEST_OUTAGE", "8"))
RATE = int(os.environ.get("NHIP_TEST_OUTAGE_RATE", "200"))
UNIT = "H01.12"

pytestmark = pytest.mark.timeout(OUTAGE_SECONDS * 2 + 400)


class Sender:
    """Sends RATE events a second through the door until it is told to stop: each dossier is received, each second one also ended."""

    def __init__(self, town: Town, key: str) -> None:
        self.dossiers = 0
        self.ended = 0
        self.failure: Exception | None = None
        self._url = f"http://127.0.0.1:{town.ports['ingest']}/v1/events"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents-batch+json"}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        assert self.failure is None, self.failure

    def _run(self) -> None:
        try:
            with httpx.Client(timeout=60) as http:
                while not self._stop.wait(0.5):
                    self._send(http, RATE // 3)
        except (AssertionError, httpx.HTTPError) as error:  # told by `stop`, in the test's own thread
            self.failure = error

    def _send(self, http: httpx.Client, count: int) -> None:
        now = datetime.now(UTC)
        due = (now + timedelta(seconds=20)).isoformat()  # many fall due while PostgreSQL is away
        batch = []
        for number in range(self.dossiers, self.dossiers + count):
            batch.append(event("received", number, now, unit=UNIT, procedure="1.001", due_at=due))
            if number % 2:
                batch.append(event("processed", number, now, finished_at=now.isoformat()))
        answer = http.post(self._url, headers=self._headers, content=msgspec.json.encode(batch))
        assert answer.status_code == 202, answer.text
        self.ended += sum(one["type"].endswith("processed") for one in batch)
        self.dossiers += count


def event(kind: str, number: int, time: datetime, **data: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": f"{kind}-{number}", "source": "/test", "type": f"nhip.dossier.{kind}",
            "subject": f"{UNIT}-{number}", "time": time.isoformat(), "data": data}  # fmt: skip


def test_scores_go_on_without_postgres_and_the_archive_is_complete_after_it_returns(found_town):
    town = found_town()
    version = town.load(TREE)
    key = town.nhip("keys", "create", "--system", "mc", "--unit", "H01").split()[-1]
    town.start("ingest", "scorer", "api", "archive")
    town.await_ready("ingest", "scorer", "api", "archive")
    sender = Sender(town, key)
    eventually(lambda: counts(town)["received"] > 0 and town.query("select 1 from dossier limit 1"))
    before = town.metric("archive", "nhip_archive_lag_seconds")
    town.postgres.kill()
    away = time.monotonic()
    shown = [counts(town)["received"]]
    while time.monotonic() - away < OUTAGE_SECONDS:
        time.sleep(min(5.0, OUTAGE_SECONDS / 4))
        until(lambda: counts(town)["received"] > shown[-1], lambda: "the scores stand still while PostgreSQL is away")
        shown.append(counts(town)["received"])
    assert town.metric("archive", "nhip_archive_postgres_away") == 1
    assert town.metric("archive", "nhip_archive_lag_seconds") > OUTAGE_SECONDS - 5
    assert town.get("archive", "/healthz/ready").json()["missing"].keys() == {"postgres"}
    late = town.metric("archive", "nhip_archive_lag_seconds")
    back = time.monotonic()
    town.postgres.start()
    town.await_archived(60 + OUTAGE_SECONDS)
    caught_up = time.monotonic() - back
    sender.stop()
    town.await_scored(version)
    town.await_archived()
    expected = {"received": sender.dossiers, "ended": sender.ended, "open_overdue": sender.dossiers - sender.ended}
    until(lambda: expected.items() <= counts(town).items(), lambda: f"{counts(town)} instead of {expected}")
    town.await_archived()
    dossiers = archived(town)
    assert len(dossiers) == sender.dossiers
    assert town.query("select count(*) from dossier_event")[0][0] == sender.dossiers + sender.ended
    equals_the_scorers_table(town, dossiers, setting_with(TREE, {}), time.time_ns() // 1000)
    equals_the_dossiers(town, counted(dossiers))
    print(
        f"away {OUTAGE_SECONDS:g} s at {RATE} events/s: {sender.dossiers} dossiers in all, {shown[-1] - shown[0]} counted meanwhile; "
        f"lag before {before:.1f} s, at its end {late:.1f} s, none {caught_up:.1f} s after the return"
    )


def counts(town: Town) -> dict[str, int]:
    found: dict[str, int] = town.get("api", f"/v1/units/{UNIT}/counts").json()["counts"]
    return found
