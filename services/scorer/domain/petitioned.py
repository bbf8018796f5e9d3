"""Petitions that concern a dossier ("phản ánh, kiến nghị"): since when, and what was found (`events_and_measures.md`, section 1.1)."""

from collections.abc import Callable

from msgspec.structs import replace

from services.scorer.domain.facts import Facts, Petitioned


def concerning(facts: Facts, reached: Callable[[int], bool]) -> list[Petitioned]:
    """The petitions that concern a dossier by now, voided ones left out.

    What was found of one (`Facts.findings`) holds whatever else is told of it; since when it concerns the dossier is told apart from
    that, and where nobody told it, since the finding.

    Args:
        facts: about the dossier.
        reached: whether a moment has come.
    """
    told = facts.petitions or {}
    petitions = list(told.values())
    if facts.findings:
        found = {code: finding for code, finding in facts.findings.items() if reached(finding.at)}
        petitions = [replace(one, upheld=found[code].upheld) if code in found else one for code, one in told.items()]
        petitions += [finding for code, finding in found.items() if code not in told]
    return [petition for petition in petitions if not petition.voided and reached(petition.at)]
