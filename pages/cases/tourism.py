"""Tourism: nights against vacancies and unemployed over the year, and the occupations that carry the season."""

import pandas as pd
import streamlit as st

from indicators import seasonality
from ui import case_view, headlines, origins, parts, store
from ui.case_view import CHART_HEIGHT, CaseFigures
from ui.charts import season
from ui.readings import UNEMPLOYED, VACANCIES, monthly
from ui.theme import Chart, Palette

INDUSTRIES = ("I", "N78", "N79", "R93")


def blocks(figures: CaseFigures) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        season_block(figures)
    with right:
        case_view.both_sides_block(figures)
    left, right = st.columns(2, gap="large")
    with left:
        case_view.occupations_block(figures)
    with right:
        case_view.industries_block(figures, INDUSTRIES)


def season_block(figures: CaseFigures) -> None:
    """Nights of Lapland, vacancies and unemployed of the tourism municipalities by calendar month of one full year."""
    locale = figures.locale
    _ = locale.gettext
    nights = store.nights(figures.view.snapshot.snapshot_id)
    total = nights[nights["residence"] == "total"].set_index("month")
    own = figures.series[figures.series["group"] == figures.standing.group]
    sides = own.pivot(index="month", columns="measure", values="value")
    table = pd.DataFrame(
        {"nights": total["value"], "vacancies": sides[VACANCIES], "unemployed": sides[UNEMPLOYED]}
    ).dropna()
    complete = table.groupby(pd.DatetimeIndex(table.index).year).size()
    years = [int(year) for year in complete[complete == 12].index]
    if not years:
        parts.missing(locale, _("Yöpymiset, avoimet paikat ja työttömät samalta vuodelta"))
        return
    key = "season-year"
    year = int(st.session_state.get(key) or years[0])
    chosen = table[pd.DatetimeIndex(table.index).year == year]
    profile = seasonality.monthly_profile(chosen.apply(monthly))
    counts = {str(name): profile[name].to_numpy(dtype=float) for name in profile.columns}
    peaks = {name: int(values.argmax()) + 1 for name, values in counts.items()}
    claim = _(
        "Yöpymisten huippu on {nights}, avointen paikkojen {vacancies} ja työttömien {unemployed} ({year})"
    ).format(year=year, **{name: locale.month_inside(month) for name, month in peaks.items()})
    names = {
        "nights": _("Yöpymiset"),
        "vacancies": _("Avoimet paikat"),
        "unemployed": _("Työttömät"),
    }
    long = pd.DataFrame(
        [
            {
                "group": name,
                "number": month,
                "month_name": locale.month_name(month, "LLL"),
                "index": 100 * counts[name][month - 1] / counts[name].mean(),
                "count": locale.number(counts[name][month - 1]),
            }
            for name in names
            for month in range(1, 13)
        ]
    )

    def draw(palette: Palette) -> Chart:
        return season.profile(
            long,
            palette=palette,
            names=names,
            colours={"nights": palette.nights, "vacancies": palette.vacancies, "unemployed": palette.unemployed},
            tooltip=[("month_name", _("Kuukausi")), ("name", _("Sarja")), ("count", _("Luku"))],
            height=CHART_HEIGHT,
        )

    printed = chosen.rename(columns=names).map(lambda v: locale.number(v))
    printed.insert(0, _("Kuukausi"), [locale.month(m) for m in chosen.index])
    parts.chart_block(
        locale,
        key=f"kausi-{year}",
        claim=claim,
        subtitle=_("Vuoden {year} keskikuukausi = 100. Yöpymiset koko Lapista, työmarkkinat matkailukunnista").format(
            year=year
        ),
        draw=draw,
        table=printed,
        data=chosen.assign(
            month=[day.strftime("%Y-%m") for day in chosen.index],
            nights_status=total["status"].reindex(chosen.index).to_numpy(),
        ),
        provenance=[*origins.of_fetches(figures.view, nights["fetch_id"].unique().tolist()), *figures.provenance],
        definition=_(
            "Yöpymiset: majoitusliikkeet, joissa on vähintään 20 vuodepaikkaa tai sähköistettyä "
            "matkailuvaunupaikkaa. Pienet mökit ja vertaisvuokraus ovat ulkopuolella."
        ),
        note=_(
            "Yöpymisten kuntaluvut ja vuoden {last} jälkeiset luvut puuttuvat aineistosta. "
            "Osa kuukausista on ensijulkaisuja, osa johdettu vuosimuutoksesta."
        ).format(last=years[-1]),
    )
    st.segmented_control(_("Vuosi"), years, default=years[0], key=key, required=True)


case_view.render("matkailu", blocks, headlines.case)
