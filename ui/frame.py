"""The frame of every view: page configuration, navigation, language, and the snapshot a session reads."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from data import snapshots
from settings import LANGUAGES, ROOT
from ui import parts, state, store, versions
from ui.locales import Locale, get_locale

LOGGER = logging.getLogger("tilannehuone")
LANGUAGE_NAMES = {"fi": "FI", "sv": "SV", "en": "EN"}


@dataclass(frozen=True)
class View:
    """What a page needs to draw itself."""

    locale: Locale
    snapshot: snapshots.Snapshot
    today: pd.Timestamp


def run() -> None:
    """Draw the frame and the page the address asks for; write the state back to the address."""
    state.follow_address()
    current = state.get_state()
    locale = get_locale(current.lang)
    _ = locale.gettext
    st.set_page_config(page_title=_("Lapin tilannehuone"), page_icon=str(ROOT / "ui" / "icon.png"), layout="wide")
    page = st.navigation(pages(locale), position="top")
    try:
        page.run()
    except Exception:
        LOGGER.exception("The view %s failed at %s", page.url_path or "/", state.get_state().to_address())
        st.error(_("Näkymää ei voi piirtää tällä valinnalla. Valitse toinen kuukausi."), icon="⚠️")
    # Streamlit declares every page to be English and has no setting for it.
    st.html(f"<script>document.documentElement.lang = '{current.lang}'</script>", unsafe_allow_javascript=True)
    state.write_address(page.url_path)


def pages(locale: Locale) -> list["st.Page"]:
    """Every view with its language-neutral path."""
    _ = locale.gettext
    files = [
        ("picture/lapland.py", _("Lapin tilannekuva"), ""),
        ("picture/changes.py", _("Muutokset"), "muutokset"),
        ("cases/meri_lappi.py", _("Meri-Lappi"), "meri-lappi"),
        ("cases/tourism.py", _("Matkailu"), "matkailu"),
        ("cases/utsjoki.py", _("Utsjoki"), "utsjoki"),
        ("matching/matching.py", _("Kohtaanto"), "kohtaanto"),
        ("matching/groups.py", _("Kohderyhmät"), "kohderyhmat"),
        ("sources/methods.py", _("Menetelmät"), "menetelmat"),
        ("sources/sources.py", _("Aineistot"), "aineistot"),
    ]
    return [
        st.Page(ROOT / "pages" / path, title=title, url_path=url or None, default=not url) for path, title, url in files
    ]


def open_view(watch: bool = True) -> View | None:
    """The snapshot and language of this session, or None after a message saying why there is nothing to show.

    A session stays with the snapshot it opened, so that figures do not change while people look at them; with
    ``watch``, another one that comes into service is offered at the top of the view.
    """
    current = state.get_state()
    locale = get_locale(current.lang)
    _ = locale.gettext
    try:
        _open_or_build(locale)
        snapshot, gone = snapshots.resolve(versions.wanted())
    except (snapshots.SnapshotError, OSError) as problem:
        st.error(_("Aineistoa ei voi avata. Tarkista se komennolla `python -m loaders verify`."), icon="⚠️")
        st.caption(str(problem))
        return None
    if gone and current.snapshot:
        st.warning(_("Linkin aineistoversiota ei enää ole. Näkymä käyttää uusinta."), icon="⚠️")
        state.update_state(snapshot=None)
    elif current.snapshot:
        st.info(_("Näkymä on kiinnitetty aineistoversioon {id}.").format(id=snapshot.snapshot_id), icon="📌")
    ignored = st.session_state.get(state.IGNORED)
    if ignored:
        st.info(
            _("Linkin osia ei tunnistettu ({names}): näkymä käyttää oletuksia.").format(
                names=", ".join(name for name in ignored if name.isidentifier())[:80]
            ),
            icon="ℹ️",
        )
    versions.keep(snapshot)
    if watch and not state.get_state().snapshot:
        versions.watch(locale, snapshot)
    st.session_state[parts.SNAPSHOT_KEY] = snapshot.snapshot_id
    return View(locale, snapshot, pd.Timestamp.now("UTC").tz_localize(None))


def _open_or_build(locale: Locale) -> None:
    """A first start builds the snapshot from the seed, and says so while it does."""
    if snapshots.usable() is None:
        with st.spinner(
            locale.gettext("Avataan aineistoa. Ensimmäinen käynnistys rakentaa sen mukana tulevista luvuista.")
        ):
            snapshots.ensure()


def controls(
    locale: Locale,
    months: pd.DatetimeIndex | None = None,
    chosen: pd.Timestamp | None = None,
    switch: Callable[[Locale], None] | None = None,
) -> None:
    """The row of choices: membership (``switch``), month (with ``months``), language."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small"):
        if switch is not None:
            switch(locale)
        if months is not None and chosen is not None:
            _month_choice(locale, months, chosen)
        _language_choice(locale)


def chosen_month(months: pd.DatetimeIndex) -> pd.Timestamp | None:
    """The month of the address where the view has it, else the latest; None where the view has no month at all."""
    if months.empty:
        return None
    wanted = state.get_state().period
    return months[-1] if wanted is None or pd.Timestamp(wanted) not in months else pd.Timestamp(wanted)


def _month_choice(locale: Locale, months: pd.DatetimeIndex, chosen: pd.Timestamp) -> None:
    key = f"period-{locale.language}"
    st.session_state[key] = chosen.strftime("%Y-%m")
    st.selectbox(
        locale.gettext("Kuukausi"),
        [month.strftime("%Y-%m") for month in months[::-1]],
        key=key,
        format_func=lambda code: locale.month(pd.Timestamp(code)),
        on_change=partial(take, "period", key),
        label_visibility="collapsed",
        width=190,
    )


def missing_month(locale: Locale, shown: pd.Timestamp) -> None:
    """Says so when the address asks for a month this view does not have."""
    wanted = state.get_state().period
    if wanted is not None and pd.Timestamp(wanted) != shown:
        st.info(
            locale.gettext("Kuukaudelta {month} ei ole molempien puolten lukuja. Näytetään {shown}.").format(
                month=locale.month(pd.Timestamp(wanted)), shown=locale.month(shown)
            ),
            icon="ℹ️",
        )


def _language_choice(locale: Locale) -> None:
    key = "language-choice"
    st.session_state[key] = locale.language
    st.segmented_control(
        "Kieli · Språk · Language",
        list(LANGUAGES),
        key=key,
        format_func=LANGUAGE_NAMES.__getitem__,
        on_change=partial(take, "lang", key),
        label_visibility="collapsed",
        required=True,
    )


def take(field: str, key: str) -> None:
    """A widget's choice into a field of the state; a choice taken back changes nothing."""
    if st.session_state[key] is not None:
        state.update_state(**{field: st.session_state[key]})


def place_names(locale: Locale) -> dict[str, str]:
    """Cases, Lapland and the country as they stand in running text ("Meri-Lapissa")."""
    _ = locale.gettext
    names = {code: case.place.in_language(locale.language) for code, case in store.case_definitions().items()}
    return {**names, store.REGION: _("Lapissa"), store.COUNTRY: _("koko maassa")}


def group_names(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    names = {code: case.name.in_language(locale.language) for code, case in store.case_definitions().items()}
    return {**names, store.REGION: _("Lappi"), store.COUNTRY: _("Koko maa")}
