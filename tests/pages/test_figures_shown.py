"""The figures people know, where they look for them."""

import re
from collections.abc import Callable

import pandas as pd
import pytest
import screen
from screen import Tour
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from settings import Language

HIDDEN_IN_JUNE_2026 = ("Pello", "Posio", "Savukoski")


def nbsp(text: str) -> str:
    return text.replace("_", "\u00a0")


def title(app: AppTest) -> str:
    return app.title[0].value


def municipalities(page: Block) -> pd.DataFrame:
    """The table of the 21 municipalities by plain name."""
    table = screen.table_with(page, "Kunta", "Työttömiä", "Avoimia paikkoja")
    assert len(table) == 21
    return table.set_index(table["Kunta"].str.split(" · ").str[0])


@pytest.fixture
def june_2026(tour: Callable[[Language], Tour]) -> Tour:
    return tour("fi")


def test_choosing_september_2021_shows_laplands_8820_unemployed() -> None:
    app = screen.visit()
    app.selectbox(key="period-fi").set_value("2021-09").run()
    shown = [text for text in screen.words(app.main) if nbsp("8_820") in text]
    assert len(shown) == 1
    assert nbsp("10,9_%") in shown[0]
    assert app.query_params["period"] == "2021-09"


@pytest.mark.parametrize(("period", "unemployed"), [("2020-02", "227"), ("2020-04", "915")])
def test_kittila_in_the_spring_of_2020(period: str, unemployed: str) -> None:
    app = screen.open_numbers(screen.visit(period=period))
    assert municipalities(app.main).loc["Kittilä", "Työttömiä"] == unemployed


def test_a_hidden_municipality_is_a_range_in_the_table(june_2026: Tour) -> None:
    table = municipalities(june_2026["tilannekuva"].page)
    hidden = table[table["Avoimia paikkoja"].str.contains("salattu")]
    assert sorted(hidden.index) == list(HIDDEN_IN_JUNE_2026)
    assert set(hidden["Avoimia paikkoja"]) == {"1–4, salattu"}
    assert list(hidden["Työttömiä"].loc[list(HIDDEN_IN_JUNE_2026)]) == ["99", "136", "67"]
    assert all("–" in text for text in hidden["Paikkoja / 100 työtöntä"])


def test_hidden_municipalities_share_one_row_of_the_mismatch(june_2026: Tour) -> None:
    table = screen.table_with(june_2026["tilannekuva"].page, "Kunta", "Osuus epäsuhdasta").set_index("Kunta")
    assert len(table) == 19
    assert not set(HIDDEN_IN_JUNE_2026) & set(table.index)
    share = str(table.loc["3 salattua kuntaa", "Osuus epäsuhdasta"])
    assert re.fullmatch(r"−\d+…−\d+\u00a0%", share)


def test_no_chart_gives_a_hidden_municipality_a_number_of_vacancies(june_2026: Tour) -> None:
    rows = [row for chart in screen.charts(june_2026["tilannekuva"].page) for row in screen.chart_rows(chart)]
    named = [row for row in rows if str(row.get("name", "")).split(" · ")[0] in HIDDEN_IN_JUNE_2026]
    assert {row["name"] for row in named} == set(HIDDEN_IN_JUNE_2026)
    for row in named:
        assert row["vacancies_text"] == "1–4, salattu"
        assert row["class"] is None
        assert not [value for value in row.values() if isinstance(value, int | float)]


def test_the_six_municipalities_of_the_employment_area_change_the_figures() -> None:
    app = screen.visit("meri-lappi")
    assert nbsp("2_977 työtöntä") in title(app)
    app.button_group(key="membership").set_value("meri-lappi-ea").run()
    assert nbsp("3_132 työtöntä") in title(app)
    assert app.query_params["area"] == "meri-lappi-ea"
    table = screen.table_with(screen.open_numbers(app).main, "Kunta", "Työttömiä")
    assert [name.split(" · ")[0] for name in table["Kunta"]].count("Ylitornio") == 1
    assert len(table) == 6


def test_six_municipalities_by_link() -> None:
    assert nbsp("3_132 työtöntä") in title(screen.visit("meri-lappi", area="meri-lappi-ea", period="2026-06"))


def test_utsjoki_is_told_by_counts_and_their_noise(june_2026: Tour) -> None:
    page = june_2026["utsjoki"].page
    assert [text for text in screen.headings(page) if "50 työtöntä työnhakijaa ja 13 avointa paikkaa" in text]
    counts = screen.table_with(page, "Kuukausi", "95 %:n väli").set_index("Kuukausi")
    assert counts.loc["kesäkuu 2026", "Työttömiä"] == "50"
    assert re.fullmatch(r"\d+–\d+", str(counts.loc["kesäkuu 2026", "95 %:n väli"]))


def test_a_year_of_tourism_shows_the_spring_of_2020() -> None:
    """Nights of January and April 2020 as first published: 382 600, and under 20 000."""
    app = screen.visit("matkailu")
    app.button_group(key="season-year").set_value(2020).run()
    nights = screen.table_with(screen.open_numbers(app).main, "Kuukausi", "Yöpymiset").set_index("Kuukausi")[
        "Yöpymiset"
    ]
    assert nights.index.tolist()[0] == "tammikuu 2020"
    january, april = (int(nights[f"{name}kuu 2020"].replace("\u00a0", "")) for name in ("tammi", "huhti"))
    assert january == pytest.approx(382_600, rel=0.03)
    assert april < 20_000


@pytest.mark.parametrize("view", ["tilannekuva", "meri-lappi", "matkailu", "utsjoki"])
def test_every_view_says_its_month_and_how_old_its_figures_are(june_2026: Tour, view: str) -> None:
    texts = screen.words(june_2026[view].page)
    age = r"kesäkuu 2026 · julkaistu 25\.8\.2026 \(\d+ (päivää|kuukautta) sitten\)"
    assert [text for text in texts if re.search(age, text)]
