"""Seasons of tourism: one line a winter, and the correlation of two series by the months between them."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.charts.lines import last_labels, plot_width, value_axis
from ui.theme import Chart, Palette

WINTER_MONTHS = 6


def winters(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    colour: str,
    y_title: str,
    winter_name: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """One line a tourism year, November to October: the latest in ``colour``, the others grey.

    ``frame``: season, place (1 November to 12 October), value, latest, dashed, labelled (whether the season's name
    stands at its end) and the tooltip's columns.
    """
    data = frame.assign(group=frame["season"], name=frame["season"])
    named = data[data["labelled"]]
    x = alt.X(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[1, 12], range=[8, alt.ExprRef(plot_width(named["name"]))]),
        axis=alt.Axis(
            values=list(range(1, 13)),
            labelExpr="(datum.value + 9) % 12 + 1",
            labelOverlap="parity",
            labelSeparation=4,
        ),
    )
    top = float(data["value"].max()) * 1.12 or 1.0  # room for the name of the winter
    y = alt.Y("value:Q", title=y_title, axis=value_axis(",.0f"), scale=alt.Scale(domain=[0, top], nice=False))
    newest = str(data.loc[data["latest"], "season"].iloc[0])
    seasons = data["season"].unique().tolist()
    colours = alt.Color(
        "group:N",
        scale=alt.Scale(domain=seasons, range=[colour if one == newest else palette.other for one in seasons]),
        legend=None,
    )
    base = alt.Chart(data).encode(x=x, y=y, color=colours)
    band = alt.Chart(pd.DataFrame({"place": [1.0], "end": [WINTER_MONTHS + 0.5], "text": [winter_name]})).encode(x=x)
    return alt.layer(
        band.mark_rect(color=palette.land).encode(x2="end:Q"),
        band.mark_text(align="left", baseline="top", dx=6, color=palette.muted).encode(y=alt.value(2), text="text:N"),
        *(
            base.transform_filter(f"{'' if latest else '!'}datum.latest && {'' if dashed else '!'}datum.dashed")
            .mark_line(
                strokeWidth=3 if latest else 1.3, strokeDash=[6, 4] if dashed else [1, 0], opacity=1 if latest else 0.75
            )
            .encode(detail="season:N")
            for latest in (False, True)
            for dashed in (False, True)
        ),
        base.mark_point(filled=True, size=160, opacity=0).encode(
            tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        last_labels(named, "place", "value", colours, x, y_title, height),
    ).properties(height=height)


def lags(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    colour: str,
    x_title: str,
    y_title: str,
    left: str,
    right: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """A point a lag over the band that chance alone stays within; points outside it are in ``colour``.

    ``frame``: lag, correlation, lower, upper (the band), outside, label (text beside the point, may be empty) and the
    tooltip's columns. ``left`` and ``right`` say who is ahead on that side of zero.
    """
    reach = int(frame["lag"].abs().max())
    x = alt.X(
        "lag:Q",
        title=x_title,
        scale=alt.Scale(domain=[-reach - 0.5, reach + 0.5], nice=False),
        axis=alt.Axis(values=list(range(-reach, reach + 1)), labelExpr="datum.value ? format(datum.value, '+d') : '0'"),
    )
    y = alt.Y("correlation:Q", title=y_title, scale=alt.Scale(domain=[-1, 1]), axis=value_axis(".1f"))
    base = alt.Chart(frame).encode(x=x)
    ink = alt.condition("datum.outside", alt.value(colour), alt.value(palette.other))
    above, below = (
        base.transform_filter(f"datum.correlation {sign} 0")
        .mark_text(dy=dy, fontWeight="bold")
        .encode(y=y, text="label:N")
        for sign, dy in ((">=", -16), ("<", 16))
    )
    return alt.layer(
        base.mark_area(color=palette.other, opacity=0.22).encode(y=alt.Y("lower:Q", title=y_title), y2="upper:Q"),
        alt.Chart(pd.DataFrame({"correlation": [0]})).mark_rule(color=palette.muted).encode(y=y),
        alt.Chart(pd.DataFrame({"lag": [0]})).mark_rule(color=palette.muted, strokeDash=[3, 3]).encode(x=x),
        base.mark_rule(strokeWidth=3).encode(y=y, y2=alt.datum(0), color=ink),
        base.mark_point(filled=True, size=110, opacity=1).encode(y=y, color=ink),
        base.mark_point(filled=True, size=260, opacity=0).encode(
            y=y, tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        above,
        below,
        _side(f"◀ {left}", palette.muted).mark_text(align="left", baseline="top", dx=4).encode(x=alt.value(0)),
        _side(f"{right} ▶", palette.muted)
        .mark_text(align="right", baseline="top", dx=-4)
        .encode(x=alt.XValue(alt.ExprRef("width"))),
    ).properties(height=height)


def _side(text: str, colour: str) -> alt.Chart:
    return alt.Chart(pd.DataFrame({"text": [text]})).encode(y=alt.value(2), text="text:N", color=alt.value(colour))
