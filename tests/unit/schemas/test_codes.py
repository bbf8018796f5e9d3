"""How codes are read."""

import pytest

from schemas.codes import REASONS, left_part, reason_code, turned_round


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.17.H21", "H21.17"),
        ("000.00.00.H10", "H10"),
        ("000.00.06.H01", "H01.06"),
        ("000.12.17.H21", "H21.17.12"),
        ("003.12.17.H21", "H21.17.12.003"),
        ("000.00.123.G09", "G09.123"),
    ],
)
def test_old_style_codes_are_turned_round(old: str, new: str) -> None:
    assert turned_round(old) == new


@pytest.mark.parametrize(
    "code", ["H21.17", "H21", "", "000.00.17.h21", "00.00.17.H21", "000.00.17.H21 ", "000.00.17.H211", "x"]
)
def test_other_codes_are_not_old_style(code: str) -> None:
    assert turned_round(code) is None


@pytest.mark.parametrize(
    ("subject", "left"),
    [("H01.06-260312-0042", "H01.06"), ("000.00.06.H01-1", "000.00.06.H01"), ("x", "x"), ("-1", ""), ("a-b-c", "a")],
)
def test_the_left_part_ends_before_the_first_hyphen(subject: str, left: str) -> None:
    assert left_part(subject) == left


def test_a_reason_is_a_code_or_other() -> None:
    assert {reason_code(code) for code in REASONS} == REASONS
    assert reason_code("ông A đi vắng") == "other"
    assert reason_code("") == "other"
    assert reason_code(None) is None
