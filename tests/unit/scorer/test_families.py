"""A partition folds all families: one clock, one transaction, one cube, notes beside it."""

from schemas.rows import FIGURE, LAST, PROCEDURE, FigureRow, decode_figure, decode_moment, decode_procedure
from schemas.units import Unit, UnitTree
from tests.unit.scorer.harness import TREE, Bench, Record, at

UNIT = "H01.187"
SENT = "2026-03-02T08:00:00+07:00"  # a Monday: 15 working days later is Monday the 23rd


def petition(bench: Bench, kind: str, time: str = SENT, **data: object) -> bytes:
    return bench.stored(f"nhip.petition.{kind}", time, "PA-1", unit=UNIT, **data)


def described(bench: Bench, time: str = SENT, **data: object) -> bytes:
    return bench.stored("nhip.procedure.described", time, "1.001", procedure="1.001", **data)


def declared(bench: Bench, value: float, time: str = SENT) -> bytes:
    data = {"unit": UNIT, "figure": "certified_copy", "value": value, "from": "2026-01-01"}
    return bench.stored("nhip.unit.declared", time, f"{UNIT}/certified_copy/2026-01-01/", **data)


def dossier(bench: Bench) -> bytes:
    return bench.stored("received", SENT, unit="H01.06", procedure="1.001", due_at="2026-03-05")


def test_one_batch_holds_all_families() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(dossier(bench), petition(bench, "received"), described(bench, fee=True), declared(bench, 1))
    assert bench.count("received", "H01.06", "2026-03-02") == 1
    assert bench.count("petition_open", UNIT) == 1
    assert bench.count("procedure_public", "H01") == 1
    assert {name for name, table in bench.tables.items() if table} == set(bench.tables)


def test_a_petition_is_overdue_after_15_working_days_without_any_event() -> None:
    bench = Bench("2026-03-23T23:59:59.999999")
    bench.push(petition(bench, "received"))
    assert bench.count("petition_open_overdue", UNIT) == 0
    bench.wait_until("2026-03-24T00:00:00")
    assert bench.count("petition_open_overdue", UNIT, "2026-03-24") == 1
    assert bench.clock == at("2026-03-24T00:00:00")


def test_an_answer_that_is_not_published_in_two_working_days_was_late() -> None:
    bench = Bench("2026-03-06T12:00:00")
    bench.push(petition(bench, "received"), petition(bench, "answered", "2026-03-06T09:00:00+07:00"))
    assert bench.count("petition_closed_on_time", UNIT, "2026-03-06") == 1
    bench.wait_until("2026-03-11T00:00:00")
    assert (bench.count("petition_closed", UNIT), bench.count("petition_closed_on_time", UNIT)) == (1, 0)


def test_what_is_known_of_a_procedure_is_told_until_it_is_taken_back() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(described(bench, fee=True, services=3))
    assert decode_procedure(bench.notes(PROCEDURE)["1.001"]).attributes["services"] == 3
    bench.push(described(bench, "2026-03-02T09:00:00+07:00", paper_result=True))
    told = decode_procedure(bench.notes(PROCEDURE)["1.001"]).attributes
    assert (told["fee"], told["paper_result"], told["services"]) == (0, 1, 1)
    bench.push(bench.stored("nhip.procedure.voided", "2026-03-02T10:00:00+07:00", "1.001"))
    assert bench.notes(PROCEDURE) == {}
    assert bench.cube() == {}


def test_a_corrected_figure_replaces_the_former_one() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(declared(bench, 2.5, "2026-03-02T09:00:00+07:00"), declared(bench, 1))
    (row,) = bench.notes(FIGURE).values()
    assert decode_figure(row) == FigureRow(UNIT, "certified_copy", 2.5, 20454, None)


def test_every_family_tells_when_a_unit_was_last_heard_of() -> None:
    bench = Bench("2026-03-09T00:00:00")
    bench.push(petition(bench, "received"), declared(bench, 1, "2026-03-03T08:00:00+07:00"))
    assert {name: decode_moment(raw) for name, raw in bench.notes(LAST).items()} == {UNIT: at("2026-03-03T08:00:00")}


def test_a_rebuild_makes_rows_and_notes_of_all_families_anew() -> None:
    bench = Bench("2026-03-25T00:00:00", key_unit="H01")
    bench.push(dossier(bench), petition(bench, "received"), described(bench, fee=True), declared(bench, 1))
    cube, notes, figures = bench.cube(), bench.notes(PROCEDURE), bench.notes(FIGURE)
    bench.now = at("2026-03-03T00:00:00")
    bench.restart()
    assert bench.count("petition_open_overdue", UNIT) == 0
    bench.now = at("2026-03-25T00:00:00")
    bench.settle()
    assert (bench.cube(), bench.notes(PROCEDURE), bench.notes(FIGURE)) == (cube, notes, figures)
    for raw in list(bench.tables["indicator-days"]):
        if raw.startswith((b"0|procedure", b"0|figure")):
            bench.tables["indicator-days"][raw] = b"\x80"
    bench.tree = UnitTree([*TREE, Unit(code="H02", name="Khác")])
    bench.settle()
    assert (bench.notes(PROCEDURE), bench.notes(FIGURE)) == (notes, figures)


def test_a_unit_that_leaves_a_province_takes_its_figure_out_of_the_hands_of_its_key() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push(declared(bench, 1))
    moved = [Unit(code=unit.code, name=unit.name, kind=unit.kind) for unit in TREE]
    bench.tree = UnitTree(moved)
    bench.settle()
    assert bench.notes(FIGURE) == {}


def test_an_event_on_the_topic_of_another_family_is_poison() -> None:
    bench = Bench("2026-03-03T00:00:00")
    bench.push_records([Record("petition-events", 0, 0, b"H01.06-260301-0001", dossier(bench))])
    assert bench.cube() == {}
    assert len(bench.sent) == 1
