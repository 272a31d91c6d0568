"""The sources in groups by how they are doing: what has failed with its message first, then tables of the others."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import pandas as pd
import streamlit as st

from data.catalogue import Contract
from data.releases import Expected
from ui import parts
from ui.frame import View
from ui.history import period_text
from ui.locales import DASH, NBSP, Locale
from ui.source_states import STATES, SourceState, State, counts

ONE_LINE = 22  # letters of a table's name that stay on one line
CHOICE = "source-state"
EVERYTHING = "all"
CHOICES = (EVERYTHING, "failed", "late", "not_fetched")


def titles(locale: Locale) -> dict[State, str]:
    _ = locale.gettext
    return {
        "failed": _("Epäonnistuneet"),
        "late": _("Myöhässä"),
        "fine": _("Kunnossa"),
        "not_fetched": _("Ei haettu"),
        "included": _("Mukana tulevat"),
    }


def explanations(locale: Locale) -> dict[State, str]:
    _ = locale.gettext
    return {
        "failed": _("Viimeisin haku epäonnistui. Aiemmin haetut luvut ovat edelleen näkymissä."),
        "late": _("Uusia lukuja odotettiin jo, mutta niitä ei ole julkaistu tai haettu."),
        "fine": _("Haettu, eikä uudempia lukuja vielä odoteta."),
        "not_fetched": _(
            "Näkymissä ovat palvelun mukana tulleet luvut, jos niitä on. Ne päivittyvät ensimmäisessä haussa. "
            "Selvitettävä taulu haetaan vain nimeltä pyydettynä."
        ),
        "included": _("Luvut tulevat palvelun mukana. Niitä ei haeta."),
    }


def summary(locale: Locale, found: Sequence[SourceState]) -> str:
    """How many sources are in each state, as one line: what asks for attention stands out."""
    number = counts(found)
    shown = [state for state in STATES if number[state]]
    words = [f"{titles(locale)[state].lower()} **{number[state]}**" for state in shown]
    urgent = ("failed", "late")
    return " · ".join(f":orange[{word}]" if state in urgent else word for state, word in zip(shown, words, strict=True))


def chosen(locale: Locale, found: Sequence[SourceState]) -> list[SourceState]:
    """The sources the reader wants to see: all, or those in one state."""
    _ = locale.gettext
    number, named = counts(found), titles(locale)

    def label(choice: str) -> str:
        if choice == EVERYTHING:
            return f"{_('Kaikki')} {len(found)}"
        return next(f"{named[state]} {number[state]}" for state in STATES if state == choice)

    wanted = st.segmented_control(
        _("Tilanne"), CHOICES, key=f"{CHOICE}-{locale.language}", format_func=label, default=EVERYTHING, required=True
    )
    return [one for one in found if wanted in (EVERYTHING, one.state)]


def groups(view: View, found: Sequence[SourceState]) -> None:
    """Every group that has a source, in the order of attention."""
    locale = view.locale
    _ = locale.gettext
    if not found:
        st.success(_("Ei yhtään aineistoa tässä tilanteessa."), icon="ℹ️")
    for state, members in groupby(found, key=lambda one: one.state):
        rows = list(members)
        title = titles(locale)[state]
        st.markdown(f"#### {title} ({len(rows)})")
        st.caption(explanations(locale)[state])
        if state == "failed":
            failures(view, rows)
        else:
            st.table(table(view, state, rows), hide_index=True, border="horizontal", alt=title)


def failures(view: View, found: Sequence[SourceState]) -> None:
    """One card a message: sources of a service that does not answer fail together."""
    by_message: dict[str, list[SourceState]] = {}
    for one in found:
        by_message.setdefault(one.entry.message if one.entry else "", []).append(one)
    for message, sources in by_message.items():
        with st.container(border=True, gap="small"):
            st.markdown("\n".join(f"- {_failed(view, one)}" for one in sources))
            st.caption(view.locale.gettext("Hakuohjelman viesti [en]:"))
            st.code(message, language=None, wrap_lines=True)
            ids = " ".join(one.source_id for one in sources)
            st.markdown(
                view.locale.gettext("Yritä uudelleen: {command}").format(command=f"`python -m loaders refresh {ids}`")
            )


def _failed(view: View, one: SourceState) -> str:
    locale = view.locale
    _ = locale.gettext
    words = [f"**{one.statistic}** · {one.publisher} · {_table(one)}"]
    if one.entry is not None:
        words.append(_("epäonnistui {moment}").format(moment=locale.clock(one.entry.last_attempt)))
    if one.row_count:
        words.append(_("näkymissä {period}").format(period=period(locale, one)))
    if one.published is not None:
        age = _age(view, one.published)
        words.append(_("julkaistu {day} ({age})").format(day=locale.moment(one.published), age=age))
    words.append(
        _("haettu viimeksi {moment}").format(moment=locale.clock(one.last_load))
        if one.last_load is not None
        else _("ei ole koskaan onnistunut")
    )
    return ", ".join(words)


def table(view: View, state: State, found: Sequence[SourceState]) -> pd.DataFrame:
    """The sources of one group; what does not concern the group has no column."""
    locale = view.locale
    _ = locale.gettext
    rows = []
    for one in found:
        row = {
            _("Tilasto ja tuottaja"): f"**{one.statistic}**  \n{one.publisher}",
            _("Taulu ja tarkistus"): _table(one),
            _("Ajanjakso"): period(locale, one),
            _("Julkaistu"): _published(view, one),
        }
        if state in ("late", "fine"):
            row[_("Haettu viimeksi")] = DASH if one.last_load is None else locale.clock(one.last_load)
        if state == "late":
            row[_("Odotettiin")] = DASH if one.missing_since is None else locale.moment(one.missing_since)
        if state != "included":
            row[_("Seuraava odotettu")] = expected_text(locale, one.expected)
            row[_("Rakenne")] = contract_word(locale, one.contract)
        row[_("Rivejä")] = locale.number(one.row_count)
        row[_("Luotettavuus")] = parts.reliability_word(locale, one.reliability) if one.reliability else DASH
        row[_("Lisenssi")] = parts.licence_word(locale, one.licence)
        rows.append(row)
    return pd.DataFrame(rows)


def notes(locale: Locale) -> list[str]:
    """What the words of the tables mean, said once."""
    _ = locale.gettext
    return [
        _(
            "Odotettu julkaisuhetki on tämän palvelun oma odotus. Se perustuu aiempiin julkaisuihin (kellonaika) tai "
            "tilaston tahtiin (noin). Tuottajat eivät ole sitä luvanneet."
        ),
        _(
            "Rakenne kertoo, kuinka varmasti haettavan taulun muoto tunnetaan: vahvistettu on nähty julkaisijan "
            "vastauksessa, todennäköinen aiemmin tai kerran, selvitettävä tunnetaan vasta nimeltä."
        ),
    ]


def expected_text(locale: Locale, expected: Expected | None) -> str:
    """``22.12.2026 8.00`` by a rule, ``noin 8/2027`` by the pace of the source."""
    if expected is None:
        return DASH
    if expected.basis == "rule":
        return locale.clock(expected.moment)
    return locale.gettext("noin {month}").format(month=locale.month_short(expected.moment))


def contract_word(locale: Locale, contract: Contract | None) -> str:
    _ = locale.gettext
    words = {"certain": _("vahvistettu"), "likely": _("todennäköinen"), "unknown": _("selvitettävä")}
    return DASH if contract is None else words[contract]


def period(locale: Locale, one: SourceState) -> str:
    """``1/2006–8/2026``, ``I/2013–II/2026``; one period when both are the same."""
    if one.first_period is None or one.last_period is None:
        return DASH
    ends = [period_text(locale, text, one.is_quarterly) for text in (one.first_period, one.last_period)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}{DASH}{ends[1]}"


def _table(one: SourceState) -> str:
    name = one.table_id.replace(" ", NBSP) if len(one.table_id) < ONE_LINE else one.table_id
    return f"[{name}]({one.verify_url})" if one.verify_url else name


def _published(view: View, one: SourceState) -> str:
    if one.published is None:
        return DASH
    return f"{view.locale.moment(one.published)} ({_age(view, one.published)})"


def _age(view: View, published: datetime) -> str:
    return parts.short_age(view.locale, pd.Timestamp(published).tz_localize(None), view.today)
