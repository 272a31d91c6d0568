"""What only the tourism view has: its seasons, the winters over years, who moves first, stays per inhabitant."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from indicators import seasonality, tourism
from ui import beveridge, case_view, definitions, frame, origins, parts, state, store
from ui.case_view import CHART_HEIGHT, CaseFigures
from ui.charts import intervals, season
from ui.charts import tourism as charts
from ui.locales import DASH, Locale
from ui.parts import Provenance
from ui.readings import UNEMPLOYED, VACANCIES, monthly
from ui.theme import Chart, Palette

NIGHTS = "nights"
PANDEMIC_YEARS = (2020, 2021)
PANDEMIC_WINTERS = ("2019/20", "2020/21")
PAIRS = ((VACANCIES, UNEMPLOYED), (NIGHTS, VACANCIES), (NIGHTS, UNEMPLOYED))
MAX_LAG = 6
FEWEST_MONTHS = 12 + tourism.FEWEST_PAIRS + MAX_LAG
FEW_WINTERS = 4  # so many lines can carry their names
YEARS_SHOWN = 3

First = Literal["leader", "follower", "together", "unrelated", "unsure"]


@dataclass(frozen=True)
class Series:
    """One monthly series of the view.

    ``rows`` by month start: value, lower, upper, hidden (parts), status; ``value`` of a sum with hidden parts is the
    middle of its range.
    """

    code: str
    name: str
    area: str
    unit: str
    rows: pd.DataFrame
    provenance: Sequence[Provenance]

    @property
    def values(self) -> pd.Series:
        return monthly(self.rows["value"])


@dataclass(frozen=True)
class Winters:
    """Tourism years in rows, November to October in columns; ``complete`` in order, the share of winter of each."""

    layout: pd.DataFrame
    complete: list[str]
    share: pd.Series

    @property
    def latest(self) -> str:
        return self.complete[-1]

    @property
    def incomplete(self) -> list[str]:
        return [name for name in self.layout.index if name not in self.complete]

    @property
    def earlier(self) -> pd.Series:
        """The share of winter of the complete tourism years before the latest one."""
        return self.share[self.complete[:-1]]


@dataclass(frozen=True)
class Lead:
    """Correlations by lag of two series, with and without the pandemic years, and which of the two moves first.

    ``without`` is None where too few months are left to tell.
    """

    found: pd.DataFrame
    without: pd.DataFrame | None
    first: First


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
        ).format(last=years[-1])
        if store.hotel_nights(figures.view.snapshot.snapshot_id).empty
        else None,
    )
    st.segmented_control(_("Vuosi"), years, default=years[0], key=key, required=True)


def all_series(figures: CaseFigures) -> dict[str, Series]:
    """Vacancies and unemployed of the tourism municipalities and nights of Lapland, those this snapshot has."""
    locale = figures.locale
    _ = locale.gettext
    view = figures.view
    area = case_view.definition_name(locale, figures.case)
    found = {}
    for code, name in ((VACANCIES, _("Avoimet paikat")), (UNEMPLOYED, _("Työttömät"))):
        rows = figures.series[
            (figures.series["group"] == figures.standing.group) & (figures.series["measure"] == code)
        ].set_index("month")
        status = np.where(rows["hidden"] > 0, "suppressed", "published")
        found[code] = Series(
            code,
            name,
            area,
            _("kuukauden lopussa"),
            rows.assign(value=rows["value"].fillna((rows["lower"] + rows["upper"]) / 2), status=status),
            figures.provenance,
        )
    nights = store.nights(view.snapshot.snapshot_id)
    total = nights[nights["residence"] == "total"].set_index("month")
    if len(total):
        found[NIGHTS] = Series(
            NIGHTS,
            _("Yöpymiset"),
            _("koko Lappi"),
            _("kuukaudessa"),
            total.assign(lower=total["value"], upper=total["value"], hidden=0),
            origins.of_fetches(view, total["fetch_id"].unique().tolist()),
        )
    return found


def lay_out(values: pd.Series) -> Winters | None:
    """Monthly values by tourism year, or None where no tourism year has its twelve months."""
    layout = tourism.season_by_winter(values)
    complete = [name for name in layout.index if name not in layout.attrs["incomplete"]]
    return Winters(layout, complete, tourism.winter_share(values)) if complete else None


def winters_block(figures: CaseFigures) -> None:
    """One line a tourism year of nights, vacancies or unemployed, the latest complete one against those before."""
    locale = figures.locale
    _ = locale.gettext
    series = all_series(figures)
    known = {code: found for code, one in series.items() if (found := lay_out(one.values)) is not None}
    if not known:
        parts.missing(locale, _("Täydet matkailuvuodet"))
        return
    wanted = state.get_state().measure
    code = wanted if wanted in known else max(known, key=lambda one: len(known[one].complete))
    _draw_winters(figures, series[code], known[code])
    if len(known) > 1:
        key = f"winter-series-{locale.language}"
        st.session_state[key] = code
        st.segmented_control(
            _("Sarja"),
            [one for one in (NIGHTS, VACANCIES, UNEMPLOYED) if one in known],
            key=key,
            format_func=lambda one: series[one].name,
            on_change=partial(frame.take, "measure", key),
            required=True,
        )


def winter_claim(locale: Locale, code: str, found: Winters) -> str:
    """The winter half of the latest complete tourism year against the ones before."""
    _ = locale.gettext
    winter = found.layout.columns.isin(tourism.WINTER)
    now = found.layout.loc[found.latest].to_numpy()
    texts = {
        NIGHTS: _("Marras–huhtikuun osuus yöpymisistä {season}: {share}{earlier}"),
        VACANCIES: _(
            "Avoimia paikkoja {season}: marras–huhtikuussa keskimäärin {winter}, touko–lokakuussa {summer}; "
            "talven osuus {share}{earlier}"
        ),
        UNEMPLOYED: _(
            "Työttömiä {season}: marras–huhtikuussa keskimäärin {winter}, touko–lokakuussa {summer}; "
            "talven osuus {share}{earlier}"
        ),
    }
    before = found.earlier
    return texts[code].format(
        season=found.latest,
        winter=locale.number(float(now[winter].mean())),
        summer=locale.number(float(now[~winter].mean())),
        share=locale.percent(found.share[found.latest], 0),
        earlier=", " + _("aiemmin {range}").format(range=locale.percent_range(before.min(), before.max()))
        if len(before)
        else "",
    )


def _draw_winters(figures: CaseFigures, one: Series, found: Winters) -> None:
    locale = figures.locale
    _ = locale.gettext
    rows = one.rows.sort_index()
    days = pd.DatetimeIndex(rows.index)
    printed = _printed_winters(locale, rows, found)
    places = [int(month) for month in found.layout.columns]
    long = pd.DataFrame(
        [
            {
                "season": name,
                "place": place,
                "value": found.layout.loc[name, month],
                "month_name": locale.month_name(month, "LLL"),
                "count": printed.loc[name, month],
                "latest": name == found.latest,
                "dashed": name in PANDEMIC_WINTERS,
                "labelled": name == found.latest or len(found.complete) <= FEW_WINTERS,
            }
            for name in found.complete
            for place, month in enumerate(places, start=1)
        ]
    )

    def draw(palette: Palette) -> Chart:
        return charts.winters(
            long,
            palette=palette,
            colour={
                NIGHTS: palette.nights,
                VACANCIES: palette.vacancies,
                UNEMPLOYED: palette.subject.get(figures.standing.group, palette.unemployed),
            }[one.code],
            y_title=one.name + ", " + one.unit,
            winter_name=_("marras–huhtikuu"),
            tooltip=[("season", _("Matkailuvuosi")), ("month_name", _("Kuukausi")), ("count", one.name)],
            height=CHART_HEIGHT,
        )

    table = printed[::-1].rename(columns=str)
    shares = [DASH if np.isnan(share) else locale.percent(share, 0) for share in found.share[table.index]]
    table.insert(0, _("Matkailuvuosi"), table.index)
    table.insert(1, _("Talven osuus"), shares)
    start = days.year - (days.month < places[0])
    parts.chart_block(
        locale,
        key=f"talvet-{one.code.lower()}",
        claim=winter_claim(locale, one.code, found),
        subtitle=_("{name} {unit} matkailuvuosittain marraskuusta lokakuuhun, {area}. {lines}").format(
            name=one.name, unit=one.unit, area=one.area, lines=_lines_text(locale, found)
        ),
        draw=draw,
        table=table,
        data=rows.reset_index(names="month").assign(
            month=days.strftime("%Y-%m"),
            season=[f"{year}/{(year + 1) % 100:02d}" for year in start],
            measure=one.code,
            area=one.area,
        )[["season", "month", "measure", "area", "value", "lower", "upper", "status"]],
        provenance=one.provenance,
        definition=" ".join(
            [
                definitions.definition(locale, "season_by_winter"),
                _("Avoimista paikoista ja työttömistä talven osuus lasketaan kuukausien lopun luvuista."),
                definitions.with_formula(locale, "winter_share"),
            ]
        ),
        note=" ".join(_winter_notes(locale, one, found, rows)),
    )


def _lines_text(locale: Locale, found: Winters) -> str:
    _ = locale.gettext
    before = found.complete[:-1]
    if not before:
        return _("Viiva on {latest}").format(latest=found.latest)
    return _("Värillinen viiva on {latest}, harmaat {first}{dash}{last}").format(
        latest=found.latest, first=before[0], last=before[-1], dash=DASH
    )


def _winter_notes(locale: Locale, one: Series, found: Winters, rows: pd.DataFrame) -> list[str]:
    _ = locale.gettext
    notes = []
    dashed = [name for name in found.complete if name in PANDEMIC_WINTERS]
    if dashed:
        notes.append(
            _("Katkoviiva: pandemian matkailuvuodet {seasons}, merkintänä eikä selityksenä.").format(
                seasons=", ".join(dashed)
            )
        )
    if found.incomplete:
        notes.append(
            _("Kaikkia kuukausia ei ole, joten ei viivaa: {seasons}.").format(seasons=", ".join(found.incomplete))
        )
    hidden = int((rows["hidden"] > 0).sum())
    if hidden:
        notes.append(_hidden_note(locale, hidden))
    if one.code == NIGHTS and set(rows["status"]) != {"published"}:
        notes.append(_("Osa kuukausista on ensijulkaisuja, osa johdettu vuosimuutoksesta."))
    return notes


def _hidden_note(locale: Locale, months: int) -> str:
    return locale.ngettext(
        "{n} kuukaudessa kuntaluku on salattu: luku on haarukan keskikohta.",
        "{n} kuukaudessa kuntalukuja on salattu: luku on haarukan keskikohta.",
        months,
    ).format(n=locale.number(months))


def _printed_winters(locale: Locale, rows: pd.DataFrame, found: Winters) -> pd.DataFrame:
    """The layout in words: a range where a part is hidden, a dash where there is no figure."""
    low, high = (tourism.season_by_winter(monthly(rows[end])) for end in ("lower", "upper"))
    cells = {
        month: [
            DASH if np.isnan(below) else locale.interval(below, above)
            for below, above in zip(low[month], high[month], strict=True)
        ]
        for month in found.layout.columns
    }
    return pd.DataFrame(cells, index=found.layout.index)


def lead_of(leader: pd.Series, follower: pd.Series) -> Lead | None:
    """Which of two monthly series moves first, or None where they have too few months in common.

    A lead is told only where the lags outside the band all lie on one side of zero, and where they still do when the
    pandemic years are hidden: neighbouring lags correlate, so that the largest of them alone says little.
    """
    months = pd.PeriodIndex(leader.index.intersection(follower.index))
    if len(months) < FEWEST_MONTHS:
        return None
    # A month of zero has no logarithm: it is left out, knowingly.
    first, second = (one.reindex(months).where(lambda values: values > 0) for one in (leader, follower))
    found = _correlations(first, second)
    if found is None:
        return None
    without = _correlations(first.where(~months.year.isin(PANDEMIC_YEARS)), second)
    told = moves_first(found)
    if told in ("leader", "follower") and (without is None or moves_first(without) != told):
        told = "unsure"
    return Lead(found, without, told)


def _correlations(first: pd.Series, second: pd.Series) -> pd.DataFrame | None:
    """None where too few pairs of months have both values, or one of the two never changes."""
    try:
        return tourism.lead_lag(first, second, MAX_LAG)
    except ValueError:
        return None


def moves_first(found: pd.DataFrame) -> First:
    """``together`` where lags of both sides, or none of the two, lie outside the band."""
    outside = found.index[found["correlation"].abs() > found["upper"]]
    if outside.empty:
        return "unrelated"
    if (outside > 0).all():
        return "leader"
    return "follower" if (outside < 0).all() else "together"


def lead_claim(locale: Locale, lead: Lead, leader: str, follower: str) -> str:
    """Which moves first and by how many months, or that it cannot be told. Names are those of the series."""
    _ = locale.gettext
    a, b = (leader, follower) if lead.first != "follower" else (follower, leader)
    lag = lead.found.attrs["lag"]
    opposite = bool(lead.found.loc[lag, "correlation"] < 0)
    if lead.first in ("leader", "follower"):
        text = (
            locale.ngettext(
                "{a} liikkuvat ensin, {b} vastakkaiseen suuntaan {n} kuukauden kuluttua",
                "{a} liikkuvat ensin, {b} vastakkaiseen suuntaan {n} kuukauden kuluttua",
                abs(lag),
            )
            if opposite
            else locale.ngettext(
                "{a} liikkuvat ensin, {b} samaan suuntaan {n} kuukauden kuluttua",
                "{a} liikkuvat ensin, {b} samaan suuntaan {n} kuukauden kuluttua",
                abs(lag),
            )
        )
    elif lead.first == "together":
        text = (
            _("{a} ja {b} liikkuvat vastakkaisiin suuntiin, mutta kumpi ensin, ei erotu")
            if opposite
            else _("{a} ja {b} liikkuvat samaan suuntaan, mutta kumpi ensin, ei erotu")
        )
    elif lead.first == "unsure":
        text = _("{a} vai {b} ensin, ei erotu: tulos ei säily ilman pandemiavuosia")
    else:
        text = _("{a} vai {b} ensin, ei erotu: muutokset eivät seuraa toisiaan selvästi")
    return text.format(a=a, b=_lowered(b), n=abs(lag))


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _lag_text(locale: Locale, lag: int, leader: str, follower: str) -> str:
    _ = locale.gettext
    if lag == 0:
        return _("samaan aikaan")
    return _("{name} {n} kk edellä").format(name=_lowered(leader if lag > 0 else follower), n=abs(lag))


def lead_block(figures: CaseFigures) -> None:
    """Correlation of the yearly changes of two series by the months between them: which moves first."""
    locale = figures.locale
    _ = locale.gettext
    series = all_series(figures)
    known = {
        f"{a}-{b}": (series[a], series[b], lead)
        for a, b in PAIRS
        if a in series and b in series and (lead := lead_of(series[a].values, series[b].values)) is not None
    }
    if not known:
        parts.missing(locale, _("Vähintään {n} kuukautta molemmista sarjoista").format(n=FEWEST_MONTHS))
        return
    key = "lead-pair"
    kept = st.session_state.get(key)
    chosen = kept if kept in known else next(iter(known))
    a, b, lead = known[chosen]
    _draw_lead(figures, a, b, lead, series)
    if len(known) > 1:
        st.segmented_control(
            _("Sarjat"),
            list(known),
            default=chosen,
            key=key,
            format_func=lambda one: f"{known[one][0].name} {DASH} {_lowered(known[one][1].name)}",
            required=True,
        )


def _draw_lead(figures: CaseFigures, a: Series, b: Series, lead: Lead, series: dict[str, Series]) -> None:
    locale = figures.locale
    _ = locale.gettext
    found, best = lead.found, lead.found.attrs["lag"]
    texts = [_lag_text(locale, lag, a.name, b.name) for lag in found.index]
    shown = found.reset_index().assign(
        outside=(found["correlation"].abs() > found["upper"]).to_numpy(),
        label=[locale.signed(r, 2) if lag == best else "" for lag, r in found["correlation"].items()],
        who=texts,
        r=[locale.signed(r, 2) for r in found["correlation"]],
        limit=[f"±{locale.number(limit, 2)}" for limit in found["upper"]],
    )

    def draw(palette: Palette) -> Chart:
        return charts.lags(
            shown,
            palette=palette,
            colour=palette.subject.get(figures.standing.group, palette.unemployed),
            x_title=_("kuukautta"),
            y_title=_("korrelaatio"),
            left=_("{name} edellä").format(name=_lowered(b.name)),
            right=_("{name} edellä").format(name=_lowered(a.name)),
            tooltip=[("who", _("Viive")), ("r", _("Korrelaatio")), ("limit", _("Sattuman raja"))],
            height=CHART_HEIGHT,
        )

    months = a.values.index.intersection(b.values.index)
    parts.chart_block(
        locale,
        key=f"edella-{a.code.lower()}-{b.code.lower()}",
        claim=lead_claim(locale, lead, a.name, b.name),
        subtitle=_(
            "Logaritmisten vuosimuutosten korrelaatio viiveittäin, {area}, {first}{dash}{last}. "
            "Harmaa alue: sattuman rajat kaikille viiveille yhdessä, 95 %"
        ).format(
            area=a.area if a.area == b.area else f"{a.area}; {b.area}",
            first=locale.month_short(months[0].to_timestamp()),
            last=locale.month_short(months[-1].to_timestamp()),
            dash=DASH,
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Viive"): texts,
                _("Korrelaatio"): shown["r"],
                _("Sattuman raja"): shown["limit"],
                _("Kuukausipareja"): [locale.number(n) for n in found["n"]],
            }
        ),
        data=found.reset_index().assign(leader=a.code, follower=b.code),
        provenance=a.provenance if a.provenance == b.provenance else [*a.provenance, *b.provenance],
        definition=definitions.with_formula(locale, "lead_lag"),
        note=" ".join(_lead_notes(locale, a, b, lead, series)),
    )


def _lead_notes(locale: Locale, a: Series, b: Series, lead: Lead, series: dict[str, Series]) -> list[str]:
    _ = locale.gettext
    notes = [_("Edeltäminen ei ole syy: molemmat voivat seurata jotakin kolmatta.")]
    years = f"{PANDEMIC_YEARS[0]}{DASH}{PANDEMIC_YEARS[-1]}"
    if lead.without is None:
        notes.append(_("Ilman vuosia {years} kuukausia on liian vähän.").format(years=years))
    else:
        lag = lead.without.attrs["lag"]
        notes.append(
            _("Ilman vuosia {years} vahvin yhteys: {when}, {r} (raja ±{limit}).").format(
                years=years,
                when=_lag_text(locale, lag, a.name, b.name),
                r=locale.signed(lead.without.loc[lag, "correlation"], 2),
                limit=locale.number(lead.without.loc[lag, "upper"], 2),
            )
        )
    shape = season_note(locale, a, b)
    if shape is not None:
        notes.append(shape)
    hidden = max(int((one.rows["hidden"] > 0).sum()) for one in (a, b))
    if hidden:
        notes.append(_hidden_note(locale, hidden))
    nights = series.get(NIGHTS)
    if nights is not None:
        run = len(beveridge.longest_run(nights.values.to_frame()))
        if run < FEWEST_MONTHS:
            notes.append(
                _("Yöpymisten sarja on lyhyt: {n} peräkkäistä kuukautta, tarvitaan {need}.").format(
                    need=FEWEST_MONTHS, n=run
                )
            )
    return notes


def season_note(locale: Locale, a: Series, b: Series) -> str | None:
    """Peaks and troughs of the average year of both, of the full years they share without the pandemic years."""
    both = pd.DataFrame({"a": a.values, "b": b.values}).dropna()
    counts = both.groupby(pd.PeriodIndex(both.index).year).size()
    years = [int(year) for year in counts[counts == 12].index if year not in PANDEMIC_YEARS]
    if not years:
        return None
    profiles = seasonality.monthly_profile(both[pd.PeriodIndex(both.index).year.isin(years)])
    shape = tourism.season_shift(profiles["a"], profiles["b"])
    months = {name: locale.month_whole(int(shape[name])) for name in ("peak_a", "trough_a", "peak_b", "trough_b")}
    return locale.gettext(
        "Keskimääräinen vuosi {first}{dash}{last} ilman pandemiavuosia: {a}, huippu {peak_a} ja pohja {trough_a}; "
        "{b}, huippu {peak_b} ja pohja {trough_b}."
    ).format(first=years[0], last=years[-1], dash=DASH, a=_lowered(a.name), b=_lowered(b.name), **months)


def population_by_year(rows: pd.DataFrame, region: str) -> pd.Series:
    """Population of the region by year: as published, else the sum of its municipalities where each has a figure.

    ``rows``: area_code, year, value.
    """
    table = rows.pivot(index="year", columns="area_code", values="value")
    members = table.drop(columns=region, errors="ignore")
    summed = members.sum(axis="columns", skipna=False)
    own = table[region] if region in table.columns else summed * np.nan
    return own.fillna(summed).dropna()


def yearly_totals(values: pd.Series) -> pd.Series:
    """Sums of the calendar years that have all their twelve months, by year; of others there are none."""
    by_year = values.dropna().groupby(pd.DatetimeIndex(values.dropna().index).year)
    return by_year.sum()[by_year.size() == 12]


def intensity_by_year(nights: pd.Series, population: pd.Series) -> pd.DataFrame:
    """nights, population and intensity of each year that has both; no rows where there is none."""
    table = pd.DataFrame({"nights": yearly_totals(nights), "population": population}).dropna()
    if table.empty:
        return table.assign(intensity=np.nan)
    return table.assign(intensity=tourism.tourism_intensity(table["nights"], table["population"]))


def intensity_block(figures: CaseFigures) -> None:
    """Overnight stays per inhabitant: Lapland by year, and its municipalities where their nights are loaded."""
    left, right = st.columns(2, gap="large")
    population = store.population_of_lapland(figures.view.snapshot.snapshot_id)
    with left:
        _lapland_intensity(figures, population)
    with right:
        _municipal_intensity(figures, population)


def _lapland_intensity(figures: CaseFigures, population: pd.DataFrame) -> None:
    locale = figures.locale
    _ = locale.gettext
    nights = store.nights(figures.view.snapshot.snapshot_id)
    total = nights[nights["residence"] == "total"].set_index("month")
    by_year = intensity_by_year(total["value"], population_by_year(population, store.REGION)).tail(YEARS_SHOWN)
    if by_year.empty:
        parts.missing(locale, _("Yöpymiset asukasta kohden"))
        return
    latest = by_year.index[-1]
    st.markdown(
        "#### "
        + _("Lapissa oli {n} yöpymistä asukasta kohden vuonna {year}").format(
            n=locale.number(by_year.loc[latest, "intensity"], 1), year=latest
        ),
        anchors=False,
    )
    for column, (year, row) in zip(st.columns(YEARS_SHOWN), by_year.iterrows(), strict=False):
        with column:
            parts.metric(
                locale,
                str(year),
                locale.number(row["intensity"], 1),
                None,
                definitions.definition(locale, "tourism_intensity"),
                beside=_("{nights} yöpymistä, {people} asukasta").format(
                    nights=locale.number(row["nights"]), people=locale.number(row["population"])
                ),
            )
    used = population[population["year"].isin(by_year.index)]
    fetches = [*total["fetch_id"].unique().tolist(), *used["fetch_id"].unique().tolist()]
    words = _("Koko Lappi: yöpymiset täysinä kalenterivuosina, väkiluku vuoden lopussa.")
    source = parts.source_line(locale, origins.of_fetches(figures.view, fetches))
    st.caption(f"{words} {definitions.definition(locale, 'tourism_intensity')}  \n{source}")


@dataclass(frozen=True)
class MunicipalIntensity:
    """Nights in hotels per inhabitant of one year by municipality, highest first; NaN where a month is hidden.

    ``threshold`` is the lowest of the case's own municipalities; ``outside`` those beyond the case that reach it.
    """

    year: int
    table: pd.DataFrame
    lowest: str
    threshold: float
    outside: list[str]


def municipal_intensity(
    hotels: pd.DataFrame, population: pd.DataFrame, members: Sequence[str]
) -> MunicipalIntensity | None:
    """Of the latest year in which a member has nights of twelve months and a population; None where none has.

    ``hotels``: area_code, month, value; ``population``: area_code, year, value.
    """
    if hotels.empty:
        return None
    totals = pd.DataFrame(
        {code: yearly_totals(rows.set_index("month")["value"]) for code, rows in hotels.groupby("area_code")}
    )
    people = population.pivot(index="year", columns="area_code", values="value").reindex_like(totals)
    reached = totals.notna() & people.notna()
    years = reached.index[reached[[code for code in members if code in reached]].any(axis="columns")]
    if years.empty:
        return None
    year = years[-1]
    intensity = tourism.tourism_intensity(totals.loc[year], people.loc[year])
    own = intensity.reindex(list(members)).dropna()
    threshold = float(own.min())
    if threshold == 0:
        return None
    table = tourism.tourism_municipalities(intensity, threshold).assign(
        nights=totals.loc[year], population=people.loc[year], member=intensity.index.isin(members)
    )
    table = table.sort_values("intensity", ascending=False)
    outside = table.index[(table["tourism"].fillna(False) & ~table["member"]).to_numpy(dtype=bool)]
    return MunicipalIntensity(int(year), table, str(own.idxmin()), threshold, list(outside))


def _municipal_intensity(figures: CaseFigures, population: pd.DataFrame) -> None:
    locale = figures.locale
    _ = locale.gettext
    snapshot_id = figures.view.snapshot.snapshot_id
    hotels = store.hotel_nights(snapshot_id)
    found = municipal_intensity(hotels, population, figures.case.municipalities)
    if found is None:
        parts.missing(locale, _("Hotelliyöpymiset kunnittain (StatFin 11lm)"))
        return
    names = store.areas(snapshot_id, locale.language)["name"].to_dict()
    seen = found.table.dropna(subset=["intensity"])
    labels = [locale.number(value, 1) for value in seen["intensity"]]
    rows = pd.DataFrame(
        {
            "name": [names[code] for code in seen.index],
            "value": seen["intensity"].to_numpy(),
            "lower": 0.0,
            "upper": seen["intensity"].to_numpy(),
            "label": labels,
            "counts": [
                _("{nights} yöpymistä, {people} asukasta").format(nights=locale.number(n), people=locale.number(p))
                for n, p in zip(seen["nights"], seen["population"], strict=True)
            ],
        }
    )

    def draw(palette: Palette) -> Chart:
        own = palette.subject.get(figures.standing.group, palette.unemployed)
        return intervals.intervals(
            rows.assign(colour=np.where(seen["member"], own, palette.other)),
            palette=palette,
            tooltip=[("name", _("Kunta")), ("label", _("Yöpymisiä asukasta kohden")), ("counts", _("Luvut"))],
            reference=found.threshold,
            reference_name=_("rajauksen matalin"),
            row_height=26,
        )

    notes = [
        _(
            "Värilliset ovat palvelun omassa rajauksessa, jota tämä luku ei muuta. Katkoviiva on rajauksen matalin "
            "kunta: {name}, {n}."
        ).format(name=names[found.lowest], n=locale.number(found.threshold, 1))
    ]
    if found.outside:
        notes.append(
            _("Rajauksen ulkopuolelta viivalle yltävät: {names}.").format(
                names=", ".join(str(names[code]) for code in found.outside)
            )
        )
    unseen = [str(names[code]) for code in found.table.index[found.table["intensity"].isna()]]
    if unseen:
        notes.append(_("Ei lasketa, koska kuukausia puuttuu tai on salattu: {names}.").format(names=", ".join(unseen)))
    used = population[(population["year"] == found.year) & population["area_code"].isin(seen.index)]
    fetches = [*hotels["fetch_id"].unique().tolist(), *used["fetch_id"].unique().tolist()]
    parts.chart_block(
        locale,
        key=f"intensiteetti-{found.year}",
        claim=_("Eniten hotelliyöpymisiä asukasta kohden {year}: {name}, {n}").format(
            year=found.year, name=names[seen.index[0]], n=labels[0]
        ),
        subtitle=_("Hotellien yöpymiset vuodessa asukasta kohden, Lapin kunnat, {year}").format(year=found.year),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Kunta"): rows["name"],
                _("Yöpymisiä asukasta kohden"): labels,
                _("Yöpymiset"): [locale.number(n) for n in seen["nights"]],
                _("Väkiluku"): [locale.number(n) for n in seen["population"]],
            }
        ),
        data=found.table.rename_axis("area_code").reset_index().assign(year=found.year),
        provenance=origins.of_fetches(figures.view, fetches),
        definition=" ".join(
            definitions.with_formula(locale, code) for code in ("tourism_intensity", "tourism_municipalities")
        ),
        note=" ".join(notes),
    )
