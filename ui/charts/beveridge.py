"""The Beveridge plane: a path over years, a colour a regime, the latest point marked."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ui.theme import Chart, Palette


def path(
    frame: pd.DataFrame,
    *,
    palette: Palette,
    colours: Sequence[str],
    regimes: Sequence[str],
    x_title: str,
    y_title: str,
    tooltip: Sequence[tuple[str, str]],
    height: int,
) -> Chart:
    """``frame`` in order of time: x, y (per cent), label (the year), regime (one of ``regimes``) and tooltip columns.

    The line ends where ``gap`` is True: the point before it is more than a year away.
    """
    data = frame.assign(order=range(len(frame)), segment=frame["gap"].cumsum())
    low, high = data["x"].min(), data["x"].max()
    pad = 0.12 * (high - low)
    x = alt.X(
        "x:Q",
        title=x_title,
        scale=alt.Scale(domain=[max(0.0, low - pad), high + pad], nice=False),
        axis=alt.Axis(format=".0f", tickCount=6, grid=True),
    )
    y = alt.Y(
        "y:Q",
        title=y_title,
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(
            format=".1f", tickCount=5, titleAngle=0, titleAlign="left", titleAnchor="end", titleX=-30, titleY=-14
        ),
    )
    colour = alt.Color(
        "regime:N",
        scale=alt.Scale(domain=list(regimes), range=list(colours)[: len(regimes)]),
        legend=alt.Legend(title=None, orient="bottom", symbolType="circle", columns=alt.ExprRef("width > 500 ? 6 : 2"))
        if len(regimes) > 1
        else None,
    )
    base = alt.Chart(data).encode(x=x, y=y)
    latest = alt.Chart(data.tail(1)).encode(x=x, y=y)
    return alt.layer(
        base.mark_line(color=palette.muted, strokeWidth=1.4, opacity=0.7).encode(order="order:Q", detail="segment:N"),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            color=colour, tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tooltip]
        ),
        latest.mark_point(filled=False, size=340, strokeWidth=3, color=palette.text),
        *(
            base.transform_filter(f"datum.order % 2 == {odd}")
            .mark_text(align="left", dx=9, dy=dy, color=palette.text)
            .encode(text="label:N")
            for odd, dy in ((0, -7), (1, 11))
        ),
    ).properties(height=height)
