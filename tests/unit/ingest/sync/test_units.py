"""Which unit handles a dossier: `DonViXuLy` and the left part of `MaHoSo`."""

import unicodedata

import pytest

from services.ingest.sync.batch import DOSSIERS
from tests.unit.ingest.sync.mapping import RECORD, dossier, refused


def where(subject: str, unit: str | None, key: str = "H01") -> tuple[str, str | None]:
    data = dossier({"unit": key}, MaHoSo=subject, DonViXuLy=unit)["received"]
    return data["unit"], data.get("intake_unit")


def test_a_known_code_goes_first_and_the_left_part_is_where_it_was_handed_in() -> None:
    assert where("H01.187-1", "H01.06") == ("H01.06", "H01.187")
    assert where("H01.06-1", "H01.06") == ("H01.06", None)
    assert where("x-1", "000.00.06.H01") == ("H01.06", None)


def test_then_the_left_part_of_the_code_in_either_style() -> None:
    assert where("H01.187-1", "Sở Xây dựng") == ("H01.187", None)
    assert where("000.00.06.H01-1", None) == ("H01.06", None)


@pytest.mark.parametrize(
    "name",
    ["Sở Xây dựng", "SỞ XÂY DỰNG", " sở  xây dựng ", unicodedata.normalize("NFD", "Sở Xây dựng"), "SXD", "sở xd tỉnh"],
)
def test_then_a_name_or_alias_of_one_unit_under_the_key(name: str) -> None:
    assert where("x-1", name) == ("H01.06", None)


def test_a_name_that_others_bear_elsewhere_is_still_that_of_one() -> None:
    assert where("x-1", "Xã Đông Thái") == ("H01.187", None)
    assert where("x-1", "Xã Đông Thái", key="H21") == ("H21.17", None)


def test_then_the_unit_of_a_key_that_has_none_below() -> None:
    assert where("x-1", "không rõ", key="H01.06") == ("H01.06", None)


@pytest.mark.parametrize("name", [None, "", "Nguyễn Văn A", "Xã Trùng Tên"])
def test_else_it_is_refused_and_no_name_is_repeated(name: str | None) -> None:
    rejected = refused(DOSSIERS, RECORD | {"MaHoSo": "Nguyễn Văn B-1", "DonViXuLy": name})
    assert rejected.code == "unknown_unit"
    assert "Nguyễn" not in rejected.detail
    assert "Trùng" not in rejected.detail


def test_a_unit_that_the_key_may_not_speak_for_is_refused() -> None:
    assert refused(DOSSIERS, RECORD | {"DonViXuLy": "H21.17"}).code == "foreign_unit"
    assert refused(DOSSIERS, RECORD | {"MaHoSo": "H21.17-1"}).code == "foreign_unit"
