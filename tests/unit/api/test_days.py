"""Which days get a column."""

import numpy as np

from services.api.cube.days import GAP, DayAxis


def test_one_wrong_date_long_ago_costs_one_column():
    axis = DayAxis()
    axis.add([20_000, 20_001])
    axis.add([-23_000])
    assert len(axis) == 1 + 3


def test_small_gaps_are_filled_so_that_days_in_any_order_seldom_move_columns():
    axis = DayAxis()
    axis.add([20_000])
    axis.add([20_000 + GAP])
    assert len(axis) == 1 + GAP + 1
    assert axis.add(range(20_000, 20_000 + GAP)) is None


def test_each_new_column_says_which_old_one_it_continues():
    axis = DayAxis()
    axis.add([100, 200])
    continued = axis.add([50, 101, 300])
    assert continued.tolist() == [0, 0, 1, 1, 2, 2]
    assert axis.columns(np.array([50, 100, 101, 200, 300])).tolist() == [1, 2, 3, 4, 5]


def test_a_day_without_a_column_reads_the_last_one_before_it():
    axis = DayAxis()
    axis.add([100, 200])
    assert [axis.column(day) for day in (None, 99, 100, 150, 200, 9_999)] == [0, 0, 1, 1, 2, 2]
