"""Who reads at the page: a signed cookie that stands for a read key and ends by itself. The key itself is not in it."""

from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from services.common.keys import hash_key, new_key

__all__ = ["Sessions"]

COOKIE: Final = "nhip-reader"
LIFE_SECONDS: Final = 12 * 3600
"""A working day; then the key is asked for again."""


class Sessions:
    """Gives and reads the cookies.

    Args:
        secret: signs them; None: one of this process, so that they end with it.
    """

    def __init__(self, secret: str | None) -> None:
        self._signed = URLSafeTimedSerializer(secret or new_key(), salt=COOKIE)

    def begin(self, request: Request, response: Response, token: str) -> None:
        """Remember in the browser that its reader showed a key. Scripts and other sites never see the cookie."""
        value = self._signed.dumps(hash_key(token))
        response.set_cookie(
            COOKIE,
            value,
            max_age=LIFE_SECONDS,
            path=_path(request),
            secure=_is_private(request),
            httponly=True,
            samesite="strict",
        )

    def end(self, request: Request, response: Response) -> None:
        """Forget it."""
        response.delete_cookie(
            COOKIE, path=_path(request), secure=_is_private(request), httponly=True, samesite="strict"
        )

    def hash_of(self, request: Request) -> str | None:
        """The hash of the key that was shown (`hash_key`); None without a cookie of ours, or after its time."""
        cookie = request.cookies.get(COOKIE)
        if cookie is None:
            return None
        try:
            digest: str = self._signed.loads(cookie, max_age=LIFE_SECONDS)
        except BadSignature:  # also of one that is too old
            return None
        return digest


def _path(request: Request) -> str:
    return request.scope.get("root_path", "") or "/"


def _is_private(request: Request) -> bool:
    """Whether it came over TLS: then the cookie goes no other way."""
    return request.url.scheme == "https"
