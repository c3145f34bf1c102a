"""A small HTTP server on loopback, so that the first run of the demo succeeds without a network."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PAGE = "héllo from watstep: this page was fetched for real, over HTTP\n"
SLOW_SECONDS = 5.0
HUGE_BYTES = 2 << 20


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer by path: a page, a redirect, a slow one, a huge one, else 404."""
        if self.path == "/":
            self._answer(200, PAGE.encode())
        elif self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/slow":
            time.sleep(SLOW_SECONDS)
            self._answer(200, b"late, but here\n")
        elif self.path == "/huge":
            self._answer(200, b"x" * HUGE_BYTES)
        elif self.path == "/bytes":
            self._answer(200, b"\xff\xfe no text")
        else:
            self._answer(404, b"there is no such page here\n")

    def do_POST(self) -> None:
        """Answer with the body that was sent."""
        self._answer(200, self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name upstream
        """Say nothing: standard error belongs to the program."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client goes away in the middle."""


class DemoServer:
    """The server, running in a thread for as long as the `with` block."""

    def __init__(self) -> None:
        """Bind a free port of the loopback address."""
        self._server = _Server(("127.0.0.1", 0), _Handler)

    @property
    def host(self) -> str:
        """Its host and port, as a grant's scope names them."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"http://{self.host}/"

    def __enter__(self) -> DemoServer:
        """Start to answer."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
