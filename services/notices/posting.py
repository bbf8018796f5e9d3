"""Posts what is due to its webhook: signed, with a time limit, again later where nobody took it."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx
from standardwebhooks import Webhook as Signer

from schemas.digests import digest, encode_digest
from schemas.moments import canonical
from schemas.units import UnitTree
from services.common.instants import from_datetime
from services.common.metrics import NOTICES_POST_SECONDS, NOTICES_POSTED
from services.common.settings import NoticesSettings
from services.notices.outbox import Due, Outbox
from services.notices.retries import delay

__all__ = ["Posting"]

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.5


class Posting:
    """Posts while it runs.

    Args:
        outbox: what is due.
        settings: pauses, time limit, address of the pages.
        tree: the unit tree as it is now.
    """

    def __init__(self, outbox: Outbox, settings: NoticesSettings, tree: Callable[[], UnitTree]) -> None:
        self._outbox = outbox
        self._settings = settings
        self._tree = tree
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Post what is due until cancelled, or until PostgreSQL is away."""
        async with httpx.AsyncClient(
            timeout=self._settings.notices_answer_seconds, follow_redirects=False, trust_env=False
        ) as http:
            try:
                while True:
                    for due in await self._outbox.due():
                        if due.id not in self._under_way:
                            self._under_way[due.id] = asyncio.create_task(self._deal_with(http, due))
                    await asyncio.sleep(_LOOK_SECONDS)
                    self._collect()
            finally:
                for task in self._under_way.values():
                    task.cancel()
                await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _collect(self) -> None:
        """Let go of what has ended; raise what one of them died of."""
        for number in [number for number, task in self._under_way.items() if task.done()]:
            self._under_way.pop(number).result()

    async def _deal_with(self, http: httpx.AsyncClient, due: Due) -> None:
        """Post one, and keep what came of it. Killed in between, it is posted again under the same name."""
        body = due.body
        if body is None:
            body = await self._body(due)
            await self._outbox.fix(due.id, body)
        answer, status, asked = await self._post(http, due, body)
        if status is not None and HTTPStatus(200) <= status < HTTPStatus(300):
            NOTICES_POSTED.labels("delivered").inc()
            await self._outbox.delivered(due.id, answer)
            return
        if status == HTTPStatus.GONE:
            NOTICES_POSTED.labels("gone").inc()
            _log.warning("webhook %d answered 410 Gone; it is out of force", due.webhook)
            await self._outbox.gone(due.id, due.webhook, answer)
            return
        NOTICES_POSTED.labels("failed").inc()
        pause = delay(self._settings.notices_pauses, due.tries + 1, asked, random.random)
        if pause is None:
            _log.warning("digest %d was not taken by webhook %d, for the last time: %s", due.id, due.webhook, answer)
            await self._outbox.failed(due.id, answer)
        else:
            _log.info("digest %d was not taken by webhook %d, again in %.0f s: %s", due.id, due.webhook, pause, answer)
            await self._outbox.put_off(due.id, answer, pause)

    async def _body(self, due: Due) -> str:
        opened = canonical(from_datetime(due.opened_at))
        page = self._settings.page.rstrip("/")
        dossiers = await self._outbox.notices(due.id)
        return encode_digest(
            digest(due.message, due.kind, opened=opened, unit=due.unit, tree=self._tree(), page=page, dossiers=dossiers)
        ).decode()

    async def _post(self, http: httpx.AsyncClient, due: Due, body: str) -> tuple[str, int | None, float | None]:
        """Post it; gives what to say of the answer, its status, and the seconds that it asks to wait for."""
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "nhip",
            "webhook-id": due.message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(due.secret).sign(due.message, now, body),
        }
        try:
            with NOTICES_POST_SECONDS.time():
                async with (
                    asyncio.timeout(self._settings.notices_answer_seconds),  # of a receiver that trickles, too
                    http.stream("POST", due.url, content=body.encode(), headers=headers) as answer,
                ):
                    status = answer.status_code
        except TimeoutError:
            return f"no answer within {self._settings.notices_answer_seconds:g} s", None, None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"{type(error).__name__}: {error}"[:200], None, None
        return f"{status} {answer.reason_phrase}".strip()[:200], status, _asked(answer.headers.get("retry-after"), now)


def _asked(text: str | None, now: datetime) -> float | None:
    """`Retry-After` as seconds (RFC 9110, 10.2.3: seconds, or a date); None where there is none, or none that can be read."""
    if text is None:
        return None
    with suppress(ValueError):
        return max(0.0, float(text))
    with suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    return None
