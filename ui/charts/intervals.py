"""Shares with their intervals: one row a name, a point at the value, a line from end to end."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.theme import Chart, Palette

ROW = 30


def intervals(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    tooltip: Sequence[tuple[str, str]],
    reference: float | None = None,
    reference_name: str = "",
    number_format: str = ".0f",
    row_height: int = ROW,
) -> Chart:
    """``frame`` in drawing order: name, value, lower, upper, colour, label (text at the right end), tooltip columns.

    Where the value is NaN (hidden) the line is dashed and has no point. ``reference``: a level drawn across all rows.
    """
    data = frame.assign(hidden=frame["value"].isna())
    top = float(max(data["upper"].max(), reference or 0.0)) * 1.02 or 1.0
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelLimit=230, ticks=False, domain=False),
    )
    # Room at the right for the longest label, whatever the width of the screen.
    room = 9 * int(data["label"].str.len().max()) + 12
    scale = alt.Scale(domain=[0, top], range=[0, alt.ExprRef(f"width - {room}")], nice=False)
    x = alt.X("lower:Q", title=None, scale=scale, axis=alt.Axis(format=number_format, tickCount=5))
    colour = alt.Color("colour:N", scale=None)
    tips = [alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
    base = alt.Chart(data).encode(y=y)
    layers: list[alt.Chart] = []
    if reference is not None:
        level = alt.Chart(pd.DataFrame({"lower": [reference], "text": [reference_name]})).encode(x=x)
        layers += [
            level.mark_rule(color=palette.muted, strokeDash=[4, 3]),
            level.mark_text(baseline="bottom", dy=-4, color=palette.muted).encode(y=alt.value(0), text="text:N"),
        ]
    layers += [
        base.transform_filter("!datum.hidden")
        .mark_rule(strokeWidth=4, opacity=0.45)
        .encode(x=x, x2="upper:Q", color=colour),
        base.transform_filter("datum.hidden")
        .mark_rule(strokeWidth=3, strokeDash=[3, 3], opacity=0.8)
        .encode(x=x, x2="upper:Q", color=colour),
        base.transform_filter("!datum.hidden")
        .mark_point(filled=True, size=130, opacity=1)
        .encode(x=alt.X("value:Q", title=None, scale=scale), color=colour),
        base.mark_bar(opacity=0).encode(x=x, x2="upper:Q", tooltip=tips),
        base.mark_text(align="left", dx=8).encode(x=alt.X("upper:Q", title=None, scale=scale), text="label:N"),
    ]
    return alt.layer(*layers).properties(height=len(data) * row_height)


def deviations(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    tooltip: Sequence[tuple[str, str]],
    reference_name: str,
    row_height: int = 27,
) -> Chart:
    """Counts against what was expected, in per cent of it: a grey bar of what noise allows, a point at the count.

    ``frame`` in drawing order: name, value, lower, upper (per cent), colour, label (the count) and tooltip columns.
    """
    top = float(max(frame["upper"].max(), frame["value"].max())) * 1.02
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelLimit=230, ticks=False, domain=False),
    )
    room = 9 * int(frame["label"].str.len().max()) + 16
    scale = alt.Scale(domain=[0, top], range=[0, alt.ExprRef(f"width - {room}")], nice=False)
    x = alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(format=".0f", tickCount=5))
    base = alt.Chart(frame).encode(y=y)
    level = alt.Chart(pd.DataFrame({"value": [100.0], "text": [reference_name]})).encode(x=x)
    return alt.layer(
        base.mark_bar(color=palette.grid, height=14).encode(x=alt.X("lower:Q", title=None, scale=scale), x2="upper:Q"),
        level.mark_rule(color=palette.muted, strokeDash=[4, 3]),
        level.mark_text(baseline="bottom", dy=-4, color=palette.muted).encode(y=alt.value(0), text="text:N"),
        base.mark_point(filled=True, size=130, opacity=1).encode(
            x=x,
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip],
        ),
        base.mark_text(align="left", dx=10).encode(x=alt.X("value:Q", title=None, scale=scale), text="label:N"),
    ).properties(height=len(frame) * row_height)
