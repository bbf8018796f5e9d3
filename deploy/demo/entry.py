"""What the demo needs before it can send: units, a key, a door that knows both; made as everybody makes them."""

import subprocess
import sys
import time
from typing import Any, Final

import httpx

from deploy.cli.reach import Running
from deploy.demo.event import PROVINCE, SOURCE
from deploy.demo.office import UNITS, offices

__all__ = ["load_units", "new_key", "until_door_knows"]

ASK_SECONDS: Final = 0.2
_ONE: Final = {"Content-Type": "application/cloudevents+json"}


def load_units(running: Running) -> None:
    """Load the demo's units, unless they are there."""
    with httpx.Client(base_url=running.api, timeout=60, trust_env=False) as http:
        known = {unit["code"] for unit in http.get("/v1/units").raise_for_status().json()["units"]}
    if any(office.unit not in known for office in offices()):
        nhip("units", "load", str(UNITS))


def new_key(*rights: str) -> str:
    """A key of the province; `--read` lets it read dossiers."""
    return nhip("keys", "create", "--system", "demo", "--unit", PROVINCE, *rights).split()[-1]


def until_door_knows(running: Running, key: str) -> bool:
    """Wait until ingest has read the units; False where it does not take the key.

    What is sent too early is rejected for good, so this asks with dry runs.
    """
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=running.ingest, timeout=60, trust_env=False, headers=headers) as http:
        while True:
            try:
                answer = http.post("/v1/events", params={"dry_run": "true"}, json=_example(), headers=_ONE)
            except httpx.TransportError:
                pass
            else:
                if answer.status_code in {httpx.codes.ACCEPTED, httpx.codes.UNAUTHORIZED}:
                    return answer.status_code == httpx.codes.ACCEPTED
            time.sleep(ASK_SECONDS)


def _example() -> dict[str, Any]:
    unit = offices()[-1].unit
    return {
        "specversion": "1.0",
        "id": "example",
        "source": SOURCE,
        "type": "nhip.dossier.received",
        "subject": f"{unit}-example",
        "time": "2026-01-05T08:00:00+07:00",
        "data": {"unit": unit, "procedure": "1.001193"},
    }


def nhip(*arguments: str) -> str:
    """What a command of `nhip` prints; what it tells a person is shown only where it fails."""
    done = subprocess.run([sys.executable, "-m", "deploy.cli", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
    done.check_returncode()
    return done.stdout
