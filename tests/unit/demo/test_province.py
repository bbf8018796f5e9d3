from deploy.demo.office import offices, worst
from deploy.units.reading import read_units
from tests.unit.demo.province import TREE


def test_the_province_has_all_its_communes_and_departments():
    country = {row.unit.code: row.unit for row in read_units("vietnam")}
    communes = {unit.code for unit in country.values() if unit.parent == "H01" and unit.kind == "commune"}
    assert {unit.code for unit in TREE if unit.kind == "commune"} == communes
    for unit in TREE:
        there = country[unit.code]
        assert (unit.name, unit.kind, unit.parent) == (there.name, there.kind, there.parent)
    assert sum(unit.kind == "department" for unit in TREE) == 15


def test_every_unit_below_the_province_takes_dossiers_in():
    assert sorted(office.unit for office in offices()) == sorted(unit.code for unit in TREE if unit.parent)


def test_every_office_has_work_that_can_be_done():
    for office in offices():
        assert office.a_day > 0
        assert all(procedure.days > 0 and procedure.fee >= 0 for procedure in office.procedures.all), office.unit
        shares = (office.punctual, office.sorry, office.online, office.cashless, office.synced, office.digital)
        assert all(0 <= share <= 1 for share in (*shares, office.liked)), office.unit


def test_communes_and_departments_have_a_dozen_procedures_and_more():
    communes, departments = (
        {
            procedure.code
            for office in offices()
            if (office.kind == "commune") is wanted
            for procedure in office.procedures.all
        }
        for wanted in (True, False)
    )
    assert len(communes) >= 12
    assert len(departments) >= 12
    assert not communes & departments


def test_the_worst_commune_is_clearly_worse_than_most():
    punctual = sorted(office.punctual for office in offices() if office.kind == "commune")
    assert worst()[0].punctual < punctual[10] - 0.2
