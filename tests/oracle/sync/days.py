"""What happened to the dossiers of a day: drawn from a seed, every path of states among them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from schemas.units import Unit, UnitTree

TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.06", name="Sở Xây dựng", kind="department", parent="H01", aliases=("SXD",)),
        Unit(code="H01.187", name="Xã Đông Thái", kind="commune", parent="H01"),
        Unit(code="H01.188", name="Phường Rạch Giá", kind="commune", parent="H01"),
    ]
)
UNITS = ("H01.06", "H01.187", "H01.188")
DAY = date(2026, 4, 1)
"""The day on which all is told; what is told happened in the month before, appointments may lie behind it."""

PATHS = (
    "1", "1 2", "1 2 4 9 10", "1 3", "3", "1 2 4 3", "2 3", "2 4 5 4 9", "2 4 5", "2 4 6 4 10", "1 2 7", "2 4 5 7", "2 8", "2 4 8 4 9 10",
    "9", "10", "9 4 9", "2 4 9 2 5 4 10", "10 4 7", "9 10",
    "2 4 9*", "10*", "2 7*", "4 8*", "2 3*", "1 3*", "3*", "9* 9", "2 10* 10", "9* 4", "8* 4 9",
    "2-", "4-", "5- 4", "9- 9", "10-",
)  # fmt: skip
"""States in the order in which they are told. `*`: an end without any of its dates. `-`: accepted, but without the day of it."""

ENDS = {3, 7, 8, 9, 10}


@dataclass(frozen=True)
class Ask:
    """A request for more papers; `due` is the new appointment, if one was set instead of `before`."""

    id: str
    asked: datetime
    brought: datetime | None = None
    before: date | datetime | None = None
    due: date | datetime | None = None


@dataclass(frozen=True)
class LogLine:
    """A line of the processing log; with `due` the end of a step."""

    state: int
    at: datetime
    agency: str | None = None
    started: datetime | None = None
    due: date | datetime | None = None


@dataclass(frozen=True)
class Stage:
    """The dossier as it stands when its state is told. `moved_to`: an appointment that was set after those of all supplements."""

    state: int
    accepted: bool
    asks: tuple[Ask, ...] = ()
    ended: datetime | None = None
    handed: datetime | None = None
    moved_to: date | datetime | None = None


@dataclass(frozen=True)
class Case:
    """One dossier: what stays the same, its stages, its log."""

    code: str
    unit: str
    intake: str | None
    procedure: str
    received: datetime
    submitted: datetime | None
    due: date | datetime | None
    channel: int
    applicant: int
    fees: tuple[int, ...]
    paid: int
    digitized: bool
    reused: bool
    stored: bool
    population: bool
    result: bool
    coded: bool
    stages: tuple[Stage, ...] = ()
    log: tuple[LogLine, ...] = field(default=())


def draw_day(seed: int, dossiers: int) -> list[Case]:
    """So many dossiers; those of one seed are always the same."""
    dice = Random(seed)
    return [_case(dice, number, PATHS[number % len(PATHS)]) for number in range(dossiers)]


def _case(dice: Random, number: int, path: str) -> Case:
    unit = dice.choice(UNITS)
    left = dice.choice([unit, unit, "turned", "other", "MC"])
    intake = dice.choice([one for one in UNITS if one != unit]) if left == "other" else None
    start = {"turned": f"000.00.{unit[4:].zfill(2)}.H01", "MC": "MC"}.get(left, intake or unit)
    received = _later(dice, datetime.combine(DAY - timedelta(days=30), time(8)), 20)
    made = Case(
        code=f"{start}-2603-{number:05}",
        unit=unit,
        intake=intake,
        procedure=dice.choice(["1.000105", "2.000815"]),
        received=received,
        submitted=dice.choice([None, received - timedelta(hours=dice.randint(1, 40))]),
        due=dice.choice([None, *[_appointment(dice, received)] * 4]),
        channel=dice.choice([1, 2, 2, 3]),
        applicant=dice.randint(1, 4),
        fees=dice.choice([(), (0,), (0, 0), (50_000,), (15_000, 1_250_000)]),
        paid=dice.choice([0, 0, 1, 2, 3]),
        **{name: dice.random() < 0.4 for name in ("digitized", "reused", "stored", "population", "result", "coded")},
    )
    stages = tuple(_stages(dice, made, path.split()))
    return replace(made, stages=stages, log=tuple(_log(dice, received)))


def _stages(dice: Random, case: Case, path: list[str]) -> Iterator[Stage]:
    """Moments go on from stage to stage; supplements pile up, the last one open as long as the state says so."""
    at, asks, appointed, moved = case.received, (), case.due, None
    for place, step in enumerate(path):
        state = int(step.rstrip("*-"))
        accepted = not step.endswith("-") and not (state in {1, 3} and not any(p[0] in "24" for p in path[:place]))
        if state == 5:
            at = _later(dice, at, 3)
            asks = (*asks, Ask(f"{case.code[-3:]}-{len(asks)}", at))
        elif asks and asks[-1].brought is None and dice.random() < 0.9:
            at = _later(dice, at, 3)
            due = _appointment(dice, at) if case.due is not None and dice.random() < 0.5 else None
            due = None if due == appointed else due
            asks = (*asks[:-1], replace(asks[-1], brought=at, before=appointed, due=due))
            appointed, moved = (appointed, moved) if due is None else (due, None)
        if accepted and case.due is not None and dice.random() < 0.1:
            appointed = moved = DAY + timedelta(days=dice.randint(20, 30))
        ended = handed = None
        if state in ENDS and not step.endswith("*"):
            at = ended = _later(dice, at, 4)
            handed = at = _later(dice, at, 2) if state == 10 else at
        yield Stage(state, accepted, asks, ended, handed if state == 10 else None, moved)


def _log(dice: Random, at: datetime) -> Iterator[LogLine]:
    if dice.random() < 0.5:
        return
    for _ in range(dice.randint(1, 12)):
        started, at = at, _later(dice, at, 2)
        due = dice.choice([None, _appointment(dice, started)])
        yield LogLine(
            dice.choice([1, 2, 4, 4, 4, 5, 6]), at, dice.choice([None, *UNITS]), started if due else None, due
        )


def _later(dice: Random, moment: datetime, days: int) -> datetime:
    """Some time in the next days, but not on the day of telling; whole seconds, for some forms of a date know no less."""
    last = datetime.combine(DAY, time.min) - timedelta(seconds=1)
    return min(moment + timedelta(seconds=dice.randint(1, days * 86_400)), last)


def _appointment(dice: Random, moment: datetime) -> date | datetime:
    day = moment.date() + timedelta(days=dice.randint(0, 15))
    return dice.choice([day, datetime.combine(day, time(17))])
