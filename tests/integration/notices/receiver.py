"""An office's receiver of digests: verifies by the words of the specification alone, answers as the test wants, forgets nothing."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

__all__ = ["Receiver", "Taken", "is_genuine"]


class Taken(NamedTuple):
    """One request."""

    headers: dict[str, str]
    body: bytes
    answer: int

    @property
    def name(self) -> str:
        return self.headers["webhook-id"]

    @property
    def digest(self) -> Any:
        return json.loads(self.body)

    @property
    def dossiers(self) -> list[str]:
        return [told["code"] for told in self.digest["data"]["dossiers"]]


def is_genuine(secret: str, taken: Taken, body: bytes | None = None) -> bool:
    """Standard Webhooks: HMAC-SHA256 over `id.timestamp.body` with the decoded secret, in base64 behind `v1,`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{taken.name}.{taken.headers['webhook-timestamp']}.".encode()
    made = hmac.new(key, head + (taken.body if body is None else body), hashlib.sha256).digest()
    version, _, given = taken.headers["webhook-signature"].partition(",")
    return version == "v1" and hmac.compare_digest(base64.b64decode(given), made)


class Receiver:
    """Listens on loopback.

    Args:
        answers: the status of the first request, of the second, and so on; then 204. One that is 0 is answered never.
    """

    def __init__(self, answers: Iterable[int] = ()) -> None:
        self.taken: list[Taken] = []
        self.answers = list(answers)
        self._closing = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver.answers.pop(0) if receiver.answers else 204
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.taken.append(Taken(headers, body, answer))
                if not answer:
                    receiver._closing.wait()
                    return
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", receiver.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?token=planted"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def good(self, kind: str = "late") -> dict[str, list[str]]:
        """What was taken: dossiers by the name of their digest; one that came twice stands once, as for every receiver."""
        taken = list(self.taken)
        return {
            one.name: one.dossiers for one in taken if one.answer == 204 and one.digest["type"] == f"nhip.digest.{kind}"
        }

    def dossiers(self, kind: str = "late") -> list[str]:
        """All of these, sorted."""
        return sorted(code for codes in self.good(kind).values() for code in codes)

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
