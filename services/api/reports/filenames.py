"""Names of files that a browser keeps: one in ASCII for all, one as people write it (RFC 6266, RFC 8187)."""

import re
from typing import Final
from urllib.parse import quote

from services.api.page.words import plain

__all__ = ["disposition"]

_OTHERS: Final = re.compile(r"[^0-9A-Za-z.]+")
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
"""What no file system of those in use takes in a name."""


def disposition(name: str, extension: str) -> str:
    """The header Content-Disposition of a file by its name without the extension."""
    ascii_name = _OTHERS.sub("-", plain(name)).strip("-.")
    whole = _FORBIDDEN.sub("-", name).strip()
    return (
        f"attachment; filename=\"{ascii_name}.{extension}\"; filename*=UTF-8''{quote(f'{whole}.{extension}', safe='')}"
    )
