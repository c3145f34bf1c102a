"""A real HTTP server on loopback that behaves well or badly, by the path that is asked for."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = "a pägé\n"
HUGE = (1 << 20) + 1


class Handler(BaseHTTPRequestHandler):
    """Answers from `ROUTES`; `server.asked` keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    server: TestServer

    def do_GET(self) -> None:
        """By the path without its query."""
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers))
        length = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(length)
        ROUTES.get(self.path.partition("?")[0], missing)(self)

    do_POST = do_GET  # noqa: N815  # its name upstream

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        """A whole answer; `_` in a header's name is a hyphen."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def redirect(self, status: int, location: str) -> None:
        """To somewhere else, with a body that nobody reads."""
        self.answer(status, b"moved", Location=location)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name upstream
        """Say nothing."""


def missing(handler: Handler) -> None:
    """404."""
    handler.answer(404, "nöt here".encode())


def reset(handler: Handler) -> None:
    """Closed at once, so that the client reads a reset."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.connection.close()


def cut_short(handler: Handler) -> None:
    """Fewer bytes than were promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"less")
    handler.close_connection = True


def silent(handler: Handler) -> None:
    """Nothing at all."""
    handler.server.leaving.wait(30)


def drip(handler: Handler) -> None:
    """A byte now and then, without an end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.leaving.wait(0.02):
        handler.wfile.write(b".")
        handler.wfile.flush()


def chunked(handler: Handler) -> None:
    """Chunks, the text split inside a character."""
    content = PAGE.encode()
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for part in (content[:4], content[4:]):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
    handler.wfile.write(b"0\r\n\r\n")


ROUTES: dict[str, Callable[[Handler], object]] = {
    "/": lambda it: it.answer(200, PAGE.encode()),
    "/created": lambda it: it.answer(201, b"made"),
    "/empty": lambda it: it.answer(204, b""),
    "/chunked": chunked,
    "/echo": lambda it: it.answer(200, it.body),
    "/teapot": lambda it: it.answer(418, b"short and stout"),
    "/fault": lambda it: it.answer(500, b"\xff"),
    "/huge": lambda it: it.answer(200, b"x" * HUGE),
    "/whole": lambda it: it.answer(200, b"x" * (HUGE - 1)),
    "/latin": lambda it: it.answer(200, b"caf\xe9", Content_Type="text/plain; charset=latin-1"),
    "/inside": lambda it: it.redirect(302, "/"),
    "/see": lambda it: it.redirect(303, "/echo"),
    "/same": lambda it: it.redirect(307, "/echo"),
    "/round": lambda it: it.redirect(302, "/round"),
    "/outside": lambda it: it.redirect(302, "http://outside.invalid/"),
    "/port": lambda it: it.redirect(302, "http://127.0.0.1:1/"),
    "/disk": lambda it: it.redirect(302, "file:///etc/passwd"),
    "/user": lambda it: it.redirect(302, f"http://me:pw@127.0.0.1:{it.server.server_port}/"),
    "/nowhere": lambda it: it.redirect(302, "http://["),
    "/silent": silent,
    "/drip": drip,
    "/reset": reset,
    "/short": cut_short,
}


class TestServer(ThreadingHTTPServer):
    """Answers in threads for as long as the `with` block."""

    __test__ = False
    daemon_threads = True

    def __init__(self, address: str = "127.0.0.1") -> None:
        """Bind a free port of a loopback address."""
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.leaving = threading.Event()
        super().__init__((address, 0), Handler)
        self.host = f"[{address}]" if ":" in address else address
        self.host += f":{self.server_port}"

    def __enter__(self) -> TestServer:
        """Start to answer."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, also the answers that are still going on."""
        self.leaving.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""
