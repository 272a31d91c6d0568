"""The Beveridge path: rates of an area's months, and the regimes of the longest run without a gap."""

import numpy as np
import pandas as pd
import pytest

from ui import beveridge
from ui.readings import LABOUR_FORCE, UNEMPLOYED, VACANCIES


def series(months: pd.PeriodIndex, unemployed: np.ndarray, vacancies: np.ndarray) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame(
            {"group": "MK19", "month": months.to_timestamp(), "measure": measure, "value": values, "rounded": False}
        )
        for measure, values in (
            (UNEMPLOYED, unemployed),
            (VACANCIES, vacancies),
            (LABOUR_FORCE, np.full(len(months), 10_000.0)),
        )
    )


def test_rates_of_a_month() -> None:
    months = pd.period_range("2023-01", periods=2, freq="M")
    points = beveridge.rates(series(months, np.array([1000.0, np.nan]), np.array([500.0, 20.0])), "MK19")
    assert points.loc["2023-01", "unemployment_rate"] == 0.1
    assert points.loc["2023-01", "vacancy_rate"] == pytest.approx(500 / 9500)
    assert points.loc["2023-02", ["unemployment_rate", "vacancy_rate"]].isna().all()


def test_a_curve_that_shifts_once_has_two_regimes_and_a_span_for_the_date() -> None:
    months = pd.period_range("2006-01", periods=180, freq="M")
    random = np.random.default_rng(3)
    u = 1000 + 150 * np.sin(np.arange(180) / 9) + random.normal(0, 10, 180)
    shift = np.where(np.arange(180) < 96, 1.0, 1.6)
    v = shift * 400_000 / u * np.exp(random.normal(0, 0.03, 180))
    found = beveridge.regimes(beveridge.rates(series(months, u, v), "MK19"))
    assert [str(one.first) for one in found] == ["2006-01", "2014-01"]
    assert [str(one.last) for one in found] == ["2013-12", "2020-12"]
    assert found[0].earliest is None
    assert found[1].earliest is not None
    assert found[1].latest is not None
    assert found[1].earliest <= found[1].first <= found[1].latest


def test_a_short_series_has_no_regimes() -> None:
    months = pd.period_range("2015-01", periods=60, freq="M")
    assert beveridge.regimes(beveridge.rates(series(months, np.full(60, 100.0), np.full(60, 30.0)), "MK19")) == []


def test_the_longest_run_ends_where_a_month_is_missing() -> None:
    index = pd.period_range("2020-01", periods=7, freq="M")
    values = pd.DataFrame({"a": [1, np.nan, 1, 1, 1, np.nan, 1]}, index=index, dtype=float)
    assert [str(month) for month in beveridge.longest_run(values).index] == ["2020-03", "2020-04", "2020-05"]
    assert beveridge.longest_run(values * np.nan).empty
