"""The table of `events_and_measures.md`, section 3.1, written again in plain Python: what each rule set must count."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from schemas.rulesets.figures import LAST_YEAR
from tests.unit.rulesets.province import UNITS, Province

Pair = tuple[Fraction | int, Fraction | int]
Pairs = dict[str, Pair]

CLASSES = ("rules", "staff", "other")
NOTHING: Pair = (0, 0)


def expected(counts: Province, code: str, ruleset: str) -> Pairs:
    """Numerator and denominator of every indicator of one unit."""
    kind = next(kind for unit, kind, _ in UNITS if unit == code)
    in_province = code.startswith("H01")
    pairs = _TABLES[ruleset](_Of(counts, code, special=in_province))
    if ruleset == "766-portal-2026" and in_province and kind != "province":
        whole = _portal_2026(_Of(Province(**(counts.__dict__ | {"subtree": True})), "H01", special=True))
        pairs |= {each: whole[each] for each in ("1.1", "1.2", "1.3")}
    return pairs


@dataclass
class _Of:
    """The counts of one unit; ``special``: 1.1 and 1.3 look at special procedures only."""

    counts: Province
    code: str
    special: bool

    def n(self, name: str, attribute: str | None = None, *, wanted: bool = True) -> int:
        having = None if attribute is None else self.counts.having(attribute, wanted=wanted)
        return self.counts.total(name, self.code, having)

    def procs(self, holds: Callable[[Callable[[str], int]], bool], attribute: str | None = None) -> list[str]:
        among = self.counts.catalogue if attribute is None else self.counts.having(attribute)
        return [each for each in among if holds(partial(self.counts.total, code=self.code, procedures=[each]))]

    def some(self, measure: str, attribute: str | None = None) -> int:
        """Procedures with some of a measure."""
        return len(self.procs(lambda m: m(measure) > 0, attribute))

    def services(self, of: list[str]) -> int:
        return sum(self.counts.services.get(each, 1) for each in of)

    def petitions(self, name: str, *classes: str) -> int:
        return self.counts.of_class(f"petition_{name}", self.code, classes or CLASSES)

    @property
    def handled(self) -> int:
        return self.n("ended") + self.n("open")

    @property
    def in_time(self) -> int:
        not_due = self.n("open") - self.n("open_overdue") - self.n("open_no_due")
        ended = self.n("ended_on_time") + self.n("ended_no_due")
        return ended + not_due + self.n("open_no_due") - self.n("open_waiting_late")

    @property
    def last_year(self) -> Fraction:
        """A quarter of last year's yearly figure: the counts are of a quarter."""
        return Fraction(self.counts.declared(LAST_YEAR + "national_report_received", self.code), 4)


def _document(of: _Of) -> Pairs:
    n, own = of.n, "special" if of.special else None
    reported = max(n("received"), of.counts.declared("national_report_received", of.code))
    synced = n("received_synced"), reported or of.last_year
    online = n("received_online", "paper_result", wanted=False) + n("online_with_result", "paper_result")
    petitions = of.petitions("closed") + of.petitions("open")
    unhappy = n("ended_in_time_unhappy") + n("open_in_time_unhappy")
    return {
        **_publicity(of, own),
        "1.4": synced,
        "2.1": (of.in_time, of.handled),
        "2.2": (n("processing_seconds"), n("finished")),
        "3.1": (of.some("procedure_online"), of.some("procedure_offered")),
        "3.2": (
            of.services(of.procs(lambda m: m("procedure_online") >= 1 and m("received_online") > 0)),
            of.services(of.procs(lambda m: m("procedure_online") >= 1)),
        ),
        "3.3": (online * (Fraction(*synced) if synced[1] else Fraction(0)), n("received")),
        "3.4": (of.some("paid_online", "fee"), of.some("procedure_offered", "fee")),
        "3.5": (of.some("fee_synced", "fee"), of.some("procedure_offered", "fee")),
        "3.6": (n("paid_online"), n("received", "fee") - n("fee_zero", "fee")),
        "4.1": (n("ended_with_result", "paper_result"), n("ended", "paper_result") + n("open", "paper_result")),
        "4.2": (
            n("ended_digitized", "paper_result") + n("ended_components", "paper_result", wanted=False),
            of.handled,
        ),
        "4.3": (n("received_reused"), n("received")),
        "4.4": (n("received_storage"), n("received")),
        "4.5a": (of.some("received_population", "for_citizens"), of.some("procedure_offered", "for_citizens")),
        "4.5b": (n("received_population"), n("received")),
        "4.6": _copies(of),
        "5.1a": (of.petitions("closed", "rules") + of.petitions("open", "rules"), petitions),
        "5.1b": (of.petitions("closed", "staff") + of.petitions("open", "staff"), petitions),
        "5.2": (of.petitions("closed_on_time") + of.petitions("open") - of.petitions("open_overdue"), petitions),
        "5.3": (of.petitions("accepted") - of.petitions("accepted_unsatisfied"), of.petitions("accepted")),
        "5.4": (of.in_time - unhappy, of.handled),
    }


def _portal_2026(of: _Of) -> Pairs:
    pairs = _document(of)
    pairs |= {code: (pairs[code][0], of.handled) for code in ("4.1", "4.3", "4.4", "4.5b")}
    liked = of.petitions("closed_satisfied") + of.petitions("open_satisfied")
    return pairs | {"5.3": (liked, of.petitions("closed") + of.petitions("open"))}


def _draft(of: _Of) -> Pairs:
    n, now = of.n, _document(of)
    completed = n("ended", "paper_result") - n("stopped", "paper_result") - n("withdrawn", "paper_result")
    return {
        **{code: now[code] for code in ("1.1", "1.2", "1.3", "2.1", "4.6", "5.2", "5.4")},
        **dict.fromkeys(("1.4", "4.3", "4.4", "4.5a", "4.5b"), NOTHING),
        "3.1": (n("received_online", "full_online_eligible"), n("received", "full_online_eligible")),
        "3.2": (
            of.some("procedure_online_full", "full_online_eligible"),
            of.some("procedure_offered", "full_online_eligible"),
        ),
        "3.3": (n("received_online"), n("received")),
        "3.6": (n("paid_online"), n("received", "fee")),
        "4.1": (n("ended_with_result", "paper_result"), completed),
        "4.2": (n("received_storage"), n("received")),
        "5.3": (of.petitions("closed_satisfied"), of.petitions("closed")),
    }


def _publicity(of: _Of, own: str | None) -> Pairs:
    return {
        "1.1": (
            len(of.procs(lambda m: m("announced") > 0 and m("announced_late") == 0, own)),
            of.some("announced", own),
        ),
        "1.2": (
            len(of.procs(lambda m: m("publication") > 0 and m("publication_late") == 0)),
            of.some("publication"),
        ),
        "1.3": (of.some("procedure_complete", own), of.some("procedure_public", own)),
    }


def _copies(of: _Of) -> Pair:
    return of.counts.kind_count("commune", of.code, "certified_copy", 1), of.counts.kind_count("commune", of.code)


_TABLES: dict[str, Callable[[_Of], Pairs]] = {
    "766-2022": _document,
    "766-binh-thuan-740": _document,
    "766-portal-2025": _document,
    "766-portal-2026": _portal_2026,
    "766-next": _draft,
}
