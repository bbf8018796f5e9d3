"""Whose word counts about a dossier, and which event stands instead of which."""

from typing import Any

from schemas.units import Unit, UnitTree
from services.api.archive.said import Event, owner_of, sort_out, taken_back

TREE = UnitTree(
    [
        Unit(code="H01", name="Tỉnh", kind="province"),
        Unit(code="H01.06", name="Xã Một", kind="commune", parent="H01"),
        Unit(code="H01.07", name="Xã Hai", kind="commune", parent="H01"),
        Unit(code="H01.08", name="Xã cũ", kind="commune", parent="H01", valid_to="2026-02-28", successor="H01.06"),
    ]
)
CODE = "H01.06-260312-0001"


def event(kind: str, name: str, time: int, *, sender: str = "H01.06", **data: Any) -> Event:
    return Event(f"nhip.dossier.{kind}", name, "/mot-cua", time, sender, data)


def superseded(*events: Event, facts: list[Event], code: str = CODE) -> list[tuple[str, str]]:
    return [(one.id, by.id) for one, by in sort_out(code, events, facts, TREE).superseded]


def test_an_event_gives_way_to_the_last_one_of_its_type():
    first, second, third = (event("received", name, time) for name, time in (("a", 1), ("b", 2), ("c", 3)))
    other = event("processed", "d", 0)
    assert superseded(third, first, other, second, facts=[third, other]) == [("a", "c"), ("b", "c")]


def test_of_one_time_the_greater_id_then_source_holds():
    one, other = event("received", "a", 1), event("received", "b", 1)
    assert superseded(one, other, facts=[other]) == [("a", "b")]
    same = event("received", "b", 1)._replace(source="/mot-cua/z")
    assert superseded(other, same, facts=[same]) == [("b", "b")]


def test_steps_payments_supplements_lines_and_petitions_stand_apart_by_their_id():
    apart = [
        (event("step", "a", 1, step="1"), event("step", "b", 2, step="2")),
        (event("paid", "a", 1, payment="1"), event("paid", "b", 2, payment="2")),
        (event("supplemented", "a", 1, supplement="1"), event("supplemented", "b", 2, supplement="2")),
        (event("supplement_requested", "a", 1, supplement="1"), event("supplement_requested", "b", 2, supplement="2")),
        (event("petitioned", "a", 1, petition="1"), event("petitioned", "b", 2, petition="1", finding=True)),
        (event("rated", "a", 1, stars=5), event("rated", "b", 2, slip={"1": 2})),
        (event("progressed", "a", 1, state="done"), event("progressed", "b", 2, state="returned")),
    ]
    for pair in apart:
        assert superseded(*pair, facts=list(pair)) == []
    one, other = event("paid", "a", 1), event("paid", "b", 2, payment="1")  # without an id it is the payment 1
    assert superseded(one, other, facts=[other]) == [("a", "b")]


def test_foreign_senders_supersede_nothing_and_are_told_apart():
    own, foreign = event("processed", "a", 1), event("processed", "b", 9, sender="H01.07")
    above = event("processed", "c", 2, sender="H01")
    found = sort_out(CODE, [own, foreign, above], [above], TREE)
    assert found.not_heard == [foreign]
    assert found.superseded == [(own, above)]


def test_a_successor_is_heard_about_the_dossiers_of_the_unit_that_it_took_over():
    found = sort_out("H01.08-1", [event("processed", "a", 1, sender="H01.06")], [], TREE)
    assert found.not_heard == []


def test_a_code_that_names_no_unit_belongs_to_whose_key_received_first():
    first, later = event("received", "a", 1, sender="H01.07"), event("received", "b", 2, sender="H01.06")
    asked = event("submitted", "c", 0, sender="H01.06")
    assert owner_of("X-1", [later, asked, first], TREE) == "H01.07"
    assert owner_of("X-1", [asked], TREE) == "H01.06"
    assert owner_of("X-1", [event("processed", "d", 0)], TREE) is None
    assert sort_out("X-1", [later, first], [first], TREE).not_heard == [later]


def test_what_the_archive_has_not_worked_in_yet_is_not_called_superseded():
    held, newer = event("processed", "a", 1), event("processed", "b", 2)
    assert superseded(held, newer, facts=[held]) == []
    older = event("processed", "0", 0)
    assert superseded(older, held, newer, facts=[held]) == [("0", "b")]


def test_a_reopening_takes_back_ends_and_refusals_that_are_older_by_time_and_id():
    reopened = event("reopened", "m", 5)
    for kind in ("processed", "returned", "withdrawn", "declined"):
        assert taken_back(event(kind, "z", 4), [reopened]) == reopened
        assert taken_back(event(kind, "a", 5), [reopened]) == reopened
        assert taken_back(event(kind, "z", 5), [reopened]) is None
    assert taken_back(event("paid", "a", 1), [reopened]) is None
