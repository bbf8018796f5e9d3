from pathlib import Path

import pytest

from deploy.units.reading import BadFile, merged, read_units
from schemas.units import Unit

HEAD = "code,name,kind,parent\n"


def load(folder: Path, text: str, known: list[Unit] | None = None):
    file = folder / "units.csv"
    file.write_bytes(text.encode())
    return merged("units.csv", read_units(str(file)), known or [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name,kind\nH01,A,x\n", "line 1: missing column parent"),
        ("", "line 1: missing column code, name, kind, parent"),
        (HEAD, "no unit in it"),
        (HEAD + "H01,A,x,\nH02,B,x,\nH01,C,x,\n", "line 4: code 'H01' is there twice, first on line 2"),
        (HEAD + "H01,A,x,\nH01.1,B,x,H09\n", "line 3: parent 'H09' of unit 'H01.1' is not in the tree"),
        (HEAD + "A,a,x,C\nB,b,x,A\nC,c,x,B\n", "line 2: unit 'A' lies below itself"),
        (HEAD + "A,a,x,\n" + "B" * 36 + ",b,x,\n", "line 3: unit code"),
        (HEAD + ",a,x,\n", "line 2: code is empty"),
        (HEAD + "A,,x,\n", "line 2: name is empty"),
        (HEAD + "A,a,x,,surplus\n", "line 2: more fields than the header has columns"),
        ("code,name,kind,parent,valid_to\nA,a,x,,12/3/2026\n", "line 2: valid_to '12/3/2026' of unit 'A' is no day"),
        ("code,name,kind,parent,successor\nA,a,x,,B\n", "line 2: successor 'B' of unit 'A' is not in the tree"),
        (
            "code,name,kind,parent,valid_from,valid_to\nA,a,x,,,\nB,b,x,,2026-02-01,2026-01-31\n",
            "line 3: valid_to 2026-01-31 of unit 'B' lies before its valid_from 2026-02-01",
        ),
        ("code,name,kind,parent,successor\nA,a,x,,B\nB,b,x,,A\n", "line 2: unit 'A' comes after itself"),
        (HEAD + '"A","a\nb",x,\nB,b,x,Z\n', "line 4: parent 'Z'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, said: str):
    with pytest.raises(BadFile, match=said):
        load(tmp_path, text)


def test_all_columns_are_read(tmp_path: Path):
    head = "code,name,kind,parent,aliases,valid_from,valid_to,successor\n"
    tree = load(
        tmp_path, head + "H01,An Giang,province,,,,,\nH01.1,Xã Một,commune,H01,a | b,2025-07-01,2026-01-01,H01\n"
    )
    assert tree["H01.1"] == Unit(
        code="H01.1",
        name="Xã Một",
        kind="commune",
        parent="H01",
        aliases=("a", "b"),
        valid_from="2025-07-01",
        valid_to="2026-01-01",
        successor="H01",
    )


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path):
    tree = load(tmp_path, "\ufeffcode;name;kind;parent\r\nH01;An Giang;province;\r\n")
    assert tree["H01"].name == "An Giang"


def test_units_of_the_file_take_the_place_of_the_known(tmp_path: Path):
    known = [Unit(code="H01", name="old"), Unit(code="H02", name="kept")]
    tree = load(tmp_path, HEAD + "H01.1,new,x,H01\nH01,renamed,x,\n", known)
    assert [(unit.code, unit.name) for unit in tree] == [("H01", "renamed"), ("H02", "kept"), ("H01.1", "new")]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(BadFile, match="No such file"):
        read_units(str(tmp_path / "none.csv"))
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"H01,\xd0\xff,x,\n")
    with pytest.raises(BadFile, match="UTF-8"):
        read_units(str(tmp_path / "latin.csv"))
