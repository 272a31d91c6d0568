"""Aineistot: every source with its publisher, period, age, rows, licence and reliability, and how to verify it."""

import pandas as pd
import streamlit as st

from data import snapshots
from ui import frame, parts, store
from ui.frame import View
from ui.locales import DASH, Locale


def render() -> None:
    view = frame.open_view()
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
    st.markdown(
        _(
            "Luvut ovat virallisia ja julkisia. Avaa tarkistuslinkki ja vertaa. Uudet luvut "
            "haetaan komennolla `python -m loaders refresh`."
        )
    )
    st.table(table(view, sources), hide_index=True, border="horizontal", alt=_("Aineistot"))
    left, right = st.columns(2, gap="large")
    with left:
        changes_block(view)
    with right:
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


def table(view: View, sources: pd.DataFrame) -> pd.DataFrame:
    locale = view.locale
    _ = locale.gettext
    log = store.load_log()
    rows = []
    for _i, source in sources.sort_values(
        ["loadable", "statistic", "table_id"], ascending=[False, True, True]
    ).iterrows():
        published = source["published_at"]
        entry = log.get(source["source_id"])
        rows.append(
            {
                _("Tilasto"): source["statistic"],
                _("Tuottaja"): source["publisher"],
                _("Taulu"): source["table_id"],
                _("Ajanjakso"): period(locale, source["first_period"], source["last_period"]),
                _("Julkaistu"): DASH if pd.isna(published) else locale.moment(published.to_pydatetime()),
                _("Ikä"): DASH if pd.isna(published) else parts.short_age(locale, published, view.today),
                _("Rivejä"): locale.number(source["row_count"]),
                _("Luotettavuus"): reliability(locale, source["reliability"]),
                _("Lisenssi"): parts.licence_word(locale, source["licence"]),
                _("Viimeisin haku"): DASH if entry is None else load_text(locale, entry),
                _("Tarkista"): f"[{_('avaa')}]({source['verify_url']})"
                if isinstance(source["verify_url"], str)
                else DASH,
            }
        )
    return pd.DataFrame(rows)


def reliability(locale: Locale, word: object) -> str:
    """A source that is declared but was never loaded has none."""
    return parts.reliability_word(locale, word) if isinstance(word, str) else DASH


def load_text(locale: Locale, entry: "store.status.SourceStatus") -> str:
    _ = locale.gettext
    word = _("onnistui") if entry.result != "failed" else _("epäonnistui")
    return f"{word} {locale.moment(entry.last_attempt)}"


def period(locale: Locale, first: object, last: object) -> str:
    if not isinstance(first, str) or not isinstance(last, str):
        return DASH
    ends = [_period(locale, first), _period(locale, last)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}{DASH}{ends[1]}"


def _period(locale: Locale, text: str) -> str:
    return locale.month_short(pd.Timestamp(text)) if len(text) >= 7 else text


def changes_block(view: View) -> None:
    """What this edition changed against the one before it."""
    locale = view.locale
    _ = locale.gettext
    st.markdown(f"#### {_('Mikä muuttui tässä versiossa')}")
    changes = store.changes(view.snapshot.snapshot_id)
    if changes.empty:
        st.caption(_("Ei edellistä versiota, johon verrata: luvut ovat mukana tulevasta aineistosta."))
        return
    kinds = {
        "new_period": _("uusi kuukausi"),
        "revised": _("tarkentunut luku"),
        "lost_series": _("kadonnut sarja"),
        "new_series": _("uusi sarja"),
    }
    counts = changes.groupby(["source_id", "kind"], as_index=False)["cells"].sum()
    st.table(
        pd.DataFrame(
            {
                _("Aineisto"): counts["source_id"],
                _("Muutos"): counts["kind"].map(kinds),
                _("Lukuja"): [locale.number(n) for n in counts["cells"]],
            }
        ),
        hide_index=True,
        alt=_("Mikä muuttui tässä versiossa"),
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
                _("Rakennettu"): [locale.moment(s.created_at) for s in found],
                _("Käytössä"): [_("näkymissä") if s.snapshot_id == view.snapshot.snapshot_id else "" for s in found],
            }
        ),
        hide_index=True,
        alt=_("Aineistoversiot"),
    )
    st.caption(_("Palaa edelliseen versioon komennolla `python -m loaders rollback`."))


render()
