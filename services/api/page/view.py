"""Everything that one page shows, put together from the documents of the api."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from schemas.rulesets.document import name_in
from schemas.units import Unit
from services.api.cube.order import TreeOrder
from services.api.documents.asked import Asked
from services.api.documents.kept import Stamp
from services.api.documents.lateness import lateness_document
from services.api.documents.ranking import Ranked, ranking_document
from services.api.documents.score import score_document
from services.api.documents.series import TOTAL, Line
from services.api.documents.stale import stale_member
from services.api.page.board import Board, board_of
from services.api.page.choice import Choice
from services.api.page.explained import Explained, explained_of
from services.api.page.figures import Figures
from services.api.page.links import Links
from services.api.page.official import Official
from services.api.page.texts import Texts, texts_of
from services.api.page.trends import Flow, Step, Trend, flow_of, step_of, trend_of, without_lead
from services.api.service import Service

__all__ = ["Charts", "Standing", "View", "above", "country_view", "unit_view"]

Document = Mapping[str, Any]


class Standing(Struct, frozen=True, kw_only=True):
    """A unit among those beside it: its place, and what it had in the period before (days, total or None)."""

    rank: int
    count: int
    handled: int
    before: Mapping[str, str] | None
    total_before: float | None


class Charts(Struct, frozen=True, kw_only=True):
    """Figures and Vega-Lite specifications of both charts; ``series`` is (code, name, chosen) of what the trend can show."""

    step: Step
    trend: Trend
    flow: Flow
    trend_spec: Document | None
    flow_spec: Document
    series: Sequence[tuple[str, str, bool]]


class View(Struct, frozen=True, kw_only=True):
    """One page. ``unit`` None: the country; ``heir``: who took the unit over; ``board`` None: nothing lies below.

    ``explained``, ``charts`` None: not asked for, or there is nothing to tell. ``official`` None: the period is not closed.
    ``stream``: where its live figures come from.
    """

    texts: Texts
    figures: Figures
    links: Links
    choice: Choice
    stamp: Stamp
    unit: Unit | None
    heir: Unit | None
    trail: Sequence[Unit]
    total: float
    max: float
    groups: Sequence[Document]
    standing: Standing | None
    score: Document | None
    lateness: Document | None
    board: Board | None
    explained: Explained | None
    charts: Charts | None
    stream: str
    official: Official | None = None


def country_view(service: Service, choice: Choice, links: Links) -> View:
    """The whole country: the provinces, ranked. (Its own indicators and charts would need a unit above them.)

    Raises:
        Problem: 503, the counts are not complete yet; 422.
    """
    texts = texts_of(choice.asked.language)
    board = board_of(service, None, choice, texts)
    pooled = board.document["pooled"]
    return View(
        texts=texts,
        figures=Figures(choice.asked.language),
        links=links,
        choice=choice,
        stamp=board.stamp,
        unit=None,
        heir=None,
        trail=(),
        total=pooled["total"],
        max=board.document["max"],
        groups=pooled["groups"],
        standing=None,
        score=None,
        lateness=None,
        board=board,
        explained=None,
        charts=None,
        stream=_stream(links, choice, kind=board.kind),
    )


def unit_view(service: Service, unit: Unit, choice: Choice, links: Links, *, whole: bool) -> View:
    """A unit with all below it, with its charts and its explanation or without these (they cost most).

    Raises:
        Problem: 503, the counts are not complete yet; 422.
    """
    asked = choice.asked
    texts, figures = texts_of(asked.language), Figures(asked.language)
    order = service.order_of(asked.period)
    board = board_of(service, unit, choice, texts) if order.children(unit.code) else None
    score, stamp = score_document(service, unit, asked)
    lateness, _ = lateness_document(service, unit)
    standing = _standing(service, order, unit, asked)
    handled = standing is None or standing.handled > 0
    live = {"unit": unit.code} if board is None else {"parent": unit.code, "kind": board.kind}
    return View(
        texts=texts,
        figures=figures,
        links=links,
        choice=choice,
        stamp=stamp,
        unit=unit,
        heir=_heir(order, unit),
        trail=above(order, unit),
        total=score.document["total"],
        max=score.document["max"],
        groups=score.document["groups"],
        standing=standing,
        score={**score.document, **stale_member(service, unit.code, asked)},
        lateness=lateness.document,
        board=board,
        explained=explained_of(service, unit, choice, links) if whole and handled else None,
        charts=_charts(service, unit, choice, texts, figures) if whole else None,
        stream=_stream(links, choice, **live),
    )


def _stream(links: Links, choice: Choice, **of: str | None) -> str:
    asked = choice.asked
    return links.api("v1/stream", **of, ruleset=asked.ruleset.id, lang=asked.language, **choice.span.asked)


def above(order: TreeOrder, unit: Unit) -> list[Unit]:
    """The units above one, the highest first."""
    line: list[Unit] = []
    while (parent := order.parent_of(unit.code)) is not None:
        unit = order.tree[parent]
        line.append(unit)
    return line[::-1]


def _heir(order: TreeOrder, unit: Unit) -> Unit | None:
    """The unit that took one over."""
    heir = order.tree.heir(unit.code, order.day)
    return order.tree[heir] if heir != unit.code else None


def _standing(service: Service, order: TreeOrder, unit: Unit, asked: Asked) -> Standing | None:
    """Read off the ranking of those of its kind beside it (at the top: of all). A unit that is no more has no place."""
    parent = order.parent_of(unit.code)
    above, kind = (None, None) if parent is None else (order.tree[parent], unit.kind)
    made, _ = ranking_document(service, above, kind, asked)
    entries: Sequence[Ranked] = made.document["units"]
    for entry in entries:
        if entry.unit["code"] == unit.code:
            return Standing(
                rank=entry.rank,
                count=len(entries),
                handled=entry.handled,
                before=made.document["before"],
                total_before=entry.total_before,
            )
    return None


def _charts(service: Service, unit: Unit, choice: Choice, texts: Texts, figures: Figures) -> Charts | None:
    asked = choice.asked
    step = step_of(asked.period, service.today)
    if step is None:
        return None
    from services.api.page.charts import flow_chart, trend_chart  # noqa: PLC0415 - Altair takes half a second to import

    names = [(TOTAL, texts("chart.total"))]
    names += [(group.code, name_in(group.name, texts.language)) for group in asked.ruleset.groups]
    flow = flow_of(service, unit, asked, step)
    trend, flow = without_lead(trend_of(service, unit, asked, Line(choice.series, step, cumulative=True), flow), flow)
    return Charts(
        step=step,
        trend=trend,
        flow=flow,
        trend_spec=trend_chart(trend, step, dict(names)[choice.series], texts, figures),
        flow_spec=flow_chart(flow, step, texts, figures),
        series=[(code, name, code == choice.series) for code, name in names],
    )
