"""Who may read dossiers: keys made with `--read`, of the unit or of one above it."""

from typing import Annotated, Final

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from services.api.http.asked import Api
from services.api.problems import Problem
from services.api.service import Service
from services.common.bearer import CHALLENGE, key_of
from services.common.keyring import Key, KeysUnknown

__all__ = ["Reader", "must_read", "reader_of", "reader_of_token"]

_SCHEME: Final = HTTPBearer(
    scheme_name="ReadKey", description="A key made with `nhip keys create --read`", auto_error=False
)
"""Reads the header, and says in /docs that it is needed."""

_MAY_NOT: Final = "this key may not read dossiers; `nhip keys create --read` makes one that may"


async def reader_of_token(token: str | None, service: Service) -> Key:
    """The key of a token.

    Raises:
        Problem: 401, 403 (a key that may not read), 503.
    """
    return _may_read(await key_of(token, service.keys))


Shown = Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME)]


async def _reader(request: Request, service: Api, shown: Shown) -> Key:
    return await reader_of(request, service, None if shown is None else shown.credentials)


async def reader_of(request: Request, service: Service, token: str | None) -> Key:
    """The key of a request: of its token, without one of its session.

    Raises:
        Problem: 401, 403 (a key that may not read), 503.
    """
    digest = service.sessions.hash_of(request)
    if token is not None or digest is None:
        return await reader_of_token(token, service)
    try:
        key = await service.keys.find_hash(digest)
    except KeysUnknown as error:
        raise Problem(503, "your key cannot be looked up now; ask again shortly") from error
    if key is None:
        raise Problem(401, "the key of this session is revoked; sign in again", headers=CHALLENGE)
    return _may_read(key)


def _may_read(key: Key) -> Key:
    if not key.may_read:
        raise Problem(403, _MAY_NOT)
    return key


Reader = Annotated[Key, Depends(_reader)]
"""The read key of a request, by its header or its session, in the arguments of a route.

Raises:
    Problem: 401, 403 (a key that may not read), 503.
"""


def must_read(service: Service, reader: Key, *units: str) -> None:
    """Return if a reader may read what belongs to any of some units.

    Raises:
        Problem: 403.
    """
    if not any(service.units.may_speak(reader.unit, unit) for unit in units):
        raise Problem(403, f"this key reads the dossiers of {reader.unit} and of the units below it, not these")
