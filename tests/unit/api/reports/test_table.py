"""The flat table: what spreadsheets must not take for a formula, and what stands in no cell."""

import csv
from io import StringIO

from services.api.reports.table import lateness_table, report_table
from tests.unit.api.reports.made import STAMP, a_lateness, a_report, unit


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table.decode("utf-8-sig"))))


def test_a_name_that_looks_like_a_formula_is_marked_as_text():
    (row,) = (row for row in rows(lateness_table(a_lateness(("=1+1", 1, 0)), STAMP)) if row["of"] == "unit")
    assert row["name"] == "'=1+1"
    first, *_ = rows(report_table(a_report(unit=unit("H01", "@An Giang", "province")), STAMP))
    assert first["unit_name"] == "'@An Giang"


def test_no_data_is_an_empty_cell():
    found = {row["indicator"]: row for row in rows(report_table(a_report(), STAMP)) if row["indicator"]}
    assert (found["1.1"]["ratio"], found["1.1"]["score"], found["1.1"]["status"]) == ("", "", "no_data")
    assert (found["2.1"]["ratio"], found["2.1"]["score"]) == ("0.7404", "14.81")
