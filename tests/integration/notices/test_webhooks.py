"""Late dossiers of a running stack reach those who are to be told: signed, again and again, once, whatever is killed meanwhile."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from services.common.database import AWAY, connect
from tests.e2e.door import push, run
from tests.integration.notices.receiver import Receiver, is_genuine
from tests.stack import Stack
from tests.waiting import until

PROVINCE = "H94"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def town(start_stack: Callable[..., Stack], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A province with communes, its digests gather for a second, and are posted four times, within a second."""
    stack = start_stack(
        NHIP_NOTICES_GATHER_SECONDS="1",
        NHIP_NOTICES_RETRY_SECONDS="0.2,0.2,0.2",
        NHIP_NOTICES_ANSWER_SECONDS="3",
        NHIP_PAGE="https://nhip.tinh.example/",
    )
    units = tmp_path_factory.mktemp("units") / "units.csv"
    communes = "".join(f"{PROVINCE}.{n},Xã thử {n},commune,{PROVINCE}\n" for n in range(1, 20))
    units.write_text(f"code,name,kind,parent\n{PROVINCE},Tỉnh thử thông báo,province,\n{communes}")
    stack.nhip("units", "load", str(units))
    return stack


@pytest.fixture(scope="module")
def key(town: Stack) -> str:
    return town.key("mot-cua", PROVINCE)


@pytest.fixture
def receivers() -> Iterator[Callable[..., Receiver]]:
    started: list[Receiver] = []

    def start(*answers: int) -> Receiver:
        started.append(Receiver(answers))
        return started[-1]

    yield start
    for one in started:
        one.close()


def add(town: Stack, url: str, unit: str, kinds: str = "late,due_soon") -> tuple[int, str]:
    """Add a webhook; gives its number and secret."""
    done = town.nhip("webhooks", "add", url, "--unit", unit, "--kinds", kinds)
    return int(done.stderr.split()[1]), done.stdout.strip()


def fall_late(town: Stack, key: str, unit: str, many: int, seconds: float = 1.5) -> list[str]:
    """Push dossiers whose due moment passes soon; gives their codes, sorted."""
    now = datetime.now(UTC)
    due = (now + timedelta(seconds=seconds)).isoformat()
    codes = [f"{unit}-{next(_numbers):04}" for _ in range(many)]
    answer = push(
        town,
        key,
        *(
            {"specversion": "1.0", "id": code, "source": "/test", "type": "nhip.dossier.received", "subject": code}
            | {"time": now.isoformat(), "data": {"unit": unit, "procedure": "1.000001", "due_at": due}}
            for code in codes
        ),
    )
    assert answer.status_code == 202, answer.text
    return sorted(codes)


def await_told(town: Stack, unit: str, many: int) -> None:
    """Wait until so many late dossiers of a unit count as told."""
    until(lambda: asyncio.run(_late_notified(town, unit)) == many, town.said)


async def _late_notified(town: Stack, unit: str) -> int:
    """As the archive has it."""
    engine = connect(town.database_url)
    try:
        async with engine.connect() as at:
            asked = "select sum(count) from indicator_day_count where unit = :unit and measure = 'late_notified'"
            return int(await at.scalar(text(asked), {"unit": unit}) or 0)
    except AWAY:
        return -1
    finally:
        await engine.dispose()


def metric(town: Stack, name: str) -> float:
    page = httpx.get(town.notices_url + "/metrics").text
    return sum(
        sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == name
    )


def listed(town: Stack, *options: str) -> list[dict]:
    return [json.loads(line) for line in town.nhip("notices", "list", "--json", *options).stdout.splitlines()]


def test_those_above_a_unit_are_told_too_and_its_dossiers_count_as_told(
    town: Stack, key: str, receivers: Callable[..., Receiver]
):
    commune, other = f"{PROVINCE}.1", f"{PROVINCE}.2"
    own, above, former = receivers(), receivers(), receivers()
    number, secret = add(town, own.url, commune, "late")
    over, over_secret = add(town, above.url, PROVINCE)
    left, _ = add(town, former.url, PROVINCE)
    town.nhip("webhooks", "remove", str(left))
    mine = fall_late(town, key, commune, 5)
    others = fall_late(town, key, other, 2)
    until(lambda: (own.dossiers(), above.dossiers()) == (mine, sorted(mine + others)), town.said)
    until(lambda: above.dossiers("due_soon") == sorted(mine + others), town.said)
    await_told(town, commune, 5)
    await_told(town, other, 2)
    assert own.dossiers("due_soon") == []
    assert former.taken == []
    for receiver, its_secret in ((own, secret), (above, over_secret)):
        for taken in receiver.taken:
            assert is_genuine(its_secret, taken)
            assert not is_genuine(its_secret, taken, taken.body.replace(b"H94.1", b"H94.2") + b" ")
            assert abs(time.time() - int(taken.headers["webhook-timestamp"])) < 300
            assert taken.digest["id"] == taken.name
    data = own.taken[0].digest["data"]
    assert (data["unit"], data["unit_name"]) == (commune, "Xã thử 1")
    assert data["vi"] == f"Xã thử 1: {data['count']} hồ sơ đã quá hạn."
    assert data["page"] == f"https://nhip.tinh.example/units/{commune}"
    assert data["dossiers"][0]["procedure"] == "1.000001"
    for one in (number, over):
        town.nhip("webhooks", "remove", str(one))


def test_what_fails_three_times_is_delivered_the_fourth_under_the_same_name(
    town: Stack, key: str, receivers: Callable[..., Receiver]
):
    unit = f"{PROVINCE}.3"
    receiver = receivers(500, 302, 0)  # a fault, a way to somewhere else, and no answer at all
    number, secret = add(town, receiver.url, unit, "late")
    codes = fall_late(town, key, unit, 1)
    until(lambda: receiver.dossiers() == codes, town.said)
    await_told(town, unit, 1)
    assert [taken.answer for taken in receiver.taken] == [500, 302, 0, 204]
    assert len({(taken.name, taken.body) for taken in receiver.taken}) == 1
    assert all(is_genuine(secret, taken) for taken in receiver.taken)
    (row,) = [row for row in listed(town) if row["webhook"] == number]
    assert (row["state"], row["tries"], row["size"]) == ("delivered", 4, 1)
    town.nhip("webhooks", "remove", str(number))


def test_what_nobody_takes_to_the_last_try_is_kept_and_can_be_sent_again(
    town: Stack, key: str, receivers: Callable[..., Receiver]
):
    unit = f"{PROVINCE}.4"
    receiver = receivers(503, 503, 503, 401)
    number, _ = add(town, receiver.url, unit, "late")
    codes = fall_late(town, key, unit, 1)
    until(lambda: metric(town, "nhip_notices_failed_digests") == 1, town.said)
    (dead,) = [row for row in listed(town, "--dead") if row["webhook"] == number]
    assert (dead["state"], dead["tries"]) == ("dead", 4)
    assert "401" in dead["answer"]
    assert "4 tries" in town.nhip("notices", "list", "--dead").stdout
    run(town, "notices", "resend", "999999", expect=1)
    until(lambda: town.nhip("notices", "resend", "--all").stdout and receiver.dossiers() == codes, town.said)
    await_told(town, unit, 1)
    until(lambda: metric(town, "nhip_notices_failed_digests") == 0, town.said)
    town.nhip("webhooks", "remove", str(number))


def test_a_receiver_that_is_gone_is_not_asked_again(town: Stack, key: str, receivers: Callable[..., Receiver]):
    unit = f"{PROVINCE}.5"
    receiver = receivers(410)
    number, _ = add(town, receiver.url, unit, "late")
    fall_late(town, key, unit, 1)
    until(lambda: "410" in town.nhip("webhooks", "list").stdout, town.said)
    assert len(receiver.taken) == 1
    assert next(row for row in listed(town) if row["webhook"] == number)["state"] == "dead"
    assert metric(town, "nhip_notices_failed_digests") == 0  # nobody wants it any more


def test_nothing_is_lost_or_told_twice_whatever_is_killed(town: Stack, key: str, receivers: Callable[..., Receiver]):
    units = [f"{PROVINCE}.{n}" for n in range(6, 12)]
    receiver = receivers()
    number, _ = add(town, receiver.url, PROVINCE, "late")
    codes: list[str] = []
    for turn, victim in enumerate(["notices", "notices", "PostgreSQL", "notices", "Kafka", "notices"]):
        codes += fall_late(town, key, units[turn], 5)
        seen = len(receiver.taken)
        if victim == "notices":  # it has just posted: what it heard, or told, may be unknown to PostgreSQL
            until(lambda seen=seen: len(receiver.taken) > seen, town.said)
        former = town.kill_service(victim)
        town.await_restart(victim, former)
    until(lambda: set(receiver.dossiers()) == set(codes), town.said)
    for unit in units:
        await_told(town, unit, 5)
    assert receiver.dossiers() == sorted(codes), "a dossier stands in two digests"
    town.nhip("webhooks", "remove", str(number))


def test_secrets_are_shown_once_and_stand_in_no_log(town: Stack, receivers: Callable[..., Receiver]):
    number, secret = add(town, receivers().url, PROVINCE)
    shown = town.nhip("webhooks", "list").stdout
    logs = "".join(log.read_text() for log in (town.home / "logs").iterdir())
    assert secret.startswith("whsec_")
    for told in (shown, town.nhip("notices", "list").stdout, logs, town.said(10_000)):
        assert secret not in told
        assert "planted" not in told
    town.nhip("webhooks", "remove", str(number))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("webhooks", "add", "ftp://somewhere/", "--unit", PROVINCE), "begins with https://"),
        (("webhooks", "add", "https://", "--unit", PROVINCE), "begins with https://"),
        (("webhooks", "add", "https://a.example/", "--unit", "H00"), "There is no unit 'H00'"),
        (("webhooks", "add", "https://a.example/", "--unit", PROVINCE, "--kinds", "soon"), "late, due_soon"),
        (("webhooks", "remove", "999999"), "There is no webhook 999999"),
        (("notices", "resend"), "--all"),
        (("notices", "resend", "1", "--all"), "--all"),
    ],
)
def test_a_wrong_command_says_what_to_do(town: Stack, command: tuple[str, ...], said: str):
    assert said in run(town, *command, expect=1)
