"""Sotkanet's REST API: a few indicators, the list of regions with internal numbers, figures by region and year."""

import json
from collections.abc import Sequence
from typing import Any

from tests.emulator.loopback import JSON, TEXT, Loopback, Reply, Request

ROOT = "/rest/1.1"

THL = {"fi": "Terveyden ja hyvinvoinnin laitos (THL)", "en": "Finnish Institute for Health and Welfare (THL)"}
STATISTICS_FINLAND = {"fi": "Tilastokeskus", "en": "Statistics Finland"}


class SotkanetService(Loopback):
    """The service. ``no_value`` are region codes whose last figure has no value."""

    def __init__(self, municipalities: Sequence[str]) -> None:
        super().__init__(ROOT)
        self.indicators: dict[int, dict[str, Any]] = {
            127: _indicator(127, "Väestö 31.12.", "Population 31 Dec", STATISTICS_FINLAND),
            900: _indicator(900, "Toimeentulotukea saaneet, % väestöstä", "Social assistance recipients", THL),
            901: _indicator(901, "Toimeentulotuen menot", "Social assistance, expenditure", THL),
            902: _indicator(902, "Toimeentulotuki, kunnan menot", "Social assistance", STATISTICS_FINLAND),
        }
        self.regions: list[dict[str, Any]] = [
            {"id": 658, "code": "358", "category": "MAA", "title": {"fi": "Koko maa"}},
            {"id": 833, "code": "1", "category": "ALUEHALLINTOVIRASTO", "title": {"fi": "Etelä-Suomen AVI"}},
            {"id": 840, "code": "19", "category": "MAAKUNTA", "title": {"fi": "Lappi"}},
            {"id": 841, "code": "01", "category": "MAAKUNTA", "title": {"fi": "Uusimaa"}},
            {"id": 842, "code": "091", "category": "KUNTA", "title": {"fi": "Helsinki"}},
        ]
        self.regions += [
            {"id": 10 + place, "code": code.removeprefix("KU"), "category": "KUNTA", "title": {"fi": code}}
            for place, code in enumerate(municipalities)
        ]
        self.no_value: set[str] = {"890"}

    def answer(self, request: Request) -> Reply:
        if request.path == "/indicators":
            return _json(list(self.indicators.values()))
        if request.path == "/regions":
            return _json(self.regions)
        if request.path == "/json":
            return _json(self.figures(int(request.one("indicator") or 0), [int(one) for one in request.query["years"]]))
        found = self.indicators.get(int(request.path.removeprefix("/indicators/")))
        return _json(found) if found is not None else Reply(b"", TEXT, 404)

    def figures(self, indicator: int, years: Sequence[int]) -> list[dict[str, Any]]:
        return [
            {
                "indicator": indicator,
                "region": region["id"],
                "year": year,
                "gender": "total",
                "value": None if region["code"] in self.no_value and year == 2024 else region["id"] + year / 10,
            }
            for region in self.regions
            for year in years
        ]


def _indicator(number: int, finnish: str, english: str, organization: dict[str, str]) -> dict[str, Any]:
    return {
        "id": number,
        "title": {"fi": finnish, "en": english},
        "organization": {"id": 2, "title": organization},
        "range": {"start": 2022, "end": 2024},
        "data-updated": "2026-03-01",
    }


def _json(content: object) -> Reply:
    return Reply(json.dumps(content, ensure_ascii=False).encode(), JSON)
