"""A small HTTP server that answers as it is told, for what the real ingest does only now and then."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict, dict]
"""Status, body, headers."""


def taken(lines: list[bytes]) -> Answer:
    return 202, {"accepted": len(lines), "rejected": []}, {}


@contextmanager
def door(answer: Callable[[list[bytes]], Answer]) -> Iterator[str]:
    """Its address; `answer` is called with the lines of each request, one at a time."""
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            lines = self.rfile.read(int(self.headers["Content-Length"])).split(b"\n")
            with one_at_a_time:
                status, body, headers = answer(lines)
            raw = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
