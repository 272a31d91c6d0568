"""Tourism: nights against vacancies and unemployed over the year, and the occupations that carry the season."""

import streamlit as st

from ui import case_view, headlines, tourism_view
from ui.case_view import CaseFigures

INDUSTRIES = ("I", "N78", "N79", "R93")


def blocks(figures: CaseFigures) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        tourism_view.season_block(figures)
    with right:
        case_view.both_sides_block(figures)
    left, right = st.columns(2, gap="large")
    with left:
        tourism_view.winters_block(figures)
    with right:
        tourism_view.lead_block(figures)
    left, right = st.columns(2, gap="large")
    with left:
        case_view.occupations_block(figures)
    with right:
        case_view.industries_block(figures, INDUSTRIES)
    tourism_view.intensity_block(figures)


case_view.render("matkailu", blocks, headlines.case)
