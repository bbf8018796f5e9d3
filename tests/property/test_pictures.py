"""The picture of a dossier: equal to what the independent recount says of it at any now, and to what it counts for."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from schemas.moments import Zone
from services.scorer.domain.contributions import book
from services.scorer.domain.picture import picture
from services.scorer.domain.spans import FOREVER
from tests.oracle import product
from tests.oracle.histories import TREE, histories, micros, moments
from tests.oracle.profile import many
from tests.oracle.recount import Recount
from tests.oracle.said import MICROSECOND, moment_of

looks = histories(dossiers=3).flatmap(lambda history: st.tuples(st.just(history), moments(history)))
"""A history and an instant to look at it."""


def pictures(history, now):
    """The picture of every dossier beside its story."""
    setting = product.SETTINGS[history.zone]
    known = product.dossiers(history.said, setting)
    recount = Recount(history.said, TREE, history.zone, now)
    for (subject, dossier), story in zip(known.items(), recount.stories, strict=True):
        yield subject, dossier, picture(subject, dossier, now, setting), story


def state_of(story, now):
    if story.voided or story.declined:
        return "voided" if story.voided else "declined"
    if not story.counts:
        withdrawn = "withdrawn" in story.ends
        return "submitted" if story.submitted and not withdrawn else "unknown"
    if not story.is_open(now):
        return "ended"
    return "waiting" if story.waits(now) else "open"


@many
@given(looks)
def test_state_end_and_lateness_are_those_of_the_recount(look):
    history, now = look
    for _, _, seen, story in pictures(history, now):
        at = moment_of(now)
        assert seen.state == state_of(story, at)
        counts = seen.state in {"open", "waiting", "ended"}
        assert seen.received_at == (micros(story.receipt) if counts else None)
        if seen.state == "ended":
            assert seen.ended_at == micros(story.booked(story.end.moment))
            assert seen.late == (None if story.due is None else story.past_due(story.end.moment))
        else:
            assert (seen.ended_at, seen.late) == (None, None)
        if counts:
            assert (seen.unit, seen.procedure) == (story.field("unit"), story.field("procedure"))


@many
@given(looks)
def test_a_dossier_is_overdue_from_the_moment_that_the_picture_names(look):
    history, now = look
    for _, _, seen, story in pictures(history, now):
        if seen.state == "waiting":
            assert seen.overdue_from is None
            assert seen.waiting_since is not None
            since = moment_of(seen.waiting_since)
            assert story.waits(since)
            assert since == story.receipt or not story.waits(since - MICROSECOND)
        elif seen.state == "open":
            assert (seen.overdue_from is None) == (story.due is None)
            if story.due is not None:
                assert story.is_overdue(moment_of(now)) == (seen.overdue_from <= now)
                if not story.is_overdue(moment_of(now)):
                    assert seen.overdue_from == micros(story.falls_due()) + 1 == seen.due_at + 1
        elif seen.state == "ended" and seen.late:
            assert seen.overdue_from == micros(story.became_overdue())
            assert seen.overdue_from <= seen.ended_at
        else:
            assert seen.overdue_from is None


@many
@given(looks)
def test_between_two_changes_the_picture_is_one(look):
    """So the archive may look at any moment between."""
    history, now = look
    setting = product.SETTINGS[history.zone]
    for subject, dossier, seen, _ in pictures(history, now):
        assert seen.cells == book(subject, dossier, now, setting).cells
        if seen.next_change != FOREVER:
            assert picture(subject, dossier, seen.next_change - 1, setting) == seen
        else:
            assert picture(subject, dossier, FOREVER - 1, setting) == seen


@many
@given(looks)
def test_the_facts_are_the_greatest_of_their_kind_from_those_who_may_speak(look):
    history, now = look
    zone = Zone(history.zone)
    for _, _, seen, story in pictures(history, now):
        said = {(line.kind, line.id, line.source, micros(line.time), line.key) for line in story.lines}
        told = defaultdict(list)
        for fact in seen.facts:
            kind = fact.type.removeprefix("nhip.dossier.")
            assert (kind, fact.id, fact.source, fact.time, fact.sender) in said
            told[kind].append(fact)
        assert told.keys() == {line.kind for line in story.lines}
        for line in [story.holding("received"), story.holding("processed")]:
            if line is None:
                continue
            (fact,) = told[line.kind]
            assert (fact.id, fact.source) == (line.id, line.source)
            moment = "received_at" if line.kind == "received" else "finished_at"
            assert fact.data[moment] == zone.format(micros(line.at(moment)))
