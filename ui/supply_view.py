"""Who could supply a gap: occupations near one, and municipalities near one, with more unemployed than vacancies."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from indicators import supply
from ui import definitions, frame, origins, parts, state, store
from ui.charts import bars
from ui.frame import View
from ui.locales import Locale
from ui.parts import Provenance
from ui.readings import UNEMPLOYED, VACANCIES
from ui.theme import Chart, Palette

NEAREST, NEAR = 3, 2  # leading digits in common: the same minor group, the same sub-major group
LISTED = 8
FEWEST_OPEN = 5
OFFERED = 30


def occupation_block(view: View, month: pd.Timestamp, rows: pd.DataFrame, labels: dict[str, str]) -> None:
    """For an occupation short of jobseekers: the reserve of the occupations nearest to it in the classification."""
    locale = view.locale
    _ = locale.gettext
    table = rows.set_index("occupation_code")
    short = supply.gap(table["unemployed"], table["vacancies"])["gap"]
    short = short[(short > 0) & (table["vacancies"] >= FEWEST_OPEN)].sort_values(ascending=False).head(OFFERED)
    if short.empty:
        st.info(_("Missään ammatissa ei ole enemmän paikkoja kuin työttömiä."), icon="ℹ️")
        return
    wanted = state.get_state().occupation
    chosen = wanted if wanted is not None and wanted in short.index else str(short.index[0])
    found = supply.adjacent_occupations(chosen, table["unemployed"], table["vacancies"], least_proximity=NEAR)
    ceiling = float(found["reserve"].sum())
    claim = _(
        "{name}: {short} paikkaa enemmän kuin työttömiä; lähiammateissa työttömiä on {reserve} yli paikkojen"
    ).format(name=labels[chosen], short=locale.number(short[chosen]), reserve=locale.number(ceiling))
    _choice(
        locale,
        "occupation",
        _("Ammatti, jossa paikkoja on enemmän kuin työttömiä"),
        list(short.index),
        chosen,
        {code: f"{labels[code]} (+{locale.number(short[code])})" for code in short.index},
    )
    rings = {
        float(digits): _("sama ryhmä: {name}").format(name=labels.get(chosen[:digits], chosen[:digits]))
        for digits in (NEAREST, NEAR)
    }
    _reserve_chart(
        view,
        key=f"lahiammatit-{chosen}",
        claim=claim,
        subtitle=_("Työttömiä avoimia paikkoja enemmän, ammattiryhmä {group}, koko Lappi, {month}").format(
            group=labels.get(chosen[:NEAR], chosen[:NEAR]), month=locale.month(month)
        ),
        found=found.head(LISTED).assign(
            name=lambda few: few.index.map(labels),
            ring=lambda few: few["proximity"].map(rings),
            near=lambda few: few["proximity"] == NEAREST,
        ),
        heading=_("Ammatti"),
        nearness=_("Läheisyys"),
        provenance=origins.of_fetches(view, rows["fetch_id"].unique().tolist()),
        indicator="adjacent_occupations",
        note=_(
            "Läheisyys tarkoittaa samaa ryhmää ammattiluokituksessa. Se ei kerro osaamisesta, luvista eikä halusta "
            "vaihtaa ammattia: luku on yläraja, ei ennuste."
        )
        + _hidden(locale, found),
    )


def area_block(view: View, month: pd.Timestamp, rows: pd.DataFrame, provenance: Sequence[Provenance]) -> None:
    """For a municipality: the reserve of the municipalities one border and two borders away."""
    locale = view.locale
    _ = locale.gettext
    wide = rows[rows["area_code"] != store.REGION].pivot(index="area_code", columns="measure", values="value")
    if not {UNEMPLOYED, VACANCIES} <= set(wide.columns):
        parts.missing(locale, _("Kuntien luvut"))
        return
    unemployed, vacancies = wide[UNEMPLOYED], wide[VACANCIES]
    names = store.areas(view.snapshot.snapshot_id, locale.language)["name"].to_dict()
    tightness = (vacancies / unemployed).dropna().sort_values(ascending=False)
    key = "supply-area"
    chosen = str(st.session_state.get(f"{key}-{locale.language}") or tightness.index[0])
    chosen = chosen if chosen in tightness.index else str(tightness.index[0])
    distance = supply.borders_crossed(chosen, store.neighbours(view.snapshot.snapshot_id))
    found = supply.adjacent_areas(chosen, unemployed, vacancies, distance.reindex(unemployed.index), reach=2).head(
        LISTED
    )
    nearest = found[found["distance"] == 1]
    claim = _("{name}: {v} paikkaa, {u} työtöntä; naapurikunnissa työttömiä on {reserve} yli paikkojen").format(
        name=names[chosen],
        v=locale.number(vacancies[chosen]),
        u=locale.number(unemployed[chosen]),
        reserve=locale.number(float(nearest["reserve"].sum())),
    )
    st.selectbox(
        _("Kunta, kireimmästä alkaen"),
        list(tightness.index),
        index=list(tightness.index).index(chosen),
        key=f"{key}-{locale.language}",
        format_func=lambda code: f"{names[code]} ({locale.number(100 * tightness[code])})",
        width=420,
    )
    words = {1.0: _("naapurikunta"), 2.0: _("kahden rajan päässä")}
    _reserve_chart(
        view,
        key=f"lahikunnat-{chosen}",
        claim=claim,
        subtitle=_("Työttömiä avoimia paikkoja enemmän, lähimmät kunnat, {month}").format(month=locale.month(month)),
        found=found.head(LISTED).assign(
            name=lambda few: few.index.map(names),
            ring=lambda few: few["distance"].map(words),
            near=lambda few: few["distance"] == 1,
        ),
        heading=_("Kunta"),
        nearness=_("Läheisyys"),
        provenance=provenance,
        indicator="adjacent_areas",
        note=_(
            "Kaikki ammatit yhdessä. Naapuruus on yhteinen raja kartalla, ei ajoaika. Norjan ja Ruotsin kunnat "
            "puuttuvat. Luku on yläraja, ei ennuste."
        )
        + _hidden(locale, found),
    )


def _hidden(locale: Locale, found: pd.DataFrame) -> str:
    """What hidden counts near by could add, where there are any."""
    cells = int(found.attrs["hidden"])
    text = locale.ngettext(
        " Lisäksi {n} on salattu: siinä enintään {persons} työtöntä yli paikkojen.",
        " Lisäksi {n} on salattu: niissä enintään {persons} työtöntä yli paikkojen.",
        cells,
    )
    return text.format(n=cells, persons=locale.number(found.attrs["hidden_reserve_at_most"])) if cells else ""


def _choice(locale: Locale, field: str, label: str, codes: Sequence[str], chosen: str, names: dict[str, str]) -> None:
    key = f"supply-{field}-{locale.language}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(codes),
        key=key,
        format_func=names.__getitem__,
        on_change=partial(frame.take, field, key),
        width=420,
    )


def _reserve_chart(
    view: View,
    *,
    key: str,
    claim: str,
    subtitle: str,
    found: pd.DataFrame,
    heading: str,
    nearness: str,
    provenance: Sequence[Provenance],
    indicator: str,
    note: str,
) -> None:
    """``found``: unemployed, vacancies, reserve, name, ring (in words), near (drawn darker), by code."""
    locale = view.locale
    _ = locale.gettext
    if found.empty:
        st.markdown(f"#### {claim}", anchors=False)
        st.caption(note)
        return

    def draw(palette: Palette) -> Chart:
        return bars.ranked_bars(
            pd.DataFrame(
                {
                    "name": found["name"] if found["near"].nunique() == 1 else found["name"] + " · " + found["ring"],
                    "value": found["reserve"],
                    "colour": np.where(found["near"], palette.unemployed, palette.other),
                    "label": [locale.number(n) for n in found["reserve"]],
                    "counts": [
                        _("{u} työtöntä, {v} avointa paikkaa").format(u=locale.number(u), v=locale.number(v))
                        for u, v in zip(found["unemployed"], found["vacancies"], strict=True)
                    ],
                }
            ),
            palette=palette,
            tooltip=[("name", heading), ("counts", _("Luvut"))],
        )

    parts.chart_block(
        locale,
        key=key,
        claim=claim,
        subtitle=subtitle,
        draw=draw,
        table=pd.DataFrame(
            {
                heading: found["name"].to_list(),
                nearness: found["ring"].to_list(),
                _("Työttömiä"): [locale.number(n) for n in found["unemployed"]],
                _("Avoimia paikkoja"): [locale.number(n) for n in found["vacancies"]],
                _("Työttömiä yli paikkojen"): [locale.number(n) for n in found["reserve"]],
            }
        ),
        data=found.drop(columns=["near"]).rename_axis("code").reset_index(),
        provenance=provenance,
        definition=definitions.with_formula(locale, indicator),
        note=note,
    )
