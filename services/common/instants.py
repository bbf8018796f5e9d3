"""Moments of the kernel (microseconds since 1970) as PostgreSQL keeps them, and back."""

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["from_datetime", "to_datetime"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_datetime(moment: int) -> datetime:
    """A moment as a value of `timestamp with time zone`."""
    return _EPOCH + timedelta(microseconds=moment)


def from_datetime(value: datetime) -> int:
    """The moment of such a value, exactly."""
    return (value - _EPOCH) // _MICROSECOND
