from collections import Counter

from deploy.demo.catalogue import PARTS, standing
from deploy.demo.office import offices, worst
from deploy.demo.procedures import catalogue, sectors
from tests.unit.demo.province import NOW, TREE, ZONE


def of_type(name: str) -> list[dict]:
    return [event["data"] for _, event in standing(ZONE) if event["type"] == f"nhip.{name}"]


def test_all_stands_before_the_history_begins():
    assert all(at < NOW.replace(year=2026, month=1, day=1) for at, _ in standing(ZONE))


def test_every_procedure_is_described_and_looked_after_by_a_department():
    described = {data["procedure"]: data for data in of_type("procedure.described")}
    assert described.keys() == {procedure.code for procedure in catalogue()}
    assert all(TREE[data["owner"]].kind == "department" for data in described.values())
    assert {procedure.sector.code for procedure in catalogue()} == sectors().keys()


def test_a_dozen_are_the_provinces_own_and_most_but_not_all_are_complete():
    described = of_type("procedure.described")
    special = [data for data in described if data["special"]]
    assert len(special) == 12
    for group in (special, described):
        complete = sum(data["parts"] == list(PARTS) for data in group)
        assert 0.7 < complete / len(group) < 1


def test_every_office_offers_what_it_is_asked_for():
    offered = Counter(data["unit"] for data in of_type("procedure.offered"))
    assert offered == Counter({office.unit: len(office.procedures.all) for office in offices()})


def test_nothing_is_offered_further_through_the_internet_than_the_procedure_allows():
    levels = ("none", "information", "partial", "full")
    best = {procedure.code: levels.index(procedure.online) for procedure in catalogue()}
    assert all(levels.index(data["online"]) <= best[data["procedure"]] for data in of_type("procedure.offered"))
    full = Counter(data["unit"] for data in of_type("procedure.offered") if data["online"] == "full")
    best_communes = sorted((office for office in offices() if office.kind == "commune"), key=lambda one: one.standing)
    assert sum(full[office.unit] for office in worst()) < sum(full[office.unit] for office in best_communes[:3])


def test_most_communes_certify_electronic_copies():
    figures = [data for data in of_type("unit.declared") if data["figure"] == "certified_copy"]
    assert len(figures) == sum(unit.kind == "commune" for unit in TREE)
    assert 0.7 < sum(data["value"] for data in figures) / len(figures) < 1


def test_every_office_declares_its_publicity():
    figures = {data["unit"]: data["value"] for data in of_type("unit.declared") if data["figure"] == "tt01_publicity"}
    assert figures.keys() == {office.unit for office in offices()}
    assert set(figures.values()) == {0, 1, 2}
