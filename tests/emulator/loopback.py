"""A small server on the loopback interface for services of a few addresses; a test says what goes wrong next."""

import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

JSON = "application/json;charset=UTF-8"
TEXT = "text/plain"
HTML = "text/html"
XML = "application/xml"


@dataclass(frozen=True)
class Request:
    """One request that arrived; ``path`` without the service's root, ``query`` with every value of a name."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    target: str

    def one(self, name: str) -> str | None:
        """The only value of a parameter; None without it."""
        return self.query.get(name, [None])[0]  # type: ignore[list-item]


@dataclass(frozen=True)
class Reply:
    """One answer. ``cut`` closes the connection in the middle of the body."""

    body: bytes = b""
    content_type: str = JSON
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is none; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Loopback(ABC):
    """A service; use as a context manager.

    Attributes:
        log: every request that arrived.
        troubles: answers to give to the next requests in place of the ordinary ones.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.log: list[Request] = []
        self.troubles: list[Reply] = []

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """The ordinary answer."""

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"service": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{self.root}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.log]


class _Handler(BaseHTTPRequestHandler):
    service: Loopback
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *arguments: Any) -> None:
        """The test reads the service's own log."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        service = self.service
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        request = Request(
            self.command,
            path.removeprefix(service.root),
            parse_qs(parts.query),
            dict(self.headers.items()),
            body,
            self.path,
        )
        service.log.append(request)
        if service.troubles:
            reply = service.troubles.pop(0)
        elif path.startswith(service.root):
            reply = service.answer(request)
        else:
            reply = Reply(b"Not Found", TEXT, 404)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.cut:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(reply.body)
