"""One look for every chart: colours by subject for the light and the dark theme, and one Vega-Lite configuration.

Colours are chosen to be told apart with the common colour vision deficiencies (blue, orange, bluish green) and reach
3:1 against their background. A case keeps its colour in every view; grey is context.
"""

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from ui.locales import Locale

Mode = Literal["light", "dark"]
Chart = alt.Chart | alt.LayerChart | alt.FacetChart
FONT = '"Source Sans", "Source Sans 3", "Liberation Sans", Arial, sans-serif'


@dataclass(frozen=True)
class Palette:
    text: str
    muted: str
    grid: str
    background: str
    land: str  # context areas of a map
    subject: dict[str, str]  # by case or area code
    other: str  # municipalities that belong to no case
    sequence: tuple[str, ...]  # low to high, five classes
    on_sequence: tuple[str, ...]  # text on each of them
    vacancies: str
    unemployed: str
    nights: str
    alert: str  # what differs from the expected
    industries: tuple[str, ...]


_LIGHT = Palette(
    text="#14202b",
    muted="#55606b",
    grid="#e3e8ec",
    background="#ffffff",
    land="#eef1f3",
    subject={
        "meri-lappi": "#0b5fa5",
        "meri-lappi-ea": "#0b5fa5",
        "matkailu": "#b54708",
        "utsjoki": "#0b7a5c",
        "MK19": "#14202b",
        "SSS": "#8a95a0",
        "NO-56": "#a8326e",
    },
    other="#7a8691",
    sequence=("#f1ecf7", "#d3c4e6", "#ad92d0", "#8460b3", "#55308a"),
    on_sequence=("#14202b", "#14202b", "#14202b", "#ffffff", "#ffffff"),
    vacancies="#7a4fa3",
    unemployed="#14202b",
    nights="#1f8a99",
    alert="#c0262d",
    industries=("#7a4fa3", "#8a6d00", "#4a6b8a", "#7a8691"),
)

_DARK = Palette(
    text="#eef2f5",
    muted="#a9b4be",
    grid="#2b3640",
    background="#11171d",
    land="#1b242d",
    subject={
        "meri-lappi": "#7db8f0",
        "meri-lappi-ea": "#7db8f0",
        "matkailu": "#f39a5b",
        "utsjoki": "#4fcba6",
        "MK19": "#eef2f5",
        "SSS": "#8996a3",
        "NO-56": "#f08fbd",
    },
    other="#8996a3",
    sequence=("#2a2438", "#46356a", "#6b4d9e", "#9a79cc", "#d0b8ee"),
    on_sequence=("#eef2f5", "#eef2f5", "#ffffff", "#14202b", "#14202b"),
    vacancies="#c3a1e6",
    unemployed="#eef2f5",
    nights="#5cc9d6",
    alert="#ff8a80",
    industries=("#c3a1e6", "#d9b84a", "#9bbbd8", "#8996a3"),
)

PALETTES: dict[Mode, Palette] = {"light": _LIGHT, "dark": _DARK}


def configure(chart: Chart, palette: Palette, locale: Locale) -> Chart:
    """The chart with the product's configuration: fonts of 14 px and up, quiet grid, locale of numbers and months."""
    return chart.configure(**_configuration(palette, locale))


def _configuration(palette: Palette, locale: Locale) -> dict[str, Any]:
    return {
        "background": "transparent",
        "font": FONT,
        "padding": {"left": 4, "right": 8, "top": 6, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 14,
            "titleFontSize": 14,
            "titleFontWeight": "normal",
            "labelColor": palette.muted,
            "titleColor": palette.muted,
            "gridColor": palette.grid,
            "domainColor": palette.muted,
            "tickColor": palette.grid,
            "labelPadding": 6,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "labelFontSize": 14,
            "titleFontSize": 14,
            "titleFontWeight": "normal",
            "labelColor": palette.text,
            "titleColor": palette.muted,
            "labelLimit": 320,
            "titleLimit": 320,
        },
        "text": {"fontSize": 14, "color": palette.text, "font": FONT},
        "line": {"strokeWidth": 2.5},
        "locale": locale.vega(),
    }
