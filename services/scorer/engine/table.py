"""A Faust table that is written in bulk."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import faust

from services.scorer.engine.job import TableSpec

__all__ = ["BulkTable"]


class BulkTable(faust.Table):  # type: ignore[misc]  # Faust ships no types
    """One dict a partition instead of one for all, changed many keys at a time.

    An idiomatic Faust table writes its changelog key by key, one future each (measured: 5,000 writes/s); here a
    whole transaction's keys become one or two record batches. Its state is in its LoadedStore.
    """

    def __init__(self, app: faust.App, *, spec: TableSpec, **options: Any) -> None:
        """A table of `app` as `spec` says; `options` are Faust's."""
        super().__init__(app, key_type=bytes, value_type=bytes, **options)
        self.spec = spec

    def view(self, partition: int) -> Mapping[bytes, Any]:
        """The live values of one partition, to read."""
        return MappingProxyType(self._live(partition))

    def update_many(self, partition: int, changes: Mapping[bytes, Any]) -> None:
        """Put new live values into memory; None deletes. Their way to the changelog is `rows`."""
        live = self._live(partition)
        live.update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del live[key]

    def rows(self, changes: Mapping[bytes, Any]) -> Iterator[tuple[bytes, bytes | None]]:
        """The changelog records of `changes`: keys with encoded values, None for a deletion."""
        encode = self.spec.encode
        return ((key, None if value is None else encode(value)) for key, value in changes.items())

    def _live(self, partition: int) -> dict[bytes, Any]:
        live: dict[bytes, Any] = self.data.partition(partition)
        return live
