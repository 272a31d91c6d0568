"""Kohtaanto: how far jobseekers and vacancies stand apart, by month, occupation and municipality, and who is near."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from ui import beveridge, definitions, frame, matching_view, overview, parts, state, store
from ui.charts import beveridge as plane
from ui.frame import View
from ui.locales import Locale
from ui.parts import Provenance
from ui.readings import MARKET, UNEMPLOYED, VACANCIES, common_months
from ui.theme import Chart, Palette

AREAS = (store.REGION, "meri-lappi", "meri-lappi-ea", "matkailu", "utsjoki")
FEWEST_POINTS = 3


def render() -> None:
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    area = chosen_area()
    figures = store.series(view.snapshot.snapshot_id, (area,), MARKET)
    figures = figures[~figures["rounded"]]
    head, choice = st.columns([0.5, 0.5], vertical_alignment="center")
    months = common_months(figures, [area], (UNEMPLOYED, VACANCIES))
    month = frame.chosen_month(months)
    with choice:
        frame.controls(locale, months, month, area_choice)
    if month is None:
        parts.missing(locale, _("Kohtaanto"))
        return
    sources = overview.provenance(view, figures, month)
    with head:
        parts.kicker(locale, _("Kohtaanto"), month, sources[0].published, view.today)
        st.markdown(_("Missä paikat ja työttömät ovat erillään, ja mistä tekijöitä voisi löytyä?"))
    frame.missing_month(locale, month)
    occupations = matching_view.occupation_mismatch(view, month)
    st.title(
        matching_view.headline(view, occupations)
        if area == store.REGION
        else matching_view.tightness_headline(view, area, month),
        anchor=False,
    )
    left, right = st.columns(2, gap="large")
    with left:
        _path_block(view, area, month, figures, sources)
    with right:
        matching_view.mismatch_block(view, month)
    left, right = st.columns(2, gap="large")
    with left:
        matching_view.occupations_block(view, occupations)
    with right:
        matching_view.supply_block(view, month, occupations)


def chosen_area() -> str:
    wanted = state.get_state().area
    return wanted if wanted in AREAS else store.REGION


def area_choice(locale: Locale) -> None:
    key = f"matching-area-{locale.language}"
    names = {**{code: _case_name(locale, code) for code in AREAS[1:]}, store.REGION: locale.gettext("Lappi")}
    st.session_state[key] = chosen_area()
    st.selectbox(
        locale.gettext("Alue"),
        list(AREAS),
        key=key,
        format_func=names.__getitem__,
        on_change=partial(frame.take, "area", key),
        label_visibility="collapsed",
        width=260,
    )


def _case_name(locale: Locale, code: str) -> str:
    case = store.case_definitions()[code]
    name = case.name.in_language(locale.language)
    return f"{name} ({len(case.municipalities)})" if code.startswith("meri") else name


def _path_block(
    view: View, area: str, month: pd.Timestamp, figures: pd.DataFrame, sources: Sequence[Provenance]
) -> None:
    """The Beveridge path of the area in this calendar month of every year, coloured by regime."""
    locale = view.locale
    _ = locale.gettext
    points = beveridge.rates(figures, area)
    calendar = pd.PeriodIndex(points.index)
    same = points[(calendar.month == month.month) & (calendar <= month.to_period("M"))]
    same = same[same[["unemployment_rate", "vacancy_rate"]].notna().all(axis="columns")]
    if len(same) < FEWEST_POINTS:
        parts.missing(locale, _("Beveridge-käyrä"))
        return
    found = [one for one in beveridge.regimes(points) if one.first <= month.to_period("M")]
    names = [matching_view.regime_name(locale, one) for one in found]
    outside = _("jaksojen ulkopuolella")
    years = pd.PeriodIndex(same.index).year
    drawn = pd.DataFrame(
        {
            "x": 100 * same["unemployment_rate"].to_numpy(),
            "y": 100 * same["vacancy_rate"].to_numpy(),
            "label": years.astype(str),
            "gap": np.diff(years, prepend=years[0] - 1) > 1,
            "regime": [_regime_of(found, names, one, outside) for one in same.index],
            "when": [locale.month(one.to_timestamp()) for one in same.index],
            "share": [locale.percent(v) for v in same["unemployment_rate"]],
            "rate": [locale.percent(v) for v in same["vacancy_rate"]],
        }
    )
    place = frame.place_names(locale)[area]

    def draw(palette: Palette) -> Chart:
        return plane.path(
            drawn,
            palette=palette,
            colours=[
                *(palette.other, palette.nights, palette.vacancies, *palette.industries[1:3], palette.alert)[
                    : len(names)
                ],
                palette.text,
            ],
            regimes=[*names, *([outside] if drawn["regime"].eq(outside).any() else [])],
            x_title=_("työttömien osuus työvoimasta, %"),
            y_title=_("avoimet paikat, % paikoista ja työllisistä"),
            tooltip=[
                ("when", _("Kuukausi")),
                ("share", _("Työttömien osuus työvoimasta")),
                ("rate", _("Avoimien paikkojen osuus")),
                *([("regime", _("Jakso"))] if names else []),
            ],
            height=420,
        )

    parts.chart_block(
        locale,
        key=f"beveridge-{area}",
        claim=matching_view.path_claim(locale, place, found),
        subtitle=_("Beveridge-käyrä {place}: joka vuosi {month}, työnvälitystilasto").format(
            place=place, month=locale.month_inside(month.month)
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Kuukausi"): drawn["when"],
                _("Työttömien osuus työvoimasta"): drawn["share"],
                _("Avoimien paikkojen osuus"): drawn["rate"],
                **({_("Jakso"): drawn["regime"]} if names else {}),
            }
        ).iloc[::-1],
        data=same.assign(
            month=pd.PeriodIndex(same.index).strftime("%Y-%m"), group=area, regime=drawn["regime"].to_numpy()
        ).reset_index(drop=True),
        provenance=sources,
        definition=definitions.with_formula(locale, "beveridge_points"),
        note=matching_view.regime_note(locale, found),
    )


def _regime_of(found: Sequence[beveridge.Regime], names: Sequence[str], month: pd.Period, outside: str) -> str:
    return next((name for one, name in zip(found, names, strict=True) if one.first <= month <= one.last), outside)


render()
