"""The unit tree."""

import pytest

from schemas.moments import parse_day
from schemas.units import Unit, UnitTree, UnitTreeError

TREE = UnitTree(
    [
        Unit(code="H01.06.1", name="Thôn", parent="H01.06"),  # before its parent: the order of a file is free
        Unit(code="H01", name="An Giang", kind="province", aliases=("AG",), valid_from="2025-07-01"),
        Unit(code="H01.06", name="Xã Một", parent="H01"),
        Unit(code="H01.05", name="Xã Hai", parent="H01", successor="H01.06"),
        Unit(code="000.00.06.H01", name="Giữ mã cũ", parent="H01"),
    ]
)


def test_codes_resolve_as_they_stand_before_they_are_turned_round() -> None:
    assert TREE.resolve("H01.06") == "H01.06"
    assert TREE.resolve("000.00.05.H01") == "H01.05"
    assert TREE.resolve("000.00.06.H01") == "000.00.06.H01"
    assert TREE.resolve("000.00.07.H01") is None
    assert TREE.resolve("") is None


def test_a_subject_names_its_unit_by_its_left_part() -> None:
    assert TREE.of_subject("H01.06-260312-0042") == "H01.06"
    assert TREE.of_subject("000.00.05.H01-1") == "H01.05"
    assert TREE.of_subject("260312-0042") is None


def test_a_unit_speaks_for_itself_and_those_below() -> None:
    assert TREE.may_speak("H01", "H01")
    assert TREE.may_speak("H01", "H01.06.1")
    assert not TREE.may_speak("H01.06", "H01")
    assert not TREE.may_speak("H01.05", "H01.06")
    assert not TREE.may_speak("H01", "H99")
    assert not TREE.may_speak("H99", "H99")


def test_a_successor_and_those_above_it_speak_for_the_unit_that_it_took_over() -> None:
    tree = UnitTree(
        [
            Unit(code="H33", name="Kiên Giang", valid_to="2025-06-30", successor="H01"),
            Unit(code="H33.1", name="Xã Cũ", parent="H33", valid_to="2025-06-30", successor="H01.2"),
            Unit(code="H33.2", name="Xã Khác", parent="H33"),
            Unit(code="H01", name="An Giang"),
            Unit(code="H01.2", name="Xã Mới", parent="H01"),
        ]
    )
    assert tree.line("H33.1") == {"H33.1", "H33", "H01.2", "H01"}
    assert tree.line("H33.2") == {"H33.2", "H33", "H01"}  # its province was taken over
    assert tree.line("H01.2") == {"H01.2", "H01"}  # not the other way round


def test_the_tree_is_walked_in_the_given_order() -> None:
    assert [unit.code for unit in TREE.children(None)] == ["H01"]
    assert TREE.subtree("H01") == ["H01", "H01.06", "H01.05", "000.00.06.H01", "H01.06.1"]
    assert TREE.line("H01.06.1") == {"H01.06.1", "H01.06", "H01"}
    assert TREE.line("H99") == frozenset()


def test_a_tree_reads_back() -> None:
    again = UnitTree.from_json(TREE.to_json())
    assert list(again) == list(TREE)
    assert again.to_json() == TREE.to_json()
    assert len(UnitTree.from_json(UnitTree().to_json())) == 0


@pytest.mark.parametrize(
    ("units", "at_fault"),
    [
        ([("A", None), ("A", None)], "A"),
        ([("A", "B")], "A"),
        ([("A", "A")], "A"),
        ([("A", "B"), ("B", "C"), ("C", "A")], "A"),
        ([("", None)], ""),
        ([("A" * 36, None)], "A" * 36),
    ],
)
def test_what_is_no_tree_is_refused_with_the_unit_at_fault(units: list[tuple[str, str | None]], at_fault: str) -> None:
    with pytest.raises(UnitTreeError) as refused:
        UnitTree(Unit(code=code, name="x", parent=parent) for code, parent in units)
    assert refused.value.code == at_fault


def test_a_successor_must_be_in_the_tree() -> None:
    with pytest.raises(UnitTreeError, match="successor"):
        UnitTree([Unit(code="A", name="x", successor="B")])


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ({"A": (None, "A")}, "unit 'A' comes after itself"),
        ({"B": (None, "C"), "C": (None, "D"), "D": (None, "B")}, "unit 'B' comes after itself"),
        ({"A": (None, "B"), "B": ("A", None)}, "unit 'A' has a successor that lies below it"),
        ({"A": (None, "C"), "B": ("A", None), "C": ("B", None)}, "unit 'A' has a successor that lies below it"),
    ],
)
def test_successors_lead_neither_in_circles_nor_down(
    links: dict[str, tuple[str | None, str | None]], said: str
) -> None:
    with pytest.raises(UnitTreeError, match=said) as refused:
        UnitTree(Unit(code=code, name="x", parent=up, successor=on) for code, (up, on) in links.items())
    assert refused.value.code == next(iter(links))


@pytest.mark.parametrize("days", [("2026-03-02", "2026-03-01"), ("2026-02-30", None), (None, "1/3/2026")])
def test_a_validity_that_no_calendar_has_is_refused(days: tuple[str | None, str | None]) -> None:
    with pytest.raises(UnitTreeError) as refused:
        UnitTree([Unit(code="A", name="x"), Unit(code="B", name="x", valid_from=days[0], valid_to=days[1])])
    assert refused.value.code == "B"


MERGED = UnitTree(
    [
        Unit(code="old", name="x", valid_to="2025-06-30", successor="new"),
        Unit(code="new", name="x", valid_from="2025-07-01", valid_to="2026-06-30", successor="newer"),
        Unit(code="newer", name="x", valid_from="2026-07-01"),
        Unit(code="gone", name="x", valid_to="2025-06-30"),
        Unit(code="never", name="x", successor="newer"),
        Unit(code="planned", name="x", successor="newer", valid_to="9999-12-31"),
    ]
)


@pytest.mark.parametrize(
    ("code", "day", "heir", "in_force"),
    [
        ("old", "2025-06-30", "old", True),
        ("old", "2025-07-01", "new", False),
        ("old", "2026-06-30", "new", False),
        ("old", "2026-07-01", "newer", False),
        ("new", "2025-06-30", "new", False),
        ("new", "2025-07-01", "new", True),
        ("newer", "2025-07-01", "newer", False),
        ("gone", "2025-07-01", "gone", False),
        ("never", "1990-01-01", "newer", False),
        ("planned", "2026-07-01", "planned", True),
    ],
)
def test_from_the_day_after_its_last_a_unit_counts_for_its_successor(
    code: str, day: str, heir: str, *, in_force: bool
) -> None:
    assert MERGED.heir(code, parse_day(day)) == heir
    assert MERGED.in_force(code, parse_day(day)) is in_force
    assert not (in_force and MERGED.has_ended(code, parse_day(day)))


def test_between_two_borders_of_validity_nothing_changes() -> None:
    assert MERGED.borders == [parse_day("2025-07-01"), parse_day("2026-07-01"), parse_day("9999-12-31") + 1]
    assert UnitTree([Unit(code="A", name="x")]).borders == []


def test_a_code_of_35_characters_is_taken() -> None:
    assert "A" * 35 in UnitTree([Unit(code="A" * 35, name="x")])
