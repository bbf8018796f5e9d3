"""How long requests take, by route and status."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.metrics import API_REQUEST_SECONDS

__all__ = ["Measured"]


class Measured:
    """Observes the seconds from a request to the beginning of its answer: a stream has no end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "other")
                API_REQUEST_SECONDS.labels(route, message["status"]).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, observed)
