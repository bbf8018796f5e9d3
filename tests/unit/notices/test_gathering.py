"""Who is told of what."""

from schemas.notices import DUE_SOON, LATE, Notice, notice
from schemas.units import Unit, UnitTree
from services.notices.gathering import Arrived, Receiver, Target, wanted

TREE = UnitTree(
    [
        Unit(code="H1", name="Tỉnh"),
        Unit(code="H1.1", name="Xã", parent="H1"),
        Unit(code="H1.2", name="Xã cũ", parent="H1", valid_to="2025-06-30", successor="H1.1"),
        Unit(code="H2", name="Tỉnh khác"),
    ]
)
EVERY = frozenset({LATE, DUE_SOON})


def of(unit: str, kind=LATE, number: int = 1) -> Notice:
    return notice(kind, f"{unit}-{number}", number, number + 1, unit=unit, procedure="1.1", received=0)


def told(notices: list[Notice], *to: Receiver, written: int = 10) -> dict[tuple[int, str, str], list[str]]:
    found = wanted([Arrived(one, written) for one in notices], to, TREE)
    return {tuple(target): list(ids) for target, ids in found.items()}


def test_a_unit_those_above_it_and_who_took_it_over_are_told_one_digest_a_unit_and_kind():
    below, above, heir = Receiver(1, "H1.1", EVERY, 0), Receiver(2, "H1", EVERY, 0), of("H1.2")
    late, soon = of("H1.1"), of("H1.1", DUE_SOON)
    assert told([late, soon, heir], below, above) == {
        (number, unit, kind): [one.id]
        for number in (1, 2)
        for unit, kind, one in (("H1.1", LATE, late), ("H1.1", DUE_SOON, soon), ("H1.2", LATE, heir))
    }
    assert told([of("H2")], below, above) == {}


def test_a_notice_that_comes_twice_is_told_once():
    assert told([of("H1"), of("H1")], Receiver(1, "H1", EVERY, 0)) == {Target(1, "H1", LATE): [of("H1").id]}


def test_only_what_is_asked_for_and_only_from_then_on():
    assert told([of("H1", DUE_SOON)], Receiver(1, "H1", frozenset({LATE}), 0)) == {}
    assert told([of("H1")], Receiver(1, "H1", EVERY, 11)) == {}
    assert told([of("H1")], Receiver(1, "H1", EVERY, 10)) != {}


def test_of_a_unit_that_nobody_knows_nobody_is_told():
    assert told([of("H9")], Receiver(1, "H1", EVERY, 0)) == {}
