"""Sotkanet of THL, REST API 1.1: yearly indicators that THL itself produces.

Sotkanet also serves indicators of others, whose terms it does not give: the licence CC BY 4.0 covers THL's own, so an
indicator is loaded only after its description has said that it is THL's. https://sotkanet.fi
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from data.build import TableLoad
from loaders import documents
from loaders.areas import COUNTRY, RegionAreas
from loaders.documents import Document, DocumentService, Plan, Reading, Request, rows_of
from loaders.errors import BindingError, FormatError, LoaderError
from loaders.jsonstat import decode
from loaders.raw import Load

FIRST_YEAR = 1990
OWN = re.compile(r"\bTHL\b|terveyden ja hyvinvoinnin laitos|institute for health and welfare", re.IGNORECASE)
LISTED = 10
LEVELS = {"KUNTA": ("KU", 3), "MAAKUNTA": ("MK", 2)}
"""Category of a region, the prefix of its own code here, and the digits of the code."""


class LicenceError(LoaderError):
    """An indicator that may not be loaded under Sotkanet's licence."""

    default_advice = "Load the figures from their producer"


class Indicator(Document):
    """One indicator.

    Attributes:
        words: pieces of its title, in any language; they find candidates while the number is not known.
        indicator: its number in Sotkanet.
    """

    words: tuple[str, ...]
    indicator: int | None = None

    @property
    def address(self) -> str:
        return f"indicators/{self.indicator}" if self.indicator is not None else "indicators"


DECLARATIONS = (
    Indicator(
        source_id="sotkanet:social-assistance",
        certainty="unknown",
        words=("toimeentulotu", "social assistance"),
        subject="area_indicator",
    ),
)


class Organization(BaseModel):
    """Who produces an indicator, by language."""

    title: Mapping[str, str]


class Years(BaseModel):
    """First and last year with figures."""

    start: int
    end: int


class Description(BaseModel):
    """What Sotkanet says of an indicator."""

    id: int
    title: Mapping[str, str]
    organization: Organization
    range: Years | None = None
    updated: str | None = Field(None, alias="data-updated")

    @property
    def own(self) -> bool:
        return any(OWN.search(name) for name in self.organization.title.values())

    @property
    def name(self) -> str:
        return self.title.get("fi") or next(iter(self.title.values()), "")

    @property
    def producer(self) -> str:
        return self.organization.title.get("fi") or next(iter(self.organization.title.values()), "nobody named")


class Region(BaseModel):
    """One area of Sotkanet; ``id`` stands in the figures, ``code`` is the official one."""

    id: int
    code: str
    category: str
    title: Mapping[str, str] = Field(default_factory=dict)

    @property
    def area_code(self) -> str | None:
        if self.category == "MAA":
            return COUNTRY if self.title.get("fi") == "Koko maa" else None
        if self.category not in LEVELS or not self.code.isdigit():
            return None
        prefix, digits = LEVELS[self.category]
        return f"{prefix}{self.code.zfill(digits)}"


class Figure(BaseModel):
    """One figure; without a value it is not available."""

    indicator: int
    region: int
    year: int
    gender: str
    value: float | None = None


_description = TypeAdapter(Description)
_descriptions = TypeAdapter(list[Description])
_regions = TypeAdapter(list[Region])
_figures = TypeAdapter(list[Figure])


class Sotkanet(DocumentService[Indicator]):
    """The REST API."""

    declared = Indicator

    @property
    def root(self) -> str:
        return str(self.settings.sotkanet_url).rstrip("/")

    def described(self, statistic: Indicator, areas: RegionAreas) -> str:
        if statistic.indicator is None:
            return self._discovered(statistic)
        answer = self.get(f"{self.root}/{statistic.address}")
        about = _own(answer.content)
        places = _places(self.get(f"{self.root}/regions").content, areas)
        years = f"{about.range.start} to {about.range.end}" if about.range else "years not stated"
        return f"bound: indicator {about.id} {about.name!r}, {years}; loads {len(places)} areas"

    def plan(self, statistic: Indicator, areas: RegionAreas) -> Plan:
        if statistic.indicator is None:
            raise BindingError(
                "The number of the indicator is not known",
                f"{self.root}/indicators",
                f"Run `python -m loaders probe {statistic.source_id}` and set one of the numbers it lists in"
                " loaders/sotkanet.py",
            )
        answer = self.get(f"{self.root}/{statistic.address}")
        about = _own(answer.content)
        years = about.range or Years(start=FIRST_YEAR, end=datetime.now(UTC).year)
        asked = [("indicator", str(about.id)), ("genders", "total")]
        asked += [("years", str(year)) for year in range(years.start, years.end + 1)]
        figures = f"{self.root}/json?{urlencode(asked)}"
        return Plan(
            [
                Request({"path": "regions"}, lambda: self.get(f"{self.root}/regions")),
                Request({"path": "json", "asked": asked}, lambda: self.get(figures)),
            ],
            answer,
        )

    def read(self, statistic: Indicator, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)

    def _discovered(self, statistic: Indicator) -> str:
        listed = _checked(_descriptions, self.get(f"{self.root}/indicators").content, "list of indicators")
        own = [one for one in listed if one.own and _says(one, statistic.words)]
        offered = "; ".join(f"{one.id} {one.name!r}" for one in own[:LISTED]) or "none with such a title"
        more = f" and {len(own) - LISTED} more" if len(own) > LISTED else ""
        return f"to be discovered: of THL's own indicators, the listing offers {offered}{more}"


def read(statistic: Indicator, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """Figures of both sexes by area and year. The first document is the list of regions, the second the figures.

    Raises:
        FormatError: not those documents, figures of another indicator, or none of the region.
        BindingError: a municipality of the region is not among Sotkanet's.
    """
    if len(bodies) != 2:
        raise FormatError("The list of regions and the figures are expected, two documents")
    places = _places(bodies[0], areas)
    records: list[dict[str, Any]] = []
    left_out = 0
    for one in _checked(_figures, bodies[1], "list of figures"):
        if one.indicator != statistic.indicator or one.gender != "total":
            raise FormatError(f"A figure of indicator {one.indicator}, {one.gender}, which was not asked for")
        if one.region not in places:
            left_out += 1
            continue
        records.append(
            {
                "area_code": places[one.region],
                "year": one.year,
                "subject": "sotkanet",
                "measure": str(one.indicator),
                "value": one.value,
                "status": "published" if one.value is not None else "not_available",
            }
        )
    records.sort(key=lambda record: (record["area_code"], record["year"]))
    years = sorted({record["year"] for record in records})
    return Reading(rows_of(statistic.subject, records), tuple(map(str, years)), None, left_out)


def table_load(load: Load, statistic: Indicator, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


def _own(body: bytes) -> Description:
    about = _checked(_description, body, "description of an indicator")
    if not about.own:
        raise LicenceError(
            f"Indicator {about.id} {about.name!r} is produced by {about.producer}, not by THL: Sotkanet's licence"
            " CC BY 4.0 covers THL's own indicators only"
        )
    return about


def _places(body: bytes, areas: RegionAreas) -> dict[int, str]:
    """Own area code by Sotkanet's internal number, for the areas of the region."""
    wanted = set(areas.codes(("country", "region", "municipality")))
    listed = _checked(_regions, body, "list of regions")
    found = {one.id: code for one in listed if (code := one.area_code) in wanted and code is not None}
    if missing := sorted(set(areas.codes(("municipality",))) - set(found.values())):
        raise BindingError(
            f"Expected the municipalities {', '.join(missing)}; found {len(listed)} regions without them"
        )
    return found


def _checked(shape: TypeAdapter[Any], body: bytes, what: str) -> Any:
    try:
        return shape.validate_python(decode(body))
    except ValidationError as problem:
        raise FormatError(f"Not a {what}: {problem.errors()[0]['msg']}") from None


def _says(one: Description, words: Sequence[str]) -> bool:
    titles = " ".join(one.title.values()).casefold()
    return any(word.casefold() in titles for word in words)
