"""The blocks of the view of changes: what differs from the expected, since when, and what can be foreseen."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from ui import definitions, frame, headlines, origins, parts, state, store
from ui.charts import adjusted as adjusted_chart
from ui.charts import bands, intervals
from ui.frame import View
from ui.headlines import Deviation, Subject
from ui.locales import DASH, Locale
from ui.parts import Provenance
from ui.readings import UNEMPLOYED, VACANCIES
from ui.theme import Chart, Palette

SUBJECTS: dict[str, Subject] = {UNEMPLOYED: "unemployed", VACANCIES: "vacancies"}
SOURCE = "statfin:12r5"
CHART_HEIGHT = 360
STEP = 3  # months ahead in the drawn track record
FORECAST_AREAS = (store.REGION, "meri-lappi", "matkailu", "utsjoki")


@dataclass(frozen=True)
class Screened:
    """The tests of one month: every municipality's count of one measure beside what was expected of it."""

    view: View
    measure: str
    month: pd.Timestamp
    rows: pd.DataFrame

    @property
    def locale(self) -> Locale:
        return self.view.locale

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.measure]

    def provenance(self) -> list[Provenance]:
        return origins.of_sources(self.view, [SOURCE], computed=True)


def subject_names(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    return {UNEMPLOYED: _("Työttömät työnhakijat"), VACANCIES: _("Avoimet paikat")}


def chosen_measure() -> str:
    wanted = state.get_state().measure
    return wanted if wanted in SUBJECTS else UNEMPLOYED


def measure_choice(locale: Locale) -> None:
    names = subject_names(locale)
    key = f"change-measure-{locale.language}"
    st.session_state[key] = chosen_measure()
    st.segmented_control(
        locale.gettext("Mitä seurataan"),
        list(names),
        key=key,
        format_func=names.__getitem__,
        on_change=partial(frame.take, "measure", key),
        label_visibility="collapsed",
        required=True,
    )


def chosen_area(found: Screened) -> str:
    """The area of the address, else the municipality with the clearest signal, else Lapland."""
    wanted = state.get_state().area
    if wanted in area_names(found.view):
        return str(wanted)
    signalled = found.rows[found.rows["signal"]].sort_values("p")
    return store.REGION if signalled.empty else str(signalled["area_code"].iloc[0])


def area_names(view: View) -> dict[str, str]:
    """Lapland, the cases and the municipalities, in this order."""
    snapshot_id = view.snapshot.snapshot_id
    names = store.areas(snapshot_id, view.locale.language)["name"]
    groups = frame.group_names(view.locale)
    towns = sorted(
        (str(names[code]), str(code))
        for code in store.boundaries(snapshot_id, "FI")["area_code"]
        if code in names.index
    )
    cases = {code: groups[code] for code in (store.REGION, "meri-lappi", "matkailu")}
    return cases | {code: name for name, code in towns}


def family_of(code: str) -> Literal["municipality", "region", "case"]:
    if code == store.REGION:
        return "region"
    return "municipality" if code.startswith("KU") else "case"


def headline(found: Screened) -> str:
    """How many of the municipalities tested differ from the expected, and which; nothing of why."""
    locale = found.locale
    _ = locale.gettext
    signalled = found.rows[found.rows["signal"]].sort_values("p")
    if signalled.empty:
        text = {
            "unemployed": _("{month} minkään kunnan työttömien määrä ei poikennut odotetusta ({n} kuntaa)."),
            "vacancies": _("{month} minkään kunnan avointen paikkojen määrä ei poikennut odotetusta ({n} kuntaa)."),
        }[found.subject]
        return headlines.opened(text.format(month=locale.month_in(found.month), n=len(found.rows)))
    names = area_names(found.view)
    text = {
        "unemployed": locale.ngettext(
            "{month} {n} kunnan työttömien määrä poikkesi odotetusta: {names}.",
            "{month} {n} kunnan työttömien määrät poikkesivat odotetusta: {names}.",
            len(signalled),
        ),
        "vacancies": locale.ngettext(
            "{month} {n} kunnan avointen paikkojen määrä poikkesi odotetusta: {names}.",
            "{month} {n} kunnan avointen paikkojen määrät poikkesivat odotetusta: {names}.",
            len(signalled),
        ),
    }[found.subject]
    marked = [
        f"{names[code]} {arrow(direction)}"
        for code, direction in zip(signalled["area_code"], signalled["direction"], strict=True)
    ]
    sentence = text.format(
        month=locale.month_in(found.month),
        n=len(signalled),
        names=", ".join(marked[:4]) + (f", +{len(marked) - 4}" if len(marked) > 4 else ""),
    )
    return headlines.opened(sentence)


def arrow(direction: str) -> str:
    return {"up": "▲", "down": "▼"}.get(direction, "●")


def screen_block(found: Screened) -> None:
    """Every municipality tested: its count in per cent of the expected, with the band that noise allows."""
    locale = found.locale
    _ = locale.gettext
    names = area_names(found.view)
    rows = found.rows.assign(ratio=100 * found.rows["observed"] / found.rows["expected"])
    rows = rows.assign(
        low=(100 * (rows["expected"] - rows["detection_limit"]) / rows["expected"]).clip(lower=0),
        high=100 * (rows["expected"] + rows["detection_limit"]) / rows["expected"],
        name=rows["area_code"].map(names),
        state=_states(rows),
    ).sort_values(["ratio"], ascending=False)
    words = state_words(locale)
    signals, watched = int(rows["signal"].sum()), int(rows["watch"].sum())
    counts = locale.ngettext(
        "{n} signaali ja {m} seurattavaa, {k} kuntaa testattu",
        "{n} signaalia ja {m} seurattavaa, {k} kuntaa testattu",
        int(rows["signal"].sum()),
    )

    def draw(palette: Palette) -> Chart:
        colours = {"signal": palette.alert, "watch": palette.vacancies, "none": palette.other}
        return intervals.deviations(
            pd.DataFrame(
                {
                    "name": rows["name"],
                    "value": rows["ratio"],
                    "lower": rows["low"],
                    "upper": rows["high"],
                    "colour": rows["state"].map(colours),
                    "label": [locale.number(n) for n in rows["observed"]],
                    "expected": _expected(locale, rows),
                    "word": rows["state"].map(words),
                }
            ),
            palette=palette,
            tooltip=[("name", _("Kunta")), ("label", _("Luku")), ("expected", _("Odotettu")), ("word", _("Tulos"))],
            reference_name=_("odotettu = 100"),
        )

    parts.chart_block(
        locale,
        key=f"poikkeamat-{found.measure}",
        claim=counts.format(n=signals, m=watched, k=len(rows))
        if signals or watched
        else _("{k} kuntaa testattu, yksikään ei poikkea").format(k=len(rows)),
        subtitle=_(
            "{subject} kuukauden lopussa, prosenttia odotetusta, {month}. Palkki: satunnaisvaihtelun väli"
        ).format(subject=subject_names(locale)[found.measure], month=locale.month(found.month)),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Kunta"): rows["name"].to_list(),
                _("Luku"): [locale.number(n) for n in rows["observed"]],
                _("Odotettu"): _expected(locale, rows),
                _("Tulos"): [words[one] for one in rows["state"]],
            }
        ),
        data=rows.drop(columns=["low", "high", "state", "ratio"]).assign(
            month=found.month.strftime("%Y-%m"), measure=found.measure
        ),
        provenance=found.provenance(),
        definition=definitions.with_formula(locale, "signal"),
        note=_(
            "Odotettu: edellisen vuoden taso ja kuukauden kausivaihtelu viideltä vuodelta. Signaali on toistunut "
            "poikkeama, kun kaikki testatut kunnat otetaan huomioon. Signaali on kysymys alueelle, ei syy."
        ),
    )


def _expected(locale: Locale, rows: pd.DataFrame) -> list[str]:
    """The range of each count that noise allows."""
    return [
        locale.interval(max(expected - limit, 0), expected + limit)
        for expected, limit in zip(rows["expected"], rows["detection_limit"], strict=True)
    ]


def _states(rows: pd.DataFrame) -> np.ndarray:
    return np.select([rows["signal"], rows["watch"]], ["signal", "watch"], "none")


def state_words(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    return {"signal": _("signaali"), "watch": _("seurattava"), "none": _("ei poikkea")}


def history_block(found: Screened, area: str) -> None:
    """One area over time inside the band of what was expected, signals marked."""
    locale = found.locale
    _ = locale.gettext
    view = found.view
    rows = store.signals(view.snapshot.snapshot_id, family_of(area), found.measure)
    rows = rows[(rows["area_code"] == area) & (rows["month"] <= found.month)]
    name = area_names(view)[area]
    _area_choice(view, area)
    if rows.empty:
        text = _("{area}: lukua ei ole testattu. Menneitä kuukausia on liian vähän, tai ne on salattu.")
        st.info(text.format(area=name), icon="ℹ️")
        return
    last = rows.iloc[-1]
    place = places(view)[area]
    sentence = headlines.signal(
        locale,
        place,
        found.subject,
        Deviation(
            month=last["month"],
            observed=float(last["observed"]),
            expected=float(last["expected"]),
            limit=float(last["detection_limit"]),
            state="signal" if last["signal"] else "watch" if last["watch"] else "none",
        ),
    )
    words = state_words(locale)
    shown = pd.DataFrame(
        {
            "month": rows["month"],
            "value": rows["observed"],
            "lower": rows["observed"],
            "upper": rows["observed"],
            "expected_lower": (rows["expected"] - rows["detection_limit"]).clip(lower=0),
            "expected_upper": rows["expected"] + rows["detection_limit"],
            "mark": rows["signal"],
            "when": [locale.month(m) for m in rows["month"]],
            "text": [locale.number(n) for n in rows["observed"]],
            "range": _expected(locale, rows),
            "word": [words[str(one)] for one in _states(rows)],
        }
    )

    def draw(palette: Palette) -> Chart:
        return bands.band(
            shown,
            palette=palette,
            colour=palette.subject.get(area, palette.unemployed if found.measure == UNEMPLOYED else palette.vacancies),
            y_title={UNEMPLOYED: _("työtöntä työnhakijaa"), VACANCIES: _("avointa paikkaa")}[found.measure],
            number_format=",.0f",
            band_name=_("odotettu"),
            tooltip=[("when", _("Kuukausi")), ("text", _("Luku")), ("range", _("Odotettu")), ("word", _("Tulos"))],
            height=CHART_HEIGHT,
            chosen=last["month"],
        )

    parts.chart_block(
        locale,
        key=f"poikkeama-aika-{found.measure}-{area}",
        claim=sentence,
        subtitle=_("{subject} kuukauden lopussa ja odotetun väli, {area}. Piste: signaali").format(
            subject=subject_names(locale)[found.measure], area=name
        ),
        draw=draw,
        table=shown[["when", "text", "range", "word"]]
        .iloc[::-1]
        .rename(columns={"when": _("Kuukausi"), "text": _("Luku"), "range": _("Odotettu"), "word": _("Tulos")}),
        data=rows.assign(month=rows["month"].dt.strftime("%Y-%m"), measure=found.measure),
        provenance=found.provenance(),
        definition=definitions.with_formula(locale, "signal"),
    )


def _area_choice(view: View, area: str) -> None:
    locale = view.locale
    names = area_names(view)
    key = f"change-area-{locale.language}"
    st.session_state[key] = area
    st.selectbox(
        locale.gettext("Alue"),
        list(names),
        key=key,
        format_func=names.__getitem__,
        on_change=partial(frame.take, "area", key),
        label_visibility="collapsed",
        width=320,
    )


def places(view: View) -> dict[str, str]:
    """Areas of Lapland and cases as a sentence says where."""
    snapshot_id = view.snapshot.snapshot_id
    return {**store.places(snapshot_id, view.locale.language), **frame.place_names(view.locale)}


def adjusted_block(found: Screened, area: str) -> None:
    """The series without its season, its trend, and the months its level moved."""
    locale = found.locale
    _ = locale.gettext
    view = found.view
    name = area_names(view)[area]
    rows, moves = store.adjusted(view.snapshot.snapshot_id, area, found.measure)
    if rows.empty:
        reason = store.refused(view.snapshot.snapshot_id, "adjustment").get((area, found.measure))
        if reason is None:
            parts.missing(locale, _("Kausitasoitettu sarja, {area}").format(area=name))
        else:
            st.info(_refusal(locale, reason).format(area=name), icon="ℹ️")
        return
    last = moves.iloc[-1] if len(moves) else None
    claim = (
        _("{subject}: taso ei ole muuttunut jakson aikana, {area}").format(
            subject=subject_names(locale)[found.measure], area=name
        )
        if last is None
        else _("{subject}: taso muuttui viimeksi {when}, {before} → {after}, {area}").format(
            subject=subject_names(locale)[found.measure],
            when=locale.month_in(last["month"]),
            before=locale.number(last["before"]),
            after=locale.number(last["after"]),
            area=name,
        )
    )
    levels = _levels(rows, moves)

    def draw(palette: Palette) -> Chart:
        return adjusted_chart.adjusted(
            rows.assign(
                level=levels,
                when=[locale.month(m) for m in rows["month"]],
                text=[locale.number(n) for n in rows["adjusted"]],
            ),
            palette=palette,
            colour=palette.subject.get(area, palette.unemployed if found.measure == UNEMPLOYED else palette.vacancies),
            y_title={UNEMPLOYED: _("työtöntä työnhakijaa"), VACANCIES: _("avointa paikkaa")}[found.measure],
            names=(_("kausitasoitettu"), _("tason keskiarvo")),
            tooltip=[("when", _("Kuukausi")), ("text", _("Kausitasoitettu"))],
            height=CHART_HEIGHT,
        )

    spans = ", ".join(
        f"{locale.month_short(low)}{DASH}{locale.month_short(high)}"
        for low, high in zip(moves["earliest"], moves["latest"], strict=True)
    )
    parts.chart_block(
        locale,
        key=f"tasoitettu-{found.measure}-{area}",
        claim=claim,
        subtitle=_("Kausitasoitettu sarja ja sen tasot, {area}, {first}{dash}{last}").format(
            area=name,
            first=locale.month_short(rows["month"].iloc[0]),
            last=locale.month_short(rows["month"].iloc[-1]),
            dash=DASH,
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Kuukausi"): [locale.month(m) for m in rows["month"]],
                _("Kausitasoitettu"): [locale.number(n) for n in rows["adjusted"]],
                _("Trendi"): [locale.number(n) for n in rows["trend"]],
            }
        ).iloc[::-1],
        data=rows.assign(month=rows["month"].dt.strftime("%Y-%m"), measure=found.measure, level=levels),
        provenance=found.provenance(),
        definition=definitions.with_formula(locale, "seasonal_adjustment"),
        note=" ".join(
            [
                *([_("Tason muutokset ovat 95 %:n varmuudella välillä {spans}.").format(spans=spans)] if spans else []),
                _(
                    "Katkoviiva: kolme viimeistä kuukautta tarkentuvat, kun uusia lukuja tulee. "
                    "Tason muutos ei kerro syytä."
                ),
            ]
        ),
    )


def _refusal(locale: Locale, reason: str) -> str:
    """Why a series is not adjusted; ``{area}`` is left to fill in."""
    _ = locale.gettext
    return {
        "too_few": _("{area}: sarjaa ei tasoiteta kausivaihtelusta, sillä lukuja on keskimäärin alle kymmenen."),
        "zeros": _("{area}: sarjaa ei tasoiteta kausivaihtelusta, sillä joukossa on nollia."),
    }.get(reason, _("{area}: sarjaa ei tasoiteta kausivaihtelusta, sillä yhtenäistä jaksoa on alle viisi vuotta."))


def _levels(rows: pd.DataFrame, moves: pd.DataFrame) -> np.ndarray:
    """The mean level each month stands in."""
    if moves.empty:
        return np.full(len(rows), float(np.exp(np.log(rows["adjusted"]).mean())))
    position = np.searchsorted(moves["month"].to_numpy(), rows["month"].to_numpy(), side="right")
    return np.concatenate([[moves["before"].iloc[0]], moves["after"].to_numpy()])[position]


def forecast_block(found: Screened, area: str) -> None:
    """The forecast where it has earned one, else why not; its track record beside it either way."""
    locale = found.locale
    _ = locale.gettext
    view = found.view
    tracked = area if area in FORECAST_AREAS else store.REGION
    snapshot_id = view.snapshot.snapshot_id
    decision, ahead = store.forecast(snapshot_id, tracked, found.measure)
    record = store.track_record(snapshot_id, tracked, found.measure)
    if decision is None or record.empty:
        parts.missing(locale, _("Ennuste"))
        return
    place = places(view)[tracked]
    every = record[record["period_scored"] == "all"]
    methods = every[every["method"] != "seasonal_naive"]
    best = methods.sort_values("relative_mae").iloc[0] if len(methods) else every.iloc[0]
    past = store.backtest(snapshot_id, tracked, found.measure, str(best["method"]), STEP)
    past = past[past["lower"].notna()]
    allowed, reason = decision
    figures = store.series(snapshot_id, (tracked,), (found.measure,))
    latest = figures.loc[~figures["rounded"], "month"].max()
    claim = (
        headlines.forecast(
            locale,
            place,
            found.subject,
            ahead["month"].iloc[0],
            float(ahead["point"].iloc[0]),
            (float(ahead["lower"].iloc[0]), float(ahead["upper"].iloc[0])),
        )
        if allowed and len(ahead)
        else headlines.forecast_refused(locale, place, found.subject, latest, reason)
    )
    names = method_names(locale)
    shown = pd.DataFrame(
        {
            "month": [*past["month"], *ahead["month"]],
            "value": [*past["actual"], *ahead["point"]],
            "lower": [*past["actual"], *ahead["point"]],
            "upper": [*past["actual"], *ahead["point"]],
            "expected_lower": [*past["lower"], *ahead["lower"]],
            "expected_upper": [*past["upper"], *ahead["upper"]],
            "mark": [False] * (len(past) + len(ahead)),
        }
    )
    shown = shown.assign(
        when=[locale.month(m) for m in shown["month"]],
        text=[locale.number(n) for n in shown["value"]],
        range=[
            locale.interval(low, high)
            for low, high in zip(shown["expected_lower"], shown["expected_upper"], strict=True)
        ],
    )

    def draw(palette: Palette) -> Chart:
        return bands.band(
            shown,
            palette=palette,
            colour=palette.subject.get(tracked, palette.unemployed),
            y_title={UNEMPLOYED: _("työtöntä työnhakijaa"), VACANCIES: _("avointa paikkaa")}[found.measure],
            number_format=",.0f",
            band_name=_("80 %:n väli {n} kk aiemmin").format(n=STEP),
            tooltip=[("when", _("Kuukausi")), ("text", _("Luku")), ("range", _("80 %:n väli"))],
            height=CHART_HEIGHT,
        )

    calm = record[record["period_scored"] != "all"].set_index("method")
    parts.chart_block(
        locale,
        key=f"ennuste-{found.measure}-{tracked}",
        claim=claim,
        subtitle=_(
            "Mitä menetelmä {method} olisi sanonut {n} kuukautta aiemmin, ja mitä tapahtui, {area}, {first}{dash}{last}"
        ).format(
            method=names[str(best["method"])],
            n=STEP,
            area=frame.group_names(locale)[tracked],
            first=locale.month_short(shown["month"].min()),
            last=locale.month_short(shown["month"].max()),
            dash=DASH,
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Menetelmä"): [names[m] for m in every["method"]],
                _("Virhe vrt. vuoden takainen"): [locale.percent(v, 0) for v in every["relative_mae"]],
                _("Sama ilman 3/2020{dash}12/2021").format(dash=DASH): [
                    locale.percent(float(calm["relative_mae"].to_dict().get(m, np.nan)), 0) for m in every["method"]
                ],
                _("Väliin osui (tavoite 80 %)"): [
                    locale.percent(v, 0) if not np.isnan(v) else DASH for v in every["coverage"]
                ],
                _("Ennusteita"): [locale.number(n) for n in every["n"]],
            }
        ),
        data=past.assign(
            month=past["month"].dt.strftime("%Y-%m"),
            origin=pd.DatetimeIndex(past["origin"]).strftime("%Y-%m"),
            method=best["method"],
            area_code=tracked,
            measure=found.measure,
        ),
        provenance=found.provenance(),
        definition=definitions.with_formula(locale, "forecast"),
        note=_(
            "Ennuste näytetään vain, kun se on osunut paremmin kuin vuoden takainen luku ja väliin on osunut "
            "70{dash}90 % toteutumista. Väliin osui {share}, virhe on {error} vuoden takaisen luvun virheestä."
        ).format(
            dash=DASH,
            share=locale.percent(best["coverage"], 0),
            error=locale.percent(best["relative_mae"], 0),
        ),
    )


def method_names(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    return {
        "seasonal_naive": _("vuoden takainen luku"),
        "theta": "Theta",
        "ets": _("eksponentiaalinen tasoitus"),
        "drift": _("suora jatke"),
        "arima": "ARIMA",
    }
