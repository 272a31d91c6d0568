"""The shape of a year: twelve months of several series on one index."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ui.charts.lines import last_labels, plot_width, value_axis
from ui.theme import Chart, Palette


def profile(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """``frame``: group, number (1..12), month_name, index (100 = the year's mean month) and the tooltip's columns."""
    data = frame.assign(name=frame["group"].map(names))
    groups = list(names)
    x = alt.X(
        "number:Q",
        title=None,
        scale=alt.Scale(domain=[1, 12], range=[8, alt.ExprRef(plot_width(names.values()))]),
        axis=alt.Axis(values=list(range(1, 13)), format="d"),
    )
    y = alt.Y("index:Q", title=None, axis=value_axis(".0f"), scale=alt.Scale(domainMin=0))
    colour = alt.Color("group:N", scale=alt.Scale(domain=groups, range=[colours[g] for g in groups]), legend=None)
    base = alt.Chart(data).encode(x=x, y=y, color=colour)
    mean = alt.Chart(pd.DataFrame({"index": [100]})).mark_rule(color=palette.muted, strokeDash=[3, 3]).encode(y=y)
    peaks = data.loc[data.groupby("group")["index"].idxmax()]
    return alt.layer(
        mean,
        base.mark_line(),
        base.mark_point(filled=True, size=220, opacity=0).encode(
            tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        alt.Chart(peaks).mark_point(filled=True, size=110, opacity=1).encode(x=x, y=y, color=colour),
        last_labels(data, "number", "index", colour, x, None, height),
    ).properties(height=height)
