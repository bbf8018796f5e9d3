"""The components of Decision 766 (`indicators.md`, A.3): what is counted, and what each rule set gives for it, reckoned by hand."""

from typing import NamedTuple

from schemas.rulesets.vocabulary import VOCABULARY
from tests.unit.rulesets.province import PROCEDURES, Province

FIRST, SECOND, _ = PROCEDURES  # these two have every attribute, the third has none
DOCUMENT = ("766-2022", "766-binh-thuan-740")
P2025, P2026, DRAFT = "766-portal-2025", "766-portal-2026", "766-next"
NO_POINTS = None

Points = dict[str, float | None]
"""By rule set."""


def same(points: float | None, *, draft: float | str | None = "absent", **others: float | None) -> Points:
    """The same points under all rule sets; `p2025`, `p2026` and the draft may differ (or not have the component)."""
    found = dict.fromkeys((*DOCUMENT, P2025, P2026), points)
    found |= {f"766-portal-{year[1:]}": other for year, other in others.items()}
    return found if isinstance(draft, str) else found | {DRAFT: draft}


class Component(NamedTuple):
    """What is counted of a province, by measure and procedure; what it scores, and what it scores where nothing is counted."""

    code: str
    counts: dict[str, tuple[int, int, int]]
    points: Points
    nothing: Points


HANDLED = {"ended": (6, 0, 2), "open": (2, 0, 0)}
RECEIVED = {"received": (5, 0, 0), "ended": (10, 0, 0)}
SYNCED = {"received": (4, 4, 2), "received_synced": (3, 3, 2)}

COMPONENTS = [
    Component(
        "1.1",
        {"announced": (2, 1, 1), "announced_late": (1, 0, 0)},
        same(3.0, draft=3.0),
        same(None, draft=None),
    ),
    Component(
        "1.2",
        {"publication": (1, 1, 1), "publication_late": (0, 0, 1)},
        same(2.67, draft=2.67),
        same(None, draft=None),
    ),
    Component(
        "1.3",
        {"procedure_public": (1, 1, 1), "procedure_complete": (1, 0, 1)},
        same(1.0, draft=1.0),
        same(None, draft=None),
    ),
    Component("1.4", SYNCED, same(4.8, draft=None), same(0.0, p2025=None, p2026=None, draft=None)),
    Component(
        "2.1",
        {
            "ended": (6, 0, 0),
            "ended_on_time": (4, 0, 0),
            "ended_no_due": (1, 0, 0),
            "open": (4, 0, 0),
            "open_overdue": (1, 0, 0),
            "open_waiting_late": (1, 0, 0),
        },
        same(14.0, draft=14.0),
        same(0.0, draft=0.0),
    ),
    Component("2.2", {"processing_seconds": (90, 10, 0), "finished": (4, 1, 0)}, same(NO_POINTS), same(NO_POINTS)),
    Component(
        "3.1",
        {
            "procedure_online": (1, 0, 0),
            "procedure_offered": (1, 1, 1),
            "received_online": (3, 0, 4),
            "received": (4, 4, 4),
        },
        same(0.83, draft=4.5),  # a third of 80 %; the draft: three dossiers in eight
        same(None, draft=None),
    ),
    Component(
        "3.2",
        {"procedure_online": (1, 1, 0), "received_online": (1, 0, 0)},
        same(3.0, draft=NO_POINTS),  # three of four services
        same(None, draft=NO_POINTS),
    ),
    Component(
        "3.3",
        SYNCED | {"received_online": (1, 1, 2), "online_with_result": (1, 0, 0)},
        same(2.88, draft=NO_POINTS),  # (2 + 1) × 8/10 of 10, full from one half
        same(None, draft=NO_POINTS),
    ),
    Component(
        "3.4",
        {"procedure_offered": (1, 1, 1), "paid_online": (5, 0, 0)},
        same(1.25),
        same(None, p2025=2.0, p2026=0.0),
    ),
    Component(
        "3.5",
        {"procedure_offered": (1, 1, 1), "fee_synced": (1, 0, 3)},
        same(1.25),
        same(None, p2025=2.0, p2026=0.0),
    ),
    Component(
        "3.6",
        {"received": (4, 4, 9), "fee_zero": (1, 1, 0), "paid_online": (3, 0, 0)},
        same(3.0, draft=3.75),  # of six; the draft: of eight, for ten points
        same(None, p2025=6.0, p2026=0.0, draft=None),
    ),
    Component(
        "4.1",
        HANDLED | {"ended_with_result": (4, 0, 1), "stopped": (1, 0, 0), "withdrawn": (1, 0, 0)},
        same(3.0, p2026=2.4, draft=6.0),
        same(None, draft=None),
    ),
    Component(
        "4.2",
        HANDLED
        | {
            "ended_digitized": (3, 0, 0),
            "ended_components": (4, 0, 1),
            "received": (5, 0, 0),
            "received_storage": (2, 0, 0),
        },
        same(2.0, p2026=1.6, draft=1.6),
        same(None, draft=None),
    ),
    Component(
        "4.3", RECEIVED | {"received_reused": (2, 0, 0)}, same(1.0, p2026=0.5, draft=None), same(None, draft=None)
    ),
    Component(
        "4.4", RECEIVED | {"received_storage": (2, 0, 0)}, same(1.6, p2026=0.8, draft=None), same(None, draft=None)
    ),
    Component(
        "4.5a",
        {"received_population": (1, 0, 1), "procedure_offered": (1, 1, 1)},
        same(1.0, draft=None),
        same(None, draft=None),
    ),
    Component(
        "4.5b", RECEIVED | {"received_population": (2, 0, 0)}, same(0.8, p2026=0.4, draft=None), same(None, draft=None)
    ),
    Component("4.6", {}, same(1.0, p2025=2.0, p2026=2.0, draft=1.0), same(None, p2025=2.0, p2026=2.0, draft=None)),
    Component("5.1a", {}, same(NO_POINTS), same(NO_POINTS)),
    Component("5.1b", {}, same(NO_POINTS), same(NO_POINTS)),
    Component("5.2", {}, same(4.5, draft=4.5), same(6.0, draft=6.0)),
    Component("5.3", {}, same(4.8, p2026=4.5, draft=4.0), same(6.0, draft=6.0)),
    Component(
        "5.4",
        {"ended": (10, 0, 0), "ended_on_time": (8, 0, 0), "ended_in_time_unhappy": (1, 0, 0)},
        same(4.67, draft=4.67),  # 70 % of 90 %
        same(0.0, draft=0.0),
    ),
]

PETITIONS = {
    "petition_closed": 3,
    "petition_closed_on_time": 2,
    "petition_closed_satisfied": 2,
    "petition_open": 1,
    "petition_open_satisfied": 1,
    "petition_accepted": 5,
    "petition_accepted_unsatisfied": 1,
}
"""What 5.1 to 5.3 count."""


def counted(counts: dict[str, tuple[int, int, int]], unit: str = "H01") -> Province:
    """A province of which this was counted; all petitions are about rules; one of two communes certifies copies."""
    province = Province(
        attributes={name: {FIRST, SECOND} for name in VOCABULARY.attributes},
        services={FIRST: 3},
        figures={("certified_copy", "H01.187"): 1},
    )
    for measure, numbers in counts.items():
        province.split.update({(measure, unit, each): n for each, n in zip(PROCEDURES, numbers, strict=True)})
    province.petitions.update({(measure, unit, "rules"): n for measure, n in PETITIONS.items()})
    return province
