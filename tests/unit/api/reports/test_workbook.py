"""The workbook as a file: real numbers, no formulas, the same bytes every time."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from schemas.rulesets.library import available
from services.api.reports.sheets.workbook import workbook_of
from tests.unit.api.reports.made import CELLS, STAMP, a_report, unit


def book_of(report, language="vi"):
    return load_workbook(BytesIO(workbook_of(report, STAMP, language)))


def test_numbers_are_numbers_with_formats_that_follow_the_locale():
    sheet = book_of(a_report())["Kết quả"]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    code, _, numerator, denominator, ratio, score, most, _ = rows["2.1"]
    assert [cell.value for cell in (numerator, denominator, ratio, score, most)] == [
        788_612,
        1_065_150,
        0.7404,
        14.81,
        20,
    ]
    assert [cell.number_format for cell in (numerator, ratio, score)] == ["#,##0_)", "0.00%_)", "#,##0.00_)"]
    assert code.font.name == "Times New Roman"
    assert code.font.sz == 13
    assert rows["3.3"][2].value == 1234.5678
    assert rows["2.2"][4].value == 720_000
    assert rows["2.2"][4].number_format == '#,##0 "s"_)'


def test_a_name_is_never_a_formula():
    child = {
        "rank": 1, "rank_in_kind": 1, "unit": unit("=1+1", '=HYPERLINK("http://x")', "commune"), "total": 1.5, "handled": 0,
        "received": 0, "open": 0, "overdue": 0, "late": 0, "groups": {group.code: 0.5 for group in a_report().groups},
    }  # fmt: skip
    sheet = book_of(a_report(children=[child]))["Xếp hạng"]
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert len(found) == 2
    with ZipFile(BytesIO(workbook_of(a_report(children=[child]), STAMP, "vi"))) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 4
    assert not any(b"<f>" in each for each in sheets)


def test_a_page_is_a4_as_wide_as_the_sheet_and_repeats_the_heading_of_its_table():
    for sheet in book_of(a_report()):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert "&P/&N" in sheet.oddFooter.center.text
        first, last = (int(row) for row in sheet.print_title_rows.replace("$", "").split(":"))
        assert sheet.cell(first, 1).value in ("Mã", "STT", "Hạng")
        assert last == first + (3 if sheet.title == "II.06a" else 0)


@pytest.mark.parametrize("ruleset", available())
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_rule_set_is_written_in_both_languages(ruleset, language):
    book = book_of(a_report(ruleset), language)
    report = a_report(ruleset)
    shown = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {one.code for group in report.groups for one in group.indicators} <= shown
    told = {cell.value for row in book.worksheets[-1].iter_rows() for cell in row}
    assert {line.source for line in report.lines.values()} <= told


def test_a_unit_that_is_not_ranked_has_a_dash():
    sheet = book_of(a_report(rank=None, ranked=0))["Kết quả"]
    (row,) = (row for row in sheet.iter_rows(values_only=True) if str(row[1]).startswith("XẾP HẠNG"))
    assert row[5] == "–"


def test_rows_without_a_name_say_what_they_are():
    cells = dict.fromkeys(CELLS, 1)
    rows = [
        {"of": "sector", "code": None, "name": None, "cells": cells},
        {"of": "ended", "code": None, "name": None, "cells": cells},
        {"of": "itself", "code": "H01", "name": "An Giang", "cells": cells},
    ]
    made = a_report(form={"rows_by": "unit", "waiting": "in_time", "rows": rows, "total": cells})
    names = [row[1] for row in book_of(made)["II.06a"].iter_rows(values_only=True)]
    assert {"Chưa rõ lĩnh vực", "Đơn vị đã kết thúc", "An Giang (trực tiếp giải quyết)"} <= set(names)


def test_the_same_report_makes_the_same_bytes():
    assert workbook_of(a_report(), STAMP, "vi") == workbook_of(a_report(), STAMP, "vi")
