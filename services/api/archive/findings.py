"""What is wrong with what was said ("chất lượng dữ liệu"): counted by code, listed the newest first."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select

from services.api.archive.archive import Picture
from services.api.archive.columns import LAST, AnyRow, after, is_one_of, micros
from services.api.archive.cursor import Cursor
from services.common.archived import Finding

__all__ = ["LIST", "Findings", "read_findings"]

LIST: Final = "findings"
"""What cursors of the list say that they are of."""


class Findings(NamedTuple):
    """How many there are by code, those of a page, where it ends (None: it is the last)."""

    counts: dict[str, int]
    shown: Sequence[AnyRow]
    next: Cursor | None


async def read_findings(
    picture: Picture, units: Sequence[str], code: str | None, limit: int, page: Cursor | None
) -> Findings:
    """The findings about what some units' systems said.

    Args:
        picture: of the archive.
        units: whose.
        code: only these; None: all.
        limit: how many.
        page: where the page before ended.

    Raises:
        SQLAlchemyError: PostgreSQL does not answer (`Archive.picture` makes a problem of it).
    """
    of_units = is_one_of(Finding.unit, units)
    by_code = select(Finding.code, func.count()).where(of_units).group_by(Finding.code).order_by(Finding.code)
    counts = {row[0]: row[1] for row in await picture.connection.execute(by_code)}
    key: ColumnElement[int] = func.coalesce(-micros(Finding.since), LAST)
    names = (Finding.subject, Finding.code, Finding.detail)
    rows = select(*names, Finding.unit, Finding.since, key.label("key")).where(of_units).order_by(key, *names)
    if code is not None:
        rows = rows.where(Finding.code == code)
    if page is not None:
        rows = rows.where(after((key, *names), page.key, page.names))
    found = (await picture.connection.execute(rows.limit(limit + 1))).all()
    shown = found[:limit]
    more = len(found) > len(shown) > 0
    last = Cursor(LIST, shown[-1].key, (shown[-1].subject, shown[-1].code, shown[-1].detail)) if more else None
    return Findings(counts, shown, last)
