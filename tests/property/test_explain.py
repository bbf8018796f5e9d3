"""The gain that an explanation promises is the gain that happens when its events are pushed, to the hundredth."""

from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from schemas.rulesets import Scores, load
from schemas.rulesets.explain import Subject, explain
from tests.oracle import product
from tests.oracle.deeds import Deeds
from tests.oracle.histories import DOOR_NOW, moments
from tests.oracle.indicators import DOCUMENT, DRAFT, PORTAL, Indicators
from tests.oracle.profile import many
from tests.oracle.said import Said
from tests.oracle.whole_histories import TREE, UNITS, all_families, periods, product_period
from tests.whole import Whole

LATE = DOOR_NOW - 10**13

looks = all_families().flatmap(lambda history: st.tuples(st.just(history), moments(history) | st.just(LATE)))
rulesets = st.sampled_from([PORTAL, PORTAL, *DOCUMENT, DRAFT])


@settings(many)
@given(looks, periods, st.sampled_from(UNITS), rulesets, st.booleans(), st.data())
def test_the_gain_that_is_promised_is_the_gain_that_happens(look, span, unit, ruleset, pooled, data):
    history, now = look
    said = [sensible(one) for one in history.said]
    recount = Indicators(said, TREE, history.zone, now)
    assume(not writes_a_log(recount))
    whole = Whole(product.SETTINGS[history.zone]._replace(tree=TREE), now, door=DOOR_NOW)
    whole.push(said)
    period = product_period(*span)
    today = period.last >= whole.setting.zone.day(now) >= (period.first or 0)
    with whole.counts(period, [unit], pooled=pooled) as counts:
        subject = Subject(load(ruleset), counts)
        explained = explain(subject, now=today)
        gains = [gain for gain in explained.gains if span[0] is not None or gain.action.kind.code != "declare_copies"]
        assume(gains)
        if len(gains) == len(explained.gains) and data.draw(st.booleans(), label="all of them"):
            chosen = [(gain.action, gain.action.count) for gain in gains]
            promised = points(explained.after)
        else:
            gain = data.draw(st.sampled_from(gains), label="one of them")
            number = data.draw(st.integers(1, gain.action.count), label="how many")
            chosen = [(gain.action, number)]
            promised = points(subject.scores(gain.action.first(number).change()))
            if number == gain.action.count:
                assert promised["total"] == points(explained.before)["total"] + gain.total
    event(chosen[0][0].kind.code if len(chosen) == 1 else "all of them")
    deeds = Deeds(recount, unit, *span, pooled=pooled, procedures=whole.procedures)
    whole.push([one for action, number in chosen for one in deeds.of(action, number)])
    assert points(whole.scores(ruleset, period, [unit], pooled=pooled)) == promised


def sensible(said: Said) -> Said:
    """A result has no code without a file: attaching the file would else give it one."""
    told: dict[str, Any] = dict(said.event.get("data") or {})
    if not told.get("result_file"):
        told.pop("result_coded", None)
    return Said(said.event | {"data": told}, said.unit, said.system)


def writes_a_log(recount: Indicators) -> bool:
    """Whether a log has a line of the very moment at which the office acts: of two such lines the greater state would come last."""
    now = recount.dossiers.now
    return any(
        line.kind == "progressed" and line.at("progressed_at") == now
        for story in recount.dossiers.stories
        for line in story.lines
    )


def points(scores: Scores) -> dict[str, int]:
    """Hundredths of everything that has points."""
    found = {"total": int(scores.total[0])}
    for group in scores.groups:
        found[group.group.code] = int(group.score[0])
        found |= {one.indicator.code: int(one.score[0]) for one in group.indicators if one.indicator.max}
    return found
