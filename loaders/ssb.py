"""Statistics Norway (SSB), PxWebApi 2: registered unemployed in municipalities, each November until 2020.

pxwebpy, the client library of this API, is not used: it answers rows of labels without the status of a cell, sends its
calls past this session's call window, retries and timeouts, and keeps no bytes as received.

Variables and values are bound from the table's metadata, which is JSON-stat 2 without values. Municipalities had other
codes until 2019 and until 2023; they are found by code or name, and the years of a code are read from its label.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import ceil, nan
from typing import Any
from urllib.parse import quote

import orjson
from pydantic import BaseModel, Field, ValidationError

from data.build import TableLoad
from loaders import documents
from loaders.areas import RegionAreas
from loaders.cube import PUBLISHED, STATUS_WORDS, Cube, Dimension
from loaders.declarations import check_answer
from loaders.documents import Document, DocumentService, Plan, Reading, Request, read_flagged, rows_of
from loaders.errors import BindingError, FormatError, LoaderError, RefusedError
from loaders.http import DEFAULT_WINDOW, Answer, CallWindow
from loaders.jsonstat import decode, malformed
from loaders.norway import CODE, MUNICIPALITIES, Municipality, municipality
from loaders.raw import Load

LONGEST = 2000
"""Characters of an address: the service answers 404 to a GET of more than about 2 100."""

MARKS = {":": "...", ".": ".", "..": "..", "...": ".."}
"""The service's signs as marks of ``loaders.cube``: not for publication, not applicable, not available, not yet."""

TOTALS = re.compile(r"total|all ages|both sexes|i alt|alle|begge kjønn", re.IGNORECASE)
SHARE = re.compile(r"per ?cent|percent|prosent|%|share|rate", re.IGNORECASE)
COUNT = re.compile(r"unemployed|ledige", re.IGNORECASE)
AGES = re.compile(r"(\d+)-(\d+)")
YEARS = re.compile(r"\((\d{4})?\s*-\s*(\d{4})?\)")


class Table(Document):
    """One table of yearly figures. ``month`` is the month of the year they speak of."""

    table: str
    month: int

    @property
    def address(self) -> str:
        return f"tables/{self.table}"


DECLARATIONS = (Table(source_id="ssb:10540", certainty="likely", table="10540", month=11, subject="norway_unemployed"),)


class Limits(BaseModel):
    """Answer to ``/config``."""

    max_cells: int = Field(alias="maxDataCells", gt=0)
    max_calls: int = Field(DEFAULT_WINDOW.calls, alias="maxCallsPerTimeWindow", gt=0)
    time_window: float = Field(DEFAULT_WINDOW.seconds, alias="timeWindow", gt=0)


Selection = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Bound:
    """Variables of the table by role, what to ask of each in the table's order, and the municipalities it has."""

    region: str
    time: str
    selection: Selection
    names: tuple[str, ...]


class StatisticsNorway(DocumentService[Table]):
    """The PxWebApi 2 service."""

    declared = Table

    @property
    def root(self) -> str:
        return str(self.settings.ssb_url).rstrip("/")

    def opening(self) -> str:
        """The service's limits, adopted by the session; careful ones where it states none."""
        try:
            limits = Limits.model_validate(decode(self.get(f"{self.root}/config").content))
        except (FormatError, RefusedError, ValidationError):
            return super().opening()
        self.session.adopt(CallWindow(limits.max_calls, limits.time_window))
        window = f"{limits.max_calls} calls in {limits.time_window:g} s"
        return f"{self.root}: at most {limits.max_cells:,} cells a call, {window}"

    def described(self, statistic: Table, areas: RegionAreas) -> str:
        bound = bind(self._metadata(statistic).content, statistic)
        years = bound.selection[bound.time]
        loads = ", ".join(f"{code} {len(codes)}" for code, codes in bound.selection.items())
        return f"bound: {years[0]} to {years[-1]} for {', '.join(bound.names)}; loads {loads}"

    def plan(self, statistic: Table, areas: RegionAreas) -> Plan:
        described = self._metadata(statistic)
        bound = bind(described.content, statistic)
        return Plan([self._request(statistic, part) for part in self._parts(statistic, bound)], described)

    def read(self, statistic: Table, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)

    def _metadata(self, statistic: Table) -> Answer:
        return self.get(f"{self.root}/{statistic.address}/metadata?lang=en")

    def _parts(self, statistic: Table, bound: Bound) -> Sequence[Selection]:
        """The selection in as few parts over its regions as the longest address allows."""
        regions = bound.selection[bound.region]
        for cuts in range(1, len(regions) + 1):
            width = ceil(len(regions) / cuts)
            parts = [
                {**bound.selection, bound.region: regions[at : at + width]} for at in range(0, len(regions), width)
            ]
            if all(len(self._url(statistic, part)) <= LONGEST for part in parts):
                return parts
        raise BindingError(f"Expected years that fit an address of {LONGEST} characters", statistic.address)

    def _url(self, statistic: Table, selection: Selection) -> str:
        asked = "".join(
            f"&valueCodes%5B{quote(code)}%5D={','.join(quote(value, safe='') for value in values)}"
            for code, values in selection.items()
        )
        return f"{self.root}/{statistic.address}/data?lang=en&outputFormat=json-stat2{asked}"

    def _request(self, statistic: Table, selection: Selection) -> Request:
        def ask() -> Answer:
            answer = self.get(self._url(statistic, selection))
            try:
                check_answer(_cube(answer.content), selection)
            except LoaderError as problem:
                raise problem.located(answer.url) from None
            return answer

        query = {code: list(values) for code, values in selection.items()}
        return Request({"table": statistic.table, "valueCodes": query}, ask)


def bind(metadata: bytes, statistic: Table) -> Bound:
    """Which variable plays which role, and the codes to ask for.

    Args:
        metadata: the table's description: JSON-stat 2 with or without values.
        statistic: the declaration.

    Raises:
        FormatError: another format.
        BindingError: no years, no municipality, no one count of persons, or a variable without a total.
    """
    with malformed("description of a table"):
        content = decode(metadata)
        units = {
            code: str(unit.get("base", ""))
            for one in content["dimension"].values()
            for code, unit in (one["category"].get("unit") or {}).items()
        }
        cube = _cube(orjson.dumps(content | {"value": {}, "status": None}))
    return _bind(cube, units, statistic)


def _bind(cube: Cube, units: Mapping[str, str], statistic: Table) -> Bound:
    def refuse(expected: str, found: Sequence[str]) -> BindingError:
        shown = "; ".join(found[:12]) or "nothing"
        return BindingError(f"Expected {expected}; found {shown}", statistic.address)

    names = [one.code for one in cube.dimensions]
    time = _role(cube, "time", "Tid")
    if time is None or not all(CODE.fullmatch(code) for code in time.codes):
        raise refuse("one variable of years", names)
    contents = _role(cube, "metric", "ContentsCode")
    region = max(cube.dimensions, key=lambda one: len(_municipalities(one)))
    found = _municipalities(region)
    if not found:
        raise refuse(f"a variable with the municipalities {', '.join(one.name for one in MUNICIPALITIES)}", names)
    selection: dict[str, Sequence[str]] = {}
    for one in cube.dimensions:
        labels = dict(zip(one.codes, one.labels, strict=True))
        if one is time:
            selection[one.code] = one.codes
        elif one is region:
            selection[one.code] = tuple(found)
        else:
            taken = _counts(labels, units) if one is contents else _totals(labels)
            if len(taken) != 1:
                what = "one measure that counts persons" if one is contents else f"one total of {one.code!r}"
                raise refuse(what, [f"{code} {label}" for code, label in labels.items()])
            selection[one.code] = (taken[0],)
    loaded = [one.name for one in MUNICIPALITIES if one in found.values()]
    return Bound(region.code, time.code, selection, tuple(loaded))


def read(statistic: Table, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """Registered unemployed by municipality and year, under today's codes.

    Raises:
        FormatError: not such a table, parts of two editions, or two codes with a figure for one municipality and year.
        BindingError: a variable or total that is missing.
    """
    cells: dict[tuple[str, int], list[tuple[str, float, int]]] = {}
    updated = set()
    for body in bodies:
        cube = _cube(body)
        updated.add(cube.updated)
        bound = _bind(cube, {}, statistic)
        for area, year, label, value, status in _cells(cube.pick(bound.selection), bound):
            cells.setdefault((area, year), []).append((label, value, status))
    if len(updated) != 1:
        raise FormatError("The parts are of two editions", statistic.address, "Refresh again")
    records: list[dict[str, Any]] = []
    for (area, year), candidates in sorted(cells.items()):
        figure = _one(area, year, candidates)
        if figure is None:
            continue
        value, status = figure
        records.append(
            {
                "area_code": area,
                "month": date(year, statistic.month, 1),
                "labour_market_status": "fully_unemployed",
                "sex": "total",
                "measure": "persons",
                "value": value if status == PUBLISHED else None,
                "status": STATUS_WORDS[status],
            }
        )
    periods = sorted({year for _, year in cells})
    return Reading(
        rows_of(statistic.subject, records),
        tuple(f"{year}M{statistic.month:02}" for year in periods),
        updated.pop(),
    )


def table_load(load: Load, statistic: Table, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


def _cube(body: bytes) -> Cube:
    return read_flagged(body, lambda sign: MARKS.get(sign, sign))


def _role(cube: Cube, role: str, code: str) -> Dimension | None:
    having = [one for one in cube.dimensions if one.role == role] or [
        one for one in cube.dimensions if one.code == code
    ]
    return having[0] if len(having) == 1 else None


def _municipalities(one: Dimension) -> dict[str, Municipality]:
    found = {code: municipality(code, label) for code, label in zip(one.codes, one.labels, strict=True)}
    return {code: place for code, place in found.items() if place is not None}


def _counts(labels: Mapping[str, str], units: Mapping[str, str]) -> list[str]:
    """Measures that count persons: no share by unit or label, and unemployed by label where several are left."""
    counts = [code for code, label in labels.items() if not SHARE.search(f"{units.get(code, '')} {label}")]
    return counts if len(counts) == 1 else [code for code in counts if COUNT.search(labels[code])]


def _totals(labels: Mapping[str, str]) -> list[str]:
    """The total: the only value, one whose label says so, or the ages that hold all the others."""
    if len(labels) == 1:
        return list(labels)
    said = [code for code, label in labels.items() if TOTALS.match(label)]
    if said:
        return said
    spans = {code: match.groups() for code in labels if (match := AGES.fullmatch(code))}
    if len(spans) < len(labels):
        return []
    low = min(int(first) for first, _ in spans.values())
    high = max(int(last) for _, last in spans.values())
    return [code for code, (first, last) in spans.items() if (int(first), int(last)) == (low, high)]


def _cells(cube: Cube, bound: Bound) -> Iterator[tuple[str, int, str, float, int]]:
    """Area, year, label of the region, value and status of each cell."""
    order = {one.code: place for place, one in enumerate(cube.dimensions)}
    region = cube.by_code[bound.region]
    labels = dict(zip(region.codes, region.labels, strict=True))
    found = _municipalities(region)
    grid = product(*(one.codes for one in cube.dimensions))
    for codes, value, status in zip(grid, cube.values.tolist(), cube.status.tolist(), strict=True):
        code = codes[order[bound.region]]
        yield found[code].area_code, int(codes[order[bound.time]]), labels[code], value, status


def _one(area: str, year: int, candidates: Sequence[tuple[str, float, int]]) -> tuple[float, int] | None:
    """The figure of one municipality and year: of the codes whose label says the year, else of those that say none."""
    years = [(YEARS.search(one[0]), one) for one in candidates]
    dated = [one for match, one in years if match and int(match[1] or 0) <= year <= int(match[2] or 9999)]
    possible = dated or [one for match, one in years if not match]
    if not possible:
        return None
    published = [value for _, value, status in possible if status == PUBLISHED]
    if len({value for value in published if value}) > 1:
        raise FormatError(f"Several codes of {area} have a figure for {year}: {', '.join(one[0] for one in possible)}")
    return (max(published), PUBLISHED) if published else (nan, min(status for _, _, status in possible))
