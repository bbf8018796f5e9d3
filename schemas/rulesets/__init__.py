"""Rule sets: what is scored and how, as files that an official can check, and the evaluator of all of them.

``load("766-portal-2026")`` gives a rule set; ``evaluate(ruleset, counts)`` scores all units at once; ``document(scores, row)`` is what
is shown of one of them. Reading order: the YAML file, `fileformat`, `contradictions`, `parser`, `checks`, `compiling`; `exact`,
`formulas`, `evaluate`.
"""

from schemas.rulesets.counts import Cells, Counts, Figures
from schemas.rulesets.document import ScoreDocument, document
from schemas.rulesets.errors import PairError, RuleSetError, UnknownRuleSet
from schemas.rulesets.evaluate import Scores, Status, evaluate
from schemas.rulesets.library import available, load, offered, parse
from schemas.rulesets.model import RuleSet
from schemas.rulesets.pairs import evaluate_pairs
from schemas.rulesets.ranking import places
from schemas.rulesets.readable import readable, summary

__all__ = [
    "Cells",
    "Counts",
    "Figures",
    "PairError",
    "RuleSet",
    "RuleSetError",
    "ScoreDocument",
    "Scores",
    "Status",
    "UnknownRuleSet",
    "available",
    "document",
    "evaluate",
    "evaluate_pairs",
    "load",
    "offered",
    "parse",
    "places",
    "readable",
    "summary",
]
