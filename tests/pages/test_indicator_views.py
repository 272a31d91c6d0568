"""What the views of indicators say of real months: changes, matching, target groups, methods."""

import pandas as pd
import screen
from streamlit.testing.v1 import AppTest


def nbsp(text: str) -> str:
    return text.replace("_", "\u00a0")


def title(app: AppTest) -> str:
    return app.title[0].value


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    return screen.table_with(screen.open_numbers(app).main, *columns)


def test_april_2020_signals_in_kittila_first_and_says_what_was_expected() -> None:
    app = screen.visit("muutokset", period="2020-04")
    assert title(app).startswith("Huhtikuussa 2020 14 kunnan työttömien määrät poikkesivat odotetusta: Kittilä ▲")
    sentences = screen.headings(app.main)
    assert (
        "Huhtikuussa 2020 Kittilässä oli 915 työtöntä työnhakijaa, odotettu määrä oli 178–400: "
        "luku poikkeaa odotetusta, ja poikkeama on toistunut." in sentences
    )
    rows = table(app, "Kunta", "Luku", "Odotettu", "Tulos").set_index("Kunta")
    assert rows.loc["Inari", "Tulos"] == "signaali"
    assert rows.loc["Savukoski", "Tulos"] == "ei poikkea"
    assert len(rows) == 21


def test_a_calm_month_says_that_nothing_differs() -> None:
    app = screen.visit("muutokset", period="2023-10")
    assert title(app) == "Lokakuussa 2023 minkään kunnan työttömien määrä ei poikennut odotetusta (21 kuntaa)."


def test_a_chosen_area_is_followed_and_stays_in_the_link() -> None:
    app = screen.visit("muutokset", period="2023-10", area="KU890")
    assert any("Utsjoella" in text for text in screen.headings(app.main))
    app.selectbox(key="change-area-fi").set_value("KU240").run()
    assert app.query_params["area"] == "KU240"
    assert any("Kemissä" in text for text in screen.headings(app.main))


def test_no_forecast_is_shown_over_missing_months_and_the_record_stands_beside() -> None:
    app = screen.visit("muutokset")
    (heading,) = [text for text in screen.headings(app.main) if "ennustetta" in text]
    assert heading.endswith("ei näytetä ennustetta: osa kuukausista puuttuu tai on salattu.")
    record = table(app, "Menetelmä", "Väliin osui (tavoite 80 %)").set_index("Menetelmä")
    assert record.loc["vuoden takainen luku", "Virhe vrt. vuoden takainen"] == nbsp("100_%")
    assert set(record["Ennusteita"]) == {"144"}


def test_matching_names_the_month_of_its_occupations_and_the_range_of_hidden_counts() -> None:
    app = screen.visit("kohtaanto")
    assert title(app) == nbsp(
        "Lokakuussa 2023 Lapissa työttömien ja avointen paikkojen epäsuhta ammattien välillä oli 22,0–23,6_% "
        "kohtaamisista."
    )
    rows = table(app, "Ammatti", "Osuus epäsuhdasta").set_index("Ammatti")
    assert rows.loc["5131 Tarjoilijat", "Työttömiä"] == "103"
    assert rows.loc["5131 Tarjoilijat", "Avoimia paikkoja"] == "331"


def test_an_occupation_of_the_link_is_the_one_whose_gap_is_filled() -> None:
    app = screen.visit("kohtaanto", occupation="9112")
    (heading,) = [text for text in screen.headings(app.main) if "lähiammateissa" in text]
    assert heading.startswith("Toimisto- ja laitossiivoojat ym.: 80 paikkaa enemmän kuin työttömiä")


def test_a_case_is_compared_with_lapland() -> None:
    app = screen.visit("kohtaanto", area="matkailu")
    assert title(app).startswith("Kesäkuussa 2026 matkailukunnissa oli ")
    assert "koko Lapissa" in title(app) or "koko Lappiin" in title(app)


def test_a_hidden_group_of_a_municipality_is_a_range_and_no_number() -> None:
    app = screen.visit("kohderyhmat", measure="TYOTTOMATULK")
    rows = table(app, "Kunta", "Osuus työttömistä", "Henkilöitä")
    hidden = rows[rows["Henkilöitä"] == "1–4, salattu"]
    assert len(hidden) > 0
    assert hidden["Osuus työttömistä"].str.fullmatch(nbsp(r"\d+(–\d+)?_%")).all()
    drawn = [row for chart in screen.charts(app.main) for row in screen.chart_rows(chart)]
    assert {row["value"] for row in drawn if row.get("persons") == "1–4, salattu"} == {None}


def test_laplands_long_term_unemployed_in_june_2026() -> None:
    app = screen.visit("kohderyhmat")
    shown = screen.words(app.main)
    assert any(nbsp("2_502") in text for text in shown)
    assert any(text == nbsp("27_%") for text in shown)


def test_a_link_to_a_method_opens_it_first_and_says_which_table_brings_what_is_missing() -> None:
    app = screen.visit("menetelmat", measure="location_quotient")
    texts = [text for text in screen.words(app.main) if text.startswith("#### ")]
    assert texts[0] == "#### ○ Sijaintiosamäärä"
    assert any("ei tässä aineistossa" in text and "115h" in text for text in screen.words(app.main))


def test_methods_are_found_by_their_words() -> None:
    app = screen.visit("menetelmat")
    app.text_input(key="methods-search-fi").set_value("kireyden logaritmi").run()
    found = [text for text in screen.words(app.main) if text.startswith("#### ")]
    assert found == ["#### ● Kireyden logaritmi"]
    app.text_input(key="methods-search-fi").set_value("kvanttifysiikka").run()
    assert any("kvanttifysiikka" in text for text in screen.words(app.main))
    assert not [text for text in screen.words(app.main) if text.startswith("#### ")]
