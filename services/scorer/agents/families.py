"""What the scorer keeps of each family of events: on which topic it comes, in which table its facts lie, what they count for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import Struct

from schemas import topics
from services.scorer.domain import (
    contributions,
    facts,
    figures,
    petition_counts,
    petitions,
    procedure_counts,
    procedures,
    reading,
)
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import Said
from services.scorer.domain.setting import Setting

__all__ = ["DOSSIERS", "FAMILIES", "FIGURES", "PETITIONS", "PROCEDURES", "Family", "Known"]

Known = dict[str, Any]
"""All that is known about one subject: sender (unit of the key) -> facts of the family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of events: plain functions of its part of the domain.

    ``empty``: what is known of a sender who has said nothing. ``fact_of`` raises ValueError for what is no event of the family.
    ``unit_of``: the unit that a fact is about, where facts name it; None: the booking says where the subject lies.
    """

    topic: str
    table: str
    unpack: Callable[[memoryview], Known]
    pack: Callable[[Known], bytes]
    empty: Callable[[], Any]
    fact_of: Callable[[Any], Said]
    add: Callable[[Any, Said], bool]
    book: Callable[[str, Known, int, Setting], Booking]
    unit_of: Callable[[Said], str | None] | None = None


def _unpacker(of_sender: type[Struct]) -> Callable[[bytes | memoryview], Known]:
    """What reads what `facts.pack` wrote of another family."""
    return msgspec.msgpack.Decoder(dict[str, of_sender]).decode  # type: ignore[valid-type]


DOSSIERS: Final = Family(
    topic=topics.DOSSIER_EVENTS,
    table="dossiers",
    unpack=facts.unpack,
    pack=facts.pack,
    empty=facts.Facts,
    fact_of=reading.fact_of,
    add=facts.add,
    book=contributions.book,
)
PETITIONS: Final = Family(
    topic=topics.PETITION_EVENTS,
    table="petitions",
    unpack=_unpacker(petitions.Petition),
    pack=facts.pack,
    empty=petitions.Petition,
    fact_of=petitions.fact_of,
    add=petitions.add,
    book=petition_counts.book,
    unit_of=petitions.unit_of,
)
PROCEDURES: Final = Family(
    topic=topics.PROCEDURE_EVENTS,
    table="procedures",
    unpack=_unpacker(procedures.Procedure),
    pack=facts.pack,
    empty=procedures.Procedure,
    fact_of=procedures.fact_of,
    add=facts.add,
    book=procedure_counts.book,
    unit_of=procedures.unit_of,
)
FIGURES: Final = Family(
    topic=topics.UNIT_EVENTS,
    table="figures",
    unpack=_unpacker(figures.Figure),
    pack=facts.pack,
    empty=figures.Figure,
    fact_of=figures.fact_of,
    add=facts.add,
    book=figures.book,
    unit_of=figures.unit_of,
)

FAMILIES: Final = (DOSSIERS, PETITIONS, PROCEDURES, FIGURES)
"""Every family that is counted."""
