"""What is wrong with what was said ("chất lượng dữ liệu"): counted by code, listed the newest first."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select

from services.api.archive.archive import Picture
from services.api.archive.columns import LAST, after, is_one_of, micros
from services.api.archive.cursor import Cursor
from services.common.archived import Finding
from services.common.instants import from_datetime

__all__ = ["LIST", "FindingLine", "Findings", "Silence", "read_findings"]

LIST: Final = "findings"
"""What cursors of the list say that they are of."""


class Silence(NamedTuple):
    """How long a system has been silent, and its longest silence before, working hours."""

    hours: float
    longest: float


class FindingLine(NamedTuple):
    """A finding; about a dossier, or about a system (``silence``)."""

    subject: str
    code: str
    detail: str
    unit: str | None
    since: datetime | None
    silence: Silence | None = None

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it stands in the list, the least first: as PostgreSQL sorts."""
        return (LAST if self.since is None else -from_datetime(self.since), self.subject, self.code, self.detail)


class Findings(NamedTuple):
    """How many there are by code, those of a page, where it ends (None: it is the last)."""

    counts: dict[str, int]
    shown: Sequence[FindingLine]
    next: Cursor | None


async def read_findings(
    picture: Picture,
    units: Sequence[str],
    code: str | None,
    limit: int,
    page: Cursor | None,
    *,
    beside: Sequence[FindingLine] = (),
) -> Findings:
    """The findings about what some units' systems said.

    Args:
        picture: of the archive.
        units: whose.
        code: only these; None: all.
        limit: how many.
        page: where the page before ended.
        beside: further ones, which the archive does not know.

    Raises:
        SQLAlchemyError: PostgreSQL does not answer (`Archive.picture` makes a problem of it).
    """
    of_units = is_one_of(Finding.unit, units)
    by_code = select(Finding.code, func.count()).where(of_units).group_by(Finding.code)
    counts = Counter({row[0]: row[1] for row in await picture.connection.execute(by_code)})
    counts.update(line.code for line in beside)
    key: ColumnElement[int] = func.coalesce(-micros(Finding.since), LAST)
    names = (Finding.subject, Finding.code, Finding.detail)
    rows = select(*names, Finding.unit, Finding.since).where(of_units).order_by(key, *names)
    if code is not None:
        rows = rows.where(Finding.code == code)
        beside = [line for line in beside if line.code == code]
    if page is not None:
        rows = rows.where(after((key, *names), page.key, page.names))
        beside = [line for line in beside if line.place > (page.key, *page.names)]
    archived = [FindingLine(*row) for row in await picture.connection.execute(rows.limit(limit + 1))]
    found = sorted([*archived, *beside], key=lambda line: line.place)
    shown = found[:limit]
    more = len(found) > len(shown) > 0
    last = Cursor(LIST, shown[-1].place[0], shown[-1].place[1:]) if more else None
    return Findings(dict(sorted(counts.items())), shown, last)
