"""`python -m deploy.metrics`: write docs/metrics.md anew from the declarations of `services/common/metrics.py`."""

from pathlib import Path

from services.common.exposition import Declared, ServiceMetrics
from services.common.metrics import SERVICES

__all__ = ["PAGE", "text"]

PAGE = Path(__file__).parent.parent / "docs" / "metrics.md"

_HEAD = """\
# Metrics

Số đo của từng dịch vụ. Each service shows its own at `/metrics`, with those of its process (`process_…`) and of Python (`python_…`).
Written by `python -m deploy.metrics` from `services/common/metrics.py`: change the declarations there. What is alerted of them is in
[operate](operate.md#metrics-and-alerts).

Names end with their unit: `_seconds`, `_bytes`, or what is counted. `_total` only grows; `_timestamp_seconds` is a moment, seconds since
1970. A histogram `x` is `x_bucket`, `x_sum` and `x_count`.
"""


def text() -> str:
    """What must be in `PAGE`."""
    return "\n".join([_HEAD, *map(_section, SERVICES)])


def _section(service: ServiceMetrics) -> str:
    head = f"## {service.service}\n\n| metric | kind | labels | meaning |\n|---|---|---|---|\n"
    return head + "".join(map(_row, service.declared))


def _row(metric: Declared) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.meaning} |\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
