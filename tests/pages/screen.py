"""What a person meets on a view: opened like a link, read like a page."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element
from streamlit.util import calc_hash

from settings import ROOT

FILES = {
    "tilannekuva": "pages/picture/lapland.py",
    "muutokset": "pages/picture/changes.py",
    "meri-lappi": "pages/cases/meri_lappi.py",
    "matkailu": "pages/cases/tourism.py",
    "utsjoki": "pages/cases/utsjoki.py",
    "kohtaanto": "pages/matching/matching.py",
    "kohderyhmat": "pages/matching/groups.py",
    "menetelmat": "pages/sources/methods.py",
    "aineistot": "pages/sources/sources.py",
}
# Fields of an element that are for the machine: identities, addresses, colours and layout.
NOT_READ = re.compile(r"(^|_)(id|ids|key|url|icon|type|hash|page|mode|format|color|colour|spec|datasets|width|height)$")


@dataclass(frozen=True)
class Seen:
    """What one view of a tour showed, and the files it offered by name."""

    page: Block
    files: dict[str, Callable[[], bytes]]


Tour = dict[str, Seen]


def visit(view: str = "tilannekuva", **address: str) -> AppTest:
    """The view as its link opens it; ``address`` is what stands after the question mark."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    if view != "tilannekuva":
        # What the server makes of a link's path; before a first run, switch_page knows pages by file name only.
        app._page_hash = calc_hash(view)
    return app.run()


def go(app: AppTest, view: str) -> AppTest:
    """On to another view in the same session."""
    return app.switch_page(FILES[view]).run()


def open_numbers(app: AppTest) -> AppTest:
    """Every chart's numbers unfolded: the tables, definitions and downloads a person finds behind its button."""
    for key in number_keys(app.main):
        app.session_state[key] = True
    return app.run()


def number_keys(block: Block) -> list[str]:
    found = []
    for child in block.children.values():
        if isinstance(child, Block):
            found += [child.key] if child.type == "popover" and child.key else []
            found += number_keys(child)
    return found


def elements(block: Block) -> Iterator[Element]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def tables(block: Block) -> list[pd.DataFrame]:
    return [element.value for element in elements(block) if element.type == "table"]


def table_with(block: Block, *columns: str) -> pd.DataFrame:
    """The one table that has these columns."""
    (found,) = [table for table in tables(block) if set(columns) <= set(table.columns)]
    return found


def charts(block: Block) -> list[Element]:
    return [element for element in elements(block) if element.type == "vega_lite_chart"]


def spec(chart: Element) -> dict[str, Any]:
    return json.loads(chart.proto.spec)


def chart_rows(chart: Element) -> list[dict[str, Any]]:
    """Every row of data a chart was sent, with the properties of its shapes."""
    rows: list[dict[str, Any]] = []
    for dataset in chart.proto.datasets:
        rows += pa.ipc.open_stream(dataset.data.data).read_all().to_pylist()
    for layer in [spec(chart), *spec(chart).get("layer", [])]:
        values = layer.get("data", {}).get("values", [])
        rows += [row.get("properties", row) for row in values if isinstance(row, dict)]
    return rows


def chart_titled(block: Block, word: str) -> Element:
    """The one chart whose text alternative contains a word."""
    (found,) = [chart for chart in charts(block) if word in chart.proto.alt]
    return found


def headings(block: Block) -> list[str]:
    """What stands in large type: titles, and lines of text that begin with ``#``."""
    texts = [element.value for element in elements(block) if element.type in ("title", "header", "subheader")]
    written = [element.value for element in elements(block) if element.type == "markdown"]
    return texts + [text.lstrip("# ") for text in written if text.startswith("#")]


def words(block: Block) -> list[str]:
    """Every text the browser gets to show, those of tables, charts and help bubbles included."""
    found: list[str] = []
    for element in elements(block):
        if element.type == "table":
            found += [*map(str, element.value.columns), *element.value.astype(str).to_numpy().ravel()]
        elif element.type == "vega_lite_chart":
            drawn = spec(element)
            written = set(_written_fields(drawn))
            found += [row[field] for row in chart_rows(element) for field in written & row.keys() if row[field]]
            found += [element.proto.alt, *_titles(drawn)]
        elif element.type != "html":
            found += _strings(element.proto)
    return [re.sub(r"\(?https?://\S+", "", text) for text in found if isinstance(text, str) and text]


def _strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if NOT_READ.search(field.name):
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                yield one
            elif isinstance(one, Message):
                yield from _strings(one)


def _written_fields(node: Any) -> Iterator[str]:
    """Columns whose text a chart shows: beside a mark, along an axis or in a tooltip."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("text", "tooltip", "x", "y"):
                yield from (one["field"].split(".")[-1] for one in _definitions(value))
            elif name not in ("datasets", "data"):
                yield from _written_fields(value)
    elif isinstance(node, list):
        for one in node:
            yield from _written_fields(one)


def _definitions(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict) and "field" in one]


def _titles(node: Any) -> Iterator[str]:
    """Titles of axes, legends and tooltips, classes of a legend and texts of expressions in a specification."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("title", "labelExpr") and isinstance(value, str):
                yield value
            elif name == "legend" and value:
                yield from (one for one in node.get("scale", {}).get("domain", []) if isinstance(one, str))
                yield from _titles(value)
            elif name not in ("datasets", "data"):
                yield from _titles(value)
    elif isinstance(node, list):
        for one in node:
            yield from _titles(one)
