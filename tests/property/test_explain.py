"""The gain that an explanation promises is the gain that happens when its events are pushed, to the hundredth."""

from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from schemas.rulesets import Scores, load
from schemas.rulesets.changed import total
from schemas.rulesets.explain import Subject, explain
from schemas.rulesets.words import words
from tests.oracle import product
from tests.oracle.deeds import Deeds
from tests.oracle.histories import DOOR_NOW, moments
from tests.oracle.indicators import DOCUMENT, DRAFT, PORTAL, Indicators
from tests.oracle.profile import many
from tests.oracle.said import Said
from tests.oracle.whole_histories import TREE, UNITS, all_families, periods, product_period
from tests.whole import Whole

LATE = DOOR_NOW - 10**13
SELDOM = {"finish_overdue", "finish_in_time", "receive_supplements", "digitize", "pay_online", "synchronize_charged"}

looks = all_families().flatmap(lambda history: st.tuples(st.just(history), moments(history) | st.just(LATE)))
rulesets = st.sampled_from([PORTAL, PORTAL, *DOCUMENT, DRAFT])


@settings(many, max_examples=max(many.max_examples // 3, 1))
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
            chosen = [gain.action for gain in gains]
            assert points(explained.after) == points(subject.scores(total(action.change() for action in chosen)))
        else:
            seldom = [gain for gain in gains if gain.action.kind.code in SELDOM]
            gain = data.draw(st.sampled_from([*gains, *3 * seldom]), label="one of them")
            chosen = [gain.action.first(data.draw(st.integers(1, gain.action.count), label="how many"))]
            if chosen[0].count == gain.action.count:
                assert (
                    points(subject.scores(chosen[0].change()))["total"]
                    == points(explained.before)["total"] + gain.total
                )
        worst, best = (
            points(subject.scores(total(action.change(at_worst=at_worst) for action in chosen)))
            for at_worst in (True, False)
        )
    event(chosen[0].kind.code if len(chosen) == 1 else "all of them")
    deeds = Deeds(recount, unit, *span, pooled=pooled, procedures=whole.procedures)
    whole.push([one for action in chosen for one in deeds.of(action, action.count)])
    happened = points(whole.scores(ruleset, period, [unit], pooled=pooled))
    if worst == best:
        assert happened == worst
    assert all(worst[code] <= happened[code] <= best[code] for code in happened)


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


@settings(many, max_examples=max(many.max_examples // 3, 1))
@given(looks, periods, st.sampled_from(UNITS), rulesets, st.booleans())
def test_the_terms_of_an_indicator_add_up_to_what_it_lacks(look, span, unit, ruleset, pooled):
    history, now = look
    whole = Whole(product.SETTINGS[history.zone]._replace(tree=TREE), now, door=DOOR_NOW)
    whole.push(history.said)
    with whole.counts(product_period(*span), [unit], pooled=pooled) as counts:
        explained = explain(Subject(load(ruleset), counts), now=False)
    for group in explained.before.groups:
        for one in group.indicators:
            numerator, denominator = one.counted.numerator[0], one.counted.denominator[0]
            terms = explained.terms[one.indicator.code]
            if one.indicator.curve == "analysis" or denominator == 0:
                assert terms == []
            else:
                assert sum(term.value for term in terms) == denominator - numerator
            assert all(term.key in words() for term in terms), terms
            lost = one.indicator.max - int(one.score[0])
            assert all(0 <= term.worth <= lost for term in terms if term.value > 0)
