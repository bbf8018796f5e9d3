"""What live documents say where their period is closed: how it became official, and where they differ from that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.documents.kept import Document
from services.api.problems import Problem
from services.api.published.difference import beside_ranking, beside_score, count_differences, differences
from services.api.published.telling import mark
from services.api.service import Service
from services.common.published import Closing, PublishedRanking, PublishedResult

__all__ = ["closed_counts", "closed_ranking", "closed_score"]

T = TypeVar("T", PublishedResult, PublishedRanking)

LIVE_SECONDS: Final = 0.5
"""How long a live answer waits for what was published; what was read once is remembered."""


async def closed_score(service: Service, unit: Unit, asked: Asked, live: Document) -> Document | None:
    """What a live score says where its period is closed: how, and where it differs. None: it is not closed."""
    closings = service.closings.of(asked.ruleset.id, asked.period) if asked.pooled else []
    reading = service.published.result(closings, unit.code)
    return await _beside(
        service, unit.code, closings, reading, lambda found: differences(beside_score(found.score, live))
    )


async def closed_counts(service: Service, code: str, asked: Asked, live: dict[str, int]) -> Document | None:
    """The same of live counts."""
    closings = service.closings.of_any(asked.ruleset.id, asked.period) if asked.pooled else []
    reading = service.published.result(closings, code)
    return await _beside(service, code, closings, reading, lambda found: count_differences(found.counts, live))


async def closed_ranking(
    service: Service, parent: Unit | None, kind: str | None, asked: Asked, live: Document
) -> Document | None:
    """The same of a live ranking; the country as a whole is never closed."""
    if parent is None:
        return None
    closings = service.closings.of(asked.ruleset.id, asked.period)
    reading = service.published.ranking(closings, parent.code, kind)
    return await _beside(
        service, parent.code, closings, reading, lambda found: differences(beside_ranking(found.document, live))
    )


async def _beside(
    service: Service,
    code: str,
    closings: Sequence[Closing],
    reading: Awaitable[T | None],
    differing: Callable[[T], list[dict[str, Any]]],
) -> Document | None:
    """``differs`` is None while PostgreSQL is away: that a unit is closed the tree tells, but not where it differs."""
    try:
        async with asyncio.timeout(LIVE_SECONDS):
            found = await reading
    except (Problem, TimeoutError):
        above = service.units.line(code)
        closing = next((each for each in closings if each.parent in above), None)
        return None if closing is None else {**mark(service, closing), "differs": None}
    if found is None:
        return None
    (closing,) = [each for each in closings if each.id == found.closing]
    return {**mark(service, closing), "differs": differing(found)}
