"""Sorted horizontal bars: signed contributions, and two sides of the market beside each other."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from ui.locales import Locale
from ui.theme import Chart, Palette


def signed_bars(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    locale: Locale,
    left: str,
    right: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """``frame``: name, value (signed), colour, label (at the bar's end) in drawing order."""
    data = frame.assign(order=range(len(frame)))
    reach = float(data["value"].abs().max())
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelLimit=190, ticks=False, domain=False),
    )
    # Room for the longest label at either end, whatever the width of the screen.
    room = alt.Scale(domain=[-reach, reach], range=[74, alt.ExprRef("width - 58")])
    x = alt.X("value:Q", title=None, axis=None, scale=room)
    tips = [alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
    base = alt.Chart(data).encode(y=y)
    bars = base.mark_bar(cornerRadius=2).encode(x=x, color=alt.Color("colour:N", scale=None), tooltip=tips)
    plus = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=6).encode(x=x, text="label:N")
    minus = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-6).encode(x=x, text="label:N")
    zero = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=palette.muted).encode(x=x)
    heads: dict[str, Any] = {"baseline": "bottom", "dy": -6, "color": palette.muted}
    titles = [
        alt.Chart(pd.DataFrame({"text": [f"◀ {left}"]}))
        .mark_text(align="left", **heads)
        .encode(x=alt.value(-100), y=alt.value(0), text="text:N"),
        alt.Chart(pd.DataFrame({"text": [f"{right} ▶"]}))
        .mark_text(align="right", **heads)
        .encode(x=alt.XValue(alt.ExprRef("width")), y=alt.value(0), text="text:N"),
    ]
    return alt.layer(bars, plus, minus, zero, *titles).properties(height=height)


def paired_bars(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    names: tuple[str, str],
    colours: tuple[str, str],
    tooltip: Sequence[tuple[str, str]],
) -> Chart:
    """Two bars a row under the row's name, which may be as long as the chart is wide.

    ``frame``: name, side (0 or 1), value (NaN when hidden), label; rows in drawing order.
    """
    data = frame.assign(side_name=frame["side"].map({0: names[0], 1: names[1]}), start=frame["value"].fillna(0.0))
    rows = data.drop_duplicates("name")[["name"]].assign(side_name="")
    slots = ["", *names]
    y = alt.Y("name:N", sort=None, title=None, axis=None, scale=alt.Scale(paddingInner=0.16, paddingOuter=0.02))
    offset = alt.YOffset("side_name:N", sort=slots, scale=alt.Scale(domain=slots, paddingInner=0.12))
    room = alt.Scale(domain=[0, float(data["value"].max())], range=[0, alt.ExprRef("width - 110")])
    x = alt.X("start:Q", title=None, axis=None, scale=room)
    colour = alt.Color(
        "side_name:N",
        scale=alt.Scale(domain=list(names), range=list(colours)),
        legend=alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square"),
    )
    tips = [alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
    base = alt.Chart(data).encode(y=y, yOffset=offset)
    return alt.layer(
        alt.Chart(rows)
        .mark_text(align="left", baseline="middle", fontWeight="bold", limit=560)
        .encode(x=alt.value(0), y=y, yOffset=offset, text="name:N"),
        base.mark_bar(cornerRadius=2).encode(x=x, color=colour, tooltip=tips),
        base.mark_text(align="left", dx=5).encode(x=x, text="label:N"),
    ).properties(height=len(rows) * (58 if len(rows) > 6 else 66))


def ranked_bars(
    frame: pd.DataFrame, *, palette: Palette, tooltip: Sequence[tuple[str, str]], row_height: int = 46
) -> Chart:
    """``frame`` in drawing order: name (written above its bar), value, colour, label (text at the bar's end)."""
    y = alt.Y("name:N", sort=None, title=None, axis=None, scale=alt.Scale(paddingInner=0.2, paddingOuter=0.05))
    room = 9 * int(frame["label"].str.len().max()) + 12
    scale = alt.Scale(domain=[0, float(frame["value"].max()) or 1.0], range=[0, alt.ExprRef(f"width - {room}")])
    x = alt.X("value:Q", title=None, axis=None, scale=scale)
    base = alt.Chart(frame).encode(y=y)
    half = row_height / 2
    return alt.layer(
        base.mark_bar(cornerRadius=2, height=half - 6, yOffset=half / 2 - 3).encode(
            x=x,
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip],
        ),
        base.mark_text(align="left", dy=-half / 2 + 2, limit=560, color=palette.text).encode(
            x=alt.value(0), text="name:N"
        ),
        base.mark_text(align="left", dx=6, dy=half / 2 - 3).encode(x=x, text="label:N"),
    ).properties(height=len(frame) * row_height)
