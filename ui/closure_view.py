"""The impact estimate of a closure: a card whose every assumption can be changed and stands beside its source.

What is chosen is kept apart from the widgets: it outlives a change of month, language, membership or view.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st

from data.closures import load_closures
from indicators.closure import ELSEWHERE
from ui import closure_estimate, definitions, parts, store
from ui.case_view import CaseFigures, definition_name
from ui.charts import bars
from ui.closure_estimate import HIGH, LOW, QUANTITIES, RANGE, RESIDENCE, TAX, WITHOUT, Assumptions, Estimate, home
from ui.locales import DASH, Locale
from ui.readings import LABOUR_FORCE, UNEMPLOYED
from ui.theme import Chart, Palette

KEY = "closure"
STEPS = {"jobs_lost": 10.0, "subcontractor_jobs": 10.0, "multiplier": 0.1, "earnings": 1000.0}
COLUMNS = [0.55, 0.45]


@dataclass
class Choices:
    """What this session has chosen: a starting point, numbers changed in it and sources written."""

    closure_id: str
    numbers: dict[str, float | None] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Month:
    """The municipalities' figures of the view's month, NaN where not shown, their status, names, and where they are."""

    people: pd.DataFrame
    status: pd.DataFrame
    names: Mapping[str, str]
    places: Mapping[str, str]


def block(figures: CaseFigures) -> None:
    """Result and assumptions beside each other; a changed assumption redraws the card alone."""

    @st.fragment
    def card() -> None:
        with st.container(border=True):
            _card(figures)

    card()


def _card(figures: CaseFigures) -> None:
    locale = figures.locale
    _ = locale.gettext
    choices = _choices()
    assumptions = Assumptions(
        load_closures()[choices.closure_id], figures.case.municipalities, choices.numbers, choices.sources
    )
    month = _month(figures)
    head, start = st.columns(COLUMNS, gap="large")
    with head:
        st.markdown(f"### {_('Vaikutusarvio: mitä työpaikkojen päättyminen merkitsisi kunnille?')}", anchors=False)
        st.markdown(f"**{_('Arvio oletuksista, ei ennuste.')}**")
    with start:
        _starting_point(figures, assumptions)
    left, right = st.columns(COLUMNS, gap="large")
    with left:
        _result(figures, assumptions, month)
    with right:
        _quantities(locale, assumptions)
    left, right = st.columns(COLUMNS, gap="large")
    with left:
        _residence(locale, assumptions, month.names)
    with right:
        _ranges(locale, assumptions)


def _choices() -> Choices:
    if KEY not in st.session_state:
        st.session_state[KEY] = Choices(next(iter(load_closures())))
    choices: Choices = st.session_state[KEY]
    return choices


def _restart(closure_id: str) -> None:
    st.session_state[KEY] = Choices(closure_id)


def _month(figures: CaseFigures) -> Month:
    snapshot_id, members = figures.view.snapshot.snapshot_id, list(figures.case.municipalities)
    columns = {LABOUR_FORCE: "labour_force", UNEMPLOYED: "unemployed"}
    rows = store.municipalities(snapshot_id, figures.month, tuple(columns))
    people, status = (
        rows.pivot(index="area_code", columns="measure", values=kind)
        .reindex(index=members, columns=list(columns))
        .rename(columns=columns)
        for kind in ("value", "status")
    )
    areas = store.areas(snapshot_id, figures.locale.language)["name"]
    names = {code: str(areas[code]) for code in members}
    return Month(
        people.astype(float),
        status,
        {**names, ELSEWHERE: figures.locale.gettext("Muualla")},
        store.places(snapshot_id, figures.locale.language),
    )


def _starting_point(figures: CaseFigures, assumptions: Assumptions) -> None:
    """The choice of a starting point, the way back to it, and the event it belongs to."""
    locale = figures.locale
    _ = locale.gettext
    closures, closure = load_closures(), assumptions.closure
    key = f"{KEY}-start-{locale.language}"
    st.session_state[key] = closure.id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Lähtökohta"),
            list(closures),
            key=key,
            format_func=lambda code: closures[code].name.in_language(locale.language),
            on_change=lambda: _restart(st.session_state[key]),
            width=360,
        )
        st.button(_("Palauta oletukset"), key=f"{KEY}-reset", on_click=_restart, args=(closure.id,))
    event = figures.events[figures.events["event_id"] == closure.event_id]
    for title, code in zip(event["title"], event["event_id"], strict=True):
        mark = figures.marks.get(code)
        st.caption(_("Tapahtuma {mark}: {title}").format(mark=mark, title=title) if mark else title)


def _result(figures: CaseFigures, assumptions: Assumptions, month: Month) -> None:
    locale = figures.locale
    _ = locale.gettext
    wrong = closure_estimate.problems(locale, assumptions)
    if wrong:
        st.warning("  \n".join(wrong), icon="⚠️")
        return
    try:
        result = closure_estimate.estimate(assumptions, month.people)
    except ValueError:
        st.warning(
            _("Näillä oletuksilla jossakin kunnassa olisi enemmän työttömiä kuin työvoimaa. Tarkista luvut."),
            icon="⚠️",
        )
        return
    if result is None:
        st.info(_("Anna ainakin yhden kotikunnan osuus työntekijöistä, niin arvio lasketaan."), icon="ℹ️")
        return
    _chart(figures, assumptions, month, result)
    st.markdown("  \n".join([_sum_of_jobs(locale, result), *_tax(locale, assumptions, month, result)]))
    st.caption(" ".join(_remarks(figures, assumptions, month, result)))


def _chart(figures: CaseFigures, assumptions: Assumptions, month: Month, result: Estimate) -> None:
    locale = figures.locale
    _ = locale.gettext
    shares = {code: closure_estimate.share_change(locale, result, code) for code in result.codes}
    drawn = pd.DataFrame(
        {
            "name": [
                month.names[code]
                if shares[code] is None
                else _("{name} · työttömien osuus {share}").format(name=month.names[code], share=shares[code])
                for code in result.codes
            ],
            "value": [result.of("all_jobs", code)[1] for code in result.codes],
            "label": [closure_estimate.spread(locale, result.of("all_jobs", code)) for code in result.codes],
            "people": [closure_estimate.spread(locale, result.of("newly_unemployed", code)) for code in result.codes],
        }
    )

    def draw(palette: Palette) -> Chart:
        own = palette.subject.get(figures.standing.group, palette.unemployed)
        return bars.ranked_bars(
            drawn.assign(colour=[palette.other if code == ELSEWHERE else own for code in result.codes]),
            palette=palette,
            tooltip=[
                ("name", _("Kotikunta")),
                ("label", _("Päättyviä työpaikkoja")),
                ("people", _("Työttömiä lisää enintään")),
            ],
        )

    name = assumptions.closure.name.in_language(locale.language)
    changed = assumptions.values != assumptions.start
    parts.chart_block(
        locale,
        key=f"vaikutusarvio-{_digest(assumptions)}",
        claim=closure_estimate.headline(locale, result, month.places, figures.month),
        subtitle=_(
            "Päättyvät työpaikat työntekijöiden kotikunnan mukaan. Arvio oletuksista, ei ennuste: {name}. "
            "Työttömät ja työvoima: {month}, {area}"
        ).format(
            name=_("{name}, oletuksia muutettu").format(name=name) if changed else name,
            month=locale.month(figures.month),
            area=definition_name(locale, figures.case),
        ),
        draw=draw,
        table=_table(locale, month, result),
        data=_data(figures, assumptions, month, result),
        provenance=figures.provenance,
        definition=" ".join(
            [
                _("Oletukset: {list}.").format(list=closure_estimate.in_words(locale, assumptions, month.names)),
                definitions.with_formula(locale, "closure_impact"),
            ]
        ),
    )


def _digest(assumptions: Assumptions) -> str:
    """What tells one set of assumptions from another, in the name of a file too."""
    text = json.dumps([assumptions.closure.id, assumptions.values], sort_keys=True)
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def _table(locale: Locale, month: Month, result: Estimate) -> pd.DataFrame:
    _ = locale.gettext
    codes = result.codes
    spread, money = closure_estimate.spread, closure_estimate.million_euros
    table = pd.DataFrame(
        {
            _("Kotikunta"): [month.names[code] for code in codes] + [_("Yhteensä")],
            _("Päättyviä työpaikkoja"): [spread(locale, result.of("all_jobs", code)) for code in codes]
            + [spread(locale, result.total("all_jobs"))],
            _("Työttömiä lisää enintään"): [spread(locale, result.of("newly_unemployed", code)) for code in codes]
            + [spread(locale, result.total("newly_unemployed"))],
            _("Osuus työvoimasta ennen ja jälkeen"): [
                closure_estimate.share_change(locale, result, code) or DASH for code in codes
            ]
            + [DASH],
        }
    )
    if _taxed(result):
        lost = [DASH if code == ELSEWHERE else money(locale, result.of("tax_loss", code)) for code in codes]
        table[_("Verotulojen menetys vuodessa")] = [*lost, DASH]
    return table


def _taxed(result: Estimate) -> bool:
    return bool(result.central["tax_loss"].notna().any())


def _data(figures: CaseFigures, assumptions: Assumptions, month: Month, result: Estimate) -> pd.DataFrame:
    """The rows of the file: figures by home municipality, and in every row the assumptions with their sources."""
    ends = [frame.add_suffix(end) for frame, end in ((result.low, "_low"), (result.high, "_high"))]
    rows = pd.concat([result.central, *ends], axis="columns")
    rows = rows.assign(
        name=rows.index.map(dict(month.names)),
        month=figures.month.strftime("%Y-%m"),
        residence_share=pd.Series(assumptions.residence, dtype=float),
        labour_force=month.people["labour_force"],
        unemployed=month.people["unemployed"],
        status=month.status["unemployed"],
    )
    for name in QUANTITIES:
        rows[f"assumed_{name}"] = np.nan if (number := assumptions.given(name)) is None else number
        rows[f"assumed_{name}_source"] = assumptions.source(figures.locale, name)
    for name in closure_estimate.range_labels(figures.locale):
        rows[f"assumed_{name}"] = np.nan if (number := assumptions.given(name)) is None else number
    rows["assumed_range_source"] = assumptions.source(figures.locale, RANGE)
    rows["residence_share_source"] = assumptions.source(figures.locale, RESIDENCE)
    return rows.rename_axis("area_code").reset_index()


def _sum_of_jobs(locale: Locale, result: Estimate) -> str:
    _ = locale.gettext
    terms = {
        "direct": _("{n} suoraa"),
        "subcontractor": _("{n} alihankkijoilla"),
        "indirect": _("{n} kerrannaisina"),
    }
    numbers = {figure: result.total(figure)[1] for figure in terms}
    shown = [text.format(n=f"**{locale.number(numbers[f])}**") for f, text in terms.items() if round(numbers[f])]
    return _("{terms} = {total} työpaikkaa; työttömiä lisää enintään {people}.").format(
        terms=" + ".join(shown) or locale.number(0),
        total=f"**{closure_estimate.spread(locale, result.total('all_jobs'))}**",
        people=f"**{closure_estimate.spread(locale, result.total('newly_unemployed'))}**",
    )


def _tax(locale: Locale, assumptions: Assumptions, month: Month, result: Estimate) -> list[str]:
    """The tax lost by municipality or what it lacks, and what others have said of it as theirs."""
    _ = locale.gettext
    money = closure_estimate.million_euros
    lines = [_("Verotulojen menetystä ei ole laskettu: anna ansio ja kunnan saama osuus siitä.")]
    if _taxed(result):
        amounts = [
            f"{month.names[code]} {money(locale, result.of('tax_loss', code))}"
            for code in result.codes
            if code != ELSEWHERE
        ]
        lines = [_("Verotulojen menetys vuodessa enintään: {amounts}.").format(amounts=", ".join(amounts))]
    stated = assumptions.closure.stated_tax_loss
    if stated is not None:
        amounts = [f"{month.names[code]} {money(locale, (1e6 * m,) * 3)}" for code, m in stated.millions.items()]
        source = stated.source.in_language(locale.language)
        lines.append(
            _("{source} verotulojen menetyksestä: {amounts}. Ei mukana laskelmassa.").format(
                source=source if stated.url is None else f"[{source}]({stated.url})", amounts=", ".join(amounts)
            )
        )
    return lines


def _remarks(figures: CaseFigures, assumptions: Assumptions, month: Month, result: Estimate) -> list[str]:
    """What the estimate leaves out, and where a figure of the month is not shown."""
    locale = figures.locale
    _ = locale.gettext
    titles, when = closure_estimate.labels(locale), locale.month_in(figures.month)
    lines = []
    missing = [
        titles[name].split(",")[0] for name in QUANTITIES if name not in TAX and assumptions.values[name] is None
    ]
    if missing:
        lines.append(_("Ei annettu, siksi ei mukana: {names}.").format(names="; ".join(missing)))
    unknown = [month.names[code] for code in assumptions.members if code not in assumptions.residence]
    if unknown:
        lines.append(
            _("Muualla asuviin on luettu myös ne kunnat, joiden osuutta ei ole annettu: {names}.").format(
                names=", ".join(unknown)
            )
        )
    for code in result.codes:
        if code == ELSEWHERE or closure_estimate.share_change(locale, result, code) is not None:
            continue
        text = (
            _("{name}: työttömien määrä on salattu {when}, joten osuutta ei lasketa.")
            if (month.status.loc[code] == "suppressed").any()
            else _("{name}: työttömien tai työvoiman määrää ei ole {when}, joten osuutta ei lasketa.")
        )
        lines.append(text.format(name=month.names[code], when=when))
    lines.append(
        _(
            "Enintään: osa muuttaa pois, opiskelee tai jää työvoiman ulkopuolelle. Työvoima pidetään ennallaan. "
            "Eläkkeistä ja etuuksista maksettavaa veroa ja verotulojen tasausta ei ole otettu huomioon."
        )
    )
    return lines


def _quantities(locale: Locale, assumptions: Assumptions) -> None:
    """A number and its source a row."""
    _ = locale.gettext
    titles = closure_estimate.labels(locale)
    tips = {
        "multiplier": _("Kaikki päättyvät työpaikat jaettuna suorilla ja alihankkijoiden työpaikoilla."),
        "reemployed_share": _("Osuus kaikista, jotka eivät siirry eläkkeelle."),
        "earnings": _("Päättyvän työpaikan keskimääräinen ansio. Sama kaikille kunnille."),
        "municipal_tax_rate": _("Kunnallisvero vähennysten jälkeen, osuutena ansiosta. Sama kaikille kunnille."),
    }
    for name in QUANTITIES:
        number, source = st.columns([0.42, 0.58], vertical_alignment="bottom")
        with number:
            _number(assumptions, name, titles[name], tip=tips.get(name))
        with source:
            _source(locale, assumptions, name)


def _residence(locale: Locale, assumptions: Assumptions, names: Mapping[str, str]) -> None:
    """The share of each municipality, with one source for the whole split."""
    st.markdown(f"**{closure_estimate.labels(locale)[RESIDENCE]}**")
    with st.container(horizontal=True):
        for code in assumptions.members:
            _number(assumptions, home(code), names[code], width=150)
    _source(locale, assumptions, RESIDENCE)


def _ranges(locale: Locale, assumptions: Assumptions) -> None:
    """The lower and upper ends of the assumptions that are the least certain, with one source."""
    st.markdown(f"**{closure_estimate.labels(locale)[RANGE]}**")
    for column, (name, label) in zip(
        [column for _name in WITHOUT for column in st.columns(2, vertical_alignment="bottom")],
        closure_estimate.range_labels(locale).items(),
        strict=True,
    ):
        with column:
            _number(assumptions, name, label)
    _source(locale, assumptions, RANGE)


def _number(assumptions: Assumptions, name: str, label: str, tip: str | None = None, width: int | None = None) -> None:
    key = f"{KEY}-{name}"
    st.session_state[key] = assumptions.values[name]

    def take() -> None:
        _choices().numbers[name] = st.session_state[key]

    st.number_input(
        label,
        min_value=0.0,
        value=None,
        step=STEPS.get(name.removesuffix(LOW).removesuffix(HIGH), 1.0),
        format="%g",
        key=key,
        help=tip,
        on_change=take,
        placeholder=DASH,
        width="stretch" if width is None else width,
    )


def _source(locale: Locale, assumptions: Assumptions, name: str) -> None:
    """The source of an assumption, open to change, and the way to it where it is the one on record."""
    _ = locale.gettext
    key = f"{KEY}-source-{name}"
    shown, recorded = assumptions.source(locale, name), assumptions.recorded.get(name)
    link = None if recorded is None or shown != recorded.source.in_language(locale.language) else recorded.url
    st.session_state[key] = shown

    def take() -> None:
        _choices().sources[name] = (st.session_state[key] or "").strip()

    st.text_input(
        _("Lähde") + ("" if link is None else f" · [{_('avaa')}]({link})"),
        key=key,
        on_change=take,
        placeholder=_("kuka on arvioinut ja milloin"),
    )
