"""What one can listen to."""

from typing import NamedTuple

from schemas.rulesets.document import Language
from services.api.http.query import Span

__all__ = ["Group", "RankingTopic", "ScoreTopic", "Topic"]


class Group(NamedTuple):
    """What is scored in one go: all units that somebody listens to by one rule set in one period."""

    ruleset: str
    span: Span
    pooled: bool


class ScoreTopic(NamedTuple):
    """The score of a unit."""

    unit: str
    group: Group
    language: Language


class RankingTopic(NamedTuple):
    """The ranking of the units below one (None: of those at the top, or of a kind in the whole country)."""

    parent: str | None
    kind: str | None
    ruleset: str
    span: Span
    language: Language


Topic = ScoreTopic | RankingTopic
