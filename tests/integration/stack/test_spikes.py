"""Waves of late dossiers in a running stack, seen by a real Prometheus and told by a real Alertmanager; what is no wave is not told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.door import counts, push
from tests.integration.stack.watch import Watch
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)

PROVINCE, SPREAD, HISTORY = "H96", "H97", "H98"
"""Of the wave, of as many late dossiers in many units, and of a year that is replayed."""
COMMUNE, REPLAYED = f"{PROVINCE}.1", f"{HISTORY}.1"
MANY = 20
"""Dossiers of the wave; as many units have one each."""
ALERT = "LateDossierSpike"
TOTAL = "nhip_api_unit_late_dossiers_total"
DAY = timedelta(days=1)


class Writer:
    """Events of dossiers, each with a number of its own."""

    def __init__(self) -> None:
        self._count = 0

    def received(self, unit: str, at: datetime, due: datetime) -> dict[str, Any]:
        """A dossier that was received at a moment, to be done by another."""
        self._count += 1
        data = {"unit": unit, "procedure": "1.000001", "received_at": at.isoformat(), "due_at": due.isoformat()}
        return _event(f"{unit}-{self._count}", "received", at, data)

    def history(self) -> list[dict[str, Any]]:
        """A year: two dossiers a day; of the first nobody ever heard again, the other was done a day late."""
        told = []
        for days in range(365, 5, -1):
            at = datetime.now(UTC) - days * DAY
            told += [self.received(REPLAYED, at, at + 3 * DAY) for _ in range(2)]
            told.append(_event(told[-1]["subject"], "processed", at + 4 * DAY, {"outcome": "completed"}))
        return told


def _event(subject: str, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": f"{subject}/{kind}", "source": "/spikes", "type": f"nhip.dossier.{kind}"}
    return head | {"subject": subject, "time": at.isoformat(), "data": data}


@pytest.fixture(scope="module")
def key(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A key for provinces of these tests' own."""
    provinces = [f"{code},Tỉnh thử {code},province,H9\n" for code in (PROVINCE, SPREAD, HISTORY)]
    communes = [
        f"{code}.{n},Xã thử {n},commune,{code}\n" for code in (PROVINCE, SPREAD, HISTORY) for n in range(1, MANY + 1)
    ]
    units = tmp_path_factory.mktemp("spikes") / "units.csv"
    units.write_text("".join(["code,name,kind,parent\n", "H9,Vùng thử sóng,region,\n", *provinces, *communes]))
    stack.nhip("units", "load", str(units))
    made = stack.key("spikes", "H9")
    probe = Writer().received(COMMUNE, datetime.now(UTC), datetime.now(UTC))
    until(lambda: push(stack, made, probe, dry_run="true").json().get("accepted"), stack.said)
    return made


@pytest.fixture(scope="module")
def wave(stack: Stack, watch: Watch, key: str) -> list[str]:
    """The states that the alert of the commune went through, from usual traffic until the wave is over."""
    writer = Writer()

    def late_soon(*units: str) -> list[dict[str, Any]]:
        now = datetime.now(UTC)
        return [writer.received(unit, now - DAY, now + timedelta(seconds=8)) for unit in units]

    def send(*events: dict[str, Any]) -> None:
        assert push(stack, key, *events).json() == {"accepted": len(events), "rejected": []}

    def grew(unit: str, by: int) -> bool:
        return watch.ask(f'{TOTAL}{{unit="{unit}"}}') == [by]

    send(*late_soon(COMMUNE, COMMUNE, COMMUNE))  # usual traffic: three
    until(lambda: grew(COMMUNE, 3), watch.said)
    until(lambda: watch.ask(f'unit:nhip_late_dossiers:usual{{unit="{COMMUNE}"}} > 0'), watch.said)
    assert watch.state(ALERT) == "inactive"
    send(*writer.history())
    send(*late_soon(*[COMMUNE] * MANY, *[f"{SPREAD}.{n}" for n in range(1, MANY + 1)]))
    until(lambda: "firing" in watch.states_up_to_now(ALERT, unit=COMMUNE), watch.said)
    until(lambda: watch.state(ALERT, unit=COMMUNE) == "inactive", watch.said)
    return [*watch.states_up_to_now(ALERT, unit=COMMUNE), "inactive"]


def test_a_wave_is_pending_then_fires_and_then_is_over(wave: list[str]):
    assert wave == ["pending", "firing", "inactive"]


@pytest.mark.usefixtures("wave")
def test_a_wave_is_told_with_a_link_to_the_units_page_and_its_end_is_told_too(watch: Watch):
    until(lambda: any(alert["status"] == "resolved" for alert in watch.receiver.of(ALERT, unit=COMMUNE)), watch.said)
    told = watch.receiver.of(ALERT, unit=COMMUNE)
    assert [alert["status"] for alert in (told[0], told[-1])] == ["firing", "resolved"]
    assert told[0]["labels"].items() >= {"province": PROVINCE, "level": "unit", "severity": "warning"}.items()
    said = told[0]["annotations"]
    assert said["page"].endswith(f"/units/{COMMUNE}")
    assert said["summary"].startswith(f"{COMMUNE}: ")
    assert "hồ sơ trễ hạn" in said["summary_vi"]
    assert not [alert for province in (SPREAD, HISTORY) for alert in watch.receiver.of(ALERT, province=province)]


@pytest.mark.usefixtures("wave")
def test_as_many_late_dossiers_spread_over_many_units_ring_nowhere(watch: Watch):
    until(lambda: watch.ask(f'sum({TOTAL}{{province="{SPREAD}"}})') == [MANY], watch.said)
    assert not watch.ask(f'count_over_time(ALERTS{{alertname="{ALERT}", province="{SPREAD}"}}[5m])')


@pytest.mark.usefixtures("wave")
def test_a_year_of_history_that_is_replayed_rings_nowhere(stack: Stack, watch: Watch):
    stack.nhip("wait")
    found = counts(stack, REPLAYED)
    assert (found["received"], found["open_overdue"], found["ended_late"]) == (720, 360, 360)
    until(lambda: watch.ask(f'nhip_api_unit_overdue_dossiers{{unit="{REPLAYED}"}}') == [360], watch.said)
    assert watch.ask(f'{TOTAL}{{unit="{REPLAYED}"}}') == [0]
    assert not watch.ask(f'count_over_time(ALERTS{{alertname="{ALERT}", province="{HISTORY}"}}[5m])')
