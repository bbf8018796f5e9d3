"""What the page of a closed period says: the official figures beside today's."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.problems import Problem
from services.api.published.documents import published_ranking, published_score
from services.api.published.live import LIVE_SECONDS
from services.api.published.telling import mark
from services.api.service import Service

__all__ = ["Official", "official_of"]

Document = Mapping[str, Any]


class Official(Struct, frozen=True, kw_only=True):
    """``mark``: how the figures became official; ``score`` None: they cannot be read now; ``units``: those below, as they were ranked."""

    mark: Document
    score: Document | None
    units: Sequence[Document]


async def official_of(service: Service, unit: Unit, asked: Asked, kind: str | None) -> Official | None:
    """The official figures of a unit; None: its period is not closed. A page waits for them no longer than any live answer.

    Args:
        service: of the closings.
        unit: whose figures.
        asked: by which rule set, of which days.
        kind: which units below it the page ranks.
    """
    closings = service.closings.of(asked.ruleset.id, asked.period)
    if not closings:
        return None
    try:
        async with asyncio.timeout(LIVE_SECONDS):
            score = await published_score(service, unit.code, asked)
            units = await _units(service, unit, asked, kind)
    except (Problem, TimeoutError) as error:
        if isinstance(error, Problem) and error.status == 404:
            return None
        above = service.units.line(unit.code)
        closing = next((each for each in closings if each.parent in above), None)
        return None if closing is None else Official(mark=mark(service, closing), score=None, units=())
    return Official(mark=score["published"], score=score, units=units)


async def _units(service: Service, unit: Unit, asked: Asked, kind: str | None) -> Sequence[Document]:
    try:
        ranking = await published_ranking(service, unit.code, kind, asked)
    except Problem as problem:
        if problem.status == 404:  # nothing lay below it
            return ()
        raise
    units: Sequence[Document] = ranking["units"]
    return units
