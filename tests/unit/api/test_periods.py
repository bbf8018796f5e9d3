"""Every form of a period, and what is no period."""

import pytest

from schemas.moments import parse_day
from schemas.periods import FORMS, Period, PeriodError, between, parse_period, year_to_date

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
    ],
)
def test_each_form_means_its_days(text, first, last):
    assert parse_period(text, TODAY) == days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "26", "0000", "2026-3", " 2026", "2026\n", "２０２６", "last-31-days"),
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
