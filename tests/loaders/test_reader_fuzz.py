"""100 000 damaged bodies: the readers take what is sound and refuse the rest by their own error, never by another."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from loaders.cube import Cube, long_table
from loaders.errors import FormatError
from loaders.jsonstat import read_jsonstat
from loaders.pxjson import read_pxjson
from tests.emulator import Emulator, Figures

EACH = 50_000
SELECTION = {"Alue": ["MK19", "KU890"], "timeperiod_m": ["2026M05", "2026M06"]}
MEASURES = ["TYOTTOMATLOPUSSA", "TYOTTOMAT25", "TYOTOSUUS"]

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 2**31, 2**53 + 1, 2**63, -(2**63), 0.5, -0.0, 1e308, 1e-320),
    *("", " ", "...", ".", "..", "0", "-1", "1e3", "١", "2026M06", "MK19", "time", "\x00", "ä" * 70, "\u2028"),
    *([], [None], [[]], [0, 0], ["MK19", "MK19"], [{}], [1, "a", None], {}, {"": None}, {"0": "..."}, {"index": 0}),
    *({"category": {"index": {"a": 1}}}, {"MK19": "0"}, {"1": 2, "01": 3}, [[[[[[]]]]]]),
)
JUNK = tuple(map(orjson.dumps, VALUES))
NUMBERS = (b"1e400", b"-1e999", b"NaN", b"Infinity", b"1" + b"0" * 40, b"00", b"1.", b"+1", b"0x1", b"1e-400")


def places(content: Any) -> list[tuple[Any, Any]]:
    """Every container of a decoded body with each of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found += [(node, key) for key in node]
            waiting += node.values()
        elif isinstance(node, list):
            found += [(node, at) for at in range(len(node))]
            waiting += node
    return found


def junk(draw: random.Random) -> Any:
    return orjson.loads(draw.choice(JUNK))


def replaced(draw: random.Random, node: Any, key: Any) -> None:
    node[key] = junk(draw)


def removed(draw: random.Random, node: Any, key: Any) -> None:
    del node[key]


def doubled(draw: random.Random, node: Any, key: Any) -> None:
    if isinstance(node, list):
        node.insert(key, node[key])
    else:
        node[str(junk(draw))] = node[key]


def renamed(draw: random.Random, node: Any, key: Any) -> None:
    if isinstance(node, dict):
        name = draw.choice([*node, str(junk(draw))])
        node[name] = node.pop(key)
    else:
        draw.shuffle(node)


def nested(draw: random.Random, node: Any, key: Any) -> None:
    node[key] = [node[key]] if draw.random() < 0.5 else {"index": node[key]}


def swapped(draw: random.Random, node: Any, key: Any) -> None:
    other = draw.choice(list(node) if isinstance(node, dict) else range(len(node)))
    node[key], node[other] = node[other], node[key]


def restructured(draw: random.Random, body: bytes) -> bytes:
    """A sound JSON text with one to four places of it changed."""
    content = orjson.loads(body)
    for _ in range(draw.choice((1, 1, 1, 2, 2, 4))):
        found = places(content)
        if not found:
            break
        draw.choice((replaced, replaced, removed, doubled, renamed, nested, swapped))(draw, *draw.choice(found))
    return orjson.dumps(content)


def scratched(draw: random.Random, body: bytes) -> bytes:
    """Bytes lost, added or changed."""
    at = draw.randrange(len(body))
    match draw.randrange(5):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + draw.randbytes(draw.randrange(1, 4)) + body[at:]
        case 2:
            return body[:at] + body[at + draw.randrange(1, 9) :]
        case 3:
            return body[:at] + body[draw.randrange(len(body)) :]
    return body[:at] + draw.randbytes(1) + body[at + 1 :]


def renumbered(draw: random.Random, body: bytes) -> bytes:
    """A number in a form that is none, or none of the machine's."""
    content = orjson.loads(body)
    node, key = draw.choice(places(content))
    node[key] = "the number"
    return orjson.dumps(content).replace(b'"the number"', draw.choice(NUMBERS))


def damaged(draw: random.Random, body: bytes) -> bytes:
    return draw.choice((restructured, restructured, restructured, scratched, renumbered))(draw, body)


@pytest.fixture(scope="module")
def bodies(figures: Figures) -> Callable[[str], bytes]:
    table = Emulator(figures).tables["12r5.px"]
    wanted = {**SELECTION, "contentscode": MEASURES}
    query = [{"code": code, "selection": {"filter": "item", "values": values}} for code, values in wanted.items()]
    return lambda form: table.body(table.select(query), form)


def rearranged(body: bytes) -> list[bytes]:
    """The same dataset in the other forms JSON-stat has for it."""
    sparse, listed = orjson.loads(body), orjson.loads(body)
    sparse["value"] = {str(at): value for at, value in enumerate(sparse["value"]) if value is not None}
    for dimension in listed["dimension"].values():
        dimension["category"]["index"] = list(dimension["category"]["index"])
    listed["status"] = [listed["status"].get(str(at)) for at in range(len(listed["value"]))]
    return [body, orjson.dumps(sparse), orjson.dumps(listed)]


def laid_out(cube: Cube) -> None:
    """What was taken is of use: everything is named by text, and it can be written as rows or refused as such."""
    for one in cube.dimensions:
        assert all(isinstance(text, str) for text in (one.code, one.label, *one.codes, *one.labels))
    long_table(cube, {one.code: f"column {place}" for place, one in enumerate(cube.dimensions)})


def outcomes(read: Callable[[bytes], Cube], sound: list[bytes], seed: int) -> Counter[str]:
    draw = random.Random(seed)
    counted: Counter[str] = Counter()
    for _ in range(EACH):
        body = damaged(draw, draw.choice(sound))
        try:
            laid_out(read(body))
        except FormatError:
            counted["refused"] += 1
        except Exception as problem:
            raise AssertionError(f"{type(problem).__name__}: {problem}, of {body!r}") from problem
        else:
            counted["taken"] += 1
    return counted


def test_damaged_jsonstat_bodies(bodies: Callable[[str], bytes]) -> None:
    sound = rearranged(bodies("json-stat2"))
    assert all(read_jsonstat(body).values.size == 12 for body in sound)
    counted = outcomes(read_jsonstat, sound, seed=1)
    assert counted.total() == EACH
    assert min(counted["refused"], counted["taken"]) > EACH // 10


def test_damaged_pxweb_json_bodies(bodies: Callable[[str], bytes]) -> None:
    sound = bodies("json")
    assert read_pxjson(sound).values.size == 12
    counted = outcomes(read_pxjson, [sound], seed=2)
    assert counted.total() == EACH
    assert min(counted["refused"], counted["taken"]) > EACH // 10
