"""The blocks of the matching view: mismatch by occupation and over time, and who could supply a gap."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ui import beveridge, definitions, mismatch, origins, parts, store, supply_view
from ui.charts import bars
from ui.frame import View
from ui.locales import DASH, Locale
from ui.mismatch import POOLED, Mismatch
from ui.readings import UNEMPLOYED, VACANCIES
from ui.theme import Chart, Palette

LISTED = 12
LABEL_LENGTH = 34


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
    locale = view.locale
    _ = locale.gettext
    if occupations is None:
        return _("Lapin ammattiluvut puuttuvat tästä aineistosta.")
    result = occupations.result
    return _("Lapissa {when} {share} kohtaamisista jäi syntymättä ammattien eron vuoksi.").format(
        when=locale.month_in(occupations.month), share=locale.percent_range(result.lower, result.upper)
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
            height=420,
            name_width=270,
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


def shortened(label: str, limit: int = LABEL_LENGTH) -> str:
    return label if len(label) <= limit else label[: limit - 1].rsplit(" ", 1)[0].rstrip(",") + "…"


def lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def regime_name(locale: Locale, one: beveridge.Regime) -> str:
    """``2006–2014``: the years of a regime; with its month where it starts or ends inside a year."""
    first = str(one.first.year) if one.first.month == 1 else locale.month_short(one.first.to_timestamp())
    last = str(one.last.year) if one.last.month == 12 else ""
    return f"{first}{DASH}{last}"


def path_claim(locale: Locale, place: str, found: Sequence[beveridge.Regime]) -> str:
    """How many curves the months lie on; not what moved them."""
    _ = locale.gettext
    if not found:
        return _("Työttömät ja avoimet paikat {place} vuodesta toiseen").format(place=place)
    if len(found) == 1:
        return _("Kuukaudet {place} ovat yhdellä käyrällä").format(place=place)
    return _("Kuukaudet {place} jakautuvat {n} käyrälle: {names}").format(
        place=place, n=len(found), names=", ".join(regime_name(locale, one) for one in found)
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
