"""A listener of `/v1/stream` that reads as browsers do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.integration.api.running import Api


@dataclass
class Told:
    """One event."""

    event: str = "message"
    id: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@contextmanager
def listen(api: Api, last: str | None = None, **query: str) -> Iterator[Iterator[Told]]:
    """Listen; gives the events one by one. `last`: the id of the last one seen."""
    headers = {} if last is None else {"Last-Event-ID": last}
    with api.http.stream("GET", "/v1/stream", params=query, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def next_told(events: Iterator[Told]) -> Told:
    """The next event that tells something; heartbeats come whenever it is a while away."""
    return next(told for told in events if told.event != "heartbeat")


def _events(lines: Iterator[str]) -> Iterator[Told]:
    told, told_anything = Told(), False
    for line in lines:
        if not line:
            if told_anything:
                yield told
            told, told_anything = Told(), False
            continue
        name, _, value = line.partition(": ")
        if name == "event":
            told.event = value
        elif name == "id":
            told.id = value
        elif name == "data":
            told.data, told_anything = json.loads(value), True
