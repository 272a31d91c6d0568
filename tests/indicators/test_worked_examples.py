"""The public functions by their names and arguments, and published figures in the shapes people have them in."""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import nile

from indicators import (
    commuting,
    demography,
    events,
    forecast,
    matching,
    seasonality,
    signals,
    structure,
    uncertainty,
)

PUBLISHED = Path(__file__).parent / "published"

SIGNATURES = """
matching.tightness                 vacancies, unemployed
matching.log_tightness             vacancies, unemployed, offset=0.5
matching.unemployment_rate         unemployed, labour_force
matching.vacancy_rate              vacancies, employed
matching.mismatch_index            unemployed, vacancies, alpha=0.5, efficiency=None
matching.mismatch_contributions    unemployed, vacancies, alpha=0.5
matching.mismatch_baseline         unemployed, vacancies, alpha=0.5, draws=1000, seed=0
matching.mismatch_interval         unemployed_bounds, vacancy_bounds, alpha=0.5, unemployed_total=None, \
vacancy_total=None, draws=1000, seed=0
matching.planner_allocation        vacancies, total_unemployed, alpha=0.5, efficiency=None
matching.dissimilarity_index       unemployed, vacancies
matching.rate_dispersion           unemployed, labour_force, weighted=True
matching.beveridge_points          unemployed, vacancies, employed
matching.beveridge_elasticity      unemployment_rate, vacancy_rate, breaks=()
matching.beveridge_breaks          unemployment_rate, vacancy_rate, max_breaks=5, min_size=24
matching.occupation_class          points, cutoffs, counts=None
matching.calibrate_cutoffs         points, published_class
matching.confusion_matrix          ours, published
matching.matching_efficiency       hires, vacancies, unemployed
matching.vacancy_days              open_vacancies, new_vacancies, window=12
structure.location_quotient        region, nation, region_total=None, nation_total=None
structure.shift_share              region_0, region_1, nation_0, nation_1, method='dunn'
structure.shift_share_dynamic      region, nation, method='dunn'
structure.herfindahl               values, normalised=False
structure.equivalent_number        values
structure.largest_share            values
structure.krugman_specialisation   region, reference
structure.gini                     values, weights=None, normalised=False
structure.gini_specialisation      region, nation
structure.gini_concentration       industry_by_area, total_by_area
structure.hoover                   values, reference
structure.theil_l                  values
structure.theil_t                  values
structure.lilien                   employment_0, employment_1, weights='current'
seasonality.monthly_profile        series, exclude=()
seasonality.gini                   profile
seasonality.seasonality_ratio      profile
seasonality.peak_to_trough         profile
seasonality.adjust                 series, period=12, log=True, robust=True, min_mean=10, **stl
seasonality.strength               series
seasonality.same_month_change      series
seasonality.rolling_sum            series, months=12
uncertainty.wilson_interval        successes, trials, level=0.95
uncertainty.poisson_interval       counts, level=0.95
uncertainty.shrink_rates           counts, population
uncertainty.exceedance_probability counts, population, reference_rate
uncertainty.detection_limit        expected, level=0.95, power=0.5, dispersion=1.0, against='count'
uncertainty.suppression_bounds     values, parent_total=None, low=1, high=4
uncertainty.reliability            counts
signals.expected                   counts, years=5
signals.detect                     counts, q=0.05, persist=(2, 3), years=5
signals.benjamini_hochberg         pvalues, q=0.05
signals.level_breaks               series, n_breaks=None, max_breaks=5, min_size=12
signals.cusum                      series
forecast.seasonal_naive            history, horizon, period=12
forecast.accuracy                  actual, point, history, period=12
forecast.backtest                  series, methods=('seasonal_naive', 'theta', 'ets'), horizon=6, origins=24, level=0.8
forecast.score                     backtest, exclude=()
forecast.publishable               scores, series
forecast.forecast                  series, horizon=6, method=None, level=0.8
events.counterfactual              series, start, method='seasonal', donors=None
events.interrupted_series          counts, step, trend=None, month=None, exposure=None, harmonics=2, \
family='quasipoisson'
events.synthetic_control           outcomes, treated, start, predictors=None
events.placebo_test                outcomes, treated, start, predictors=None
events.identifiable                series, start, expected_effect, other_events=()
events.verdict                     counterfactual, identifiable, placebo_p=None
demography.demographic_dependency  population_by_age
demography.economic_dependency     population, employed
demography.replacement_ratio       population_by_age, entrants=(20, 29), leavers=(55, 64)
demography.net_migration_rate      moved_in, moved_out, population, per=1000
commuting.self_containment         live_and_work, employed_residents, jobs
commuting.from_flows               flows, groups
"""

PUBLIC = dict(line.split(maxsplit=1) for line in SIGNATURES.strip().splitlines())


@pytest.mark.parametrize(("name", "arguments"), PUBLIC.items())
def test_arguments_keep_their_names_order_and_defaults(name: str, arguments: str) -> None:
    module, function = name.split(".")
    signature = inspect.signature(getattr(importlib.import_module(f"indicators.{module}"), function))
    bare = [str(argument.replace(annotation=inspect.Parameter.empty)) for argument in signature.parameters.values()]
    assert ", ".join(bare) == arguments


def months(values: object, first: str) -> pd.Series:
    values = np.asarray(values, dtype=float)
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


class TestMismatch:
    """Three cells: efficiency 1, 1.5, 0.7; mean efficiency 0.976387901058454."""

    EFFICIENCY, VACANCIES, UNEMPLOYED = [1, 1.5, 0.7], [100, 50, 150], [300, 100, 600]

    @pytest.mark.parametrize("kind", [list, np.array, pd.Series, tuple])
    def test_the_same_in_every_shape(self, kind: type) -> None:
        u, v, phi = kind(self.UNEMPLOYED), kind(self.VACANCIES), kind(self.EFFICIENCY)
        assert matching.mismatch_index(u, v) == pytest.approx(0.0069502316044153245, abs=1e-12)
        assert matching.mismatch_index(u, v, 0.5, phi) == pytest.approx(0.0851149193753209, abs=1e-12)
        assert matching.mismatch_index(unemployed=u, vacancies=v, alpha=0.5, efficiency=phi) == pytest.approx(
            0.0851149193753209, abs=1e-12
        )
        assert matching.dissimilarity_index(u, v) == pytest.approx(0.1, abs=1e-12)
        assert matching.mismatch_contributions(u, v)["side"].tolist() == ["shortage", "shortage", "surplus"]
        assert list(matching.tightness(v, u)) == pytest.approx([1 / 3, 0.5, 0.25], abs=1e-15)

    def test_mean_efficiency_is_what_hires_of_the_planner_show(self) -> None:
        """M of the planner's own allocation is 0: hires are phibar V^a U^(1-a), so phibar = sum phi p^a q*^(1-a)."""
        planned = matching.planner_allocation(self.VACANCIES, 1000, efficiency=self.EFFICIENCY)
        p, q = np.array(self.VACANCIES) / 300, planned.to_numpy() / 1000
        assert (np.array(self.EFFICIENCY) * np.sqrt(p * q)).sum() == pytest.approx(0.976387901058454, abs=1e-12)
        assert matching.mismatch_index(planned, self.VACANCIES, efficiency=self.EFFICIENCY) == pytest.approx(
            0, abs=1e-12
        )

    def test_years_may_be_numbers_in_a_panel(self) -> None:
        u = pd.DataFrame([self.UNEMPLOYED, self.UNEMPLOYED], index=[2021, 2022])
        v = pd.DataFrame([self.VACANCIES, self.UNEMPLOYED], index=[2021, 2022])
        assert matching.mismatch_index(u, v).to_dict() == pytest.approx({2021: 0.0069502316044153245, 2022: 0})


class TestStructure:
    def test_location_quotient_by_position_and_by_name(self) -> None:
        """R package REAT 3.0.3, manual page locq."""
        assert structure.location_quotient(1714, 879213, 79006, 15593224) == pytest.approx(0.3847623423, abs=1e-10)
        assert structure.location_quotient(
            region=1714, nation=879213, region_total=79006, nation_total=15593224
        ) == pytest.approx(0.3847623423, abs=1e-10)

    def test_four_countries_as_rows_of_an_array_are_columns_of_the_reference(self) -> None:
        """R package REAT 3.0.3, krugman.spec2: Sweden against Norway, Denmark, Finland and Iceland."""
        sweden = [45000, 15000, 32000, 10000, 30000]
        norway, denmark = [35000, 12000, 30000, 8000, 22000], [40000, 10000, 25000, 9000, 18000]
        finland, iceland = [30000, 11000, 18000, 3000, 13000], [40000, 6000, 11000, 2000, 12000]
        others = np.column_stack([norway, denmark, finland, iceland])
        assert structure.krugman_specialisation(sweden, others) == pytest.approx(0.1595017923, abs=1e-9)
        with pytest.raises(ValueError, match="labels do not match: only in region: 4; only in reference: none"):
            structure.krugman_specialisation(sweden, others.T)

    def test_shift_share_of_arrays(self) -> None:
        """Farhauer & Kröll (2013): region B; industries by hand, base x (industry rate - national rate) and so on."""
        nation_0, nation_1 = np.array([400, 150, 150, 400]), np.array([440, 210, 135, 480])
        parts = structure.shift_share([60, 30, 30, 40], [85, 55, 40, 35], nation_0, nation_1)
        assert parts["national"].tolist() == pytest.approx([9, 4.5, 4.5, 6], abs=1e-9)
        assert parts["mix"].tolist() == pytest.approx([-3, 7.5, -7.5, 2], abs=1e-9)
        assert parts["regional"].tolist() == pytest.approx([19, 13, 13, -13], abs=1e-9)
        assert parts.sum().to_dict() == pytest.approx(
            {"growth": 55, "national": 24, "mix": -1, "regional": 32, "unallocated": 0}, abs=1e-9
        )
        assert parts[["mix", "regional"]].sum().sum() == pytest.approx(31, abs=1e-9)

    @pytest.mark.parametrize(
        "index", [[2015, 2016], pd.period_range("2015", periods=2, freq="Y"), pd.to_datetime(["2015", "2016"])]
    )
    def test_yearly_shift_share_whatever_the_years_are(self, index: object) -> None:
        """Farhauer & Kröll (2013): region A over one step."""
        region = pd.DataFrame([[90, 20, 10, 60], [100, 40, 10, 55]], index=index)
        nation = pd.DataFrame([[400, 150, 150, 400], [440, 210, 135, 480]], index=index)
        total = structure.shift_share_dynamic(region, nation).sum()
        assert total.to_dict() == pytest.approx(
            {"growth": 25, "national": 27, "mix": 1, "regional": -3, "unallocated": 0}, abs=1e-9
        )

    def test_lilien_with_shares_of_either_period(self) -> None:
        before, after = [90, 20, 10, 60], [100, 40, 10, 55]
        assert structure.lilien(before, after) == pytest.approx(0.27501256833503573, abs=1e-12)
        assert structure.lilien(before, after, weights="base") == pytest.approx(0.22843102074788513, abs=1e-12)


class TestUncertainty:
    def test_numbers_and_lists(self) -> None:
        """Newcombe (1998), score interval; Garwood (1936)."""
        rows = uncertainty.wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
        assert rows["lower"].round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
        assert rows["upper"].round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]
        assert uncertainty.wilson_interval(81, 263).round(4).iloc[0].tolist() == [0.308, 0.2553, 0.3662]
        exact = uncertainty.poisson_interval(np.array([0, 1, 3, 5, 10]))
        assert exact["lower"].tolist() == pytest.approx([0, 0.025317808, 0.61867212, 1.6234864, 4.7953887], abs=1e-6)
        assert exact["upper"].tolist() == pytest.approx(
            [3.6888795, 5.5716434, 8.7672731, 11.668332, 18.390356], abs=1e-6
        )


class TestSpringOf2020:
    """Employment service statistics 12r5, edition of November 2023: unemployed at month end."""

    @pytest.fixture
    def panel(self) -> pd.DataFrame:
        figures = pd.read_csv(PUBLISHED / "covid_kittila_lapland.csv")
        figures["month"] = pd.PeriodIndex(figures["month"], freq="M")
        return figures.pivot(index="month", columns="area", values="unemployed")

    def test_both_areas_signal_in_april_and_nothing_does_for_six_years_before(self, panel: pd.DataFrame) -> None:
        assert panel.loc["2020-02"].to_dict() == {"KU261": 227, "MK19": 8677}
        assert panel.loc["2020-04"].to_dict() == {"KU261": 915, "MK19": 15696}
        tests = signals.detect(panel)
        tests = tests[tests["period"] >= "2014-03"]
        first = tests[tests["signal"]].groupby("cell").first()
        assert first["period"].astype(str).to_dict() == {"KU261": "2020-04", "MK19": "2020-04"}
        assert first["direction"].to_dict() == {"KU261": "up", "MK19": "up"}

    def test_three_level_breaks_of_kittila(self, panel: pd.DataFrame) -> None:
        adjusted = np.log(seasonality.adjust(panel["KU261"])["adjusted"])
        breaks = signals.level_breaks(adjusted, n_breaks=3, min_size=12)
        assert breaks["period"].astype(str).tolist() == ["2013-01", "2020-03", "2021-05"]


class TestVacancyDuration:
    """Table 2310, discontinued: Lapland, January 2006 to August 2020. Stock and flow during the month."""

    @pytest.fixture
    def flows(self) -> pd.DataFrame:
        figures = pd.read_csv(PUBLISHED / "vacancy_flows_lapland_2006_2020.csv")
        return figures.set_index(pd.PeriodIndex(figures.pop("month"), freq="M"))

    def test_stock_over_flow_begins_with_the_twelfth_month(self, flows: pd.DataFrame) -> None:
        days = matching.vacancy_days(flows["open_during_month"], flows["new_during_month"])
        assert np.isnan(days["2006-11"])
        year = flows.loc["2019-01":"2019-12"].sum()  # type: ignore[misc]
        assert days["2019-12"] == pytest.approx(
            30.4375 * year["open_during_month"] / year["new_during_month"], abs=1e-9
        )
        assert days["2019-12"] == pytest.approx(68.447, abs=0.001)

    def test_it_is_another_thing_than_the_duration_of_filled_vacancies(self, flows: pd.DataFrame) -> None:
        by_year = flows["mean_days_open_of_filled"].groupby(pd.PeriodIndex(flows.index).year)
        assert by_year.mean()[[2006, 2018, 2019]].round(2).tolist() == [18.08, 61.0, 51.25]
        assert by_year.size()[2020] == 8


class TestSeriesByYear:
    def test_the_nile_by_whatever_names_its_years(self) -> None:
        """strucchange: one break, after observation 28, the year 1898; levels 1097.75 and 849.97."""
        data = nile.load_pandas().data
        volume, years = data["volume"].to_numpy(), data["year"].astype(int)
        for index in (years, pd.PeriodIndex(years.astype(str), freq="Y"), pd.to_datetime(years.astype(str))):
            breaks = signals.level_breaks(pd.Series(volume, index=pd.Index(index)))
            assert breaks["position"].tolist() == [28]
            assert str(breaks["period"][0])[:4] == "1899"
            assert [breaks["before"][0], breaks["after"][0]] == pytest.approx([1097.75, 849.9722], abs=1e-4)
        assert signals.level_breaks(list(volume))["period"].tolist() == [28]

    @pytest.mark.parametrize(
        ("index", "start"),
        [
            (range(1990, 2006), 2001),
            (pd.period_range("1990", periods=16, freq="Y"), 2001),
            (pd.period_range("1990", periods=16, freq="Y"), "2001"),
            (pd.date_range("1990-01-01", periods=16, freq="YS"), "2001"),
        ],
    )
    def test_synthetic_control_of_years(self, index: object, start: object) -> None:
        steps = np.arange(16)
        treated = 0.25 * (10 + steps) + 0.75 * (20 + np.sin(steps)) - 3 * (steps >= 11)
        outcomes = pd.DataFrame({"x": treated, "p": 10.0 + steps, "q": 20 + np.sin(steps)}, index=index)  # type: ignore[call-overload]
        result = events.synthetic_control(outcomes, "x", start)
        assert result.attrs["weights"].to_dict() == pytest.approx({"p": 0.25, "q": 0.75}, abs=1e-6)
        assert result["gap"].tolist() == pytest.approx([0] * 11 + [-3] * 5, abs=1e-6)
        assert events.placebo_test(outcomes, "x", start).attrs["p"] == pytest.approx(1 / 3)

    def test_forecast_errors_of_arrays(self) -> None:
        """By hand: errors 1 and -2; the history moves by 2 a year."""
        result = forecast.accuracy(
            np.array([10, 20]), [9, 22], pd.Series([1, 3, 5, 7], index=range(2016, 2020)), period=1
        )
        assert result.to_dict() == pytest.approx({"mae": 1.5, "rmse": 2.5**0.5, "mape": 10, "mase": 0.75})


class TestMoreShapes:
    def test_a_profile_by_month_is_ordered_by_month(self) -> None:
        """Twelve months from July: the peak of the year is December, not the sixth value."""
        profile = months([1, 2, 3, 4, 5, 9, 8, 7, 6, 5, 4, 0.5], "2021-07")
        assert seasonality.peak_to_trough(profile).to_dict() == {"ratio": 18, "peak": 12, "trough": 6}
        assert seasonality.peak_to_trough(profile.tolist())["peak"] == 6

    def test_flows_of_an_array_have_numbered_areas(self) -> None:
        flows = commuting.from_flows(pd.DataFrame(np.array([[5, 1], [2, 7]])), {"both": [0, 1], "one": [0]})
        assert flows.loc["both"].to_dict() == {"live_and_work": 15, "employed_residents": 15, "jobs": 15}
        assert flows.loc["one"].to_dict() == {"live_and_work": 5, "employed_residents": 6, "jobs": 7}

    def test_ages_in_a_list_are_single_years(self) -> None:
        assert demography.demographic_dependency([1] * 100) == 100
        assert demography.replacement_ratio([2] * 50 + [4] * 50) == 0.5
