"""What a processing log ("tiến trình xử lý") means: `events_and_measures.md`, 1.1."""

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.said import NEVER, Line, greatest, kept

STATES = (
    "registered", "accepted", "declined", "processing", "supplement", "payment", "withdrawn", "stopped", "done", "returned",
)  # fmt: skip
OUTCOMES = {"stopped": "stopped", "declined": "refused"}


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

    def _accepted_before(self, place: int) -> bool:
        return any(state in {"accepted", "processing"} for state in self.states[:place])

    def _ends(self, place: int) -> bool:
        state = self.states[place]
        return state in {"done", "returned", "stopped", "withdrawn"} or (
            state == "declined" and self._accepted_before(place)
        )

    def _run(self) -> dict[str, datetime]:
        """The last unbroken run of ending lines: the earliest moment of each state in it."""
        earliest: dict[str, datetime] = {}
        for place in reversed(range(len(self.lines))):
            if not self._ends(place):
                break
            earliest[self.states[place]] = self.moments[place]
        return earliest

    def ends(self) -> dict[str, End]:
        """The ends that the log tells, by the type of event that says the same."""
        run = self._run()
        ends: dict[str, End] = {kind: End(kind, run[kind]) for kind in ("returned", "withdrawn") if kind in run}
        refusals = [(run[state], outcome) for state, outcome in OUTCOMES.items() if state in run]
        if "done" in run:
            ends["processed"] = End("processed", run["done"], "completed")
        elif refusals and "returned" not in run:
            ends["processed"] = End("processed", *min(refusals))
        return ends

    def declined(self) -> Line | None:
        """A line that says the same as the event `declined`: nobody had accepted the dossier before."""
        return greatest(
            line
            for place, line in enumerate(self.lines)
            if self.states[place] == "declined" and not self._accepted_before(place)
        )

    def waits(self) -> list[tuple[datetime, datetime]]:
        """From a supplement line after another state to the next line of another state."""
        found = []
        for place, state in enumerate(self.states):
            if state == "supplement" and (place == 0 or self.states[place - 1] != "supplement"):
                after = (later for later in range(place, len(self.states)) if self.states[later] != "supplement")
                closing = next(after, None)
                found.append((self.moments[place], NEVER if closing is None else self.moments[closing]))
        return found
