"""The skeleton of the three cases: question, headline, cards, both sides over time, events, caveats, sources."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from data.cases import Case
from indicators import seasonality
from ui import definitions, frame, headlines, origins, overview, parts, state, store
from ui.charts import bars, lines
from ui.frame import View
from ui.locales import DASH, Locale
from ui.parts import Provenance
from ui.readings import (
    LABOUR_FORCE,
    LONG_TERM,
    MARKET,
    NEW_VACANCIES,
    UNEMPLOYED,
    VACANCIES,
    Standing,
    common_months,
    monthly,
    reading,
)
from ui.theme import Chart, Palette

FIRST_YEAR = 2018  # the years the cases' events touch, with two before them
CHART_HEIGHT = 360


@dataclass(frozen=True)
class CaseFigures:
    """What a case's own blocks get to work with."""

    view: View
    case: Case
    month: pd.Timestamp
    series: pd.DataFrame
    standing: Standing
    provenance: Sequence[Provenance]
    events: pd.DataFrame
    marks: dict[str, str]

    @property
    def locale(self) -> Locale:
        return self.view.locale


def render(
    case_id: str,
    blocks: Callable[[CaseFigures], None],
    headline: Callable[[Locale, str, Standing, Standing | None], str],
    switch: Callable[[Locale], None] | None = None,
) -> None:
    """Draw a case. ``blocks`` draws what only this case has; ``switch`` a choice of membership."""
    view = frame.open_view()
    if view is None:
        return
    locale = view.locale
    _ = locale.gettext
    case = store.case_definitions()[case_id]
    measures = (*MARKET, NEW_VACANCIES, LONG_TERM)
    figures = store.series(view.snapshot.snapshot_id, (case_id, store.REGION), measures)
    head, choice = st.columns([0.5, 0.5], vertical_alignment="center")
    months = common_months(figures, [case_id], (UNEMPLOYED, VACANCIES))
    month = frame.chosen_month(months)
    with choice:
        frame.controls(locale, months, month, switch)
    if month is None:
        parts.missing(locale, case.name.in_language(locale.language))
        return
    breaks = store.breaks(view.snapshot.snapshot_id, locale.language)
    known = overview.standings(view.snapshot.snapshot_id, (case_id, store.REGION), measures, month)
    now, lapland = known.get(case_id), known.get(store.REGION)
    if now is None:
        parts.missing(locale, case.name.in_language(locale.language))
        return
    sources = overview.provenance(view, figures[figures["group"] == case_id], month)
    events = store.events(view.snapshot.snapshot_id, (case.event_case,), locale.language)
    drawn = drawn_events(case, events)
    marks = {code: str(number) for number, code in enumerate(drawn["event_id"], start=1)}
    with head:
        parts.kicker(locale, definition_name(locale, case), month, sources[0].published, view.today)
        st.markdown(f"{case.question.in_language(locale.language)}")
    frame.missing_month(locale, month)
    st.title(headline(locale, case.place.in_language(locale.language), now, lapland), anchor=False)
    cards(locale, figures, case_id, now, lapland, breaks)
    overview.change_note(locale, {case_id: now})
    blocks(CaseFigures(view, case, month, figures, now, sources, events, marks))
    st.divider()
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        st.markdown(f"#### {_('Tapahtumat')}")
        parts.events_list(
            locale, events.sort_values("event_id", key=lambda codes: ~codes.isin(marks.keys()), kind="stable"), marks
        )
    with right:
        parts.bullets(_("Muista"), [c.in_language(locale.language) for c in case.caveats])
        parts.bullets(
            _("Näin luet lukuja"),
            [definitions.named(locale, code) for code in ("tightness", "register_share", "detection_limit")],
        )
        st.page_link("pages/sources/sources.py", label=_("Kaikki aineistot ja lisenssit") + " →")


def definition_name(locale: Locale, case: Case) -> str:
    """The case with its membership spelled out: never a name alone where two definitions exist."""
    return f"{case.name.in_language(locale.language)} ({case.definition.in_language(locale.language)})"


def cards(
    locale: Locale, figures: pd.DataFrame, group: str, now: Standing, lapland: Standing | None, breaks: pd.DataFrame
) -> None:
    """At most five cards; a measure the month lacks says so in its place."""
    _ = locale.gettext
    columns = st.columns(5)
    with columns[0]:
        parts.metric(
            locale,
            _("Työttömiä työnhakijoita"),
            headlines.count(locale, now.unemployed),
            now.unemployed,
            definitions.definition(locale, "register_share"),
            beside=_("{share} työvoimasta").format(share=headlines.share(locale, now)),
        )
    with columns[1]:
        parts.metric(
            locale,
            _("Avoimia paikkoja"),
            headlines.count(locale, now.vacancies),
            now.vacancies,
            _("Työvoimaviranomaiselle ilmoitetut paikat, jotka ovat auki kuukauden laskentapäivänä. Varanto."),
        )
    with columns[2]:
        parts.metric(
            locale,
            _("Paikkoja / 100 työtöntä"),
            headlines.per_hundred(locale, now),
            None,
            definitions.definition(locale, "tightness"),
            beside=None if lapland is None else _("koko Lappi {n}").format(n=headlines.per_hundred(locale, lapland)),
        )
    optional = [
        (
            NEW_VACANCIES,
            _("Uusia paikkoja kuussa"),
            _("Kuukauden aikana ilmoitetut uudet avoimet paikat. Virta, ei varanto."),
        ),
        (LONG_TERM, _("Pitkäaikaistyöttömiä"), _("Yhtäjaksoisesti vähintään vuoden työttömänä työnhakijana olleet.")),
    ]
    for column, (measure, label, definition) in zip(columns[3:], optional, strict=True):
        with column:
            value = reading(figures, group, measure, now.month, breaks)
            shown = _("ei tietoa") if value is None else headlines.count(locale, value)
            parts.metric(locale, label, shown, value, definition)


def both_sides_block(figures: CaseFigures) -> None:
    """Unemployed jobseekers and open vacancies on one axis of persons and vacancies, with the case's events."""
    locale = figures.locale
    _ = locale.gettext
    group = figures.standing.group
    rows = figures.series[
        (figures.series["group"] == group)
        & figures.series["measure"].isin((UNEMPLOYED, VACANCIES))
        & (figures.series["month"] >= first_month(figures.month))
    ]
    names = {UNEMPLOYED: _("Työttömät"), VACANCIES: _("Avoimet paikat")}
    unemployed = rows[(rows["measure"] == UNEMPLOYED) & rows["value"].notna()].set_index("month")["value"]
    peak = pd.DatetimeIndex(unemployed.index)[int(unemployed.to_numpy().argmax())]
    text = (
        _("Eniten työttömiä {when}: {high}")
        if peak == figures.month
        else _("Eniten työttömiä {when}: {high}; {now_when}: {now}")
    )
    claim = text.format(
        when=locale.month_in(peak),
        high=locale.number(unemployed.max()),
        now_when=locale.month_in(figures.month),
        now=headlines.count(locale, figures.standing.unemployed),
    )
    # A sum with hidden parts is drawn in the middle of its range; a lone hidden count has no middle: it is a gap.
    several = len(figures.case.municipalities) > 1
    middle = (rows["lower"] + rows["upper"]) / 2
    shown = rows.assign(
        group=rows["measure"],
        value=rows["value"].fillna(middle) if several else rows["value"],
        note=[
            _("haarukka {range}, salattuja osia {n}").format(range=locale.interval(low, high), n=locale.number(hidden))
            if hidden
            else ""
            for low, high, hidden in zip(rows["lower"], rows["upper"], rows["hidden"], strict=True)
        ],
    ).dropna(subset=["value"])
    drawn = drawn_events(figures.case, figures.events)
    marked = event_marks(figures, drawn, shown["month"].min(), shown["month"].max())

    def draw(palette: Palette) -> Chart:
        return lines.lines(
            shown[["group", "month", "value", "note"]],
            palette=palette,
            locale=locale,
            colours={UNEMPLOYED: palette.subject.get(group, palette.unemployed), VACANCIES: palette.vacancies},
            names=names,
            y_title=_("henkilöä, paikkaa"),
            step=pd.DateOffset(months=1),
            number_format=",.0f",
            height=CHART_HEIGHT,
            events=marked,
            chosen=figures.month,
        )

    wide = rows.assign(text=[_range_text(locale, r) for _i, r in rows.iterrows()])
    printed = (
        wide.pivot(index="month", columns="measure", values="text").sort_index(ascending=False).fillna(_("ei tietoa"))
    )
    printed = printed[[UNEMPLOYED, VACANCIES]].rename(columns=names)
    printed.insert(0, _("Kuukausi"), [locale.month(m) for m in printed.index])
    parts.chart_block(
        locale,
        key=f"molemmat-{group}",
        claim=claim,
        subtitle=_(
            "Työttömät työnhakijat ja avoimet paikat kuukauden lopussa, kuukaudet joilta luku on, "
            "{first}{dash}{last}, {area}"
        ).format(
            area=definition_name(locale, figures.case),
            first=locale.month_short(rows["month"].min()),
            last=locale.month_short(rows["month"].max()),
            dash=DASH,
        ),
        draw=draw,
        table=printed,
        data=rows.assign(
            month=rows["month"].dt.strftime("%Y-%m"), status=np.where(rows["hidden"] > 0, "suppressed", "published")
        ).drop(columns=["rounded", "fetch_id"]),
        provenance=figures.provenance,
        definition=definitions.with_formula(locale, "tightness"),
        note=" ".join(
            [
                _("Numerot ovat tapahtumia alla olevassa luettelossa."),
                *overview.gap_note(locale, common_months(figures.series, [group], (UNEMPLOYED, VACANCIES))),
            ]
        ),
    )
    _chain_choice(figures, drawn)


def first_month(chosen: pd.Timestamp) -> pd.Timestamp:
    """Where a chart over time begins: the years of the events, or four years before an earlier month."""
    return min(pd.Timestamp(FIRST_YEAR, 1, 1), chosen - pd.DateOffset(years=4))


def _range_text(locale: Locale, row: pd.Series) -> str:
    text = locale.interval(row["lower"], row["upper"])
    return f"{text} ({locale.gettext('salattuja osia')})" if row["hidden"] else text


def chain_names(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    return {
        "veitsiluoto": _("Veitsiluodon sulkeminen"),
        "kemi-bioproduct-mill": _("Kemin biotuotetehdas"),
        "outokumpu-2020": _("Outokumpu 2020"),
        "outokumpu-2022": _("Outokumpu 2022"),
        "outokumpu-2025": _("Outokumpu 2025"),
        "metsa-2025": _("Metsä Group 2025"),
        "teno": _("Tenon lohenkalastus"),
    }


def drawn_events(case: Case, events: pd.DataFrame) -> pd.DataFrame:
    """The case's own events that its chart marks: one chain where there are chains, else all."""
    own = events[events["case_id"] == case.event_case]
    chains = _chains(own)
    if not chains:
        return own
    wanted = state.get_state().chain
    return own[own["chain"] == (wanted if wanted in chains else chains[0])]


def _chains(events: pd.DataFrame) -> list[str]:
    """Chains of events, the longest first."""
    return [str(code) for code in events["chain"].dropna().value_counts().index]


def _chain_choice(figures: CaseFigures, drawn: pd.DataFrame) -> None:
    chains = _chains(figures.events[figures.events["case_id"] == figures.case.event_case])
    if len(chains) < 2:
        return
    names = chain_names(figures.locale)
    key = f"chain-{figures.locale.language}"
    st.session_state[key] = drawn["chain"].iloc[0]
    st.selectbox(
        figures.locale.gettext("Tapahtumat kaaviossa"),
        chains,
        key=key,
        format_func=lambda code: names.get(code, code),
        on_change=partial(frame.take, "chain", key),
        width=320,
    )


def event_marks(figures: CaseFigures, events: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """month, mark: each event's day, and at the first of those within ten months their numbers, such as ``3–5``."""
    dated = sorted(
        (pd.Timestamp(start), int(figures.marks[code]))
        for start, code in zip(events["start_date"], events["event_id"], strict=True)
        if first <= pd.Timestamp(start) <= last
    )
    rows: list[dict[str, object]] = []
    first_of_label, numbers = None, []
    for day, mark in dated:
        if first_of_label is None or day >= first_of_label + pd.DateOffset(months=10):
            first_of_label, numbers = day, [mark]
        else:
            numbers.append(mark)
            rows[-len(numbers) + 1]["mark"] = f"{numbers[0]}{DASH}{numbers[-1]}"
        rows.append({"month": day, "mark": str(mark) if len(numbers) == 1 else ""})
    marks = pd.DataFrame(rows, columns=["month", "mark"])
    return marks.assign(level=(marks["mark"].ne("").cumsum() + 1) % 2)


def municipalities_block(figures: CaseFigures) -> None:
    """Both sides in each member municipality of the case."""
    locale = figures.locale
    _ = locale.gettext
    view = figures.view
    members = list(figures.case.municipalities)
    rows = store.municipalities(view.snapshot.snapshot_id, figures.month, (UNEMPLOYED, VACANCIES, LABOUR_FORCE))
    rows = rows[rows["area_code"].isin(members)]
    if not {UNEMPLOYED, VACANCIES, LABOUR_FORCE} <= set(rows["measure"]):
        parts.missing(locale, _("Kuntien luvut"))
        return
    names = store.areas(view.snapshot.snapshot_id, locale.language)
    counts = rows.pivot(index="area_code", columns="measure", values="value").sort_values(UNEMPLOYED, ascending=False)
    status = rows.pivot(index="area_code", columns="measure", values="status")
    share = counts[UNEMPLOYED] / counts[LABOUR_FORCE]
    highest = str(share.idxmax())
    claim = _("Suurin työttömien osuus: {name}, {share} työvoimasta").format(
        name=names.loc[highest, "name"], share=locale.percent(share.max())
    )
    sides = (_("Työttömät"), _("Avoimet paikat"))
    data = pd.DataFrame(
        [
            {
                "name": str(names.loc[code, "name"]),
                "side": side,
                "value": counts.loc[code, measure],
                "label": _bar_label(
                    locale, counts.loc[code, measure], status.loc[code, measure], share[code] if side == 0 else None
                ),
            }
            for code in counts.index
            for side, measure in enumerate((UNEMPLOYED, VACANCIES))
        ]
    )

    def draw(palette: Palette) -> Chart:
        return bars.paired_bars(
            data,
            palette=palette,
            names=sides,
            colours=(palette.subject.get(figures.standing.group, palette.unemployed), palette.vacancies),
            tooltip=[("name", _("Kunta")), ("side_name", _("Puoli")), ("label", _("Luku"))],
        )

    printed = pd.DataFrame(
        {
            _("Kunta"): [overview.place_name(names, code) for code in counts.index],
            _("Työttömiä"): [
                parts.count_text(locale, counts.loc[c, UNEMPLOYED], status.loc[c, UNEMPLOYED]) for c in counts.index
            ],
            _("Osuus työvoimasta"): [
                locale.percent(share[c]) if not np.isnan(share[c]) else DASH for c in counts.index
            ],
            _("Avoimia paikkoja"): [
                parts.count_text(locale, counts.loc[c, VACANCIES], status.loc[c, VACANCIES]) for c in counts.index
            ],
        }
    )
    parts.chart_block(
        locale,
        key=f"kunnat-{figures.standing.group}",
        claim=claim,
        subtitle=_("Työttömät työnhakijat (osuus työvoimasta) ja avoimet paikat kunnittain, {month}").format(
            month=locale.month(figures.month)
        ),
        draw=draw,
        table=printed,
        data=rows.assign(month=figures.month.strftime("%Y-%m"), name=rows["area_code"].map(names["name"])),
        provenance=figures.provenance,
        definition=definitions.with_formula(locale, "register_share"),
    )


def _bar_label(locale: Locale, value: float, status: str, share: float | None) -> str:
    if status == "suppressed":
        return f"1{DASH}4"
    if np.isnan(value):
        return locale.gettext("ei tietoa")
    return locale.number(value) + ("" if share is None or np.isnan(share) else f" ({locale.percent(share)})")


def occupations_block(figures: CaseFigures) -> None:
    """Both sides of the case's occupations in Lapland: the statistic does not come by case here."""
    locale = figures.locale
    _ = locale.gettext
    view = figures.view
    month, rows = store.occupation_month(view.snapshot.snapshot_id, figures.month, locale.language)
    rows = rows[rows["occupation_code"].isin(figures.case.occupations)] if month is not None else rows
    if month is None or rows.empty:
        parts.missing(locale, _("Ammatit"))
        return
    rows = rows.assign(size=rows["unemployed"].fillna(2.5) + rows["vacancies"].fillna(2.5)).nlargest(8, "size")
    ranked = rows.assign(ratio=rows["vacancies"] / rows["unemployed"])
    ranked = ranked[(ranked["unemployed"] + ranked["vacancies"]) >= headlines.RANKABLE].sort_values(
        "ratio", ascending=False
    )
    rows = rows.sort_values("size", ascending=False)
    claim = _occupation_claim(locale, rows, ranked, month)
    sides = (_("Työttömät"), _("Avoimet paikat"))
    data = pd.DataFrame(
        [
            {
                "name": row["label"],
                "side": side,
                "value": row[column],
                "label": _bar_label(locale, row[column], row[f"{column}_status"], None),
            }
            for _i, row in rows.iterrows()
            for side, column in enumerate(("unemployed", "vacancies"))
        ]
    )

    def draw(palette: Palette) -> Chart:
        return bars.paired_bars(
            data,
            palette=palette,
            names=sides,
            colours=(palette.unemployed, palette.vacancies),
            tooltip=[("name", _("Ammatti")), ("side_name", _("Puoli")), ("label", _("Luku"))],
        )

    printed = pd.DataFrame(
        {
            _("Ammatti"): [
                f"{code} {label}" for code, label in zip(rows["occupation_code"], rows["label"], strict=True)
            ],
            _("Työttömiä"): [
                parts.count_text(locale, v, s)
                for v, s in zip(rows["unemployed"], rows["unemployed_status"], strict=True)
            ],
            _("Avoimia paikkoja"): [
                parts.count_text(locale, v, s) for v, s in zip(rows["vacancies"], rows["vacancies_status"], strict=True)
            ],
        }
    )
    parts.chart_block(
        locale,
        key=f"ammatit-{figures.standing.group}",
        claim=claim,
        subtitle=_("Tapauksen ammateista {n} suurinta koko Lapissa kuukauden lopussa, {month}").format(
            n=len(rows), month=locale.month(month)
        ),
        draw=draw,
        table=printed,
        data=rows[
            ["occupation_code", "unemployed", "unemployed_status", "vacancies", "vacancies_status", "label"]
        ].assign(area_code=store.REGION, month=month.strftime("%Y-%m")),
        provenance=origins.of_fetches(view, rows["fetch_id"].unique().tolist(), computed=False),
        definition=_("Ammattiluokitus 2010, nelinumerotaso. Luvut ovat Lapista, eivät tapauksen kunnista."),
        note=_("Uusin kuukausi, jolta ammattiluvut ovat: {month}.").format(month=locale.month(month))
        if month != figures.month
        else None,
    )


def _occupation_claim(locale: Locale, rows: pd.DataFrame, ranked: pd.DataFrame, month: pd.Timestamp) -> str:
    """The tightest occupation, unless a hidden one may be tighter: then the one with most vacancies."""
    _ = locale.gettext
    if ranked.empty:
        return _("Luvut ovat liian pieniä järjestettäviksi")
    top = ranked.iloc[0]
    # A hidden count is 1 to 4: the tightest that such a row may be, where it is large enough to rank at all.
    hidden = rows[rows[["vacancies", "unemployed"]].isna().any(axis="columns")]
    large = hidden["vacancies"].fillna(4) + hidden["unemployed"].fillna(4) >= headlines.RANKABLE
    unsure = bool((hidden["vacancies"].fillna(4) / hidden["unemployed"].fillna(1) > top["ratio"])[large].any())
    if unsure:
        top = rows.sort_values("vacancies", ascending=False).iloc[0]
        text = _("Eniten avoimia paikkoja {when}: {name} ({v} paikkaa)")
    else:
        text = _("Eniten paikkoja työttömiin nähden {when}: {name} ({v} paikkaa, {u} työtöntä)")
    return text.format(
        when=locale.month_in(month),
        name=_lowered(top["label"]),
        v=locale.number(top["vacancies"]),
        u="" if unsure else locale.number(top["unemployed"]),
    )


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def industries_block(figures: CaseFigures, codes: Sequence[str]) -> None:
    """Open vacancies of Lapland by industry: twelve-month means of complete windows, up to the newest month."""
    locale = figures.locale
    _ = locale.gettext
    view = figures.view
    rows = store.industries(view.snapshot.snapshot_id, tuple(codes), locale.language)
    if rows.empty:
        parts.missing(locale, _("Avoimet paikat toimialoittain"))
        return
    wide = rows.pivot(index="month", columns="industry_code", values="value").reindex(columns=list(codes))
    names = rows.drop_duplicates("industry_code").set_index("industry_code")["label"].to_dict()
    means = seasonality.rolling_mean(wide.apply(monthly), months=12).dropna(how="all")
    chosen = figures.month.to_period("M")
    last = chosen if chosen - 12 in means.index and chosen in means.index else means.index[-1]
    pairs = means.reindex([last - 12, last]).dropna(axis="columns")
    claim = _("Avoimet paikat toimialoittain, 12 kuukauden keskiarvo")
    if not pairs.empty and len(pairs.columns):
        top = str((pairs.iloc[1] - pairs.iloc[0]).abs().idxmax())
        claim = _("{industry} {when}: keskimäärin {now} avointa paikkaa, vuotta aiemmin {then}").format(
            industry=names[top],
            when=locale.month_in(last.to_timestamp()),
            now=locale.number(pairs[top].iloc[1]),
            then=locale.number(pairs[top].iloc[0]),
        )
    long = means.rename_axis("month").reset_index().melt("month", var_name="group", value_name="value").dropna()
    long["month"] = long["month"].dt.to_timestamp()
    long = long[long["month"] >= first_month(figures.month)]

    def draw(palette: Palette) -> Chart:
        return lines.lines(
            long.assign(note=""),
            palette=palette,
            locale=locale,
            colours=dict(zip(codes, palette.industries, strict=False)),
            names={c: _short(names.get(c, c)) for c in codes},
            y_title=_("avointa paikkaa, 12 kk:n keskiarvo"),
            step=pd.DateOffset(months=1),
            number_format=",.0f",
            height=CHART_HEIGHT,
        )

    printed = wide.sort_index(ascending=False).head(36)
    status = rows.pivot(index="month", columns="industry_code", values="status")
    text = pd.DataFrame(
        {
            names[c]: [parts.count_text(locale, printed.loc[m, c], status.loc[m, c]) for m in printed.index]
            for c in codes
            if c in names
        }
    )
    text.insert(0, _("Kuukausi"), [locale.month(m) for m in printed.index])
    parts.chart_block(
        locale,
        key=f"toimialat-{figures.standing.group}",
        claim=claim,
        subtitle=_(
            "Avoimet paikat toimialoittain koko Lapissa, 12 kuukauden keskiarvo kuukauden lopun luvuista, {month} asti"
        ).format(month=locale.month_short(means.index[-1].to_timestamp())),
        draw=draw,
        table=text,
        data=rows[["industry_code", "month", "value", "status", "label"]].assign(
            area_code=store.REGION, measure=VACANCIES, month=rows["month"].dt.strftime("%Y-%m")
        ),
        provenance=origins.of_fetches(view, rows["fetch_id"].unique().tolist()),
        definition=_("Toimialaluokitus TOL 2008. Luvut ovat Lapista, eivät tapauksen kunnista."),
        note=_("Mahdolliset tilastokatkokset: kevät 2024 ja 1/2025. Niiden yli verrattaessa ole varovainen."),
    )


def _short(label: str, limit: int = 40) -> str:
    """A label in at most two lines beside its line."""
    kept = label if len(label) <= limit else label[: limit - 1].rsplit(" ", 1)[0].rstrip(",") + "…"
    return "\n".join(textwrap.wrap(kept, 21)[:2])
