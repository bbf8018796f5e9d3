"""Columns as the lists of the archive sort and choose by them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    ColumnExpressionArgument,
    Row,
    String,
    any_,
    bindparam,
    cast,
    extract,
    tuple_,
)

__all__ = ["LAST", "AnyRow", "after", "is_one_of", "micros"]

AnyRow = Row[*tuple[Any, ...]]

LAST: Final = (1 << 63) - 1
"""A sort key after all others."""


def micros(moment: Any) -> ColumnElement[int]:
    """A column of moments as microseconds since 1970, exactly."""
    return cast(extract("epoch", moment) * 1_000_000, BigInteger)


def is_one_of(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column has one of some values, however many: they are one parameter."""
    found: ColumnElement[bool] = column == any_(bindparam(None, list(values), ARRAY(String)))
    return found


def after(keys: Sequence[ColumnExpressionArgument[Any]], number: int, names: Sequence[str]) -> ColumnElement[bool]:
    """Whether a row stands after the one with these sort keys: a number, then texts."""
    return tuple_(*keys) > tuple_(bindparam(None, number, BigInteger), *names)
