"""The sentence above a view: right numbers, ranges where parts are hidden, and silence within noise."""

import pytest
from market_tables import NO_BREAKS, breaks, market, series

from ui import headlines, parts
from ui.locales import get_locale
from ui.readings import UNEMPLOYED, Reading, Standing, reading

FI = get_locale("fi")
PLACES = {
    "meri-lappi": "Meri-Lapissa",
    "matkailu": "matkailukunnissa",
    "utsjoki": "Utsjoella",
    "MK19": "Lapissa",
}


def nbsp(text: str) -> str:
    """``_`` as a no-break space, so that expected sentences can be read."""
    return text.replace("_", "\u00a0")


@pytest.fixture
def cases() -> list[Standing]:
    return [
        market("meri-lappi", "2977", "174"),
        market("matkailu", "5138", "2260"),
        market("utsjoki", "50", "13"),
    ]


def test_the_picture_names_the_extremes_and_what_changed_in_lapland(cases: list[Standing]) -> None:
    lapland = market("MK19", "9137", "3224 > 2515")
    assert headlines.picture(FI, PLACES, cases, lapland) == nbsp(
        "Matkailukunnissa on 44 avointa paikkaa sataa työtöntä kohden, Meri-Lapissa 6"
        " – Lapissa avoimia paikkoja on 22_% vähemmän kuin kesäkuussa 2025."
    )


def test_a_rise_is_said_to_be_one(cases: list[Standing]) -> None:
    sentence = headlines.picture(FI, PLACES, cases, market("MK19", "9137", "2000 > 2515"))
    assert sentence.endswith(nbsp("Lapissa avoimia paikkoja on 26_% enemmän kuin kesäkuussa 2025."))


@pytest.mark.parametrize(
    ("vacancies", "marked"),
    [
        ("2500 > 2515", NO_BREAKS),  # within noise
        ("2515", NO_BREAKS),  # nothing to compare with
        ("5000 > 2515", breaks("2026-01 | confirmed | MK19 | AVPAIKATLOPUSSA")),  # not comparable
        ("5000 > 2515", breaks("2026-01 | possible | MK19 | AVPAIKATLOPUSSA")),  # perhaps not comparable
        ("5000 > 2500..2515", NO_BREAKS),  # a part is hidden
    ],
)
def test_a_change_that_cannot_be_stated_is_not(cases: list[Standing], vacancies: str, marked: object) -> None:
    sentence = headlines.picture(FI, PLACES, cases, market("MK19", "9137", vacancies, marked=marked))
    assert sentence == "Matkailukunnissa on 44 avointa paikkaa sataa työtöntä kohden, Meri-Lapissa 6."


def test_small_counts_are_not_ranked() -> None:
    """Utsjoki's 19 vacancies to 20 unemployed would be the most by far, and the fewest with 1."""
    cases = [market("meri-lappi", "2977", "174"), market("matkailu", "5138", "2260")]
    for vacancies in ("19", "1", "1..4"):
        sentence = headlines.picture(
            FI, PLACES, [*cases, market("utsjoki", "20", vacancies)], market("MK19", "9137", "2515")
        )
        assert sentence == "Matkailukunnissa on 44 avointa paikkaa sataa työtöntä kohden, Meri-Lapissa 6."


def test_with_nothing_to_rank_lapland_stands_alone() -> None:
    cases = [market("meri-lappi", "2977", "19"), market("matkailu", "5138", "2260")]
    sentence = headlines.picture(FI, PLACES, cases, market("MK19", "9137", "2515"))
    assert sentence == "Lapissa on 28 avointa paikkaa sataa työtöntä kohden."


def test_a_case_says_both_sides_and_laplands_tightness() -> None:
    sea_lapland = market("meri-lappi", "2977", "174", labour_force=23_400)
    assert headlines.case(FI, "Meri-Lapissa", sea_lapland, market("MK19", "9137", "2515")) == nbsp(
        "Meri-Lapissa on 2_977 työtöntä työnhakijaa (12,7_% työvoimasta) ja 174 avointa paikkaa: "
        "6 paikkaa sataa työtöntä kohden, koko Lapissa 28."
    )


def test_a_case_with_hidden_parts_says_ranges() -> None:
    sea_lapland = market("meri-lappi", "2977", "100..400", labour_force=23_400)
    assert headlines.case(FI, "Meri-Lapissa", sea_lapland, market("MK19", "9137", "2515")) == nbsp(
        "Meri-Lapissa on 2_977 työtöntä työnhakijaa (12,7_% työvoimasta) ja 100–400 avointa paikkaa: "
        "3–13 paikkaa sataa työtöntä kohden, koko Lapissa 28."
    )


def test_the_share_of_a_hidden_number_is_a_range() -> None:
    assert headlines.share(FI, market("utsjoki", "50", "13", labour_force=510)) == nbsp("9,8_%")
    assert headlines.share(FI, market("utsjoki", "1..4", "13", labour_force=500)) == nbsp("0,2–0,8_%")
    assert headlines.share(FI, market("utsjoki", "50", "13", labour_force=float("nan"))) == "ei tietoa"


@pytest.mark.parametrize(
    ("unemployed", "vacancies", "expected"),
    [
        (
            "59 > 50",
            "13",
            "Utsjoella on 50 työtöntä työnhakijaa ja 13 avointa paikkaa; "
            "työttömien määrän muutos ei erotu satunnaisvaihtelusta (kesäkuussa 2025 heitä oli 59).",
        ),
        (
            "90 > 50",
            "1..4",
            "Utsjoella on 50 työtöntä työnhakijaa ja 1–4 avointa paikkaa; kesäkuussa 2025 työttömiä oli 90.",
        ),
        ("50", "0", "Utsjoella on 50 työtöntä työnhakijaa ja 0 avointa paikkaa."),
        ("50 > 1..4", "13", "Utsjoella on 1–4 työtöntä työnhakijaa ja 13 avointa paikkaa."),
    ],
)
def test_a_small_case_says_whether_its_change_can_be_told_from_noise(
    unemployed: str, vacancies: str, expected: str
) -> None:
    assert headlines.small_case(FI, "Utsjoella", market("utsjoki", unemployed, vacancies)) == expected


def june(text: str, marked: object = NO_BREAKS) -> Reading:
    rows = series(text)
    found = reading(rows, "MK19", UNEMPLOYED, rows["month"].max(), marked)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-06 | 9000\n2026-06 | 9440", "+440 (+5_%) vrt. 6/2025"),
        ("2023-06 | 9440\n2026-06 | 8000", "−1_440 (−15_%) vrt. 6/2023"),
        ("2025-06 | 59\n2026-06 | 50", "ei erotu vaihtelusta (6/2025: 59)"),
        ("2025-01 | 8610\n2026-01 | ~8260", "noin −350 (−4_%) vrt. 1/2025"),
        ("2025-06 | 0\n2026-06 | 30", "+30 vrt. 6/2025"),
        ("2026-06 | 30", "ei vertailukuukautta"),
        ("2025-06 | 30\n2026-06 | 1..4", "vertailu puuttuu: 6/2026 salattu"),
    ],
)
def test_a_change_in_the_words_of_a_card(text: str, expected: str) -> None:
    assert parts.change(FI, june(text)) == nbsp(expected)


def test_a_card_says_that_months_across_a_confirmed_break_do_not_compare() -> None:
    across = june("2023-09 | 60000\n2024-09 | 20000", breaks("2024-06 | confirmed | all | all"))
    assert parts.change(FI, across) == "ei vertailukelpoinen: tilastokatkos 6/2024"
    assert parts.arrow(across) == "●"


def test_a_card_marks_a_change_across_a_possible_break() -> None:
    across = june("2024-06 | 9000\n2025-06 | 9440", breaks("2025-01 | possible | all | all"))
    assert parts.change(FI, across) == nbsp("+440 (+5_%) vrt. 6/2024*")
    assert parts.arrow(across) == "▲"


def test_an_arrow_only_for_what_moved() -> None:
    assert parts.arrow(june("2025-06 | 9000\n2026-06 | 9440")) == "▲"
    assert parts.arrow(june("2025-06 | 9440\n2026-06 | 9000")) == "▼"
    assert parts.arrow(june("2025-06 | 59\n2026-06 | 50")) == "●"
    assert parts.arrow(june("2026-06 | 50")) == "●"


@pytest.mark.parametrize(
    ("value", "status", "expected"),
    [
        (1386.0, "published", "1_386"),
        (0.0, "published", "0"),
        (float("nan"), "suppressed", "1–4, salattu"),
        (float("nan"), "not_available", "ei saatavilla"),
    ],
)
def test_a_count_or_the_word_for_why_there_is_none(value: float, status: str, expected: str) -> None:
    assert parts.count_text(FI, value, status) == nbsp(expected)


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        ("2021-04-20", None, "d", "20.4.2021"),
        ("2021-04", None, "m", "4/2021"),
        ("2021-07-01", None, "q", "III/2021"),
        ("2021-01-01", None, "y", "2021"),
        ("2021-08-01", "2023-12-31", "d", "1.8.2021–31.12.2023"),
    ],
)
def test_an_event_is_dated_as_precisely_as_it_is_known(
    start: str, end: str | None, precision: str, expected: str
) -> None:
    assert parts.event_date(FI, start, end, precision) == expected
