"""Numbers, months and days as they are written in Finnish, Swedish and English."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from settings import LANGUAGES, Language
from ui.locales import Locale, get_locale


@pytest.fixture
def fi() -> Locale:
    return get_locale("fi")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", ["7\u00a0680", "1\u00a0234\u00a0567", "\u22122,3", "9,0", "0"]),
        ("sv", ["7\u00a0680", "1\u00a0234\u00a0567", "\u22122,3", "9,0", "0"]),
        ("en", ["7,680", "1,234,567", "\u22122.3", "9.0", "0"]),
    ],
)
def test_numbers(language: Language, expected: list[str]) -> None:
    number = get_locale(language).number
    assert [number(7680), number(1234567), number(-2.3, 1), number(9, 1), number(0)] == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.5, 0, "1"), (2.5, 0, "3"), (-2.5, 0, "−3"), (1.005, 2, "1,01"), (0.285, 2, "0,29"), (2.4999, 0, "2")],
)
def test_halves_round_away_from_zero_as_in_printed_tables(
    fi: Locale, value: float, decimals: int, expected: str
) -> None:
    assert fi.number(value, decimals) == expected


def test_what_rounds_to_zero_has_no_sign(fi: Locale) -> None:
    assert fi.number(-0.2) == "0"
    assert fi.signed(-0.2) == "0"
    assert fi.signed(0.2) == "0"
    assert fi.signed_percent(-0.002) == "0\u00a0%"
    assert fi.percent(-0.0002) == "0,0\u00a0%"


def test_signs_are_written_out_in_front(fi: Locale) -> None:
    assert fi.signed(440) == "+440"
    assert fi.signed(-1194) == "−1\u00a0194"
    assert fi.signed_percent(0.173) == "+17\u00a0%"
    assert fi.signed_percent(-0.45) == "−45\u00a0%"


@pytest.mark.parametrize(("language", "expected"), [("fi", "9,6\u00a0%"), ("sv", "9,6\u00a0%"), ("en", "9.6%")])
def test_per_cent(language: Language, expected: str) -> None:
    assert get_locale(language).percent(0.096) == expected


def test_an_interval_takes_an_en_dash_and_closes_where_its_ends_print_alike(fi: Locale) -> None:
    assert fi.interval(8, 14) == "8–14"
    assert fi.interval(1008, 1014) == "1\u00a0008–1\u00a0014"
    assert fi.interval(10.04, 10.01, 1) == "10,0"


@pytest.mark.parametrize(
    ("language", "month", "inside", "short"),
    [
        ("fi", "kesäkuu 2026", "kesäkuussa 2026", "6/2026"),
        ("sv", "juni 2026", "i juni 2026", "6/2026"),
        ("en", "June 2026", "in June 2026", "Jun 2026"),
    ],
)
def test_months(language: Language, month: str, inside: str, short: str) -> None:
    locale = get_locale(language)
    june = pd.Timestamp("2026-06-01")
    assert (locale.month(june), locale.month_in(june), locale.month_short(june)) == (month, inside, short)


@pytest.mark.parametrize(
    ("language", "january", "short", "inside"),
    [
        ("fi", "tammikuu", "tammi", "tammikuussa"),
        ("sv", "januari", "jan", "i januari"),
        ("en", "January", "Jan", "in January"),
    ],
)
def test_calendar_months_of_any_year(language: Language, january: str, short: str, inside: str) -> None:
    locale = get_locale(language)
    assert (locale.month_whole(1), locale.month_name(1, "LLL"), locale.month_inside(1)) == (january, short, inside)


@pytest.mark.parametrize(
    ("language", "expected"), [("fi", "24.2.2026"), ("sv", "24.2.2026"), ("en", "24 February 2026")]
)
def test_days(language: Language, expected: str) -> None:
    assert get_locale(language).day(date(2026, 2, 24)) == expected


@pytest.mark.parametrize("tz", [UTC, None])
def test_a_stamp_is_the_day_it_was_in_finland(fi: Locale, tz: None) -> None:
    assert fi.moment(datetime(2026, 7, 20, 22, 30, tzinfo=tz)) == "21.7.2026"
    assert fi.moment(datetime(2026, 1, 20, 21, 30, tzinfo=tz)) == "20.1.2026"


def test_one_and_many(fi: Locale) -> None:
    assert fi.ngettext("{n} kunta", "{n} kuntaa", 1) == "{n} kunta"
    assert fi.ngettext("{n} kunta", "{n} kuntaa", 3) == "{n} kuntaa"
    assert fi.ngettext("{n} kunta", "{n} kuntaa", 1.5) == "{n} kuntaa"


@pytest.mark.parametrize(
    ("language", "decimal", "thousands", "percent", "first_month", "first_day"),
    [
        ("fi", ",", "\u00a0", "\u00a0%", "tammikuu", "sunnuntai"),
        ("sv", ",", "\u00a0", "\u00a0%", "januari", "söndag"),
        ("en", ".", ",", "%", "January", "Sunday"),
    ],
)
def test_charts_get_the_numbers_and_months_of_the_language(
    language: Language, decimal: str, thousands: str, percent: str, first_month: str, first_day: str
) -> None:
    vega = get_locale(language).vega()
    number, time = vega["number"], vega["time"]
    assert (number["decimal"], number["thousands"], number["percent"]) == (decimal, thousands, percent)
    assert number["minus"] == "\u2212"
    assert (time["months"][0], time["days"][0]) == (first_month, first_day)
    assert [len(time[names]) for names in ("months", "shortMonths", "days", "shortDays")] == [12, 12, 7, 7]


def test_every_language_keeps_its_months_apart() -> None:
    names = [set(get_locale(language).vega()["time"]["months"]) for language in LANGUAGES]
    assert not names[0] & names[1]
    assert not names[0] & names[2]
