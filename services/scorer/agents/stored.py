"""How a dossier lies in its table: the moment of its next change, then its facts.

With the moment in front, timers come back after a restart without a single dossier being unpacked.
"""

from services.scorer.domain.facts import Dossier, pack, unpack

_WIDTH = 8


def encode_dossier(next_change: int, dossier: Dossier) -> bytes:
    """The stored form of a dossier."""
    return next_change.to_bytes(_WIDTH) + pack(dossier)


def next_change_of(raw: bytes) -> int:
    """The first moment at which its contributions can change without an event."""
    return int.from_bytes(raw[:_WIDTH])


def dossier_of(raw: bytes) -> Dossier:
    """Its facts."""
    return unpack(memoryview(raw)[_WIDTH:])
