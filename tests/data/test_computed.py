"""What a build computes: found in the seed, kept by content, refused with a reason, and never from a hidden count."""

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from data import apart, computed, kept, record
from data.build import seed_snapshot_id
from data.kept import Wanted
from data.queries import computed as queries
from data.subjects import SCHEMA
from tests.indicators.spec_tables import table, years_by_month

UNEMPLOYED, VACANCIES = "TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"
MUNICIPALITIES = ("KU047", "KU148", "KU240")


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """A snapshot being built, without any figure; Lapland has three municipalities in it."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        connection.executemany(
            "INSERT INTO area_membership VALUES (?, ?, NULL, NULL)",
            [(code, parent) for code in MUNICIPALITIES for parent in ("MK19", "SK196")],
        )
        yield connection


def put(connection: duckdb.DuckDBPyConnection, area: str, measure: str, series: pd.Series) -> None:
    """Insert a series of the employment service; NaN is a hidden count."""
    connection.executemany(
        "INSERT INTO employment_service VALUES (?, ?, ?, ?, ?, 1)",
        [
            (area, month.to_timestamp(), measure, None, "suppressed")
            if np.isnan(value)
            else (area, month.to_timestamp(), measure, value, "published")
            for month, value in series.items()
        ],
    )


def months(values: list[float] | np.ndarray, first: str = "2015-01") -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), index=pd.period_range(first, periods=len(values), freq="M"))


def seasonal(n: int, mean: float = 500) -> pd.Series:
    """A year's rhythm with noise around a level that wanders."""
    noise = np.random.default_rng(9)
    level = mean * np.exp(np.cumsum(noise.normal(0, 0.03, n)))
    return months(np.round(level * (1 + 0.2 * np.cos(2 * np.pi * np.arange(n) / 12)) + noise.normal(0, mean / 100, n)))


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    computed.fill(connection, kept_file=None)


def test_the_spring_of_2020_is_a_signal_in_kittila(seed_connection: duckdb.DuckDBPyConnection) -> None:
    found = {
        month: queries.signals(seed_connection, "municipality", UNEMPLOYED, month).set_index("area_code").loc["KU261"]
        for month in ("2020-03", "2020-04")
    }
    march, april = found["2020-03"], found["2020-04"]
    assert march[["observed", "direction", "watch", "signal"]].tolist() == [573, "up", True, False]
    assert april[["observed", "direction", "watch", "signal"]].tolist() == [915, "up", False, True]
    assert (round(april["expected"]), round(april["detection_limit"])) == (289, 111)


def test_vacancies_are_a_signal_only_in_three_months_of_three(seed_connection: duckdb.DuckDBPyConnection) -> None:
    """Kittilä's vacancies are far below the expected in March and April 2020, and that is not yet a signal."""
    found = queries.signals(seed_connection, "municipality", VACANCIES).set_index(["area_code", "month"])
    april = found.loc[("KU261", pd.Timestamp("2020-04-01"))]
    assert april[["observed", "direction", "watch", "signal"]].tolist() == [62, "down", True, False]
    lasting = found[found["signal"]]
    assert len(lasting) == 12
    assert (lasting["p_adjusted"] <= 0.05).all()


def test_every_test_is_of_a_published_count(seed_connection: duckdb.DuckDBPyConnection) -> None:
    (tests, published) = seed_connection.execute(
        "SELECT count(*), count(e.value) FROM signal s LEFT JOIN employment_service e USING (area_code, month, measure)"
        " WHERE family = 'municipality' AND s.observed IS NOT DISTINCT FROM e.value"
    ).fetchone() or (0, 0)
    assert tests == published == 4_390
    assert seed_connection.execute("SELECT count(*) FROM signal WHERE family = 'municipality'").fetchone() == (4_390,)


def test_months_after_the_gap_are_not_tested(seed_connection: duckdb.DuckDBPyConnection) -> None:
    tested = {
        measure: queries.latest_tested_month(seed_connection, "municipality", measure)
        for measure in (UNEMPLOYED, VACANCIES, "UUDETAVP")
    }
    assert tested == {UNEMPLOYED: pd.Timestamp("2023-10-01"), VACANCIES: pd.Timestamp("2024-06-01"), "UUDETAVP": None}


def test_a_family_is_tested_together(empty: duckdb.DuckDBPyConnection) -> None:
    """One municipality's p-value counts less when two quiet ones are tested beside it."""
    quiet = months(np.tile([40, 44, 42, 38, 41, 39], 20))
    for code in MUNICIPALITIES:
        put(empty, code, UNEMPLOYED, quiet if code != "KU240" else quiet + (quiet.index == quiet.index[-1]) * 20)
    fill(empty)
    last = queries.signals(empty, "municipality", UNEMPLOYED, "2024-12").set_index("area_code")
    assert last.loc["KU240", "p_adjusted"] == pytest.approx(3 * last.loc["KU240", "p"])
    assert last["watch"].to_dict() == {"KU047": False, "KU148": False, "KU240": True}


def test_a_series_is_adjusted_over_its_longest_run(empty: duckdb.DuckDBPyConnection) -> None:
    series = seasonal(150)
    series.iloc[[20, 130]] = np.nan
    put(empty, "KU148", UNEMPLOYED, series)
    fill(empty)
    adjusted = queries.adjusted(empty, ["KU148"], UNEMPLOYED)
    assert [f"{month:%Y-%m}" for month in adjusted["month"].iloc[[0, -1]]] == ["2016-10", "2025-10"]
    assert adjusted["provisional"].sum() == 3
    observed = series.loc["2016-10":"2025-10"].to_numpy()
    together = np.exp(adjusted["seasonal"].to_numpy()) * adjusted["adjusted"].to_numpy()
    assert together == pytest.approx(observed, rel=1e-5)


@pytest.mark.parametrize(
    ("values", "run"),
    [
        ("2020 | 7 | 7 | 7 | ... | 7 | 7", ["2020-01", "2020-03"]),
        ("2020 | 7 | ... | 7 | 7 | ... | 7 | 7", ["2020-06", "2020-07"]),
        ("2020 | 7 | | 7 | 7", ["2020-03", "2020-04"]),
        ("2020 | 0 | 0 | ... | 7", ["2020-01", "2020-02"]),
    ],
)
def test_a_run_ends_at_a_hidden_or_an_absent_month(values: str, run: list[str]) -> None:
    found = computed.longest_run(years_by_month(values))
    assert [str(found.index[0]), str(found.index[-1])] == run


def test_the_break_of_a_level_lies_within_its_dates(seed_connection: duckdb.DuckDBPyConnection) -> None:
    breaks = queries.breaks_of_level(seed_connection, ["KU261"], UNEMPLOYED)
    assert "2020-03" in [f"{month:%Y-%m}" for month in breaks["month"]]
    assert ((breaks["earliest"] <= breaks["month"]) & (breaks["month"] <= breaks["latest"])).all()
    assert breaks["before"].iloc[1:].tolist() == pytest.approx(breaks["after"].iloc[:-1].tolist())


def test_mismatch_over_time_is_that_of_the_months_with_every_cell(seed_connection: duckdb.DuckDBPyConnection) -> None:
    municipal = queries.mismatch_over_time(seed_connection, "municipality").set_index("month")
    october = municipal.loc["2023-10-01"]
    assert october["mismatch_index"] == pytest.approx(0.04415, abs=5e-6)
    assert october[["cells", "hidden_vacancies"]].tolist() == [21, 0]
    assert october["lower"] == october["upper"] == october["mismatch_index"]
    occupations = queries.mismatch_over_time(seed_connection, "occupation").set_index("month")
    assert f"{occupations.index[-1]:%Y-%m}" == "2023-10"  # of June 2026 only three occupations are held
    assert occupations.loc["2023-10-01", ["cells", "hidden_unemployed", "hidden_vacancies"]].tolist() == [417, 149, 105]
    # X groups show 1,195 unemployed persons; three more groups are hidden.
    assert occupations.loc["2023-10-01", ["unassigned_lower", "unassigned_upper"]].tolist() == [1_198, 1_207]
    assert (occupations["lower"] < occupations["chance_upper"]).sum() == 0


def test_one_hidden_municipality_is_not_solved_from_the_total() -> None:
    """Of 12 vacancies 10 are shown, so the hidden count is 2; the range is still that of every count from 1 to 4.

    The point takes it at 2.5, which makes it a little lower than any whole number does.
    """
    counts = table(
        """
          | unemployed | vacancies
        A | 50         | 6
        B | 30         | 4
        C | 20         | ...
        """
    )
    cells = computed.Cells(counts, (100.0, 12.0), None)
    row = computed.mismatch(cells)["mismatch_month"].iloc[0]
    indices = [
        1 - sum(np.sqrt(u * v / (100 * (10 + hidden))) for u, v in ((50, 6), (30, 4), (20, hidden)))
        for hidden in (1, 2, 2.5, 3, 4)
    ]
    assert (row["lower"], row["upper"]) == pytest.approx((min(indices), max(indices)))
    assert row["mismatch_index"] == pytest.approx(indices[2])
    assert row["hidden_vacancies"] == 1


def test_the_kept_results_are_those_of_the_seed(seed_connection: duckdb.DuckDBPyConnection) -> None:
    """Every key of a build of the seed is in the committed file, and nothing else is: no build computes them anew."""
    wanted = set(seed_connection.execute("SELECT kind, key FROM computed_key").fetchall())
    with duckdb.connect() as connection:
        held = connection.execute(
            "SELECT kind, key FROM read_parquet(?) WHERE table_name = 'computed_key'", [str(computed.KEPT_FILE)]
        ).fetchall()
    assert len(wanted) == 496
    assert set(held) == wanted


def test_kept_results_are_what_the_indicators_give_today(seed_connection: duckdb.DuckDBPyConnection) -> None:
    figures = computed.read_figures(seed_connection)
    lapland, utsjoki = figures.panels[UNEMPLOYED]["MK19"], figures.panels[VACANCIES]["utsjoki"]
    month = pd.Timestamp("2023-10-01").date()
    cells = computed.partition_cells(seed_connection, "occupation", month)
    fresh = {
        **computed.adjustment(computed.longest_run(lapland)),
        **apart.Tasks([partial(computed.track_record, computed.longest_run(utsjoki))]).results()[0],
        **computed.mismatch(cells),
    }
    owner = {
        "seasonal_adjustment": f"area_code = 'MK19' AND measure = '{UNEMPLOYED}'",
        "level_break": f"area_code = 'MK19' AND measure = '{UNEMPLOYED}'",
        "forecast_backtest": f"area_code = 'utsjoki' AND measure = '{VACANCIES}'",
        "forecast_score": f"area_code = 'utsjoki' AND measure = '{VACANCIES}'",
        "mismatch_month": "partition = 'occupation' AND month = DATE '2023-10-01'",
    }
    for name, rows in fresh.items():
        held = seed_connection.execute(f"FROM {name} WHERE {owner[name]}").df()
        numbers = rows.select_dtypes("number").columns
        assert len(held) == len(rows) > 0
        first, second = (
            frame[numbers].astype(float).sort_values(list(numbers)).to_numpy() for frame in (held, rows.round(6))
        )
        assert first == pytest.approx(second, abs=2e-6, rel=1e-6, nan_ok=True), name


def test_another_version_of_the_computation_is_another_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    before = seed_snapshot_id()
    key = kept.key_of(computed.COMPUTATION, "adjustment", "2020-01", np.array([1.0]))
    monkeypatch.setattr("data.computed.COMPUTATION", "another")
    assert seed_snapshot_id() != before
    assert kept.key_of(computed.COMPUTATION, "adjustment", "2020-01", np.array([1.0])) != key


FORECAST = table(
    """
            | point | lower | upper
    2026-07 | 9000  | 8500  | 9500
    """
)


def wanted(area: str, key: str, made: list[str]) -> Wanted:
    """A forecast that says when it is computed."""

    def compute() -> dict[str, pd.DataFrame]:
        made.append(area)
        rows = FORECAST.reset_index(names="month").assign(method="theta")
        return {"forecast_month": rows.assign(month=[month.to_timestamp().date() for month in FORECAST.index])}

    return Wanted("forecast", (area, UNEMPLOYED), key, compute, apart=False)


def test_areas_with_the_same_figures_share_one_computation(empty: duckdb.DuckDBPyConnection) -> None:
    made: list[str] = []
    kept.obtain(empty, [wanted("SK192", "a", made), wanted("meri-lappi", "a", made)], False, None)
    assert len(made) == 1
    assert empty.execute("SELECT area_code, point FROM forecast_month ORDER BY ALL").fetchall() == [
        ("SK192", 9000.0),
        ("meri-lappi", 9000.0),
    ]


def test_a_result_of_the_parent_is_taken_over_where_the_figures_are_the_same(
    empty: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    parent, made = tmp_path / "parent.duckdb", list[str]()
    with duckdb.connect(str(parent)) as earlier:
        earlier.execute(SCHEMA.read_text(encoding="utf-8"))
        kept.obtain(earlier, [wanted("SK192", "a", made), wanted("meri-lappi", "a", made)], False, None)
    made.clear()
    empty.execute(f"ATTACH '{parent}' AS parent (READ_ONLY)")
    kept.obtain(empty, [wanted("MK19", "a", made), wanted("KU890", "b", made)], True, None)
    assert made == ["KU890"]
    assert empty.execute("SELECT area_code, point, month FROM forecast_month ORDER BY ALL").fetchall() == [
        (area, 9000.0, pd.Timestamp("2026-07-01").date()) for area in ("KU890", "MK19")
    ]


def test_an_exported_result_is_taken_from_the_file(empty: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file, made = tmp_path / "kept.parquet", list[str]()
    with duckdb.connect() as earlier:
        earlier.execute(SCHEMA.read_text(encoding="utf-8"))
        kept.obtain(earlier, [wanted("SK192", "a", made)], False, None)
        kept.export(earlier, file)
    made.clear()
    kept.obtain(empty, [wanted("MK19", "a", made)], False, file)
    assert made == []
    assert empty.execute("SELECT area_code, method, lower FROM forecast_month").fetchall() == [("MK19", "theta", 8500)]


def test_a_build_without_figures_says_so(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty)
    assert queries.refused(empty).drop(columns="detail").to_numpy().tolist() == [
        ["mismatch", "MK19", "municipality", "no_figures"],
        ["mismatch", "MK19", "occupation", "no_figures"],
    ]


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (seasonal(59), "too_short"),
        (seasonal(72, mean=6), "too_few"),
        (seasonal(72).where(seasonal(72).index != "2018-05", 0), "zeros"),
    ],
)
def test_what_is_not_adjusted_has_a_reason(empty: duckdb.DuckDBPyConnection, series: pd.Series, reason: str) -> None:
    put(empty, "KU148", UNEMPLOYED, series)
    fill(empty)
    refused = queries.refused(empty, "adjustment")
    assert refused[["area_code", "measure", "reason"]].to_numpy().tolist() == [["KU148", UNEMPLOYED, reason]]
    assert queries.adjusted(empty, ["KU148"], UNEMPLOYED).empty


def test_a_computation_that_fails_stops_nothing_and_is_tried_again(empty: duckdb.DuckDBPyConnection) -> None:
    """A month without a single vacancy has no mismatch; the month after it has."""
    for code in (*MUNICIPALITIES, "MK19"):
        put(empty, code, UNEMPLOYED, months([30, 30]))
        put(empty, code, VACANCIES, months([0, 9]))
    fill(empty)
    (row,) = queries.refused(empty, "mismatch").query("measure == 'municipality'").to_numpy().tolist()
    assert row[3] == "failed"
    assert row[4].startswith("2015-01: ")
    assert queries.mismatch_over_time(empty, "municipality")["month"].dt.strftime("%Y-%m").tolist() == ["2015-02"]
    assert empty.execute("SELECT second FROM computed_key WHERE kind = 'mismatch'").fetchall() == [("2015-02-01",)]


def test_a_series_complete_to_the_present_is_forecast(empty: duckdb.DuckDBPyConnection) -> None:
    series = seasonal(132)
    put(empty, "MK19", UNEMPLOYED, series)
    fill(empty)
    assert queries.decision(empty, "MK19", UNEMPLOYED) == (True, "")
    ahead = queries.forecast(empty, "MK19", UNEMPLOYED)
    assert ahead["month"].dt.strftime("%Y-%m").tolist() == [f"2026-{month:02d}" for month in range(1, 7)]
    assert ((ahead["lower"] <= ahead["point"]) & (ahead["point"] <= ahead["upper"])).all()
    best = queries.track_record(empty, "MK19", UNEMPLOYED).set_index("period_scored").loc["all"].iloc[0]
    assert best["method"] == ahead["method"].iloc[0]


def test_a_series_that_ended_before_the_present_is_not_forecast(empty: duckdb.DuckDBPyConnection) -> None:
    """Its own months are complete, but figures of another area are three months newer."""
    series = seasonal(132)
    put(empty, "MK19", UNEMPLOYED, series)
    put(empty, "KU148", UNEMPLOYED, months(np.full(135, 40)))
    fill(empty)
    assert queries.decision(empty, "MK19", UNEMPLOYED) == (False, "hidden_months")
    assert queries.forecast(empty, "MK19", UNEMPLOYED).empty
    assert queries.decision(empty, "KU148", UNEMPLOYED) is None


def test_the_track_record_of_the_seed(seed_connection: duckdb.DuckDBPyConnection) -> None:
    scores = queries.track_record(seed_connection, "MK19", UNEMPLOYED).set_index(["period_scored", "method"])
    assert scores["n"].unstack("method").iloc[:, 0].to_dict() == {"all": 144, "without 2020-03..2021-12": 117}
    whole = scores.loc["all"]
    assert whole["relative_mae"].round(2).to_dict() == {"seasonal_naive": 1.0, "theta": 0.22, "ets": 0.30}
    assert whole["coverage"].round(2).to_dict() == {"seasonal_naive": 0.76, "theta": 0.94, "ets": 0.98}
    assert queries.decision(seed_connection, "MK19", UNEMPLOYED) == (False, "hidden_months")


def test_apart_results_keep_their_order_and_refusals_are_texts() -> None:
    tasks = [partial(int, "1"), partial(int, "one"), partial(int, "3")]
    first, refusal, third = apart.Tasks(tasks).results()
    assert (first, third) == (1, 3)
    assert "invalid literal" in refusal


def test_a_defect_in_a_computation_is_raised() -> None:
    with pytest.raises(RuntimeError, match="TypeError"):
        apart.Tasks([partial(int, [])]).results()


def test_a_computation_ended_from_outside_is_a_refusal() -> None:
    """As when memory runs out: the build goes on without its results."""
    (said,) = apart.Tasks([partial(signal.raise_signal, signal.SIGKILL)]).results()
    assert said == "the process that computed was ended by signal 9"


def test_the_page_is_what_the_kept_results_say(seed_connection: duckdb.DuckDBPyConnection) -> None:
    """All but the false alarms, which take long; they are counted by tests of their own."""
    text = record.PAGE.read_text(encoding="utf-8")
    parts = [part(seed_connection) for part in (record.forecasts, record.signals, record.spring)]
    before, found = text.split(record.FALSE)
    assert before == f"{parts[0]}\n\n{parts[1]}\n\n"
    assert found.endswith(f"\n\n{parts[2]}\n")


def test_false_alarms_of_lapland_are_as_printed(seed_connection: duckdb.DuckDBPyConnection) -> None:
    rates = computed.false_alarms(computed.read_figures(seed_connection), "region", UNEMPLOYED)
    line = f"| Lapland | unemployed jobseekers | {rates['rejected']:.1%} | {rates['signal']:.1%} |"
    assert line in record.PAGE.read_text(encoding="utf-8")
    assert rates["signal"] < 0.05
