import pytest

from schemas.calendar import DEFAULT_HOURS, WorkingHours, hours_of_units
from schemas.moments import SECOND


def test_offices_are_open_eight_hours_from_seven_to_five_unless_something_else_is_said():
    assert DEFAULT_HOURS.text == "07:00-11:30,13:30-17:00"
    assert DEFAULT_HOURS.total == 8 * 3600 * SECOND


def test_hours_are_equal_however_they_are_spaced():
    assert WorkingHours(" 07:00 - 11:30 , 13:30-17:00 ") == DEFAULT_HOURS


@pytest.mark.parametrize("text", ["00:00-24:00", "07:00-11:30", "07:00-09:00,09:00-11:00"])
def test_blocks_may_fill_the_day_and_touch(text: str):
    assert WorkingHours(text).text == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a block"),
        ("7:00-11:30", "not a block"),
        ("07:00-11:30,", "not a block"),
        ("07:00-11:60", "not a block"),
        ("17:00-07:00", "ends before it begins"),
        ("07:00-07:00", "ends before it begins"),
        ("07:00-24:30", "ends after 24:00"),
        ("13:30-17:00,07:00-11:30", "07:00 lies before the end of the block before"),
        ("07:00-12:00,11:30-17:00", "11:30 lies before the end of the block before"),
    ],
)
def test_what_are_no_hours_is_refused_with_the_reason(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        WorkingHours(text)


def test_units_may_have_hours_of_their_own():
    assert hours_of_units("") == {}
    own = hours_of_units(" H01.187 = 07:30-11:30,13:00-17:00; H29=08:00-12:00; ")
    assert {unit: hours.text for unit, hours in own.items()} == {
        "H01.187": "07:30-11:30,13:00-17:00",
        "H29": "08:00-12:00",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("08:00-12:00", "is not a unit with its hours"),
        ("=08:00-12:00", "is not a unit with its hours"),
        ("H29=", "not a block"),
        ("H29=08:00-12:00;H29=08:00-12:00", "H29 has its hours twice"),
    ],
)
def test_what_are_no_hours_of_units_is_refused_with_the_reason(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        hours_of_units(text)
