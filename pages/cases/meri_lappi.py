"""Meri-Lappi: industrial change, by the sub-region of five municipalities or the employment area of six."""

from functools import partial

import streamlit as st

from ui import case_view, closure_view, frame, headlines, state, store
from ui.case_view import CaseFigures
from ui.locales import Locale

MEMBERSHIPS = ("meri-lappi", "meri-lappi-ea")
INDUSTRIES = ("C", "F")


def chosen_membership() -> str:
    wanted = state.get_state().area
    return wanted if wanted in MEMBERSHIPS else MEMBERSHIPS[0]


def switch(locale: Locale) -> None:
    """Five or six municipalities: both are official definitions."""
    definitions = store.case_definitions()
    key = "membership"
    st.session_state[key] = chosen_membership()
    st.segmented_control(
        locale.gettext("Rajaus"),
        list(MEMBERSHIPS),
        key=key,
        format_func=lambda code: locale.ngettext(
            "{n} kunta", "{n} kuntaa", len(definitions[code].municipalities)
        ).format(n=len(definitions[code].municipalities)),
        on_change=partial(frame.take, "area", key),
        label_visibility="collapsed",
        required=True,
        help=locale.gettext(
            "5 kuntaa: Kemi-Tornion seutukunta. 6 kuntaa: Meri-Lapin työllisyysalue, mukana Ylitornio."
        ),
    )


def blocks(figures: CaseFigures) -> None:
    left, right = st.columns([0.58, 0.42], gap="large")
    with left:
        case_view.both_sides_block(figures)
    with right:
        case_view.municipalities_block(figures)
    left, right = st.columns(2, gap="large")
    with left:
        case_view.industries_block(figures, INDUSTRIES)
    with right:
        case_view.occupations_block(figures)
    closure_view.block(figures)


case_view.render(chosen_membership(), blocks, headlines.case, switch)
