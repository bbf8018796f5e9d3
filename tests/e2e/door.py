"""The public door of a stack: events in, counts out, and the commands of `nhip`."""

from typing import Any

import httpx
import msgspec

from tests.stack import Stack

BATCH = "application/cloudevents-batch+json"


def push(stack: Stack, key: str, *events: dict[str, Any], **query: str) -> httpx.Response:
    """Send events as curl would."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH}
    body = msgspec.json.encode(events)
    return httpx.post(f"{stack.ingest_url}/v1/events", params=query, content=body, headers=headers, timeout=60)


def get(stack: Stack, path: str, **query: str) -> Any:
    """What the api answers."""
    answer = httpx.get(stack.api_url + path, params=query, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(stack: Stack, unit: str, **query: str) -> dict[str, int]:
    """The counts of a unit; since ever without `from`."""
    found: dict[str, int] = get(stack, f"/v1/units/{unit}/counts", **query)["counts"]
    return found


def run(stack: Stack, *command: str, key: str = "", expect: int = 0) -> str:
    """A command of `nhip`: both streams, once its exit code is the expected one."""
    done = stack.nhip(*command, check=False, **({"NHIP_KEY": key} if key else {}))
    said = done.stdout + done.stderr
    assert done.returncode == expect, said
    return said
