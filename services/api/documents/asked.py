"""By what and for which days something is asked."""

from typing import NamedTuple

from schemas.periods import Period
from schemas.rulesets.document import Language
from schemas.rulesets.model import RuleSet

__all__ = ["Asked", "Key"]

Key = tuple[RuleSet, Period, bool, Language]


class Asked(NamedTuple):
    """A question for scores; ``pooled``: of each unit with all below it, else alone."""

    ruleset: RuleSet
    period: Period
    pooled: bool = True
    language: Language = "vi"

    @property
    def key(self) -> Key:
        """What tells it from others, for a cache: the rule set itself, because two files may give themselves one id."""
        return self.ruleset, self.period, self.pooled, self.language
