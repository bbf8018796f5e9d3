"""Vega-Lite charts, made with Altair. Importing this takes half a second: import it where a chart is drawn.

Colours are those of the style sheet (`var(--accent)`, `currentColor`), so that a chart follows light and dark without being drawn again.
"""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from schemas.rulesets.document import Language
from services.api.page.figures import Figures
from services.api.page.texts import Texts
from services.api.page.trends import FLOWS, Flow, Step, Trend

__all__ = ["flow_chart", "trend_chart"]

_COLOURS: Final = ("var(--soft)", "var(--accent)", "var(--late)")
"""One a count of FLOWS; red is for lateness alone."""

_DAYS: Final[dict[Language, str]] = {"vi": "%d/%m", "en": "%-d %b"}
_MONTHS: Final[dict[Language, str]] = {"vi": "%m/%Y", "en": "%b %Y"}
_NUMBERS: Final = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""], "minus": "−"}
"""How Vietnamese writes numbers (d3-format)."""

_LEAST_SPAN: Final = 4.0

Spec = dict[str, Any]


def trend_chart(trend: Trend, step: Step, name: str, texts: Texts, figures: Figures) -> Spec | None:
    """The score as a line; steps without a score leave a gap. None where there is none at all."""
    rows = [
        {"at": day, "value": value, "day": figures.step(day, step), "points": figures.points(value)}
        for day, value in trend.points
    ]
    known = [value for _, value in trend.points if value is not None]
    if not known:
        return None
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_steps(step, texts.language),
        y=alt.Y(
            "value:Q",
            scale=alt.Scale(zero=False, nice=True, domain=_span(known)),
            axis=alt.Axis(title=None, tickCount=5),
        ),
        tooltip=[
            alt.Tooltip("day:N", title=texts(f"chart.{step}")),
            alt.Tooltip("points:N", title=name),
        ],
    )
    line = base.mark_line(color="var(--accent)", strokeJoin="round", point=alt.OverlayMarkDef(color="var(--accent)"))
    return _finished(line, f"{texts('chart.trend')}: {name}", texts.language)


def flow_chart(flow: Flow, step: Step, texts: Texts, figures: Figures) -> Spec:
    """Dossiers of each step as three lines."""
    names = [texts(f"chart.{name}") for name in FLOWS]
    rows = [
        {"at": day, "count": count, "what": name, "day": figures.step(day, step)}
        | dict(zip(FLOWS, map(figures.count, counts), strict=True))
        for day, counts in flow.points
        for name, count in zip(names, counts, strict=True)
    ]
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeJoin="round", point=True)
        .encode(
            x=_steps(step, texts.language),
            y=alt.Y("count:Q", scale=alt.Scale(nice=True), axis=alt.Axis(title=None, tickCount=5, tickMinStep=1)),
            color=alt.Color("what:N", scale=alt.Scale(domain=names, range=list(_COLOURS)), legend=None),
            tooltip=[
                alt.Tooltip("day:N", title=texts(f"chart.{step}")),
                *(alt.Tooltip(f"{name}:N", title=title) for name, title in zip(FLOWS, names, strict=True)),
            ],
        )
    )
    return _finished(lines, texts("chart.flow"), texts.language)


def _span(values: Sequence[float]) -> list[float]:
    """The points that the axis shows: so many at least that a hundredth does not look like a landslide."""
    low, high = min(values), max(values)
    spare = max(0.0, _LEAST_SPAN - (high - low)) / 2
    return [max(0.0, low - spare), high + spare]


def _steps(step: Step, language: Language) -> alt.X:
    """The axis of the steps, each a place of its own. Days are bare dates: in UTC no browser's time zone moves them."""
    form = (_MONTHS if step == "month" else _DAYS)[language]
    axis = alt.Axis(
        title=None,
        labelExpr=f"utcFormat(toDate(datum.value), '{form}')",
        labelAngle=0,
        labelOverlap=True,
        labelSeparation=12,
    )
    return alt.X("at:O", sort=None, scale=alt.Scale(type="point", padding=0.3), axis=axis)


def _finished(chart: alt.Chart, description: str, language: Language) -> Spec:
    """The chart with our look. The size of its letters and marks is the page's business (`charts.js`).

    The options of Vega-Embed: no eval, no style of its own, because the page's policy forbids both.
    """
    options: Spec = {
        "actions": False,
        "ast": True,
        "defaultStyle": False,
        "renderer": "svg",
        "tooltip": {"disableDefaultStyle": True},
        **({"formatLocale": _NUMBERS} if language == "vi" else {}),
    }
    spec: Spec = (
        chart.properties(
            width="container",
            height="container",
            background="transparent",
            description=description,
            padding={"left": 4, "right": 12, "top": 4, "bottom": 4},
            usermeta={"embedOptions": options},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="currentColor", gridColor="var(--line)", domainColor="var(--line)", tickColor="var(--line)",
            labelPadding=6,
        )
        .to_dict()
    )  # fmt: skip
    return spec
