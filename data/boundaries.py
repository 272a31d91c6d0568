"""Geometry of boundaries: rounded coordinates, no repeated points, exterior rings clockwise."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

Ring = list[list[float]]


def clockwise_rounded(geometry: dict[str, Any], decimals: int) -> dict[str, Any]:
    """A GeoJSON Polygon or MultiPolygon with coordinates rounded to ``decimals`` degrees.

    Points that fall together are merged and rings that collapse are left out. Exterior rings run clockwise and holes
    counter-clockwise, as d3-geo and Vega need (RFC 7946 asks for the reverse). Neighbours keep a common border, since
    equal points round equally. Raises ValueError for another type of geometry or one that collapses entirely.
    """
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"geometry of type {geometry['type']}: expected Polygon or MultiPolygon")
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    kept = []
    for polygon in polygons:
        exterior, *holes = (_rounded(ring, decimals) for ring in polygon)
        if _is_area(exterior):
            kept.append([_turned(exterior, 1), *(_turned(hole, -1) for hole in holes if _is_area(hole))])
    if not kept:
        raise ValueError(f"nothing of the geometry is left at {decimals} decimals")
    return {"type": "MultiPolygon", "coordinates": kept}


def touching(geometries: Mapping[str, dict[str, Any]]) -> dict[str, set[str]]:
    """The areas that each area has a common point of its border with, by code.

    Geometries are GeoJSON polygons of one generalisation, whose neighbours share the points of their border. Islands
    in lakes and at sea are joined by no point: two areas with water between them only are not neighbours here.
    """
    points = {code: set(_points(geometry)) for code, geometry in geometries.items()}
    return {
        code: {other for other, theirs in points.items() if other != code and own & theirs}
        for code, own in points.items()
    }


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return ((x, y) for polygon in polygons for ring in polygon for x, y in ring)


def _rounded(ring: Ring, decimals: int) -> Ring:
    points: Ring = []
    for x, y in ring:
        point = [round(x, decimals), round(y, decimals)]
        if not points or points[-1] != point:
            points.append(point)
    return points


def _clockwise_area(ring: Ring) -> float:
    """Twice the area in square degrees, positive when the ring runs clockwise on a map with north up."""
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in itertools.pairwise(ring))


def _is_area(ring: Ring) -> bool:
    # An island smaller than the rounding becomes a line or a point; the rest is noise of the sum.
    return len(ring) >= 4 and abs(_clockwise_area(ring)) > 1e-9


def _turned(ring: Ring, direction: int) -> Ring:
    return ring if _clockwise_area(ring) * direction > 0 else ring[::-1]
