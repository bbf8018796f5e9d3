"""How metrics are declared and shown: a registry for each service, so that its page shows nothing of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

__all__ = ["CONTENT_TYPE", "Declared", "ServiceMetrics"]

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
"""Of `ServiceMetrics.page`."""

# A `_created` beside each counter and histogram: nobody asks for it, and it adds a series to each.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library forgot to say that it returns nothing


@dataclass(frozen=True, slots=True)
class Declared:
    """One metric as the documentation shows it; a counter's name ends with `_total`, as on the page."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str


class ServiceMetrics:
    """The metrics of one service, beside those of its process and of Python."""

    def __init__(self, service: str) -> None:
        """Nothing is declared yet. `service` is the second part of every name: `nhip_SERVICE_…`."""
        self.service = service
        self.declared: list[Declared] = []
        """In the order of the declarations."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def counter(self, name: str, meaning: str, *labels: str) -> Counter:
        """Declare a number that only grows; it begins at 0 with the process."""
        self._declare(name, "counter", labels, meaning)
        return Counter(name, meaning, labels, registry=self._registry)

    def gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        """Declare a number that goes up and down."""
        self._declare(name, "gauge", labels, meaning)
        return Gauge(name, meaning, labels, registry=self._registry)

    def histogram(self, name: str, meaning: str, *labels: str, buckets: Sequence[float]) -> Histogram:
        """Declare a distribution; `buckets` are upper ends, in the unit of the name."""
        self._declare(name, "histogram", labels, meaning)
        return Histogram(name, meaning, labels, buckets=buckets, registry=self._registry)

    def page(self) -> bytes:
        """What `/metrics` answers."""
        return generate_latest(self._registry)

    def _declare(self, name: str, kind: str, labels: tuple[str, ...], meaning: str) -> None:
        self.declared.append(Declared(name, kind, labels, meaning))
