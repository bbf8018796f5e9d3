"""The unit tree of a day laid out in a row."""

import numpy as np
import pytest

from schemas.moments import parse_day
from schemas.units import Unit, UnitTree
from services.api.cube.order import COUNTRY, Orders, TreeOrder

TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.1", name="Xã Một", kind="commune", parent="H01", valid_to="2025-06-30", successor="H01.2"),
        Unit(code="H01.2", name="Xã Hai", kind="commune", parent="H01"),
        Unit(code="H33", name="Kiên Giang", kind="province", valid_to="2025-06-30", successor="H01"),
        Unit(code="H33.1", name="Xã Ba", kind="commune", parent="H33"),
        Unit(code="H33.2", name="Xã Bốn", kind="commune", parent="H33", valid_to="2025-06-30", successor="H01.1"),
        Unit(code="H33.3", name="Sở Cũ", kind="department", parent="H33", valid_to="2025-06-30"),
        Unit(code="H05", name="Bắc Ninh", kind="province", valid_from="2026-01-01"),
    ]
)
BEFORE, AFTER, LATER = (TreeOrder(TREE, parse_day(day)) for day in ("2025-06-30", "2025-07-01", "2026-01-01"))


def stretch(order: TreeOrder, code: str, ends: np.ndarray) -> list[str]:
    place = order.places[code]
    return order.codes[place : ends[place]]


def test_before_a_merger_every_unit_stands_where_it_lies():
    assert BEFORE.codes == [COUNTRY, "H01", "H01.1", "H01.2", "H33", "H33.1", "H33.2", "H33.3", "H05"]
    assert stretch(BEFORE, "H33", BEFORE.ends) == ["H33", "H33.1", "H33.2", "H33.3"]
    assert (BEFORE.own_ends == np.arange(9) + 1).all()
    assert BEFORE.children(COUNTRY) == ["H01", "H33"]


def test_after_it_the_heir_holds_what_it_absorbed_and_what_lay_below_that():
    assert AFTER.codes == [COUNTRY, "H01", "H33", "H01.2", "H01.1", "H33.2", "H33.1", "H33.3", "H05"]
    assert stretch(AFTER, "H01", AFTER.ends) == AFTER.codes[1:8]
    assert stretch(AFTER, "H01", AFTER.own_ends) == ["H01", "H33"]
    assert stretch(AFTER, "H01.2", AFTER.own_ends) == ["H01.2", "H01.1", "H33.2"]  # by way of another that ended
    assert AFTER.absorbed_by("H01.2") == ["H01.1", "H33.2"]
    assert AFTER.codes[AFTER.parents[AFTER.places["H33.2"]]] == "H01.2"
    assert (AFTER.parent_of("H33.1"), AFTER.parent_of("H33")) == ("H01", None)


def test_an_absorbed_unit_keeps_its_own_rows_alone():
    for ends in (AFTER.ends, AFTER.own_ends):
        assert stretch(AFTER, "H33", ends) == ["H33"]
    assert AFTER.children("H33") == []


def test_only_units_in_force_that_no_other_took_over_are_listed():
    def listed(order: TreeOrder) -> list[str]:
        return [order.codes[place] for place in np.flatnonzero(order.listed)]

    assert listed(BEFORE) == ["H01", "H01.1", "H01.2", "H33", "H33.1", "H33.2", "H33.3"]
    assert listed(AFTER) == ["H01", "H01.2", "H33.1"]
    assert listed(LATER) == ["H01", "H01.2", "H33.1", "H05"]
    assert [AFTER.codes[place] for place in np.flatnonzero(AFTER.ended)] == ["H33", "H01.1", "H33.2", "H33.3"]
    before = AFTER.numbers_of("commune")
    assert before[AFTER.ends[AFTER.places["H01"]]] - before[AFTER.places["H01"]] == 2


def test_the_country_is_above_all_and_in_no_list():
    assert (AFTER.places[COUNTRY], AFTER.ends[0], AFTER.own_ends[0], AFTER.parents[0]) == (0, len(AFTER.codes), 1, -1)
    assert (AFTER.unit_at(0).code, AFTER.kinds[0]) == (COUNTRY, "country")
    assert not AFTER.listed[0]
    assert AFTER.children(COUNTRY) == ["H01"]
    assert TreeOrder(UnitTree(), 0).codes == [COUNTRY]


def test_a_unit_lies_in_the_nearest_of_a_kind_which_for_an_absorbed_one_is_its_heirs():
    provinces = {
        code: AFTER.codes[place] for code, place in zip(AFTER.codes[1:], AFTER.lies_in("province")[1:], strict=True)
    }
    assert provinces == {"H33": "H33", "H05": "H05"} | dict.fromkeys(
        ["H01", "H01.1", "H01.2", "H33.1", "H33.2", "H33.3"], "H01"
    )
    assert AFTER.lies_in("province")[0] == -1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1990-01-01", "2025-06-30", True),
        ("2025-06-30", "2025-07-01", False),
        ("2025-07-01", "2025-12-31", True),
        ("2025-12-31", "2026-01-01", False),
        ("2026-01-01", "2099-01-01", True),
    ],
)
def test_days_between_two_borders_of_validity_share_one_order(one: str, other: str, *, same: bool):
    orders = Orders(TREE)
    assert (orders.on(parse_day(one)) is orders.on(parse_day(other))) is same
