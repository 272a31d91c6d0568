"""Target groups: how large a part of the unemployed each is, and in which municipalities the share is another."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from ui import frame, overview, parts, state, store, target_groups
from ui.charts import intervals
from ui.frame import View
from ui.locales import DASH, Locale
from ui.parts import Provenance
from ui.readings import UNEMPLOYED, common_months
from ui.target_groups import GROUPS
from ui.theme import Chart, Palette

AREAS = (store.REGION, "meri-lappi", "matkailu", "utsjoki", store.COUNTRY)
MEASURES = (UNEMPLOYED, *GROUPS)


def render() -> None:
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    figures = store.series(view.snapshot.snapshot_id, AREAS, MEASURES)
    figures = figures[~figures["rounded"]]
    head, choice = st.columns([0.6, 0.4], vertical_alignment="center")
    months = common_months(figures, [store.REGION], MEASURES)
    month = frame.chosen_month(months)
    with choice:
        frame.controls(locale, months, month)
    if month is None:
        parts.missing(locale, _("Kohderyhmät"))
        return
    names = target_groups.names(locale)
    wide = target_groups.wide(figures, month)
    by_group = {group: target_groups.shares(wide, group) for group in GROUPS}
    sources = overview.provenance(view, figures[figures["measure"].isin(GROUPS)], month)
    lapland = {group: float(table["share"].to_dict().get(store.REGION, np.nan)) for group, table in by_group.items()}
    with head:
        parts.kicker(locale, _("Kohderyhmät"), month, sources[0].published, view.today)
        st.markdown(_("Ketkä ovat työttöminä, ja missä ryhmän osuus poikkeaa Lapista?"))
    frame.missing_month(locale, month)
    st.title(_headline(locale, lapland), anchor=False)
    for column, group in zip(st.columns(len(GROUPS)), GROUPS, strict=True):
        with column:
            _card(locale, group, names[group], by_group[group])
    _choice(locale, names)
    group = _chosen_group()
    left, right = st.columns([0.42, 0.58], gap="large")
    with left:
        _areas_block(view, month, by_group[group], sources)
        parts.bullets(_("Muista"), _caveats(locale))
    with right:
        _municipalities_block(view, month, sources, lapland[group])


def _caveats(locale: Locale) -> list[str]:
    _ = locale.gettext
    return [
        _("Ryhmät menevät päällekkäin: sama ihminen voi kuulua useaan. Osuuksia ei voi laskea yhteen."),
        _(
            "Rekisteri laskee alle 25- ja yli 50-vuotiaat. Hankkeiden rajat, alle 30 ja yli 54 vuotta, "
            "eivät ole näissä luvuissa."
        ),
        _("Osatyökykyisiä ei tilastoida. Rekisterissä on työttömät, joilla on vamma tai pitkäaikaissairaus."),
        _("Maahan muuttaneista rekisteri kertoo ulkomaan kansalaiset, ei äidinkieltä."),
    ]


def _headline(locale: Locale, lapland: Mapping[str, float]) -> str:
    _ = locale.gettext
    (first, most), (second, next_most) = sorted(lapland.items(), key=lambda one: -np.nan_to_num(one[1], nan=-1.0))[:2]
    return _("Lapin työttömistä {first} on {share}, {second} {other}.").format(
        first=target_groups.persons(locale, first),
        share=locale.percent(most, 0),
        second=target_groups.persons(locale, second),
        other=locale.percent(next_most, 0),
    )


def _card(locale: Locale, group: str, name: str, table: pd.DataFrame) -> None:
    """The group in Lapland: share of the unemployed, persons, and the country beside it."""
    _ = locale.gettext
    share, persons = table["share"].to_dict(), table["count"].to_dict()
    with st.container(border=True, height="stretch", gap="xsmall"):
        known = not np.isnan(share[store.REGION])
        st.metric(
            name,
            locale.percent(share[store.REGION], 0) if known else _("ei tietoa"),
            help=target_groups.definition(locale, group),
        )
        lines = [_("**{n}** työtöntä Lapissa").format(n=locale.number(persons[store.REGION]))] if known else []
        country = float(share.get(store.COUNTRY, np.nan))
        if not np.isnan(country):
            lines.append(f":gray[{_('koko maassa {share}').format(share=locale.percent(country, 0))}]")
        st.markdown("  \n".join(lines))


def _areas_block(view: View, month: pd.Timestamp, shares: pd.DataFrame, sources: Sequence[Provenance]) -> None:
    """The chosen group in Lapland, the cases and the country."""
    locale = view.locale
    _ = locale.gettext
    group = _chosen_group()
    name, areas = target_groups.names(locale)[group], frame.group_names(locale)
    table = _worded(locale, shares.reindex([code for code in AREAS if code in shares.index]))
    text, lower = table["text"].to_dict(), table["lower"].to_dict()
    cases = [code for code in table.index if code not in (store.REGION, store.COUNTRY)]
    top = max(cases, key=lambda code: lower[code]) if cases else store.REGION
    claim = _("{group}: {area} {share} työttömistä, koko Lappi {lapland}").format(
        group=name, area=areas[top], share=text[top], lapland=text[store.REGION]
    )

    def draw(palette: Palette) -> Chart:
        return intervals.intervals(
            _percentages(table).assign(
                name=table.index.map(areas), colour=[palette.subject.get(code, palette.other) for code in table.index]
            ),
            palette=palette,
            tooltip=[
                ("name", _("Alue")),
                ("label", _("Osuus työttömistä ja 95 %:n väli")),
                ("persons", _("Henkilöitä")),
            ],
            row_height=46,
        )

    parts.chart_block(
        locale,
        key=f"ryhmat-{group}",
        claim=claim,
        subtitle=_("{group}, osuus työttömistä työnhakijoista ja 95 %:n väli, {month}").format(
            group=name, month=locale.month(month)
        ),
        draw=draw,
        table=_printed(locale, table, _("Alue"), [areas[code] for code in table.index]),
        data=_file(table, group, month, "group"),
        provenance=sources,
        definition=target_groups.definition(locale, group),
    )


def _municipalities_block(view: View, month: pd.Timestamp, sources: Sequence[Provenance], reference: float) -> None:
    """The chosen group by municipality against Lapland: coloured only where the difference can be told from chance."""
    locale = view.locale
    _ = locale.gettext
    group = _chosen_group()
    name = target_groups.names(locale)[group]
    rows = store.municipalities(view.snapshot.snapshot_id, month, (UNEMPLOYED, group))
    rows = rows[rows["area_code"] != store.REGION]
    places = store.areas(view.snapshot.snapshot_id, locale.language)
    shares = target_groups.shares(target_groups.published(rows), group)
    table = _worded(locale, shares).sort_values("middle", ascending=False)
    sign = target_groups.apart(table, reference)
    label = places["name"].to_dict()
    above = [str(label[code]) for code in table.index[sign == 1]]
    below = [str(label[code]) for code in table.index[sign == -1][::-1]]

    def draw(palette: Palette) -> Chart:
        colours = {1: palette.vacancies, -1: palette.nights, 0: palette.other}
        return intervals.intervals(
            _percentages(table).assign(name=table.index.map(label), colour=sign.map(colours)),
            palette=palette,
            tooltip=[
                ("name", _("Kunta")),
                ("label", _("Osuus työttömistä ja 95 %:n väli")),
                ("persons", _("Henkilöitä")),
            ],
            reference=100 * reference,
            reference_name=_("Lappi {share}").format(share=locale.percent(reference, 0)),
            row_height=27,
        )

    notes = [_("Väritetty: ero Lappiin erottuu satunnaisvaihtelusta, kun {n} vertailua otetaan huomioon.")]
    if table["share"].isna().any():
        notes.append(_("Katkoviiva: luku 1{dash}4 on salattu, viiva on koko haarukka.").format(dash=DASH))
    parts.chart_block(
        locale,
        key=f"ryhma-kunnat-{group}",
        claim=_against_lapland(locale, above, below),
        subtitle=_("{group}, osuus työttömistä työnhakijoista kunnittain ja 95 %:n väli, {month}").format(
            group=name, month=locale.month(month)
        ),
        draw=draw,
        table=_printed(locale, table, _("Kunta"), [overview.place_name(places, code) for code in table.index]),
        data=_file(table, group, month, "area_code"),
        provenance=sources,
        definition=target_groups.definition(locale, group),
        note=" ".join(notes).format(n=int(table["share"].notna().sum())),
    )


def _worded(locale: Locale, shares: pd.DataFrame) -> pd.DataFrame:
    """Areas that have a share, with ``middle`` to sort by, and ``text`` and ``persons`` in words."""
    table = shares[shares["lower"].notna()]
    texts, persons = [], []
    for share, low, high, count in zip(table["share"], table["lower"], table["upper"], table["count"], strict=True):
        ends = locale.interval(100 * low, 100 * high)
        if np.isnan(share):
            texts.append(locale.percent_range(low, high))
            persons.append(f"1{DASH}4, {locale.gettext('salattu')}")
        else:
            texts.append(locale.percent(share, 0) + (f" ({ends})" if DASH in ends else ""))
            persons.append(locale.number(count))
    middle = table["share"].fillna((table["lower"] + table["upper"]) / 2)
    return table.assign(middle=middle, text=texts, persons=persons)


def _percentages(table: pd.DataFrame) -> pd.DataFrame:
    """What the chart draws, in per cent."""
    return pd.DataFrame(
        {
            "value": 100 * table["share"],
            "lower": 100 * table["lower"],
            "upper": 100 * table["upper"],
            "label": table["text"],
            "persons": table["persons"],
        }
    )


def _printed(locale: Locale, table: pd.DataFrame, heading: str, names: Sequence[str]) -> pd.DataFrame:
    _ = locale.gettext
    return pd.DataFrame(
        {
            heading: list(names),
            _("Osuus työttömistä"): table["text"].to_list(),
            _("Henkilöitä"): table["persons"].to_list(),
            _("Työttömiä"): [locale.number(n) for n in table["all"]],
        }
    )


def _file(table: pd.DataFrame, group: str, month: pd.Timestamp, label: str) -> pd.DataFrame:
    """The rows of a chart for a file."""
    rows = table[["share", "lower", "upper", "count", "all"]].rename(columns={"all": "unemployed"})
    status = np.where(table["share"].isna(), "suppressed", "published")
    return rows.rename_axis(label).reset_index().assign(status=status, measure=group, month=month.strftime("%Y-%m"))


def _against_lapland(locale: Locale, above: Sequence[str], below: Sequence[str]) -> str:
    _ = locale.gettext
    if above and below:
        return _("Osuus on Lappia suurempi: {above}; pienempi: {below}").format(
            above=", ".join(above[:3]), below=", ".join(below[:3])
        )
    if above:
        return _("Osuus on Lappia suurempi: {above}").format(above=", ".join(above[:3]))
    if below:
        return _("Osuus on Lappia pienempi: {below}").format(below=", ".join(below[:3]))
    return _("Minkään kunnan osuus ei erotu Lapin osuudesta")


def _chosen_group() -> str:
    wanted = state.get_state().measure
    return wanted if wanted in GROUPS else GROUPS[0]


def _choice(locale: Locale, names: dict[str, str]) -> None:
    key = f"group-{locale.language}"
    st.session_state[key] = _chosen_group()
    st.segmented_control(
        locale.gettext("Kohderyhmä"),
        list(GROUPS),
        key=key,
        format_func=names.__getitem__,
        on_change=partial(frame.take, "measure", key),
        label_visibility="collapsed",
        required=True,
    )


render()
