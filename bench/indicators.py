"""``python -m bench.indicators``: closed forms and signals beside plain pandas, ``groupby`` over rows.

Made-up counts of 21 municipalities, 417 occupations and 214 months, read in two ways: every occupation of every
municipality, and as screens have them, municipalities and occupations apart. All must agree on every number before
they are timed. Runs alternate; the ratio of the medians is the measure. Each starts from its own form of the figures,
months by cells here, a row a month and cell there. The closed forms are of complete counts, as one hidden cell leaves
a month without an index; the signals are of counts with the small ones hidden.

Plain pandas is written in two styles. The ordinary one hands each group to a function, ``groupby(...).apply`` of the
formula of an index; the other, which takes more care, has the shares of all groups at once from ``transform``. They
differ in the indices only: ratios of two columns, windows and changes are the same in both, and so are the signals.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy import stats

from indicators import matching, seasonality, signals, structure

RUNS = 3
MUNICIPALITIES, OCCUPATIONS, MONTHS = 21, 417, 214
UNEMPLOYED, VACANCIES = 11_000, 3_000
HIDDEN_BELOW = 5
"""Counts from one up to this are hidden."""

JUDGED = ["expected", "p", "p_adjusted", "signal"]

Result = np.ndarray | pd.Series | pd.DataFrame | list[pd.DataFrame]
Work = dict[str, Callable[[], Result]]
Seconds = tuple[float, ...]
"""This product's, then plain pandas' in each style it was measured in."""


@dataclass(frozen=True)
class Counts:
    """Unemployed, vacancies and employed as months by cells.

    ``levels`` are the labels of a cell by which an index is computed, over the cells of the other; with none, an index
    is over all cells.
    """

    unemployed: pd.DataFrame
    vacancies: pd.DataFrame
    employed: pd.DataFrame
    levels: tuple[str, ...] = ()

    def rows(self) -> pd.DataFrame:
        """A row a month and cell, by month, then cell."""
        cells = self.unemployed.columns.to_frame(index=False)
        return pd.DataFrame(
            {
                "month": self.unemployed.index.repeat(len(cells)),
                **{label: np.tile(cells[label].to_numpy(), MONTHS) for label in cells},
                "unemployed": self.unemployed.to_numpy().ravel(),
                "vacancies": self.vacancies.to_numpy().ravel(),
                "employed": self.employed.to_numpy().ravel(),
            }
        )

    def summed(self, level: str) -> "Counts":
        """The sums by one label, as a screen of municipalities or of occupations has them."""

        def total(panel: pd.DataFrame) -> pd.DataFrame:
            return panel.T.groupby(level=level).sum().T

        return Counts(total(self.unemployed), total(self.vacancies), total(self.employed))

    def family(self) -> pd.DataFrame:
        """Both measures side by side, small counts hidden: the cells that are tested together."""
        both = pd.concat([self.unemployed, self.vacancies], axis=1, ignore_index=True)
        return both.mask((both > 0) & (both < HIDDEN_BELOW))


def main() -> int:
    """Print the closed forms one by one, then all of them and the signals in both readings."""
    everything = market()
    screens = [everything.summed(level) for level in everything.levels]
    forms, *by_screen = (
        compared(closed_forms(counts), plain_closed_forms(counts), closed_forms_by_apply(counts))
        for counts in (everything, *screens)
    )
    total = {
        "every occupation of every municipality: closed forms": _sum(forms),
        "every occupation of every municipality: signals": _sum(compared(*signal_work([everything]))),
        "municipalities and occupations apart: closed forms": _sum(*by_screen),
        "municipalities and occupations apart: signals": _sum(compared(*signal_work(screens))),
    }
    for title, seconds in (("every occupation of every municipality", forms), ("in all", total)):
        table = Table(
            "", "seconds", "transform", "ratio", "apply", "ratio", title=f"{title}, medians of {RUNS} alternating runs"
        )
        for name, (ours, *plain) in seconds.items():
            table.add_row(name, f"{ours:.3f}", *(text for one in plain for text in (f"{one:.3f}", f"{one / ours:.1f}")))
        Console(width=120).print(table)
    return 0


def market(seed: int = 0) -> Counts:
    """Seasonal counts with more than Poisson noise, most cells small and many zero.

    The first municipality has a jobseeker and a vacancy of every occupation, as an index needs a total.
    """
    draws = np.random.default_rng(seed)
    months = pd.period_range("2006-01", periods=MONTHS, freq="M")
    cells = pd.MultiIndex.from_product(
        [[f"KU{code:03}" for code in range(MUNICIPALITIES)], [f"{code:04}" for code in range(OCCUPATIONS)]],
        names=["municipality", "occupation"],
    )
    size = 1 / np.arange(1, MUNICIPALITIES + 1) ** 1.2
    usual = np.outer(size, draws.lognormal(0, 1.3, OCCUPATIONS)).ravel()

    def drawn(people: int) -> pd.DataFrame:
        own = usual * draws.lognormal(0, 0.6, len(cells))
        angle = 2 * np.pi * (np.arange(MONTHS)[:, None] + draws.normal(0, 1, len(cells))) / 12
        drift = np.exp(draws.normal(0, 0.02, (MONTHS, len(cells))).cumsum(axis=0))
        mean = people * own / own.sum() * (1 + 0.25 * np.cos(angle)) * drift
        counts = draws.negative_binomial(6, 6 / (6 + mean)).astype(float)
        counts[:, :OCCUPATIONS] = np.maximum(counts[:, :OCCUPATIONS], 1)
        return pd.DataFrame(counts, index=months, columns=cells)

    employed = np.tile(np.ceil(6 * UNEMPLOYED * usual / usual.sum()), (MONTHS, 1))
    return Counts(
        drawn(UNEMPLOYED),
        drawn(VACANCIES),
        pd.DataFrame(employed, index=months, columns=cells),
        levels=("municipality", "occupation"),
    )


def closed_forms(counts: Counts) -> Work:
    """What this product computes."""
    u, v, employed = counts.unemployed, counts.vacancies, counts.employed
    latest_u, latest_v = u.iloc[[-1]], v.iloc[[-1]]

    def by_part(index: Callable[[pd.DataFrame, pd.DataFrame], pd.Series], level: str | None) -> np.ndarray:
        return np.concatenate([index(part_u, part_v) for part_u, part_v in _parts(level, u, v)])

    def contributions(level: str | None) -> np.ndarray:
        parts = _parts(level, latest_u, latest_v)
        return np.concatenate(
            [
                matching.mismatch_contributions(part_u.iloc[0], part_v.iloc[0])["contribution"]
                for part_u, part_v in parts
            ]
        )

    def herfindahl(level: str | None) -> np.ndarray:
        return np.array([structure.herfindahl(part.iloc[0]) for (part,) in _parts(level, latest_u)])

    def location_quotients(level: str) -> np.ndarray:
        parts = [part.iloc[0] for (part,) in _parts(level, latest_u)]
        region = pd.Series(np.sum(parts, axis=0), index=parts[0].index)
        return np.concatenate([structure.location_quotient(part, region) for part in parts])

    def same_month_change() -> np.ndarray:
        changes = [seasonality.same_month_change(panel[cell])["difference"] for panel in (u, v) for cell in panel]
        return np.column_stack(changes)

    first = counts.levels[0] if counts.levels else None
    work: Work = {
        "tightness": lambda: matching.tightness(v, u),
        "log tightness": lambda: matching.log_tightness(v, u),
        "unemployment rate": lambda: matching.unemployment_rate(u, u + employed),
        "vacancy rate": lambda: matching.vacancy_rate(v, employed),
    }
    for level in counts.levels or (None,):
        work[_name("mismatch", level)] = partial(by_part, matching.mismatch_index, level)
        work[_name("dissimilarity", level)] = partial(by_part, matching.dissimilarity_index, level)
    work["contributions, latest month"] = partial(contributions, first)
    work["Herfindahl, latest month"] = partial(herfindahl, first)
    work["twelve-month sums"] = lambda: np.hstack([seasonality.rolling_sum(u), seasonality.rolling_sum(v)])
    if first is None:
        work["change on the same month"] = same_month_change
    else:
        work["location quotients, latest month"] = partial(location_quotients, first)
    return work


def plain_closed_forms(counts: Counts) -> Work:
    """The same numbers from rows, with the shares of all groups at once from ``transform``."""
    rows = counts.rows()
    u, v, employed, month = rows["unemployed"], rows["vacancies"], rows["employed"], rows["month"]
    cell = list(counts.unemployed.columns.names)
    latest = rows[month == month.max()]

    def shares(frame: pd.DataFrame, by: list[str]) -> tuple[pd.Series, pd.Series]:
        grouped = frame.groupby(by)
        q = frame["unemployed"] / grouped["unemployed"].transform("sum")
        return q, frame["vacancies"] / grouped["vacancies"].transform("sum")

    def mismatch(by: list[str]) -> pd.Series:
        q, p = shares(rows, by)
        return 1 - ((p * q) ** 0.5).groupby([rows[label] for label in by]).sum()

    def dissimilarity(by: list[str]) -> pd.Series:
        q, p = shares(rows, by)
        return 0.5 * (q - p).abs().groupby([rows[label] for label in by]).sum()

    def contributions(by: list[str]) -> pd.Series:
        q, p = shares(latest, by)
        return 0.5 * p + 0.5 * q - (p * q) ** 0.5

    def herfindahl(by: list[str]) -> pd.Series:
        q, _ = shares(latest, by)
        return (q**2).groupby([latest[label] for label in by]).sum()

    def location_quotients(by: list[str]) -> pd.Series:
        q, _ = shares(latest, by)
        region = latest.groupby("occupation")["unemployed"].transform("sum") / latest["unemployed"].sum()
        return q / region

    def twelve_month_sum(side: str) -> np.ndarray:
        sums = rows.groupby(cell)[side].rolling(12).sum().droplevel(cell).sort_index()
        return sums.to_numpy().reshape(MONTHS, -1)

    def same_month_change(side: str) -> np.ndarray:
        year_before = rows.groupby([*cell, month.dt.month])[side].shift(1)
        return (rows[side] - year_before).to_numpy().reshape(MONTHS, -1)

    first = [*counts.levels[:1], "month"]
    work: Work = {
        "tightness": lambda: v / u,
        "log tightness": lambda: np.log((v + 0.5) / (u + 0.5)),
        "unemployment rate": lambda: u / (u + employed),
        "vacancy rate": lambda: v / (v + employed),
    }
    for level in counts.levels or (None,):
        by = ["month"] if level is None else [level, "month"]
        work[_name("mismatch", level)] = partial(mismatch, by)
        work[_name("dissimilarity", level)] = partial(dissimilarity, by)
    work["contributions, latest month"] = partial(contributions, first)
    work["Herfindahl, latest month"] = partial(herfindahl, first)
    work["twelve-month sums"] = lambda: np.hstack([twelve_month_sum("unemployed"), twelve_month_sum("vacancies")])
    if not counts.levels:
        work["change on the same month"] = lambda: np.hstack(
            [same_month_change("unemployed"), same_month_change("vacancies")]
        )
    else:
        work["location quotients, latest month"] = partial(location_quotients, first)
    return work


def closed_forms_by_apply(counts: Counts) -> Work:
    """:func:`plain_closed_forms` with each index a function of its group, as it is ordinarily written."""
    rows = counts.rows()
    latest = rows[rows["month"] == rows["month"].max()]
    first = [*counts.levels[:1], "month"]

    def shares(group: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        u, v = group["unemployed"], group["vacancies"]
        return u / u.sum(), v / v.sum()

    def mismatch(group: pd.DataFrame) -> float:
        q, p = shares(group)
        return 1 - ((p * q) ** 0.5).sum()

    def dissimilarity(group: pd.DataFrame) -> float:
        q, p = shares(group)
        return 0.5 * (q - p).abs().sum()

    def contributions(group: pd.DataFrame) -> pd.Series:
        q, p = shares(group)
        return 0.5 * p + 0.5 * q - (p * q) ** 0.5

    def herfindahl(group: pd.DataFrame) -> float:
        return (shares(group)[0] ** 2).sum()

    def location_quotients() -> pd.DataFrame:
        region = latest.groupby("occupation")["unemployed"].sum() / latest["unemployed"].sum()
        by_area = latest.set_index("occupation").groupby(first)[["unemployed", "vacancies"]]
        return by_area.apply(lambda group: shares(group)[0] / region)

    def by_group(frame: pd.DataFrame, by: list[str], index: Callable[[pd.DataFrame], Any]) -> Result:
        return frame.groupby(by)[["unemployed", "vacancies"]].apply(index)

    work = plain_closed_forms(counts)
    for level in counts.levels or (None,):
        by = ["month"] if level is None else [level, "month"]
        work[_name("mismatch", level)] = partial(by_group, rows, by, mismatch)
        work[_name("dissimilarity", level)] = partial(by_group, rows, by, dissimilarity)
    work["contributions, latest month"] = partial(by_group, latest, first, contributions)
    work["Herfindahl, latest month"] = partial(by_group, latest, first, herfindahl)
    if counts.levels:
        work["location quotients, latest month"] = location_quotients
    return work


def signal_work(families: list[Counts]) -> tuple[Work, Work]:
    """The signals of each family of cells, by this product and over rows."""
    panels = [counts.family() for counts in families]
    by_rows = [
        pd.DataFrame(
            {
                "cell": np.repeat(np.arange(panel.shape[1]), MONTHS),
                "month": np.tile(np.arange(MONTHS), panel.shape[1]),
                "count": panel.to_numpy().T.ravel(),
            }
        )
        for panel in panels
    ]
    return (
        {"signals": lambda: [signals.detect(panel) for panel in panels]},
        {"signals": lambda: [_plain_signals(rows) for rows in by_rows]},
    )


def compared(ours: Work, *plain: Work) -> dict[str, Seconds]:
    """Median seconds of each in alternating runs; ``AssertionError`` unless their numbers agree."""
    for name, compute in ours.items():
        numbers = _numbers(compute())
        for work in plain:
            np.testing.assert_allclose(numbers, _numbers(work[name]()), rtol=1e-7, atol=1e-9, err_msg=name)
    seconds: dict[str, list[list[float]]] = {name: [[] for _ in (ours, *plain)] for name in ours}
    for _ in range(RUNS):
        for name, every in seconds.items():
            for times, work in zip(every, (ours, *plain), strict=True):
                gc.collect()
                start = time.perf_counter()
                work[name]()
                times.append(time.perf_counter() - start)
    return {name: tuple(statistics.median(times) for times in every) for name, every in seconds.items()}


def _plain_signals(rows: pd.DataFrame) -> pd.DataFrame:
    """The rule of :func:`indicators.signals.detect` step by step, over rows by cell, then month."""
    cell, month, y = rows["cell"], rows["month"], rows["count"]

    def before(values: pd.Series, months: int) -> pd.Series:
        return values.groupby(cell).shift(months)

    level = before(y, 3).groupby(cell).rolling(12, min_periods=9).mean().droplevel(0)
    ratio = (y + 0.5) / (level + 0.5)
    earlier = pd.concat([before(ratio, 12 * year) for year in range(1, 6)], axis=1)
    usual = earlier.median(axis=1).where(earlier.count(axis=1) >= 3)
    mu = (usual * (level + 0.5) - 0.5).clip(lower=0.5).where(month >= 74)
    miss = (y - mu).abs() / np.sqrt(mu)
    phi = ((1.4826 * before(miss, 1).groupby(cell).rolling(60, min_periods=24).median().droplevel(0)) ** 2).clip(
        lower=1
    )
    p = pd.Series(np.nan, index=rows.index)
    for chosen, counted in (
        (phi > 1, lambda here: stats.nbinom(mu[here] / (phi[here] - 1), 1 / phi[here])),
        (phi == 1, lambda here: stats.poisson(mu[here])),
    ):
        here = chosen & y.notna() & mu.notna()
        model = counted(here)
        p[here] = np.minimum(1, 2 * np.minimum(model.cdf(y[here] - 1), model.sf(y[here])) + model.pmf(y[here]))
    adjusted = p.dropna().groupby(month).transform(stats.false_discovery_control).reindex(rows.index)
    signal = pd.Series(False, index=rows.index)
    for side in (y > mu, y < mu):
        rejected = ((adjusted <= 0.05) & side).astype(float)
        signal |= rejected.groupby(cell).rolling(3, min_periods=1).sum().droplevel(0) >= 2
    judged = pd.DataFrame({"month": month, "cell": cell, "expected": mu, "p": p, "p_adjusted": adjusted})
    return judged.assign(signal=signal & p.notna()).sort_values(["month", "cell"])


def _parts(level: str | None, *panels: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, ...]]:
    """The panels by the labels of a level, or whole."""
    if level is None:
        yield panels
        return
    cells = panels[0].columns
    label_of, labels = pd.factorize(cells.get_level_values(level))
    others = cells.get_level_values("occupation" if level == "municipality" else "municipality")
    arrays = [panel.to_numpy() for panel in panels]
    for label in range(len(labels)):
        here = np.flatnonzero(label_of == label)
        yield tuple(pd.DataFrame(array[:, here], panels[0].index, others[here]) for array in arrays)


def _name(index: str, level: str | None) -> str:
    return index if level is None else f"{index} by {level}"


def _numbers(result: Result) -> np.ndarray:
    """What is compared of a result, in one order."""
    if isinstance(result, list):
        return np.concatenate([judged[JUDGED].to_numpy(dtype=float).ravel() for judged in result])
    return np.asarray(result, dtype=float).ravel()


def _sum(*parts: dict[str, Seconds]) -> Seconds:
    return tuple(sum(times) for times in zip(*(seconds for part in parts for seconds in part.values()), strict=True))


if __name__ == "__main__":
    raise SystemExit(main())
