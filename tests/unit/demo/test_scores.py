"""What Decision 766 makes of the demo, as the portal counts it in 2026."""

from datetime import datetime, timedelta
from functools import cache
from itertools import chain

from deploy.demo.catalogue import standing
from deploy.demo.office import offices, worst
from schemas.rulesets import ScoreDocument
from schemas.rulesets.document import IndicatorDocument
from tests.unit.demo.province import FIRST, NOW, ZONE, live, two_months
from tests.unit.demo.scores import scores

GROUPS_OF_COMMUNES = ("TDGQ", "ONLINE", "TTTT", "MDSH", "MDHL")
"""CKMB but for 1.4 is the province's."""


@cache
def of_the_history() -> dict[str, ScoreDocument]:
    """The province and its offices after two months."""
    return scores(chain(standing(ZONE), two_months()), FIRST, NOW)


def indicators(score: ScoreDocument) -> dict[str, IndicatorDocument]:
    return {each.code: each for group in score.groups for each in group.indicators}


def test_every_indicator_of_the_province_has_data():
    for code, found in indicators(of_the_history()["H01"]).items():
        assert found.numerator > 0, code
        assert found.denominator > 0, code
        assert found.status == ("analysis" if code in {"2.2", "5.1a", "5.1b"} else "ok"), code


def test_the_total_is_like_a_real_provinces():
    assert 65 < of_the_history()["H01"].total < 85


def test_no_share_is_above_one():
    assert all(
        found.ratio is None or found.ratio <= 1 for found in indicators(of_the_history()["H01"]).values() if found.max
    )


def test_communes_differ_in_each_group():
    found = of_the_history()
    communes = [found[office.unit] for office in offices() if office.kind == "commune"]
    for code in GROUPS_OF_COMMUNES:
        points = sorted(next(group.score for group in one.groups if group.code == code) for one in communes)
        assert points[-3] - points[2] > 0.15 * next(g.max for g in communes[0].groups if g.code == code), code


def test_the_very_worst_commune_is_the_last():
    found = of_the_history()
    communes = sorted(
        (office for office in offices() if office.kind == "commune"), key=lambda one: found[one.unit].total
    )
    assert communes[0] is worst()[0]
    assert worst()[1] in communes[:4]


def test_live_petitions_move_the_worst_commune_within_an_hour():
    happenings = live(NOW, 3600)
    seen = [of_petitions(happenings, NOW + timedelta(minutes=minutes)) for minutes in (20, 40, 60)]
    assert len(set(seen)) > 1


def of_petitions(happenings: list, until: datetime) -> tuple[float | None, ...]:
    """Scores of 5.2 and 5.3 of the very worst commune, of live events alone."""
    petitions = [one for one in happenings if one[1]["type"].startswith("nhip.petition.")]
    found = indicators(scores(petitions, FIRST, until)[worst()[0].unit])
    return found["5.2"].score, found["5.3"].score
