"""Client of the PxWeb API, version 1: service limits, folder listing, table metadata, data in parts.

The API is described in the PxWeb manual (https://www.scb.se/api_en); what is particular to a publisher is in its
declarations.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import ceil, prod
from typing import Any, Self, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from loaders.errors import BindingError, FormatError, RefusedError, TooLargeError
from loaders.http import DEFAULT_WINDOW, Answer, CallWindow, Session
from loaders.jsonstat import decode

Selection = Mapping[str, Sequence[str]]
"""Codes to ask for, by variable code, in the order of the table's variables."""

SAFE_CELLS = 100_000
"""Cells a call when the service does not state its ceiling."""


class Limits(BaseModel):
    """Answer to ``?config``. ``maxCells`` bounds the product of the selected values, ``maxValues`` something else."""

    model_config = ConfigDict(frozen=True)

    max_cells: int = Field(SAFE_CELLS, alias="maxCells", gt=0)
    max_calls: int = Field(DEFAULT_WINDOW.calls, alias="maxCalls", gt=0)
    time_window: float = Field(DEFAULT_WINDOW.seconds, alias="timeWindow", gt=0)

    @property
    def window(self) -> CallWindow:
        return CallWindow(self.max_calls, self.time_window)


class Entry(BaseModel):
    """One line of a folder listing: a table (``t``) or a folder (``l``)."""

    id: str
    type: str = "t"
    text: str = ""
    updated: str = ""


class Hit(BaseModel):
    """One table a search found."""

    id: str
    path: str = ""
    title: str = ""
    published: str = ""

    @property
    def folder(self) -> str:
        return self.path.strip("/")

    @property
    def number(self) -> str:
        """The table's number, without its ending and the prefixes of older file names."""
        return self.id.removesuffix(".px").rpartition("_")[2]


class Variable(BaseModel):
    """One variable of a table."""

    code: str
    text: str = ""
    values: list[str]
    labels: list[str] = Field(default_factory=list, alias="valueTexts")
    time: bool = False
    elimination: bool = False

    @model_validator(mode="after")
    def _values_once(self) -> Self:
        twice = [value for value, times in Counter(self.values).items() if times > 1]
        if twice:
            raise ValueError(f"variable {self.code!r} lists the value {twice[0]!r} twice")
        return self


class Metadata(BaseModel):
    """A table's title and variables, in the order of its cells."""

    title: str = ""
    variables: list[Variable]


@dataclass(frozen=True)
class Described:
    """A table as it answers now: its file name, what it says of itself, and the answer as received."""

    table: str
    metadata: Metadata
    answer: Answer


Shape = TypeVar("Shape")

_listing = TypeAdapter(list[Entry])
_hits = TypeAdapter(list[Hit])
_metadata = TypeAdapter(Metadata)


class PxWeb:
    """One PxWeb service.

    Args:
        base_url: address up to and without the language, as in ``https://service/PxWeb/api/v1``.
        session: the HTTP session; gets the publisher's call window from ``limits``.
        language: of titles and labels. Codes are the same in every language.
    """

    def __init__(self, base_url: str, session: Session, language: str = "en") -> None:
        self.root = f"{base_url.rstrip('/')}/{language}"
        self.session = session

    def url(self, *path: str) -> str:
        return "/".join([self.root, *(quote(part) for part in path)])

    def limits(self) -> Limits:
        """The service's limits, adopted by the session; careful defaults where it states none."""
        try:
            limits = Limits.model_validate(decode(self.session.get_json(f"{self.root}/?config").content))
        except (FormatError, RefusedError, ValidationError):
            limits = Limits.model_validate({})
        self.session.adopt(limits.window)
        return limits

    def listing(self, database: str, folder: str) -> list[Entry]:
        """Tables and folders of a folder."""
        url = self.url(database, folder) + "/"
        return _checked(_listing, self.session.get_json(url).content, url, "folder listing")

    def search(self, database: str, words: str) -> list[Hit]:
        """Tables of a database whose title has the words, best first, as the service ranks them."""
        url = f"{self.url(database)}?query={quote(words)}"
        return _checked(_hits, self.session.get_json(url).content, url, "search result")

    def describe(self, database: str, folder: str, table: str) -> Described:
        """Title and variables of a table."""
        answer = self.session.get_json(self.url(database, folder, table))
        return Described(table, read_metadata(answer.content, answer.url), answer)

    def find(self, database: str, folder: str, table: str, titles: Sequence[str]) -> Described:
        """Metadata of a table, looked up in its folder when its address no longer answers.

        Args:
            database: as in ``StatFin``.
            folder: as in ``tyonv``.
            table: file name, as in ``12r5.px``.
            titles: pieces of the table's title, such as its old number; the listed table that has one of them is it.

        Returns:
            The table under the file name that answers.

        Raises:
            BindingError: no listed table, or several, has such a title.
        """
        try:
            return self.describe(database, folder, table)
        except RefusedError as refusal:
            if refusal.status not in (400, 404):
                raise
        number = table.removesuffix(".px")
        entries = [entry for entry in self.listing(database, folder) if entry.type == "t"]
        renamed = [entry for entry in entries if re.search(rf"(^|[^0-9a-z]){number}(\.px)?$", entry.id)]
        titled = [entry for entry in entries if any(title.lower() in entry.text.lower() for title in titles)]
        found = renamed or titled
        if len(found) != 1:
            names = ", ".join(entry.id for entry in found) or "none"
            raise BindingError(
                f"Table {table} does not answer; its folder should list one table titled "
                f"{' or '.join(repr(title) for title in titles)}, it lists {names} among {len(entries)} tables",
                self.url(database, folder),
            )
        return self.describe(database, folder, found[0].id)

    def data(self, database: str, folder: str, table: str, query: Mapping[str, Any]) -> Answer:
        """One part of a table."""
        return self.session.post_json(self.url(database, folder, table), query)


def read_metadata(body: bytes, where: str) -> Metadata:
    """A table's title and variables. Raises FormatError when the body is something else."""
    return _checked(_metadata, body, where, "table metadata")


def _checked(shape: TypeAdapter[Shape], body: bytes, where: str, what: str) -> Shape:
    try:
        return shape.validate_python(decode(body))
    except ValidationError as problem:
        raise FormatError(f"Not a {what}: {problem.errors()[0]['msg']}", where) from None
    except FormatError as problem:
        raise problem.located(where) from None


def query_of(selection: Selection) -> dict[str, Any]:
    """The body of a data request: every variable named, every value listed, nothing left to elimination."""
    items = [
        {"code": code, "selection": {"filter": "item", "values": list(values)}} for code, values in selection.items()
    ]
    return {"query": items, "response": {"format": "json-stat2"}}


def query_key(query: Mapping[str, Any]) -> str:
    """One text for one query, whatever the order of its members."""
    return json.dumps(query, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def cells(selection: Selection) -> int:
    """How many cells a selection asks for: the product of its lengths."""
    return prod(len(values) for values in selection.values())


def split(selection: Selection, ceiling: int, time: str, contents: str) -> list[dict[str, list[str]]]:
    """Disjoint parts that cover a selection exactly, each of at most ``ceiling`` cells: as few as a grid allows.

    Time is cut before the other variables; measures are never cut.

    Args:
        selection: what to cut.
        ceiling: the service's ``maxCells``.
        time: code of the time variable.
        contents: code of the variable of measures.

    Raises:
        TooLargeError: one value of every variable is still too large.
    """
    order = [time, *(code for code in selection if code not in (time, contents))]
    fixed = len(selection[contents])
    sizes = [len(selection[code]) for code in order]
    best: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    for widths in _widths(sizes, ceiling // fixed):
        cuts = tuple(ceil(size / width) for size, width in zip(sizes, widths, strict=True))
        rank = (prod(cuts), *reversed(cuts))
        if best is None or rank < best[0]:
            best = (rank, cuts)
    if best is None:
        raise TooLargeError(f"One value of each variable is {fixed} cells, the ceiling is {ceiling}")
    pieces = {code: _even(selection[code], cut) for code, cut in zip(order, best[1], strict=True)}
    pieces[contents] = [list(selection[contents])]
    return [dict(zip(selection, part, strict=True)) for part in product(*(pieces[code] for code in selection))]


def _widths(sizes: Sequence[int], ceiling: int) -> Iterator[tuple[int, ...]]:
    """Largest piece widths per variable whose product fits the ceiling; the first variable takes what is left."""
    first, rest = sizes[0], sizes[1:]
    choices = [sorted({ceil(size / cut) for cut in range(1, size + 1)}) for size in rest]
    for widths in product(*choices):
        room = ceiling // prod(widths)
        if room >= 1:
            yield (min(first, room), *widths)


def _even(values: Sequence[str], cuts: int) -> list[list[str]]:
    """``cuts`` pieces whose lengths differ by one at most."""
    edges = [len(values) * at // cuts for at in range(cuts + 1)]
    return [list(values[start:end]) for start, end in pairwise(edges)]
