"""What is computed once when a snapshot is built: signals, adjusted series, level breaks, mismatch, track records.

Signals are quick and always computed; the other results are kept by content (``data/kept.py``). A series with a gap is
adjusted and back-tested over its longest run of months without one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from data import kept
from data.cases import load_cases
from data.queries import employment, occupations
from data.queries.frames import frame
from indicators import forecast, matching, seasonality, signals, uncertainty
from indicators._breaks import position_intervals

COMPUTATION = "1"
"""Version of everything computed here: another one makes every key and the snapshot's id another."""

KEPT_FILE = Path(__file__).with_name("computed.parquet")
"""Results over the seed, written by ``python -m data.record``."""

REGION, COUNTRY = "MK19", "SSS"
UNEMPLOYED, VACANCIES, NEW_VACANCIES = "TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA", "UUDETAVP"
MEASURES = (UNEMPLOYED, VACANCIES, NEW_VACANCIES)

PERSIST = {UNEMPLOYED: (2, 3), VACANCIES: (3, 3), NEW_VACANCIES: (3, 3)}
"""In how many of the latest months a signal is rejected. Vacancies come in lots: two of three gave 7 to 11 false months
in a hundred, three of three less than one (tests/indicators/test_signals_on_seed.py)."""

SIGNAL_COLUMNS = [
    *("family", "area_code", "measure", "month", "observed", "expected", "detection_limit"),
    *("p", "p_adjusted", "direction", "watch", "signal"),
]
FALSE_ALARM_RATE = 0.05
"""The rate at which a family's months are said to be rejected when there is nothing to find."""

SHUFFLES = 40

BACKTESTED = (REGION, "meri-lappi", "matkailu", "utsjoki")
"""Areas and cases with a track record, of unemployed and open vacancies: a back-test takes one to two seconds a series,
so a build in which every one of them has changed stays within half a minute."""

SHOCK = [str(month) for month in pd.period_range("2020-03", "2021-12", freq="M")]
PERIODS_SCORED: dict[str, Sequence[str]] = {"all": (), "without 2020-03..2021-12": SHOCK}

PARTITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "municipality": (
        """
        WITH member AS (SELECT DISTINCT area_code FROM area_membership WHERE parent_code = $region),
        both_sides AS (
            SELECT month, area_code AS cell, max(value) FILTER (measure = $unemployed) AS unemployed,
                   max(value) FILTER (measure = $vacancies) AS vacancies
            FROM employment_service
            WHERE (area_code = $region OR area_code IN (FROM member)) AND measure IN ($unemployed, $vacancies)
              AND status IN ('published', 'suppressed')
            GROUP BY ALL HAVING count(*) = 2
        )
        SELECT month, CASE WHEN cell = $region THEN 'total' ELSE 'cell' END AS kind, cell, unemployed, vacancies
        FROM both_sides
        QUALIFY count(*) FILTER (cell <> $region) OVER (PARTITION BY month) = (SELECT count(*) FROM member)
        """,
        {"region": REGION, "unemployed": UNEMPLOYED, "vacancies": VACANCIES},
    ),
    "occupation": (
        """
        SELECT month, CASE level WHEN '4' THEN 'cell' ELSE 'unassigned' END AS kind, occupation_code AS cell,
               unemployed, vacancies
        FROM employment_service_occupation JOIN occupation USING (occupation_code)
        WHERE area_code = $region AND level IN ('4', 'other')
          AND unemployed_status IN ('published', 'suppressed') AND vacancies_status IN ('published', 'suppressed')
          AND month IN (SELECT month FROM employment_service_occupation
                        WHERE area_code = $region AND occupation_code = $total)
        """,
        {"region": REGION, "total": occupations.TOTAL},
    ),
}
"""How Lapland is divided: both sides of the market by cell and month, the published total of the cells where there is
one, and X groups, which are no occupations. A month has all its occupations where it has the total of the table."""

CHANCE_DRAWS = 200

LEVEL_MONTHS = 12
"""Least length of a level."""


@dataclass(frozen=True)
class Area:
    """An area or case whose series are computed, and the family its signals are tested in."""

    code: str
    family: str


@dataclass(frozen=True)
class Figures:
    """The series: for each measure a panel of months by area or case code, hidden and absent figures NaN."""

    areas: tuple[Area, ...]
    panels: dict[str, pd.DataFrame]

    def series(self) -> Iterator[tuple[str, str, pd.Series]]:
        """Code, measure and series of every area that has figures of the measure."""
        for measure, panel in self.panels.items():
            for code in panel.columns:
                if panel[code].notna().any():
                    yield str(code), measure, panel[code]

    def members(self, family: str, measure: str) -> list[str]:
        """Codes of the family that have figures of the measure."""
        panel = self.panels[measure]
        return [one.code for one in self.areas if one.family == family and panel[one.code].notna().any()]


@dataclass(frozen=True)
class Cells:
    """A partition of Lapland in a month: ``counts`` by cell with columns unemployed and vacancies, hidden ones NaN.

    ``totals`` are the published sums of the cells, NaN where there is none; ``unassigned`` the range of unemployed
    persons in no cell, None where the partition has no such persons.
    """

    counts: pd.DataFrame
    totals: tuple[float, float]
    unassigned: tuple[int, int] | None


@dataclass(frozen=True)
class _Refused:
    computation: str
    area_code: str
    measure: str
    reason: str
    detail: str | None = None


def fill(
    connection: duckdb.DuckDBPyConnection, beside_parent: bool = False, kept_file: Path | None = KEPT_FILE
) -> None:
    """Fill the computed tables of the snapshot being built from its employment service figures.

    With ``beside_parent`` results of the attached parent (``data/lineage.py``) are taken over where their figures are
    the same. A series that an indicator refuses gets a row in ``computation_refused`` and stops nothing; any error but
    ValueError is a defect and is raised.
    """
    figures = read_figures(connection)
    tests = signal_tests(figures)
    kept.insert(connection, "signal", tests)
    tested = set(zip(tests["area_code"], tests["measure"], strict=True))
    refused = [
        _Refused("signal", code, measure, "no_month_tested")
        for code, measure, _ in figures.series()
        if (code, measure) not in tested
    ]
    asked: list[kept.Wanted | _Refused] = []
    for code, measure, values in figures.series():
        run = longest_run(values)
        asked.append(_from_run("adjustment", code, measure, run, adjustment))
        if _backtested(code, measure):
            asked.append(_from_run("track_record", code, measure, run, track_record))
    for partition in PARTITIONS:
        months = [
            _from_cells(connection, partition, month, hashed)
            for month, hashed in partition_months(connection, partition).items()
        ]
        asked += months or [_Refused("mismatch", REGION, partition, "no_figures")]
    refused += [one for one in asked if isinstance(one, _Refused)]
    wanted = [one for one in asked if isinstance(one, kept.Wanted)]
    failed = kept.obtain(connection, wanted, beside_parent, kept_file)
    failed += kept.obtain(connection, _decide(connection, figures), beside_parent, kept_file)
    for one, detail in failed:
        first, second = (REGION, one.identity[0]) if one.kind == "mismatch" else one.identity
        said = f"{one.identity[1]:%Y-%m}: {detail}" if isinstance(one.identity[1], date) else detail
        refused.append(_Refused(one.kind, str(first), str(second), "failed", said))
    columns = ["computation", "area_code", "measure", "reason", "detail"]
    kept.insert(connection, "computation_refused", pd.DataFrame([astuple(one) for one in refused], columns=columns))


def read_figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """The series of Lapland, its municipalities and published sub-regions, the country and the cases."""
    members = frame(
        connection,
        "SELECT DISTINCT area_code FROM area_membership WHERE parent_code = $region ORDER BY ALL",
        {"region": REGION},
    )["area_code"]
    sub_regions = frame(
        connection,
        "SELECT DISTINCT parent_code FROM area_membership WHERE list_contains($members, area_code)"
        " AND starts_with(parent_code, 'SK') ORDER BY ALL",
        {"members": list(members)},
    )["parent_code"]
    cases = load_cases()
    areas = (
        Area(REGION, "region"),
        Area(COUNTRY, "country"),
        *(Area(code, "sub_region") for code in sub_regions),
        *(Area(code, "municipality") for code in members),
        *(Area(code, "case") for code in cases),
    )
    published = employment.series(connection, [one.code for one in areas if one.family != "case"], MEASURES)
    composed = employment.group_series(connection, {code: case.compositions for code, case in cases.items()}, MEASURES)
    rows = pd.concat([published, composed.rename(columns={"group": "area_code"})], ignore_index=True)
    rows["month"] = rows["month"].dt.to_period("M")
    order = [one.code for one in areas]
    panels = {
        str(measure): own.pivot(index="month", columns="area_code", values="value").reindex(columns=order)
        for measure, own in rows.groupby("measure", sort=False)
    }
    return Figures(areas, {measure: panels[measure] for measure in MEASURES if measure in panels})


def longest_run(series: pd.Series) -> pd.Series:
    """The longest run of months without a hidden or absent one, the latest of equals. Empty when nothing is known."""
    seen = series.dropna().sort_index()
    months = pd.PeriodIndex(seen.index)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(months.asi8) != 1) + 1, [len(seen)]])
    lengths = np.diff(starts)
    last = len(lengths) - 1 - int(lengths[::-1].argmax())
    return seen.iloc[starts[last] : starts[last + 1]]


def signal_tests(figures: Figures) -> pd.DataFrame:
    """Every count tested against its own past, a family and measure at a time: the columns of the table ``signal``."""
    found = [pd.DataFrame(columns=SIGNAL_COLUMNS)]
    for measure, panel in figures.panels.items():
        for family in dict.fromkeys(one.family for one in figures.areas):
            known = figures.members(family, measure)
            if known:
                tests = signals.detect(panel[known], persist=PERSIST[measure]).dropna(subset="p")
                tests = tests.rename(columns={"cell": "area_code", "limit": "detection_limit"})
                tests = tests.assign(family=family, measure=measure, month=_days(tests["period"]))
                found.append(tests[SIGNAL_COLUMNS])
    rows = pd.concat([tests for tests in found if not tests.empty] or found, ignore_index=True)
    return rows.sort_values(["family", "area_code", "measure", "month"], ignore_index=True)


def false_alarms(figures: Figures, family: str, measure: str, shuffles: int = SHUFFLES) -> pd.Series:
    """Signals where there is nothing to find: the family's months without a gap in random order, all areas together.

    ``months``, how many were tested over the ``shuffles``, and the fractions of them with a rejection of any area
    (``rejected``) and with a signal (``signal``). Fixed seed. Months in order resemble their neighbours more than
    these, so in use a departure from the usual lasts longer, false or not.
    """
    panel = figures.panels[measure][figures.members(family, measure)]
    panel = panel.loc[longest_run(panel.notna().any(axis=1).astype(float)).index]
    order = np.random.default_rng(1)
    found = []
    for _ in range(shuffles):
        shuffled = panel.iloc[order.permutation(len(panel))].set_axis(panel.index)
        tests = signals.detect(shuffled, persist=PERSIST[measure]).dropna(subset="p")
        tests["rejected"] = tests["p_adjusted"] <= FALSE_ALARM_RATE
        found.append(tests.groupby("period")[["rejected", "signal"]].any())
    months = pd.concat(found)
    return pd.Series({"months": len(months), **months.mean()})


def adjustment(run: pd.Series) -> kept.Results:
    """Adjusted values and level breaks of a series without gaps: ``seasonal_adjustment`` and ``level_break``.

    Breaks are those of the adjusted logarithms, levels at least a year long, at most five breaks. ``ValueError`` as
    for :func:`indicators.seasonality.adjust`.
    """
    parts = seasonality.adjust(run)
    logs = np.log(parts["adjusted"])
    breaks = signals.level_breaks(logs, min_size=LEVEL_MONTHS)
    positions = [int(position) for position in breaks["position"]]
    level = np.ones((len(logs), 1))
    intervals = position_intervals(logs.to_numpy(), level, positions, LEVEL_MONTHS)
    # A level may be said to begin at any month of the run, not after it.
    bounds = [[logs.index[min(at, len(logs) - 1)] for at in interval] for interval in intervals]
    return {
        "seasonal_adjustment": pd.DataFrame(
            {
                "month": _days(parts.index),
                "adjusted": parts["adjusted"].to_numpy(),
                "seasonal": parts["seasonal"].to_numpy(),
                "trend": np.exp(parts["trend"].to_numpy()),
                "provisional": parts["provisional"].to_numpy(),
            }
        ),
        "level_break": pd.DataFrame(
            {
                "month": _days(breaks["period"]),
                "before": np.exp(breaks["before"].to_numpy()),
                "after": np.exp(breaks["after"].to_numpy()),
                "earliest": _days([low for low, _ in bounds]),
                "latest": _days([high for _, high in bounds]),
            }
        ),
    }


def track_record(run: pd.Series) -> kept.Results:
    """The rolling back-test of a series without gaps and its scores: ``forecast_backtest`` and ``forecast_score``.

    24 origins, 6 steps, 80 % intervals; months of the pandemic, 2020-03 to 2021-12, are scored with the rest and left
    out. ``ValueError`` as for :func:`indicators.forecast.backtest`.
    """
    said = forecast.backtest(run)
    scores = []
    for period, exclude in PERIODS_SCORED.items():
        if not said["period"].astype(str).isin(exclude).all():
            scores.append(forecast.score(said, exclude).reset_index().assign(period_scored=period))
    rows = said.assign(origin=_days(said["origin"]), month=_days(said["period"]))
    return {"forecast_backtest": rows.drop(columns="period"), "forecast_score": pd.concat(scores, ignore_index=True)}


def shown_forecast(series: pd.Series) -> kept.Results:
    """The forecast of a series that may be shown: ``forecast_month``, no rows when it may not."""
    ahead = forecast.forecast(series)
    rows = ahead.reset_index(names="month").assign(method=ahead.attrs.get("method"))
    return {"forecast_month": rows.assign(month=_days(ahead.index))}


def mismatch(cells: Cells) -> kept.Results:
    """The mismatch index of one month, its range over hidden cells and what chance gives: ``mismatch_month``.

    ``ValueError`` when one side is zero in every cell.
    """
    unemployed, unemployed_total = _bounds(cells.counts["unemployed"], cells.totals[0])
    vacancies, vacancy_total = _bounds(cells.counts["vacancies"], cells.totals[1])
    interval = matching.mismatch_interval(
        unemployed, vacancies, unemployed_total=unemployed_total, vacancy_total=vacancy_total
    )
    chance = matching.mismatch_baseline(unemployed["fill"], vacancies["fill"], draws=CHANCE_DRAWS)
    low, high = cells.unassigned or (None, None)
    row = {
        "mismatch_index": interval["point"],
        # The fill is no whole number of persons, and its index may lie just below all of theirs.
        "lower": min(interval["point"], interval["min"]),
        "upper": max(interval["point"], interval["max"]),
        **{f"chance_{name}": chance[name] for name in ("mean", "lower", "upper")},
        "cells": len(cells.counts),
        "hidden_unemployed": int(unemployed["hidden"].sum()),
        "hidden_vacancies": int(vacancies["hidden"].sum()),
    }
    return {
        "mismatch_month": pd.DataFrame([row]).assign(
            unassigned_lower=pd.array([low], dtype="Int32"), unassigned_upper=pd.array([high], dtype="Int32")
        )
    }


def partition_months(connection: duckdb.DuckDBPyConnection, partition: str) -> dict[date, str]:
    """The months in which every cell of a partition has a figure or is hidden, both sides, each with a hash of them."""
    rows, parameters = PARTITIONS[partition]
    found = connection.execute(
        "SELECT month, md5(string_agg(concat_ws('|', kind, cell, coalesce(unemployed::VARCHAR, 'hidden'),"
        f" coalesce(vacancies::VARCHAR, 'hidden')), ';' ORDER BY kind, cell)) FROM ({rows}) GROUP BY month ORDER BY 1",
        parameters,
    ).fetchall()
    return dict(found)


def partition_cells(connection: duckdb.DuckDBPyConnection, partition: str, month: date) -> Cells:
    """The counts of one of the :func:`partition_months`."""
    rows, parameters = PARTITIONS[partition]
    found = frame(connection, f"FROM ({rows}) WHERE month = $month ORDER BY cell", {**parameters, "month": month})
    whole = found[found["kind"] == "total"]
    outside = found.loc[found["kind"] == "unassigned", "unemployed"]
    visible, hidden = int(outside.sum()), int(outside.isna().sum())
    return Cells(
        found[found["kind"] == "cell"].set_index("cell")[["unemployed", "vacancies"]],
        (float(whole["unemployed"].iloc[0]), float(whole["vacancies"].iloc[0])) if len(whole) else (np.nan, np.nan),
        (visible + employment.HIDDEN_LOW * hidden, visible + employment.HIDDEN_HIGH * hidden) if len(outside) else None,
    )


def _from_run(
    kind: str, code: str, measure: str, run: pd.Series, compute: Callable[[pd.Series], kept.Results]
) -> kept.Wanted | _Refused:
    """What a computation makes of a run, or why it is not asked."""
    if len(run) < forecast.SHORTEST_SHOWN:
        return _Refused(kind, code, measure, "too_short")
    if run.mean() < forecast.LOWEST_MEAN:
        return _Refused(kind, code, measure, "too_few")
    if kind == "adjustment" and (run == 0).any():
        return _Refused(kind, code, measure, "zeros")
    return _from_series(kind, code, measure, run, compute)


def _from_series(
    kind: str, code: str, measure: str, series: pd.Series, compute: Callable[[pd.Series], kept.Results]
) -> kept.Wanted:
    key = kept.key_of(COMPUTATION, kind, str(series.index[0]), series.to_numpy(dtype=float))
    return kept.Wanted(kind, (code, measure), key, partial(compute, series), apart=True)


def _from_cells(connection: duckdb.DuckDBPyConnection, partition: str, month: date, figures: str) -> kept.Wanted:
    def compute() -> kept.Results:
        return mismatch(partition_cells(connection, partition, month))

    key = kept.key_of(COMPUTATION, "mismatch", figures)
    return kept.Wanted("mismatch", (partition, month), key, compute, apart=False)


def _decide(connection: duckdb.DuckDBPyConnection, figures: Figures) -> list[kept.Wanted]:
    """Decide of each back-tested series whether a forecast from the latest month is shown; gives those that are."""
    scores = frame(connection, "FROM forecast_score WHERE period_scored = 'all'")
    decisions, shown = [], []
    for code, measure, values in figures.series():
        if not _backtested(code, measure):
            continue
        # Up to the latest month of the panel: a series that ended earlier has no present to forecast from.
        seen = values.loc[values.first_valid_index() :]
        whole = seen.reindex(pd.period_range(seen.index[0], figures.panels[measure].index[-1], freq="M"))
        own = scores[(scores["area_code"] == code) & (scores["measure"] == measure)]
        decision = forecast.publishable(own.set_index("method"), whole)
        decisions.append((code, measure, decision["allowed"], decision["reason"] or None))
        if decision["allowed"]:
            shown.append(_from_series("forecast", code, measure, whole, shown_forecast))
    columns = ["area_code", "measure", "allowed", "reason"]
    kept.insert(connection, "forecast_decision", pd.DataFrame(decisions, columns=columns))
    return shown


def _backtested(code: str, measure: str) -> bool:
    return code in BACKTESTED and measure in (UNEMPLOYED, VACANCIES)


def _bounds(cells: pd.Series, total: float) -> tuple[pd.DataFrame, float | None]:
    """What hidden cells can be, and their published total if it is known and of use.

    Of none it is where it would leave each of them one count only.
    """
    bounds = uncertainty.suppression_bounds(cells, parent_total=total)
    if (bounds["hidden"] & (bounds["lower"] == bounds["upper"])).any():
        return uncertainty.suppression_bounds(cells), None
    return bounds, None if np.isnan(total) else total


def _days(months: Iterable[pd.Period]) -> list[date]:
    """The first day of each month."""
    return [month.to_timestamp().date() for month in months]
