"""What a rule-set file looks like, field by field. It is written to be held against the decree, line by line.

A file says everything itself; what is not written has the default given here. Points have at most two decimals.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.rulesets.exact import Ties

Curve = Literal["linear", "yes_no", "steps", "full", "analysis"]
Status = Literal["in_force", "historical", "draft"]
"""``in_force``: the text stands, or a portal scores so now; ``historical``: no longer; ``draft``: not yet, and only on request."""

Text = Annotated[str, Meta(min_length=1)]
"""Something must be written."""


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the file; unknown fields are errors, because a misspelt one would silently change the law."""


class Names(Line, frozen=True, kw_only=True):
    """A name in Vietnamese, as the law has it, and in English."""

    vi: Text
    en: Text


class Definition(Line, frozen=True, kw_only=True):
    """A name for an expression, to be used in others."""

    formula: str
    source: Text


class Step(Line, frozen=True, kw_only=True):
    """Points from a ratio on."""

    at_least: Decimal
    points: Decimal


class FormulaLine(Line, frozen=True, kw_only=True):
    """What is counted, of what."""

    numerator: str
    denominator: str


class ChildUnits(Line, frozen=True, kw_only=True):
    """What is different for units that lie in a province and are not the province.

    ``values: province`` takes the numerator and denominator of the province, with all units below it. ``status: not_applicable`` shows
    the unit's own counts and gives ``points`` whatever they are (a number, or ``full``).
    """

    values: Literal["own", "province"] = "own"
    status: Literal["scored", "not_applicable"] = "scored"
    points: str = "0"
    source: Text


class NoDataWith(Line, frozen=True, kw_only=True):
    """What a zero denominator makes where that of another indicator is zero too: there is nothing then that could be counted."""

    indicator: str
    points: str
    source: Text


class IndicatorLine(Line, frozen=True, kw_only=True):
    """One indicator.

    ``curve`` makes points of the ratio R = numerator / denominator: ``linear`` max × R / full_from, at most max; ``yes_no`` max from
    full_from on, else 0; ``steps`` the points of the highest step reached, else 0; ``full`` max for every unit; ``analysis`` none, the
    ratio is only shown. ``no_data`` is what a zero denominator makes: ``null`` (no score; counts as 0 in the group), points, or ``full``;
    ``no_data_with`` may say otherwise for units of which another indicator has no data either.
    ``outside_province`` replaces the fraction for units that lie in no province (ministries and what is below them).
    """

    code: str
    portal_code: str | None = None
    name: Names
    source: Text
    numerator: str
    denominator: str
    max: Decimal
    curve: Curve
    full_from: Decimal = Decimal(1)
    steps: tuple[Step, ...] = ()
    no_data: str
    no_data_with: NoDataWith | None = None
    child_units: ChildUnits | None = None
    outside_province: FormulaLine | None = None
    note: str | None = None


class GroupLine(Line, frozen=True, kw_only=True):
    """A group. ``rounding: indicator`` adds rounded scores; ``sum`` adds exact ones and rounds their sum once."""

    code: str
    name: Names
    source: Text
    max: Decimal
    rounding: Literal["indicator", "sum"]
    indicators: tuple[IndicatorLine, ...]


class Band(Line, frozen=True, kw_only=True):
    """A class of results, from so many points on."""

    code: str
    name: Names
    at_least: Decimal
    source: Text


class Rounding(Line, frozen=True, kw_only=True):
    """To how many decimals scores are rounded, and where the very middle goes."""

    decimals: Literal[1, 2] = 2
    ties: Ties = "half_even"
    source: Text


class RuleSetFile(Line, frozen=True, kw_only=True):
    """A whole file. ``valid_from`` and ``valid_to`` are days (``2026-01-01``), both included; absent: open.

    Each ``source`` begins with a key of ``sources``.
    """

    id: str
    name: Names
    law: Text
    status: Status
    valid_from: str | None = None
    valid_to: str | None = None
    max: Decimal
    rounding: Rounding
    sources: dict[str, Text]
    definitions: dict[str, Definition] = {}
    groups: tuple[GroupLine, ...]
    bands: tuple[Band, ...] = ()
    note: str | None = None
