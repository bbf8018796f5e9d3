"""Which partition a key belongs to: Kafka's own default (murmur2), so that every producer of the world agrees."""

from collections.abc import Iterable
from struct import Struct
from typing import Final

__all__ = ["Record", "by_partition", "murmur2", "partition_of"]

Record = tuple[bytes, bytes]
"""Key and value."""

_SEED: Final = 0x9747B28C
_M: Final = 0x5BD1E995
_32_BITS: Final = 0xFFFFFFFF
_WORDS: Final = [Struct(f"<{words}I") for words in range(65)]


def by_partition(records: Iterable[Record], partitions: int) -> dict[int, list[Record]]:
    """The records of each partition, in their order."""
    groups: dict[int, list[Record]] = {}
    for record in records:
        groups.setdefault(partition_of(record[0], partitions), []).append(record)
    return groups


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, as Kafka's `DefaultPartitioner` has it."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(key: bytes) -> int:
    """MurmurHash2 with Kafka's seed, 32 bits.

    The same as `aiokafka.partitioner.murmur2` (a test holds them together) at a third of the time: whole words are read at once.
    """
    length = len(key)
    words = length >> 2
    unpack = _WORDS[words] if words < len(_WORDS) else Struct(f"<{words}I")
    h = _SEED ^ length
    for word in unpack.unpack_from(key):
        k = word * _M & _32_BITS
        h = (h * _M ^ (k ^ k >> 24) * _M) & _32_BITS
    if rest := key[words << 2 :]:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _32_BITS
    h = (h ^ h >> 13) * _M & _32_BITS
    return h ^ h >> 15
