"""Sorted horizontal bars: signed contributions, and two sides of the market beside each other."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.locales import Locale
from ui.theme import Palette


def signed_bars(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    locale: Locale,
    left: str,
    right: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> alt.LayerChart:
    """``frame``: name, value (signed), colour, label (text at the bar's end) in drawing order."""
    data = frame.assign(order=range(len(frame)))
    reach = float(data["value"].abs().max()) * 1.35
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelColor=palette.text, labelLimit=170, ticks=False, domain=False))
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[-reach, reach]))
    tips = [alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
    base = alt.Chart(data).encode(y=y)
    bars = base.mark_bar(cornerRadius=2).encode(x=x, color=alt.Color("colour:N", scale=None), tooltip=tips)
    plus = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=6).encode(x=x, text="label:N")
    minus = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-6).encode(x=x, text="label:N")
    zero = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=palette.muted).encode(x=x)
    heads = pd.DataFrame({"value": [-reach, reach], "text": [f"◀ {left}", f"{right} ▶"]})
    titles = [
        alt.Chart(heads.iloc[[i]])
        .mark_text(align=align, baseline="bottom", dy=-6, color=palette.muted)
        .encode(x=x, y=alt.value(0), text="text:N")
        for i, align in enumerate(("left", "right"))
    ]
    return alt.layer(bars, plus, minus, zero, *titles).properties(height=height)


def paired_bars(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    names: tuple[str, str],
    colours: tuple[str, str],
    tooltip: Sequence[tuple[str, str]],
    height: int,
    label_width: int = 300,
) -> alt.LayerChart:
    """Two bars a row. ``frame``: name, side (0 or 1), value (NaN when hidden), label; rows in drawing order."""
    data = frame.assign(side_name=frame["side"].map({0: names[0], 1: names[1]}))
    reach = float(data["value"].max()) * 1.18
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelLimit=label_width, ticks=False, domain=False),
        scale=alt.Scale(paddingInner=0.25),
    )
    offset = alt.YOffset("side_name:N", sort=list(names))
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, reach]))
    colour = alt.Color(
        "side_name:N",
        scale=alt.Scale(domain=list(names), range=list(colours)),
        legend=alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square"),
    )
    tips = [alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
    base = alt.Chart(data).encode(y=y, yOffset=offset)
    return alt.layer(
        base.mark_bar(cornerRadius=2).encode(x=x, color=colour, tooltip=tips),
        base.mark_text(align="left", dx=5).encode(x=alt.X("start:Q", scale=alt.Scale(domain=[0, reach]), axis=None), text="label:N")
        .transform_calculate(start="isValid(datum.value) ? datum.value : 0"),
    ).properties(height=height)
