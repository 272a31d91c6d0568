"""Lines over time that keep their gaps: a month that is not there ends the line, it is not bridged."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ui.locales import Locale
from ui.theme import Palette


def segments(frame: pd.DataFrame, key: str, x: str, step: pd.DateOffset) -> pd.DataFrame:
    """``frame`` with a ``segment`` column: a new one starts wherever a step of ``x`` is missing, by ``key``.

    A segment of one point is marked in ``alone``: it needs a point mark to be seen at all.
    """
    ordered = frame.sort_values([key, x]).reset_index(drop=True)
    previous = ordered.groupby(key)[x].shift()
    broken = previous.isna() | (previous + step < ordered[x])
    number = broken.groupby(ordered[key]).cumsum()
    segment = ordered[key].astype(str) + "/" + number.astype(str)
    sizes = segment.map(segment.value_counts())
    return ordered.assign(segment=segment, alone=sizes == 1)


def lines(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    locale: Locale,
    colours: Mapping[str, str],
    names: Mapping[str, str],
    x_title: str | None,
    y_title: str,
    step: pd.DateOffset,
    number_format: str,
    height: int,
    events: pd.DataFrame | None = None,
    dashed: Sequence[str] = (),
    label_last: bool = True,
) -> alt.LayerChart:
    """One line a group with its name at its last point.

    ``frame``: group, month (datetime), value, note (text for the tooltip, may be empty). ``events``: month, mark
    (a short number that a list beside the chart explains).
    """
    data = segments(frame.assign(name=frame["group"].map(names)), "group", "month", step)
    groups = list(names)
    colour = alt.Color("group:N", scale=alt.Scale(domain=groups, range=[colours[g] for g in groups]), legend=None)
    x_scale = alt.Scale(domain=_span(data, events))
    # Years as text: a locale may not group their digits, and no month name of another language slips in.
    x = alt.X(
        "month:T",
        title=x_title,
        scale=x_scale,
        axis=alt.Axis(format="%Y", tickCount={"interval": "year", "step": _year_step(data)}, labelOverlap=True),
    )
    y = alt.Y("value:Q", title=y_title, axis=alt.Axis(format=number_format, tickCount=5, titleAnchor="start"))
    tooltip = [
        alt.Tooltip("name:N", title=locale.gettext("Alue")),
        alt.Tooltip("month:T", title=locale.gettext("Kuukausi"), format="%-m/%Y"),
        alt.Tooltip("value:Q", title=y_title, format=number_format),
        alt.Tooltip("note:N", title=locale.gettext("Huomaa")),
    ]
    base = alt.Chart(data).encode(x=x, y=y, color=colour)
    stroke_dash = alt.condition(
        alt.FieldOneOfPredicate(field="group", oneOf=list(dashed)), alt.value([5, 4]), alt.value([1, 0])
    )
    layers: list[alt.Chart] = []
    if events is not None and len(events):
        marks = alt.Chart(events).encode(x=alt.X("month:T", scale=x_scale))
        layers += [
            marks.mark_rule(color=palette.muted, strokeDash=[2, 3], strokeWidth=1.2),
            marks.mark_text(baseline="top", dy=0, dx=4, align="left", color=palette.muted, fontWeight="bold").encode(
                y=alt.value(0), text="mark:N"
            ),
        ]
    layers += [
        base.mark_line().encode(detail="segment:N", strokeDash=stroke_dash),
        base.mark_point(filled=True, size=70, opacity=1).transform_filter("datum.alone"),
        base.mark_point(filled=True, size=220, opacity=0).encode(tooltip=tooltip),
    ]
    if label_last:
        layers.append(_last_labels(data, palette, colour, x, y))
    return alt.layer(*layers).properties(height=height)


def _last_labels(data: pd.DataFrame, palette: Palette, colour: alt.Color, x: alt.X, y: alt.Y) -> alt.Chart:
    last = data.loc[data.groupby("group")["month"].idxmax()].sort_values("value")
    return (
        alt.Chart(last)
        .mark_text(align="right", dx=-10, dy=-12, fontWeight="bold", fontSize=15)
        .encode(x=x, y=y, color=colour, text="name:N")
    )


def _span(data: pd.DataFrame, events: pd.DataFrame | None) -> list[dict[str, int]]:
    last = data["month"].max()
    first = data["month"].min()
    return [{"year": int(first.year), "month": int(first.month)}, {"year": int(last.year), "month": int(last.month)}]


def _year_step(data: pd.DataFrame) -> int:
    years = data["month"].max().year - data["month"].min().year
    return 1 if years <= 9 else 2 if years <= 14 else 4
