"""Eurostat's statistics API: two datasets as JSON-stat 2.0, sparse and flagged as the service does."""

import json
from itertools import product
from typing import Any

from tests.emulator.loopback import JSON, Loopback, Reply, Request

ROOT = "/eurostat/api/dissemination/statistics/1.0"

MONTHS = [f"M{month:02}" for month in range(1, 13)]


class EurostatService(Loopback):
    """Nights by month (2025M11 to 2026M06 have figures) and by year (2022 to 2025).

    Attributes:
        dimensions: codes of each dimension, by dataset; a test may change them.
        flags: flag of a cell by its codes in the order of the dimensions; a ``c`` or ``:`` cell has no value.
        dense: value and status as lists.
    """

    def __init__(self) -> None:
        super().__init__(ROOT)
        self.updated = "2026-09-01T23:00:00+0200"
        self.dense = False
        self.dimensions: dict[str, dict[str, list[str]]] = {
            "tour_occ_nin2m": {
                "freq": ["M"],
                "c_resid": ["TOTAL", "DOM", "FOR"],
                "unit": ["NR"],
                "nace_r2": ["I551-I553"],
                "month": MONTHS,
                "geo": ["FI19", "FI1D"],
                "time": ["2025", "2026"],
            },
            "tour_occ_nin3": {
                "freq": ["A"],
                "c_resid": ["TOTAL", "DOM", "FOR"],
                "unit": ["NR", "P_THAB"],
                "nace_r2": ["I551-I553", "I551", "I552", "I553"],
                "geo": ["FI1D7", "FI1D3"],
                "time": ["2022", "2023", "2024", "2025"],
            },
        }
        self.flags: dict[tuple[str, ...], str] = {
            ("M", "FOR", "NR", "I551-I553", "M04", "FI1D", "2026"): "c",
            ("M", "FOR", "NR", "I551-I553", "M05", "FI1D", "2026"): ":",
            ("M", "TOTAL", "NR", "I551-I553", "M06", "FI1D", "2026"): "bp",
        }

    def answer(self, request: Request) -> Reply:
        dataset = request.path.removeprefix("/data/")
        if dataset not in self.dimensions:
            return _message(404, "ERR_NOT_FOUND_4: dataset not found")
        asked = {name: codes for name, codes in request.query.items() if name not in ("format", "lang")}
        newest = int(asked.pop("lastTimePeriod", ["0"])[0])
        dimensions = dict(self.dimensions[dataset])
        for name, codes in asked.items():
            if name not in dimensions or not set(codes) <= set(dimensions[name]):
                return _message(400, f"Invalid dimension or value: {name}")
            dimensions[name] = [code for code in dimensions[name] if code in codes]
        dimensions["time"] = dimensions["time"][-newest:] if newest else dimensions["time"]
        return Reply(json.dumps(self.body(dataset, dimensions)).encode(), JSON)

    def body(self, dataset: str, dimensions: dict[str, list[str]]) -> dict[str, Any]:
        names = list(dimensions)
        values: dict[str, float] = {}
        status: dict[str, str] = {}
        for place, cell in enumerate(product(*dimensions.values())):
            flag = self.flags.get(cell)
            if flag is not None:
                status[str(place)] = flag
            figure = nights(dict(zip(names, cell, strict=True)))
            if figure is not None and not set(flag or "") & {"c", ":"}:
                values[str(place)] = figure
        cells = place + 1
        return {
            "version": "2.0",
            "class": "dataset",
            "label": "Nights spent at tourist accommodation establishments",
            "source": "ESTAT",
            "updated": self.updated,
            "value": [values.get(str(place)) for place in range(cells)] if self.dense else values,
            "status": [status.get(str(place)) for place in range(cells)] if self.dense else status,
            "id": names,
            "size": [len(codes) for codes in dimensions.values()],
            "dimension": {
                name: {
                    "label": name,
                    "category": {
                        "index": {code: place for place, code in enumerate(codes)},
                        "label": {code: code for code in codes},
                    },
                }
                for name, codes in dimensions.items()
            },
            "extension": {"lang": "EN", "id": dataset.upper(), "agencyId": "ESTAT"},
        }


def nights(cell: dict[str, str]) -> float | None:
    """A made-up figure; None outside the months that have one."""
    foreign = {"TOTAL": 300, "DOM": 200, "FOR": 100}[cell["c_resid"]]
    scale = {"I551-I553": 1000, "I551": 600, "I552": 300, "I553": 100}[cell["nace_r2"]]
    if "month" not in cell:
        return foreign * scale + int(cell["time"])
    period = cell["time"] + cell["month"]
    return foreign * scale + int(cell["month"][1:]) if "2025M11" <= period <= "2026M06" else None


def _message(status: int, label: str) -> Reply:
    return Reply(json.dumps({"error": [{"status": status, "id": 100, "label": label}]}).encode(), JSON, status)
