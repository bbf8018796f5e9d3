"""What a processing log ("tiến trình xử lý") means: `events_and_measures.md`, 1.1."""

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.said import NEVER, Line, kept

STATES = (
    "registered", "accepted", "declined", "processing", "supplement", "payment", "withdrawn", "stopped", "done", "returned",
)  # fmt: skip
ENDING = {"done", "returned", "stopped", "withdrawn", "declined"}
OUTCOMES = {"declined": "refused", "stopped": "stopped"}  # of lines of one moment the lesser state comes first


@dataclass(frozen=True)
class End:
    """One way in which a dossier came to its end."""

    kind: str
    moment: datetime
    outcome: str = ""


class Log:
    """The lines that have happened, sorted."""

    def __init__(self, lines: list[Line], now: datetime) -> None:
        known = kept(
            (line for line in lines if line.kind == "progressed" and line.at("progressed_at") <= now),
            lambda line: (line.at("progressed_at"), STATES.index(line.data["state"])),
        )
        self.lines = [known[key] for key in sorted(known)]
        self.states = [line.data["state"] for line in self.lines]
        self.moments = [line.at("progressed_at") for line in self.lines]

    def _run(self) -> dict[str, Line]:
        """The last unbroken run of ending lines: the earliest of each state in it."""
        earliest: dict[str, Line] = {}
        for line, state in zip(reversed(self.lines), reversed(self.states), strict=True):
            if state not in ENDING:
                break
            earliest[state] = line
        return earliest

    def _was_accepted(self) -> bool:
        """Neither state is an ending one: what is accepted at all is accepted before the last run."""
        return "accepted" in self.states or "processing" in self.states

    def ends(self) -> dict[str, End]:
        """The ends that the log tells, by the type of event that says the same."""
        run = {state: line.at("progressed_at") for state, line in self._run().items()}
        ends: dict[str, End] = {kind: End(kind, run[kind]) for kind in ("returned", "withdrawn") if kind in run}
        refusals = [
            (run[state], outcome)
            for state, outcome in OUTCOMES.items()
            if state in run and (state == "stopped" or self._was_accepted())
        ]
        if "done" in run:
            ends["processed"] = End("processed", run["done"], "completed")
        elif refusals and "returned" not in run:
            ends["processed"] = End("processed", *min(refusals, key=lambda refusal: refusal[0]))
        return ends

    def declined(self) -> Line | None:
        """The line that says the same as the event `declined`: the log ends with it, and nobody had accepted the dossier before."""
        return None if self._was_accepted() else self._run().get("declined")

    def waits(self) -> list[tuple[datetime, datetime]]:
        """From a supplement line after another state to the next line of another state."""
        found = []
        for place, state in enumerate(self.states):
            if state == "supplement" and (place == 0 or self.states[place - 1] != "supplement"):
                after = (later for later in range(place, len(self.states)) if self.states[later] != "supplement")
                closing = next(after, None)
                found.append((self.moments[place], NEVER if closing is None else self.moments[closing]))
        return found
