"""Muutokset: which counts differ from what was expected of them, and what a forecast has been worth."""

import pandas as pd
import streamlit as st

from ui import change_view, frame, parts, store
from ui.change_view import Screened


def render() -> None:
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    measure = change_view.chosen_measure()
    every = store.signals(view.snapshot.snapshot_id, "municipality", measure)
    months = pd.DatetimeIndex(every["month"].drop_duplicates()).sort_values()
    head, choice = st.columns([0.6, 0.4], vertical_alignment="center")
    month = frame.chosen_month(months)
    with choice:
        frame.controls(locale, months, month)
    if month is None:
        parts.missing(locale, _("Muutokset"))
        return
    found = Screened(view, measure, month, every[every["month"] == month])
    area = change_view.chosen_area(found)
    with head:
        parts.kicker(locale, _("Muutokset"), month, found.provenance()[0].published, view.today)
        st.markdown(_("Mikä poikkeaa odotetusta, ja mitä voi ennakoida?"))
    frame.missing_month(locale, month)
    st.title(change_view.headline(found), anchor=False)
    change_view.measure_choice(locale)
    left, right = st.columns([0.48, 0.52], gap="large")
    with left:
        change_view.screen_block(found)
        change_view.forecast_block(found, area)
    with right:
        change_view.history_block(found, area)
        change_view.adjusted_block(found, area)


render()
