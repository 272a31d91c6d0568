"""Lapin tilannekuva: the three cases, Lapland and the country on the same few measures."""

import streamlit as st

from ui import frame, headlines, mismatch, overview, parts, store
from ui.readings import LABOUR_FORCE, MARKET, UNEMPLOYED, VACANCIES, common_months

GROUPS = ("meri-lappi", "matkailu", "utsjoki", store.REGION, store.COUNTRY)


def render() -> None:
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    figures = store.series(view.snapshot.snapshot_id, GROUPS, MARKET)
    months = common_months(figures, list(GROUPS), (UNEMPLOYED, VACANCIES))
    head, choice = st.columns([0.6, 0.4], vertical_alignment="center")
    month = frame.chosen_month(months)
    if month is None:
        with choice:
            frame.controls(locale)
        parts.missing(locale, _("Lapin tilannekuva"))
        return
    known = overview.standings(view.snapshot.snapshot_id, GROUPS, MARKET, month)
    origins = overview.provenance(view, figures, month)
    with head:
        parts.kicker(locale, _("Lapin tilannekuva"), month, origins[0].published, view.today)
    frame.missing_month(locale, month)
    places = frame.place_names(locale)
    st.title(headlines.picture(locale, places, [known[g] for g in GROUPS[:3]], known[store.REGION]), anchor=False)
    cards = st.columns(len(known))
    note = st.container()
    left, middle, right = st.columns([0.3, 0.36, 0.34], gap="medium")
    rows = store.municipalities(view.snapshot.snapshot_id, month, (UNEMPLOYED, VACANCIES, LABOUR_FORCE))
    # Charts are sent before cards and choices: the browser then fetches their code first, and shows all of it sooner.
    with left:
        overview.map_block(view, month, rows, origins)
    with middle:
        overview.history_block(view, month, figures, origins)
    with right:
        overview.mismatch_block(view, month, mismatch.between_municipalities(rows, store.REGION), origins)
    for column, (group, value) in zip(cards, known.items(), strict=True):
        with column:
            overview.card(locale, group, value)
    with note:
        overview.change_note(locale, known)
    with choice:
        frame.controls(locale, months, month)
    overview.notes(view, month, known)


render()
