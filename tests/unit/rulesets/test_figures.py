"""Which share of a yearly figure a period takes."""

import pytest

from schemas.periods import Period, parse_period
from schemas.rulesets.figures import LAST_YEAR, of_last_year, periods_a_year


@pytest.mark.parametrize(
    ("period", "shares"),
    [
        ("2026-02", 12),
        ("2024-02", 12),
        ("2026-12", 12),
        ("2026-Q1", 4),
        ("2026-Q4", 4),
        ("2026", 1),
        ("9999", 1),
        ("2026-H1", None),  # the document names months, quarters and years
        ("2026-W11", None),
        ("2026-03-01", None),
    ],
)
def test_a_yearly_figure_is_shared_by_months_quarters_and_years_only(period: str, shares: int | None) -> None:
    assert periods_a_year(parse_period(period, 0)) == shares


def test_other_days_take_no_share() -> None:
    march, may = parse_period("2026-03", 0), parse_period("2026-05", 0)
    for days in (
        Period(None, march.last),
        Period(march.first, march.last - 1),
        Period(march.first, may.last),  # three months, but no quarter
    ):
        assert periods_a_year(days) is None


def test_a_figure_of_last_year_is_asked_for_by_a_name_that_no_figure_has() -> None:
    assert of_last_year("national_report_received").removeprefix(LAST_YEAR) == "national_report_received"
