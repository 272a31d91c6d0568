"""The blocks of the cross-case picture."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from ui import definitions, frame, headlines, origins, parts, store
from ui.charts import bars, lines, maps
from ui.frame import View
from ui.locales import DASH, Locale
from ui.mismatch import POOLED, Mismatch
from ui.origins import Provenance
from ui.readings import UNEMPLOYED, VACANCIES, Standing, common_months, last_gap, standing
from ui.theme import Chart, Palette

THRESHOLDS = (10.0, 20.0, 40.0, 80.0)
HISTORY_YEARS = 14
SHORT_HISTORY = 5  # fewer years than this have no peak worth a title
COLOUR_WORDS = {"meri-lappi": "blue", "matkailu": "orange", "utsjoki": "green"}
PAGES = {"meri-lappi": "cases/meri_lappi.py", "matkailu": "cases/tourism.py", "utsjoki": "cases/utsjoki.py"}


def provenance(view: View, figures: pd.DataFrame, month: pd.Timestamp) -> list[Provenance]:
    """Sources of a month's figures, the newest release first."""
    used = figures.loc[figures["month"] == month, "fetch_id"].unique().tolist()
    return origins.of_fetches(view, used)


@st.cache_data(max_entries=64, show_spinner=False)
def standings(
    snapshot_id: str, groups: tuple[str, ...], measures: tuple[str, ...], month: pd.Timestamp
) -> dict[str, Standing]:
    """Both sides of every group's market in a month; a group without one of them is left out."""
    figures = store.series(snapshot_id, groups, measures)
    breaks = store.breaks(snapshot_id, "fi")
    found = {group: standing(figures, group, month, breaks) for group in groups}
    return {group: value for group, value in found.items() if value is not None}


def card(locale: Locale, group: str, standing: Standing) -> None:
    """One area: tightness, both sides with their changes, and a way in."""
    _ = locale.gettext
    name = frame.group_names(locale)[group]
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f":{COLOUR_WORDS.get(group, 'gray')}[■] **{name}**")
        st.metric(
            _("Paikkoja / 100 työtöntä"),
            headlines.per_hundred(locale, standing),
            help=definitions.definition(locale, "tightness"),
        )
        st.markdown(
            _("**{n}** työtöntä ({share} työvoimasta)").format(
                n=headlines.count(locale, standing.unemployed), share=headlines.share(locale, standing)
            )
            + f"  \n:gray[{parts.arrow(standing.unemployed)} {parts.change(locale, standing.unemployed)}]"
        )
        st.markdown(
            _("**{n}** avointa paikkaa").format(n=headlines.count(locale, standing.vacancies))
            + f"  \n:gray[{parts.arrow(standing.vacancies)} {parts.change(locale, standing.vacancies)}]"
        )
        if group in PAGES:
            st.page_link(f"pages/{PAGES[group]}", label=_("Avaa näkymä") + " →")


def change_note(locale: Locale, standings: Mapping[str, Standing]) -> None:
    """What the asterisk and the dot of the cards mean, said once."""
    _ = locale.gettext
    readings = [r for s in standings.values() for r in (s.unemployed, s.vacancies)]
    lines_ = []
    if any(r.comparability == "possible_break" and not r.within_noise for r in readings):
        months = sorted(
            {r.break_month for r in readings if r.comparability == "possible_break" and r.break_month is not None}
        )
        lines_.append(
            "\\"
            + _("* Välissä on mahdollinen tilastokatkos ({months}): vertaa varoen.").format(
                months=", ".join(locale.month_short(m) for m in months)
            )
        )
    if any(r.years > 1 for r in readings):
        lines_.append(_("Vertailu on viimeisin sama kuukausi, jolta luku on olemassa."))
    if any(r.within_noise for r in readings):
        lines_.append(
            _("”Ei erotu vaihtelusta”: muutos on pienempi kuin pienin, jonka tällaisista luvuista näkee (95 %).")
        )
    if lines_:
        st.caption(" ".join(lines_))


def map_block(view: View, month: pd.Timestamp, rows: pd.DataFrame, provenance: Sequence[Provenance]) -> None:
    """Vacancies per hundred unemployed in each municipality; hidden ones hatched with their range."""
    locale = view.locale
    _ = locale.gettext
    table = municipal_table(view, rows)
    ranked = table[table["value"].notna()].sort_values("value")
    if ranked.empty:
        parts.missing(locale, _("Kuntien luvut"))
        return
    top, bottom = ranked.iloc[-1], ranked.iloc[0]
    # A hidden municipality has at least one vacancy: where that may be less than the lowest shown, no lowest is named.
    hidden_floor = (100 / table.loc[table["value"].isna(), "unemployed"]).min()
    sure = not hidden_floor < bottom["value"]
    text = (
        _("Eniten paikkoja työttömiin nähden: {top} ({high}), vähiten: {bottom} ({low})")
        if sure
        else _("Eniten paikkoja työttömiin nähden: {top} ({high})")
    )
    claim = text.format(
        top=plain_name(top["name"]),
        high=locale.number(top["value"]),
        bottom=plain_name(bottom["name"]),
        low=locale.number(bottom["value"]),
    )
    boundaries = store.boundaries(view.snapshot.snapshot_id, "FI")
    neighbours = store.boundaries(view.snapshot.snapshot_id, "NO")
    edges = [locale.number(t) for t in THRESHOLDS]
    labels = [
        f"< {edges[0]}",
        *[f"{low}{DASH}{locale.number(high - 1)}" for low, high in zip(edges, THRESHOLDS[1:], strict=False)],
        f"≥ {edges[-1]}",
    ]

    def draw(palette: Palette) -> Chart:
        return maps.choropleth(
            boundaries,
            table.assign(label=table["value"].map(lambda v: "" if np.isnan(v) else locale.number(v))),
            neighbours=neighbours[neighbours["area_code"].isin(NEIGHBOURS)],
            thresholds=THRESHOLDS,
            class_labels=labels,
            legend_title=_("paikkaa / 100 työtöntä"),
            tooltip=[
                ("name", _("Kunta")),
                ("shown", _("Paikkoja / 100 työtöntä")),
                ("unemployed_text", _("Työttömiä")),
                ("vacancies_text", _("Avoimia paikkoja")),
            ],
            palette=palette,
            height=CHART_HEIGHT + 40,
        )

    hidden = table.loc[table["value"].isna(), "name"]
    parts.chart_block(
        locale,
        key="kartta",
        claim=claim,
        subtitle=_("Avoimia paikkoja sataa työtöntä kohden, Lapin 21 kuntaa, {month}").format(
            month=locale.month(month)
        ),
        draw=draw,
        table=table.sort_values("value", ascending=False).rename(
            columns={
                "name": _("Kunta"),
                "shown": _("Paikkoja / 100 työtöntä"),
                "unemployed_text": _("Työttömiä"),
                "vacancies_text": _("Avoimia paikkoja"),
            }
        )[[_("Kunta"), _("Paikkoja / 100 työtöntä"), _("Työttömiä"), _("Avoimia paikkoja")]],
        data=_with_names(view, rows.assign(month=month.strftime("%Y-%m"))).merge(
            table[["area_code", "value"]].rename(columns={"value": "vacancies_per_100_unemployed"}),
            on="area_code",
            how="left",
        ),
        provenance=[*provenance, *origins.of_sources(view, ["statfin:kunta4500k", "kartverket:kommuner"])],
        definition=definitions.with_formula(locale, "tightness"),
        note=_("Viivoitettu: luku salattu (1{dash}4): {names}").format(dash=DASH, names=", ".join(hidden))
        if len(hidden)
        else None,
    )


NEIGHBOURS = ("NO-5612", "NO-5610", "NO-5628", "NO-5636", "NO-5605")
CHART_HEIGHT = 350


def municipal_table(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """area_code, name, value (vacancies per 100 unemployed), unemployed, and texts with hidden figures in words."""
    locale = view.locale
    names = store.areas(view.snapshot.snapshot_id, locale.language)
    counts = rows.pivot(index="area_code", columns="measure", values="value").drop(index=store.REGION, errors="ignore")
    status = rows.pivot(index="area_code", columns="measure", values="status")
    value = 100 * counts[VACANCIES] / counts[UNEMPLOYED].where(counts[UNEMPLOYED] > 0)
    table = pd.DataFrame(
        {"area_code": counts.index, "value": value.to_numpy(), "unemployed": counts[UNEMPLOYED].to_numpy()}
    )
    table["name"] = [place_name(names, code) for code in counts.index]
    for column, measure in (("unemployed_text", UNEMPLOYED), ("vacancies_text", VACANCIES)):
        table[column] = [parts.count_text(locale, counts.loc[c, measure], status.loc[c, measure]) for c in counts.index]
    table["shown"] = [
        _hidden_range(locale, counts.loc[c, UNEMPLOYED]) if np.isnan(v) else locale.number(v)
        for c, v in zip(table["area_code"], table["value"], strict=True)
    ]
    return table


def _with_names(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a file with the name of each area behind the figures."""
    names = store.areas(view.snapshot.snapshot_id, view.locale.language)["name"]
    return rows.assign(name=rows["area_code"].map(names))


def _hidden_range(locale: Locale, unemployed: float) -> str:
    """Vacancies per hundred unemployed when 1 to 4 vacancies are hidden."""
    if np.isnan(unemployed) or unemployed == 0:
        return locale.gettext("salattu")
    return locale.interval(100 / unemployed, 400 / unemployed, 0 if unemployed < 100 else 1)


def place_name(names: pd.DataFrame, code: str) -> str:
    """The name, with the Northern Sámi one beside it where confirmed."""
    name, sami = str(names.loc[code, "name"]), names.loc[code, "name_se"]
    return f"{name} · {sami}" if isinstance(sami, str) and sami and sami != name else name


def plain_name(name: str) -> str:
    """The name alone, for running text."""
    return name.split(" · ")[0]


def history_block(view: View, month: pd.Timestamp, figures: pd.DataFrame, provenance: Sequence[Provenance]) -> None:
    """The same month of each year: tightness by case, a gap where a side of the market is missing."""
    locale = view.locale
    _ = locale.gettext
    names = frame.group_names(locale)
    groups = [*COLOUR_WORDS, store.REGION, store.COUNTRY]
    table = same_month_tightness(figures, groups, month)
    recent = table[table["month"] > month - pd.DateOffset(years=HISTORY_YEARS)]
    lapland = recent[recent["group"] == store.REGION].set_index("month")["value"]
    peak = pd.DatetimeIndex(lapland.index)[int(lapland.to_numpy().argmax())]
    values = {
        "when": locale.month_in(peak),
        "high": locale.number(100 * lapland.max()),
        "now_when": locale.month_in(month),
        "now": locale.number(100 * lapland.to_dict()[month]),
    }
    if len(lapland) < SHORT_HISTORY:
        claim = _("Lapissa {now_when}: {now} paikkaa sataa työtöntä kohden").format(**values)
    elif peak == month:
        claim = _("Lapissa eniten paikkoja työttömiin nähden {now_when}: {now}").format(**values)
    else:
        claim = _("Lapissa eniten paikkoja työttömiin nähden {when}: {high}; {now_when}: {now}").format(**values)
    shown = recent.assign(value=recent["value"] * 100, note="")

    def draw(palette: Palette) -> Chart:
        return lines.lines(
            shown,
            palette=palette,
            locale=locale,
            colours={g: palette.subject[g] for g in groups},
            names={g: names[g] for g in groups},
            y_title=_("Avoimia paikkoja / 100 työtöntä"),
            step=pd.DateOffset(years=1),
            number_format=".0f",
            height=CHART_HEIGHT,
            quiet=("utsjoki",),
        )

    wide = (
        recent.pivot(index="month", columns="group", values="value").reindex(columns=groups).sort_index(ascending=False)
    )
    printed = wide.map(lambda v: _("ei tietoa") if np.isnan(v) else locale.number(100 * v)).rename(columns=names)
    printed.insert(0, _("Kuukausi"), [locale.month(m) for m in printed.index])
    parts.chart_block(
        locale,
        key="kireys",
        claim=claim,
        subtitle=_("Avoimia paikkoja sataa työtöntä kohden, joka vuosi {month}").format(
            month=locale.month_inside(month.month)
        ),
        draw=draw,
        table=printed,
        data=recent.assign(month=recent["month"].dt.strftime("%Y-%m")),
        provenance=provenance,
        definition=definitions.with_formula(locale, "tightness"),
        note=" ".join(
            [
                *gap_note(locale, common_months(figures, [store.REGION, *COLOUR_WORDS], (UNEMPLOYED, VACANCIES))),
                _("Utsjoen luvut ovat pieniä: sen viiva heiluu sattumasta."),
                _("Koko maan paikoissa on tilastokatkos keväällä 2024."),
            ]
        ),
    )


def gap_note(locale: Locale, months: pd.DatetimeIndex) -> list[str]:
    """Which months lack one side of the market, where any do."""
    gap = last_gap(months)
    if gap is None:
        return []
    text = locale.gettext("Viiva katkeaa, kun toisen puolen kuntaluvut puuttuvat ({first}{dash}{last}).")
    return [text.format(first=locale.month_short(gap[0]), last=locale.month_short(gap[1]), dash=DASH)]


def same_month_tightness(figures: pd.DataFrame, groups: Sequence[str], month: pd.Timestamp) -> pd.DataFrame:
    """group, month, unemployed, vacancies, value (V/U) for the same calendar month of every year to ``month``."""
    rows = figures[
        figures["group"].isin(groups)
        & figures["measure"].isin((UNEMPLOYED, VACANCIES))
        & (figures["month"].dt.month == month.month)
        & (figures["month"] <= month)
        & ~figures["rounded"]
    ]
    wide = rows.pivot(index=["group", "month"], columns="measure", values="value").dropna().reset_index()
    wide = wide.rename(columns={UNEMPLOYED: "unemployed", VACANCIES: "vacancies"})
    return wide.assign(value=wide["vacancies"] / wide["unemployed"].where(wide["unemployed"] > 0))


def mismatch_block(view: View, month: pd.Timestamp, result: Mismatch | None, provenance: Sequence[Provenance]) -> None:
    """Municipal contributions to Lapland's mismatch, by side, in order of size."""
    locale = view.locale
    _ = locale.gettext
    if result is None:
        parts.missing(locale, _("Kuntien molemmat puolet"))
        return
    names = store.areas(view.snapshot.snapshot_id, locale.language)
    table = result.parts.copy()
    hidden_names = ", ".join(str(names.loc[c, "name"]) for c in result.hidden)
    table["name"] = [
        locale.ngettext("{n} salattu kunta", "{n} salattua kuntaa", members).format(n=members)
        if code == POOLED
        else str(names.loc[code, "name"])
        for code, members in zip(table["cell"], table["members"], strict=True)
    ]
    table["text"] = [_share_text(locale, row) for _i, row in table.iterrows()]
    table = table.sort_values("share", ascending=False)
    shown = table[table["share"] >= 0.005].head(12)
    rest = len(table) - len(shown)
    positive, negative = shown[shown["signed"] > 0], shown[shown["signed"] < 0]
    claim = _("Suhteessa eniten paikkoja: {more}; työttömiä: {fewer}").format(
        more=", ".join(positive["name"].head(2)) or DASH, fewer=", ".join(negative["name"].head(2)) or DASH
    )
    case_of = municipality_case()

    def draw(palette: Palette) -> Chart:
        data = shown.assign(
            value=shown["signed"] * 100,
            colour=[palette.subject.get(case_of.get(code, ""), palette.other) for code in shown["cell"]],
            label=shown["text"],
            side_text=[
                _("paikkoja suhteessa enemmän") if s > 0 else _("työttömiä suhteessa enemmän") for s in shown["signed"]
            ],
        )
        return bars.signed_bars(
            data[["name", "value", "colour", "label", "side_text"]],
            palette=palette,
            locale=locale,
            left=_("työttömiä enemmän"),
            right=_("paikkoja enemmän"),
            tooltip=[("name", _("Kunta")), ("label", _("Osuus epäsuhdasta")), ("side_text", _("Suunta"))],
            height=CHART_HEIGHT,
        )

    index = locale.interval(100 * result.lower, 100 * result.upper, 1)
    printed = pd.DataFrame(
        {
            _("Kunta"): table["name"],
            _("Osuus epäsuhdasta"): table["text"],
            _("Suunta"): [_("paikkoja enemmän") if s > 0 else _("työttömiä enemmän") for s in table["signed"]],
        }
    )
    notes = [_("Väri kertoo tapauksen: sininen Meri-Lappi, oranssi matkailu, vihreä Utsjoki.")]
    if result.hidden:
        notes.append(_("Salatut kunnat yhdessä: {names}.").format(names=hidden_names))
    if rest:
        notes.append(
            locale.ngettext("{n} pienempi osuus vain luvuissa.", "{n} pienempää osuutta vain luvuissa.", rest).format(
                n=rest
            )
        )
    parts.chart_block(
        locale,
        key="epasuhta",
        claim=claim,
        subtitle=_("Kuntien osuudet Lapin kohtaanto-epäsuhdasta ({index} % kohtaamisista), {n} kuntaa, {month}").format(
            index=index, n=result.cells, month=locale.month(month)
        ),
        draw=draw,
        table=printed,
        data=table[["cell", "name", "share", "lower", "upper", "side", "unemployed", "vacancies", "members"]]
        .rename(columns={"cell": "area_code"})
        .assign(month=month.strftime("%Y-%m")),
        provenance=provenance,
        definition=definitions.with_formula(locale, "mismatch_contributions"),
        note=" ".join(notes),
    )


def municipality_case() -> dict[str, str]:
    """The case a municipality belongs to, for its colour; Ylitornio belongs to none by default."""
    definitions = store.case_definitions()
    return {code: case for case in COLOUR_WORDS for code in definitions[case].municipalities}


def _share_text(locale: Locale, row: pd.Series) -> str:
    """``+21 %``, or both ends ``−6…−10 %`` where hidden cells leave a range."""
    sign = 1 if row["signed"] > 0 else -1
    low, high = (locale.signed_percent(sign * row[end]) for end in ("lower", "upper"))
    return low if low == high else f"{low.rstrip('%').rstrip()}…{high}"


def notes(view: View, month: pd.Timestamp, standings: Mapping[str, Standing]) -> None:
    """Definitions and caveats of the view, and the way to the sources."""
    locale = view.locale
    _ = locale.gettext
    st.divider()
    left, right = st.columns(2, gap="large")
    with left:
        parts.bullets(
            _("Näin luet lukuja"),
            [
                definitions.named(locale, code)
                for code in ("tightness", "register_share", "mismatch_index", "mismatch_contributions")
            ],
        )
    with right:
        parts.bullets(
            _("Muista"),
            [
                _(
                    "Luku 1{dash}4 on salattu. Salattu ei ole nolla; "
                    "summat, joissa on salattuja osia, näytetään haarukkana."
                ).format(dash=DASH),
                _(
                    "Meri-Lappi on tässä Kemi-Tornion seutukunta (5 kuntaa). "
                    "Kuuden kunnan työllisyysalue on valittavissa Meri-Lapin näkymässä."
                ),
                _("Matkailukunnat on palvelun oma rajaus: {names}.").format(
                    names=", ".join(
                        str(store.areas(view.snapshot.snapshot_id, locale.language).loc[c, "name"])
                        for c in store.case_definitions()["matkailu"].municipalities
                    )
                ),
                _("Muutoksia verrataan samaan kuukauteen, koska kausivaihtelu on suurempaa kuin vuosimuutos."),
                _("Luvuista ei voi päätellä syitä."),
            ],
        )
