"""What charts draw: gaps stay gaps, hidden cells stay empty, shapes stay inside their borders, nothing is fetched."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from market_tables import month

from data import snapshots
from data.queries import reference
from settings import Language
from ui import theme
from ui.charts import bars, counts, lines, maps, season
from ui.locales import get_locale

FI = get_locale("fi")
LIGHT, DARK = theme.PALETTES["light"], theme.PALETTES["dark"]
ONE_MONTH = pd.DateOffset(months=1)


def months(*texts: str, group: str = "a", value: float = 10.0) -> pd.DataFrame:
    return pd.DataFrame({"group": group, "month": [month(text) for text in texts], "value": value, "note": ""})


def figures(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every data row of a specification, whether named or inline."""
    for rows in spec.get("datasets", {}).values():
        yield from rows
    for layer in [spec, *spec.get("layer", [])]:
        values = layer.get("data", {}).get("values", [])
        yield from ([values] if isinstance(values, dict) else values)


def test_a_missing_month_ends_the_line() -> None:
    found = lines.segments(months("2023-08", "2023-09", "2023-10", "2026-06"), "group", "month", ONE_MONTH)
    assert list(found["segment"]) == ["a/1", "a/1", "a/1", "a/2"]
    assert list(found["alone"]) == [False, False, False, True]


def test_gaps_are_those_of_each_line_by_itself() -> None:
    both = pd.concat([months("2023-10", "2023-08", group="a"), months("2023-08", "2023-09", group="b")])
    found = lines.segments(both, "group", "month", ONE_MONTH)
    assert list(found["segment"]) == ["a/1", "a/2", "b/1", "b/1"]


def test_a_yearly_line_breaks_at_a_missing_year() -> None:
    found = lines.segments(months("2021-06", "2022-06", "2026-06"), "group", "month", pd.DateOffset(years=1))
    assert list(found["segment"]) == ["a/1", "a/1", "a/2"]


def drawn_lines(palette: theme.Palette = LIGHT, **changed: Any) -> theme.Chart:
    rows = pd.concat([months("2023-08", "2023-09", "2026-06", group="a"), months("2023-08", "2023-09", group="b")])
    given = {
        "palette": palette,
        "locale": FI,
        "colours": {"a": "#111111", "b": "#222222"},
        "names": {"a": "Kemi", "b": "Tornio"},
        "y_title": "henkilöä",
        "step": ONE_MONTH,
        "number_format": ",.0f",
        "height": 300,
    }
    return lines.lines(rows, **(given | changed))


def drawn_bars(palette: theme.Palette = LIGHT) -> theme.Chart:
    rows = pd.DataFrame(
        {
            "name": ["Kemi", "Kemi", "Posio", "Posio"],
            "side": [0, 1, 0, 1],
            "value": [1386.0, 68.0, 136.0, np.nan],
            "label": ["1 386", "68", "136", "1–4"],
        }
    )
    return bars.paired_bars(
        rows,
        palette=palette,
        names=("Työttömät", "Avoimet paikat"),
        colours=("#111111", "#222222"),
        tooltip=[("name", "Kunta"), ("label", "Luku")],
    )


def drawn_contributions(palette: theme.Palette = LIGHT) -> theme.Chart:
    rows = pd.DataFrame(
        {"name": ["Kemi", "Kittilä"], "value": [-24.0, 21.0], "colour": ["#111111", "#222222"], "label": ["−24", "+21"]}
    )
    return bars.signed_bars(
        rows, palette=palette, locale=FI, left="työttömiä", right="paikkoja", tooltip=[("name", "Kunta")], height=300
    )


def drawn_counts(palette: theme.Palette = LIGHT) -> theme.Chart:
    rows = months("2023-08", "2023-09", "2026-06").assign(
        lower=5.0, upper=15.0, mean=[np.nan, 9.0, np.nan], text="10 (5–15)"
    )
    return counts.counts(
        rows,
        palette=palette,
        locale=FI,
        colour="#111111",
        y_title="työtöntä",
        interval_name="95 %:n väli",
        mean_name="keskiarvo",
        height=300,
    )


def drawn_season(palette: theme.Palette = LIGHT) -> theme.Chart:
    rows = pd.DataFrame(
        [
            {"group": group, "number": n, "month_name": FI.month_name(n, "LLL"), "index": 90.0 + n, "count": str(n)}
            for group in ("nights", "vacancies")
            for n in range(1, 13)
        ]
    )
    return season.profile(
        rows,
        palette=palette,
        names={"nights": "Yöpymiset", "vacancies": "Avoimet paikat"},
        colours={"nights": "#111111", "vacancies": "#222222"},
        tooltip=[("name", "Sarja")],
        height=300,
    )


SQUARE = {"type": "Polygon", "coordinates": [[[24.0, 66.0], [24.0, 67.0], [26.0, 67.0], [26.0, 66.0], [24.0, 66.0]]]}


def drawn_map(palette: theme.Palette = LIGHT) -> theme.Chart:
    shapes = pd.DataFrame({"area_code": ["KU240", "KU614"], "geometry": [json.dumps(SQUARE)] * 2})
    values = pd.DataFrame(
        {
            "area_code": ["KU240", "KU614"],
            "name": ["Kemi", "Posio"],
            "value": [5.0, np.nan],
            "label": ["5", ""],
            "vacancies_text": ["68", "1–4, salattu"],
        }
    )
    return maps.choropleth(
        shapes,
        values,
        neighbours=shapes.head(1),
        thresholds=(10.0, 20.0, 40.0, 80.0),
        class_labels=("alle 10", "10–19", "20–39", "40–79", "80 tai yli"),
        legend_title="paikkaa / 100 työtöntä",
        tooltip=[("name", "Kunta"), ("vacancies_text", "Avoimia paikkoja")],
        palette=palette,
        height=300,
    )


EVERY_KIND = pytest.mark.parametrize(
    "draw", [drawn_lines, drawn_bars, drawn_contributions, drawn_counts, drawn_season, drawn_map]
)


@EVERY_KIND
@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_no_chart_refers_to_another_host(draw: Any, palette: theme.Palette) -> None:
    spec = theme.configure(draw(palette), palette, FI).to_dict()
    spec.pop("$schema")  # names the grammar; nothing reads it
    text = json.dumps(spec)
    assert '"url"' not in text
    assert not re.search(r"https?:|//\w", text)


@EVERY_KIND
@pytest.mark.parametrize(
    ("language", "decimal", "january"), [("fi", ",", "tammikuu"), ("sv", ",", "januari"), ("en", ".", "January")]
)
def test_every_chart_carries_the_formats_of_its_language(
    draw: Any, language: Language, decimal: str, january: str
) -> None:
    locale = theme.configure(draw(), LIGHT, get_locale(language)).to_dict()["config"]["locale"]
    assert locale["number"]["decimal"] == decimal
    assert locale["time"]["months"][0] == january


def test_a_line_draws_each_segment_by_itself_and_a_lone_point_as_a_point() -> None:
    spec = drawn_lines().to_dict()
    line_layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert [layer["encoding"]["detail"]["field"] for layer in line_layers] == ["segment"]
    alone = {(row["name"], row["month"][:7]) for row in figures(spec) if row.get("alone")}
    assert alone == {("Kemi", "2026-06")}


def test_a_hidden_bar_has_no_value_and_says_its_range() -> None:
    hidden = [row for row in figures(drawn_bars().to_dict()) if row["name"] == "Posio" and row.get("side") == 1]
    assert hidden
    assert {(row["value"], row["label"]) for row in hidden} == {(None, "1–4")}


def test_a_hidden_municipality_has_no_class_no_number_and_says_why() -> None:
    spec = drawn_map().to_dict()
    properties = [row["properties"] for row in figures(spec) if "name" in row.get("properties", {})]
    assert {(p["name"], p["class"], p["vacancies_text"]) for p in properties} == {
        ("Kemi", "alle 10", "68"),
        ("Posio", None, "1–4, salattu"),
    }
    assert [row["label"] for row in figures(spec) if "label" in row] == ["5", ""]


@pytest.mark.parametrize(
    ("value", "expected"), [(9.99, "alle 10"), (10.0, "10–19"), (79.9, "40–79"), (80.0, "80 tai yli"), (0.0, "alle 10")]
)
def test_a_class_begins_with_its_own_threshold(value: float, expected: str) -> None:
    shapes = pd.DataFrame({"area_code": ["KU240"], "geometry": [json.dumps(SQUARE)]})
    values = pd.DataFrame({"area_code": ["KU240"], "name": ["Kemi"], "value": [value], "label": ["x"]})
    chart = maps.choropleth(
        shapes,
        values,
        neighbours=shapes.head(0),
        thresholds=(10.0, 20.0, 40.0, 80.0),
        class_labels=("alle 10", "10–19", "20–39", "40–79", "80 tai yli"),
        legend_title="",
        tooltip=[("name", "Kunta")],
        palette=LIGHT,
        height=300,
    )
    classes = {row["properties"]["class"] for row in figures(chart.to_dict()) if row.get("properties")}
    assert classes == {expected}


def test_no_month_name_of_an_axis_is_left_to_the_chart() -> None:
    axis = drawn_lines().to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert axis["format"] == "%Y"


def inside(geometry: dict[str, Any], x: float, y: float) -> bool:
    """Whether a point lies in a polygon: an odd number of borders to the east of it."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    crossed = 0
    for ring in (ring for polygon in polygons for ring in polygon):
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossed += 1
    return crossed % 2 == 1


@pytest.fixture(scope="module")
def municipalities(seed_snapshot: snapshots.Snapshot) -> dict[str, dict[str, Any]]:
    with snapshots.connect(seed_snapshot) as connection:
        shapes = reference.boundaries(connection, "FI")
    return {code: json.loads(text) for code, text in zip(shapes["area_code"], shapes["geometry"], strict=True)}


def test_hatching_touches_every_municipality_and_leaves_none(municipalities: dict[str, dict[str, Any]]) -> None:
    assert len(municipalities) == 21
    for code, geometry in municipalities.items():
        hatching = maps.hatch(geometry)
        assert hatching, code
        for (x1, y1), (x2, y2) in hatching:
            # Ends are rounded to a thousandth of a degree: slivers shorter than that may lie on the border.
            if abs(x2 - x1) > 0.01:
                for share in (0.1, 0.5, 0.9):
                    assert inside(geometry, x1 + share * (x2 - x1), y1 + share * (y2 - y1)), code


def test_hatching_stays_out_of_a_hole() -> None:
    hole = [[24.5, 66.3], [25.5, 66.3], [25.5, 66.7], [24.5, 66.7], [24.5, 66.3]]
    geometry = {"type": "Polygon", "coordinates": [SQUARE["coordinates"][0], hole]}
    middles = [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in maps.hatch(geometry)]
    assert middles
    assert not [(x, y) for x, y in middles if 24.5 < x < 25.5 and 66.3 < y < 66.7]


def test_a_number_stands_inside_its_municipality(municipalities: dict[str, dict[str, Any]]) -> None:
    assert len(municipalities) == 21
    for code, geometry in municipalities.items():
        assert inside(geometry, *maps.label_point(geometry)[:2]), code


def test_a_number_stands_in_the_middle_of_a_square_and_in_the_largest_part() -> None:
    longitude, latitude, _clearance = maps.label_point(SQUARE)
    assert longitude == pytest.approx(25.0, abs=0.1)
    assert latitude == pytest.approx(66.5, abs=0.2)
    islet = [[[20.0, 66.0], [20.0, 66.1], [20.1, 66.1], [20.1, 66.0], [20.0, 66.0]]]
    both = {"type": "MultiPolygon", "coordinates": [islet, SQUARE["coordinates"]]}
    assert maps.label_point(both)[:2] == (longitude, latitude)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_can_be_seen_on_their_background(palette: theme.Palette) -> None:
    """WCAG 2.1: 4.5 to 1 for text, 3 to 1 for graphics that carry meaning."""
    for ink in (palette.text, palette.muted):
        assert contrast(ink, palette.background) >= 4.5
    for name in ("meri-lappi", "meri-lappi-ea", "matkailu", "utsjoki", "MK19", "NO-56"):
        assert contrast(palette.subject[name], palette.background) >= 3, name
    for side in (palette.vacancies, palette.unemployed, palette.nights, *palette.industries):
        assert contrast(side, palette.background) >= 3
    for ink, class_colour in zip(palette.on_sequence, palette.sequence, strict=True):
        assert contrast(ink, class_colour) >= 4.5


def test_a_case_keeps_one_colour_under_both_memberships() -> None:
    for palette in (LIGHT, DARK):
        assert palette.subject["meri-lappi"] == palette.subject["meri-lappi-ea"]
