"""What ingest sends itself: petitions that concern a dossier, or repeat an earlier petition."""

from typing import Any

from schemas.events import Event, decode, encode
from schemas.topics import DOSSIER_EVENTS, PETITION_EVENTS
from services.ingest.batch import check_all
from services.ingest.derived import derived
from tests.unit.schemas.test_events import DOOR
from tests.unit.schemas.test_families import sent


def of(tag: str, **data: Any) -> list[Event]:
    return list(derived(DOOR.check(sent(tag, **data))))


def test_a_petition_that_names_a_dossier_concerns_it_from_its_start_on() -> None:
    for moments, start in (
        ({}, "2026-03-12T01:00:00.000000Z"),
        ({"sent_at": "2026-03-10T08:00:00"}, "2026-03-10T01:00:00.000000Z"),
        ({"sent_at": "2026-03-10T08:00:00", "forwarded_at": "2026-03-11T08:00:00"}, "2026-03-11T01:00:00.000000Z"),
    ):
        (petitioned,) = of("nhip.petition.received", dossier="H01.06-1", **moments)
        assert (petitioned.subject, petitioned.data.petition) == ("H01.06-1", "PA-1")
        assert petitioned.data.petitioned_at == start
        assert petitioned.keyunit == "H01"


def test_an_answer_tells_the_dossier_what_was_found_and_only_then() -> None:
    for found in (True, False):
        (petitioned,) = of("nhip.petition.answered", dossier="H01.06-1", upheld=found)
        assert (petitioned.data.upheld, petitioned.data.finding) == (found, True)
    assert of("nhip.petition.answered", dossier="H01.06-1") == []
    assert of("nhip.petition.answered", upheld=True) == []


def test_a_voided_petition_no_longer_concerns_the_dossier() -> None:
    (petitioned,) = of("nhip.petition.voided", dossier="H01.06-1")
    assert petitioned.data.voided is True


def test_a_petition_that_repeats_another_is_told_to_that_one() -> None:
    (repeated,) = of("nhip.petition.received", repeats="PA-0")
    assert (repeated.subject, repeated.data.by) == ("PA-0", "PA-1")
    assert of("nhip.petition.received", repeats="PA-1") == []


def test_duplicates_give_duplicates_that_the_scorer_can_read() -> None:
    event = DOOR.check(sent("nhip.petition.received", dossier="H01.06-1", repeats="PA-0"))
    event.id = "x" * 512
    once, again = ([encode(further) for further in derived(event)] for _ in range(2))
    assert once == again
    assert [encode(decode(raw)) for raw in once] == once
    assert len({decode(raw).id for raw in once}) == 2


def test_what_is_derived_lies_on_its_own_topic_and_is_not_counted_as_sent() -> None:
    checked = check_all([sent("nhip.petition.received", dossier="H01.06-1", repeats="PA-0")], DOOR)
    assert checked.accepted == 1
    assert {topic: len(records) for topic, records in checked.derived.items()} == {
        DOSSIER_EVENTS: 1,
        PETITION_EVENTS: 1,
    }
    assert [key for key, _ in checked.records[PETITION_EVENTS]] == [b"PA-1"]
