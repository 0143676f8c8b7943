"""A website on loopback whose pages are what a test says, down to the bytes on the wire."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Website:
    """What is at each path, and what was asked: a path and the headers of each request, in lower case."""

    port: int = 0
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The website's own address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt aside."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def put(self, path: str, body: bytes | str, media: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Put a page there; returns its URL."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = answer(200, content, {"Content-Type": media} | _named(headers))
        return self.url + path

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Put a redirect there; returns its URL."""
        self.pages[path] = answer(status, b"", {"Location": target})
        return self.url + path


def answer(status: int, body: bytes, headers: dict[str, str]) -> Answer:
    """An answer with its length told, unless the headers tell another."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def unless_known(etag: str, otherwise: Answer) -> Answer:
    """304 to whoever has this ETag, the answer to everybody else."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == etag
        (answer(304, b"", {"ETag": etag}) if known else otherwise)(handler)

    return send


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Website]:
    """A website while it is there, over TLS where a context is given."""
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.close_connection = True
            site.pages.get(self.path, answer(404, b"", {}))(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Clients that go away are what some tests are about."""

    made = Server(("127.0.0.1", 0), Handler)
    if context:
        made.socket = context.wrap_socket(made.socket, server_side=True)
    with _running(made) as server:
        site.port = server.server_address[1]
        yield site


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[socketserver.TCPServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
