"""NAV (Norway): fully unemployed in municipalities by month, from files that a person saves by hand.

NAV publishes them as files on nav.no, under "Helt ledige", "Tabeller: siste måned" and "månedsserier"; their addresses
and layout are not known. So nothing is asked, and a CSV or XLSX file is bound by its values: a column or row of
municipality numbers, months in a header, a column or the title, and one column of counts.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile, ZipFile

import pandas as pd

from data.build import TableLoad
from loaders import documents
from loaders.areas import RegionAreas
from loaders.documents import Document, DocumentService, Plan, Reading, rows_of
from loaders.errors import BindingError, FormatError, LoaderError
from loaders.incoming import Imported
from loaders.norway import BY_CODE
from loaders.raw import Load, RawStore

PAGE = "nav.no: Helt ledige, Tabeller: månedsserier"
ADVICE = "Save the table of municipalities from that page and run `python -m loaders import nav:municipalities FILE`"

FINNMARK = re.compile(r"\s*(56\d\d)\b")
MONTHS = ("jan", "feb", "mar", "apr", "mai|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "des|dec")
NAMED_MONTH = re.compile(rf"\b({'|'.join(f'(?:{name})' for name in MONTHS)})[a-zæøå]*\.?\s*(20\d\d)\b", re.IGNORECASE)
YEAR_FIRST = re.compile(r"\b(20\d\d)\s*(?:[-./M]\s*)?(0[1-9]|1[0-2])\b(?!\d)")
MONTH_FIRST = re.compile(r"\b(0?[1-9]|1[0-2])[./-](20\d\d)\b")

COUNT = re.compile(r"antall|number|helt ledige|fully unemployed|arbeidsledige", re.IGNORECASE)
NO_COUNT = re.compile(r"prosent|per ?cent|%|endring|change|andel|share", re.IGNORECASE)
OTHER_STATUS = re.compile(r"delvis ledige|arbeidssøkere på tiltak|partly unemployed|on measures", re.IGNORECASE)
FULLY = re.compile(r"helt ledige|fully unemployed", re.IGNORECASE)

MISSING = {"*": "suppressed", ":": "suppressed", ".": "not_defined", "..": "not_available", "": "not_available"}

UNPACKED = 256 * 1024 * 1024
"""Bytes that the sheets of a workbook may unpack to."""

Grid = list[list[str]]


class Files(Document):
    """The files of one statistic: what it is called on the page."""

    title: str

    @property
    def address(self) -> str:
        return PAGE


DECLARATIONS = (
    Files(source_id="nav:municipalities", certainty="unknown", title="Helt ledige", subject="norway_unemployed"),
)


class Nav(DocumentService[Files]):
    """No service: what to do by hand."""

    declared: ClassVar[type] = Files

    @property
    def root(self) -> str:
        return PAGE

    def opening(self) -> str:
        return f"{self.root}: files to save by hand; nothing is asked"

    def described(self, statistic: Files, areas: RegionAreas) -> str:
        return f"to be discovered: the address of the monthly files of {statistic.title!r} on {PAGE}. {ADVICE}"

    def plan(self, statistic: Files, areas: RegionAreas) -> Plan:
        raise LoaderError("The address of the monthly files is not known", PAGE, ADVICE)

    def read(self, statistic: Files, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)


def import_file(path: Path, statistic: Files, store: RawStore, areas: RegionAreas) -> Imported:
    """Keep a file saved by hand. Raises as ``documents.import_file``."""
    return documents.import_file(path, statistic, store, areas, read)


def table_load(load: Load, statistic: Files, areas: RegionAreas) -> TableLoad:
    """The rows of a kept file. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


@dataclass(frozen=True)
class Cell:
    """One count as it stands in the file."""

    municipality: str
    month: date
    text: str


def read(statistic: Files, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """Fully unemployed by municipality of Finnmark and month.

    Raises:
        FormatError: neither CSV nor XLSX, a text that is neither a count nor a known missing mark, a cell twice.
        BindingError: no municipality of Finnmark, no month, or not one column of counts; says what was found.
    """
    if len(bodies) != 1:
        raise FormatError(f"One file expected, {len(bodies)} found")
    cells, left_out = _cells(_grids(bodies[0]))
    figures: dict[tuple[str, date], tuple[float | None, str]] = {}
    for cell in cells:
        known = BY_CODE.get(cell.municipality)
        key = known.area_code if known else f"NO-{cell.municipality}", cell.month
        if key in figures:
            raise FormatError(f"{key[0]} stands twice in {key[1]:%Y-%m}")
        figures[key] = _figure(cell.text)
    records: list[dict[str, Any]] = [
        {
            "area_code": area,
            "month": month,
            "labour_market_status": "fully_unemployed",
            "sex": "total",
            "measure": "persons",
            "value": value,
            "status": status,
        }
        for (area, month), (value, status) in sorted(figures.items())
    ]
    periods = tuple(f"{month:%YM%m}" for month in sorted({month for _, month in figures}))
    return Reading(rows_of(statistic.subject, records), periods, None, left_out)


def _grids(body: bytes) -> Iterator[Grid]:
    """The sheets of a workbook, or the one of a CSV file, as rows of text of one length."""
    if body.startswith(b"PK"):
        yield from _sheets(body)
        return
    if b"\0" in body:
        raise FormatError("Neither CSV nor XLSX")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    delimiter = max(";\t,", key=text.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    width = max(map(len, rows), default=0)
    yield [row + [""] * (width - len(row)) for row in rows]


def _sheets(body: bytes) -> Iterator[Grid]:
    try:
        with ZipFile(io.BytesIO(body)) as packed:
            if sum(member.file_size for member in packed.infolist()) > UNPACKED:
                raise FormatError(f"The workbook unpacks to more than {UNPACKED:,} bytes")
        sheets = pd.read_excel(io.BytesIO(body), sheet_name=None, header=None, engine="openpyxl")
    except (BadZipFile, KeyError, ValueError) as problem:
        raise FormatError(f"Not a workbook: {problem}") from None
    for sheet in sheets.values():
        yield [[_text(cell) for cell in row] for row in sheet.astype(object).to_numpy().tolist()]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}"
    if cell is None or cell != cell:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _cells(grids: Iterator[Grid]) -> tuple[list[Cell], int]:
    """The cells of the first sheet that has municipalities of Finnmark, and how many rows of others it has."""
    for grid in grids:
        for turned in (grid, [list(column) for column in zip(*grid, strict=True)]):
            column, places = _municipalities(turned)
            if len(places) > 1:
                return _of_table(turned, column, places)
    raise BindingError("Expected a column or row of municipality numbers of Finnmark, as in 5628; found none")


def _municipalities(grid: Grid) -> tuple[int, dict[int, str]]:
    """The column with most municipalities, and the number in each of its rows."""
    best: tuple[int, dict[int, str]] = (0, {})
    for column in range(len(grid[0]) if grid else 0):
        found = {at: code for at, row in enumerate(grid) if (code := _municipality(row[column])) is not None}
        if len(found) > len(best[1]):
            best = column, found
    return best


def _municipality(text: str) -> str | None:
    """Numbers of 2020 to 2023 as well; those of before 2020 cannot be told from years."""
    match = FINNMARK.match(text)
    if match:
        return match[1]
    start = text.strip()[:4]
    return start if start in BY_CODE and not text.strip()[4:5].isdigit() else None


def _of_table(grid: Grid, column: int, places: dict[int, str]) -> tuple[list[Cell], int]:
    """The counts of a table with a row a municipality, and how many figures of other rows it has."""
    first = min(places)
    above = grid[:first]
    title = " ".join(cell for row in above for cell in row if cell)
    if OTHER_STATUS.search(title) and not FULLY.search(title):
        raise BindingError(f"Expected fully unemployed (helt ledige); found {title[:80]!r}")
    numeric = [at for at in range(len(grid[0])) if at != column and _numeric([grid[row][at] for row in places])]
    headers = {at: " ".join(row[at] for row in above if row[at]) for at in numeric}
    rest = len(grid) - first - len(places)
    by_month: dict[date, dict[int, str]] = {}
    for at, month in _months_of(above, numeric).items():
        by_month.setdefault(month, {})[at] = headers[at]
    if len(by_month) > 1:
        chosen = {month: _count(columns) for month, columns in by_month.items()}
        cells = [Cell(code, month, grid[row][at]) for row, code in places.items() for month, at in chosen.items()]
        return cells, rest * len(chosen)
    count = _count(headers)
    dated = [at for at in range(len(grid[0])) if at != column and all(_month(grid[row][at]) for row in places)]
    if dated:
        months = {row: _month(grid[row][dated[0]]) for row in places}
        return [Cell(code, months[row] or date.min, grid[row][count]) for row, code in places.items()], rest
    stated = _months_in(title)
    if len(stated) != 1:
        shown = ", ".join(f"{month:%Y-%m}" for month in sorted(stated)) or "none"
        raise BindingError(f"Expected months in a header or column, or one month in the title; found {shown}")
    (only,) = stated
    return [Cell(code, only, grid[row][count]) for row, code in places.items()], rest


def _months_of(above: Grid, columns: Sequence[int]) -> dict[int, date]:
    """Month of each column by the header row that has most of them; one stands for the empty cells to its right."""
    best: dict[int, date] = {}
    for row in above:
        found: dict[int, date] = {}
        last = None
        for at, cell in enumerate(row):
            last = _month(cell) if cell else last
            if last is not None and at in columns:
                found[at] = last
        if len(set(found.values())) > len(set(best.values())):
            best = found
    return best


def _count(headers: dict[int, str]) -> int:
    """The one column of counts among columns of numbers."""
    plain = [at for at, text in headers.items() if not NO_COUNT.search(text)]
    named = [at for at in plain if COUNT.search(headers[at])]
    for found in (plain, named):
        if len(found) == 1:
            return found[0]
    shown = "; ".join(text or "a column without a header" for text in headers.values()) or "none"
    raise BindingError(f"Expected one column of counts (antall); found {shown}")


def _numeric(cells: Sequence[str]) -> bool:
    """Whether the cells are numbers and missing marks, with one number at least."""
    numbers = [_number(cell) is not None for cell in cells]
    return any(numbers) and all(number or cell in MISSING for number, cell in zip(numbers, cells, strict=True))


def _number(text: str) -> float | None:
    try:
        return float(re.sub(r"\s", "", text).replace(",", "."))
    except ValueError:
        return None


def _figure(text: str) -> tuple[float | None, str]:
    if text in MISSING:
        return None, MISSING[text]
    number = _number(text)
    if number is None or number < 0 or not number.is_integer():
        raise FormatError(f"{text!r} is neither a count nor a known missing mark ({', '.join(filter(None, MISSING))})")
    return number, "published"


def _month(text: str) -> date | None:
    """The month a text speaks of; None when it names none or several."""
    months = _months_in(text)
    return months.pop() if len(months) == 1 else None


def _months_in(text: str) -> set[date]:
    """Months in digits or in Norwegian or English names."""
    found = {(int(year), int(month)) for year, month in YEAR_FIRST.findall(text)}
    found |= {(int(year), int(month)) for month, year in MONTH_FIRST.findall(text)}
    for name, year in NAMED_MONTH.findall(text):
        number = next(at for at, names in enumerate(MONTHS, 1) if name.lower() in names.split("|"))
        found.add((int(year), number))
    return {date(year, month, 1) for year, month in found}
