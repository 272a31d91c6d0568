"""Maps of municipalities in the shape they have at 66 to 70 degrees north, with numbers and hatched hidden areas."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ui.theme import Chart, Palette

# The national grid is a transverse Mercator on 27 degrees east: the same shape, straight from longitudes and latitudes.
TIGHT = 0.06  # degrees of latitude from the border within which a number does not fit
OUTSIDE = 0.22
_PROJECTION: dict[str, Any] = {"type": "transverseMercator", "rotate": [-27, 0, 0]}


def choropleth(
    boundaries: pd.DataFrame,
    values: pd.DataFrame,
    *,
    neighbours: pd.DataFrame,
    thresholds: Sequence[float],
    class_labels: Sequence[str],
    legend_title: str,
    tooltip: Sequence[tuple[str, str]],
    palette: Palette,
    height: int,
) -> Chart:
    """Five classes of one measure with its number in each area.

    ``boundaries``: area_code, geometry (GeoJSON text). ``values``: area_code, value (NaN when hidden), label (text on
    the map), hidden (bool) and the columns named in ``tooltip`` as (column, title). ``neighbours``: boundaries drawn as
    context.
    """
    shapes = boundaries.merge(values, on="area_code", how="left")
    classes = np.searchsorted(np.asarray(thresholds), shapes["value"].to_numpy(dtype=float), side="right")
    known = shapes["value"].notna().to_numpy()
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(row["geometry"]),
            "properties": {
                "class": class_labels[int(step)] if seen else None,
                **{column: row[column] for column, _ in tooltip},
            },
        }
        for (_, row), step, seen in zip(shapes.iterrows(), classes, known, strict=True)
    ]
    projection = alt.Projection(**_PROJECTION)
    colour = alt.Color(
        "properties.class:N",
        title=legend_title,
        scale=alt.Scale(domain=list(class_labels), range=list(palette.sequence)),
        legend=alt.Legend(
            title=legend_title,
            orient="bottom",
            direction="horizontal",
            columns=5,
            columnPadding=10,
            symbolType="square",
        ),
    )
    tips = [alt.Tooltip(f"properties.{column}:N", title=title) for column, title in tooltip]
    areas = alt.Chart(alt.Data(values=features)).mark_geoshape(stroke=palette.other, strokeWidth=0.7)
    layers: list[alt.Chart] = []
    if len(neighbours):
        layers.append(
            alt.Chart(alt.Data(values=[_feature(text) for text in neighbours["geometry"]]))
            .mark_geoshape(fill=palette.land, stroke=palette.background, strokeWidth=0.8, tooltip=None)
            .project(**_PROJECTION)
        )
    hatching = [segment for text in shapes.loc[~known, "geometry"] for segment in hatch(json.loads(text))]
    layers.append(areas.encode(color=colour, tooltip=tips))
    if hatching:
        layers += [
            areas.mark_geoshape(fill=palette.background, stroke=palette.muted, strokeWidth=1)
            .transform_filter("datum.properties.class == null")
            .encode(tooltip=tips),
            alt.Chart(alt.Data(values=[_feature({"type": "MultiLineString", "coordinates": hatching})])).mark_geoshape(
                filled=False, stroke=palette.muted, strokeWidth=1, tooltip=None
            ),
        ]
    layers.append(_numbers(shapes, classes, known, palette))
    return alt.layer(*layers).project(projection.type, rotate=_PROJECTION["rotate"]).properties(height=height)


def hatch(geometry: dict[str, Any], spacing: float = 0.09) -> list[list[list[float]]]:
    """Slanting lines inside a GeoJSON (multi)polygon, for areas whose value is hidden: each [[lon, lat], [lon, lat]].

    Lines lon*0.43 + lat = c are cut by the edges of every ring and filled by the even-odd rule.
    """
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    slope = 0.43  # a degree of longitude is 0.4 degrees of latitude wide at 67 degrees north
    lines: list[list[list[float]]] = []
    for polygon in polygons:
        rings = [np.asarray(ring, dtype=float)[:, :2] for ring in polygon]
        levels = np.concatenate([ring[:, 0] * slope + ring[:, 1] for ring in rings])
        for level in np.arange(np.ceil(levels.min() / spacing) * spacing, levels.max(), spacing):
            crossings: list[np.ndarray] = []
            for ring in rings:
                height = ring[:, 0] * slope + ring[:, 1] - level
                cut = np.flatnonzero((height[:-1] < 0) != (height[1:] < 0))
                share = (height[cut] / (height[cut] - height[cut + 1]))[:, None]
                crossings.append(ring[cut] + share * (ring[cut + 1] - ring[cut]))
            points = np.concatenate(crossings)
            points = points[np.argsort(points[:, 0])].round(3)
            lines += [[points[i].tolist(), points[i + 1].tolist()] for i in range(0, len(points) - 1, 2)]
    return lines


def _feature(geometry: str | dict[str, Any]) -> dict[str, Any]:
    shape = json.loads(geometry) if isinstance(geometry, str) else geometry
    return {"type": "Feature", "geometry": shape, "properties": {}}


def _numbers(shapes: pd.DataFrame, classes: np.ndarray, known: np.ndarray, palette: Palette) -> alt.Chart:
    """A number in each area; the number of one too small to hold it stands outside, away from the others."""
    points = np.array([label_point(json.loads(text)) for text in shapes["geometry"]]).reshape(-1, 3)
    ink = [palette.on_sequence[int(s)] if seen else palette.text for s, seen in zip(classes, known, strict=True)]
    middle = points[:, :2].mean(axis=0)
    for row in np.flatnonzero(points[:, 2] < TIGHT):
        away = (points[row, :2] - middle) * [0.4, 1.0]
        points[row, :2] += away / np.hypot(*away) * OUTSIDE / [0.4, 1.0]
        ink[row] = palette.text
    data = pd.DataFrame(points[:, :2], columns=["longitude", "latitude"]).assign(label=shapes["label"], ink=ink)
    return (
        alt.Chart(data)
        .mark_text(fontSize=14, fontWeight="bold")
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="label:N", color=alt.Color("ink:N", scale=None))
    )


def label_point(geometry: dict[str, Any], steps: int = 24) -> tuple[float, float, float]:
    """The inner point of the largest polygon that lies farthest from its border, of a grid, and how far that is.

    Longitude and latitude, and the distance in degrees of latitude.
    """
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [np.asarray(polygon[0], dtype=float)[:, :2] for polygon in polygons]
    ring = max(rings, key=lambda r: abs(float((r[:-1, 0] * r[1:, 1] - r[1:, 0] * r[:-1, 1]).sum())))
    flat = ring * np.array([0.4, 1.0])  # a degree of longitude is 0.4 degrees of latitude wide here
    x, y = (
        grid.ravel()
        for grid in np.meshgrid(
            *(np.linspace(low, high, steps) for low, high in zip(flat.min(0), flat.max(0), strict=True))
        )
    )
    start, end = flat[:-1], flat[1:]
    spans = (start[:, 1] > y[:, None]) != (end[:, 1] > y[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = start[:, 0] + (y[:, None] - start[:, 1]) * (end[:, 0] - start[:, 0]) / (end[:, 1] - start[:, 1])
    inside = (spans & (x[:, None] < crossing)).sum(axis=1) % 2 == 1
    along = end - start
    points = np.stack([x, y], axis=1)[inside]
    share = ((points[:, None] - start) * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-12)
    nearest = start + np.clip(share, 0, 1)[:, :, None] * along
    clearance = np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=2).min(axis=1))
    best = int(clearance.argmax())
    return float(points[best, 0] / 0.4), float(points[best, 1]), float(clearance[best])
