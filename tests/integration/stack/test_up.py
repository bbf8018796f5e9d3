"""`nhip up` as its users run it."""

import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.stack import NHIP, PROGRAMS, Stack, clean_env
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

BROKEN_INGEST = """
import os, sys
if "services.ingest" in sys.orig_argv:
    os.write(2, b"FileNotFoundError: units.json\\n")
    os._exit(3)
"""


def test_all_services_are_ready_and_the_state_says_where(stack: Stack):
    state = stack.state()
    assert state.ports == stack.ports
    for url in (stack.archive_url, stack.notices_url):
        until(lambda url=url: _ready(url), stack.said)  # nobody waited for it
    for url in (stack.ingest_url, stack.scorer_url, stack.api_url, stack.archive_url, stack.notices_url):
        for path in ("/healthz/live", "/healthz/ready", "/metrics"):
            assert httpx.get(url + path).status_code == 200, url + path
    assert f"Ready: {stack.api_url}/" in stack.said()


def test_a_second_stack_in_the_home_says_that_one_runs(stack: Stack):
    second = stack.nhip("up", check=False)
    assert second.returncode == 1
    assert f"runs already in {stack.home} (pid {stack.process.pid}, {stack.api_url}/)" in second.stderr
    assert stack.process.poll() is None


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_service_that_is_killed_is_started_again(stack: Stack, name: str):
    former = stack.kill_service(name)
    stack.await_restart(name, former)
    until(lambda: _ready(f"http://127.0.0.1:{stack.ports[name]}"), stack.said)


def test_a_stack_goes_on_where_it_stopped(start_stack):
    stack = start_stack(services=["ingest"])
    (stack.home.parent / "units.csv").write_text("code,name,kind,parent\nH01,An Giang,province,\n")
    stack.nhip("units", "load", str(stack.home.parent / "units.csv"))
    key = stack.key("mc", "H01")
    pids = dict(stack.state().pids)
    assert stack.stop() == 0
    assert not any(_lives(pid) for pid in pids.values())
    assert not (stack.home / "stack.json").exists()
    stack.start()
    answer = httpx.post(
        f"{stack.ingest_url}/v1/events?dry_run=true",
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents+json"},
        json={
            "specversion": "1.0",
            "id": "1",
            "source": "/mot-cua/H01",
            "type": "nhip.dossier.received",
            "subject": "H01-260312-0001",
            "time": "2026-03-12T08:00:00+07:00",
            "data": {"unit": "H01", "procedure": "1.000001"},
        },
    )
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)


def test_after_a_kill_nothing_lives_on_and_the_next_start_works(start_stack):
    stack = start_stack(services=["ingest"])
    state = stack.state()
    stack.kill()
    until(lambda: not any(_lives(pid) for pid in state.pids.values()), stack.said)
    assert stack.nhip("keys", "list", check=False).returncode == 1
    stack.start()
    assert "did not stop cleanly" in stack.said(200)


@pytest.mark.parametrize("name", ["Kafka", "PostgreSQL"])
def test_a_server_that_is_killed_comes_back_on_its_port(start_stack, name: str):
    stack = start_stack(services=["ingest"])
    before = stack.state()
    former = stack.kill_service(name)
    stack.await_restart(name, former)
    until(lambda: f"{name} answers again" in stack.said(), stack.said)
    after = stack.state()
    assert (after.kafka_bootstrap, after.database_url) == (before.kafka_bootstrap, before.database_url)
    until(lambda: _ready(stack.ingest_url), stack.said)
    assert stack.nhip("keys", "list").returncode == 0


def test_fresh_empties_the_home(start_stack):
    stack = start_stack(services=[])
    (stack.home.parent / "units.csv").write_text("code,name,kind,parent\nH01,An Giang,province,\n")
    stack.nhip("units", "load", str(stack.home.parent / "units.csv"))
    stack.stop()
    stack.start("--fresh")
    refused = stack.nhip("keys", "create", "--system", "mc", "--unit", "H01", check=False)
    assert "There is no unit 'H01'" in refused.stderr


def test_fresh_never_empties_what_is_no_home(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = up(tmp_path, "--fresh")
    assert done.returncode == 1
    assert "no home of nhip" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = up(tmp_path / "home", NHIP_API_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == f"Port {port} (api) is in use by another program; set NHIP_API_PORT to another\n"


def test_a_wrong_setting_is_told_in_one_line(tmp_path: Path):
    done = up(tmp_path / "home", NHIP_NOW="yesterday")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("NHIP_NOW 'yesterday': ")


def test_a_service_that_cannot_run_ends_the_stack_with_its_reason(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(BROKEN_INGEST)
    done = up(tmp_path / "home", "--only", "ingest", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == "ingest ended 3 times before it was ready (exit code 3): FileNotFoundError: units.json\n"


def test_an_address_of_another_machine_is_told_in_one_line(tmp_path: Path):
    done = up(tmp_path / "home", NHIP_HOST="192.0.2.1")
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot listen on 192.0.2.1:")
    assert len(done.stderr.splitlines()) == 1


def up(home: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    env = clean_env(NHIP_HOME=str(home), COLUMNS="300", **settings)
    return subprocess.run([*NHIP, "up", *args], check=False, capture_output=True, text=True, env=env, timeout=300)


def _ready(url: str) -> bool:
    try:
        return httpx.get(url + "/healthz/ready").status_code == 200
    except httpx.TransportError:
        return False


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
