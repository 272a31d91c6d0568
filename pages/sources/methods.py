"""Menetelmät: every indicator of the dictionary, its formula and limits, and whether its data are here."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ui import definitions, frame, parts, state, store
from ui.definitions import FAMILIES, Indicator
from ui.locales import Locale

ALL = "all"


def render() -> None:
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    every = definitions.indicators()
    head, choice = st.columns([0.6, 0.4], vertical_alignment="center")
    with choice:
        frame.controls(locale)
    with head:
        st.markdown(f":gray[**{_('Menetelmät')}**]")
        st.markdown(_("Mitä kukin mittari kertoo, miten se lasketaan ja mihin se ei riitä?"))
    sources = store.all_sources(view.snapshot.snapshot_id, locale.language).set_index("source_id")
    alive = {one.id: not missing_inputs(one, sources) for one in every.values()}
    st.title(
        _("{n} mittaria, joista {alive} voi laskea tämän aineiston luvuista.").format(
            n=locale.number(len(every)), alive=locale.number(sum(alive.values()))
        ),
        anchor=False,
    )
    left, right = st.columns([0.66, 0.34], vertical_alignment="bottom")
    with left:
        family = _family_choice(locale)
    words = right.text_input(
        _("Hae mittaria"), placeholder=_("esimerkiksi kireys"), key=f"methods-search-{locale.language}"
    )
    wanted = state.get_state().measure
    shown = [
        one
        for one in every.values()
        if (words or family in (ALL, one.family)) and definitions.matches(locale, one, words)
    ]
    if wanted in every and not words:
        shown = [every[wanted], *(one for one in shown if one.id != wanted)]
    if not shown:
        st.info(_("Mikään mittari ei vastaa hakua ”{words}”.").format(words=words), icon="ℹ️")
    for one in shown:
        _card(locale, one, sources, alive[one.id])
    st.page_link("pages/sources/sources.py", label=_("Kaikki aineistot ja lisenssit") + " →")


def missing_inputs(one: Indicator, sources: pd.DataFrame) -> list[Sequence[str]]:
    """Inputs none of whose sources has an edition in the snapshot: the sources of each."""
    held = set(sources.index[sources["editions"] > 0])
    return [each.sources for each in one.inputs if not held.intersection(each.sources)]


def _family_choice(locale: Locale) -> str:
    key = f"methods-family-{locale.language}"
    names = {ALL: locale.gettext("Kaikki"), **definitions.families(locale)}
    chosen = st.segmented_control(
        locale.gettext("Aihe"),
        [ALL, *FAMILIES],
        key=key,
        format_func=names.__getitem__,
        default=FAMILIES[0],
        required=True,
    )
    return str(chosen)


def _card(locale: Locale, one: Indicator, sources: pd.DataFrame, alive: bool) -> None:
    """Name and definition first, then how to read it; formula, limits and data below."""
    _ = locale.gettext
    language = locale.language
    with st.container(border=True):
        mark = "●" if alive else "○"
        st.markdown(f"#### {mark} {definitions.title(locale, one)}", help=one.id)
        left, right = st.columns([0.58, 0.42], gap="large")
        with left:
            st.markdown(one.definition.in_language(language))
            st.markdown(f"**{_('Näin luet')}.** {one.reading.in_language(language)}")
            st.code(one.formula_in(language), language=None, wrap_lines=True)
            st.caption(one.symbols_in(language))
            _inputs(locale, one, sources)
            if one.reference:
                st.caption(_("Menetelmän lähde: {source}").format(source=one.reference_in(language)))
        with right:
            st.markdown(f"**{_('Yksikkö')}.** {one.unit.in_language(language)}")
            st.markdown(f"**{_('Suurempi luku')}.** {one.direction.in_language(language)}")
            parts.bullets(_("Muista"), [text.in_language(language) for text in one.caveats])
        if one.example is not None:
            with st.expander(_("Laskuesimerkki")):
                st.code(definitions.example(one.example), language=None)


def _inputs(locale: Locale, one: Indicator, sources: pd.DataFrame) -> None:
    """Each input with the newest period of a source that is here, or the statistics that would bring it."""
    _ = locale.gettext
    lines = []
    for each in one.inputs:
        known = sources.reindex([code for code in each.sources if code in sources.index])
        here = known[known["editions"] > 0]
        quantity = each.quantity.in_language(locale.language)
        if len(here):
            newest = here.sort_values("last_period").iloc[-1]
            tables = ", ".join(_table(row) for _i, row in here.iterrows())
            lines.append(
                _("{quantity}: {tables}, viimeisin {period}").format(
                    quantity=quantity, tables=tables, period=newest["last_period"]
                )
                if isinstance(newest["last_period"], str)
                else f"{quantity}: {tables}"
            )
        else:
            tables = ", ".join(_table(row) for _i, row in known.iterrows())
            lines.append(
                _("{quantity}: ei tässä aineistossa; tulee taulukosta {tables}").format(
                    quantity=quantity, tables=tables
                )
            )
    parts.bullets(_("Mistä luvut tulevat"), lines)


def _table(row: pd.Series) -> str:
    return f"{row['statistic']} ({row['table_id']})"


render()
