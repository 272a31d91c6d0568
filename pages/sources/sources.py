"""Aineistot: how every source is doing, what changed and was revised, and how to verify it."""

from datetime import UTC

import pandas as pd
import streamlit as st

from data import snapshots
from ui import frame, history, parts, refresh, source_tables, store
from ui.frame import View
from ui.source_states import source_states


def render() -> None:
    view = frame.open_view(watch=False)
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    sources = store.all_sources(view.snapshot.snapshot_id, locale.language)
    newest = sources["published_at"].max()
    head, choice = st.columns([0.6, 0.4], vertical_alignment="center")
    with choice:
        frame.controls(locale)
    head.markdown(
        f":gray[**{_('Aineistot')}** · "
        + _("aineistoversio {id}, rakennettu {day}").format(
            id=view.snapshot.snapshot_id, day=locale.moment(view.snapshot.created_at)
        )
        + "]"
    )
    rows = int(sources["row_count"].sum())
    st.title(
        _("{n} aineistoa, {rows} lukua; uusin julkaistu {day}").format(
            n=int((sources["editions"] > 0).sum()), rows=locale.number(rows), day=locale.moment(newest.to_pydatetime())
        ),
        anchor=False,
    )
    st.markdown(_("Luvut ovat virallisia ja julkisia. Avaa taulun tarkistuslinkki ja vertaa."))
    found = source_states(
        sources,
        store.declared_sources(),
        store.load_log(),
        view.today.to_pydatetime().replace(tzinfo=UTC),
        locale.language,
    )
    names = {one.source_id: one.name for one in found}
    st.markdown(source_tables.summary(locale, found))
    if store.load_log_is_damaged():
        st.warning(
            _(
                "Hakujen loki on vioittunut: viimeisimpien hakujen tulokset eivät näy. "
                "Seuraava päivitys aloittaa uuden. Luvut ovat ennallaan."
            ),
            icon="⚠️",
        )
    refresh.panel(view, names)
    source_tables.groups(view, source_tables.chosen(locale, found))
    parts.bullets(_("Sanat"), source_tables.notes(locale))
    left, right = st.columns(2, gap="large")
    with left:
        history.changes_block(view, names)
        history.revisions_block(view, names)
    with right:
        history.known_block(view, names)
        versions_block(view)
    parts.bullets(
        _("Lisenssit"),
        [
            _(
                "Tilastokeskuksen aineistot: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/deed.fi). "
                "Luvut on järjestetty uudelleen."
            ),
            _(
                "Työnvälitystilasto on KEHA-keskuksen; sen käyttöehtoja ei ole vahvistettu. "
                "Tuottaja ja tilasto nimetään aina."
            ),
            _("Sotkanetin muiden kuin THL:n tuottamien indikaattorien ehdot ovat tuottajan omat."),
            _("NAV:n lisenssi (NLOD) on oletus, ei vahvistettu."),
        ],
    )


def versions_block(view: View) -> None:
    locale = view.locale
    _ = locale.gettext
    st.markdown(f"#### {_('Aineistoversiot')}")
    found = snapshots.list_snapshots()
    st.table(
        pd.DataFrame(
            {
                _("Versio"): [f"`{s.snapshot_id}`" for s in found],
                _("Rakennettu"): [locale.clock(s.created_at) for s in found],
                _("Käytössä"): [_("näkymissä") if s.snapshot_id == view.snapshot.snapshot_id else "" for s in found],
            }
        ),
        hide_index=True,
        alt=_("Aineistoversiot"),
    )
    st.caption(_("Palaa edelliseen versioon komennolla `python -m loaders rollback`."))


render()
