"""Moments and days: what is read, what is written, and that both are exact at every change of offset."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.moments import (
    DAY,
    SECOND,
    Zone,
    canonical,
    format_day,
    from_canonical,
    is_bare_date,
    parse_day,
    parse_moment,
)

HANOI = Zone("Asia/Ho_Chi_Minh")
NEW_YORK = Zone("America/New_York")
ZONES = [HANOI, NEW_YORK, Zone("UTC"), Zone("Pacific/Apia"), Zone("Africa/Monrovia")]

moments = st.integers(-2_208_988_800 * SECOND, 253_402_300_799 * SECOND)
zones = st.sampled_from(ZONES)


def utc(*parts: int) -> int:
    return int((datetime(*parts, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 07:00:00+07:00", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("1970-01-01T00:00:00.5Z", 500_000),
        ("1970-01-01T00:00:00.1234567999Z", 123_456),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("1970-01-01T23:59:00+23:59", 0),
        ("2026-03-12T08:00:00", utc(2026, 3, 12, 1)),
        ("2026-03-12T08:00:00+07:00", utc(2026, 3, 12, 1)),
        ("2024-02-29T00:00:00Z", utc(2024, 2, 29)),
        ("9999-12-31T23:59:59.999999Z", HANOI.last),
        ("9999-12-31T23:59:59-12:00", HANOI.last),
    ],
)
def test_a_moment_is_read_exactly(text: str, moment: int) -> None:
    assert parse_moment(text, HANOI) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "2026-03-12", "20260312T080000Z", "2026-W11-4T08:00:00Z", "2026-03-12T08:00Z", "2026-03-12T08Z",
        "2026-03-12T08:00:00,5Z", "2026-03-12T08:00:00.Z", "2026-03-12T08:00:00+7", "2026-03-12T08:00:00+0700",
        "2026-03-12T08:00:00+07:60", "2026-03-12T08:00:00+24:00", "2026-03-12T24:00:00Z", "2026-03-12T23:59:60Z",
        "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+07:00",
        "2026-03-12T08:00:00Z ", "2026-03-12T08:00:00Z\n", "２026-03-12T08:00:00Z", "+2026-03-12T08:00:00Z",
        "2026-03-12T08:00:00 +07:00", "1773277200", "2026-03-12T08:00:00Zulu",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse_moment(text, HANOI)
    assert repr(text) not in str(refused.value)


def test_the_attribute_time_needs_an_offset() -> None:
    assert parse_moment("1970-01-01T00:00:00Z", HANOI, needs_offset=True) == 0
    with pytest.raises(ValueError, match="offset"):
        parse_moment("1970-01-01T00:00:00", HANOI, needs_offset=True)


def test_of_two_local_times_the_first_counts() -> None:
    assert parse_moment("2026-11-01T01:30:00", NEW_YORK) == utc(2026, 11, 1, 5, 30)


@given(moments)
def test_canonical_texts_read_back_and_have_one_length(moment: int) -> None:
    text = canonical(moment)
    assert len(text) == 27
    assert from_canonical(text) == moment
    assert parse_moment(text, HANOI, needs_offset=True) == min(moment, HANOI.last)


@given(moments, moments)
def test_canonical_texts_sort_as_their_moments(one: int, other: int) -> None:
    assert (canonical(one) < canonical(other)) == (one < other)


@given(zones, moments)
def test_a_day_holds_its_moments_and_days_follow_each_other(zone: Zone, moment: int) -> None:
    day = zone.day(min(moment, zone.last))
    assert zone.start_of_day(day) <= min(moment, zone.last) <= zone.end_of_day(day)
    assert zone.day(zone.end_of_day(day)) == day
    if zone.end_of_day(day) < zone.last:
        assert zone.day(zone.end_of_day(day) + 1) > day


@given(zones, st.integers(-25_000, 80_000))
def test_offsets_agree_with_the_time_zone_database(zone: Zone, hours: int) -> None:
    moment = hours * 3_600 * SECOND
    expected = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hours)).astimezone(zone._info).utcoffset()
    assert zone.offset(moment) == expected / timedelta(microseconds=1)


@given(zones, moments)
def test_local_texts_name_the_moment(zone: Zone, moment: int) -> None:
    reachable = min(moment, zone.last)
    text = zone.format(reachable)
    if text[-3] == ":" and text[-6] in "+-":  # before standard time offsets had seconds
        assert parse_moment(text, HANOI) == min(reachable, HANOI.last)


def test_the_days_around_a_change_of_the_clocks_have_23_and_25_hours() -> None:
    for text, hours in (("2026-03-08", 23), ("2026-11-01", 25), ("2026-05-01", 24)):
        day = parse_day(text)
        assert NEW_YORK.end_of_day(day) + 1 - NEW_YORK.start_of_day(day) == hours * 3_600 * SECOND


def test_a_day_that_a_zone_skipped_is_empty() -> None:
    skipped = parse_day("2011-12-30")
    apia = Zone("Pacific/Apia")
    assert apia.day(apia.start_of_day(skipped - 1)) == skipped - 1
    assert apia.day(apia.end_of_day(skipped - 1) + 1) == skipped + 1


@given(st.integers(-700_000, 2_000_000))
def test_days_read_back(day: int) -> None:
    assert parse_day(format_day(day)) == day
    assert is_bare_date(format_day(day))


@pytest.mark.parametrize(
    "text", ["", "2026-3-1", "20260301", "2026-02-30", "2026-03-01T00:00:00Z", "0000-01-01", "２026-03-01"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_day(text)


@pytest.mark.parametrize("name", ["", "Hanoi", "Asia/Hanoi", "../etc/passwd", "+07:00", "/etc/localtime"])
def test_an_unknown_zone_is_named_in_the_error(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        Zone(name)


def test_the_last_moment_is_inside_the_calendar_of_every_zone() -> None:
    for zone in ZONES:
        assert zone.format(zone.last).startswith("9999-12-31")
        assert canonical(zone.last).startswith("9999-12-31")
        assert zone.end_of_day(zone.day(zone.last)) == zone.last
        assert zone.last > utc(9999, 12, 31) - DAY
