"""The few kinds of panels that the dashboards are made of. Titles are Vietnamese, descriptions say it in English and what to look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from grafana_foundation_sdk.builders import common, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, DynamicConfigValue, Threshold, ThresholdsMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

__all__ = ["POSTGRES", "PROMETHEUS", "WIDTH", "Sql", "Unit", "curves", "listing", "number", "promql", "row"]

PROMETHEUS: Final = DataSourceRef(type_val="prometheus", uid="nhip-prometheus")
POSTGRES: Final = DataSourceRef(type_val="grafana-postgresql-datasource", uid="nhip-postgres")
"""Both as deploy/grafana/provisioning/datasources has them."""

WIDTH: Final = 24
"""Columns of Grafana's grid."""
_HEIGHT: Final = 8
_LOW: Final = 4


class Unit:
    """Units of Grafana (`unit` of a field)."""

    SECONDS: Final = "s"
    BYTES: Final = "bytes"
    SHARE: Final = "percentunit"
    PER_SECOND: Final = "ops"
    COUNT: Final = "short"


@dataclass
class Sql(Dataquery):
    """A query of PostgreSQL. ``series``: `time`, `metric`, `value` as curves; else a table."""

    text: str
    series: bool = False
    ref_id: str = "A"

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        return {
            "refId": self.ref_id,
            "datasource": POSTGRES,
            "rawSql": self.text,
            "rawQuery": True,
            "editorMode": "code",
            "format": "time_series" if self.series else "table",
        }


class _Of(Builder[Dataquery]):
    def __init__(self, query: Dataquery) -> None:
        self._query = query

    def build(self) -> Dataquery:
        return self._query


def promql(expression: str, legend: str = "", *, ref: str = "A", instant: bool = False) -> Builder[Dataquery]:
    """A query of Prometheus; `legend` as `{{label}}`. ``instant``: only now, as a table."""
    query = prometheus.Dataquery().expr(expression).legend_format(legend).ref_id(ref).datasource(PROMETHEUS)
    return query.instant().format(PromQueryFormat.TABLE) if instant else query.range()


def row(title: str) -> builders.Row:
    """A heading above the panels that follow."""
    return builders.Row(title)


def number(
    title: str, about: str, expression: str, unit: str, *, span: int, alarm: float | None = None, decimals: int = 0
) -> stat.Panel:
    """One large number with its recent curve; red from `alarm` on."""
    steps = [Threshold(value=None, color="green" if alarm is not None else "blue")]
    if alarm is not None:
        steps.append(Threshold(value=alarm, color="red"))
    return (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(PROMETHEUS)
        .with_target(promql(expression))
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .thresholds(builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
        .color_mode(BigValueColorMode.VALUE)
        .graph_mode(BigValueGraphMode.AREA)
        .unit(unit)
        .decimals(decimals)
        .span(span)
        .height(_LOW)
    )


def curves(
    title: str, about: str, queries: Sequence[tuple[str, str] | Sql], unit: str, *, span: int, stacked: bool = False
) -> timeseries.Panel:
    """Curves over time: (expression, legend) of Prometheus, or queries of PostgreSQL, these as bars.

    ``stacked``: areas (or bars) upon each other, of what adds up.
    """
    of_postgres = any(isinstance(query, Sql) for query in queries)
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about)
        .datasource(POSTGRES if of_postgres else PROMETHEUS)
        .unit(unit)
        .min(0)
        .span(span)
        .height(_HEIGHT)
        .line_width(1)
        .fill_opacity(60 if of_postgres else 20 if stacked else 5)
        .draw_style(GraphDrawStyle.BARS if of_postgres else GraphDrawStyle.LINE)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
            .calcs(["lastNotNull"])
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
    )
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for ref, query in zip("ABCDEFGH", queries, strict=False):
        if isinstance(query, Sql):
            query.ref_id = ref
            panel = panel.with_target(_Of(query))
        else:
            panel = panel.with_target(promql(*query, ref=ref))
    return panel


def listing(
    title: str,
    about: str,
    query: str | Sql,
    *,
    span: int,
    names: dict[str, str],
    hidden: Sequence[str] = (),
    links: dict[str, str] | None = None,
    height: int = _HEIGHT,
) -> table.Panel:
    """A table: an expression of Prometheus as of now, or a query of PostgreSQL.

    Args:
        title: Vietnamese.
        about: English.
        query: what is asked.
        span: columns of the grid.
        names: what columns are called, by what they are called in the answer.
        hidden: columns that are not shown.
        links: addresses behind the values of columns, by the names of the answer.
        height: in rows of the grid.
    """
    target = _Of(query) if isinstance(query, Sql) else promql(query, instant=True)
    panel = (
        table.Panel()
        .title(title)
        .description(about)
        .datasource(POSTGRES if isinstance(query, Sql) else PROMETHEUS)
        .with_target(target)
        .span(span)
        .height(height)
        .filterable(True)
    )
    for name, shown in names.items():
        properties = [DynamicConfigValue(id_val="displayName", value=shown)]
        if links and name in links:
            properties.append(_linked(links[name]))
        panel = panel.override_by_name(name, properties)
    for name in hidden:
        panel = panel.override_by_name(name, [DynamicConfigValue(id_val="custom.hidden", value=True)])
    return panel


def _linked(address: str) -> DynamicConfigValue:
    link: dict[str, Any] = {"title": "Xem trang · Open the page", "url": address, "targetBlank": True}
    return DynamicConfigValue(id_val="links", value=[link])
