"""One series inside its range, over a band of what is to be expected."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.charts.lines import segments, value_axis, year_axis
from ui.theme import Chart, Palette


def band(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    colour: str,
    y_title: str,
    number_format: str,
    band_name: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
    chosen: pd.Timestamp | None = None,
    from_zero: bool = True,
) -> Chart:
    """``frame``: month, value, lower, upper (its own range, equal to the value where there is none), expected_lower and
    expected_upper (the band), mark (True: a point is drawn) and the tooltip's columns. Missing months are gaps."""
    data = segments(frame.assign(group="value"), "group", "month", pd.DateOffset(months=1))
    x = alt.X("month:T", title=None, axis=year_axis(data["month"]))
    y = alt.Y(
        "value:Q",
        title=y_title,
        axis=value_axis(number_format),
        scale=alt.Scale(zero=True) if from_zero else alt.Scale(zero=False),
    )
    base = alt.Chart(data).encode(x=x)
    expected = alt.Y("expected_lower:Q", title=y_title), alt.Y2("expected_upper:Q")
    own = alt.Y("lower:Q", title=y_title), alt.Y2("upper:Q")
    layers = [
        base.mark_area(color=palette.other, opacity=0.28).encode(y=expected[0], y2=expected[1], detail="segment:N"),
        base.mark_area(color=colour, opacity=0.3).encode(y=own[0], y2=own[1], detail="segment:N"),
        base.mark_line(color=colour, strokeWidth=2.2).encode(y=y, detail="segment:N"),
        base.transform_filter("datum.alone || datum.mark")
        .mark_point(filled=True, size=80, opacity=1, color=colour)
        .encode(y=y),
        base.transform_filter("datum.alone")
        .mark_rule(color=palette.other, strokeWidth=6, opacity=0.5)
        .encode(y=expected[0], y2=expected[1]),
        base.mark_point(filled=True, size=200, opacity=0).encode(
            y=y, tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        _name(data, band_name, palette.muted, x),
    ]
    if chosen is not None:
        here = alt.Chart(data[data["month"] == chosen]).encode(x=x, y=y)
        layers.append(here.mark_point(filled=True, size=130, opacity=1, color=colour))
    return alt.layer(*layers).properties(height=height)


def _name(data: pd.DataFrame, text: str, colour: str, x: alt.X) -> alt.Chart:
    """The name of the band above it, where it is highest in the later half."""
    late = data.iloc[len(data) // 2 :]
    return (
        alt.Chart(late.loc[[late["expected_upper"].idxmax()]].assign(label=text))
        .mark_text(align="center", dy=-12, color=colour, fontWeight="bold", fontSize=15)
        .encode(x=x, y=alt.Y("expected_upper:Q"), text="label:N")
    )
