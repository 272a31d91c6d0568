"""Small counts with their interval and their twelve-month mean."""

from typing import Literal

import altair as alt
import pandas as pd

from ui.charts.lines import segments, value_axis, year_axis
from ui.locales import Locale
from ui.theme import Chart, Palette


def counts(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    locale: Locale,
    colour: str,
    y_title: str,
    interval_name: str,
    mean_name: str,
    height: int,
) -> Chart:
    """``frame``: month, value, lower, upper, mean (NaN where twelve months are not complete), text (tooltip)."""
    data = segments(frame.assign(group="count"), "group", "month", pd.DateOffset(months=1))
    means = segments(frame.dropna(subset=["mean"]).assign(group="mean"), "group", "month", pd.DateOffset(months=1))
    x = alt.X("month:T", title=None, axis=year_axis(data["month"]))
    y = alt.Y("value:Q", title=y_title, axis=value_axis(".0f"), scale=alt.Scale(domainMin=0))
    tips = [
        alt.Tooltip("month:T", title=locale.gettext("Kuukausi"), format="%-m/%Y"),
        alt.Tooltip("text:N", title=y_title),
    ]
    base = alt.Chart(data).encode(x=x)
    ends = alt.Y("lower:Q", title=y_title), alt.Y2("upper:Q")
    last = data.loc[[data["month"].idxmax()]]
    return alt.layer(
        base.mark_area(opacity=0.18, color=colour)
        .encode(y=ends[0], y2=ends[1], detail="segment:N")
        .transform_filter("!datum.alone"),
        alt.Chart(last).mark_rule(color=colour, strokeWidth=3, opacity=0.5).encode(x=x, y=ends[0], y2=ends[1]),
        base.mark_line(color=colour, strokeWidth=1.2, opacity=0.7).encode(y=y, detail="segment:N"),
        alt.Chart(means)
        .mark_line(color=palette.text, strokeWidth=3)
        .encode(x=x, y=alt.Y("mean:Q", title=y_title), detail="segment:N"),
        alt.Chart(last).mark_point(filled=True, size=110, opacity=1, color=colour).encode(x=x, y=y),
        base.mark_point(filled=True, size=200, opacity=0, color=colour).encode(y=y, tooltip=tips),
        _label(means.tail(1), palette.text, "mean", mean_name, x, align="right", dy=24),
        _label(data.nlargest(1, "upper"), colour, "upper", interval_name, x, align="left", dy=-2),
    ).properties(height=height)


def _label(
    frame: pd.DataFrame, colour: str, column: str, text: str, x: alt.X, align: Literal["left", "right"], dy: int
) -> alt.Chart:
    at = frame.loc[[frame[column].idxmax()]] if len(frame) else frame
    return (
        alt.Chart(at.assign(label=text))
        .mark_text(align=align, dx=8 if align == "left" else 0, dy=dy, color=colour, fontWeight="bold")
        .encode(x=x, y=alt.Y(f"{column}:Q"), text="label:N")
    )
