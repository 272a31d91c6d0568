"""Headlines over real months of the committed figures, word for word, and held to the list of docs/headlines.md."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from data.build import read_reference
from data.queries import employment, occupations, reference, tourism, vacancies
from indicators import events, forecast, hiring, matching, seasonality, signals, structure, uncertainty
from settings import LANGUAGES, Language
from ui import headlines, mismatch
from ui.headlines import Crossing, Deviation, EventFinding, MismatchFinding, Proportion, Season
from ui.locales import NBSP, Locale, get_locale
from ui.readings import LABOUR_FORCE, UNEMPLOYED, VACANCIES, Reading, monthly, reading, standing

Connection = duckdb.DuckDBPyConnection
Row = Mapping[str, Any]
Sentence = Callable[[Locale, str], str]

GOLDEN = Path(__file__).parent / "golden" / "headlines.toml"
ROWS: list[Row] = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["headline"]
MEASURES = {"unemployed": UNEMPLOYED, "vacancies": VACANCIES}
PLACES = {row["area_code"]: row for row in read_reference("areas.csv") if row["place_fi"]}


def name(row: Row) -> str:
    return f"{row['kind']}-{row['area']}-{row['month']}"


def month(row: Row, key: str = "month") -> pd.Timestamp:
    return pd.Timestamp(f"{row[key]}-01")


# From the figures to what a headline is given.


def figures(connection: Connection, area: str) -> pd.DataFrame:
    measures = [UNEMPLOYED, VACANCIES, LABOUR_FORCE]
    return employment.group_series(connection, {area: [[area]]}, measures).assign(rounded=False)


def by_month(connection: Connection, area: str, measure: str) -> pd.Series:
    rows = employment.series(connection, [area], [measure])
    return monthly(rows.set_index("month")["value"])


def read(connection: Connection, row: Row, measure: str) -> Reading:
    found = reading(figures(connection, row["area"]), row["area"], measure, month(row), reference.breaks(connection))
    assert found is not None
    return found


def share(part: float, whole: float, when: pd.Timestamp) -> Proportion:
    (ends,) = uncertainty.wilson_interval(part, whole).to_dict("records")
    return Proportion(when, ends["estimate"], ends["lower"], ends["upper"])


def count_change(connection: Connection, row: Row) -> Sentence:
    found = read(connection, row, MEASURES[row["subject"]])
    return lambda locale, place: headlines.count_change(locale, place, row["subject"], found)


def small_count(connection: Connection, row: Row) -> Sentence:
    value = by_month(connection, row["area"], MEASURES[row["subject"]])[row["month"]]
    limit = uncertainty.detection_limit(value)
    return lambda locale, place: headlines.small_count(locale, place, row["subject"], month(row), value, limit)


def register_share(connection: Connection, row: Row) -> Sentence:
    found = read(connection, row, UNEMPLOYED)
    assert found.base_month is not None
    force = by_month(connection, row["area"], LABOUR_FORCE)
    now = share(found.value, force[row["month"]], found.month)
    base = share(found.base, force[str(found.base_month)[:7]], found.base_month)
    across = Crossing(found.comparability, found.break_month)
    return lambda locale, place: headlines.register_share(locale, place, now, base, across)


def tightness(connection: Connection, row: Row) -> Sentence:
    breaks = reference.breaks(connection)
    own, lapland = (standing(figures(connection, area), area, month(row), breaks) for area in (row["area"], "MK19"))
    assert own is not None
    assert lapland is not None
    return lambda locale, place: headlines.tightness(locale, place, own, lapland)


def mismatch_between_municipalities(connection: Connection, row: Row) -> Sentence:
    members = reference.memberships(connection)
    areas = list(members.loc[members["parent_code"] == row["area"], "area_code"])
    rows = employment.series(connection, [*areas, row["area"]], [UNEMPLOYED, VACANCIES], month(row), month(row))
    found = mismatch.between_municipalities(rows, row["area"])
    assert found is not None
    cells = rows[rows["area_code"] != row["area"]].pivot(index="area_code", columns="measure", values="value").dropna()
    chance = matching.mismatch_baseline(cells[UNEMPLOYED], cells[VACANCIES])["upper"]
    parts = found.parts.set_index("cell")["signed"]

    def say(locale: Locale, place: str) -> str:
        names = reference.areas(connection, locale.language).set_index("area_code")["name"].to_dict()
        result = MismatchFinding(
            month(row),
            "municipality",
            lower=found.lower,
            upper=found.upper,
            shortage=names[parts.idxmax()],
            surplus=names[parts.idxmin()],
            chance=chance,
        )
        return headlines.mismatch(locale, place, result)

    return say


def screened(connection: Connection, row: Row) -> pd.DataFrame:
    """The unemployed of the municipalities of the row's month beside what was expected, by area."""
    members = reference.memberships(connection)
    areas = members.loc[members["parent_code"] == "MK19", "area_code"]
    panel = pd.DataFrame({area: by_month(connection, area, UNEMPLOYED) for area in areas})
    detected = signals.detect(panel[: row["month"]])
    return detected[detected["period"] == row["month"]].set_index("cell")


def signal(connection: Connection, row: Row) -> Sentence:
    cell: Any = screened(connection, row).loc[row["area"]]
    state: Any = "signal" if cell["signal"] else "watch" if cell["watch"] else "none"
    found = Deviation(month(row), cell["observed"], cell["expected"], cell["limit"], state)
    return lambda locale, place: headlines.signal(locale, place, "unemployed", found)


def nothing_signalled(connection: Connection, row: Row) -> Sentence:
    cells = screened(connection, row)
    assert not (cells["signal"] | cells["watch"]).any()
    tested = int(cells["p"].notna().sum())
    return lambda locale, place: headlines.nothing_signalled(locale, place, month(row), tested)


def season(connection: Connection, row: Row) -> Sentence:
    first, last, excluded = row["first_year"], row["last_year"], tuple(row["excluded"])
    series = by_month(connection, row["area"], UNEMPLOYED)[f"{first}-01" : f"{last}-12"]
    profile = seasonality.monthly_profile(series, exclude=excluded).iloc[:, 0]
    peak, trough = (int(seasonality.peak_to_trough(profile)[end]) for end in ("peak", "trough"))
    found = Season(first, last, excluded, peak, profile[peak], trough, profile[trough])
    return lambda locale, place: headlines.season(locale, place, "unemployed", found)


def group(connection: Connection, area: str, row: Row, measure: str) -> Proportion:
    rows = employment.series(connection, [area], [UNEMPLOYED, measure], month(row), month(row))
    values = rows.set_index("measure")["value"].to_dict()
    return share(values[measure], values[UNEMPLOYED], month(row))


def long_term_share(connection: Connection, row: Row) -> Sentence:
    found = group(connection, row["area"], row, "PITKAAIKAISTYOTTOMAT")
    return lambda locale, place: headlines.long_term_share(locale, place, found)


def group_share(connection: Connection, row: Row) -> Sentence:
    own, lapland = (group(connection, area, row, row["measure"]) for area in (row["area"], "MK19"))
    return lambda locale, place: headlines.group_share(locale, place, row["group"][locale.language], own, lapland)


def forecasted(connection: Connection, row: Row) -> Sentence:
    """Made at ``known``: shown for the row's month, or refused."""
    series = by_month(connection, row["area"], MEASURES[row["subject"]])[: row["known"]]
    found = forecast.forecast(series, horizon=3, method="theta")
    if found.attrs["reason"]:
        reason = found.attrs["reason"]
        return lambda locale, place: headlines.forecast_refused(locale, place, row["subject"], month(row), reason)
    at: Any = found.loc[row["month"]]
    ends = (at["lower"], at["upper"])
    return lambda locale, place: headlines.forecast(locale, place, row["subject"], month(row), at["point"], ends)


def event(connection: Connection, row: Row) -> Sentence:
    series = by_month(connection, row["area"], UNEMPLOYED)[: row["month"]]
    after = events.counterfactual(series, row["event"])
    told = events.identifiable(series, row["event"], row["effect"], row["others"])
    verdict: Any = events.verdict(after, told)
    last = after.iloc[-1]
    found = EventFinding(
        month(row),
        last["observed"],
        last["lower"],
        last["upper"],
        month(row, "event"),
        verdict,
        told["reason"],
        told["limit"],
    )
    return lambda locale, place: headlines.event(locale, place, "unemployed", found)


def location_quotient(connection: Connection, row: Row) -> Sentence:
    counts = {}
    for area in (row["area"], "SSS"):
        sides = [occupations.by_month(connection, area, row["month"], level) for level in ("4", "total")]
        counts[area] = pd.concat(sides).set_index("occupation_code")["vacancies"]
    own, country = counts[row["area"]], counts["SSS"]
    code, total = row["occupation"], occupations.TOTAL
    quotient = structure.location_quotient(own[code], country[code], own[total], country[total])

    def say(locale: Locale, place: str) -> str:
        labels = occupations.labels(connection, locale.language).set_index("occupation_code")["label"].to_dict()
        when = locale.month_in(month(row))
        return headlines.location_quotient(locale, place, when, "vacancies", labels[code], quotient, own[code])

    return say


def nights_change(connection: Connection, row: Row) -> Sentence:
    rows = tourism.nights(connection, row["area"]).set_index("month")
    rows = rows[rows["residence"] == "total"]
    base = month(row) - pd.DateOffset(years=1)
    value, before = rows["value"].to_dict()[month(row)], rows["value"].to_dict()[base]
    preliminary = "first_release" in {rows["status"].to_dict()[one] for one in (month(row), base)}
    return lambda locale, place: headlines.nights_change(
        locale, place, month(row), value, base, before, preliminary=preliminary
    )


def vacancy_duration(connection: Connection, row: Row) -> Sentence:
    stock = by_month(connection, row["area"], VACANCIES)
    flow = vacancies.flows(connection, [row["area"]], ["Uudet_avoimet_tyopaikat_kauden_aikana"])
    new = monthly(flow.set_index("month")["value"])
    days = hiring.vacancy_days(stock[new.index[0] : new.index[-1]], new)
    base = month(row) - pd.DateOffset(years=1)
    now, before = days[row["month"]], days[f"{base:%Y-%m}"]
    return lambda locale, place: headlines.vacancy_duration(locale, place, month(row), now, base, before)


COMPUTED: Mapping[str, Callable[[Connection, Row], Sentence]] = {
    "count_change": count_change,
    "small_count": small_count,
    "register_share": register_share,
    "tightness": tightness,
    "mismatch": mismatch_between_municipalities,
    "signal": signal,
    "nothing_signalled": nothing_signalled,
    "season": season,
    "long_term_share": long_term_share,
    "group_share": group_share,
    "forecast": forecasted,
    "event": event,
    "location_quotient": location_quotient,
    "nights_change": nights_change,
    "vacancy_duration": vacancy_duration,
}


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_headline_says_what_the_figures_say(seed_connection: Connection, row: Row) -> None:
    say = COMPUTED[row["kind"]](seed_connection, row)
    place = PLACES[row["area"]]
    said = {language: say(get_locale(language), str(place[f"place_{language}"])) for language in LANGUAGES}
    assert said == {language: row[language].replace("_", NBSP) for language in LANGUAGES}


# The list of docs/headlines.md, as far as a machine can read it.

UNITS: Mapping[Language, str] = {
    "fi": r"työtön|työttö|työnhakija|paikka|paikko|työvoimasta|kohtaamisista|lukua|yöpymi|päivä|-kertainen",
    "sv": r"arbetslös|plats|arbetskraften|matchningarna|\btal\b|övernattning|dagar?\b|gånger",
    "en": r"unemployed|vacanc|labour force|matches|figures|overnight stays|days?\b|times",
}
CAUSES: Mapping[Language, str] = {
    "fi": r"\b(koska|vuoksi|takia|johtu\w*|aiheut\w*|syy\w*|ansiosta|seurauksena|sillä)\b",
    "sv": r"\b(på grund av|eftersom|orsak\w*|därför|tack vare|till följd av|beror)\b",
    "en": r"\b(because|due to|caus\w*|thanks to|owing to|as a result|led to|since)\b",
}
JARGON: Mapping[Language, str] = {
    "fi": r"indeksi|p-arvo|residuaali|wilson|poisson|mase\b|merkitsev|nollahypotee|dispersio|estimaat|signaali",
    "sv": r"\bindex|p-värde|residual|wilson|poisson|mase\b|signifikan|nollhypotes|dispersion|estimat|signal",
    "en": r"\bindex|p-value|residual|wilson|poisson|mase\b|significan|null hypothesis|dispersion|estimator|signal",
}
CAUTION: Mapping[str, Mapping[Language, str]] = {
    "noise": {"fi": "satunnaisvaihtelu", "sv": "slumpvariation", "en": "noise"},
    "interval": {"fi": r"95\u00a0%:n väli", "sv": "95-procentsintervall", "en": "95% interval"},
    "expected": {"fi": r"odotettu määrä oli \d", "sv": r"det väntade antalet var \d", "en": r"with \d.* expected"},
    "limit": {"fi": "ei näe alle", "sv": "syns inte en förändring på under", "en": "does not show a change of fewer"},
    "probability": {"fi": "80 prosentin", "sv": "80 procents", "en": "80 per cent"},
    "break": {"fi": "tilastokatkos", "sv": "tidsseriebrott", "en": "break in series"},
    "hidden": {"fi": "salattu", "sv": "sekretessbelag", "en": "suppressed"},
    "small": {"fi": "liian pieniä", "sv": "för små", "en": "too few"},
    "preliminary": {"fi": "voi tarkentua", "sv": "kan revideras", "en": "may be revised"},
    "estimate": {"fi": "arviolta", "sv": "uppskattningsvis", "en": "estimated"},
    "not an effect": {"fi": "ei yksin osoita", "sv": "i sig inte visar", "en": "does not in itself show"},
}
LONGEST = 200
EACH = [pytest.param(row, language, id=f"{name(row)}-{language}") for row in ROWS for language in LANGUAGES]


def test_twenty_headlines_or_more_of_every_kind() -> None:
    assert len(ROWS) >= 20
    assert {row["kind"] for row in ROWS} == set(COMPUTED)


@pytest.mark.parametrize(("row", "language"), EACH)
def test_a_headline_has_number_unit_area_and_period(row: Row, language: Language) -> None:
    sentence, locale = row[language], get_locale(language)
    figures = re.sub(r"\b20\d\d\b", "", sentence)
    assert re.search(r"\d", figures) or row.get("refused", False)
    assert re.search(UNITS[language], sentence)
    place = str(PLACES[row["area"]][f"place_{language}"])
    assert place in sentence
    if row["kind"] == "season":
        assert f"{row['first_year']}–{row['last_year']}" in sentence
    else:
        assert locale.month_in(month(row)).casefold() in sentence.casefold()


@pytest.mark.parametrize(("row", "language"), EACH)
def test_a_stated_change_names_the_month_it_is_compared_with(row: Row, language: Language) -> None:
    words = {"fi": r"(enemmän|vähemmän) kuin \w+ssa \d{4}", "sv": r" än i \w+ \d{4}", "en": r" than in \w+ \d{4}"}
    sentence, base = row[language], row.get("base")
    assert bool(re.search(words[language], sentence)) == (base is not None and "noise" not in row["caution"])
    if base is not None:
        assert get_locale(language).month_in(month(row, "base")) in sentence


@pytest.mark.parametrize(("row", "language"), EACH)
def test_uncertainty_is_said_as_the_list_wants_it(row: Row, language: Language) -> None:
    found = {
        caution for caution, words in CAUTION.items() if re.search(words[language], row[language].replace("_", NBSP))
    }
    assert found == set(row["caution"])


@pytest.mark.parametrize(("row", "language"), EACH)
def test_no_headline_names_a_cause_or_speaks_jargon(row: Row, language: Language) -> None:
    assert not re.search(CAUSES[language], row[language], re.IGNORECASE)
    assert not re.search(JARGON[language], row[language], re.IGNORECASE)


@pytest.mark.parametrize(("row", "language"), EACH)
def test_a_headline_is_one_sentence_short_enough_to_read_aloud(row: Row, language: Language) -> None:
    sentence = row[language]
    assert len(sentence) < LONGEST
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not re.search(r"[.!?]\s", sentence)
    assert not re.search(r"[{}]|\bnan\b|  | ,|\.\.", sentence)


@pytest.mark.parametrize(("row", "language"), EACH)
def test_numbers_are_written_as_the_language_writes_them(row: Row, language: Language) -> None:
    sentence = row[language]
    assert not re.search(r"\d %", sentence)
    if language == "en":
        assert not re.search(r"\d,\d(?!\d\d)|\d_", sentence)
    else:
        assert not re.search(r"\d\.\d|\d%", sentence)
        assert not re.search(r"(?<!\d)\d{4,}", re.sub(r"\b(19|20)\d\d\b", "", sentence))
