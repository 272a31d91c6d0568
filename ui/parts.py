"""The pieces every view is put together from: kicker, headline, cards, chart blocks, events, caveats, sources."""

import io
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ui import state, theme
from ui.locales import DASH, Locale
from ui.readings import Reading

SNAPSHOT_KEY = "snapshot_id"  # the snapshot this session reads, set by the frame
FRESH_DAYS = 62  # the figures of a month come out late in the next one; two months without new ones is stale


@dataclass(frozen=True)
class Provenance:
    """Where the figures of one chart come from, as its source line says it."""

    publisher: str
    statistic: str
    table: str
    published: pd.Timestamp | None
    reliability: str
    licence: str
    computed: bool
    verify_url: str | None


def mode() -> theme.Mode:
    """The theme the viewer's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def kicker(
    locale: Locale, place: str, month: pd.Timestamp, published: pd.Timestamp | None, today: pd.Timestamp
) -> None:
    """Place, month, and how old the figures are."""
    _ = locale.gettext
    parts = [f"**{place}**", locale.month(month)]
    if published is not None:
        parts.append(
            _("julkaistu {day} ({age})").format(
                day=locale.moment(published.to_pydatetime()), age=age(locale, published, today)
            )
        )
    st.markdown(f":gray[{' · '.join(parts)}]")


def age(locale: Locale, published: pd.Timestamp, today: pd.Timestamp) -> str:
    days = max(0, (today - published).days)
    if days < FRESH_DAYS:
        return locale.ngettext("{n} päivä sitten", "{n} päivää sitten", days).format(n=days)
    months = round(days / 30.44)
    return locale.ngettext("{n} kuukausi sitten", "{n} kuukautta sitten", months).format(n=months)


def change(locale: Locale, value: Reading) -> str:
    """A change in words a card can hold: signed number, per cent, base month, or what stands in the way."""
    _ = locale.gettext
    if value.hidden:
        return _("vertailu puuttuu: {month} salattu").format(month=locale.month_short(value.month))
    if value.base_month is None:
        return _("ei vertailukuukautta")
    base = locale.month_short(value.base_month)
    if value.comparability == "break":
        return _("ei vertailukelpoinen: tilastokatkos {month}").format(
            month=locale.month_short(value.break_month or value.month)
        )
    if value.within_noise:
        return _("ei erotu vaihtelusta ({month}: {n})").format(month=base, n=locale.number(value.base))
    about = _("noin") + " " if value.rounded else ""
    share = "" if np.isnan(value.ratio) else f" ({locale.signed_percent(value.ratio - 1)})"
    text = _("{change} vrt. {month}").format(change=f"{about}{locale.signed(value.change)}{share}", month=base)
    return text + ("*" if value.comparability == "possible_break" else "")


def short_age(locale: Locale, published: pd.Timestamp, today: pd.Timestamp) -> str:
    """The age of a release in a table: ``12 pv``, ``3 kk``."""
    _ = locale.gettext
    days = max(0, (today - published).days)
    if days < FRESH_DAYS:
        return _("{n} pv").format(n=days)
    months = round(days / 30.44)
    return _("{n} kk").format(n=months) if months < 24 else _("{n} v").format(n=months // 12)


def arrow(value: Reading) -> str:
    """The direction of a change: a dot within noise or where months do not compare."""
    if not value.moved:
        return "●"
    return "▲" if value.change > 0 else "▼"


def metric(
    locale: Locale, label: str, shown: str, value: Reading | None, definition: str, beside: str | None = None
) -> None:
    """A card of one measure: its definition behind the question mark, under the number ``beside`` and its change."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, shown, help=definition)
        lines = [beside] if beside is not None else []
        if value is not None:
            lines.append(f":gray[{arrow(value)} {change(locale, value)}]")
        st.markdown("  \n".join(lines))


def chart_block(
    locale: Locale,
    *,
    key: str,
    claim: str,
    subtitle: str,
    draw: Callable[[theme.Palette], theme.Chart],
    table: pd.DataFrame,
    data: pd.DataFrame,
    provenance: Sequence[Provenance],
    definition: str,
    note: str | None = None,
) -> None:
    """A chart with its claim (also its text alternative), unit and area, numbers, downloads and source.

    ``table``: what a person reads, formatted; ``data``: the same rows with codes and status, for the CSV files.
    """
    _ = locale.gettext
    st.markdown(f"#### {claim}", anchors=False)
    st.caption(subtitle)
    spec = _specification((key, mode(), *view_identity()), locale, draw)
    st.vega_lite_chart(spec=spec, theme=None, alt=claim, key=f"chart-{key}", width="stretch")
    if note:
        st.caption(note)
    source = source_line(locale, provenance)
    left, right = st.columns([0.74, 0.26], vertical_alignment="top")
    left.caption(source)
    numbers = right.popover(
        _("Luvut"),
        help=_("Luvut taulukkona, määritelmä ja lataukset"),
        width="stretch",
        key=f"numbers-{key}",
        on_change="rerun",
    )
    if numbers.open:
        with numbers:
            st.markdown(f"**{claim}**")
            licences = sorted({licence_word(locale, origin.licence) for origin in provenance})
            terms = _("Lisenssi: {names}.").format(names="; ".join(licences))
            st.caption(f"{subtitle}. {definition} {terms}")
            st.table(table, hide_index=True, height=320 if len(table) > 8 else "content", alt=claim)
            _downloads(
                locale,
                key,
                claim,
                subtitle,
                source,
                draw,
                data.assign(definition=definition, licence="; ".join(licences)),
            )


@st.cache_data(max_entries=256, show_spinner=False)
def _specification(
    identity: tuple[str, ...], _locale: Locale, _draw: Callable[[theme.Palette], theme.Chart]
) -> dict[str, Any]:
    """A chart as it is sent, kept by what determines it: its key, the theme, the snapshot and the address."""
    palette = theme.PALETTES["dark" if identity[1] == "dark" else "light"]
    specification: dict[str, Any] = theme.configure(_draw(palette), palette, _locale).to_dict()
    return specification


def view_identity() -> tuple[str, ...]:
    """The snapshot read and every field of the address: equal ones draw equal views."""
    return (str(st.session_state.get(SNAPSHOT_KEY)), *(str(field) for field in state.get_state().model_dump().values()))


def _downloads(
    locale: Locale,
    key: str,
    claim: str,
    subtitle: str,
    source: str,
    draw: Callable[[theme.Palette], theme.Chart],
    data: pd.DataFrame,
) -> None:
    _ = locale.gettext

    def image(kind: Literal["png", "svg"]) -> Callable[[], bytes]:
        def render() -> bytes:
            light = theme.PALETTES["light"]
            title = alt.TitleParams(
                textwrap.wrap(claim, 84),
                subtitle=[*textwrap.wrap(subtitle, 120), *textwrap.wrap(_plain(source), 120)],
                anchor="start",
                fontSize=18,
                subtitleFontSize=13,
                color=light.text,
            )
            chart = theme.configure(draw(light).properties(width=960, title=title, background="white"), light, locale)
            if kind == "svg":
                drawing = io.StringIO()
                chart.save(drawing, format="svg")
                return drawing.getvalue().encode()
            picture = io.BytesIO()
            chart.save(picture, format="png", ppi=144)
            return picture.getvalue()

        return render

    def csv(separator: str, decimal: str) -> Callable[[], bytes]:
        # A byte order mark tells Finnish Excel that the file is UTF-8.
        encoding = "utf-8-sig" if separator == ";" else "utf-8"
        rows = data.drop(columns=["fetch_id"], errors="ignore").assign(source=_plain(source))
        return lambda: rows.to_csv(index=False, sep=separator, decimal=decimal).encode(encoding)

    files = [
        (
            "CSV (Excel)",
            f"{key}.csv",
            "text/csv",
            csv(";", ","),
            _("Puolipisteet ja desimaalipilkut: suomalaiseen Exceliin"),
        ),
        ("CSV", f"{key}-en.csv", "text/csv", csv(",", "."), _("Pilkut ja desimaalipisteet")),
        ("PNG", f"{key}.png", "image/png", image("png"), _("Kuva esitykseen")),
        ("SVG", f"{key}.svg", "image/svg+xml", image("svg"), _("Vektorikuva painoon")),
    ]
    with st.container(horizontal=True):
        for label, name, mime, make, tip in files:
            st.download_button(label, make, name, mime, key=f"{key}-{label}", help=tip, on_click="ignore")


def _plain(markdown: str) -> str:
    return markdown.split(" · [")[0]


def source_line(locale: Locale, provenance: Sequence[Provenance]) -> str:
    """``Lähde: …`` with publisher, table, release, reliability, licence, and what the product computed."""
    _ = locale.gettext
    parts = []
    for origin in provenance:
        line = f"{origin.publisher}, {_lower_initial(locale, origin.statistic)} ({origin.table})"
        if origin.published is not None:
            line += ", " + _("julkaistu {day}").format(day=locale.moment(origin.published.to_pydatetime()))
        if origin.reliability != "complete":
            line += ", " + reliability_word(locale, origin.reliability)
        parts.append(line)
    text = _("Lähde: {sources}").format(sources="; ".join(parts))
    if any(origin.computed for origin in provenance):
        text += " · " + _("laskettu palvelussa")
    links = {origin.verify_url for origin in provenance if origin.verify_url}
    return text + "".join(f" · [{_('tarkista')}]({url})" for url in sorted(links))


def _lower_initial(locale: Locale, text: str) -> str:
    """A statistic's name inside a sentence: English keeps the capitals of a title."""
    return text if locale.language == "en" or not text[1:2].islower() else text[:1].lower() + text[1:]


def licence_word(locale: Locale, licence: str) -> str:
    """The terms of a source in words; a plain name such as CC BY 4.0 needs none."""
    _ = locale.gettext
    return {
        "not confirmed": _("ei vahvistettu"),
        "NLOD, not confirmed": _("NLOD, ei vahvistettu"),
        "as the statistic": _("kuten tilaston"),
        "facts of public bulletins": _("julkisten tiedotteiden tietoja"),
        "terms of the original producer": _("alkuperäisen tuottajan ehdot"),
        "CC BY 4.0 for indicators of THL, else terms of the producer": _(
            "THL:n indikaattorit CC BY 4.0, muut tuottajan"
        ),
        "CC BY 4.0; ESCO: Commission Decision 2011/833/EU": _("CC BY 4.0; ESCO: komission päätös 2011/833/EU"),
        "CC BY 4.0; Eurostat: Commission Decision 2011/833/EU": _("CC BY 4.0; Eurostat: komission päätös 2011/833/EU"),
        "Commission Decision 2011/833/EU": _("komission päätös 2011/833/EU"),
        "CC BY 4.0, not confirmed": _("CC BY 4.0, ei vahvistettu"),
        "by permission: counts only, no posting is kept or passed on": _(
            "luvalla: vain määrät, ilmoituksia ei tallenneta eikä luovuteta"
        ),
    }.get(licence, licence)


def reliability_word(locale: Locale, reliability: str) -> str:
    _ = locale.gettext
    return {
        "complete": _("virallinen julkaisu"),
        "transcribed": _("virallinen julkaisu, siirretty taulukosta"),
        "first_release": _("ensijulkaisu, osin johdettu"),
        "outdated": _("virallinen julkaisu, vanhentunut"),
        "rounded": _("tiedotteen pyöristettyjä lukuja"),
    }[reliability]


def events_list(locale: Locale, events: pd.DataFrame, marks: Mapping[str, str]) -> None:
    """Events with their mark in the chart, direction, phase and source. They annotate, they do not explain."""
    _ = locale.gettext
    if events.empty:
        st.caption(_("Ei kirjattuja tapahtumia."))
        return
    phases = {"plan": _("suunnitelma"), "decision": _("päätös"), "outcome": _("toteuma")}
    signs = {-1: "▼ " + _("heikentävä"), 0: "● " + _("toimi tai puitteet"), 1: "▲ " + _("vahvistava")}
    with st.container(height=430, border=False):
        for _i, event in events.iterrows():
            mark = marks.get(event["event_id"], "")
            words = [signs[int(event["direction"])]]
            if isinstance(event["phase"], str):
                words.append(phases[event["phase"]])
            if event["confidence"] != "confirmed":
                words.append(_("likimääräinen tai vahvistamaton"))
            date = event_date(locale, event["start_date"], event["end_date"], event["precision"])
            st.markdown(
                (f"**{mark}** · " if mark else "")
                + f"**{date}** · {event['title']}  \n:gray[{' · '.join(words)}]{_links(locale, event['source_url'])}"
            )
    st.caption(_("Tapahtumat ovat merkintöjä aikajanalla. Ne eivät selitä lukujen muutoksia."))


def event_date(locale: Locale, start: str, end: str | None, precision: str) -> str:
    """A date as precisely as it is known: ``20.4.2021``, ``4/2021``, ``III/2021``, ``2021``."""
    first = _one_date(locale, start, precision)
    if isinstance(end, str) and end:
        return f"{first}{DASH}{_one_date(locale, end, precision)}"
    return first


def _one_date(locale: Locale, text: str, precision: str) -> str:
    day = pd.Timestamp(text)
    if precision == "y":
        return str(day.year)
    if precision == "q":
        return f"{('I', 'II', 'III', 'IV')[day.quarter - 1]}/{day.year}"
    if precision == "m" or len(text) == 7:
        return locale.month_short(day)
    return locale.day(day)


def _links(locale: Locale, source: object) -> str:
    if not isinstance(source, str) or not source:
        return ""
    found = [part.strip() for part in source.split(" | ")]
    return "".join(f" · [{locale.gettext('lähde')}]({url})" if url.startswith("http") else f" · {url}" for url in found)


def bullets(title: str, lines: Sequence[str]) -> None:
    st.markdown(f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines))


def missing(locale: Locale, what: str) -> None:
    """A view whose figures this snapshot lacks: says so, and how to get them."""
    _ = locale.gettext
    st.info(
        _("{what}: lukuja ei ole tässä aineistossa. Hae ne komennolla `python -m loaders refresh`.").format(what=what),
        icon="ℹ️",
    )


def count_text(locale: Locale, value: float, status: str) -> str:
    """A count in a table, or in words why there is none."""
    _ = locale.gettext
    if status == "suppressed":
        return f"1{DASH}4, " + _("salattu")
    if np.isnan(value):
        return _("ei saatavilla")
    return locale.number(value)
