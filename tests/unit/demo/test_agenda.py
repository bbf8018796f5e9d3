"""What holds for all that the demo sends, of whatever family."""

from datetime import timedelta
from itertools import chain

from deploy.demo.agenda import of_day
from deploy.demo.catalogue import standing
from deploy.demo.event import Happening
from schemas.events.families import FAMILIES, tag_of
from tests.unit.demo.province import FIRST, NOW, ZONE, at_the_door, live, two_months

DERIVED = {"nhip.dossier.petitioned", "nhip.petition.repeated", "nhip.dossier.notified"}
"""Sent by ingest itself, or by whoever tells people of notices: not by a one-stop system."""


def everything() -> chain[Happening]:
    return chain(standing(ZONE), two_months(), live(NOW, 600))


def test_a_day_is_the_same_at_every_start():
    for day in (NOW.date(), NOW.date() - timedelta(days=20)):
        assert list(of_day(day, FIRST, ZONE)) == list(of_day(day, FIRST, ZONE))
    assert list(standing(ZONE)) == list(standing(ZONE))


def test_ids_are_unique():
    ids = [event["id"] for _, event in everything()]
    assert len(ids) == len(set(ids))


def test_every_type_of_event_is_sent():
    sent = {event["type"] for _, event in everything()}
    assert sent == {tag_of(kind) for family in FAMILIES for kind in family.types} - DERIVED


def test_every_event_passes_the_door_when_its_moment_has_come():
    for number, (at, event) in enumerate(everything()):
        if number % 5 == 0 or not event["type"].startswith("nhip.dossier."):
            at_the_door(at, event)
