"""For who runs Nhịp: the way of an event from left to right, and whether anything stands still."""

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.common import TimeZoneBrowser

from deploy.dashboards.panels import WIDTH, Unit, curves, listing, number, row

__all__ = ["dashboard"]

_FOURTH, _THIRD, _HALF = WIDTH // 4, WIDTH // 3, WIDTH // 2
_RATE = "[$__rate_interval]"


def dashboard() -> builders.Dashboard:
    """The dashboard `nhip-operators`."""
    made = (
        builders.Dashboard("Nhịp: vận hành · operators")
        .uid("nhip-operators")
        .description("Đường đi của sự kiện. The way of an event, and what may stand still. Runbooks: docs/runbooks.")
        .tags(["nhip"])
        .timezone(TimeZoneBrowser)
        .refresh("10s")
        .time("now-1h", "now")
        .readonly()
    )
    for part in (_now, _ingest, _scorer, _api, _beside, _senders):
        made = part(made)
    return made


def _now(made: builders.Dashboard) -> builders.Dashboard:
    span = WIDTH // 6
    return (
        made.with_row(row("Ngay bây giờ · Now"))
        .with_panel(
            number(
                "Cảnh báo đang reo",
                "Alerts that fire. docs/operate.md says what each means.",
                'count(ALERTS{alertstate="firing"}) or vector(0)',
                Unit.COUNT,
                span=span,
                alarm=1,
            )
        )
        .with_panel(
            number(
                "Sự kiện nhận mỗi giây",
                "Events accepted a second.",
                f'sum(rate(nhip_ingest_events_total{{outcome="accepted"}}{_RATE}))',
                Unit.PER_SECOND,
                span=span,
                decimals=1,
            )
        )
        .with_panel(
            number(
                "Sự kiện chờ chấm điểm",
                "Accepted events that no score shows yet.",
                "sum(nhip_api_lag_events)",
                Unit.COUNT,
                span=span,
                alarm=10_000,
            )
        )
        .with_panel(
            number(
                "Tuổi của điểm",
                "How old the scores are that the api shows.",
                "max(instance:nhip_scores_age_seconds) or vector(0)",
                Unit.SECONDS,
                span=span,
                alarm=60,
                decimals=1,
            )
        )
        .with_panel(
            number(
                "Kho lưu trữ chậm",
                "How far the archive is behind.",
                "max(nhip_archive_lag_seconds)",
                Unit.SECONDS,
                span=span,
                alarm=600,
                decimals=1,
            )
        )
        .with_panel(
            number(
                "Thông báo gửi không thành",
                "Digests that nobody took, to the last try: nhip notices list --dead.",
                "sum(nhip_notices_failed_digests)",
                Unit.COUNT,
                span=span,
                alarm=1,
            )
        )
    )


def _ingest(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Tiếp nhận sự kiện · Ingest"))
        .with_panel(
            curves(
                "Sự kiện theo kết quả",
                "Events a second by outcome. A fifth of rejected ones rings NhipManyRejected.",
                [(f"sum by (outcome) (rate(nhip_ingest_events_total{_RATE}))", "{{outcome}}")],
                Unit.PER_SECOND,
                span=_THIRD,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Bị từ chối theo mã lỗi",
                "Rejected events a second by code (docs/events.md). nhip rejected list shows them.",
                [(f"sum by (code) (rate(nhip_ingest_rejections_total{_RATE}))", "{{code}}")],
                Unit.PER_SECOND,
                span=_THIRD,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Thời gian trả lời của ingest",
                "From a request to its answer: half, and 99 of 100, are faster. The answer waits for Kafka.",
                [
                    (_quantile(0.5, "nhip_ingest_request_seconds"), "p50"),
                    (_quantile(0.99, "nhip_ingest_request_seconds"), "p99"),
                ],
                Unit.SECONDS,
                span=_THIRD,
            )
        )
    )


def _scorer(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Chấm điểm · Scorer"))
        .with_panel(
            curves(
                "Sự kiện đang chờ theo phân vùng",
                "Events that wait, by partition. One that waits and does not move rings NhipScorerStalled.",
                [("partition:nhip_lag_events:max", "{{partition}}")],
                Unit.COUNT,
                span=_FOURTH,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Sự kiện chờ lâu nhất",
                "How long ago the oldest event came that waits, by partition.",
                [("max by (partition) (nhip_scorer_lag_seconds)", "{{partition}}")],
                Unit.SECONDS,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Thời gian từng bước (p99)",
                "99 of 100 are faster: waiting for timers and commits, folding a batch, a transaction.",
                [
                    (_quantile(0.99, "nhip_scorer_inbox_seconds"), "chờ · wait"),
                    (_quantile(0.99, "nhip_scorer_fold_seconds"), "gộp · fold"),
                    (_quantile(0.99, "nhip_scorer_transaction_seconds"), "giao dịch · transaction"),
                ],
                Unit.SECONDS,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Sự kiện đã tính",
                "Events folded a second; of these, those known already, out of order, and a day late or more.",
                [
                    (f"sum(rate(nhip_scorer_events_total{_RATE}))", "tất cả · all"),
                    (f"sum(rate(nhip_scorer_duplicate_events_total{_RATE}))", "trùng · duplicate"),
                    (f"sum(rate(nhip_scorer_superseded_events_total{_RATE}))", "sai thứ tự · superseded"),
                    (f"sum(rate(nhip_scorer_late_arriving_events_total{_RATE}))", "đến muộn · late"),
                ],
                Unit.PER_SECOND,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Thời hạn đang đếm",
                "Dossiers that change by themselves at a moment ahead, by partition.",
                [("max by (partition) (nhip_scorer_timers)", "{{partition}}")],
                Unit.COUNT,
                span=_THIRD,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Thông báo tạo ra",
                "Notices a second: late, due soon.",
                [(f"sum by (kind) (rate(nhip_scorer_notices_total{_RATE}))", "{{kind}}")],
                Unit.PER_SECOND,
                span=_THIRD,
            )
        )
        .with_panel(
            curves(
                "Khởi động lại",
                "Times that a program was started again within 15 minutes.",
                [("sum by (job) (changes(process_start_time_seconds[15m]))", "{{job}}")],
                Unit.COUNT,
                span=_THIRD,
            )
        )
    )


def _api(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Hiển thị · Api"))
        .with_panel(
            curves(
                "Từ Kafka đến điểm",
                "From the arrival of an event in Kafka to the number that shows it.",
                [
                    (_quantile(0.5, "nhip_api_event_age_seconds"), "p50"),
                    (_quantile(0.99, "nhip_api_event_age_seconds"), "p99"),
                ],
                Unit.SECONDS,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Câu hỏi theo trạng thái",
                "Requests a second by status.",
                [(f"sum by (status) (rate(nhip_api_request_seconds_count{_RATE}))", "{{status}}")],
                Unit.PER_SECOND,
                span=_FOURTH,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Thời gian trả lời của api",
                "From a request to its answer: half, and 99 of 100, are faster.",
                [
                    (_quantile(0.5, "nhip_api_request_seconds"), "p50"),
                    (_quantile(0.99, "nhip_api_request_seconds"), "p99"),
                ],
                Unit.SECONDS,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Người nghe trực tiếp",
                "Open connections to /v1/stream.",
                [("sum(nhip_api_listeners)", "/v1/stream")],
                Unit.COUNT,
                span=_FOURTH,
            )
        )
    )


def _beside(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Lưu trữ, thông báo, máy · Archive, notices, machine"))
        .with_panel(
            curves(
                "Bản ghi chưa lưu trữ",
                "Records of Kafka that PostgreSQL has not yet, by part.",
                [("sum by (part) (nhip_archive_lag_records)", "{{part}}")],
                Unit.COUNT,
                span=_FOURTH,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Thông báo gửi đi",
                "Digests posted to webhooks a second by outcome, and how many wait.",
                [
                    (f"sum by (outcome) (rate(nhip_notices_posted_digests_total{_RATE}))", "{{outcome}}"),
                    ("sum(nhip_notices_waiting_digests)", "đang chờ · waiting"),
                ],
                Unit.COUNT,
                span=_FOURTH,
            )
        )
        .with_panel(
            curves(
                "Bộ nhớ",
                "Resident memory by program.",
                [("sum by (job) (process_resident_memory_bytes)", "{{job}}")],
                Unit.BYTES,
                span=_FOURTH,
                stacked=True,
            )
        )
        .with_panel(
            curves(
                "Bộ xử lý",
                "Processors used by program.",
                [(f"sum by (job) (rate(process_cpu_seconds_total{_RATE}))", "{{job}}")],
                Unit.COUNT,
                span=_FOURTH,
                stacked=True,
            )
        )
    )


def _senders(made: builders.Dashboard) -> builders.Dashboard:
    return (
        made.with_row(row("Hệ thống gửi và cảnh báo · Senders and alerts"))
        .with_panel(
            listing(
                "Hệ thống im lặng lâu so với thói quen",
                "Systems by their silence as a part of their longest known one, in working time; over 1 they are silent.",
                "topk(20, nhip_api_system_silence_seconds / on (system, unit) (nhip_api_system_habit_seconds > 0))",
                span=_HALF,
                names={"system": "Hệ thống", "unit": "Đơn vị", "Value": "Im lặng / thói quen"},
                hidden=["Time"],
            )
        )
        .with_panel(
            listing(
                "Cảnh báo",
                "Alerts that fire or are pending.",
                "ALERTS",
                span=_HALF,
                names={"alertname": "Cảnh báo", "alertstate": "Trạng thái", "severity": "Mức", "unit": "Đơn vị"},
                hidden=["Time", "Value", "__name__"],
            )
        )
    )


def _quantile(part: float, histogram: str) -> str:
    return f"histogram_quantile({part:g}, sum by (le) (rate({histogram}_bucket{_RATE})))"
