"""The signal rule on the committed figures: what it finds in the spring of 2020, and what it finds in shuffled months.

False alarms are counted where there is nothing to find: the months of all areas are put in random order, together, so
that areas still rise and fall with each other but no month is the past of the next. A false alarm is a month in which
any of the 22 areas of the screen has a signal, and the stated rate is q = 0.05 of the months. Months in order resemble
their neighbours more than these, so in use a departure from the usual lasts longer, false or not.
"""

import duckdb
import numpy as np
import pandas as pd
import pytest

from indicators import seasonality, signals

UNEMPLOYED, VACANCIES = "TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"
KITTILA, INARI, LAPLAND = "KU261", "KU148", "MK19"
Q = 0.05
SHUFFLES = 40

Panels = dict[str, pd.DataFrame]


@pytest.fixture
def panels(seed_connection: duckdb.DuckDBPyConnection) -> Panels:
    """Months by areas, for each measure: the 21 municipalities of Lapland and the region."""
    rows = seed_connection.execute(
        """
        SELECT measure, area_code, month, value FROM employment_service
        WHERE measure IN (?, ?) AND (area_code = ? OR area_code IN (
            SELECT area_code FROM area_membership WHERE parent_code = ? AND area_code LIKE 'KU%'))
        """,
        [UNEMPLOYED, VACANCIES, LAPLAND, LAPLAND],
    ).df()
    rows["month"] = rows["month"].dt.to_period("M")
    return {
        str(measure): part.pivot(index="month", columns="area_code", values="value")
        for measure, part in rows.groupby("measure")
    }


def placebo(panel: pd.DataFrame, persist: tuple[int, int] = (2, 3)) -> dict[str, float]:
    """Rates over shuffled months: of months with a rejection and with a signal, and of single tests uncorrected."""
    order = np.random.default_rng(1)
    found = []
    for _ in range(SHUFFLES):
        shuffled = panel.iloc[order.permutation(len(panel))].set_axis(panel.index)
        tests = signals.detect(shuffled, q=Q, persist=persist).dropna(subset="p")
        by_month = tests.assign(rejected=tests["p_adjusted"] <= Q).groupby("period")[["rejected", "signal"]].any()
        found.append([by_month["rejected"].mean(), by_month["signal"].mean(), (tests["p"] <= Q).mean()])
    return dict(zip(("months_rejected", "months_with_signal", "single_tests"), np.mean(found, axis=0), strict=True))


def continuous(panel: pd.DataFrame, last: str = "2023-10") -> pd.DataFrame:
    """The months without a gap among them."""
    months = panel.loc[:last]
    assert len(months) == (months.index[-1] - months.index[0]).n + 1
    return months


class TestSpringOf2020:
    def test_is_found_in_kittila_inari_and_lapland(self, panels: Panels) -> None:
        found = signals.detect(panels[UNEMPLOYED]).set_index(["cell", "period"])
        assert panels[UNEMPLOYED].shape[1] == 22
        report = []
        for area in (KITTILA, INARI, LAPLAND):
            for month in ("2020-02", "2020-03", "2020-04"):
                row = found.loc[(area, pd.Period(month, "M"))]
                word = "signal" if row["signal"] else "watch" if row["watch"] else "quiet"
                report.append((area, month, row["observed"], round(row["expected"]), round(row["limit"]), word))
        assert report == [
            (KITTILA, "2020-02", 227, 230, 97, "quiet"),
            (KITTILA, "2020-03", 573, 224, 96, "watch"),
            (KITTILA, "2020-04", 915, 289, 111, "signal"),
            (INARI, "2020-02", 307, 311, 104, "quiet"),
            (INARI, "2020-03", 583, 343, 106, "watch"),
            (INARI, "2020-04", 858, 400, 114, "signal"),
            (LAPLAND, "2020-02", 8677, 8271, 1927, "quiet"),
            (LAPLAND, "2020-03", 11840, 8098, 1907, "watch"),
            (LAPLAND, "2020-04", 15696, 8367, 2221, "signal"),
        ]
        assert (found.xs(pd.Period("2020-04", "M"), level="period")["direction"] == "up").all()

    def test_two_areas_alone_are_silent_for_six_years_before(self, panels: Panels) -> None:
        """The family of the published example: Kittilä and Lapland, tested from March 2014."""
        found = signals.detect(panels[UNEMPLOYED][[KITTILA, LAPLAND]])
        tested = found.dropna(subset="p")
        assert str(tested["period"].min()) == "2014-03"
        assert tested.loc[tested["period"] < "2020-03", ["watch", "signal"]].sum().tolist() == [0, 0]
        april = found[found["period"] == "2020-04"]
        assert april[["observed", "signal", "direction"]].to_numpy().tolist() == [
            [915, True, "up"],
            [15696, True, "up"],
        ]

    def test_open_vacancies_of_kittila_fall_in_the_same_months(self, panels: Panels) -> None:
        found = signals.detect(panels[VACANCIES]).set_index(["cell", "period"])
        april = found.loc[(KITTILA, pd.Period("2020-04", "M"))]
        assert april[["observed", "signal", "direction"]].tolist() == [62, True, "down"]

    def test_the_level_breaks_of_kittila(self, panels: Panels) -> None:
        """Three levels end in December 2012, February 2020 and April 2021."""
        series = continuous(panels[UNEMPLOYED])[KITTILA]
        adjusted = np.log(seasonality.adjust(series)["adjusted"])
        breaks = signals.level_breaks(adjusted, n_breaks=3, min_size=12)
        assert breaks["period"].astype(str).tolist() == ["2013-01", "2020-03", "2021-05"]
        assert np.exp(breaks["after"] - breaks["before"]).round(2).tolist() == [1.22, 1.53, 0.53]


class TestPlacebo:
    def test_shuffled_months_keep_the_stated_rate(self, panels: Panels) -> None:
        """Unemployed jobseekers: of 100 months 6 have a rejection, as the tests state, and fewer than 1 a signal."""
        rates = placebo(continuous(panels[UNEMPLOYED]))
        assert rates["months_with_signal"] < Q
        assert rates == pytest.approx(
            {"months_rejected": 0.058, "months_with_signal": 0.0045, "single_tests": 0.051}, abs=0.012
        )

    def test_so_do_the_months_before_the_shock(self, panels: Panels) -> None:
        """Without 2020 the noise is smaller and the tests reject a little more; the signals stay under the rate."""
        rates = placebo(continuous(panels[UNEMPLOYED]).loc[:"2020-02"])
        assert rates["months_with_signal"] < Q
        assert rates == pytest.approx(
            {"months_rejected": 0.095, "months_with_signal": 0.019, "single_tests": 0.063}, abs=0.02
        )

    def test_vacancies_need_three_months_of_three(self, panels: Panels) -> None:
        """Open vacancies come in lots: heavier tails than the rule's distribution, and two of three is too few."""
        vacancies = continuous(panels[VACANCIES])
        usual, strict = placebo(vacancies), placebo(vacancies, persist=(3, 3))
        assert usual == pytest.approx(
            {"months_rejected": 0.307, "months_with_signal": 0.072, "single_tests": 0.113}, abs=0.02
        )
        assert strict["months_with_signal"] < 0.01
        assert placebo(vacancies.loc[:"2020-02"])["months_with_signal"] == pytest.approx(0.11, abs=0.02)
        assert placebo(vacancies.loc[:"2020-02"], persist=(3, 3))["months_with_signal"] < 0.01
