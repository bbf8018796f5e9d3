"""The notice: who is named, and what is only summed up."""

from services.api.reports.notice import NAMED, notice_of
from tests.unit.api.reports.made import STAMP, a_lateness


def test_units_without_late_dossiers_are_not_named():
    text = notice_of(a_lateness(("Xã Ba Chúc", 2, 1), ("Xã Tốt", 0, 0)), STAMP, "vi")
    assert "1. Xã Ba Chúc: 2 / 1" in text
    assert "Xã Tốt" not in text


def test_of_many_units_the_worst_are_named_and_the_others_summed_up():
    text = notice_of(a_lateness(*((f"Xã {place}", 2, 1) for place in range(NAMED + 3))), STAMP, "vi")
    assert f"{NAMED}. Xã {NAMED - 1}: 2 / 1" in text
    assert f"Xã {NAMED}:" not in text
    assert "… và 3 mục khác, tổng cộng 6 / 3." in text


def test_it_asks_of_the_worst_unit_and_field():
    text = notice_of(a_lateness(("Xã Ba Chúc", 2, 1)), STAMP, "vi")
    assert "trước hết là Xã Ba Chúc" in text
    assert "nhất là lĩnh vực Hộ tịch" in text
    assert "above all in the sector Hộ tịch" in notice_of(a_lateness(("Xã Ba Chúc", 2, 1)), STAMP, "en")


def test_where_nothing_is_late_it_says_so_and_asks_for_nothing():
    text = notice_of(a_lateness(("Xã Tốt", 0, 0)), STAMP, "vi")
    assert "không có hồ sơ đã xử lý trễ" in text
    assert "Đề nghị" not in text
