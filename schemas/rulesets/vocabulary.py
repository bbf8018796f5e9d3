"""The words that expressions may use (`events_and_measures.md`, sections 2.1, 2.2, 2.5 and 5)."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from schemas.measures import BY_NAME, Family


class Vocabulary(Struct, frozen=True):
    """Which names mean something. A measure is split by procedure or by class of petition, never by both."""

    measures: frozenset[str]
    by_procedure: frozenset[str]
    by_class: frozenset[str]
    attributes: frozenset[str]
    figures: frozenset[str]
    kinds: frozenset[str]
    classes: frozenset[str]

    def with_measures(self, names: Collection[str]) -> "Vocabulary":
        """The same with other measures; each may be split either way."""
        known = frozenset(names)
        return Vocabulary(known, known, known, self.attributes, self.figures, self.kinds, self.classes)


_PETITIONS = frozenset(name for name, measure in BY_NAME.items() if measure.family is Family.PETITION)

VOCABULARY: Final = Vocabulary(
    measures=frozenset(BY_NAME),
    by_procedure=frozenset(BY_NAME) - _PETITIONS,
    by_class=_PETITIONS,
    attributes=frozenset({"special", "fee", "paper_result", "for_citizens", "full_online_eligible"}),
    figures=frozenset({"national_report_received", "certified_copy", "tt01_publicity", "slips_issued"}),
    kinds=frozenset({"ministry", "province", "department", "district", "commune"}),
    classes=frozenset({"rules", "staff", "other"}),
)
