"""Keys of one-stop systems: made once, shown once, kept as a hash only."""

import hashlib
import secrets

__all__ = ["hash_key", "new_key"]

_PREFIX = "nhip_"
"""So that a key is recognised where it should not be (a repository, a chat)."""


def new_key() -> str:
    """A key of 256 random bits, safe in a header."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """What is kept of a key: SHA-256, 64 hexadecimal digits. A plain hash will do for 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()
