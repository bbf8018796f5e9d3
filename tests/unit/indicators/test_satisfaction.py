"""Group 5, satisfaction ("mức độ hài lòng"), from events to points: `indicators.md`, A.3, A.4; `events_and_measures.md`, 2.2."""

from typing import Any

import pytest

from tests.unit.indicators.office import COMMUNE, MONDAY, OTHER_COMMUNE, Office, Row, alike

FRIDAY_BEFORE = "2026-02-27T08:00:00"


def test_5_1_shares_of_petitions_about_rules_and_about_staff_without_points() -> None:
    office = Office()
    for number, about in enumerate(["rules", "rules", "staff", "other", None]):
        office.petition(f"PA-{number}", class_=about)
    assert office.rows("5.1a") == alike(Row(2, 5, None, "analysis"))
    assert office.rows("5.1b") == alike(Row(1, 5, None, "analysis"))


STEPS: dict[str, tuple[bool, list[tuple[str, str]]]] = {
    "declined within 2 working days": (True, [("declined", "2026-03-04T23:59:59")]),
    "declined later": (False, [("declined", "2026-03-05T00:00:00")]),
    "asked for more within 5": (True, [("supplement_requested", "2026-03-09T23:59:59")]),
    "asked for more later": (False, [("supplement_requested", "2026-03-10T00:00:00")]),
    "answered within 15 and public 2 after": (
        True,
        [("answered", "2026-03-23T23:59:59"), ("published", "2026-03-25T23:59:59")],
    ),
    "public later": (False, [("answered", "2026-03-23T08:00:00"), ("published", "2026-03-26T00:00:00")]),
    "never public": (False, [("answered", "2026-03-23T08:00:00")]),
    "answered later": (False, [("answered", "2026-03-24T00:00:00"), ("published", "2026-03-24T08:00:00")]),
    "still open after 15": (False, []),
}
"""What a unit did with a petition of Monday, 2 March 2026, and whether that was in time."""


@pytest.mark.parametrize("what", STEPS)
def test_5_2_every_step_has_its_working_days(what: str) -> None:
    in_time, steps = STEPS[what]
    office = Office()
    office.petition("PA-1", steps=steps)
    assert office.rows("5.2") == alike(Row(int(in_time), 1, 6.0 if in_time else 0.0))


def test_5_2_petitions_handled_in_the_period_in_time_by_now_or_not() -> None:
    office = Office()
    for number, (_, steps) in enumerate(STEPS.values()):
        office.petition(f"PA-{number}", steps=steps)
    office.petition("PA-new", "2026-03-30T08:00:00")  # open, in time
    office.petition("PA-passed on", FRIDAY_BEFORE, forwarded_at="2026-03-30T08:00:00")  # the clock starts there
    office.petition("PA-last year", "2025-12-30T08:00:00", steps=[("declined", "2025-12-31T08:00:00")])
    office.say("petition.voided", "PA-8", "2026-03-30T08:00:00", unit=COMMUNE)
    assert office.rows("5.2") == alike(Row(5, 10, 3.0))


def test_5_2_each_unit_answers_for_its_own_part() -> None:
    office = Office()
    office.petition("PA-1", unit=COMMUNE, steps=[("declined", "2026-03-03T08:00:00")])
    office.petition("PA-1", unit=OTHER_COMMUNE)
    assert office.rows("5.2", COMMUNE) == alike(Row(1, 1, 6.0))
    assert office.rows("5.2", OTHER_COMMUNE) == alike(Row(0, 1, 0.0))
    assert office.rows("5.2") == alike(Row(1, 2, 3.0))


def test_5_3_satisfied_unless_disliked_repeated_or_late() -> None:
    office = Office()
    accepted, answered = ("accepted", "2026-03-02T09:00:00"), ("answered", "2026-03-10T08:00:00")
    in_time = [accepted, answered, ("published", "2026-03-11T08:00:00")]
    for code in ("PA-liked", "PA-neither", "PA-disliked", "PA-repeated"):
        office.petition(code, steps=in_time)
    for code, likes, dislikes in (("PA-liked", 2, 1), ("PA-neither", 1, 1), ("PA-disliked", 1, 2)):
        office.say("petition.rated", code, "2026-03-12T08:00:00", unit=COMMUNE, likes=likes, dislikes=dislikes)
    office.petition("PA-again", "2026-03-30T08:00:00", repeats="PA-repeated")  # nobody has accepted it yet
    office.petition("PA-late", steps=[accepted])
    for code, dislikes in (("PA-open, liked", 0), ("PA-open, disliked", 1)):
        office.petition(code, "2026-03-30T08:00:00")
        office.say("petition.rated", code, "2026-03-31T08:00:00", unit=COMMUNE, dislikes=dislikes)
    by_acceptance = Row(2, 5, 2.4)
    assert office.rows("5.3") == alike(by_acceptance, p2026=Row(4, 8, 3.0))


def test_5_3_counts_by_the_first_acceptance_or_by_the_handling() -> None:
    office = Office()
    steps = [
        ("accepted", "2025-12-31T09:00:00"),
        ("accepted", "2026-01-05T09:00:00"),
        ("answered", "2026-01-06T08:00:00"),
    ]
    office.petition("PA-1", "2025-12-30T08:00:00", steps=[*steps, ("published", "2026-01-07T08:00:00")])
    office.say("petition.accepted", "PA-1", "2026-01-08T08:00:00", unit=COMMUNE, accepted_at="2025-12-31T09:00:00")
    assert office.rows("5.3") == alike(Row(0, 0, 6.0, "no_data"), p2026=Row(1, 1, 6.0))
    assert office.rows("5.3", period="2025-Q4") == alike(Row(1, 1, 6.0))


def dossiers(office: Office, number: int) -> list[str]:
    """Dossiers ended on time."""
    return [office.dossier() for _ in range(number)]


def test_5_4_in_time_and_neither_disliked_nor_in_a_petition() -> None:
    office = Office()
    liked, neutral, stars, level, petitioned, voided, _ = dossiers(office, 7)
    office.dossier(ended=None)  # late
    open_disliked = office.dossier(due_at="2026-05-01", ended=None)
    office.dossier(due_at="2026-05-01", ended=None)
    ratings: list[tuple[str, dict[str, Any]]] = [
        (liked, {"stars": 4}),
        (neutral, {"stars": 3}),
        (stars, {"stars": 2}),
        (level, {"level": "very_dissatisfied"}),
        (open_disliked, {"stars": 1}),
    ]
    for code, said in ratings:
        office.say("dossier.rated", code, "2026-03-15T08:00:00", **said)
    office.petition("PA-1", dossier=petitioned)
    office.petition("PA-2", dossier=voided)
    office.say("petition.voided", "PA-2", "2026-03-15T08:00:00", unit=COMMUNE, dossier=voided)
    assert office.rows("2.1") == alike(Row(9, 10, 18.0))
    assert office.rows("5.4") == alike(Row(5, 10, 3.33))


@pytest.mark.parametrize(("happy", "score"), [(8, 5.33), (9, 6.0), (10, 6.0)])
def test_5_4_is_full_from_90_percent(happy: int, score: float) -> None:
    office = Office()
    for code in dossiers(office, 10)[happy:]:
        office.say("dossier.rated", code, "2026-03-15T08:00:00", stars=1)
    assert office.rows("5.4") == alike(Row(happy, 10, score))


def test_5_4_of_an_open_dossier_an_unhappy_applicant_counts_from_then_on() -> None:
    office = Office()
    code = office.dossier(received=FRIDAY_BEFORE, due_at="2026-05-01", ended=None)
    office.petition(
        "PA-1", "2026-03-30T08:00:00", sent_at=FRIDAY_BEFORE, forwarded_at=MONDAY, dossier=code
    )  # told late
    assert office.rows("5.4", period="2026-02") == alike(Row(1, 1, 6.0))
    assert office.rows("5.4", period="2026-03-02") == alike(Row(0, 1, 0.0))


def test_5_4_an_answer_does_not_move_the_moment_from_which_a_petition_counts() -> None:
    office = Office()
    code = office.dossier(received=FRIDAY_BEFORE, due_at="2026-05-01", ended=None)
    office.petition("PA-1", MONDAY, dossier=code)
    before = office.rows("5.4", period="2026-W11")
    assert before == alike(Row(0, 1, 0.0))
    office.say("petition.answered", "PA-1", "2026-03-20T08:00:00", unit=COMMUNE, dossier=code, upheld=True)
    assert office.rows("5.4", period="2026-W11") == before
