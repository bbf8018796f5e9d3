"""How metrics are declared and shown: a registry for each service, so that its page shows nothing of the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

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
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Declared", "Family", "ServiceMetrics"]

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


Samples = Iterable[tuple[Sequence[str], float]]
"""Values of labels, and the number."""


class Family(NamedTuple):
    """A metric without a memory of its own."""

    name: str
    kind: Literal["gauge", "counter"]
    meaning: str
    labels: tuple[str, ...]

    def of(self, samples: Samples) -> Metric:
        """The metric with its numbers."""
        make = GaugeMetricFamily if self.kind == "gauge" else CounterMetricFamily
        metric = make(self.name, self.meaning, labels=self.labels)
        for values, number in samples:
            metric.add_metric(values, number)
        return metric


class _Families(Collector):
    """Works declared families out when the page is made; those that nobody works out have no numbers."""

    def __init__(self) -> None:
        self.declared: list[Family] = []
        self.work: Callable[[], Iterable[Metric]] = tuple

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is worked out at the start

    def collect(self) -> Iterable[Metric]:
        found = {metric.name: metric for metric in self.work()}
        for family in self.declared:
            empty = family.of(())
            yield found.get(empty.name, empty)


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
        self._families = _Families()
        self._registry.register(self._families)

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

    def family(self, name: str, kind: Literal["gauge", "counter"], meaning: str, *labels: str) -> Family:
        """Declare numbers that are worked out when they are asked for: whoever does so adds them by `collect`."""
        self._declare(name, kind, labels, meaning)
        family = Family(name, kind, meaning, labels)
        self._families.declared.append(family)
        return family

    def collect(self, work: Callable[[], Iterable[Metric]]) -> None:
        """Have the numbers of declared families (`Family.of`) worked out by `work` whenever the page is made."""
        self._families.work = work

    def page(self) -> bytes:
        """What `/metrics` answers."""
        return generate_latest(self._registry)

    def _declare(self, name: str, kind: str, labels: tuple[str, ...], meaning: str) -> None:
        self.declared.append(Declared(name, kind, labels, meaning))
