"""What can be wrong with a rule set, an expression in it, or the counts given to it."""


class ExpressionError(ValueError):
    """An expression cannot be read or does not make sense; ``at`` is the character, counted from 0."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(f"character {at + 1}: {reason}")
        self.at = at
        self.reason = reason


class RuleSetError(ValueError):
    """A rule-set file is wrong; ``line`` counts from 1 and is None where the fault has no place."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class UnknownRuleSet(LookupError):
    """No packaged rule set has this id; ``available`` lists those that there are."""

    def __init__(self, ruleset: str, available: tuple[str, ...]) -> None:
        super().__init__(f"unknown rule set {ruleset!r}; available: {', '.join(available)}")
        self.ruleset = ruleset
        self.available = available


class PairError(ValueError):
    """A pair given for evaluation is wrong; ``code`` is the indicator (or the field) at fault."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
