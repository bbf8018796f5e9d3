"""How documents name a unit."""

from schemas.units import Unit

__all__ = ["unit_json"]


def unit_json(unit: Unit) -> dict[str, str]:
    """A unit as other documents name it."""
    return {"code": unit.code, "name": unit.name, "kind": unit.kind}
