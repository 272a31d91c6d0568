"""The fault matrix: what a refresh survives and what stops it.

Every trouble is a named test with its outcome. One that is survived ends with exit status 0 and the figures in
service. One that stops the load ends with status 1 and a message that says what happened, where, and what to do; the
snapshot before stays in service and readable, and a plain retry succeeds once the trouble is over. Neither leaves a
temporary file. What is left on purpose: ``partial/``, the answers an interrupted load had received.
"""

import gzip
import json
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from data import build, seed, snapshots
from data.snapshots import Snapshot
from loaders import http
from loaders.errors import BodyError
from loaders.http import Session
from settings import Settings, get_settings
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import FAST, Run, serve
from tests.loaders.killed import small_seed

SOURCE = "statfin:12tw"
TABLE = "12tw.px"
HASTY = replace(FAST, connect_timeout=0.4, read_timeout=0.4, answer_timeout=0.8, retries=1, retry_after_max=1)
LATER = "Try again later"


@dataclass
class World:
    """A service, a data directory that serves the seed's snapshot, and what a trouble changed about them."""

    service: Emulator
    patch: pytest.MonkeyPatch
    held: list[socket.socket] = field(default_factory=list)

    def spoil(self, kind: str, **more: Any) -> None:
        self.service.faults.append(Fault(kind, **{"times": None, **more}))  # type: ignore[arg-type]

    def alter(self, change: Callable[[bytes], bytes], **more: Any) -> None:
        self.spoil("altered", alter=change, **more)

    def edit(self, change: Callable[[dict[str, Any]], object], **more: Any) -> None:
        """Change the decoded JSON of an answer in place."""

        def edited(body: bytes) -> bytes:
            content = json.loads(body)
            change(content)
            return json.dumps(content).encode()

        self.alter(edited, **more)

    def point_at(self, url: str) -> None:
        self.patch.setenv("TILANNEHUONE_STATFIN_URL", url)
        self.patch.setenv("NO_PROXY", "*")
        get_settings.cache_clear()

    def hasty(self) -> None:
        self.patch.setattr(http, "DEFAULT_POLICY", HASTY)

    def calm(self) -> None:
        """The trouble is over."""
        self.service.faults.clear()
        self.service.moved.clear()
        self.service.tables[TABLE] = untroubled(self.service)
        self.patch.setattr(http, "DEFAULT_POLICY", FAST)
        self.point_at(self.service.url)


def untroubled(service: Emulator) -> Any:
    table = Emulator(service.figures).tables[TABLE]
    table.cut_history(188)
    return table


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of a small part of the seed: quick to build a hundred times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "load_manifest", small_seed)
        return build.build(settings=Settings(data_dir=tmp_path_factory.mktemp("small")))[0]


@pytest.fixture
def seeded(data_dir: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    monkeypatch.setattr(seed, "load_manifest", small_seed)
    serve(small, data_dir)
    return snapshots.current()


@pytest.fixture
def world(service: Emulator, recent: None, seeded: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(service, monkeypatch)
    yield world
    for one in world.held:
        one.close()


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, how it ends, and what the person in front of the screen is told."""

    outcome: Literal["survived", "stops"]
    begin: Callable[[World], object]
    says: tuple[str, ...]


def leftovers(data_dir: Path) -> list[str]:
    """Temporary files anywhere in a data directory."""
    names = (path.relative_to(data_dir) for path in data_dir.rglob("*"))
    return sorted(str(name) for name in names if name.suffix in (".tmp", ".wal") or ".building-" in str(name))


def readable(snapshot: Snapshot) -> bool:
    with snapshots.connect(snapshot) as connection:
        row = connection.execute("SELECT count(*) FROM vacancy_industry").fetchone()
    return row is not None and row[0] > 0


def loaded() -> list[tuple[Any, ...]]:
    """Rows from the service, and open vacancies of Lapland in its newest month."""
    with snapshots.connect(snapshots.current()) as connection:
        return connection.execute(
            "SELECT count(*), max(month)::VARCHAR, sum(value) FILTER (area_code = 'MK19' AND industry_code = 'SSS'"
            " AND measure = 'AVPAIKATLOPUSSA' AND month = '2026-08-01') FROM vacancy_industry"
            " JOIN source_fetch f USING (fetch_id) WHERE origin = 'service'"
        ).fetchall()


FIGURES = [(24 * 2 * 113 * 2, "2026-08-01", 288.0)]
"""Of 24 months, two areas, 113 industries and two measures."""


# Troubles of the connection.


def unreachable(world: World) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    world.point_at(f"http://127.0.0.1:{port}/PxWeb/api/v1")


def full_backlog(world: World) -> None:
    """A listener that accepts no one: its queue is full, so a connection is neither made nor refused."""
    world.hasty()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    world.held.append(listener)
    for _ in range(3):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
        world.held.append(one)
    world.point_at(f"http://127.0.0.1:{listener.getsockname()[1]}/PxWeb/api/v1")


def hasty(kind: str, **more: Any) -> Callable[[World], None]:
    def begin(world: World) -> None:
        world.hasty()
        world.spoil(kind, **more)

    return begin


def spoil(kind: str, **more: Any) -> Callable[[World], None]:
    return lambda world: world.spoil(kind, **more)


CONNECTION = {
    "no DNS": Trouble(
        "stops",
        lambda world: world.point_at("http://no-such-host.invalid/PxWeb/api/v1"),
        ("no address is known for its name", "no-such-host.invalid", LATER),
    ),
    "refused": Trouble("stops", unreachable, ("the connection was refused", "127.0.0.1", LATER)),
    "timeout at connect": Trouble("stops", full_backlog, ("no connection came about in time", LATER)),
    "timeout before the first byte": Trouble(
        "stops", hasty("slow", seconds=20), ("No answer within 0.4 s, asked 2 times", TABLE, LATER)
    ),
    "timeout within the body": Trouble(
        "stops", hasty("stall", seconds=20), ("The answer stopped halfway", TABLE, LATER)
    ),
    "a byte now and then": Trouble(
        "stops", hasty("drip", seconds=0.02), ("The answer was not whole after 0.8 s", TABLE, LATER)
    ),
    "closed without an answer": Trouble(
        "stops", hasty("hang_up"), ("it closed the connection without an answer", TABLE, LATER)
    ),
    "closed without an answer, once": Trouble("survived", spoil("hang_up", times=1), (f"{SOURCE}: loaded",)),
    "TLS error": Trouble(
        "stops",
        lambda world: world.point_at(world.service.url.replace("http:", "https:")),
        ("no secure connection (TLS)", LATER),
    ),
    "301 to a page": Trouble("stops", spoil("redirect"), ("JSON expected, the answer is text/html", TABLE)),
    "301 of everything to a page": Trouble(
        "stops", spoil("redirect", on="config"), ("JSON expected, the answer is text/html", "?config")
    ),
    "redirects in a circle": Trouble(
        "stops",
        lambda world: world.spoil("redirect", location=f"/PxWeb/api/v1/en/StatFin/tyonv/{TABLE}", on="metadata"),
        ("it redirects in a circle", LATER),
    ),
}


# Troubles of the answer's status.


STATUS = {
    "page with status 200": Trouble("stops", spoil("html"), ("JSON expected, the answer is text/html", TABLE)),
    "400": Trouble("stops", spoil("status", status=400), ("The service answered 400", TABLE, "loaders probe")),
    "404": Trouble("stops", spoil("status", status=404), ("The service answered 404", TABLE, "loaders probe")),
    "403, too large": Trouble(
        "survived", lambda world: setattr(world.service, "max_cells", 6_000), (f"{SOURCE}: loaded", "3 data calls")
    ),
    "403 whatever the size": Trouble("stops", spoil("status", status=403), ("403 even for", TABLE)),
    "429 with Retry-After": Trouble(
        "survived", spoil("status", status=429, retry_after=1, times=2), (f"{SOURCE}: loaded",)
    ),
    "429 with a Retry-After of a day": Trouble(
        "survived", hasty("status", status=429, retry_after=86_400, times=1), (f"{SOURCE}: loaded",)
    ),
    "429 without Retry-After": Trouble("survived", spoil("status", status=429, times=2), (f"{SOURCE}: loaded",)),
    "429 for ever": Trouble("stops", spoil("status", status=429), ("answered 429 to every retry", TABLE, LATER)),
    "5xx, passing": Trouble("survived", spoil("status", status=502, times=3), (f"{SOURCE}: loaded",)),
    "500 storm": Trouble("stops", spoil("status", status=500), ("answered 500 to every retry", TABLE, LATER)),
    "limits that cannot be asked": Trouble(
        "stops", spoil("status", status=503, on="config"), ("answered 503 to every retry", "?config", LATER)
    ),
}


# Troubles of the body.


def alter(change: Callable[[bytes], bytes], **more: Any) -> Callable[[World], None]:
    return lambda world: world.alter(change, **more)


def edit(change: Callable[[dict[str, Any]], object], **more: Any) -> Callable[[World], None]:
    return lambda world: world.edit(change, **more)


def bomb(world: World) -> None:
    world.patch.setattr(http, "DEFAULT_POLICY", replace(FAST, max_bytes=1_000_000))
    world.alter(lambda body: gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})


def first_value(text: str) -> Callable[[World], None]:
    """Put another number in the place of the first value of an answer, as text of the JSON."""

    def change(body: bytes) -> bytes:
        content = json.loads(body)
        content["value"][0] = "the first value"
        return json.dumps(content).replace('"the first value"', text).encode()

    return alter(change)


def industries(content: dict[str, Any]) -> dict[str, Any]:
    category: dict[str, Any] = content["dimension"]["Toimiala"]["category"]
    return category


def duplicate_category(content: dict[str, Any]) -> None:
    codes = list(industries(content)["index"])
    industries(content)["index"] = [codes[0], *codes[:-1]]


def missing_category(content: dict[str, Any]) -> None:
    index = industries(content)["index"]
    del index[max(index, key=index.__getitem__)]
    content["size"][content["id"].index("Toimiala")] -= 1
    content["value"] = content["value"][: len(content["value"]) // 113 * 112]
    content["status"] = {}


def sparse(content: dict[str, Any]) -> None:
    content["value"] = {str(at): value for at, value in enumerate(content["value"]) if value is not None}


def negative(content: dict[str, Any]) -> None:
    content["value"] = [None if value is None else -value for value in content["value"]]


BODY = {
    "cut-off body": Trouble("stops", spoil("cut_off"), ("The answer was cut off", TABLE, "Try again")),
    "longer content length than the body": Trouble(
        "stops", alter(bytes, length=1.1), ("The answer was cut off", TABLE)
    ),
    "shorter content length than the body": Trouble("stops", alter(bytes, length=0.9), ("Not complete JSON", TABLE)),
    "gzip bomb": Trouble("stops", bomb, ("larger than 1,000,000 bytes", TABLE)),
    "gzip that is none": Trouble(
        "stops", alter(bytes, headers={"Content-Encoding": "gzip"}), ("cannot be decompressed", TABLE)
    ),
    "empty body": Trouble("stops", alter(lambda body: b""), ("Not complete JSON", TABLE)),
    "half of the JSON": Trouble("stops", spoil("cut_json"), ("Not complete JSON", TABLE)),
    "invalid UTF-8": Trouble(
        "stops", alter(lambda body: body.replace(b'"label":"', b'"label":"\xff')), ("Not complete JSON", TABLE)
    ),
    "deep nesting": Trouble("stops", alter(lambda body: b"[" * 100_000), ("Not complete JSON", TABLE)),
    "other JSON": Trouble("stops", spoil("not_jsonstat"), ("Not a JSON-stat 2 dataset", TABLE)),
    "NaN as a number": Trouble("stops", first_value("NaN"), ("Not complete JSON", TABLE)),
    "Infinity as a number": Trouble("stops", first_value("-Infinity"), ("Not complete JSON", TABLE)),
    "huge number, beyond double": Trouble("stops", first_value("1e400"), ("Not complete JSON", TABLE)),
    "huge number, beyond counting": Trouble("stops", first_value("1" + "0" * 30), ("too large to be a figure", TABLE)),
    "text as a number": Trouble("stops", first_value('"many"'), ("A value is not a number", TABLE)),
    "duplicate category": Trouble("stops", edit(duplicate_category), ("lists the category 'SSS' twice", TABLE)),
    "duplicate JSON keys": Trouble(
        "stops",
        alter(lambda body: body.replace(b'"index":{"SSS":0,"MK19":1}', b'"index":{"SSS":0,"SSS":1}')),
        ("Positions of the categories of 'Alue'", TABLE),
    ),
    "missing category": Trouble("stops", edit(missing_category), ("'Toimiala' lacks", TABLE)),
    "another area than asked": Trouble("stops", spoil("other_codes"), ("'Alue' lacks MK19", TABLE)),
    "values shorter than the sizes": Trouble(
        "stops", edit(lambda content: content["value"].pop()), ("cells expected from the sizes", TABLE)
    ),
    "values longer than the sizes": Trouble(
        "stops", edit(lambda content: content["value"].append(5)), ("cells expected from the sizes", TABLE)
    ),
    "sparse values": Trouble("survived", edit(sparse), (f"{SOURCE}: loaded",)),
    "unknown missing mark": Trouble(
        "stops", edit(lambda content: content.update(status={"0": "*"})), ("Unknown missing mark '*'", TABLE)
    ),
    "a mark beside a value": Trouble(
        "stops",
        edit(lambda content: content.update(value=[7] * len(content["value"]), status={"3": "..."})),
        ("both a value and a missing mark", TABLE),
    ),
    "negative counts": Trouble("stops", edit(negative), ("has a negative value",)),
    "release time that is none": Trouble(
        "stops", edit(lambda content: content.update(updated="yesterday")), ("'yesterday' is not a release time", TABLE)
    ),
}


# Troubles of the table.


def released_meanwhile(world: World) -> None:
    """The publisher releases anew after the second of four answers."""
    world.service.stated_cells = 3_000
    table = world.service.tables[TABLE]
    cells, answered = table.cells, []

    def releasing(*places: Any) -> Any:
        answered.append(places)
        if len(answered) == 3:
            table.updated = "2026-10-20T05:00:00Z"
        return cells(*places)

    table.cells = releasing


def renamed(world: World) -> None:
    table = world.service.tables[TABLE]
    table.rename_variable("Alue", "alue_23_20270101")
    table.rename_variable("timeperiod_m", "kuukausi")
    table.prefix_contents("tyonv-")


def gone(world: World) -> None:
    world.service.moved = {TABLE: "99aa.px"}
    world.service.tables[TABLE].title = "Something else"


def listed_twice(content: dict[str, Any]) -> None:
    values = content["variables"][1]["values"]
    values[1] = values[0]


def unfamiliar(world: World) -> None:
    world.service.tables[TABLE].remove("contentscode", "ATPAVGJATKESTOT")


TABLES = {
    "renamed variables": Trouble("survived", renamed, (f"{SOURCE}: loaded",)),
    "moved table": Trouble(
        "survived",
        lambda world: world.service.moved.update({TABLE: "statfin_tyonv_pxt_12tw.px"}),
        ("the table has moved to statfin_tyonv_pxt_12tw.px",),
    ),
    "table gone": Trouble("stops", gone, ("should list one table titled", "tyonv", "Correct the declaration")),
    "missing measure": Trouble(
        "stops", unfamiliar, ("Expected the measures ATPAVGJATKESTOT", TABLE, "Correct the declaration")
    ),
    "a value listed twice in the metadata": Trouble(
        "stops", edit(listed_twice, on="metadata"), ("lists the value 'SSS' twice", TABLE)
    ),
    "new edition within the load": Trouble(
        "survived", released_meanwhile, (f"{SOURCE}: loaded", "edition of 2026-10-20")
    ),
}

TROUBLES = CONNECTION | STATUS | BODY | TABLES


@pytest.mark.parametrize("trouble", [pytest.param(one, id=f"{name} ({one.outcome})") for name, one in TROUBLES.items()])
def test_trouble_with_the_service(world: World, run: Run, data_dir: Path, trouble: Trouble) -> None:
    before = snapshots.current()
    trouble.begin(world)
    result = run("refresh", SOURCE)
    for words in trouble.says:
        assert words in result.output
    assert "Traceback" not in result.output
    assert leftovers(data_dir) == []
    if trouble.outcome == "survived":
        assert result.exit_code == 0
        assert loaded() == FIGURES
        return
    assert result.exit_code == 1
    assert f"In service: snapshot {before.snapshot_id}" in result.output
    assert snapshots.current() == before
    assert readable(before)
    world.calm()
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


def test_a_gzip_bomb_is_dropped_in_bounded_memory(world: World) -> None:
    """200 MB behind 200 kB: no more of it is unpacked than the ceiling and one piece."""
    packed = gzip.compress(bytes(200_000_000), compresslevel=1)
    world.alter(lambda body: packed, headers={"Content-Encoding": "gzip"}, on="metadata")
    tracemalloc.start()
    try:
        with (
            Session(replace(FAST, max_bytes=2_000_000)) as session,
            pytest.raises(BodyError, match="larger than 2,000,000 bytes"),
        ):
            session.get_json(f"{world.service.url}/en/StatFin/tyonv/{TABLE}")
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
