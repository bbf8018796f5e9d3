"""The ranking of a page: which kind of units, which of them match a search, in which order."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from schemas.units import Unit
from services.api.documents.kept import Stamp
from services.api.documents.ranking import Ranked, ranking_document
from services.api.page.choice import Choice
from services.api.page.texts import Texts
from services.api.page.words import order_key, plain
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["ALL_KINDS", "Board", "Tab", "board_of", "kind_text", "lowest"]

ALL_KINDS: Final = "all"
LOWEST: Final = 5


class Tab(Struct, frozen=True, kw_only=True):
    """One kind of the children, with its name and how many there are."""

    kind: str
    name: str
    count: int
    chosen: bool


class Board(Struct, frozen=True, kw_only=True):
    """The children of a unit (of the country: the units at the top), ranked.

    ``entries`` in the order that was asked for, ``texts`` by code what a search looks into, ``found`` the codes of those that match it,
    ``lowest`` the worst first.
    """

    document: Mapping[str, Any]
    stamp: Stamp
    tabs: Sequence[Tab]
    kind: str | None
    entries: Sequence[Ranked]
    texts: Mapping[str, str]
    found: frozenset[str]
    lowest: Sequence[Ranked]


def board_of(service: Service, parent: Unit | None, choice: Choice, texts: Texts) -> Board:
    """The ranking of what lies below a unit.

    Raises:
        Problem: 422, no child is of that kind.
    """
    kinds = _kinds(service, parent, choice)
    kind = _kind(choice, kinds)
    made, stamp = ranking_document(service, parent, kind, choice.asked)
    entries = made.document["units"]
    searched = {one.unit["code"]: _searched(service.units[one.unit["code"]]) for one in entries}
    wanted = plain(choice.search)
    tabs = [Tab(kind=one, name=kind_text(one, texts), count=n, chosen=one == kind) for one, n in kinds.most_common()]
    if len(tabs) > 1:
        tabs.append(Tab(kind=ALL_KINDS, name=texts("kind.all"), count=kinds.total(), chosen=kind is None))
    return Board(
        document=made.document,
        stamp=stamp,
        tabs=tabs,
        kind=kind,
        entries=_sorted(entries, choice.sort),
        texts=searched,
        found=frozenset(code for code, text in searched.items() if wanted in text),
        lowest=lowest(entries),
    )


def lowest(entries: Sequence[Ranked]) -> list[Ranked]:
    """The worst of those that handled dossiers at all, the worst first."""
    counted = sorted((entry for entry in entries if entry.handled), key=lambda entry: -entry.rank)
    return counted[:LOWEST]


def kind_text(kind: str, texts: Texts) -> str:
    """A kind of units as the page calls them."""
    name = f"kind.{kind or 'other'}"
    return texts(name) if name in texts else kind


def _searched(unit: Unit) -> str:
    return plain(" ".join([unit.code, unit.name, *unit.aliases]))


def _kinds(service: Service, parent: Unit | None, choice: Choice) -> Counter[str]:
    """How many children of each kind there are. At the top all are ranked together: there a kind would be all of it in the country."""
    if parent is None:
        return Counter()
    order = service.order_of(choice.asked.period)
    return Counter(order.tree[child].kind for child in order.children(parent.code))


def _kind(choice: Choice, kinds: Counter[str]) -> str | None:
    """The kind that was asked for, else the one that most are of; None: all. Where all are of one kind that needs no saying."""
    if choice.kind == ALL_KINDS or (choice.kind is None and len(kinds) < 2):
        return None
    if choice.kind is not None and choice.kind not in kinds:
        raise wrong("kind", "no unit here is of that kind", [*kinds, ALL_KINDS])
    return choice.kind if choice.kind is not None else kinds.most_common(1)[0][0]


def _sorted(entries: Sequence[Ranked], sort: str) -> list[Ranked]:
    """By a column, rising, with `-` falling; what has no value comes last either way."""
    value = _VALUES[sort.removeprefix("-")]
    known = [entry for entry in entries if value(entry) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [entry for entry in entries if value(entry) is None]


_VALUES: Final[dict[str, Callable[[Ranked], Any]]] = {
    "rank": lambda entry: entry.rank,
    "name": lambda entry: order_key(entry.unit["name"]),
    "total": lambda entry: entry.total if entry.handled else None,
    "overdue": lambda entry: entry.overdue,
    "change": lambda entry: entry.change,
}
