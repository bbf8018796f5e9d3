"""Names of files."""

from services.api.reports.filenames import disposition


def test_a_name_has_an_ascii_form_and_the_form_that_people_write():
    said = disposition("Báo cáo Điểm/một cửa 8%", "xlsx")
    assert said == (
        'attachment; filename="bao-cao-diem-mot-cua-8.xlsx"; '
        "filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%C4%90i%E1%BB%83m-m%E1%BB%99t%20c%E1%BB%ADa%208%25.xlsx"
    )


def test_nothing_breaks_out_of_the_header():
    said = disposition('x"\r\nSet-Cookie: a=b\x00', "csv")
    assert "\r" not in said
    assert "\n" not in said
    assert said.count('"') == 2
