"""Figures as each language writes them."""

from services.api.page.figures import NO_DATA, Figures

VI, EN = Figures("vi"), Figures("en")


def test_numbers_are_written_as_the_language_does():
    assert (VI.count(1_234_567), EN.count(1_234_567)) == ("1.234.567", "1,234,567")
    assert (VI.count(37.41935), EN.count(37.5)) == ("37,4194", "37.5")
    assert (VI.points(1234.5), EN.points(1234.5)) == ("1.234,50", "1,234.50")
    assert (VI.most(20), VI.most(2.5), EN.most(2.5)) == ("20", "2,5", "2.5")
    assert (VI.percent(0.7404), EN.percent(0.7404)) == ("74,04\u00a0%", "74.04%")
    assert (VI.change(-0.25), EN.change(0.25)) == ("−0,25", "+0.25")
    assert (VI.duration(129_600, "ngày"), EN.duration(129_600, "days")) == ("1,50 ngày", "1.50 days")


def test_days_and_moments_are_written_as_the_language_does():
    assert (VI.day("2026-03-12"), EN.day("2026-03-02")) == ("12/03/2026", "2 Mar 2026")
    assert (VI.step("2026-03-01", "month"), EN.step("2026-03-01", "month")) == ("03/2026", "Mar 2026")
    assert VI.days("2026-01-01", "2026-03-31") == "01/01/2026 – 31/03/2026"
    assert VI.days("2026-01-01", "2026-01-01") == "01/01/2026"
    assert VI.days(None, "2026-01-01") == "… – 01/01/2026"
    assert VI.moment("2026-03-12T08:09:10.123456+07:00") == "08:09:10 12/03/2026"


def test_what_is_not_there_is_never_a_zero():
    for write in (VI.count, VI.points, VI.percent, VI.change, VI.day, VI.moment):
        assert write(None) == NO_DATA
