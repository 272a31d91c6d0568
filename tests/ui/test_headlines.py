"""The sentence above a view: right numbers, ranges where parts are hidden, and silence within noise."""

from dataclasses import replace
from typing import Literal

import pandas as pd
import pytest
from market_tables import NO_BREAKS, breaks, market, series

from settings import LANGUAGES
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


# One kind of result a function. What the committed figures show is in tests/ui/golden; here stands what they do not.

WHEN = pd.Timestamp("2026-06-01")


def share_of(value: float, half: float = 0.005, when: pd.Timestamp = WHEN) -> headlines.Proportion:
    return headlines.Proportion(when, value, value - half, value + half)


def test_an_area_without_a_form_of_its_own_stands_after_a_word_for_area() -> None:
    assert headlines.place_or_name(FI, "Kemissä", "Kemi") == "Kemissä"
    said = [headlines.place_or_name(get_locale(language), None, "Tana") for language in LANGUAGES]
    assert said == ["alueella Tana", "i området Tana", "in Tana"]
    assert headlines.count_change(FI, said[0], "unemployed", june("2026-06 | 30")) == (
        "Kesäkuussa 2026 alueella Tana oli 30 työtöntä työnhakijaa."
    )


NOISE = "; muutos ei erotu satunnaisvaihtelusta (kesäkuussa 2025 luku oli {})."


@pytest.mark.parametrize(
    ("text", "figure", "change"),
    [
        ("2025-06 | 9000\n2026-06 | 9440", "9_440", ", 440 (5_%) enemmän kuin kesäkuussa 2025."),
        ("2023-06 | 9440\n2026-06 | 8000", "8_000", ", 1_440 (15_%) vähemmän kuin kesäkuussa 2023."),
        ("2025-06 | 250000\n2026-06 | 251500", "251_500", ", 1_500 (0,6_%) enemmän kuin kesäkuussa 2025."),
        ("2025-06 | 8610\n2026-06 | ~8260", "noin 8_260", ", noin 350 (4_%) vähemmän kuin kesäkuussa 2025."),
        ("2025-06 | 100\n2026-06 | 400", "400", ", 300 enemmän kuin kesäkuussa 2025."),
        ("2025-06 | 0\n2026-06 | 30", "30", ", 30 enemmän kuin kesäkuussa 2025."),
        ("2025-06 | 59\n2026-06 | 50", "50", NOISE.format(59)),
        ("2025-06 | 50\n2026-06 | 50", "50", NOISE.format(50)),
        ("2025-06 | 30\n2026-06 | 1..4", "1–4", "; tarkka luku on salattu."),
        ("2025-06 | 1..4\n2026-06 | 30", "30", "."),
    ],
)
def test_a_count_says_its_change_or_why_it_has_none(text: str, figure: str, change: str) -> None:
    said = headlines.count_change(FI, "Lapissa", "unemployed", june(text))
    assert said == nbsp(f"Kesäkuussa 2026 Lapissa oli {figure} työtöntä työnhakijaa{change}")


def test_a_change_across_a_confirmed_break_is_not_stated_and_a_possible_one_is_named() -> None:
    across = "2025-06 | 9000\n2026-06 | 5000"
    confirmed = june(across, breaks("2026-01 | confirmed | all | all"))
    assert headlines.count_change(FI, "Lapissa", "unemployed", confirmed) == nbsp(
        "Kesäkuussa 2026 Lapissa oli 5_000 työtöntä työnhakijaa;"
        " luku ei ole vertailukelpoinen aiempien kanssa (tilastokatkos tammikuussa 2026)."
    )
    possible = june(across, breaks("2026-01 | possible | all | all"))
    assert headlines.count_change(FI, "Lapissa", "unemployed", possible) == nbsp(
        "Kesäkuussa 2026 Lapissa oli 5_000 työtöntä työnhakijaa, 4_000 (44_%) vähemmän kuin kesäkuussa 2025;"
        " mahdollinen tilastokatkos tammikuussa 2026."
    )


def test_one_vacancy_is_singular_in_every_language() -> None:
    said = [
        headlines.small_count(get_locale(language), place, "vacancies", WHEN, 1, 3.4)
        for language, place in zip(LANGUAGES, ("Utsjoella", "i Utsjoki", "in Utsjoki"), strict=True)
    ]
    assert said == [
        "Kesäkuussa 2026 Utsjoella oli 1 avoin paikka; tästä luvusta ei näe alle 4 paikan muutosta.",
        "I juni 2026 fanns 1 ledig arbetsplats i Utsjoki; i detta tal syns inte en förändring på under 4 platser.",
        "In June 2026 there was 1 open vacancy in Utsjoki;"
        " this figure does not show a change of fewer than 4 vacancies.",
    ]


def test_the_register_share_states_a_change_only_where_its_range_leaves_out_zero() -> None:
    before = pd.Timestamp("2025-06-01")
    now, none = share_of(0.110), headlines.Crossing()
    assert headlines.register_share(FI, "Lapissa", now, share_of(0.090, when=before), none) == nbsp(
        "Kesäkuussa 2026 Lapissa työttömiä työnhakijoita oli 11,0_% työvoimasta,"
        " 2,0 prosenttiyksikköä enemmän kuin kesäkuussa 2025 (95_%:n väli 1,3–2,7)."
    )
    assert headlines.register_share(FI, "Lapissa", now, share_of(0.105, when=before), none) == nbsp(
        "Kesäkuussa 2026 Lapissa työttömiä työnhakijoita oli 11,0_% työvoimasta;"
        " osuuden muutos ei erotu satunnaisvaihtelusta (kesäkuussa 2025 osuus oli 10,5_%)."
    )
    assert headlines.register_share(FI, "Lapissa", now, None, none) == nbsp(
        "Kesäkuussa 2026 Lapissa työttömiä työnhakijoita oli 11,0_% työvoimasta."
    )


def test_a_share_of_a_hidden_number_is_a_range_without_a_change() -> None:
    hidden = headlines.Proportion(WHEN, float("nan"), 0.002, 0.008)
    said = headlines.register_share(FI, "Utsjoella", hidden, share_of(0.09), headlines.Crossing())
    assert said == nbsp(
        "Kesäkuussa 2026 Utsjoella työttömiä työnhakijoita oli 0,2–0,8_% työvoimasta; tarkka luku on salattu."
    )
    assert headlines.long_term_share(FI, "Utsjoella", hidden, share_of(0.274)) == nbsp(
        "Kesäkuussa 2026 Utsjoella 0,2–0,8_% työttömistä työnhakijoista oli ollut työttömänä vähintään vuoden;"
        " tarkka luku on salattu."
    )


def test_a_share_near_that_of_lapland_is_not_said_to_differ() -> None:
    assert headlines.long_term_share(FI, "Torniossa", share_of(0.29, 0.03), share_of(0.274)) == nbsp(
        "Kesäkuussa 2026 Torniossa 29,0_% työttömistä työnhakijoista oli ollut työttömänä vähintään vuoden"
        " (95_%:n väli 26,0–32,0_%); ero koko Lappiin (27,4_%) ei erotu satunnaisvaihtelusta."
    )


def test_tightness_is_compared_with_lapland_where_the_counts_carry_it() -> None:
    lapland = market("MK19", "9137", "2515")
    said = {
        "far": headlines.tightness(FI, "Kemissä", market("KU240", "1386", "68"), lapland),
        "near": headlines.tightness(FI, "Simossa", market("KU751", "100", "30"), lapland),
        "small": headlines.tightness(FI, "Utsjoella", market("KU890", "50", "13"), lapland),
        "range": headlines.tightness(FI, "Kemissä", market("KU240", "1386", "63..72"), lapland),
        "one": headlines.tightness(FI, "Kemissä", market("KU240", "2000", "21"), lapland),
    }
    start = "Kesäkuussa 2026"
    assert said == {
        "far": f"{start} Kemissä oli 5 avointa paikkaa sataa työtöntä kohden, koko Lapissa 28.",
        "near": f"{start} Simossa oli 30 avointa paikkaa sataa työtöntä kohden;"
        " ero koko Lappiin (28) ei erotu satunnaisvaihtelusta.",
        "small": f"{start} Utsjoella avoimia paikkoja oli 13 ja työttömiä 50:"
        " määrät ovat liian pieniä verrattaviksi koko Lappiin.",
        "range": f"{start} Kemissä oli 5 avointa paikkaa sataa työtöntä kohden, koko Lapissa 28.",
        "one": f"{start} Kemissä oli 1 avoin paikka sataa työtöntä kohden, koko Lapissa 28.",
    }


def test_mismatch_names_its_cells_unless_chance_could_make_it() -> None:
    found = headlines.MismatchFinding(
        WHEN, "occupation", lower=0.221, upper=0.254, shortage="Tarjoilijat", surplus="Metsurit", chance=0.06
    )
    assert headlines.mismatch(FI, "Lapissa", found) == nbsp(
        "Kesäkuussa 2026 Lapissa työttömien ja avointen paikkojen epäsuhta ammattien välillä oli 22,1–25,4_%"
        " kohtaamisista; suhteessa eniten paikkoja: Tarjoilijat, työttömiä: Metsurit."
    )
    nameless = headlines.mismatch(FI, "Lapissa", replace(found, surplus=""))
    assert nameless.endswith("22,1–25,4\u00a0% kohtaamisista.")
    by_chance = headlines.mismatch(FI, "Lapissa", replace(found, chance=0.23))
    assert by_chance.endswith(" kohtaamisista; näin suuri se voi olla sattumaltakin.")


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        ("signal", "luku poikkeaa odotetusta, ja poikkeama on toistunut."),
        ("watch", "luku poikkeaa odotetusta, mutta ei vielä toistuvasti."),
        ("none", "luku ei poikkea odotetusta."),
    ],
)
def test_a_count_beside_the_expected_one(state: Literal["signal", "watch", "none"], ending: str) -> None:
    found = headlines.Deviation(WHEN, 24, 10, 12, state)
    assert headlines.signal(FI, "Utsjoella", "vacancies", found) == (
        f"Kesäkuussa 2026 Utsjoella oli 24 avointa paikkaa, odotettu määrä oli 0–22: {ending}"
    )


def test_of_a_month_that_was_not_tested_nothing_is_said() -> None:
    found = headlines.Deviation(WHEN, 24, float("nan"), float("nan"), "none")
    assert headlines.signal(FI, "Utsjoella", "unemployed", found) == ""


def test_a_season_within_noise_has_no_peak() -> None:
    flat = headlines.Season(2021, 2025, (), 6, 21, 1, 18)
    assert headlines.season(FI, "Utsjoella", "unemployed", flat) == (
        "Vuosina 2021–2025 työttömien määrän kausivaihtelu ei Utsjoella erotu satunnaisvaihtelusta."
    )
    steep = replace(flat, peak_mean=40)
    assert headlines.season(FI, "Utsjoella", "vacancies", steep) == (
        "Vuosina 2021–2025 Utsjoella oli avoimia paikkoja eniten kesäkuussa ja vähiten tammikuussa"
        " (keskimäärin 40 ja 18, suhde 2,2)."
    )
    nights = headlines.Season(2017, 2019, (), 12, 493_000, 5, 70_000)
    assert headlines.season(FI, "Lapissa", "nights", nights) == nbsp(
        "Vuosina 2017–2019 Lapissa oli yöpymisiä eniten joulukuussa ja vähiten toukokuussa"
        " (keskimäärin 493_000 ja 70_000, suhde 7,0)."
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("too_short", "kuukausia on alle 60"),
        ("hidden_months", "osa kuukausista puuttuu tai on salattu"),
        ("too_few", "määrä on keskimäärin alle 10"),
        ("no_better_than_seasonal_naive", "mikään menetelmä ei ole osunut paremmin kuin vuoden takainen luku"),
        ("coverage", "ennustevälit eivät ole osuneet niin usein kuin niiden pitäisi"),
    ],
)
def test_a_refused_forecast_says_why_in_words(reason: str, words: str) -> None:
    assert headlines.forecast_refused(FI, "Utsjoella", "unemployed", WHEN, reason) == (
        f"Kesäkuussa 2026 työttömien määrälle Utsjoella ei näytetä ennustetta: {words}."
    )


@pytest.mark.parametrize(
    ("verdict", "reason", "ending"),
    [
        ("no_visible_change", "", "oli 1_050–1_300; tapahtuman (toukokuussa 2026) jälkeen muutosta ei näy."),
        ("cannot_tell", "below_detection_limit", "tästä luvusta ei näe alle 231 hengen muutosta."),
        ("cannot_tell", "overlapping_events: 2026-04", "samaan aikaan osuu muita tapahtumia."),
        ("cannot_tell", "too_short", "kuukausia on liian vähän tai osa niistä on salattu."),
        ("cannot_tell", "", "kuukausia on liian vähän tai osa niistä on salattu."),
    ],
)
def test_an_event_is_never_said_to_have_had_an_effect(
    verdict: Literal["no_visible_change", "cannot_tell"], reason: str, ending: str
) -> None:
    found = headlines.EventFinding(WHEN, 1115, 1050, 1300, pd.Timestamp("2026-05-01"), verdict, reason, 230.4)
    said = headlines.event(FI, "Kemissä", "unemployed", found)
    assert said.startswith(nbsp("Kesäkuussa 2026 Kemissä oli 1_115 työtöntä työnhakijaa"))
    assert said.endswith(nbsp(ending))
    assert ("ei voi arvioida" in said) == (verdict == "cannot_tell")


def test_a_location_quotient_is_stated_from_twenty_persons_up_and_beyond_noise() -> None:
    def said(quotient: float, persons: float, of: Literal["jobs", "unemployed"] = "jobs") -> str:
        return headlines.location_quotient(FI, "Lapissa", "vuonna 2024", of, "Kaivostoiminta", quotient, persons)

    assert said(4.21, 1200) == (
        "Kaivostoiminta: vuonna 2024 osuus työpaikoista oli Lapissa 4,2-kertainen koko maahan verrattuna."
    )
    assert said(1.2, 60, "unemployed") == (
        "Kaivostoiminta: vuonna 2024 osuus työttömistä oli Lapissa 1,2-kertainen koko maahan verrattuna;"
        " ero ei erotu satunnaisvaihtelusta."
    )
    few = "Kaivostoiminta: vuonna 2024 määrä Lapissa on alle 20, liian pieni verrattavaksi koko maahan."
    assert [said(4.2, 19), said(float("nan"), float("nan"))] == [few, few]


def test_nights_and_days_that_print_alike_are_said_to_be_as_many() -> None:
    before = pd.Timestamp("2025-06-01")
    assert headlines.nights_change(FI, "Lapissa", WHEN, 100_100, before, 100_000) == nbsp(
        "Kesäkuussa 2026 Lapissa oli 100_100 yöpymistä, suunnilleen saman verran kuin kesäkuussa 2025."
    )
    assert headlines.vacancy_duration(FI, "Lapissa", WHEN, 36.4, before, 35.6) == (
        "Kesäkuussa 2026 Lapissa avoin paikka oli auki arviolta 36 päivää (12 kuukauden keskiarvo),"
        " yhtä kauan kuin kesäkuussa 2025."
    )
    assert headlines.vacancy_duration(FI, "Lapissa", WHEN, 35, before, 36) == (
        "Kesäkuussa 2026 Lapissa avoin paikka oli auki arviolta 35 päivää (12 kuukauden keskiarvo),"
        " 1 päivän vähemmän kuin kesäkuussa 2025."
    )
