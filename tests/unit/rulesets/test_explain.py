"""Explanations worked out by hand: terms, gains, and the way past a total."""

from schemas.rulesets import load
from schemas.rulesets.actions import kinds
from schemas.rulesets.changed import UNSPLIT, Change, Changed
from schemas.rulesets.explain import Explanation, Gain, Subject, at_stake, explain, needed
from schemas.rulesets.formulas import Filters
from schemas.rulesets.words import counted_text, words
from tests.unit.indicators.office import COMMUNE, P2026, PROVINCE, Office

PAPER = "1.001"


def busy() -> Office:
    """A commune with ten dossiers whose result is a document: six on time with an electronic result, two without, one late, one overdue."""
    office = Office()
    office.described(PAPER, paper_result=True)
    for _ in range(6):
        office.dossier(end={"result_file": True}, components_digitized=True)
    for _ in range(2):
        office.dossier(components_digitized=True)
    office.dossier(ended="2026-03-25T08:00:00", end={"result_file": True})
    office.dossier(ended=None)
    return office


def explained(office: Office, unit: str = COMMUNE, *, now: bool = False) -> Explanation:
    with office.counts(unit) as counts:
        return explain(Subject(load(P2026), counts), now=now)


def terms(found: Explanation, code: str) -> dict[str, int]:
    return {counted_text(term.key, term.filters, "en"): int(term.value) for term in found.terms[code]}


def gain(found: Explanation, code: str) -> Gain:
    return next(each for each in found.gains if each.action.kind.code == code)


def test_an_indicator_says_which_counts_lose_its_points() -> None:
    found = explained(busy())
    assert terms(found, "2.1") == {"dossiers that ended late": 1, "open dossiers past their due moment": 1}
    paper = " – procedures whose result is a document"
    assert terms(found, "4.1") == {f"dossiers that ended without an electronic result{paper}": 2, "open dossiers": 1}
    assert terms(found, "4.2") == {
        f"dossiers that ended with components or result not digitised{paper}": 3,
        "open dossiers": 1,
    }
    assert terms(found, "1.4") == {"dossiers not synchronised with the national portal": 10}


def test_what_the_portal_divides_by_all_handled_is_told_by_receipt() -> None:
    office = Office()
    office.dossier(received="2025-12-01T08:00:00", ended=None)
    office.dossier(reused_data=True)
    office.dossier()
    assert terms(explained(office), "4.3") == {
        "dossiers that reuse no digitised data": 1,
        "dossiers carried over from the period before": 1,
    }


def test_a_term_is_worth_what_the_indicator_would_win_without_it() -> None:
    late, overdue = explained(busy()).terms["2.1"]
    assert (late.worth, overdue.worth) == (200, 200)  # 20 points × 1/10 each


def test_attaching_two_results_wins_in_4_1_and_4_2() -> None:
    """4.1: 7/10 → 9/10 of 6 points; 4.2: 6/10 → 8/10 of 4."""
    found = gain(explained(busy()), "attach_results")
    assert (found.action.count, found.total, found.indicators) == (2, 200, {"4.1": 120, "4.2": 80})


def test_digitising_the_one_that_has_a_result_wins_in_4_2_alone() -> None:
    found = gain(explained(busy()), "digitize")
    assert (found.action.count, found.total, found.indicators) == (1, 40, {"4.2": 40})


def test_finishing_what_is_overdue_wins_nothing_in_2_1_and_only_while_the_period_runs() -> None:
    """4.1: 7/10 → 8/10 of 6 points; 4.2: 6/10 → 7/10 of 4; late is late."""
    office = busy()
    assert [each for each in explained(office).gains if each.action.kind.now] == []
    found = gain(explained(office, now=True), "finish_overdue")
    assert (found.action.count, found.total, found.indicators) == (1, 100, {"4.1": 60, "4.2": 40})


def test_synchronising_wins_in_1_4_and_by_it_in_3_3() -> None:
    office = Office()
    for number in range(4):
        office.dossier(synced=number == 0, channel="online" if number < 2 else "onsite")
    found = gain(explained(office), "synchronize")
    # 1.4: 1/4 → 4/4 of 6 points; 3.3: 2/4 × 1/4 of 6 points from 50 % on → full
    assert (found.action.count, found.indicators) == (3, {"1.4": 450, "3.3": 450})


def test_what_everything_together_gives_is_no_sum_of_gains() -> None:
    found = explained(busy())
    assert found.after.total[0] > found.before.total[0]
    assert found.after.total[0] <= found.before.total[0] + sum(each.total for each in found.gains)


def test_papers_that_come_surely_win_in_2_1_and_in_5_4_if_nobody_has_complained() -> None:
    office = Office()
    for _ in range(2):
        code = office.dossier(due_at="2026-03-20", ended=None)
        office.say("dossier.supplement_requested", code, "2026-03-25T08:00:00", supplement="1")
    found = gain(explained(office, now=True), "receive_supplements")
    assert (found.action.count, found.total, found.most) == (2, 2000, 2600)
    assert found.indicators == {"2.1": 2000}


def test_a_commune_s_publicity_is_won_in_the_province() -> None:
    office = busy()
    office.described("9.001", special=True, parts=["name"], owner=PROVINCE)
    assert "complete_procedures" not in {each.action.kind.code for each in explained(office).gains}
    assert gain(explained(office, PROVINCE), "complete_procedures").indicators == {"1.3": 200}


def test_the_way_past_a_total_takes_no_more_than_it_needs() -> None:
    with busy().counts(COMMUNE) as counts:
        unit = Subject(load(P2026), counts)
        found = explain(unit, now=False)
        best = found.gains[0]
        before, after = int(found.before.total[0]), int(found.after.total[0])
        one = needed(unit, found.gains, before + 1)
        everything = needed(unit, found.gains, after)
        assert needed(unit, found.gains, before) is not None
        assert needed(unit, found.gains, after + 1) is None
    assert one is not None
    assert one.actions == [(best.action, 1)]
    assert everything is not None
    assert everything.total == after


def test_what_falls_due_is_at_stake() -> None:
    office = Office()
    for _ in range(4):
        office.dossier(due_at="2026-04-10", ended=None)
    procedure = office.procedures.index("1.001")
    with office.counts(COMMUNE, "2026-Q2") as counts:
        stake = at_stake(Subject(load(P2026), counts), {procedure: 1})
    assert (stake.count, stake.loss) == (1, 500 + 100)  # 2.1: 20 × 1/4; 5.4: 3/4 of the 90 % that give 6 points


def test_a_count_of_no_procedure_stands_in_no_sum_of_an_attribute() -> None:
    with busy().counts(COMMUNE) as counts:
        more = Changed(counts, [0], [Change({("ended_with_result", UNSPLIT): 5})])
        assert more.measure("ended_with_result")[0] == 12
        assert more.sum_having("ended_with_result", (("paper_result", True),))[0] == 7
        assert more.sum_having("ended_with_result", (("paper_result", False),))[0] == 5
        assert more.cells("ended_with_result").value.tolist() == [7]


def test_every_kind_of_action_has_a_text_in_both_languages() -> None:
    for code in kinds():
        names = words()[f"action:{code}"]
        for text in (names.vi, names.en):
            assert text.format(count=3, procedures=2) != text


def test_brackets_are_put_in_words() -> None:
    assert counted_text("received", Filters((("fee", False),)), "vi") == (
        "hồ sơ tiếp nhận trong kỳ – thủ tục không thu phí"
    )


def total_of(office: Office) -> int:
    return int(explained(office).before.total[0])


def test_results_attached_win_what_was_promised() -> None:
    office = Office()
    office.described(PAPER, paper_result=True)
    codes = [office.dossier(components_digitized=True) for _ in range(3)]
    before, promised = total_of(office), gain(explained(office), "attach_results")
    for code in codes:
        end = {"finished_at": "2026-03-10T08:00:00", "result_file": True, "result_coded": False}
        office.say("dossier.processed", code, "2026-04-01T08:00:00", **end)
    assert total_of(office) == before + promised.total


def test_payments_taken_online_win_what_was_promised() -> None:
    office = Office()
    office.described(PAPER, fee=True)
    office.offered(PAPER, online="full")
    codes = [office.dossier(fee=fee) for fee in (5000, 5000, 0)]
    before, found = total_of(office), explained(office)
    first, more = gain(found, "pay_online_first"), gain(found, "pay_online")
    assert (first.action.count, more.action.count) == (1, 1)
    for code, promised in zip(codes[:2], (first, None), strict=True):
        office.say("dossier.paid", code, "2026-04-01T08:00:00", method="national_portal")
        if promised is not None:
            assert total_of(office) == before + promised.total
    assert found.before.total[0] + first.total + 300 == total_of(office)  # the second one of 3.6: 6 points × 1/2


def test_papers_that_come_win_at_least_and_at_most_what_was_promised() -> None:
    for unhappy, won in ((True, "total"), (False, "most")):
        office = Office(now="2026-03-30T12:00:00")
        code = office.dossier(due_at="2026-03-20", ended=None)
        office.say("dossier.supplement_requested", code, "2026-03-25T08:00:00", supplement="1")
        if unhappy:
            office.say("dossier.rated", code, "2026-03-26T08:00:00", stars=1)
        before, promised = total_of(office), gain(explained(office, now=True), "receive_supplements")
        told = {"supplement": "1", "completed_at": "2026-03-30T12:00:00", "due_at": "2026-04-20"}
        office.say("dossier.supplemented", code, "2026-03-30T12:00:00", **told)
        assert total_of(office) == before + getattr(promised, won)
