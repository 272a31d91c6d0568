"""Statistics Finland's WFS: municipality boundaries by year, as GeoServer answers them."""

import json
from collections.abc import Sequence
from typing import Any

from tests.emulator.loopback import JSON, XML, Loopback, Reply, Request

ROOT = "/geoserver/tilastointialueet/wfs"
MISSING = b"<ows:ExceptionReport><ows:Exception exceptionCode='InvalidParameterValue'/></ows:ExceptionReport>"


class GeoService(Loopback):
    """The service.

    Attributes:
        years: years that have a layer.
        missing_status: status of the exception for any other.
        turned: coordinates come as latitude, longitude.
    """

    def __init__(self, municipalities: Sequence[str], years: Sequence[int]) -> None:
        super().__init__(ROOT)
        self.municipalities = [code.removeprefix("KU") for code in municipalities]
        self.years = list(years)
        self.missing_status = 400
        self.turned = False
        self.moved = 0.0

    def answer(self, request: Request) -> Reply:
        name, _, year = (request.one("typeNames") or "").rpartition("_")
        if name != "tilastointialueet:kunta4500k" or int(year) not in self.years:
            return Reply(MISSING, XML, self.missing_status)
        features = [self._feature(place, code, int(year)) for place, code in enumerate(self.municipalities)]
        count = int(request.one("count") or len(features))
        # GeoServer stamps each answer, so no two are equal.
        body = {"type": "FeatureCollection", "features": features[:count], "timeStamp": f"{len(self.log)}"}
        return Reply(json.dumps(body).encode(), JSON)

    def _feature(self, place: int, code: str, year: int) -> dict[str, Any]:
        x, y = 21.0 + place % 10, 60.0 + place // 10 % 10 + self.moved
        ring = [[x, y], [x + 0.50004, y], [x + 0.5, y + 0.5], [x, y + 0.5], [x, y]]
        if self.turned:
            ring = [[second, first] for first, second in ring]
        return {
            "type": "Feature",
            "properties": {"id": place, "kunta": code.lstrip("0"), "vuosi": year, "nimi": code},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
        }
