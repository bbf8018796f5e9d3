"""The count itself: flows by their own moments, stocks by asking each dossier at one instant."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from schemas.units import UnitTree
from tests.oracle.office import worked
from tests.oracle.said import Line, Said, day_of, last_of, moment_of, read
from tests.oracle.story import Story

Place = tuple[str, str]
"""Unit and procedure."""

ONLINE = {"national_portal", "local_gateway"}
FALLS_DUE = "falls_due"
"""The one measure that counts on days ahead."""


@dataclass(frozen=True)
class Flow:
    """Something that happened: how often (or how much), where and when."""

    measure: str
    unit: str
    moment: datetime
    n: int = 1


class Recount:
    """All dossiers as of `now` (microseconds)."""

    def __init__(self, said: Iterable[Said], tree: UnitTree, zone: str, now: int) -> None:
        self.tree, self.zone, self.now = tree, ZoneInfo(zone), moment_of(now)
        lines: dict[str, list[Line]] = defaultdict(list)
        for one in said:
            lines[one.event["subject"]].append(read(one, tree, self.zone))
        self.stories = [Story(subject, told, tree, self.zone, self.now) for subject, told in lines.items()]
        self._flows = [(story, list(self._happened(story))) for story in self.stories]

    def measures(self, first: date | None, last: date) -> dict[Place, Counter[str]]:
        """Every measure of section 5.2 by unit and procedure: flows of the days first to last, stocks at their end."""
        found: dict[Place, Counter[str]] = defaultdict(Counter)
        for story, flows in self._flows:
            for flow in flows:
                day = day_of(flow.moment, self.zone)
                counts = flow.moment <= self.now or flow.measure == FALLS_DUE
                if counts and (first is None or first <= day) and day <= last:
                    found[flow.unit, _procedure(story)][flow.measure] += flow.n
            for place, measure in self._stocks(story, min(last_of(last, self.zone), self.now)):
                found[place][measure] += 1
        return found

    def counts(self, unit: str, scope: Literal["own", "subtree"], first: date | None, last: date) -> dict[str, int]:
        """The counts of CONTRACT, section 2."""
        units = set(self.tree.subtree(unit)) if scope == "subtree" else {unit}
        total: Counter[str] = Counter()
        for (where, _), numbers in self.measures(first, last).items():
            if where in units:
                total.update(numbers)
        total["online"], total["synced"] = total["received_online"], total["received_synced"]
        total["open_not_due"] = total["open"] - total["open_overdue"] - total["open_no_due"]
        if first is not None:
            before = min(last_of(first - timedelta(days=1), self.zone), self.now)
            total["carried_over"] = sum(
                place[0] in units and measure == "open"
                for story in self.stories
                for place, measure in self._stocks(story, before)
            )
        return {name: total[name] for name in CONTRACT_COUNTS}

    def past_due(self) -> int:
        """The open dossiers whose clock has passed their due moment, waiting or not."""
        return sum(story.counts and story.is_open(self.now) and story.past_due(self.now) for story in self.stories)

    def _stocks(self, story: Story, moment: datetime) -> Iterator[tuple[Place, str]]:
        if story.submitted and _queues(story, moment):
            yield (story.submitted.data["unit"], story.submitted.data["procedure"]), "submitted_waiting"
        if not story.counts:
            return
        place = story.field("unit"), story.field("procedure")
        waits, overdue = story.waits(moment), story.is_overdue(moment)
        waits_late = any(story.asked_late(request) for request in waits)
        unhappy = story.unhappy is not None and story.unhappy <= moment
        if story.is_open(moment):
            holds = {
                "open": True,
                "open_no_due": story.due is None,
                "open_overdue": overdue,
                "due_soon": story.is_due_soon(moment),
                "open_waiting": bool(waits),
                "open_waiting_late": waits_late,
                "open_in_time_unhappy": unhappy and not overdue and not waits_late,
                "open_online_overdue": overdue and story.field("channel") == "online",
            }
            yield from ((place, measure) for measure, true in holds.items() if true)
        elif story.end and story.end.outcome == "completed" and story.booked(story.end.moment) <= moment:
            returned = story.ends.get("returned")
            if not returned or moment < returned.moment:
                yield place, "to_return"

    def _happened(self, story: Story) -> Iterator[Flow]:
        if story.counts:
            for measure, n in self._received(story):
                yield Flow(measure, story.field("unit"), story.receipt, int(n))
            for measure, moment, n in (*self._ended(story), *_once(story), *_rated(story)):
                yield Flow(measure, story.field("unit"), story.booked(moment), int(n))
            yield from self._steps(story)
            if falls_due := story.falls_due():
                yield Flow(FALLS_DUE, story.field("unit"), falls_due)
        elif story.declined and not story.voided:
            told = [
                line for line in (story.received, story.submitted, story.declined) if line and line.kind != "progressed"
            ]
            unit = next((line.data["unit"] for line in told if "unit" in line.data), None)
            if unit and story.declined_at:
                yield Flow("declined", unit, story.declined_at)

    def _received(self, story: Story) -> Iterator[tuple[str, bool | int]]:
        online = story.field("channel") == "online"
        synced = story.happened("synced", "synced_at") is not None
        payments: dict[str, list[Line]] = defaultdict(list)
        for line in story.of("paid"):
            payments[line.data.get("payment", "1")].append(line)
        held = [max(lines, key=lambda line: line.rank) for lines in payments.values()]
        processed = story.typed["processed"]
        intake = story.field("intake_unit")
        yield "received", 1
        yield "received_online", online
        yield "received_postal", story.field("channel") == "postal"
        yield "received_synced", synced
        yield "online_with_result", online and story.result("result_file") and story.result("result_coded")
        yield "received_reused", story.field("reused_data") is True
        yield (
            "received_storage",
            story.field("from_personal_storage") is True or bool(processed and processed.says("result_stored")),
        )
        yield "received_population", story.field("population_data") is True
        yield "received_elsewhere", intake is not None and intake != story.field("unit")
        yield "fee_zero", story.field("fee") == 0
        yield "fee_synced", synced and (story.field("fee") or 0) > 0
        yield (
            "paid_online",
            any(line.data.get("method") in ONLINE and line.at("paid_at") <= story.now for line in held),
        )
        end = story.end
        if end and (end.outcome == "completed" or end.kind == "returned"):
            taken = end.moment - story.receipt - story.waited(end.moment, stopping=False)
            yield "finished", 1
            yield "processing_seconds", max(taken // timedelta(seconds=1), 0)
            work = worked(story.receipt, end.moment, self.zone, story.hours)
            work -= story.waited(end.moment, stopping=False, working=True)
            yield "processing_work_seconds", work // timedelta(seconds=1)

    def _ended(self, story: Story) -> Iterator[tuple[str, datetime, bool | int]]:
        end = story.end
        if end is None:
            return
        late, due = story.past_due(end.moment), story.due
        on_time = due is not None and not late
        speed = None if due is None else self._speed(story.clock(end.moment), due)
        components, result = story.field("components_digitized") is True, story.result("result_file")
        flags = {
            "ended": True,
            "ended_on_time": on_time,
            "ended_late": late,
            "ended_no_due": due is None,
            "ended_early": on_time and speed == 2,
            "ended_with_result": result,
            "ended_components": components,
            "ended_digitized": components and result,
            "ended_in_time_unhappy": not late and story.unhappy is not None,
            "ended_online_late": late and story.field("channel") == "online",
            "refused": end.outcome == "refused",
            "stopped": end.outcome == "stopped",
            "withdrawn": end.kind == "withdrawn",
        }
        for measure, true in flags.items():
            yield measure, end.moment, true
        for number, points in _points(story, speed).items():
            yield f"tt01_points_{number}", end.moment, points
            yield f"tt01_n_{number}", end.moment, 1

    def _steps(self, story: Story) -> Iterator[Flow]:
        steps: dict[str, list[Line]] = defaultdict(list)
        for line in story.of("step"):
            steps[line.data["step"]].append(line)
        for lines in steps.values():
            step = max(lines, key=lambda line: line.rank).data
            if "due_at" in step and "finished_at" in step:
                unit = step.get("agency") or story.field("unit")
                yield Flow("tt01_points_2", unit, step["finished_at"], self._speed(step["finished_at"], step["due_at"]))
                yield Flow("tt01_n_2", unit, step["finished_at"])

    def _speed(self, moment: datetime, due: datetime) -> int:
        """TT 01/2018: a day before the due day 2, on it 1, later 0."""
        day, due_day = day_of(moment, self.zone), day_of(due, self.zone)
        return 2 if day < due_day else int(day == due_day)


def _points(story: Story, speed: int | None) -> dict[str, int]:
    """The points of TT 01/2018, article 13, that the dossier's own end gives."""
    points = {} if speed is None else {"1": speed, "7": speed}
    if any(line.data.get("upheld") is not False for line in story.petitions()):
        points["7"] = 0
    asked = sum(request.by_agency for request in story.requests if request.counts)
    points["3"] = max(2 - asked, 0)
    slip = max(story.slips, key=lambda line: line.rank, default=None)
    if slip:
        points.update({number: n for number, n in slip.data["slip"].items() if number in {"1", "3", "4", "6", "7"}})
    return points


def _once(story: Story) -> Iterator[tuple[str, datetime, bool | int]]:
    if "returned" in story.ends:
        yield "returned", story.ends["returned"].moment, 1
    late, moved = story.happened("late", "late_at"), story.rescheduled
    told = story.happened("notified", "notified_at") is not None
    if became := story.became_overdue():
        yield "became_overdue", became, 1
        yield "late_notified", became, told or any(line.says("apology") for line in (late, moved) if line)
    if moved and moved.time <= story.now:
        old = story.due_before
        yield "rescheduled", moved.time, 1
        yield "rescheduled_late", moved.time, old is not None and story.clock(moved.time) > old


def _rated(story: Story) -> Iterator[tuple[str, datetime, bool | int]]:
    if story.rating:
        day = story.rating.at("rated_at")
        yield "rated", day, 1
        yield "satisfied", day, story.stars >= 4
        yield "dissatisfied", day, story.stars <= 2
        yield "stars_sum", day, story.stars
        yield "stars_n", day, 1
    for line in story.slips:
        yield f"slips_{line.data.get('kind', 'paper')}", line.at("rated_at"), 1


def _queues(story: Story, moment: datetime) -> bool:
    """Whether a dossier sent in online waits to be accepted."""
    assert story.submitted is not None
    enders = [
        story.received and story.receipt,
        story.declined_at,
        "withdrawn" in story.ends and story.ends["withdrawn"].moment,
        story.voided and story.voided.time,
    ]
    return story.submitted.at("submitted_at") <= moment and not any(ender and ender <= moment for ender in enders)


def _procedure(story: Story) -> str:
    line = story.received or story.submitted
    return line.data["procedure"] if line else ""


CONTRACT_COUNTS = (
    "received", "carried_over", "ended", "ended_on_time", "ended_early", "ended_late", "ended_no_due",
    "open", "open_not_due", "open_overdue", "open_no_due", "open_waiting", "became_overdue",
    "online", "paid_online", "synced", "returned", "refused", "withdrawn", "rated", "satisfied", "stars_sum",
)  # fmt: skip
