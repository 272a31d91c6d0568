"""A seasonally adjusted series, its provisional end and its levels."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.charts.lines import value_axis, year_axis
from ui.theme import Chart, Palette


def adjusted(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    colour: str,
    y_title: str,
    names: tuple[str, str],
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """``frame``: month, adjusted, level, provisional (bool) and the tooltip's columns, months without a gap.

    ``names``: of the series and of its levels.
    """
    x = alt.X("month:T", title=None, axis=year_axis(frame["month"]))
    y = alt.Y("adjusted:Q", title=y_title, axis=value_axis(",.0f"), scale=alt.Scale(zero=True))
    settled = frame[~frame["provisional"]]
    moving = frame.iloc[len(settled) - 1 :]
    base = alt.Chart(frame).encode(x=x)
    level = alt.Y("level:Q", title=y_title)
    runs = base.transform_calculate(step="toString(datum.level)")
    top = frame.loc[[frame["adjusted"].idxmax()]].assign(label=names[0])
    longest = frame[frame["level"] == frame["level"].value_counts().idxmax()]
    middle = longest.iloc[[len(longest) // 2]].assign(label=names[1])
    return alt.layer(
        runs.mark_line(color=palette.muted, strokeWidth=3, opacity=0.7).encode(y=level, detail="step:N"),
        alt.Chart(settled).mark_line(color=colour, strokeWidth=2.2).encode(x=x, y=y),
        alt.Chart(moving).mark_line(color=colour, strokeWidth=2.2, strokeDash=[4, 3]).encode(x=x, y=y),
        base.mark_point(filled=True, size=200, opacity=0).encode(
            y=y, tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        alt.Chart(top)
        .mark_text(align="center", dy=-10, color=colour, fontWeight="bold", fontSize=15)
        .encode(x=x, y=y, text="label:N"),
        alt.Chart(middle)
        .mark_text(align="center", dy=20, color=palette.muted, fontWeight="bold", fontSize=15)
        .encode(x=x, y=level, text="label:N"),
    ).properties(height=height)
