"""Who a request comes from: the key in its header `Authorization: Bearer`."""

from typing import Final

from starlette.requests import Request

from services.common.keyring import Key, KeyRing, KeysUnknown
from services.common.problems import Problem

__all__ = ["bearer_of", "key_of"]

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="nhip"'}


def bearer_of(request: Request) -> str | None:
    """The token of the header `Authorization: Bearer`; None if there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def key_of(token: str | None, keys: KeyRing) -> Key:
    """The key that a token stands for. Its unit need not be in the tree: then it may speak for none.

    Raises:
        Problem: 401 without a token or with an unknown or revoked one; 503 where that cannot be told now.
    """
    if token is None:
        raise Problem(401, "send the header Authorization: Bearer KEY", headers=_CHALLENGE)
    try:
        key = await keys.find(token)
    except KeysUnknown as error:
        raise Problem(503, "the key cannot be looked up now; nothing was accepted, send the request again") from error
    if key is None:
        raise Problem(401, "this key is unknown or revoked", headers=_CHALLENGE)
    return key
