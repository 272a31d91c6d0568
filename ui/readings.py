"""One measure of one area in one month, with its bounds and its comparison: what cards, tables and headlines show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from indicators import seasonality, uncertainty

UNEMPLOYED = "TYOTTOMATLOPUSSA"
VACANCIES = "AVPAIKATLOPUSSA"
LABOUR_FORCE = "TYOVOIMATK"
NEW_VACANCIES = "UUDETAVP"
LONG_TERM = "PITKAAIKAISTYOTTOMAT"
MARKET = (UNEMPLOYED, VACANCIES, LABOUR_FORCE)

Comparability = Literal["comparable", "possible_break", "break", "none"]


@dataclass(frozen=True)
class Reading:
    """A count and its change against the latest same month there is.

    ``value`` is NaN when a part is hidden; ``lower`` and ``upper`` then bound it. ``base`` may lie more than a year
    back. ``within_noise``: the change is smaller than the smallest one that two such counts can show (95 %, Poisson).
    """

    month: pd.Timestamp
    value: float
    lower: float
    upper: float
    rounded: bool
    base_month: pd.Timestamp | None
    base: float
    change: float
    ratio: float
    comparability: Comparability
    break_month: pd.Timestamp | None
    limit: float

    @property
    def hidden(self) -> bool:
        return bool(np.isnan(self.value))

    @property
    def within_noise(self) -> bool:
        return not np.isnan(self.change) and abs(self.change) < self.limit

    @property
    def years(self) -> int:
        return 0 if self.base_month is None else self.month.year - self.base_month.year

    @property
    def moved(self) -> bool:
        """A change that may be stated as one: comparable, and larger than noise."""
        return (
            self.comparability in ("comparable", "possible_break")
            and not np.isnan(self.change)
            and not self.within_noise
        )


@dataclass(frozen=True)
class Standing:
    """Both sides of one area's market in one month.

    ``share``: unemployed / labour force. ``tightness`` (and bounds): open vacancies / unemployed.
    """

    group: str
    month: pd.Timestamp
    unemployed: Reading
    vacancies: Reading
    labour_force: float
    share: float
    tightness: float
    tightness_lower: float
    tightness_upper: float


def monthly(values: pd.Series) -> pd.Series:
    """Values by day of month start as a monthly series without gaps: a month that is not there is NaN."""
    ordered = values.sort_index()
    periods = ordered.set_axis(pd.PeriodIndex(pd.DatetimeIndex(ordered.index), freq="M"))
    return periods.reindex(pd.period_range(periods.index[0], periods.index[-1], freq="M"))


def reading(
    series: pd.DataFrame,
    group: str,
    measure: str,
    month: pd.Timestamp,
    breaks: pd.DataFrame,
    subject: str = "employment_service",
) -> Reading | None:
    """The reading of a measure in ``month``, or None where the month is not in ``series``.

    ``series``: group, month, measure, value, lower, upper, rounded. ``breaks``: subject, measure, area_code, month,
    certainty.
    """
    rows = series[(series["group"] == group) & (series["measure"] == measure)].set_index("month").sort_index()
    if month not in rows.index:
        return None
    now: Any = rows.loc[month]
    changes = seasonality.same_month_change(monthly(rows["value"]))
    compared: Any = changes.iloc[changes.index.get_loc(month.to_period("M"))]
    base_month = None if pd.isna(compared["base"]) else pd.Period(compared["base"], "M").to_timestamp()
    base = float(rows["value"].to_dict()[base_month]) if base_month is not None else np.nan
    crossed = crossed_break(breaks, subject, measure, group, base_month, month)
    return Reading(
        month=month,
        value=float(now["value"]),
        lower=float(now["lower"]),
        upper=float(now["upper"]),
        rounded=bool(now["rounded"]) or (base_month is not None and bool(rows.loc[base_month, "rounded"])),
        base_month=base_month,
        base=base,
        change=float(compared["difference"]),
        ratio=float(compared["ratio"]),
        comparability=_comparability(base_month, crossed),
        break_month=None if crossed is None else crossed["month"],
        limit=float(uncertainty.detection_limit(max(base, 0.5))) if base_month is not None else np.nan,
    )


def standing(series: pd.DataFrame, group: str, month: pd.Timestamp, breaks: pd.DataFrame) -> Standing | None:
    """Both sides of the market, or None where one of them has no row in ``month``."""
    unemployed = reading(series, group, UNEMPLOYED, month, breaks)
    vacancies = reading(series, group, VACANCIES, month, breaks)
    if unemployed is None or vacancies is None:
        return None
    force = reading(series, group, LABOUR_FORCE, month, breaks)
    labour_force = np.nan if force is None else force.value
    return Standing(
        group=group,
        month=month,
        unemployed=unemployed,
        vacancies=vacancies,
        labour_force=labour_force,
        share=_ratio(unemployed.value, labour_force),
        tightness=_ratio(vacancies.value, unemployed.value),
        tightness_lower=_ratio(vacancies.lower, unemployed.upper),
        tightness_upper=_ratio(vacancies.upper, unemployed.lower),
    )


def common_months(
    series: pd.DataFrame, groups: Mapping[str, object] | list[str], measures: tuple[str, ...]
) -> pd.DatetimeIndex:
    """Months in which every group has every measure (a hidden value counts), ascending."""
    wanted = list(groups)
    rows = series[series["group"].isin(wanted) & series["measure"].isin(measures)]
    counts = rows.groupby("month").size()
    return pd.DatetimeIndex(counts[counts == len(wanted) * len(measures)].index).sort_values()


def last_gap(months: pd.DatetimeIndex) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last of the latest run of missing months, None where ``months`` (ascending) follow one another."""
    whole = pd.date_range(months[0], months[-1], freq="MS") if len(months) else months
    missing = whole.difference(months)
    if missing.empty:
        return None
    end = missing[-1]
    present = months[months < end]
    return present[-1] + pd.DateOffset(months=1), end


def crossed_break(
    breaks: pd.DataFrame, subject: str, measure: str, area: str, base: pd.Timestamp | None, month: pd.Timestamp
) -> pd.Series | None:
    """The gravest marked break of a series after ``base`` and not after ``month``; confirmed before possible."""
    if base is None:
        return None
    touching = breaks[
        (breaks["subject"] == subject)
        & (breaks["measure"].isna() | (breaks["measure"] == measure))
        & (breaks["area_code"].isna() | (breaks["area_code"] == area))
        & (breaks["month"] > base)
        & (breaks["month"] <= month)
    ]
    if touching.empty:
        return None
    return touching.sort_values(["certainty", "month"], ascending=[True, False]).iloc[0]


def _comparability(base: pd.Timestamp | None, crossed: pd.Series | None) -> Comparability:
    if base is None:
        return "none"
    if crossed is None:
        return "comparable"
    return "break" if crossed["certainty"] == "confirmed" else "possible_break"


def _ratio(above: float, below: float) -> float:
    return above / below if below and not np.isnan(below) else np.nan
