"""Periods and agencies as official papers name them."""

import pytest

from services.api.reports.model import UnitName
from services.api.reports.texts import texts_of
from services.api.reports.words import Words
from tests.unit.api.reports.made import STAMP, a_report

VI, EN = Words(texts_of("vi")), Words(texts_of("en"))
PROVINCE = UnitName("H01", "An Giang", "province")


@pytest.mark.parametrize(
    ("first", "last", "vi", "en"),
    [
        ("2026-03-01", "2026-03-31", "tháng 3 năm 2026", "March 2026"),
        ("2026-10-01", "2026-12-31", "quý IV năm 2026", "quarter IV of 2026"),
        ("2026-01-01", "2026-06-30", "6 tháng đầu năm 2026", "the first half of 2026"),
        ("2026-07-01", "2026-12-31", "6 tháng cuối năm 2026", "the second half of 2026"),
        ("2026-01-01", "2026-12-31", "năm 2026", "2026"),
        ("2026-03-12", "2026-03-12", "ngày 12/03/2026", "12 Mar 2026"),
        ("2026-08-01", "2026-09-12", "từ ngày 01/08/2026 đến ngày 12/09/2026", "1 Aug 2026 to 12 Sep 2026"),
        (None, "2026-09-12", "đến hết ngày 12/09/2026", "all days up to 12 Sep 2026"),
    ],
)
def test_periods_have_the_names_that_offices_use(first, last, vi, en):
    assert (VI.period(first, last), EN.period(first, last)) == (vi, en)


def test_a_named_period_says_its_days_as_well_and_others_say_them_once():
    assert VI.period_with_days("2026-01-01", "2026-03-31") == "quý I năm 2026 (từ ngày 01/01/2026 đến ngày 31/03/2026)"
    assert VI.period_with_days("2026-08-01", "2026-09-12") == "từ ngày 01/08/2026 đến ngày 12/09/2026"


@pytest.mark.parametrize(
    ("unit", "parent", "lines"),
    [
        (PROVINCE, None, ("ỦY BAN NHÂN DÂN TỈNH AN GIANG", "VĂN PHÒNG")),
        (UnitName("H13", "Thành phố Cần Thơ", "province"), None, ("ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ", "VĂN PHÒNG")),
        (UnitName("H01.06", "Sở Nội vụ", "department"), PROVINCE, ("ỦY BAN NHÂN DÂN TỈNH AN GIANG", "SỞ NỘI VỤ")),
        (UnitName("H01.187", "Xã Ba Chúc", "commune"), PROVINCE, ("ỦY BAN NHÂN DÂN", "XÃ BA CHÚC")),
        (UnitName("G01", "Bộ Nội vụ", "ministry"), None, ("", "BỘ NỘI VỤ")),
    ],
)
def test_the_heading_names_the_agency_above_and_the_one_that_reports(unit, parent, lines):
    assert VI.agency(unit, parent) == lines


def test_a_period_that_is_over_counts_up_to_its_last_day_another_up_to_now():
    assert VI.until("2026-03-31", STAMP) == "hết ngày 31/03/2026"
    assert VI.until("2026-06-30", STAMP) == "12 giờ 00 phút ngày 01/04/2026"


def test_how_points_are_made_is_told_in_words():
    lines = a_report().lines
    assert VI.points(lines["2.1"]) == "20 × tỷ lệ"
    assert VI.points(lines["5.4"]) == "6 × tỷ lệ, đủ điểm từ 90\u00a0%"
    assert VI.points(lines["2.2"]) == "chỉ để phân tích"
    assert EN.points(lines["4.6"]) == "2 points for every unit"


def test_both_languages_have_all_texts():
    assert set(texts_of("vi")) == set(texts_of("en"))
