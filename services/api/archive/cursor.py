"""Where a page of a list ends: an opaque word for the parameter `after`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Final, NamedTuple

import msgspec

from services.api.archive.columns import LAST
from services.api.problems import wrong

__all__ = ["Cursor", "read_cursor"]


class Cursor(NamedTuple):
    """The sort key of the last entry; ``of`` names the list, since keys of another one mean something else."""

    of: str
    key: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


_DECODER: Final = msgspec.json.Decoder(Cursor)
_MOST: Final = 1_000


def read_cursor(text: str | None, of: str, names: int) -> Cursor | None:
    """The cursor that a page gave as `next`.

    Args:
        text: as it was sent; None: from the beginning.
        of: the list that is asked for.
        names: how many break ties in it.

    Raises:
        Problem: 422, it is no cursor of this list.
    """
    if text is None:
        return None
    try:
        cursor = _DECODER.decode(urlsafe_b64decode(text[:_MOST] + "=" * (-len(text) % 4)))
    except (Error, ValueError, msgspec.MsgspecError) as error:
        raise wrong("after", "give `next` of the page before, as it stands") from error
    known = cursor.of == of and len(cursor.names) == names and -LAST <= cursor.key <= LAST
    if not known or any("\x00" in name for name in cursor.names):
        raise wrong("after", "give `next` of a page of this very list")
    return cursor
