"""Lines over time that keep their gaps: a month that is not there ends the line, it is not bridged."""

from collections.abc import Iterable, Mapping, Sequence

import altair as alt
import pandas as pd

from ui.locales import Locale
from ui.theme import Chart, Palette


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
    y_title: str,
    step: pd.DateOffset,
    number_format: str,
    height: int,
    events: pd.DataFrame | None = None,
    quiet: Sequence[str] = (),
    chosen: pd.Timestamp | None = None,
) -> Chart:
    """One line a group with its name at its last point; groups in ``quiet`` are drawn thin and the
    ``chosen`` month gets a dot.

    ``frame``: group, month (datetime), value, note (text for the tooltip, may be empty). ``events``: month, mark
    (a short text that a list beside the chart explains) and level (0 or 1: the row the mark stands in).
    """
    data = segments(frame.assign(name=frame["group"].map(names)), "group", "month", step)
    groups = list(names)
    colour = alt.Color("group:N", scale=alt.Scale(domain=groups, range=[colours[g] for g in groups]), legend=None)
    x_scale = alt.Scale(range=[0, alt.ExprRef(plot_width(names.values()))])
    x = alt.X("month:T", title=None, scale=x_scale, axis=year_axis(data["month"]))
    headroom = 1.15 if events is not None and len(events) else 1.0  # for the numbers of events
    y_scale = alt.Scale(domain=[0, float(data["value"].max()) * headroom or 1.0], nice=headroom == 1.0)
    y = alt.Y("value:Q", title=y_title, axis=value_axis(number_format), scale=y_scale)
    tooltip = [
        alt.Tooltip("name:N", title=locale.gettext("Sarja")),
        alt.Tooltip("month:T", title=locale.gettext("Kuukausi"), format="%-m/%Y"),
        alt.Tooltip("value:Q", title=y_title, format=number_format),
        *([alt.Tooltip("note:N", title=locale.gettext("Huomaa"))] if data["note"].ne("").any() else []),
    ]
    base = alt.Chart(data).encode(x=x, y=y, color=colour)
    layers: list[alt.Chart] = []
    if events is not None and len(events):
        marks = alt.Chart(events).encode(x=x)
        layers += [
            marks.transform_filter("datum.mark != ''").mark_rule(
                color=palette.muted, strokeDash=[2, 3], strokeWidth=1.2
            ),
            marks.mark_tick(color=palette.muted, thickness=2, size=10, orient="vertical").encode(y=alt.value(0)),
            *(
                marks.transform_filter(alt.datum.level == level)
                .mark_text(baseline="top", dx=4, align="left", fontWeight="bold", **ink)
                .encode(y=alt.value(8 + 17 * level), text="mark:N")
                for level in (0, 1)
                for ink in ({"stroke": palette.background, "strokeWidth": 4}, {"color": palette.muted})
            ),
        ]
    layers += [
        *(
            base.transform_filter(alt.FieldOneOfPredicate(field="group", oneOf=some))
            .mark_line(strokeWidth=width)
            .encode(detail="segment:N")
            for some, width in ((list(quiet), 1.2), ([g for g in groups if g not in quiet], 2.6))
            if some
        ),
        base.mark_point(filled=True, size=70, opacity=1).transform_filter("datum.alone"),
        base.mark_point(filled=True, size=220, opacity=0).encode(tooltip=tooltip),
        last_labels(data, "month", "value", colour, x, y_title, height),
    ]
    if chosen is not None:
        here = alt.Chart(data[data["month"] == chosen]).encode(x=x, y=y, color=colour)
        layers.append(here.mark_point(filled=True, size=110, opacity=1))
    return alt.layer(*layers).properties(height=height)


def year_axis(months: pd.Series) -> alt.Axis:
    """Years only, none after the last month: no month name of another language slips in."""
    first, last = months.min().year, months.max().year
    step = next(step for step in (1, 2, 5, 10) if (last - first) / step <= 9)
    years = [year for year in range(first, last + 1) if year % step == 0]
    return alt.Axis(
        values=[alt.DateTime(year=year, month=1, date=1) for year in years],
        format="%Y",
        labelOverlap="greedy",
        labelSeparation=8,
    )


def value_axis(number_format: str) -> alt.Axis:
    """A value axis whose title stands level above it, where it can be read."""
    return alt.Axis(
        format=number_format, tickCount=5, titleAngle=0, titleAlign="left", titleAnchor="end", titleX=-30, titleY=-14
    )


def last_labels(
    data: pd.DataFrame, x_column: str, y_column: str, colour: alt.Color, x: alt.X, y_title: str | None, height: int
) -> alt.Chart:
    """Names beside the last points, moved apart where they would overlap."""
    last = data.loc[data.groupby("group")[x_column].idxmax()].sort_values(y_column).copy()
    line = 24 * float(data[y_column].max()) / height
    heights: list[float] = []
    below = 0.0
    for value, name in zip(last[y_column], last["name"], strict=True):
        half = line * (1 + name.count("\n")) / 2
        heights.append(max(float(value), heights[-1] + below + half) if heights else float(value))
        below = half
    last["label_at"] = heights
    return (
        alt.Chart(last)
        .mark_text(
            align="left",
            baseline="middle",
            lineBreak="\n",
            dx=9,
            fontWeight="bold",
            fontSize=15,
            limit=alt.ExprRef(f"width > 700 ? 0 : {_room(last['name'])} - 10"),
        )
        .encode(x=x, y=alt.Y("label_at:Q", title=y_title), color=colour, text="name:N")
    )


def plot_width(names: Iterable[str]) -> str:
    """The width that names at the right leave to the lines."""
    return f"width - {_room(names)}"


def _room(names: Iterable[str]) -> str:
    """Room for the longest name, at most two fifths of a narrow screen."""
    longest = max(len(line) for name in names for line in name.splitlines())
    return f"min({round(8.6 * longest) + 20}, 0.4 * width)"
