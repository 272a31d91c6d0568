"""The impact estimate of Meri-Lappi as a facilitator uses it: change a number, read the sentence, take the file."""

import io
from collections.abc import Callable

import pandas as pd
import pytest
import screen
from screen import Tour
from streamlit.testing.v1 import AppTest

from settings import Language
from ui import store
from ui.readings import UNEMPLOYED


def claim(app: AppTest) -> str:
    """The sentence over the estimate's chart."""
    return screen.chart_titled(app.main, "Jos ").proto.alt.replace("\u00a0", " ")


def text(app: AppTest) -> str:
    return " ".join(screen.words(app.main)).replace("\u00a0", " ")


@pytest.fixture
def april() -> AppTest:
    """The month of the plan."""
    return screen.visit("meri-lappi", period="2021-04")


def test_the_plan_stands_there_first_and_says_that_it_is_no_forecast(april: AppTest) -> None:
    assert claim(april) == (
        "Jos 670 työpaikkaa ja niiden mukana 831 muuta päättyisi eikä kukaan työllistyisi heti, Kemissä olisi"
        " enintään 901 työtöntä enemmän kuin huhtikuussa 2021 (osuus työvoimasta 15,2 % → 25,6 %)"
    )
    assert "Arvio oletuksista, ei ennuste" in text(april)
    assert "Kemin kaupungin arvio 9.6.2021" in text(april)
    assert "Verotulojen menetystä ei ole laskettu" in text(april)


def test_a_changed_number_changes_the_sentence_and_becomes_one_s_own(april: AppTest) -> None:
    april.number_input(key="closure-multiplier").set_value(1.0).run()
    assert "enintään 474 työtöntä enemmän" in claim(april)
    assert april.text_input(key="closure-source-multiplier").value == "oma oletus"
    april.text_input(key="closure-source-multiplier").set_value("ryhmän arvio").run()
    assert april.text_input(key="closure-source-multiplier").value == "ryhmän arvio"


def test_what_is_written_outlives_language_month_and_another_view_until_it_is_taken_back(april: AppTest) -> None:
    april.number_input(key="closure-jobs_lost").set_value(400.0).run()
    (language,) = [group for group in april.button_group if group.options == ["FI", "SV", "EN"]]
    language.set_value("sv").run()
    screen.go(april, "utsjoki")
    screen.go(april, "meri-lappi")
    april.selectbox(key="period-sv").set_value("2021-09").run()
    assert april.number_input(key="closure-jobs_lost").value == 400
    april.button(key="closure-reset").click().run()
    assert april.number_input(key="closure-jobs_lost").value == 670


def test_another_starting_point_brings_its_own_numbers(april: AppTest) -> None:
    april.selectbox(key="closure-start-fi").set_value("veitsiluoto-decision").run()
    assert "154 henkilöä siirtyisi eläkkeelle" in claim(april)
    assert april.number_input(key="closure-multiplier").value is None
    assert "Ei annettu, siksi ei mukana: Työpaikat alihankkijoilla; Kerroin; Heti työllistyvät." in text(april)


def test_one_s_own_estimate_asks_where_the_workers_live(april: AppTest) -> None:
    april.selectbox(key="closure-start-fi").set_value("own").run()
    assert [info.value for info in april.info if "kotikunnan osuus" in info.value]
    april.number_input(key="closure-residence-KU851").set_value(80.0).run()
    assert "Torniossa olisi enintään 80 työtöntä enemmän" in claim(april)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("closure-multiplier", 0.5, "Kerroin on vähintään 1"),
        ("closure-residence-KU240", 90.0, "yhteensä 115 %"),
        ("closure-jobs_lost", 50_000.0, "enemmän työttömiä kuin työvoimaa"),
    ],
)
def test_an_impossible_number_is_named_in_words_and_kept(april: AppTest, key: str, value: float, said: str) -> None:
    april.number_input(key=key).set_value(value).run()
    assert not april.exception
    (warning,) = [one.value.replace("\u00a0", " ") for one in april.warning]
    assert said in warning
    assert april.number_input(key=key).value == value
    assert len(screen.charts(april.main)) == 4


def test_earnings_and_their_part_for_the_municipality_give_the_tax_lost(april: AppTest) -> None:
    april.number_input(key="closure-multiplier").set_value(1.0)
    april.number_input(key="closure-earnings").set_value(52_742.0)
    april.number_input(key="closure-municipal_tax_rate").set_value(20.0).run()
    table = screen.table_with(screen.open_numbers(april).main, "Kotikunta", "Verotulojen menetys vuodessa")
    lost = table.set_index("Kotikunta")["Verotulojen menetys vuodessa"].str.replace("\u00a0", " ")
    assert lost.to_dict() == {
        "Kemi": "5,0 milj. €",
        "Keminmaa": "1,5 milj. €",
        "Simo": "0,6 milj. €",
        "Muualla": "–",
        "Yhteensä": "–",
    }


def test_the_file_holds_the_assumptions_and_their_sources(tour: Callable[[Language], Tour]) -> None:
    files = tour("fi")["meri-lappi"].files
    (name,) = [name for name in files if name.startswith("vaikutusarvio-") and name.endswith("-en.csv")]
    rows = pd.read_csv(io.BytesIO(files[name]())).set_index("area_code")
    assert rows.index.tolist() == ["KU240", "KU241", "KU751", "elsewhere"]
    assert rows["direct"].round(1).tolist() == [402, 120.6, 46.9, 100.5]
    assert set(rows["assumed_multiplier"]) == {1.9}
    assert set(rows["assumed_multiplier_source"]) == {"Kemin kaupungin arvio 9.6.2021: noin 1 500 / 790"}
    assert rows["assumed_earnings"].isna().all()
    assert rows.loc["KU240", "residence_share"] == 0.6
    assert rows.loc["elsewhere", ["share_before", "tax_loss", "unemployed"]].isna().all()


def test_a_hidden_municipality_gets_no_share_and_the_card_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    read = store.municipalities

    def with_simo_hidden(*asked: object) -> pd.DataFrame:
        rows = read(*asked)
        hidden = (rows["area_code"] == "KU751") & (rows["measure"] == UNEMPLOYED)
        return rows.assign(value=rows["value"].mask(hidden), status=rows["status"].mask(hidden, "suppressed"))

    monkeypatch.setattr(store, "municipalities", with_simo_hidden)
    app = screen.visit("meri-lappi", period="2021-04")
    assert "Simo: työttömien määrä on salattu huhtikuussa 2021, joten osuutta ei lasketa." in text(app)
    table = screen.table_with(screen.open_numbers(app).main, "Kotikunta", "Osuus työvoimasta ennen ja jälkeen")
    shares = table.set_index("Kotikunta")["Osuus työvoimasta ennen ja jälkeen"]
    assert shares["Simo"] == "–"
    assert shares["Kemi"].replace("\u00a0", " ") == "15,2 % → 25,6 %"
