"""The unit tree."""

import pytest

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
    assert not TREE.may_speak("H01.06", "H01.05")
    assert not TREE.may_speak("H01", "H99")
    assert not TREE.may_speak("H99", "H99")


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


def test_a_code_of_35_characters_is_taken() -> None:
    assert "A" * 35 in UnitTree([Unit(code="A" * 35, name="x")])
