"""Statistics Norway's PxWebApi 2: one table of registered unemployed, by region, age, measure and year."""

import json
from itertools import product
from typing import Any

from tests.emulator.loopback import JSON, TEXT, Loopback, Reply, Request

ROOT = "/api/pxwebapi/v2"
LONGEST = 2100

REGIONS = {
    "0301": "Oslo municipality",
    "5403": "Alta (2020-2023)",
    "5441": "Deatnu Tana (2020-2023)",
    "2025": "Deatnu Tana (-2019)",
    "5442": "Unjárga Nesseby (2020-2023)",
    "2027": "Unjárga Nesseby (-2019)",
    "5437": "Kárášjohka Karasjok (2020-2023)",
    "2021": "Kárášjohka Karasjok (-2019)",
    "5430": "Guovdageaidnu Kautokeino (2020-2023)",
    "2011": "Guovdageaidnu Kautokeino (-2019)",
    "5444": "Sør-Varanger (2020-2023)",
    "2030": "Sør-Varanger (-2019)",
    "5436": "Porsanger Porsáŋgu Porsanki (2020-2023)",
    "2020": "Porsanger Porsáŋgu Porsanki (-2019)",
}
"""Codes and labels; 2025 and 2020 are codes of municipalities here, not years."""


class SsbService(Loopback):
    """The service.

    Attributes:
        dimensions: label by code of each variable; a test may change them.
        signs: sign in place of a value, by region and year.
        longest: characters of an address above which a GET is not found.
    """

    def __init__(self) -> None:
        super().__init__(ROOT)
        self.longest = LONGEST
        self.updated = "2021-02-01T07:00:00Z"
        self.config: dict[str, Any] | None = {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 30, "timeWindow": 60}
        self.dimensions: dict[str, dict[str, str]] = {
            "Region": dict(REGIONS),
            "Alder": {"15-74": "15-74 years", "15-29": "15-29 years", "30-74": "30-74 years"},
            "ContentsCode": {
                "Regledige": "Registered unemployed",
                "RegledigeP": "Registered unemployed, in per cent of the labour force",
            },
            "Tid": {year: year for year in ("1999", "2018", "2019", "2020")},
        }
        self.signs: dict[tuple[str, str], str] = {("2027", "2018"): ":", ("2027", "1999"): ".."}

    def answer(self, request: Request) -> Reply:
        if request.path == "/config" and self.config is not None:
            return Reply(json.dumps(self.config).encode(), JSON)
        if request.path == "/tables/10540/metadata":
            return Reply(json.dumps(self.body(self.dimensions) | {"value": None}).encode(), JSON)
        if request.path != "/tables/10540/data" or len(request.target) > self.longest:
            return Reply(b"", TEXT, 404)
        asked = {
            name.removeprefix("valueCodes[").removesuffix("]"): values[0].split(",")
            for name, values in request.query.items()
            if name.startswith("valueCodes[")
        }
        if set(asked) != set(self.dimensions):
            return Reply(b"{}", JSON, 400)
        try:
            chosen = {name: {code: self.dimensions[name][code] for code in asked[name]} for name in self.dimensions}
        except KeyError:
            return Reply(b"{}", JSON, 400)
        return Reply(json.dumps(self.body(chosen)).encode(), JSON)

    def body(self, dimensions: dict[str, dict[str, str]]) -> dict[str, Any]:
        values: list[int | None] = []
        status: dict[str, str] = {}
        for place, (region, age, measure, year) in enumerate(product(*dimensions.values())):
            sign = self.signs.get((region, year))
            values.append(None if sign else self.figure(region, age, measure, year))
            if sign:
                status[str(place)] = sign
        return {
            "version": "2.0",
            "class": "dataset",
            "label": "10540: Registered unemployed, by region, age, contents and year",
            "source": "Statistics Norway",
            "updated": self.updated,
            "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
            "id": list(dimensions),
            "size": [len(codes) for codes in dimensions.values()],
            "dimension": {name: _dimension(name, labels) for name, labels in dimensions.items()},
            "value": values,
            "status": status,
        }

    def figure(self, region: str, age: str, measure: str, year: str) -> int:
        """Made up; 0 in the years in which a code did not exist, as the service may answer."""
        label = self.dimensions["Region"][region]
        old = label.endswith("(-2019)")
        if label.endswith(")") and old != (year < "2020"):
            return 0
        whole = sum(map(int, region)) + int(year[:4]) - 1990
        return {"15-74": whole, "15-29": whole // 3, "30-74": whole - whole // 3}.get(age, whole)


def _dimension(name: str, labels: dict[str, str]) -> dict[str, Any]:
    category: dict[str, Any] = {"index": {code: place for place, code in enumerate(labels)}, "label": labels}
    if name == "ContentsCode":
        units = {"Regledige": "persons", "RegledigeP": "per cent"}
        category["unit"] = {code: {"base": units.get(code, "persons"), "decimals": 0} for code in labels}
    return {"label": name, "category": category, "extension": {"elimination": name in ("Region", "Alder")}}
