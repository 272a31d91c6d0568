"""The fault matrix: what a refresh survives and what stops it.

Every trouble is a named test with its outcome. One that is survived ends with exit status 0 and the figures in
service. One that stops the load ends with status 1 and a message that says what happened, where, and what to do; the
snapshot before stays in service and readable, and a plain retry succeeds once the trouble is over. Neither leaves a
temporary file. What is left on purpose: ``partial/``, the answers an interrupted load had received.
"""

import gzip
import json
import random
import shutil
import signal
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest

from data import build, seed, snapshots
from data.snapshots import Snapshot
from loaders import http, publish
from loaders.errors import BodyError
from loaders.http import Session
from settings import Settings, get_settings
from tests.emulator import Emulator, Fault
from tests.loaders import killed
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


def nothing() -> None:
    """Nothing goes wrong."""


def leftovers(data_dir: Path) -> list[str]:
    """Temporary files anywhere in a data directory."""
    names = (path.relative_to(data_dir) for path in data_dir.rglob("*"))
    return sorted(
        str(name)
        for name in names
        if name.suffix in (".tmp", ".wal") or name.name.startswith((".building-", ".waiting-"))
    )


def readable(snapshot: Snapshot) -> bool:
    with snapshots.connect(snapshot) as connection:
        row = connection.execute("SELECT count(*) FROM vacancy_industry").fetchone()
    return row is not None and row[0] > 0


def loaded(settings: Settings | None = None) -> list[tuple[Any, ...]]:
    """Rows from the service, and open vacancies of Lapland in its newest month."""
    with snapshots.connect(snapshots.current(settings)) as connection:
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


def hide_everything(content: dict[str, Any]) -> None:
    cells = len(content["value"])
    content |= {"value": [None] * cells, "status": {str(at): "..." for at in range(cells)}}


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
    "all suppressed": Trouble(
        "stops", edit(hide_everything), ("has no figure at all of AVPAIKATLOPUSSA", "set aside in")
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


def from_the_future(world: World) -> None:
    time = world.service.tables[TABLE].time
    time.values[-1] = time.texts[-1] = "2099M01"


TABLES = {
    "future period": Trouble(
        "stops",
        from_the_future,
        ("figures of 2099-01, but it is only", "the clock of this computer is wrong", "set aside in"),
    ),
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


# Processes that die.

STEPS = ("schema", "tables", "checks", "indicators", "changes", "publish", "pointer")


def start(world: World, data_dir: Path, before: Callable[[], object] = nothing) -> killed.Loader:
    return killed.start(data_dir, world.service.url, FAST, "refresh", SOURCE, before=before)


def test_the_steps_of_a_build_are_those_that_are_killed(world: World, run: Run) -> None:
    steps: list[str] = []
    world.patch.setattr("loaders.publish.build", partial(publish.build, on_step=steps.append))
    assert run("refresh", SOURCE).exit_code == 0
    assert (*steps, "pointer") == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_of_build_or_publish(world: World, run: Run, data_dir: Path, step: str) -> None:
    """kill -9 (stops): the snapshot before is served, and a retry publishes the new one."""
    before = snapshots.current()
    assert start(world, data_dir, partial(killed.kill_at_step, step)).wait() == -signal.SIGKILL
    assert snapshots.ensure() == before
    assert readable(before)
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


def test_killed_before_any_rename_of_a_refresh(world: World, small: Snapshot, tmp_path: Path) -> None:
    """kill -9 (stops) before the first rename, before the second, and so on until a refresh ends by itself."""
    kills = 0
    for number in range(1, 50):
        data_dir = tmp_path / str(number) / "data"
        serve(small, data_dir)
        settings = Settings(data_dir=data_dir)
        if start(world, data_dir, partial(killed.kill_at_rename, number)).wait() == 0:
            break
        kills += 1
        assert readable(snapshots.ensure(settings))
        assert start(world, data_dir).wait() == 0
        assert loaded(settings) == FIGURES
        assert leftovers(data_dir) == []
    assert 8 <= kills < 20


def test_two_refreshes_at_once(world: World, run: Run, data_dir: Path) -> None:
    """The second stops with a message; the first is none the worse."""
    world.spoil("slow", seconds=2, times=1)
    first = start(world, data_dir)
    world.service.wait_for(lambda service: service.count("metadata") == 1)
    second = run("refresh", SOURCE)
    assert second.exit_code == 1
    assert "Another refresh or import is running" in second.output
    assert "Wait until it has finished" in second.output
    assert first.wait() == 0
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


# Troubles of the disk.


@pytest.mark.parametrize(
    ("size", "what"), [(20_000, "while answers are kept"), (600_000, "while the snapshot is built")]
)
def test_disk_full(world: World, run: Run, data_dir: Path, size: int, what: str) -> None:
    """Stops: nothing half written stays, nothing is set aside, and with room again a retry succeeds."""
    before = snapshots.current()
    refused = start(world, data_dir, partial(killed.limit_file_size, size))
    assert refused.wait() == 1, what
    assert "File too large" in refused.output
    assert "Make room on the disk" in refused.output
    assert f"In service: snapshot {before.snapshot_id}" in refused.output
    assert "Traceback" not in refused.output
    assert snapshots.ensure() == before
    assert readable(before)
    assert leftovers(data_dir) == []
    assert list(data_dir.glob("raw/*/*/*.rejected")) == []
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES


@pytest.mark.parametrize("name", ["raw", "raw/statfin/12tw"])
def test_folder_that_cannot_be_written_to(world: World, run: Run, data_dir: Path, name: str) -> None:
    """Stops. A file stands where a folder should: root may write to any folder, but not into that."""
    before = snapshots.current()
    path = data_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    result = run("refresh", SOURCE)
    assert result.exit_code == 1
    assert str(path) in result.output
    assert "Make room on the disk" in result.output
    assert "Traceback" not in result.output
    assert snapshots.ensure() == before
    path.unlink()
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"0123456789ab\n", b"../../../etc/passwd", b"a" * 5000, b"\0"],
    ids=["empty", "no text", "unknown id", "path", "long", "null byte"],
)
def test_corrupted_pointer(world: World, run: Run, data_dir: Path, content: bytes) -> None:
    """Survived: the newest snapshot is served, and the next refresh writes the pointer anew."""
    before = snapshots.current()
    (data_dir / "snapshots" / snapshots.POINTER).write_bytes(content)
    assert snapshots.ensure() == before
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(content: bytes) -> bytes:
    return b""


def scrambled(content: bytes) -> bytes:
    return random.Random(5).randbytes(len(content))


def scratched(content: bytes) -> bytes:
    """One byte in the middle of the file has another bit."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [truncated, emptied, scrambled, scratched])
def test_corrupted_snapshot(world: World, run: Run, data_dir: Path, damage: Callable[[bytes], bytes]) -> None:
    """Survived: the snapshot before is served, and the next refresh builds the damaged one again."""
    before = snapshots.current()
    assert run("refresh", SOURCE).exit_code == 0
    newest = snapshots.current()
    newest.path.write_bytes(damage(newest.path.read_bytes()))
    assert snapshots.ensure() == before
    assert readable(before)
    assert run("refresh", SOURCE).exit_code == 0
    assert snapshots.current().snapshot_id == newest.snapshot_id
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


def test_the_only_snapshot_corrupted(world: World, run: Run, data_dir: Path) -> None:
    """Survived: the dashboard builds one from the seed."""
    before = snapshots.current()
    before.path.write_bytes(b"no database")
    assert readable(snapshots.ensure())
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES


def test_leftover_temporary_files(world: World, run: Run, data_dir: Path) -> None:
    """Survived: a refresh removes what killed processes have left, in whichever folder."""
    run("refresh", SOURCE)
    (load,) = (data_dir / "raw" / "statfin" / "12tw").iterdir()
    left = [
        data_dir / "status.json.4242.tmp",
        load / "rows-0123456789abcdef.parquet.4242.tmp",
        load.with_name("partial") / "0123456789abcdef.json.4242.tmp",
        data_dir / "snapshots" / ".building-0123456789ab.duckdb",
        data_dir / "snapshots" / ".building-0123456789ab.duckdb.wal",
        data_dir / "snapshots" / ".building-current",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half of it")
    assert run("refresh", "--full", SOURCE).exit_code == 0
    assert [path.name for path in left if path.exists()] == []
    assert leftovers(data_dir) == []
    assert loaded() == FIGURES


def test_leftover_lock_files(world: World, run: Run, data_dir: Path) -> None:
    """Survived: a lock counts only while a process holds it."""
    (data_dir / "refresh.lock").write_bytes(b"4242")
    (data_dir / "snapshots" / "snapshots.lock").write_bytes(b"4242")
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES


def test_leftover_partial_load_of_another_edition(world: World, run: Run, data_dir: Path) -> None:
    """Survived: every answer of the load is of the edition the publisher serves now."""
    world.service.stated_cells = 3_000
    world.spoil("status", status=400, after=2)
    assert run("refresh", SOURCE).exit_code == 1
    assert len(list(data_dir.glob("raw/statfin/12tw/partial/*.stamp.json"))) == 2
    world.service.faults.clear()
    world.service.tables[TABLE].updated = "2026-10-20T05:00:00Z"
    result = run("refresh", SOURCE)
    assert result.exit_code == 0
    assert "edition of 2026-10-20" in result.output
    assert loaded() == FIGURES
    assert list(data_dir.glob("raw/statfin/12tw/partial")) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"statfin:12tw": 3}'])
def test_corrupted_status_log(world: World, run: Run, data_dir: Path, content: bytes) -> None:
    """Survived: the log tells how attempts went, and nothing hangs on it; only `status` has nothing to tell."""
    (data_dir / "status.json").write_bytes(content)
    assert run("status").exit_code == 1
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES
    assert leftovers(data_dir) == []


@pytest.mark.parametrize("name", ["load.json", "*[0-9a-f].json"])
def test_corrupted_answer_in_the_store(world: World, run: Run, data_dir: Path, name: str) -> None:
    """Stops before figures that cannot be told; the advice given leads out of it."""
    run("refresh", SOURCE)
    served = snapshots.current()
    (load,) = (data_dir / "raw" / "statfin" / "12tw").iterdir()
    path = next(path for path in load.glob(name) if path.stem != "metadata")
    path.write_bytes(path.read_bytes()[:-9])
    for rows in load.glob("rows-*.parquet"):
        rows.unlink()
    result = run("refresh", "--full", SOURCE)
    assert result.exit_code == 1
    assert path.name in result.output
    assert "delete the folder of that load and refresh with --full" in result.output
    assert snapshots.ensure() == served
    shutil.rmtree(load)
    assert run("refresh", "--full", SOURCE).exit_code == 0
    assert loaded() == FIGURES


def test_corrupted_rows_of_a_kept_load(world: World, run: Run, data_dir: Path) -> None:
    """Survived: rows are read again from the answers."""
    run("refresh", SOURCE)
    (rows,) = data_dir.glob("raw/statfin/12tw/*/rows-*.parquet")
    rows.write_bytes(rows.read_bytes()[:100])
    world.service.tables[TABLE].updated = "2026-10-20T05:00:00Z"
    assert run("refresh", "--full", SOURCE).exit_code == 0
    assert loaded()[0][1:] == FIGURES[0][1:]


# Troubles of the clock.


class Stopped(datetime):
    """A clock without a battery."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Stopped":
        return cls(1970, 1, 1, 0, 5, tzinfo=tz)


def at(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Set the clock of the loaders."""
    for module in ("__main__", "raw", "status"):
        patch.setattr(f"loaders.{module}.now", lambda: datetime.fromisoformat(moment))


def test_clock_moved_backwards(world: World, run: Run, data_dir: Path) -> None:
    """Survived: what the publisher released last wins, whenever it seems to have been fetched."""
    at(world.patch, "2026-11-20T09:00:00+00:00")
    run("refresh", SOURCE)
    table = world.service.tables[TABLE]
    cells = table.cells
    table.cells = lambda *places: (cells(*places)[0] + 1000, cells(*places)[1])
    table.updated = "2026-10-20T05:00:00Z"
    at(world.patch, "2026-10-21T09:00:00+00:00")
    assert run("refresh", "--full", SOURCE).exit_code == 0
    assert loaded() == [(24 * 2 * 113 * 2, "2026-08-01", 1288.0)]
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == [(24 * 2 * 113 * 2, "2026-08-01", 1288.0)]


def test_clock_that_was_never_set(world: World, run: Run) -> None:
    """Survived: a release is no figure of the future because this computer believes in 1970."""
    at(world.patch, "1970-01-01T00:05:00+00:00")
    world.patch.setattr("data.checks.datetime", Stopped)
    assert run("refresh", SOURCE).exit_code == 0
    assert loaded() == FIGURES


def test_release_at_midnight_of_the_new_year(world: World, run: Run) -> None:
    """Survived: in Finland the year has changed, in UTC it has not; the period stays the publisher's."""
    world.service.tables[TABLE].updated = "2026-12-31T22:00:00Z"
    at(world.patch, "2026-12-31T22:30:00+00:00")
    result = run("refresh", SOURCE)
    assert result.exit_code == 0
    assert "edition of 2027-01-01" in result.output
    assert "newest period 2026M08" in run("status").output
    with snapshots.connect(snapshots.current()) as connection:
        assert connection.execute(
            "SELECT published_at::VARCHAR, last_period FROM source_fetch WHERE origin = 'service'"
        ).fetchall() == [("2026-12-31 22:00:00", "2026-08")]
