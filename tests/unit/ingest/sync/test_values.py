"""Values and dates as senders write them."""

import pytest

from schemas.events import Rejected
from services.ingest.sync.dates import Dates
from services.ingest.sync.values import Filled, amount, choice, flag, items, number, text
from tests.unit.ingest.sync.mapping import ZONE

DATES = Dates(ZONE)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_empty_null_and_missing_are_the_same(value) -> None:
    assert (text(value), number(value), amount(value), flag(value), DATES.moment("x", value)) == (None,) * 3 + (
        False,
        None,
    )
    assert not Filled(value)


@pytest.mark.parametrize(
    ("value", "read"), [("4", 4), (4, 4), (4.0, 4), (" 04 ", 4), (True, 1), ("four", -1), ("4.5", -1)]
)
def test_a_number_of_a_code_list_may_be_a_text(value, read: int) -> None:
    assert number(value) == read


@pytest.mark.parametrize("value", [True, 1, "1", "true", "True", "TRUE", 1.0])
def test_a_flag_is_set_by_1_or_true(value) -> None:
    assert flag(value)


@pytest.mark.parametrize("value", [False, 0, "0", "false", "False", "2", "yes"])
def test_a_flag_is_not_set_by_anything_else(value) -> None:
    assert not flag(value)


@pytest.mark.parametrize(
    ("value", "vnd"),
    [("50000", 50000), (50000, 50000), (50000.0, 50000), ("50.000", 50000), ("1,250,000", 1250000), ("50000.00", 50000),
     (0, 0), ("0", 0), ("free", None), ("-5", None), (-5, None), ("50.000 đ", None), ("9" * 400, None), (1e300, None)],
)  # fmt: skip
def test_an_amount_may_be_grouped(value, vnd: float | None) -> None:
    assert amount(value) == vnd


def test_a_number_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(Rejected, match="KenhThucHien"):
        choice("KenhThucHien", "9", {1: "onsite"})


def test_one_entry_may_stand_without_its_list_and_a_text_is_none() -> None:
    assert items("x", {"a": 1}) == [{"a": 1}]
    assert items("x", "") == items("x", None) == []
    with pytest.raises(Rejected, match="list"):
        items("x", "Nguyễn Văn A")


@pytest.mark.parametrize(
    "value",
    ["20260312080000", 20260312080000, "2026-03-12T08:00:00", "2026-03-12 08:00:00", "2026-03-12T08:00",
     "2026-03-12T08:00:00+07:00", "2026-03-12T08:00:00+0700", "2026-03-12T01:00:00Z", "2026-03-12T01:00:00.0000000Z",
     "12/03/2026 08:00:00", "12/3/2026 8:00:00", "12/03/2026 08:00", " 20260312080000 ", "202603120800"],
)  # fmt: skip
def test_a_moment_may_have_four_forms(value) -> None:
    moment = DATES.moment("x", value)
    assert moment is not None
    assert DATES.digits(moment) == "20260312080000"


@pytest.mark.parametrize("value", ["20260312", 20260312, "2026-03-12", "12/03/2026"])
def test_a_day_alone_is_its_start_and_as_a_due_moment_the_day(value) -> None:
    moment = DATES.moment("x", value)
    assert moment is not None
    assert DATES.digits(moment) == "20260312000000"
    assert DATES.due("x", value) == "2026-03-12"


@pytest.mark.parametrize(
    "value", ["20260312000000", "2026-03-12T00:00:00", "2026-03-11T17:00:00Z", "12/03/2026 00:00:00"]
)
def test_midnight_as_a_due_moment_means_the_day(value: str) -> None:
    assert DATES.due("x", value) == "2026-03-12"


def test_a_due_moment_with_a_time_stays_one() -> None:
    assert DATES.due("x", "20260312170000") == "2026-03-12T17:00:00"


@pytest.mark.parametrize(
    "value",
    ["Nguyễn Văn A", "20260230", "2026-3-12", "20261312080000", "12/03/26", "20260312 08:00", "2026031208", "٢٠٢٦٠٣١٢"],
)
def test_what_is_no_date_is_refused_without_a_quote(value: str) -> None:
    with pytest.raises(Rejected) as caught:
        DATES.moment("NgayTra", value)
    assert caught.value.code == "bad_moment"
    assert caught.value.detail.startswith("NgayTra: ")
    assert value not in caught.value.detail
