"""Eurostat, statistics API 1.0: nights spent at tourist accommodation by NUTS area, as JSON-stat 2.0 by GET.

Months stand in two dimensions, ``month`` (M01 to M12) and the year ``time``. Dimensions are bound by what the answer
has: one that is not a column of the rows is taken by its total. https://wikis.ec.europa.eu/x/YAWyBQ
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any
from urllib.parse import urlencode

from data.build import TableLoad
from loaders import documents
from loaders.areas import RegionAreas
from loaders.cube import PUBLISHED, STATUS_WORDS, Cube, period_start
from loaders.documents import Document, DocumentService, Plan, Reading, Request, read_flagged, rows_of
from loaders.errors import BindingError, FormatError, RefusedError
from loaders.http import Answer
from loaders.jsonstat import decode
from loaders.raw import Load

RESIDENCE = {"TOTAL": "total", "DOM": "domestic", "FOR": "foreign"}
TOTALS = ("TOTAL", "T", "_T", "I551-I553")
"""Codes of a total, the usual ones first; I551-I553 is all of hotels, holiday dwellings and camping grounds."""

HIDDEN, NOT_DEFINED = "...", "."
"""Marks of ``loaders.cube`` for Eurostat's flags c (confidential) and z (not applicable)."""

TOO_LARGE = "Ask for fewer areas or years in the declaration"


class Dataset(Document):
    """One dataset.

    Attributes:
        dataset: its code.
        geo: NUTS areas.
        filters: codes to ask for by dimension; a dimension left out is answered whole.
    """

    dataset: str
    geo: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]]

    @property
    def address(self) -> str:
        return f"data/{self.dataset}"


DECLARATIONS = (
    Dataset(
        source_id="eurostat:tour_occ_nin2m",
        certainty="certain",
        dataset="tour_occ_nin2m",
        geo=("FI1D",),
        filters={"unit": ("NR",), "c_resid": ("TOTAL", "DOM", "FOR"), "nace_r2": ("I551-I553",)},
        subject="accommodation_nuts",
    ),
    Dataset(
        source_id="eurostat:tour_occ_nin3",
        certainty="likely",
        dataset="tour_occ_nin3",
        geo=("FI1D7",),
        filters={"unit": ("NR",)},
        subject="accommodation_nuts_yearly",
    ),
)


class Eurostat(DocumentService[Dataset]):
    """The statistics API."""

    declared = Dataset

    @property
    def root(self) -> str:
        return str(self.settings.eurostat_url).rstrip("/")

    def described(self, statistic: Dataset, areas: RegionAreas) -> str:
        cube = _cube(self._ask(statistic, {"lastTimePeriod": ["1"]}).content)
        taken = _bound(cube, statistic)
        year = cube.by_code["time"].codes[-1]
        loads = ", ".join(f"{code} {'+'.join(codes)}" for code, codes in taken.items() if code not in ("month", "time"))
        return f"bound: newest year {year}; loads {loads}"

    def plan(self, statistic: Dataset, areas: RegionAreas) -> Plan:
        query = {"dataset": statistic.dataset, "geo": list(statistic.geo)} | {
            code: list(codes) for code, codes in statistic.filters.items()
        }
        return Plan([Request(query, lambda: self._ask(statistic, {}))])

    def read(self, statistic: Dataset, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)

    def _ask(self, statistic: Dataset, more: Mapping[str, Sequence[str]]) -> Answer:
        parameters = {"format": ["JSON"], "lang": ["EN"], "geo": statistic.geo, **statistic.filters, **more}
        url = f"{self.root}/{statistic.address}?{urlencode(parameters, doseq=True)}"
        try:
            return self.get(url)
        except RefusedError as refusal:
            if refusal.status != 413:
                raise
            raise RefusedError("The extraction is too big (413)", url, TOO_LARGE, status=413) from None


def read(statistic: Dataset, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """Nights by area, period and residence of the guests.

    Periods before the first and after the last figure are no observations and left out: the answer is a whole grid of
    years and months.

    Raises:
        FormatError: not one JSON-stat dataset, or one without a figure.
        BindingError: an area, a filter or a total that is missing.
    """
    if len(bodies) != 1:
        raise FormatError(f"One dataset expected, {len(bodies)} documents found")
    whole = _cube(bodies[0])
    cube = whole.pick(_bound(whole, statistic))
    order = {code: place for place, code in enumerate(cube.by_code)}
    monthly = "month" in order
    records: list[dict[str, Any]] = []
    cells = product(*(dimension.codes for dimension in cube.dimensions))
    for codes, value, status in zip(cells, cube.values.tolist(), cube.status.tolist(), strict=True):
        year = codes[order["time"]]
        start = period_start(f"{year}{codes[order['month']]}" if monthly else year)
        records.append(
            {
                "area_code": codes[order["geo"]],
                "start": start,
                "residence": RESIDENCE[codes[order["c_resid"]]] if "c_resid" in order else "total",
                "measure": "nights",
                "value": value if status == PUBLISHED else None,
                "status": STATUS_WORDS[status],
            }
        )
    seen = [record["start"] for record in records if record["status"] in ("published", "suppressed")]
    if not seen:
        raise FormatError(f"The answer holds no figure of {', '.join(statistic.geo)}")
    inside = [record for record in records if min(seen) <= record["start"] <= max(seen)]
    inside.sort(key=lambda record: (record["area_code"], record["start"], record["residence"]))
    for record in inside:
        record |= {"month": record["start"]} if monthly else {"year": record["start"].year}
    starts = sorted({record["start"] for record in inside})
    return Reading(
        rows=rows_of(statistic.subject, [{k: v for k, v in one.items() if k != "start"} for one in inside]),
        periods=tuple(_period(start, monthly) for start in starts),
        updated=whole.updated,
        left_out=whole.values.size - cube.values.size,
    )


def table_load(load: Load, statistic: Dataset, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


def _period(start: date, monthly: bool) -> str:
    return f"{start:%YM%m}" if monthly else f"{start:%Y}"


def _cube(body: bytes) -> Cube:
    data = decode(body)
    for name in ("error", "warning"):
        if isinstance(data, dict) and name in data and "id" not in data:
            raise FormatError(f"The service answers with a message in place of figures: {str(data[name])[:200]}")
    return read_flagged(body, _mark)


def _mark(flags: str) -> str | None:
    """Flags may stand together, as in ``bp``; those beside a value say how it was made, not that it is missing."""
    if "c" in flags:
        return HIDDEN
    return NOT_DEFINED if "z" in flags else None


def _bound(cube: Cube, statistic: Dataset) -> dict[str, list[str]]:
    """The codes to take of each dimension."""
    offered = {dimension.code: dimension.codes for dimension in cube.dimensions}

    def refuse(expected: str, found: Sequence[str]) -> BindingError:
        shown = ", ".join(found[:12]) or "nothing"
        return BindingError(f"Expected {expected}; found {shown}", statistic.address)

    if missing := sorted({"geo", "time", *statistic.filters} - set(offered)):
        raise refuse(f"the dimensions {', '.join(missing)}", list(offered))
    if ("month" in offered) != (statistic.subject == "accommodation_nuts"):
        raise refuse("years without months" if "month" in offered else "months", list(offered))
    taken: dict[str, list[str]] = {}
    for code, codes in offered.items():
        if code == "geo":
            if absent := [area for area in statistic.geo if area not in codes]:
                raise refuse(f"the areas {', '.join(absent)}", codes)
            taken[code] = list(statistic.geo)
        elif code == "c_resid":
            taken[code] = [one for one in codes if one in RESIDENCE]
            if "TOTAL" not in taken[code]:
                raise refuse("TOTAL among the countries of residence", codes)
        elif code == "month":
            taken[code] = [one for one in codes if one.startswith("M")]
        elif code == "time":
            taken[code] = list(codes)
        else:
            wanted = statistic.filters.get(code) or (codes if len(codes) == 1 else TOTALS)
            totals = [one for one in wanted if one in codes]
            if not totals:
                raise refuse(f"one total of {code!r}", codes)
            taken[code] = [totals[0]]
    return taken
