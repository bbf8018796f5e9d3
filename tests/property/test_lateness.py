"""Each lateness that passes is told exactly once: whatever is folded together, however often the clock is read, across restarts."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Door, encode
from schemas.moments import canonical
from schemas.notices import decode_notice
from schemas.rows import decode_number, parse_key
from schemas.topics import DOSSIER_DUE_SOON, DOSSIER_LATE
from services.scorer.agents.partition import INDICATOR_DAYS, Making
from services.scorer.domain.setting import Setting
from tests.oracle import product
from tests.oracle.histories import DOOR_NOW, TREE, histories, micros
from tests.oracle.lateness import Arrived, became_late
from tests.oracle.profile import many
from tests.oracle.said import Said, moment_of
from tests.unit.scorer.harness import Bench, Record

MINUTE = 60 * 1_000
BEGIN = "2026-03-01T00:00:00"


class Scorer(Bench):
    """A partition that scores what histories tell."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        super().__init__(BEGIN)

    def hear(self, arrived: list[tuple[int, Said]]) -> None:
        """Fold a batch."""
        records = []
        for at, said in arrived:
            door = Door(system=said.system, unit=said.unit, tree=TREE, zone=self.setting.zone, now=DOOR_NOW)
            raw = encode(door.check(msgspec.json.encode(said.event)))
            records.append(Record("dossier-events", 0, self.offset, said.event["subject"].encode(), raw, at))
        if records:
            self.push_records(records)

    def _making(self) -> Making:
        return Making(self.setting, "test")


@st.composite
def runs(draw):
    """A history with arrivals (milliseconds, apart or at once), and when what has arrived by then is folded; down: after a restart."""
    history = draw(histories(dossiers=2, events=8))
    palette = [micros(moment) // 1_000 for moment in history.palette]
    beside = st.sampled_from(
        [0, 1, 2_000, 5 * MINUTE, 14 * MINUTE, 15 * MINUTE, 16 * MINUTE, 300 * MINUTE, -400 * MINUTE]
    )
    moments = st.builds(lambda moment, off: moment + off, st.sampled_from(palette), beside)
    arrivals = sorted(draw(st.lists(moments, min_size=len(history.said), max_size=len(history.said))))
    for place in range(1, len(arrivals)):  # what comes within a second is taken for one word
        if arrivals[place] - arrivals[place - 1] < 1_001:
            arrivals[place] = arrivals[place - 1]
    end = max([*palette, *arrivals]) + 30 * 24 * 60 * MINUTE
    looks = sorted({*draw(st.lists(moments, max_size=8)), end})
    downs = draw(
        st.lists(st.sampled_from(["up", "up", "tick", "restart", "down"]), min_size=len(looks), max_size=len(looks))
    )
    return history, list(zip(arrivals, history.said, strict=True)), list(zip(looks, downs, strict=True))


def run(scorer: Scorer, arrived: list[tuple[int, Said]], looks: list[tuple[int, str]], data: st.DataObject) -> None:
    """Let the scorer see it all."""
    waiting = list(arrived)
    for look, how in looks:
        batch = [(at, said) for at, said in waiting if at <= look]
        waiting = waiting[len(batch) :]
        scorer.now = look * 1_000 + 999
        if how == "down":
            scorer.restart(behind=True)
            while batch:
                size = data.draw(st.integers(1, len(batch)))
                while size < len(batch) and batch[size][0] == batch[size - 1][0]:
                    size += 1
                scorer.hear(batch[:size])
                batch = batch[size:]
            scorer.partition.caught_up()
        elif how == "restart":
            scorer.hear(batch)
            scorer.restart()
        else:
            scorer.hear(batch)
        if how != "up":
            scorer.settle()


@many
@given(runs(), st.data())
def test_each_lateness_that_passes_is_told_exactly_once(drawn, data):
    history, arrived, looks = drawn
    scorer = Scorer(product.SETTINGS[history.zone])
    run(scorer, arrived, looks, data)
    scorer.settle()
    told = sorted(decode_notice(raw).id for topic, _, raw in scorer.sent if topic == DOSSIER_LATE)
    known = [Arrived(moment_of(at * 1_000), said) for at, said in arrived]
    expected = became_late(known, TREE, history.zone, moment_of(scorer.now))
    assert told == sorted(f"late/{subject}/{canonical(micros(late))}" for subject, late in expected)
    rows = scorer.tables[INDICATOR_DAYS].items()
    assert sum(decode_number(raw) for key, raw in rows if (k := parse_key(key)) and k.kind == "late") == len(told)

    soon = [decode_notice(raw) for topic, _, raw in scorer.sent if topic == DOSSIER_DUE_SOON]
    assert all(notice.time < notice.data.late_from for notice in soon)
