"""What an office sees: LibreOffice opens the report, and what it prints says what the api says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.api.running import Api

HALF = {"period": "2026-H1"}
A4_LANDSCAPE = (842, 595)
PROGRAMS = {"soffice": "libreoffice-calc-nogui", "pdftotext": "poppler-utils", "pdffonts": "poppler-utils"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what LibreOffice makes."""
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            pytest.skip(f"needs {program} (Debian package {package})")
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def printed(api: Api, office: Path) -> Path:
    """The report of the province, printed by LibreOffice."""
    report = office / "report.xlsx"
    report.write_bytes(api.http.get("/v1/reports/H01.xlsx", params=HALF).content)
    profile = f"-env:UserInstallation=file://{office}/profile"
    told = run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(office), str(report))
    made = office / "report.pdf"
    assert made.exists(), told
    fonts = re.findall(r"^[A-Z]{6}\+(\w+)", run("pdffonts", str(made)), re.MULTILINE)
    if not all(font.startswith(("LiberationSerif", "TimesNewRoman")) for font in fonts):
        pytest.skip(
            "needs a font such as Times New Roman with all Vietnamese letters (Debian package fonts-liberation2)"
        )
    return made


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def text_of(printed: Path) -> str:
    return run("pdftotext", "-layout", str(printed), "-")


def test_pages_are_a4_and_numbered(printed: Path):
    told = run("pdfinfo", str(printed))
    (pages,) = re.findall(r"Pages:\s+(\d+)", told)
    (size,) = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", told)
    assert tuple(round(float(side)) for side in size) == A4_LANDSCAPE
    shown = re.findall(r"Trang (\d+)/(\d+)", text_of(printed))
    assert shown == [(str(page), pages) for page in range(1, int(pages) + 1)]
    assert int(pages) >= 4


def test_the_printed_numbers_are_those_of_the_api(api: Api, printed: Path):
    lines = [" ".join(line.split()) for line in text_of(printed).splitlines()]
    score = api.get("/v1/units/H01/score", params=HALF)
    assert f"TỔNG ĐIỂM {score['total']:.2f} 100" in lines
    for group in score["groups"]:
        assert f"{group['code']} {group['name']} {group['score']:.2f} {group['max']}" in lines
    on_time = next(one for group in score["groups"] for one in group["indicators"] if one["code"] == "2.1")
    shown = (
        f"{on_time['numerator']} {on_time['denominator']} {on_time['ratio']:.2%} {on_time['score']:.2f} 20 có dữ liệu"
    )
    assert f"2.1 {on_time['name']} {shown}" in lines
    for row in api.get("/v1/rankings", params=HALF | {"parent": "H01"})["units"]:
        assert any(row["unit"]["name"] in line and f"{row['total']:.2f}" in line for line in lines)


def test_headings_are_those_of_official_papers_and_nothing_is_cut_off(printed: Path):
    text = text_of(printed)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
        "KẾT QUẢ ĐÁNH GIÁ CHẤT LƯỢNG PHỤC VỤ NGƯỜI DÂN, DOANH NGHIỆP",
        "Biểu số II.06a/VPCP/KSTT",
        "NGƯỜI LẬP BIỂU",
        "CHÁNH VĂN PHÒNG",
    ):
        assert said in text
    assert "##" not in text  # a number wider than its column


def test_the_heading_of_a_table_stands_on_each_of_its_pages(printed: Path):
    pages = text_of(printed).split("\f")[:-1]
    of_result = [page for page in pages if re.search(r"^\s*[1-5]\.\d[ab]?\s.*có dữ liệu$", page, re.MULTILINE)]
    assert len(of_result) > 1
    assert all("Tử số" in page and "Tình trạng" in page for page in of_result)
