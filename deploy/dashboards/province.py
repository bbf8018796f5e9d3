"""For the leaders of a province: what is open and late now, where, and what has become of it day by day."""

from typing import Final

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.common import TimeZoneBrowser
from grafana_foundation_sdk.models.dashboard import VariableRefresh, VariableSort

from deploy.dashboards.panels import PROMETHEUS, WIDTH, Sql, Unit, curves, listing, number, row

__all__ = ["dashboard"]

_THIRD, _HALF = WIDTH // 3, WIDTH // 2
_HERE: Final = 'province="$province"'
_PAGE: Final = "$page/units/${__data.fields.unit}"

_BELOW: Final = """
with recursive here as (
  select code from unit where code = '$province'
  union all
  select unit.code from unit join here on unit.parent = here.code
)"""
"""The units of the province, as the tree is now."""

_BY_DAY: Final = f"""{_BELOW}
select day::timestamp as time, measure as metric, sum(count) as value
from indicator_day_count join here on here.code = unit
where measure in ('received', 'ended', 'became_overdue')
  and day between $__timeFrom()::timestamptz::date and $__timeTo()::timestamptz::date
group by 1, 2 order by 1"""  # noqa: S608  of constants

_OLDEST: Final = f"""{_BELOW}
select dossier.code, dossier.unit, procedure, due_at, floor(extract(epoch from now() - overdue_from) / 86400) as days, agency
from dossier join here on here.code = dossier.unit
where state = 'open' and overdue_from <= now()
order by overdue_from limit 50"""  # noqa: S608  of constants

_FINDINGS: Final = f"""{_BELOW}
select finding.code as finding, count(*) as count
from finding join here on here.code = finding.unit
group by 1 order by 2 desc"""  # noqa: S608  of constants


def dashboard() -> builders.Dashboard:
    """The dashboard `nhip-province`."""
    made = (
        builders.Dashboard("Nhịp: tỉnh · province")
        .uid("nhip-province")
        .description(
            "Hồ sơ của một tỉnh: đang mở, quá hạn, sắp đến hạn. What is open, late and due soon in a province."
        )
        .tags(["nhip"])
        .timezone(TimeZoneBrowser)
        .refresh("1m")
        .time("now-7d", "now")
        .readonly()
        .with_variable(
            builders.QueryVariable("province")
            .label("Tỉnh")
            .datasource(PROMETHEUS)
            .query("label_values(nhip_api_unit_open_dossiers, province)")
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(VariableSort.ALPHABETICAL_ASC)
        )
        .with_variable(
            builders.TextBoxVariable("page").label("Địa chỉ trang Nhịp").default_value("http://127.0.0.1:8000")
        )
    )
    for part in (_now, _lately, _from_postgres):
        made = part(made)
    return made


def _now(made: builders.Dashboard) -> builders.Dashboard:
    span = WIDTH // 4
    return (
        made.with_row(row("Ngay bây giờ · Now"))
        .with_panel(
            number(
                "Hồ sơ đang giải quyết",
                "Open dossiers of the province.",
                f"sum(max by (unit) (nhip_api_unit_open_dossiers{{{_HERE}}}))",
                Unit.COUNT,
                span=span,
            )
        )
        .with_panel(
            number(
                "Hồ sơ quá hạn",
                "Of these, overdue.",
                f"sum(max by (unit) (nhip_api_unit_overdue_dossiers{{{_HERE}}}))",
                Unit.COUNT,
                span=span,
                alarm=1,
            )
        )
        .with_panel(
            number(
                "Hồ sơ sắp đến hạn",
                "Of these, due soon (NHIP_DUE_SOON_HOURS, working hours).",
                f"sum(max by (unit) (nhip_api_unit_due_soon_dossiers{{{_HERE}}}))",
                Unit.COUNT,
                span=span,
            )
        )
        .with_panel(
            number(
                "Tỷ lệ quá hạn trong số đang giải quyết",
                "Overdue dossiers as a part of the open ones.",
                f"sum(max by (unit) (nhip_api_unit_overdue_dossiers{{{_HERE}}}))"
                f" / (sum(max by (unit) (nhip_api_unit_open_dossiers{{{_HERE}}})) > 0) or vector(0)",
                Unit.SHARE,
                span=span,
                alarm=0.05,
                decimals=1,
            )
        )
    )


def _lately(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Trễ hạn · Lateness"))
        .with_panel(
            curves(
                "Trễ hạn trong một giờ, so với mức báo động",
                "Dossiers that became late within an hour, and from how many on LateDossierSpike rings.",
                [
                    (f"province:nhip_late_dossiers:rise{{{_HERE}}}", "trễ hạn · late"),
                    (f"province:nhip_late_dossiers:bar{{{_HERE}}}", "mức báo động · bar"),
                ],
                Unit.COUNT,
                span=_THIRD,
            )
        )
        .with_panel(
            curves(
                "Quá hạn và sắp đến hạn",
                "Overdue and due soon over time.",
                [
                    (f"sum(max by (unit) (nhip_api_unit_overdue_dossiers{{{_HERE}}}))", "quá hạn · overdue"),
                    (f"sum(max by (unit) (nhip_api_unit_due_soon_dossiers{{{_HERE}}}))", "sắp đến hạn · due soon"),
                ],
                Unit.COUNT,
                span=_THIRD,
            )
        )
        .with_panel(
            curves(
                "Đơn vị có nhiều hồ sơ mới trễ hạn nhất",
                "The ten units in which most dossiers became late within an hour.",
                [(f"topk(10, unit:nhip_late_dossiers:rise{{{_HERE}}} > 0)", "{{unit}}")],
                Unit.COUNT,
                span=_THIRD,
            )
        )
        .with_panel(
            listing(
                "Đơn vị có nhiều hồ sơ quá hạn nhất",
                "The units with most overdue dossiers now; a click leads to the unit's page.",
                f"topk(20, max by (unit) (nhip_api_unit_overdue_dossiers{{{_HERE}}}) > 0)",
                span=_HALF,
                names={"unit": "Đơn vị", "Value": "Quá hạn"},
                hidden=["Time"],
                links={"unit": _PAGE},
            )
        )
        .with_panel(
            listing(
                "Đơn vị có nhiều hồ sơ sắp đến hạn nhất",
                "The units with most dossiers that are due soon.",
                f"topk(20, max by (unit) (nhip_api_unit_due_soon_dossiers{{{_HERE}}}) > 0)",
                span=_HALF,
                names={"unit": "Đơn vị", "Value": "Sắp đến hạn"},
                hidden=["Time"],
                links={"unit": _PAGE},
            )
        )
    )


def _from_postgres(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Theo ngày và từng hồ sơ · By day, and one by one"))
        .with_panel(
            curves(
                "Tiếp nhận, giải quyết xong và quá hạn theo ngày",
                "Dossiers received, ended and become overdue by day, as the archive has it.",
                [Sql(_BY_DAY, series=True)],
                Unit.COUNT,
                span=_HALF,
            )
        )
        .with_panel(
            listing(
                "Lỗi dữ liệu",
                "Findings by kind (docs/archive.md).",
                Sql(_FINDINGS),
                span=_HALF,
                names={"finding": "Lỗi", "count": "Số hồ sơ"},
            )
        )
        .with_panel(
            listing(
                "Hồ sơ quá hạn lâu nhất",
                "The dossiers that have been overdue for longest; a click on the unit leads to its page.",
                Sql(_OLDEST),
                span=WIDTH,
                names={
                    "code": "Hồ sơ",
                    "unit": "Đơn vị",
                    "procedure": "Thủ tục",
                    "due_at": "Hạn trả kết quả",
                    "days": "Số ngày quá hạn",
                    "agency": "Đang giữ",
                },
                links={"unit": _PAGE},
                height=12,
            )
        )
    )
