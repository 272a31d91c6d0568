"""Geometry of boundaries: rounded coordinates, no repeated points, exterior rings clockwise."""

import itertools
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
        rings = [_rounded(ring, decimals) for ring in polygon]
        if len(rings[0]) < 4:
            continue
        kept.append([_oriented(ring, clockwise=position == 0) for position, ring in enumerate(rings) if len(ring) >= 4])
    if not kept:
        raise ValueError(f"nothing of the geometry is left at {decimals} decimals")
    return {"type": "MultiPolygon", "coordinates": kept}


def _rounded(ring: Ring, decimals: int) -> Ring:
    points: Ring = []
    for x, y in ring:
        point = [round(x, decimals), round(y, decimals)]
        if not points or points[-1] != point:
            points.append(point)
    return points


def _oriented(ring: Ring, *, clockwise: bool) -> Ring:
    # Shoelace sum: positive when the ring runs clockwise on a map with north up.
    doubled = sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    return ring if (doubled > 0) == clockwise else ring[::-1]
