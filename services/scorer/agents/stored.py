"""How a subject lies in its table: the moment of its next change, then its facts as its family packs them.

With the moment in front, timers come back after a restart without a single subject being unpacked.
"""

_WIDTH = 8


def encode_subject(next_change: int, packed: bytes | memoryview) -> bytes:
    """The stored form of a subject."""
    return b"".join((next_change.to_bytes(_WIDTH), packed))


def next_change_of(raw: bytes) -> int:
    """The first moment at which its contributions can change without an event."""
    return int.from_bytes(raw[:_WIDTH])


def packed_of(raw: bytes) -> memoryview:
    """Its facts, packed."""
    return memoryview(raw)[_WIDTH:]
