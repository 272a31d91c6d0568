"""HTTP side of the emulator: paths, the call window, and troubles on order."""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil, prod
from typing import Any, Literal, Self
from urllib.parse import unquote, urlsplit

from tests.emulator.figures import Figures
from tests.emulator.statistics import LISTED, tables
from tests.emulator.tables import BadRequestError, Table

ROOTS = {"/PxWeb/api/v1": "StatFin", "/PXWeb/api/v1": "VisitFinland"}
"""Database by the root of its service; each service has its own call window and languages."""
LANGUAGES = {"StatFin": ("fi", "sv", "en"), "VisitFinland": ("fi",)}
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"

Kind = Literal[
    "status",
    "slow",
    "cut_off",
    "cut_json",
    "html",
    "short",
    "other_codes",
    "not_jsonstat",
    "altered",
    "stall",
    "drip",
    "redirect",
    "hang_up",
]


@dataclass
class Fault:
    """A trouble on order.

    Attributes:
        kind: ``status`` answers ``status``; ``slow`` waits ``seconds``; ``cut_off`` closes before the stated length;
            ``cut_json`` sends half a body as if it were whole; ``html`` sends a page with 200; ``short`` drops a value;
            ``other_codes`` answers another area than asked; ``not_jsonstat`` sends other JSON; ``altered`` sends what
            ``alter`` makes of the body; ``stall`` sends half and waits ``seconds``; ``drip`` sends a byte every
            ``seconds``; ``redirect`` answers 301 to ``location``; ``hang_up`` closes without an answer.
        on: ``data``, ``metadata``, ``config``, ``listing``, ``search``.
        table: only this file name; None for any.
        times: how often; None for ever.
        after: calls of this kind to let through first.
        length: stated length of an altered body against its real one.
        headers: sent as well with an altered body.
        location: where a redirect points; ``/moved.html`` is a page.
    """

    kind: Kind
    on: Literal["data", "metadata", "config", "listing", "search"] = "data"
    table: str | None = None
    times: int | None = 1
    after: int = 0
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    alter: Callable[[bytes], bytes] = bytes
    length: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str = "/moved.html"


@dataclass(frozen=True)
class Call:
    """One request that arrived, and how it was answered."""

    kind: str
    table: str | None
    status: int
    query: str = ""


@dataclass
class Emulator:
    """The service; use as a context manager.

    Attributes:
        figures: what it serves.
        calls, seconds: the call window, stated by ``?config`` and enforced.
        max_cells: enforced ceiling; ``stated_cells`` is what ``?config`` says.
        agents: the user agents that called.
        moved: new file name by declared one: the old answers 400, only the listing knows the new.
    """

    figures: Figures
    calls: int = 40
    seconds: float = 2.0
    max_cells: int = 120_000
    stated_cells: int = 120_000
    faults: list[Fault] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    log: list[Call] = field(default_factory=list)
    agents: set[str | None] = field(default_factory=set)
    config: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.tables: dict[str, Table] = tables(self.figures)
        self._arrived: dict[str, deque[float]] = {database: deque() for database in ROOTS.values()}
        self._lock = threading.Lock()
        self.data_answered = threading.Condition()
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"service": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/PxWeb/api/v1"

    @property
    def visitfinland_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/PXWeb/api/v1"

    def count(self, kind: str, status: int | None = None, table: str | None = None) -> int:
        """Requests of a kind that arrived; all statuses and tables when left out."""
        return sum(
            call.kind == kind and status in (None, call.status) and table in (None, call.table) for call in self.log
        )

    def wait_for_data(self, answers: int, timeout: float = 60.0) -> None:
        """Block until so many data calls were answered with 200."""
        with self.data_answered:
            done = self.data_answered.wait_for(lambda: self.count("data", 200) >= answers, timeout)
        assert done, f"{answers} data answers expected, {self.count('data', 200)} given in {timeout} s"

    def wait_for(self, reached: Callable[[Self], bool], timeout: float = 60.0) -> None:
        """Block until something can be said of the service."""
        deadline = time.monotonic() + timeout
        while not reached(self):
            assert time.monotonic() < deadline, f"not reached in {timeout} s"
            time.sleep(0.01)

    def forget(self) -> None:
        self.log.clear()

    # Answers. Each gives status, content type, body.

    def seconds_to_wait(self, database: str) -> int:
        """0 when the call fits the window, else after how many seconds one will."""
        arrived = self._arrived[database]
        with self._lock:
            now = time.monotonic()
            while arrived and now - arrived[0] >= self.seconds:
                arrived.popleft()
            if len(arrived) < self.calls:
                arrived.append(now)
                return 0
            return max(1, ceil(self.seconds - (now - arrived[0])))

    def fault(self, on: str, table: str | None) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.on != on or fault.table not in (None, table) or fault.times == 0:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def configuration(self) -> dict[str, Any]:
        return self.config or {
            "maxValues": self.stated_cells,
            "maxCells": self.stated_cells,
            "maxCalls": self.calls,
            "timeWindow": self.seconds,
            "CORS": True,
        }

    def listing(self, language: str, database: str, folder: str) -> list[dict[str, str]]:
        """Tables of a folder; empty for a folder the service does not have."""
        entries = [
            {
                "id": self.moved.get(name, name),
                "type": "t",
                "text": f"{table.id} -- {table.listed(language)}, {table.time.values[0]}-{table.time.values[-1]}",
                "updated": table.updated.removesuffix("Z"),
            }
            for name, table in self.tables.items()
            if (table.database, table.folder) == (database, folder)
        ]
        others = [
            {"id": f"{number}.px", "type": "t", "text": f"{number} -- {title}", "updated": ""}
            for number, title in (LISTED.get(folder, ()) if entries else ())
        ]
        folders = [{"id": "archive", "type": "l", "text": "Archive", "updated": ""}] if entries else []
        return [*entries, *others, *folders]

    def found(self, language: str, database: str, address: str) -> list[dict[str, Any]]:
        """Tables whose number or title has every word of the query."""
        words = unquote(urlsplit(address).query.removeprefix("query=")).casefold().split()
        return [
            {"id": entry["id"], "path": f"/{folder['id']}", "title": entry["text"], "score": 1.0, "published": ""}
            for folder in self.folders(database)
            for entry in self.listing(language, database, folder["id"])
            if entry["type"] == "t" and all(word in entry["text"].casefold() for word in words)
        ]

    def folders(self, database: str) -> list[dict[str, str]]:
        names = dict.fromkeys(table.folder for table in self.tables.values() if table.database == database)
        return [{"id": name, "type": "l", "text": name, "updated": ""} for name in names]

    def table(self, name: str) -> Table | None:
        if name in self.moved:
            return None
        declared = {new: old for old, new in self.moved.items()}.get(name, name)
        return self.tables.get(declared)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no trouble of the service's; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    service: Emulator
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        """The test reads the emulator's own log."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, query: bytes) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/moved.html":
            return self._send("page", None, 200, HTML, b"<html><body>The page has moved</body></html>", query)
        root = next((root for root in ROOTS if parts.path.startswith(f"{root}/")), "")
        path = [unquote(part) for part in parts.path.removeprefix(root).split("/") if part]
        kind, table = self._kind(path, parts.query)
        self.service.agents.add(self.headers.get("User-Agent"))
        wait = self.service.seconds_to_wait(ROOTS.get(root, "StatFin"))
        if wait:
            return self._send(kind, table, 429, "text/plain", b"Too Many Requests", query, retry_after=wait)
        fault = self.service.fault(kind, table)
        if fault is not None and fault.kind == "slow":
            self.service.closing.wait(fault.seconds)
        if fault is not None and fault.kind == "status":
            return self._send(kind, table, fault.status, "text/plain", b"", query, retry_after=fault.retry_after)
        if fault is not None and fault.kind == "redirect":
            return self._send(kind, table, 301, HTML, b"", query, headers={"Location": fault.location})
        if fault is not None and fault.kind == "hang_up":
            self.close_connection = True
            return None
        status, content_type, body = self._ordinary(kind, ROOTS.get(root), path, query)
        if fault is None or status != 200:
            return self._send(kind, table, status, content_type, body, query)
        if fault.kind == "altered":
            altered = fault.alter(body)
            return self._send(
                kind, table, status, content_type, altered, query, headers=fault.headers, length=fault.length
            )
        if fault.kind in ("stall", "drip"):
            return self._send(kind, table, status, content_type, body, query, trouble=fault)
        content_type, body, cut = _spoilt(fault.kind, content_type, body)
        return self._send(kind, table, status, content_type, body, query, length=2.0 if cut else 1.0)

    def _kind(self, path: list[str], query: str) -> tuple[str, str | None]:
        if query == "config":
            return "config", None
        if query.startswith("query="):
            return "search", None
        if len(path) < 4:
            return ("databases", None) if len(path) == 1 else ("listing", None)
        return ("data" if self.command == "POST" else "metadata"), path[3]

    def _ordinary(self, kind: str, database: str | None, path: list[str], query: bytes) -> tuple[int, str, bytes]:
        service = self.service
        if database is None or not path or path[0] not in LANGUAGES[database]:
            return 404, HTML, b"<!DOCTYPE html><html><body><h2>404 - File or directory not found.</h2></body></html>"
        if kind == "config":
            return 200, JSON, json.dumps(service.configuration()).encode()
        if kind == "databases":
            names = ("StatFin", "StatFin_Passiivi") if database == "StatFin" else (database,)
            return 200, JSON, json.dumps([{"dbid": name, "text": name} for name in names]).encode()
        try:
            if path[1] != database:
                raise BadRequestError
            if kind == "search":
                return 200, JSON, json.dumps(service.found(path[0], database, self.path), ensure_ascii=False).encode()
            if kind == "listing":
                listed = service.listing(path[0], database, path[2]) if len(path) == 3 else service.folders(database)
                if not listed:
                    raise BadRequestError
                return 200, JSON, json.dumps(listed, ensure_ascii=False).encode()
            table = service.table(path[3])
            if table is None or [table.database, table.folder] != path[1:3]:
                raise BadRequestError
            if kind == "metadata":
                return 200, JSON, json.dumps(table.metadata(), ensure_ascii=False).encode()
            asked = json.loads(query)
            places = table.select(asked["query"])
            if prod(map(len, places)) > service.max_cells:
                return 403, HTML, b"<html><body><h2>403 - Forbidden: Access is denied.</h2></body></html>"
            return 200, JSON, table.body(places, asked["response"]["format"])
        except (BadRequestError, KeyError, ValueError):
            return 400, "text/plain; charset=utf-8", b"Bad Request"

    def _send(
        self,
        kind: str,
        table: str | None,
        status: int,
        content_type: str,
        body: bytes,
        query: bytes,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
        length: float = 1.0,
        trouble: Fault | None = None,
    ) -> None:
        self.service.log.append(Call(kind, table, status, query.decode()))
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(int(len(body) * length)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if trouble is not None:
            return self._send_slowly(body, trouble)
        with suppress(ConnectionError):  # the other side may have had enough
            self.wfile.write(body)
        if length != 1.0:
            self.close_connection = True
        with self.service.data_answered:
            self.service.data_answered.notify_all()

    def _send_slowly(self, body: bytes, trouble: Fault) -> None:
        self.close_connection = True
        half = len(body) // 2
        with suppress(ConnectionError):
            if trouble.kind == "stall":
                self.wfile.write(body[:half])
                self.wfile.flush()
                self.service.closing.wait(trouble.seconds)
            else:
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    if self.service.closing.wait(trouble.seconds):
                        return


def _spoilt(kind: str, content_type: str, body: bytes) -> tuple[str, bytes, bool]:
    """Content type and body as the trouble leaves them, and whether the connection closes too early."""
    if kind == "cut_off":
        return content_type, body[: len(body) // 2], True
    if kind == "cut_json":
        return content_type, body[: len(body) // 2], False
    if kind == "html":
        return HTML, b"<html><body>Service break</body></html>", False
    if kind == "not_jsonstat":
        return content_type, b'{"message": "ok"}', False
    if kind == "short":
        content = json.loads(body)
        content["value"].pop()
        return content_type, json.dumps(content).encode(), False
    if kind == "other_codes":
        return content_type, body.replace(b"MK19", b"MK18"), False
    return content_type, body, False
