"""The blocks of the matching view: mismatch by occupation and over time, and who could supply a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from ui import beveridge, definitions, frame, headlines, mismatch, origins, overview, parts, store, supply_view
from ui.charts import bands, bars
from ui.frame import View
from ui.locales import DASH, Locale
from ui.mismatch import POOLED, Mismatch
from ui.readings import MARKET, UNEMPLOYED, VACANCIES
from ui.theme import Chart, Palette

LISTED = 12
CHART_HEIGHT = 420
SOURCES = {"occupation": "statfin:12ti", "municipality": "statfin:12r5"}
LABEL_LENGTH = 27


@dataclass(frozen=True)
class Occupations:
    """Lapland's occupations in the latest month that has them: their rows, and the mismatch between them."""

    month: pd.Timestamp
    rows: pd.DataFrame
    result: Mismatch
    unclassified: tuple[float, float]


def occupation_mismatch(view: View, month: pd.Timestamp) -> Occupations | None:
    """None where the snapshot has no month with both sides by occupation."""
    found, rows = store.occupation_month(view.snapshot.snapshot_id, month, view.locale.language)
    if found is None or rows.empty:
        return None
    result = mismatch.between_occupations(rows)
    if result is None:
        return None
    return Occupations(found, rows, result, store.unclassified(view.snapshot.snapshot_id, found))


def headline(view: View, occupations: Occupations | None) -> str:
    """The mismatch between Lapland's occupations in the latest month that has them."""
    locale = view.locale
    if occupations is None:
        return locale.gettext("Ammattien luvut puuttuvat tästä aineistosta.")
    result = occupations.result
    over_time = store.mismatch_over_time(view.snapshot.snapshot_id, "occupation").set_index("month")["chance_upper"]
    return headlines.mismatch(
        locale,
        frame.place_names(locale)[store.REGION],
        headlines.MismatchFinding(
            month=occupations.month,
            partition="occupation",
            lower=result.lower,
            upper=result.upper,
            shortage="",  # the chart below names them
            surplus="",
            chance=float(over_time.to_dict().get(occupations.month, 0.0)),
        ),
    )


def tightness_headline(view: View, area: str, month: pd.Timestamp) -> str:
    """A case's vacancies per hundred unemployed beside Lapland's."""
    known = overview.standings(view.snapshot.snapshot_id, (area, store.REGION), MARKET, month)
    return headlines.tightness(view.locale, frame.place_names(view.locale)[area], known[area], known[store.REGION])


def mismatch_block(view: View, month: pd.Timestamp) -> None:
    """The index over time inside what hidden counts leave open, above what chance alone would give."""
    locale = view.locale
    _ = locale.gettext
    names: dict[Literal["occupation", "municipality"], str] = {
        "occupation": _("Ammattien välillä"),
        "municipality": _("Kuntien välillä"),
    }
    partition = st.segmented_control(
        _("Epäsuhta"),
        list(names),
        format_func=names.__getitem__,
        default="occupation",
        key=f"partition-{locale.language}",
        required=True,
        label_visibility="collapsed",
    )
    rows = store.mismatch_over_time(view.snapshot.snapshot_id, partition)
    rows = rows[rows["month"] <= month]
    if rows.empty:
        parts.missing(locale, _("Epäsuhta kuukausittain"))
        return
    now = rows.iloc[-1]
    shown = pd.DataFrame(
        {
            "month": rows["month"],
            "value": 100 * rows["mismatch_index"],
            "lower": 100 * rows["lower"],
            "upper": 100 * rows["upper"],
            "expected_lower": 100 * rows["chance_lower"],
            "expected_upper": 100 * rows["chance_upper"],
            "mark": False,
            "when": [locale.month(m) for m in rows["month"]],
            "text": [
                locale.percent_range(low, high, 1) for low, high in zip(rows["lower"], rows["upper"], strict=True)
            ],
            "chance": [
                locale.percent_range(low, high, 1)
                for low, high in zip(rows["chance_lower"], rows["chance_upper"], strict=True)
            ],
        }
    )

    def draw(palette: Palette) -> Chart:
        return bands.band(
            shown,
            palette=palette,
            colour=palette.vacancies,
            y_title=_("% kohtaamisista"),
            number_format=".0f",
            band_name=_("sattuman taso"),
            tooltip=[("when", _("Kuukausi")), ("text", _("Epäsuhta")), ("chance", _("Sattuman taso"))],
            height=CHART_HEIGHT,
            chosen=rows["month"].iloc[-1],
        )

    text = {
        "occupation": _("Ammattien epäsuhta {when} {share}, sattuma yksin toisi {chance}"),
        "municipality": _("Kuntien epäsuhta {when} {share}, sattuma yksin toisi {chance}"),
    }[partition]
    last = shown.iloc[-1]
    parts.chart_block(
        locale,
        key=f"epasuhta-aika-{partition}",
        claim=text.format(when=locale.month_in(now["month"]), share=last["text"], chance=last["chance"]),
        subtitle=_("Epäsuhtaindeksi kuukausittain, {n} osaa, koko Lappi, {month} asti").format(
            n=locale.number(now["cells"]), month=locale.month_short(now["month"])
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Kuukausi"): shown["when"],
                _("Epäsuhta"): shown["text"],
                _("Sattuman taso"): shown["chance"],
                _("Salattuja lukuja"): [
                    locale.number(u + v)
                    for u, v in zip(rows["hidden_unemployed"], rows["hidden_vacancies"], strict=True)
                ],
            }
        ).iloc[::-1],
        data=rows.assign(month=rows["month"].dt.strftime("%Y-%m"), partition=partition, area_code=store.REGION),
        provenance=origins.of_sources(view, [SOURCES[partition]], computed=True),
        definition=definitions.with_formula(locale, "mismatch_index"),
        note=_(
            "Vertaa samaa jakoa ajassa: mitä hienompi jako, sitä suurempi luku. Viivan leveys on salattujen lukujen "
            "haarukka. Sattuman taso on se, minkä näin pienet luvut antaisivat ilman epäsuhtaa (95 %)."
        ),
    )


def occupations_block(view: View, occupations: Occupations | None) -> None:
    """What each occupation adds to Lapland's occupational mismatch, by side, in order of size."""
    locale = view.locale
    _ = locale.gettext
    if occupations is None:
        parts.missing(locale, _("Ammatit"))
        return
    labels = dict(zip(occupations.rows["occupation_code"], occupations.rows["label"], strict=True))
    result = occupations.result
    table = result.parts.sort_values("share", ascending=False)
    named = table[table["cell"] != POOLED]
    shown = pd.concat(
        [named[named["signed"] > 0].head(LISTED // 2), named[named["signed"] < 0].head(LISTED // 2)]
    ).sort_values("share", ascending=False)
    more, fewer = ([labels[code] for code in shown["cell"][shown["signed"] * sign > 0].head(2)] for sign in (1, -1))
    claim = _("Suhteessa eniten paikkoja: {more}; työttömiä: {fewer}").format(
        more=", ".join(map(lowered, more)) or DASH, fewer=", ".join(map(lowered, fewer)) or DASH
    )

    def draw(palette: Palette) -> Chart:
        return bars.signed_bars(
            pd.DataFrame(
                {
                    "name": [shortened(labels[code]) for code in shown["cell"]],
                    "value": 100 * shown["signed"].to_numpy(),
                    "colour": [palette.vacancies if s > 0 else palette.unemployed for s in shown["signed"]],
                    "label": [locale.signed_percent(s, 1) for s in shown["signed"]],
                    "full": [labels[code] for code in shown["cell"]],
                    "counts": [
                        _counts(locale, u, v) for u, v in zip(shown["unemployed"], shown["vacancies"], strict=True)
                    ],
                }
            ),
            palette=palette,
            locale=locale,
            left=_("työttömiä enemmän"),
            right=_("paikkoja enemmän"),
            tooltip=[("full", _("Ammatti")), ("counts", _("Luvut")), ("label", _("Osuus epäsuhdasta"))],
            height=CHART_HEIGHT,
        )

    printed = table[table["cell"] != POOLED].head(60)
    pooled = float(table.loc[table["cell"] == POOLED, "share"].sum())
    people, posts = occupations.unclassified
    parts.chart_block(
        locale,
        key="ammattien-epasuhta",
        claim=claim,
        subtitle=_("Ammattien osuudet Lapin ammatillisesta epäsuhdasta, {n} ammattia, {month}").format(
            n=locale.number(result.cells), month=locale.month(occupations.month)
        ),
        draw=draw,
        table=pd.DataFrame(
            {
                _("Ammatti"): [f"{code} {labels[code]}" for code in printed["cell"]],
                _("Osuus epäsuhdasta"): [locale.signed_percent(s, 1) for s in printed["signed"]],
                _("Työttömiä"): [locale.number(n) for n in printed["unemployed"]],
                _("Avoimia paikkoja"): [locale.number(n) for n in printed["vacancies"]],
            }
        ),
        data=table.rename(columns={"cell": "occupation_code"}).assign(
            area_code=store.REGION, month=occupations.month.strftime("%Y-%m")
        ),
        provenance=origins.of_fetches(view, occupations.rows["fetch_id"].unique().tolist()),
        definition=definitions.with_formula(locale, "mismatch_contributions"),
        note=_(
            "{n} ammattia, joissa jokin luku on salattu, ovat yhdessä {share} epäsuhdasta eivätkä näy kaaviossa. "
            "Ilman ammattia on {people} työtöntä ja {posts} paikkaa."
        ).format(
            n=len(result.hidden),
            share=locale.percent(pooled, 0),
            people=locale.number(people),
            posts=locale.number(posts),
        ),
    )


def _counts(locale: Locale, unemployed: float, vacancies: float) -> str:
    return locale.gettext("{u} työtöntä, {v} avointa paikkaa").format(
        u=locale.number(unemployed), v=locale.number(vacancies)
    )


def shortened(label: str) -> str:
    """A label beside its bar: whole where it fits."""
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1].rstrip(' ,-')}…"


def lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def regime_name(locale: Locale, one: beveridge.Regime) -> str:
    """``2006–9/2014``: the first and the last month of a regime, years where they are whole."""
    first = str(one.first.year) if one.first.month == 1 else locale.month_short(one.first.to_timestamp())
    last = str(one.last.year) if one.last.month == 12 else locale.month_short(one.last.to_timestamp())
    return f"{first}{DASH}{last}"


def path_claim(locale: Locale, place: str, found: Sequence[beveridge.Regime]) -> str:
    """How many curves the months lie on; not what moved them."""
    _ = locale.gettext
    if len(found) < 2:
        return _("Työttömät ja avoimet paikat {place} vuodesta toiseen").format(place=place)
    return _("Kuukaudet {place} ovat {n} eri käyrällä, viimeisin {name}").format(
        place=place, n=len(found), name=regime_name(locale, found[-1])
    )


def regime_note(locale: Locale, found: Sequence[beveridge.Regime]) -> str:
    _ = locale.gettext
    notes = [
        _(
            "Käyrän siirtyminen ulospäin voi olla heikompaa kohtaantoa, vilkkaampaa vaihtuvuutta tai muutos "
            "ilmoittamisessa."
        )
    ]
    dated = [one for one in found if one.earliest is not None and one.latest is not None]
    if dated:
        spans = ", ".join(
            f"{locale.month_short(one.earliest.to_timestamp())}{DASH}{locale.month_short(one.latest.to_timestamp())}"
            for one in dated
            if one.earliest is not None and one.latest is not None
        )
        notes.append(_("Jaksojen rajat ovat 95 %:n varmuudella välillä {spans}.").format(spans=spans))
    return " ".join(notes)


def supply_block(view: View, month: pd.Timestamp, occupations: Occupations | None) -> None:
    """Near occupations or near municipalities of a gap, one at a time."""
    locale = view.locale
    _ = locale.gettext
    names = {"occupations": _("Lähiammatit"), "areas": _("Lähikunnat")}
    kind = st.segmented_control(
        _("Mistä tekijöitä voisi löytyä"),
        list(names),
        format_func=names.__getitem__,
        default="occupations",
        key=f"supply-kind-{locale.language}",
        required=True,
    )
    if kind == "areas":
        rows = store.municipalities(view.snapshot.snapshot_id, month, (UNEMPLOYED, VACANCIES))
        sources = origins.of_fetches(view, rows["fetch_id"].unique().tolist())
        supply_view.area_block(view, month, rows, sources)
    elif occupations is None:
        parts.missing(locale, _("Ammatit"))
    else:
        labels = store.occupation_names(view.snapshot.snapshot_id, locale.language)
        supply_view.occupation_block(view, occupations.month, occupations.rows, labels)
