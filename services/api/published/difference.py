"""What was published beside what holds now: pure functions over documents.

Everywhere `now` has the members that it stands beside, and `difference` is now less published, None where one of both is no number.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.api.documents.kept import Document

__all__ = ["beside_counts", "beside_ranking", "beside_score", "count_differences", "differences"]

_INDICATOR: Final = ("numerator", "denominator", "ratio", "score", "status")
_RANKED: Final = ("rank", "total")
_DECIMALS: Final = 4

Found = dict[str, Any]


def beside_score(published: Document, now: Document | None, members: Sequence[str] = ("total",)) -> Found:
    """A score document, with its total, groups and indicators as they are now.

    Args:
        published: as it was frozen.
        now: of the present counts by the same rules; None where there is none (the unit has left the tree).
        members: of the document itself, which stand beside each other.
    """
    groups = _by_code(() if now is None else now["groups"])
    found = _beside(published, now, members)
    found["groups"] = [_beside_group(group, groups.get(group["code"])) for group in published["groups"]]
    return found


def _beside_group(published: Document, now: Document | None) -> Found:
    indicators = _by_code(() if now is None else now["indicators"])
    found = _beside(published, now, ("score",))
    found["indicators"] = [_beside(each, indicators.get(each["code"]), _INDICATOR) for each in published["indicators"]]
    return found


def beside_counts(published: Mapping[str, int], now: Mapping[str, int] | None) -> Found:
    """The members `counts`, `now` and `difference` of a document of counts."""
    found = _beside({}, None, ()) if now is None else _beside(published, now, tuple(published))
    return {"counts": dict(published), "now": found["now"], "difference": found["difference"]}


def beside_ranking(published: Document, now: Document | None) -> Found:
    """A ranking, each unit with its rank, total and groups as they are now; `added`: the codes of units that were not there then."""
    units = {row.unit["code"]: row for row in (() if now is None else now["units"])}
    pooled = None if now is None else now["pooled"]
    groups = _by_code(() if pooled is None else pooled["groups"])
    rows = []
    for row in published["units"]:
        present = units.pop(row["unit"]["code"], None)
        then = None if present is None else {"rank": present.rank, "total": present.total}
        found = _beside(row, then, _RANKED)
        if present is not None:
            of_groups = _beside(row["groups"], present.groups, tuple(row["groups"]))
            found["now"]["groups"] = of_groups["now"]
            found["difference"]["groups"] = of_groups["difference"]
        rows.append(found)
    pool = _beside(published["pooled"], pooled, ("total",))
    pool["groups"] = [_beside(each, groups.get(each["code"]), ("score",)) for each in published["pooled"]["groups"]]
    return {**published, "pooled": pool, "units": rows, "added": sorted(units)}


def differences(document: Document) -> list[Found]:
    """What differs in a score or a ranking that one of these made: of what (``total``, or a code), which member, published and now."""
    found = _differing(document, "total") if "total" in document else []
    for group in document.get("groups", ()):
        found += _differing(group, group["code"])
        for indicator in group["indicators"]:
            found += _differing(indicator, indicator["code"])
    for row in document.get("units", ()):
        found += _differing(row, row["unit"]["code"])
    return found


def count_differences(published: Mapping[str, int], now: Mapping[str, int]) -> list[Found]:
    """The same of counts, by their names."""
    return [
        {"of": name, "member": "count", "published": count, "now": now[name], "difference": now[name] - count}
        for name, count in published.items()
        if now[name] != count
    ]


def _differing(part: Document, code: str) -> list[Found]:
    now = part["now"]
    if now is None:
        return [{"of": code, "member": None, "published": None, "now": None, "difference": None}]
    return [
        {
            "of": code,
            "member": member,
            "published": part[member],
            "now": value,
            "difference": part["difference"].get(member),
        }
        for member, value in now.items()
        if value != part[member] and member != "groups"
    ]


def _beside(published: Document, now: Document | None, members: Sequence[str]) -> Found:
    if now is None:
        return {**published, "now": None, "difference": None}
    present = {member: now[member] for member in members}
    difference = {member: _less(present[member], published[member]) for member in members if member != "status"}
    return {**published, "now": present, "difference": difference}


def _less(now: Any, published: Any) -> int | float | None:
    if now is None or published is None:
        return None
    less: int | float = now - published
    return less if isinstance(less, int) else round(less, _DECIMALS)


def _by_code(parts: Iterable[Document]) -> dict[str, Document]:
    return {part["code"]: part for part in parts}
