"""What each fact counts for: over random histories every count stands at one fact, and known ones at the right one."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Door
from schemas.measures import BY_NUMBER
from schemas.moments import format_day, from_canonical, parse_moment
from services.api.archive.reasons import counts_of_facts
from services.api.archive.said import Event
from services.scorer.domain.contributions import contributions
from services.scorer.domain.facts import Dossier
from services.scorer.domain.setting import Setting
from tests.oracle import product
from tests.oracle.histories import DOOR_NOW, histories, moments
from tests.oracle.profile import many
from tests.oracle.said import Said

SETTING = product.SETTINGS["Asia/Ho_Chi_Minh"]
ZONE = SETTING.zone
CODE = "H01.11-1"


def facts_of(said: Iterable[Said], setting: Setting = SETTING) -> list[Event]:
    """Events as facts, with the data that the door leaves of them."""
    found = {}
    for one in said:
        door = Door(system=one.system, unit=one.unit, tree=setting.tree, zone=setting.zone, now=DOOR_NOW)
        event = door.check(msgspec.json.encode(one.event))
        data = {} if event.data is None else msgspec.to_builtins(event.data)
        kind = one.event["type"]
        found[kind, event.id, event.source] = Event(
            kind, event.id, event.source, from_canonical(event.time), one.unit, data
        )
    return list(found.values())


def counts_of(code: str, dossier: Dossier, now: int, setting: Setting = SETTING) -> list[dict[str, Any]]:
    """What the scorer says that a dossier counts for, as the archive keeps it."""
    return [
        {"unit": unit, "day": format_day(day), "procedure": procedure, "measure": BY_NUMBER[number].name, "count": n}
        for (unit, day, procedure), cell in contributions(code, dossier, now, setting).items()
        for number, n in cell.items()
        if n
    ]


def told(name: str, kind: str, moment: str, **data: Any) -> Said:
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "/a",
        "type": f"nhip.dossier.{kind}",
        "subject": CODE,
        "time": f"2026-03-{moment}:00+07:00",
        "data": data,
    }
    return Said(event, "H01.11")


STORY = [
    told("received", "received", "02T08:00", unit="H01.11", procedure="1.001", due_at="2026-03-04T17:00:00+07:00"),
    told("requested", "supplement_requested", "02T09:00", supplement="1"),
    told("brought", "supplemented", "03T15:00", supplement="1"),
    told("step 1", "step", "03T10:00", step="1", agency="H01.01", started_at="2026-03-02T09:00:00+07:00",
         due_at="2026-03-03T09:00:00+07:00", finished_at="2026-03-03T08:30:00+07:00"),
    told("step 2", "step", "06T10:00", step="2", agency="H01.01", started_at="2026-03-03T09:00:00+07:00",
         due_at="2026-03-04T09:00:00+07:00", finished_at="2026-03-06T08:30:00+07:00"),
    told("paid", "paid", "03T08:00", payment="1", method="national_portal"),
    told("moved", "rescheduled", "05T08:00", due_at="2026-03-05T17:00:00+07:00"),
    told("notice", "late", "08T07:00"),
    told("known", "notified", "08T07:30"),
    told("done", "processed", "08T08:00", outcome="completed"),
    told("rated", "rated", "08T09:00", stars=5),
]  # fmt: skip


def test_known_counts_stand_at_the_facts_that_made_them():
    facts = facts_of(STORY)
    (dossier,) = product.dossiers(STORY, SETTING).values()
    counts = counts_of(CODE, dossier, parse_moment("2026-03-10T08:00:00+07:00", ZONE))
    found = dict(zip([fact.id for fact in facts], counts_of_facts(facts, counts, ZONE), strict=True))
    begun = {name: {one["measure"] for one in counts if one["count"] > 0} for name, counts in found.items()}
    assert {"received", "open"} <= begun["received"]
    assert begun["requested"] == {"open_waiting"}
    assert [(one["measure"], one["count"]) for one in found["brought"]] == [("open_waiting", -1)]
    assert begun["paid"] == {"paid_online"}
    assert {"tt01_n_2"} <= begun["step 1"] <= {"tt01_n_2", "tt01_points_2"}
    assert {"tt01_n_2"} <= begun["step 2"] <= {"tt01_n_2", "tt01_points_2"}
    assert {"became_overdue", "rescheduled", "open_overdue"} <= begun["moved"]
    assert begun["known"] == {"late_notified"}
    assert {"ended", "ended_late", "finished", "to_return"} <= begun["done"]
    assert {"rated", "satisfied", "stars_sum"} <= begun["rated"]
    ended = {one["measure"] for one in found["done"] if one["count"] < 0}
    assert ended == {"open", "open_overdue"}


@many
@given(histories(dossiers=1).flatmap(lambda history: st.tuples(st.just(history), moments(history))))
def test_every_count_of_a_dossier_stands_at_exactly_one_fact(look):
    history, now = look
    setting = product.SETTINGS[history.zone]
    for code, dossier in product.dossiers(history.said, setting).items():
        facts = facts_of((one for one in history.said if one.event["subject"] == code), setting)
        counts = counts_of(code, dossier, now, setting)
        found = counts_of_facts(facts, counts, setting.zone)
        assert sorted(map(str, chain.from_iterable(found))) == sorted(map(str, counts))
