"""The table of `events_and_measures.md`, section 3.1, written again in plain Python: what the portal's rule set must count."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from tests.unit.rulesets.province import PROCEDURES, UNITS, Province

Pair = tuple[Fraction | int, int]


def expected(counts: Province, code: str) -> dict[str, Pair]:
    """Numerator and denominator of every indicator of one unit."""
    kind = next(kind for unit, kind, _ in UNITS if unit == code)
    in_province = code.startswith("H01")
    pairs = _own(counts, code, special=in_province)
    if in_province and kind != "province":
        whole = Province(**(counts.__dict__ | {"subtree": True}))
        pairs |= {
            each: pair for each, pair in _own(whole, "H01", special=True).items() if each in ("1.1", "1.2", "1.3")
        }
    return pairs


def _own(counts: Province, code: str, *, special: bool) -> dict[str, Pair]:
    def n(name: str, attribute: str | None = None, *, wanted: bool = True) -> int:
        return counts.total(name, code, PROCEDURES if attribute is None else counts.having(attribute, wanted=wanted))

    def procs(holds: Callable[[Callable[[str], int]], bool], attribute: str | None = None) -> list[str]:
        among = PROCEDURES if attribute is None else counts.having(attribute)
        return [each for each in among if holds(partial(counts.total, code=code, procedures=[each]))]

    def services(of: list[str]) -> int:
        return sum(counts.services.get(each, 1) for each in of)

    def petition(name: str, *classes: str) -> int:
        return counts.of_class(f"petition_{name}", code, classes or ("rules", "staff", "other"))

    own = "special" if special else None
    handled = n("ended") + n("open")
    not_due = n("open") - n("open_overdue") - n("open_no_due")
    in_time = n("ended_on_time") + n("ended_no_due") + not_due + n("open_no_due") - n("open_waiting_late")
    synced = n("received_synced"), max(n("received"), counts.declared("national_report_received", code))
    online = n("received_online", "paper_result", wanted=False) + n("online_with_result", "paper_result")
    offered = procs(lambda m: m("procedure_offered") >= 1, "fee")
    petitions = petition("closed") + petition("open")
    return {
        "1.1": (
            len(procs(lambda m: m("announced") > 0 and m("announced_late") == 0, own)),
            len(procs(lambda m: m("announced") > 0, own)),
        ),
        "1.2": (
            len(procs(lambda m: m("publication") > 0 and m("publication_late") == 0)),
            len(procs(lambda m: m("publication") > 0)),
        ),
        "1.3": (
            len(procs(lambda m: m("procedure_complete") >= 1, own)),
            len(procs(lambda m: m("procedure_public") >= 1, own)),
        ),
        "1.4": synced,
        "2.1": (in_time, handled),
        "2.2": (n("processing_seconds"), n("finished")),
        "3.1": (len(procs(lambda m: m("procedure_online") >= 1)), len(procs(lambda m: m("procedure_offered") >= 1))),
        "3.2": (
            services(procs(lambda m: m("procedure_online") >= 1 and m("received_online") > 0)),
            services(procs(lambda m: m("procedure_online") >= 1)),
        ),
        "3.3": (online * (Fraction(*synced) if synced[1] else Fraction(0)), n("received")),
        "3.4": (len(procs(lambda m: m("paid_online") > 0, "fee")), len(offered)),
        "3.5": (len(procs(lambda m: m("fee_synced") > 0, "fee")), len(offered)),
        "3.6": (n("paid_online"), n("received", "fee") - n("fee_zero", "fee")),
        "4.1": (n("ended_with_result", "paper_result"), handled),
        "4.2": (n("ended_digitized", "paper_result") + n("ended_components", "paper_result", wanted=False), handled),
        "4.3": (n("received_reused"), handled),
        "4.4": (n("received_storage"), handled),
        "4.5a": (
            len(procs(lambda m: m("received_population") > 0, "for_citizens")),
            len(procs(lambda m: m("procedure_offered") >= 1, "for_citizens")),
        ),
        "4.5b": (n("received_population"), handled),
        "4.6": (counts.kind_count("commune", code, "certified_copy", 1), counts.kind_count("commune", code)),
        "5.1a": (petition("closed", "rules") + petition("open", "rules"), petitions),
        "5.1b": (petition("closed", "staff") + petition("open", "staff"), petitions),
        "5.2": (petition("closed_on_time") + petition("open") - petition("open_overdue"), petitions),
        "5.3": (petition("closed_satisfied") + petition("open_satisfied"), petitions),
        "5.4": (in_time - n("ended_in_time_unhappy") - n("open_in_time_unhappy"), handled),
    }
