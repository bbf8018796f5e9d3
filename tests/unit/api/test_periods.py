"""Every form of a period, and what is no period."""

from itertools import pairwise

import pytest

from schemas.moments import parse_day
from schemas.periods import (
    FORMS,
    STEPS,
    Period,
    PeriodError,
    between,
    parse_period,
    preceding,
    steps,
    year_earlier,
    year_to_date,
)

TODAY = parse_day("2026-03-12")


def days(first: str, last: str) -> Period:
    return Period(parse_day(first), parse_day(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-12", "2026-03-12", "2026-03-12"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-W11", "2026-03-09", "2026-03-15"),
        ("2026-w01", "2025-12-29", "2026-01-04"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("last-30-days", "2026-02-11", "2026-03-12"),
        ("LAST-1-days", "2026-03-12", "2026-03-12"),
        ("last-9999-days", "1998-10-27", "2026-03-12"),
    ],
)
def test_each_form_means_its_days(text, first, last):
    assert parse_period(text, TODAY) == days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "now",
            "26",
            "0000",
            "2026-3",
            " 2026",
            "2026\n",
            "２０２６",
            "last-0-days",
            "last-x-days",
            "last-10000-days",
        ),
        *("2026-13", "2026-00", "2026-02-30", "2026-W54", "2025-W53", "2026-W00", "9999-W53"),
        *("2026-Q5", "2026-Q0", "2026-H3", "2026-Q1-Q2"),
    ],
)
def test_what_is_no_period_is_refused_in_few_words(text):
    with pytest.raises(PeriodError) as caught:
        parse_period(text, TODAY)
    assert len(str(caught.value)) < 300


def test_an_endless_text_is_not_quoted():
    with pytest.raises(PeriodError) as caught:
        parse_period("x" * 99_999, TODAY)
    assert len(str(caught.value)) < 300


def test_the_examples_of_the_forms_are_read():
    for form in FORMS:
        parse_period(form.partition(" ")[0], TODAY)


def test_two_days_make_a_period_each_may_be_left_out():
    assert between("2026-01-01", "2026-03-31", TODAY) == days("2026-01-01", "2026-03-31")
    assert between(None, "2026-03-31", TODAY) == Period(None, parse_day("2026-03-31"))
    assert between("2026-01-01", None, TODAY) == days("2026-01-01", "2026-03-12")
    assert between("2026-03-12", "2026-03-12", TODAY) == days("2026-03-12", "2026-03-12")


@pytest.mark.parametrize(("first", "last"), [("2026-03-13", None), ("2026-02-01", "2026-01-31"), ("yesterday", None)])
def test_a_period_that_ends_before_it_begins_or_has_no_days_is_refused(first, last):
    with pytest.raises(PeriodError):
        between(first, last, TODAY)


def test_without_a_period_the_year_to_date_is_meant():
    assert year_to_date(TODAY) == days("2026-01-01", "2026-03-12")
    assert parse_period("2026", TODAY).to_json() == {"from": "2026-01-01", "to": "2026-12-31"}


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-03-12", "2026-03-11"),
        ("2026-W01", "2025-W52"),
        ("2026-03", "2026-02"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-H2", "2026-H1"),
        ("2026", "2025"),
    ],
)
def test_before_a_period_lies_the_one_of_its_kind(period, before):
    assert preceding(parse_period(period, TODAY)) == parse_period(before, TODAY)


def test_before_other_days_lie_as_many_days():
    assert preceding(days("2026-01-01", "2026-03-12")) == days("2025-10-22", "2025-12-31")
    assert preceding(parse_period("last-30-days", TODAY)) == days("2026-01-12", "2026-02-10")
    assert preceding(days("2026-02-01", "2026-04-30")) == days(
        "2025-11-04", "2026-01-31"
    )  # three months, but no quarter


def test_nothing_lies_before_since_ever_or_before_the_calendar():
    assert preceding(Period(None, TODAY)) is None
    assert preceding(days("0001-01-01", "2026-03-12")) is None
    assert preceding(parse_period("0001", TODAY)) is None


@pytest.mark.parametrize("step", STEPS)
def test_the_steps_of_a_period_are_its_days_without_gap_or_overlap(step):
    period = days("2025-12-30", "2026-03-12")
    cut = steps(period, step)
    assert (cut[0].first, cut[-1].last) == (period.first, period.last)
    assert all(one.last + 1 == other.first for one, other in pairwise(cut))


def test_weeks_begin_on_mondays_and_months_on_their_first():
    period = days("2025-12-30", "2026-03-12")
    assert steps(period, "month") == [
        days("2025-12-30", "2025-12-31"),
        parse_period("2026-01", TODAY),
        parse_period("2026-02", TODAY),
        days("2026-03-01", "2026-03-12"),
    ]
    assert steps(period, "week")[:2] == [days("2025-12-30", "2026-01-04"), parse_period("2026-W02", TODAY)]
    assert len(steps(period, "day")) == 73


def test_what_has_no_first_day_or_is_no_step_cannot_be_cut():
    with pytest.raises(PeriodError):
        steps(Period(None, TODAY), "day")
    with pytest.raises(PeriodError):
        steps(days("2026-01-01", "2026-03-12"), "hour")


@pytest.mark.parametrize(
    ("period", "before"),
    [("2026", "2025"), ("2026-H2", "2025-H2"), ("2026-Q1", "2025-Q1"), ("2024-02", "2023-02"), ("2025-02", "2024-02")],
)
def test_a_year_earlier_a_month_quarter_half_or_year_is_whole_again(period: str, before: str):
    assert year_earlier(parse_period(period, TODAY)) == parse_period(before, TODAY)


def test_a_year_earlier_other_days_are_the_same_days():
    assert year_earlier(days("2026-01-01", "2026-10-10")) == days("2025-01-01", "2025-10-10")
    assert year_earlier(days("2024-02-29", "2024-03-05")) == days("2023-02-28", "2023-03-05")
    assert year_earlier(Period(None, TODAY)) is None
    assert year_earlier(days("0001-01-01", "0001-12-31")) is None
