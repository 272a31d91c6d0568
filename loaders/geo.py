"""Statistics Finland, geo.stat.fi (WFS 2.0): municipality boundaries, generalised to 1:4 500 000, newest year.

A layer of each year has all municipalities; this year's may come late, then the year before is taken. GeoServer answers
an unknown layer with an exception in XML. https://stat.fi/org/avoindata/paikkatietoaineistot_en.html
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from data.boundaries import clockwise_rounded
from data.build import TableLoad
from data.releases import HELSINKI
from loaders import documents
from loaders.areas import RegionAreas
from loaders.documents import Document, DocumentService, Plan, Reading, Request, rows_of
from loaders.errors import BindingError, FormatError, RefusedError
from loaders.http import Answer
from loaders.jsonstat import decode
from loaders.raw import Load, now

YEARS_BACK = 3
DECIMALS = 3
"""Of degrees: about a hundred metres, far below what the scale shows."""

FINLAND = ((18.0, 33.0), (58.0, 71.0))
"""Longitudes and latitudes that hold the country: the order of the axes is easily turned."""


class Layer(Document):
    """Layers of one kind, one a year: ``name`` is without the year."""

    name: str

    @property
    def address(self) -> str:
        return f"tilastointialueet:{self.name}_<year>"

    def of(self, year: int) -> str:
        return f"tilastointialueet:{self.name}_{year}"


DECLARATIONS = (Layer(source_id="geo:kunta4500k", certainty="certain", name="kunta4500k", subject="area_boundary"),)


class Properties(BaseModel):
    """Code of a municipality, and the year of its boundary."""

    kunta: str = Field(coerce_numbers_to_str=True)
    vuosi: int


class Feature(BaseModel):
    """One municipality."""

    properties: Properties
    geometry: dict[str, Any]


class Features(BaseModel):
    """A whole layer, or the first of it."""

    features: list[Feature] = Field(min_length=1)


_features = TypeAdapter(Features)


class Boundaries(DocumentService[Layer]):
    """The WFS."""

    declared = Layer

    @property
    def root(self) -> str:
        return str(self.settings.geo_url).rstrip("/")

    def described(self, statistic: Layer, areas: RegionAreas) -> str:
        year, answer = self._newest(statistic)
        first = _read(answer.content)[0].properties
        wanted = len(areas.codes(("municipality",)))
        return f"bound: {statistic.of(year)}, begins with kunta {first.kunta!r}; loads {wanted} municipalities"

    def plan(self, statistic: Layer, areas: RegionAreas) -> Plan:
        year, _ = self._newest(statistic)
        url = self._url(statistic.of(year))
        return Plan([Request({"typeNames": statistic.of(year)}, lambda: self.get(url))])

    def read(self, statistic: Layer, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)

    def _newest(self, statistic: Layer) -> tuple[int, Answer]:
        """The newest year whose layer answers, and its first municipality."""
        this_year = now().astimezone(HELSINKI).year
        for year in range(this_year, this_year - YEARS_BACK - 1, -1):
            try:
                answer = self.get(self._url(statistic.of(year), count=1), ("json", "xml"))
            except RefusedError as refusal:
                if refusal.status not in (400, 404):
                    raise
                continue
            if "json" in answer.content_type.lower():
                return year, answer
        years = f"{this_year - YEARS_BACK} to {this_year}"
        raise BindingError(f"Expected a layer {statistic.name} of {years}; none of them answers", self.root)

    def _url(self, layer: str, count: int | None = None) -> str:
        parameters: dict[str, object] = {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": layer,
            "srsName": "EPSG:4326",
            "outputFormat": "application/json",
        }
        return f"{self.root}?{urlencode(parameters | ({'count': count} if count else {}))}"


def read(statistic: Layer, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """One boundary a municipality of the region: GeoJSON in degrees, rounded, exterior rings clockwise.

    Raises:
        FormatError: not one GeoJSON document of areas in longitude and latitude.
        BindingError: a municipality of the region is missing.
    """
    if len(bodies) != 1:
        raise FormatError(f"One layer expected, {len(bodies)} documents found")
    features = _read(bodies[0])
    by_code = {f"KU{one.properties.kunta.zfill(3)}": one for one in features}
    wanted = areas.codes(("municipality",))
    if missing := [code for code in wanted if code not in by_code]:
        raise BindingError(
            f"Expected the municipalities {', '.join(missing)}; found {len(features)} without them", statistic.address
        )
    records = [
        {"area_code": code, "country": "FI", "geometry": _geometry(code, by_code[code].geometry)} for code in wanted
    ]
    years = sorted({by_code[code].properties.vuosi for code in wanted})
    return Reading(
        rows_of(statistic.subject, records), tuple(map(str, years)), None, left_out=len(features) - len(records)
    )


def table_load(load: Load, statistic: Layer, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


def _read(body: bytes) -> list[Feature]:
    try:
        return _features.validate_python(decode(body)).features
    except ValidationError as problem:
        raise FormatError(f"Not a layer of municipalities: {problem.errors()[0]['msg']}") from None


def _geometry(code: str, geometry: dict[str, Any]) -> str:
    try:
        shape = clockwise_rounded(geometry, DECIMALS)
        points = [point for polygon in shape["coordinates"] for ring in polygon for point in ring]
    except (IndexError, KeyError, TypeError, ValueError) as problem:
        raise FormatError(f"The boundary of {code} cannot be read: {problem}") from None
    (west, east), (south, north) = FINLAND
    if not all(west <= x <= east and south <= y <= north for x, y in points):
        raise FormatError(f"The boundary of {code} is not in degrees of longitude and latitude")
    return json.dumps(shape, separators=(",", ":"))
