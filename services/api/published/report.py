"""The report of a closed period, as it was published, with what later events would have changed beside it."""

import asyncio

import msgspec
from msgspec import structs

from schemas.rulesets.model import RuleSet
from schemas.rulesets.readable import readable
from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.procedures_form import Form, FormAsked, waiting_in_time
from services.api.documents.report import Child, children_of, report_document
from services.api.problems import Problem
from services.api.published.difference import beside_counts, beside_ranking, beside_score
from services.api.published.documents import result_of
from services.api.published.live import closed_score
from services.api.published.telling import in_language, mark, rules_of
from services.api.service import Service
from services.common.published import Closing

__all__ = ["published_report", "with_closing"]


async def published_report(service: Service, code: str, asked: Asked, form: FormAsked) -> tuple[Made, Stamp]:
    """The official report of a unit: the document of `report_document` as it was frozen, and how it became official (``published``).

    Total, groups, indicators, the units below and the total of the form have ``now`` and ``difference`` beside them; what holds now is
    all of one state, that of the stamp.

    Raises:
        Problem: 404 with what is closed, 503 while PostgreSQL does not answer or the counts are not complete; 501, this version cannot
            read the rule set that was frozen.
    """
    closings = (await service.closings.as_of_now()).of(asked.ruleset.id, asked.period)
    closing, result = await result_of(service, code, closings, asked)
    rules, frozen = _rules(closing), await service.published.report(result)
    unit, now, stamp = service.units.get(code), None, service.stamp
    if unit is not None:
        made, stamp = await asyncio.to_thread(report_document, service, unit, asked._replace(ruleset=rules), form)
        now = made.document
    score = {**in_language(closing, result.score, asked.language), "rank": result.rank}
    # the parent of a closing has no official rank, hence none to compare: its neighbours were not closed with it
    compared = ("total",) if result.rank is None else ("total", "rank")
    document = {
        **beside_score(score, now, compared),
        "parent": frozen["parent"],
        "ranked": frozen["ranked"],
        "children": await _children(service, closing, code, now),
        "form": _form(frozen["forms"][form.rows], form, now),
        "rules": readable(rules),
        "published": mark(service, closing),
    }
    return Made.of(document), stamp


def _rules(closing: Closing) -> RuleSet:
    rules = rules_of(closing)
    if rules is None:
        kept = f"GET /v1/periods/{closing.id}/ruleset has its text; published=true of scores and counts can be read"
        raise Problem(501, f"this version cannot read the rule set that closing {closing.id} froze; {kept}")
    return rules


async def _children(service: Service, closing: Closing, code: str, now: Document | None) -> list[Child]:
    ranking = await service.published.ranking([closing], code, None)
    if ranking is None:
        return []
    present = None if now is None else {"units": now["children"], "pooled": None}
    return children_of(beside_ranking(ranking.document, present)["units"])


def _form(frozen: Document, asked: FormAsked, now: Document | None) -> Form:
    form = msgspec.convert(frozen, Form)
    if asked.waiting != form.waiting:
        form = waiting_in_time(form)
    beside = beside_counts(form.total, None if now is None else now["form"].total)
    return structs.replace(form, now=beside["now"], difference=beside["difference"])


async def with_closing(service: Service, unit: Unit, asked: Asked, live: Made) -> Made:
    """A live report; where its period is closed, with what `closed_score` tells of that."""
    closed = await closed_score(service, unit, asked, live.document)
    return live if closed is None else Made.of({**live.document, "closed": closed})
