"""`published=true`: the parameter by which a read asks for what was made official."""

from typing import Final

from services.api.documents.asked import Asked
from services.api.http.query import Query
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["PUBLISHED", "frozen_unit", "is_published"]

PUBLISHED: Final = "published"


def is_published(query: Query, asked: Asked, *others: str) -> bool:
    """Whether the official figures are asked for.

    Args:
        query: with the parameter.
        asked: official figures are of units with all below them.
        others: parameters that mean nothing for official figures.

    Raises:
        Problem: 422, one of these was given.
    """
    if not query.yes(PUBLISHED):
        return False
    if not asked.pooled:
        raise wrong("scope", "official results are of a unit with all below it (subtree)", ("subtree",))
    for name in others:
        if query.text(name) is not None:
            raise wrong(name, "it means nothing for official results, which are there for closed periods alone")
    return True


def frozen_unit(service: Service, text: str) -> str:
    """The code of a unit; of one that has left the tree, whose results are still there, the text itself."""
    return service.units.resolve(text) or text
