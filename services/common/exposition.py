"""How metrics are declared and shown: a registry for each service, so that its page shows nothing of the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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


class Family(NamedTuple):
    """A metric without a memory of its own. Its lines are written here: of thousands the library would take a tenth of a second."""

    name: str
    kind: Literal["gauge", "counter"]
    meaning: str
    labels: tuple[str, ...]

    def labelled(self, *values: str) -> str:
        """The labels of a line, for `lines`; whoever needs them often keeps them."""
        pairs = zip(self.labels, values, strict=True)
        return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs) + "}"

    def lines(self, labels: Iterable[str], numbers: Iterable[float]) -> str:
        """The lines of some labels with their numbers."""
        return "".join([f"{self.name}{of} {number}\n" for of, number in zip(labels, numbers, strict=True)])

    def heading(self) -> str:
        """The lines that stand before them."""
        return f"# HELP {self.name} {self.meaning}\n# TYPE {self.name} {self.kind}\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


Worked = Mapping[Family, str]
"""The lines of families."""


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
        self._families: list[Family] = []
        self._work: Callable[[], Worked] = dict

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
        """Declare numbers that are worked out when the page is asked for: whoever does so says how by `collect`."""
        self._declare(name, kind, labels, meaning)
        family = Family(name, kind, meaning, labels)
        self._families.append(family)
        return family

    def collect(self, work: Callable[[], Worked]) -> None:
        """Have the lines of declared families (`Family.lines`) worked out by `work` whenever the page is made."""
        self._work = work

    def page(self) -> bytes:
        """What `/metrics` answers."""
        found = self._work()
        families = "".join(family.heading() + found.get(family, "") for family in self._families)
        return generate_latest(self._registry) + families.encode()

    def _declare(self, name: str, kind: str, labels: tuple[str, ...], meaning: str) -> None:
        self.declared.append(Declared(name, kind, labels, meaning))
