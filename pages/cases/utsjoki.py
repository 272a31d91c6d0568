"""Utsjoki: local change in small counts, with intervals, twelve-month means, and the neighbours across the border."""

import numpy as np
import pandas as pd
import streamlit as st
from babel.lists import format_list

from indicators import seasonality, uncertainty
from ui import case_view, headlines, origins, parts, store
from ui.case_view import CHART_HEIGHT, CaseFigures
from ui.charts import counts, lines
from ui.locales import Locale
from ui.readings import UNEMPLOYED, Standing, monthly
from ui.theme import Chart, Palette

AREA = "KU890"
INARI = "KU148"
FINNMARK = "NO-56"
NEIGHBOURS = ("NO-5628", "NO-5636", "NO-5610")  # Tana, Nesseby, Karasjok
INDEX_YEAR = 2019


def headline(locale: Locale, place: str, now: Standing, lapland: Standing | None) -> str:
    return headlines.small_case(locale, place, now)


def blocks(figures: CaseFigures) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        counts_block(figures)
    with right:
        neighbours_block(figures)
    left, right = st.columns(2, gap="large")
    with left:
        population_block(figures)
    with right:
        case_view.both_sides_block(figures)


def counts_block(figures: CaseFigures) -> None:
    """Unemployed jobseekers with the exact Poisson interval of each month and the mean of twelve."""
    locale = figures.locale
    _ = locale.gettext
    rows = figures.series[(figures.series["group"] == "utsjoki") & (figures.series["measure"] == UNEMPLOYED)]
    known = rows[rows["value"].notna()].set_index("month")["value"].sort_index()
    interval = uncertainty.poisson_interval(known)
    means = seasonality.rolling_mean(monthly(known), months=12)
    table = pd.DataFrame(
        {
            "month": known.index,
            "value": known.to_numpy(),
            "lower": interval["lower"].to_numpy(),
            "upper": interval["upper"].to_numpy(),
            "mean": means.reindex(pd.PeriodIndex(pd.DatetimeIndex(known.index), freq="M")).to_numpy(),
        }
    )
    table = table[table["month"] >= case_view.first_month(figures.month)]
    now = table[table["month"] <= figures.month].iloc[-1]
    limit = float(np.ceil(uncertainty.detection_limit(float(now["value"]))))
    claim = _("{n} työtöntä: tästä luvusta ei näe alle {limit} hengen muutosta").format(
        n=locale.number(now["value"]), limit=locale.number(limit)
    )
    shown = table.assign(
        text=[
            f"{locale.number(v)} ({locale.interval(low, high)})"
            for v, low, high in zip(table["value"], table["lower"], table["upper"], strict=True)
        ]
    )

    def draw(palette: Palette) -> Chart:
        return counts.counts(
            shown,
            palette=palette,
            locale=locale,
            colour=palette.subject["utsjoki"],
            y_title=_("työtöntä työnhakijaa"),
            interval_name=_("95 %:n väli"),
            mean_name=_("12 kk:n keskiarvo"),
            height=CHART_HEIGHT,
        )

    printed = pd.DataFrame(
        {
            _("Kuukausi"): [locale.month(m) for m in shown["month"]],
            _("Työttömiä"): [locale.number(v) for v in shown["value"]],
            _("95 %:n väli"): [
                locale.interval(low, high) for low, high in zip(shown["lower"], shown["upper"], strict=True)
            ],
            _("12 kk:n keskiarvo"): [_("ei tietoa") if np.isnan(v) else locale.number(v, 1) for v in shown["mean"]],
        }
    ).iloc[::-1]
    parts.chart_block(
        locale,
        key="utsjoki-luvut",
        claim=claim,
        subtitle=_("Työttömät työnhakijat kuukauden lopussa ja 95 %:n väli, Utsjoki"),
        draw=draw,
        table=printed,
        data=table.assign(month=table["month"].dt.strftime("%Y-%m"), area_code=AREA, measure=UNEMPLOYED),
        provenance=figures.provenance,
        definition=_(
            "Väli on tarkka Poisson-väli (Garwood 1936). Rekisteriluku on täydellinen: väli "
            "kertoo, millaisen luvun toinen "
            "samanlainen kuukausi voisi antaa, ei otantavirhettä."
        ),
    )


def neighbours_block(figures: CaseFigures) -> None:
    """Twelve-month means against their level in one year: levels do not compare across the border, changes do."""
    locale = figures.locale
    _ = locale.gettext
    view = figures.view
    snapshot = view.snapshot.snapshot_id
    finnish = store.series(snapshot, (AREA, INARI), (UNEMPLOYED,))
    norwegian = store.norway_unemployed(snapshot, (FINNMARK,), "fully_unemployed", "persons")
    if norwegian.empty:
        parts.missing(locale, _("Finnmark (Norja)"))
        return
    raw = {
        AREA: finnish[finnish["group"] == AREA].set_index("month")["value"],
        INARI: finnish[finnish["group"] == INARI].set_index("month")["value"],
        FINNMARK: norwegian.set_index("month")["value"],
    }
    frames = []
    for code, values in raw.items():
        whole = monthly(values)
        level = whole[pd.PeriodIndex(whole.index).year == INDEX_YEAR].mean()
        mean = seasonality.rolling_mean(whole, months=12).dropna()
        months = pd.PeriodIndex(mean.index).to_timestamp()
        frames.append(
            pd.DataFrame(
                {"group": code, "month": months, "value": 100 * mean.to_numpy() / level, "mean": mean.to_numpy()}
            )
        )
    table = pd.concat(frames, ignore_index=True)
    table = table[table["month"] >= case_view.first_month(figures.month)]
    last = table[table["group"] == FINNMARK].iloc[-1]
    claim = _("Finnmarkin työttömiä oli 12 kuukauden keskiarvona {month} {n} prosenttia vuoden {year} tasosta").format(
        month=locale.month_in(last["month"]), n=locale.number(last["value"]), year=INDEX_YEAR
    )
    names = {AREA: "Utsjoki", INARI: "Inari", FINNMARK: "Finnmark"}
    labels = store.areas(snapshot, locale.language)
    names[INARI] = str(labels.loc[INARI, "name"])

    def draw(palette: Palette) -> Chart:
        return lines.lines(
            table.assign(note=[locale.number(v, 1) for v in table["mean"]])[["group", "month", "value", "note"]],
            palette=palette,
            locale=locale,
            colours={AREA: palette.subject["utsjoki"], INARI: palette.other, FINNMARK: palette.subject[FINNMARK]},
            names=names,
            y_title=_("vuosi {year} = 100").format(year=INDEX_YEAR),
            step=pd.DateOffset(months=1),
            number_format=".0f",
            height=CHART_HEIGHT,
        )

    wide = table.pivot(index="month", columns="group", values="value")[list(names)].sort_index(ascending=False)
    printed = wide.map(lambda v: _("ei tietoa") if np.isnan(v) else locale.number(v)).rename(columns=names)
    printed.insert(0, _("Kuukausi"), [locale.month(m) for m in wide.index])
    parts.chart_block(
        locale,
        key="naapurit",
        claim=claim,
        subtitle=_("Työttömät, 12 kuukauden keskiarvo, vuosi {year} = 100. Finnmark on Norjan lääni").format(
            year=INDEX_YEAR
        ),
        draw=draw,
        table=printed,
        data=table.assign(month=table["month"].dt.strftime("%Y-%m")),
        provenance=[*figures.provenance, *origins.of_sources(view, ["nav:registered-unemployed"], computed=True)],
        definition=_(
            "Norjan luku on NAV:n kokonaan työttömät (helt ledige). Määritelmät eroavat: vertaa muutoksia, älä tasoja."
        ),
        note=_("Norjassa työssä käyvien määrä ei ole tiedossa.")
        + without_neighbours(figures, norwegian["month"].max()),
    )


def population_block(figures: CaseFigures) -> None:
    """Inhabitants at the end of each year, with the years the data lack left open."""
    locale = figures.locale
    _ = locale.gettext
    rows = store.population(figures.view.snapshot.snapshot_id, (AREA,))
    if rows.empty:
        parts.missing(locale, _("Väestö"))
        return
    rows = rows.dropna(subset=["value"])
    yearly = rows.drop_duplicates("year").set_index("year")["value"].sort_index()
    last, reference = int(yearly.index[-1]), int(yearly.index[-2])
    ratio = yearly[last] / yearly[reference] - 1
    values = {"n": locale.number(yearly[last]), "year": last, "then": reference, "share": locale.percent(abs(ratio), 1)}
    claim = (
        _("Utsjoella oli {n} asukasta vuoden {year} lopussa, {share} vähemmän kuin vuonna {then}")
        if ratio < 0
        else _("Utsjoella oli {n} asukasta vuoden {year} lopussa, {share} enemmän kuin vuonna {then}")
    ).format(**values)
    yearly = yearly[yearly.index >= 1990]
    table = pd.DataFrame(
        {
            "group": AREA,
            "month": pd.to_datetime([f"{year}-01-01" for year in yearly.index]),
            "value": yearly.to_numpy(),
            "note": "",
        }
    )

    def draw(palette: Palette) -> Chart:
        return lines.lines(
            table,
            palette=palette,
            locale=locale,
            colours={AREA: palette.subject["utsjoki"]},
            names={AREA: "Utsjoki"},
            y_title=_("asukasta 31.12."),
            step=pd.DateOffset(years=1),
            number_format=",.0f",
            height=CHART_HEIGHT,
        )

    printed = pd.DataFrame(
        {_("Vuosi"): [str(y) for y in yearly.index[::-1]], _("Asukkaita"): [locale.number(v) for v in yearly[::-1]]}
    )
    parts.chart_block(
        locale,
        key="vaesto",
        claim=claim,
        subtitle=_("Väkiluku vuoden lopussa, Utsjoki") + missing_years(locale, yearly.index),
        draw=draw,
        table=printed,
        data=rows,
        provenance=origins.of_fetches(figures.view, rows["fetch_id"].unique().tolist(), computed=False),
        definition=_("Vakinainen väestö 31.12. Tilastokeskus, väestörakenne.") + by_sotkanet(locale, rows),
    )


def without_neighbours(figures: CaseFigures, last: pd.Timestamp) -> str:
    """A sentence that the municipalities across the border have no figure of the county's last year; or nothing."""
    rows = store.norway_unemployed(figures.view.snapshot.snapshot_id, NEIGHBOURS, "fully_unemployed", "persons")
    if (rows["month"] > last - pd.DateOffset(years=1)).any():
        return ""
    return " " + figures.locale.gettext("Tanan, Nessebyn ja Karasjoen lukuja ei ole.")


def missing_years(locale: Locale, years: pd.Index) -> str:
    """A sentence that names the years between the first and the last that have no figure; nothing when all have."""
    absent = [str(year) for year in range(years.min(), years.max()) if year not in years]
    if not absent:
        return ""
    if len(absent) == 1:
        return ". " + locale.gettext("Vuosi {year} puuttuu aineistosta").format(year=absent[0])
    return ". " + locale.gettext("Vuodet {years} puuttuvat aineistosta").format(
        years=format_list(absent, locale=locale.babel)
    )


def by_sotkanet(locale: Locale, rows: pd.DataFrame) -> str:
    """A sentence that names the years whose figure came through Sotkanet; nothing when none did."""
    years = rows.loc[rows["measure"] == "sotkanet_127", "year"]
    if years.empty:
        return ""
    return " " + locale.gettext("Vuosien {first}–{last} luvut Sotkanetin kautta.").format(
        first=years.min(), last=years.max()
    )


case_view.render("utsjoki", blocks, headline)
