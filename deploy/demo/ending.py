"""How a dossier ends: done, refused, stopped or withdrawn; handed over, rated, and now and then opened once more."""

from collections.abc import Iterator
from random import Random
from typing import Any

from deploy.demo.arrival import Arrival
from deploy.demo.event import Happening

__all__ = ["ending"]


def ending(arrival: Arrival, ends: float, dice: Random, *, late: bool) -> Iterator[Happening]:
    """What is sent about the end of a dossier, which comes when `ends` of the time allowed has passed."""
    if dice.random() < 0.008:
        yield arrival.tells("withdrawn", ends, {})
        return
    outcome = dice.choices(["completed", "refused", "stopped"], cum_weights=[0.975, 0.995, 1])[0]
    files = _files(arrival, dice)
    yield arrival.tells("processed", ends, {"outcome": outcome, **files})
    if outcome == "completed":
        handed_over = {name: files[name] for name in ("result_file", "result_coded")}
        yield arrival.tells("returned", ends + 0.1, handed_over)
        if dice.random() < 0.004:
            yield from _once_more(arrival, ends + 0.2, files)
    if dice.random() < 0.35:
        pleased = dice.random() < arrival.office.liked * (0.6 if late else 1)
        stars = dice.choice([4, 5, 5, 5]) if pleased else dice.choice([1, 2, 3])
        kind = "online" if files["result_file"] else "kiosk"
        yield arrival.tells("rated", ends + 0.12, {"stars": stars, "kind": kind})


def _files(arrival: Arrival, dice: Random) -> dict[str, Any]:
    """Of the results that are kept as files some have no code, and not all reach the citizen's storage."""
    filed = dice.random() < arrival.office.digital
    coded = filed and dice.random() < 0.5 + 0.5 * arrival.office.digital
    return {"result_file": filed, "result_coded": coded, "result_stored": filed and dice.random() < 0.6}


def _once_more(arrival: Arrival, share: float, files: dict[str, Any]) -> Iterator[Happening]:
    """The result had a mistake: the dossier is opened again, and soon done again."""
    yield arrival.tells("reopened", share, {})
    yield arrival.tells("processed", share + 0.1, {"outcome": "completed", **files}, mark="2")
    yield arrival.tells("returned", share + 0.2, {"result_file": files["result_file"]}, mark="2")
