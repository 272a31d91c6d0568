"""The impact estimate of a closure in numbers and words: from assumptions as they are shown to the sentence."""

import math
from collections.abc import Mapping

import pandas as pd
import pytest

from data.closures import load_closures
from settings import Language
from ui.closure_estimate import Assumptions, Estimate, estimate, headline, in_words, problems, share_change, spread
from ui.locales import get_locale

MEMBERS = ("KU240", "KU241", "KU751", "KU845", "KU851")
NAMES = dict(zip(MEMBERS, ("Kemi", "Keminmaa", "Simo", "Tervola", "Tornio"), strict=True))
APRIL = pd.Timestamp("2021-04-01")
FINNISH = get_locale("fi")
# Labour force and unemployed of April 2021: StatFin tyonv 12r5. Those of Tervola and Tornio do not enter.
PEOPLE = pd.DataFrame(
    {"labour_force": [8634.0, 3619, 1128, 1300, 9900], "unemployed": [1311.0, 341, 103, 120, 1000]}, index=MEMBERS
)


def assumptions(closure_id: str = "veitsiluoto-plan", **changed: float | None) -> Assumptions:
    return Assumptions(load_closures()[closure_id], MEMBERS, {k.replace("_KU", "-KU"): v for k, v in changed.items()})


def estimated(given: Assumptions, people: pd.DataFrame = PEOPLE) -> Estimate:
    result = estimate(given, people)
    assert result is not None
    return result


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def sentence(given: Assumptions, people: pd.DataFrame = PEOPLE) -> str:
    return plain(headline(FINNISH, estimated(given, people), {"KU240": "Kemissä"}, APRIL))


class TestNumbers:
    def test_the_starting_point_is_shown_in_per_cent_and_nothing_is_filled_in(self) -> None:
        values = assumptions("veitsiluoto-decision").values
        assert values["jobs_lost"] == 550
        assert values["retirement_share"] == 28
        assert [values[f"residence-{code}"] for code in MEMBERS] == [60, 18, 7, None, None]
        assert [values[name] for name in ("subcontractor_jobs", "multiplier", "earnings")] == [None, None, None]

    def test_the_plan_ends_1501_jobs_and_901_of_them_in_kemi(self) -> None:
        result = estimated(assumptions())
        assert result.codes == ["KU240", "KU241", "KU751", "elsewhere"]
        assert result.total("all_jobs") == pytest.approx((1501, 1501, 1501))
        assert result.of("newly_unemployed", "KU240")[1] == pytest.approx(900.6)

    def test_the_decision_leaves_396_persons_of_whom_238_in_kemi(self) -> None:
        result = estimated(assumptions("veitsiluoto-decision"))
        assert result.total("newly_unemployed")[1] == pytest.approx(396)
        assert result.of("newly_unemployed", "KU240")[1] == pytest.approx(237.6)

    def test_a_municipality_without_a_share_counts_as_elsewhere_and_one_of_zero_is_itself(self) -> None:
        assert "KU851" not in estimated(assumptions()).codes
        result = estimated(assumptions(residence_KU851=0))
        assert result.of("all_jobs", "KU851")[1] == 0
        assert result.of("all_jobs", "elsewhere")[1] == pytest.approx(0.15 * 1501)

    def test_without_any_share_there_is_no_estimate(self) -> None:
        assert estimate(assumptions("own"), PEOPLE) is None

    def test_a_tax_loss_needs_both_earnings_and_what_the_municipality_gets_of_them(self) -> None:
        assert estimated(assumptions(earnings=50_000)).central["tax_loss"].isna().all()
        result = estimated(assumptions(earnings=52_742, municipal_tax_rate=20, multiplier=1))
        assert result.of("tax_loss", "KU240")[1] == pytest.approx(5.0e6, rel=1e-3)
        assert math.isnan(result.of("tax_loss", "elsewhere")[1])

    def test_the_range_runs_from_few_jobs_and_many_reemployed_to_the_reverse(self) -> None:
        result = estimated(
            assumptions(
                reemployed_share=40,
                multiplier_low=1,
                multiplier_high=2,
                reemployed_share_low=0,
                reemployed_share_high=50,
            )
        )
        assert result.total("all_jobs") == pytest.approx((790, 1501, 1580))
        assert result.total("newly_unemployed") == pytest.approx((395, 900.6, 1580))
        assert plain(spread(FINNISH, result.total("newly_unemployed"))) == "901 (395–1 580)"

    def test_a_hidden_number_of_unemployed_gives_no_share(self) -> None:
        people = PEOPLE.copy()
        people.loc["KU751", "unemployed"] = math.nan
        result = estimated(assumptions(), people)
        assert share_change(FINNISH, result, "KU751") is None
        assert share_change(FINNISH, result, "KU240") is not None

    def test_more_unemployed_than_labour_force_is_refused(self) -> None:
        with pytest.raises(ValueError, match="more unemployed than labour force"):
            estimate(assumptions(jobs_lost=20_000), PEOPLE)


class TestSentence:
    def test_the_city_s_split_of_790_jobs(self) -> None:
        assert sentence(assumptions(multiplier=1)) == (
            "Jos 670 työpaikkaa ja niiden mukana 120 muuta päättyisi eikä kukaan työllistyisi heti, Kemissä olisi"
            " enintään 474 työtöntä enemmän kuin huhtikuussa 2021 (osuus työvoimasta 15,2 % → 20,7 %)"
        )

    def test_pensions_are_persons(self) -> None:
        assert sentence(assumptions("veitsiluoto-decision")).startswith(
            "Jos 550 työpaikkaa päättyisi ja 154 henkilöä siirtyisi eläkkeelle eikä kukaan muu työllistyisi heti,"
            " Kemissä olisi enintään 238 työtöntä enemmän"
        )

    def test_those_who_find_work_are_persons(self) -> None:
        text = sentence(assumptions("veitsiluoto-decision", reemployed_share=50))
        assert "ja 154 henkilöä siirtyisi eläkkeelle ja 198 työllistyisi heti" in text
        assert "enintään 119 työtöntä enemmän" in text

    def test_a_range_is_said_as_one(self) -> None:
        text = sentence(assumptions(subcontractor_jobs=None, multiplier=1, multiplier_high=2))
        assert "enintään 402–804 työtöntä enemmän" in text
        assert "(osuus työvoimasta 15,2 % → 19,8–24,5 %)" in text

    def test_hidden_unemployed_leave_the_share_out(self) -> None:
        people = PEOPLE.copy()
        people.loc["KU240", "unemployed"] = math.nan
        assert sentence(assumptions(), people).endswith("enintään 901 työtöntä enemmän kuin huhtikuussa 2021")


class TestProblems:
    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"jobs_lost": None}, ["Anna päättyvien suorien työpaikkojen määrä."]),
            ({"multiplier": 0.5}, ["Kerroin on vähintään 1, sillä siinä ovat mukana työpaikat itse."]),
            ({"multiplier": 0}, ["Kerroin on vähintään 1, sillä siinä ovat mukana työpaikat itse."]),
            ({"retirement_share": 128}, ["Osuus on enintään 100 %: Eläkkeelle siirtyvät, % suorista."]),
            (
                {"residence_KU851": 20},
                ["Kotikuntien osuudet ovat yhteensä 105 %. Niitä voi olla enintään 100 %."],
            ),
            ({"multiplier_low": 2}, ["Kerroin: arvion 1,9 on oltava alarajan ja ylärajan välissä."]),
            (
                {"reemployed_share": 40, "reemployed_share_high": 30},
                ["Heti työllistyvät, % muista: arvion 40 on oltava alarajan ja ylärajan välissä."],
            ),
            ({"residence_KU851": 15}, []),
            ({}, []),
        ],
    )
    def test_each_is_said_in_words(self, changed: Mapping[str, float | None], said: list[str]) -> None:
        assert [plain(text) for text in problems(FINNISH, assumptions(**changed))] == said


class TestSources:
    @pytest.mark.parametrize(
        ("language", "source"),
        [
            ("fi", "Stora Enson suunnitelma 20.4.2021 (kemi.fi)"),
            ("sv", "Stora Ensos plan 20.4.2021 (kemi.fi)"),
            ("en", "Stora Enso's plan, 20 April 2021 (kemi.fi)"),
        ],
    )
    def test_a_number_on_record_has_its_source_in_the_language(self, language: Language, source: str) -> None:
        assert assumptions().source(get_locale(language), "jobs_lost") == source

    def test_a_changed_number_is_one_s_own_and_set_back_is_on_record_again(self) -> None:
        assert assumptions(jobs_lost=600).source(FINNISH, "jobs_lost") == "oma oletus"
        assert assumptions(jobs_lost=670).source(FINNISH, "jobs_lost").startswith("Stora Enso")
        assert assumptions(residence_KU851=5).source(FINNISH, "residence") == "oma oletus"

    def test_a_range_is_one_s_own_and_leaves_the_number_on_record(self) -> None:
        given = assumptions(multiplier_high=2.5)
        assert given.source(FINNISH, "multiplier").startswith("Kemin kaupungin arvio")
        assert given.source(FINNISH, "range") == "oma oletus"

    def test_what_nobody_has_given_has_no_source(self) -> None:
        assert assumptions().source(FINNISH, "earnings") == ""

    def test_a_written_source_stands(self) -> None:
        given = Assumptions(load_closures()["own"], MEMBERS, {"jobs_lost": 80}, {"jobs_lost": "ryhmän arvio"})
        assert given.source(FINNISH, "jobs_lost") == "ryhmän arvio"

    def test_all_of_them_are_listed_with_their_numbers(self) -> None:
        assert plain(in_words(FINNISH, assumptions("veitsiluoto-decision", multiplier_high=1.5), NAMES)) == (
            "Suorat työpaikat: 550 (Neuvottelujen tulos 17.6.2021: 440 + 110 (hs.fi));"
            " Eläkkeelle siirtyvät, % suorista: 28 (Noin 28 % eläkejärjestelyin 17.6.2021 (hs.fi));"
            " Työntekijöiden kotikunnat, %: Kemi 60, Keminmaa 18, Simo 7"
            " (Kemin kaupungin arvio 9.6.2021, ennen päätöstä);"
            " Vaihteluväli, jos arvio on epävarma: Kerroin: yläraja 1,5 (oma oletus)"
        )
