"""Events about a unit: figures that it declares (`events_and_measures.md`, section 2.5)."""

from typing import Annotated

from msgspec import Meta, field

from schemas.events.envelope import Code, Data, Day, Event, UnitCode


class DeclaredData(Data):
    """A figure for a span of days, both included; without ``to`` until further notice."""

    unit: UnitCode
    figure: Code
    value: Annotated[float, Meta(ge=-(10**10), le=10**10, description="at most 6 decimals")]
    from_day: Day = field(name="from")
    to_day: Day | None = field(name="to", default=None)
    document: Code | None = None

    def subject(self) -> str:
        """``{unit}/{figure}/{from}/{to}``; it ends with ``/`` where there is no last day."""
        return f"{self.unit}/{self.figure}/{self.from_day}/{self.to_day or ''}"


class UnitDeclared(Event, tag="nhip.unit.declared"):
    data: DeclaredData


UnitEvent = UnitDeclared
"""Every event about a unit."""
