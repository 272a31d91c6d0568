"""What a closure could mean to the municipalities its workers live in: an estimate out of stated assumptions.

Not a forecast: nothing here is estimated from data, and every figure moves with the assumptions, which are the
arguments. Plan, decision and outcome have different figures; keep them apart, each with its source. Nothing here says
that a closure did raise unemployment: other changes of the same months are left out.
"""

from collections.abc import Mapping
from inspect import signature
from typing import Any, cast

import numpy as np
import pandas as pd

from indicators._checks import Cells, Labelled, counts, sections
from indicators.matching import unemployment_rate

ELSEWHERE = "elsewhere"
"""Row of those who live in none of the municipalities given."""

ROUNDING = 1e-9


def closure_impact(
    jobs_lost: float,
    residence_shares: Cells,
    labour_force: Cells,
    unemployed: Cells,
    subcontractor_jobs: float = 0,
    multiplier: float = 1.0,
    retirement_share: float = 0,
    reemployed_share: float = 0,
    earnings: Cells | float | None = None,
    municipal_tax_rate: Cells | float | None = None,
) -> pd.DataFrame:
    """Jobs lost, the newly unemployed and the tax lost by home municipality: a row each, and a last one, ``elsewhere``.

    Arguments: ``jobs_lost`` at the site and ``subcontractor_jobs``; ``multiplier``, all jobs lost over these two, at
    least 1; ``residence_shares``, the fraction of the workers who live in each municipality, also of those at
    subcontractors and in the rest of the economy; what the fractions leave of 1 lives ``elsewhere``.
    ``retirement_share``, the fraction of the jobs at the site that ends in a pension; ``reemployed_share``, the
    fraction of all others who find work. ``labour_force`` and ``unemployed`` of each municipality before, persons.
    ``earnings``, euros a year and job, and ``municipal_tax_rate``, the fraction of them that reaches the municipality
    after deductions: numbers, or by municipality; both or neither.

    Columns in persons: ``direct``, ``subcontractor``, ``indirect`` = (multiplier - 1)(direct + subcontractor),
    ``all_jobs``, ``retired``, ``reemployed``, and ``newly_unemployed``, those left: at most so many, as some move away,
    study or leave the labour force. ``share_before`` and ``share_after``, the unemployed as fractions of the labour
    force, which is kept, as that of the register share does not follow within a year; ``change`` in percentage points.
    ``tax_loss``, euros a year, on the earnings of all who are not re-employed: tax on pensions and benefits and the
    equalisation of tax revenue are not set against it.

    Sums over rows are the totals of persons and of the tax lost by the municipalities given. The elsewhere row has no
    shares and no tax loss (NaN), its labour force and rates being unknown. A hidden input gives NaN where it enters.

    ``ValueError`` for fractions outside 0 to 1, residence shares that exceed 1 together, a multiplier below 1, a
    municipality named ``elsewhere``, earnings without a rate or a rate without earnings, more unemployed than labour
    force after the closure, and as in all indicators.
    Fields: those Kemi used in 2021, direct and subcontractor jobs, multiplied effect, home municipalities, tax loss.
    """
    shares, force, before = sections(
        residence_shares=residence_shares, labour_force=labour_force, unemployed=unemployed
    )
    if ELSEWHERE in shares.index:
        raise ValueError(f"{ELSEWHERE} is what residence_shares leave of 1: give municipalities only")
    _fraction("residence_shares", shares)
    if shares.sum() > 1 + ROUNDING:
        raise ValueError(f"residence_shares sum to {shares.sum():.4g}, more than 1")
    site, chain = _number("jobs_lost", jobs_lost), _number("subcontractor_jobs", subcontractor_jobs)
    times = _number("multiplier", multiplier)
    if times < 1:
        raise ValueError(f"multiplier must be at least 1, got {times:g}")
    retiring, finding = _number("retirement_share", retirement_share), _number("reemployed_share", reemployed_share)
    _fraction("retirement_share", retiring)
    _fraction("reemployed_share", finding)

    homes = pd.concat([shares, pd.Series({ELSEWHERE: np.maximum(1 - shares.sum(skipna=False), 0)})])
    result = pd.DataFrame({"direct": site * homes, "subcontractor": chain * homes})
    result["indirect"] = (times - 1) * (result["direct"] + result["subcontractor"])
    result["all_jobs"] = result.sum(axis=1, skipna=False)
    result["retired"] = retiring * result["direct"]
    result["reemployed"] = finding * (result["all_jobs"] - result["retired"])
    result["newly_unemployed"] = result["all_jobs"] - result["retired"] - result["reemployed"]

    after = before + result["newly_unemployed"].drop(ELSEWHERE)
    beyond = after > force
    if beyond.any():
        raise ValueError(
            f"more unemployed than labour force after the closure: {', '.join(map(str, after[beyond].index))}"
        )
    result["share_before"] = unemployment_rate(before, force)
    result["share_after"] = unemployment_rate(after, force)
    result["change"] = 100 * (result["share_after"] - result["share_before"])
    per_job = _tax_per_job(shares, earnings, municipal_tax_rate)
    result["tax_loss"] = per_job * (result["all_jobs"] - result["reemployed"]).drop(ELSEWHERE)
    result.index.name = shares.index.name
    return result


def closure_range(low: Mapping[str, Any], high: Mapping[str, Any], **central: Any) -> pd.DataFrame:
    """:func:`closure_impact` three times over: columns (figure, ``low`` | ``central`` | ``high``), rows as there.

    ``central`` are the arguments of :func:`closure_impact` by name; ``low`` and ``high`` replace some of them, such as
    ``{"multiplier": 1.2, "reemployed_share": 0.8}``, so that fewer or more are newly unemployed. The range is that of
    the assumptions and carries no probability.

    ``ValueError`` for an argument that :func:`closure_impact` does not have or lacks, its own errors, different
    municipalities, and when ``low`` leaves more, or ``high`` fewer, newly unemployed than the central assumptions.
    """
    scenarios = {"low": {**central, **low}, "central": central, "high": {**central, **high}}
    frames = {}
    for name, assumptions in scenarios.items():
        try:
            signature(closure_impact).bind(**assumptions)
        except TypeError as error:
            raise ValueError(f"assumptions are those of closure_impact: {error}") from error
        frames[name] = closure_impact(**assumptions)
    for name in ("low", "high"):
        if not frames[name].index.equals(frames["central"].index):
            raise ValueError(f"{name} is of other municipalities than the central assumptions")
    totals = {name: frame["newly_unemployed"].sum(skipna=False) for name, frame in frames.items()}
    if totals["low"] > totals["central"] + ROUNDING:
        raise ValueError("low leaves more newly unemployed than the central assumptions")
    if totals["high"] < totals["central"] - ROUNDING:
        raise ValueError("high leaves fewer newly unemployed than the central assumptions")
    by_scenario = pd.concat(frames, axis=1).swaplevel(axis=1)
    return by_scenario[[(figure, name) for figure in frames["central"].columns for name in scenarios]]


def _fraction(name: str, value: Labelled | float) -> None:
    """Raise ``ValueError`` for anything below 0 or above 1; NaN passes."""
    if np.any(np.less(value, 0)) or np.any(np.greater(value, 1)):
        raise ValueError(f"{name} must be fractions from 0 to 1")


def _number(name: str, value: float) -> float:
    """One number, not negative and not infinite."""
    (number,) = counts(**{name: value})
    if isinstance(number, Labelled):
        raise ValueError(f"{name} must be one number")
    return number


def _tax_per_job(
    shares: pd.Series, earnings: Cells | float | None, municipal_tax_rate: Cells | float | None
) -> pd.Series | float:
    """Euros a year that a municipality loses with a job of its resident; NaN when no earnings are assumed."""
    if earnings is None and municipal_tax_rate is None:
        return np.nan
    if earnings is None or municipal_tax_rate is None:
        raise ValueError("a tax loss needs both earnings and municipal_tax_rate")
    _, euros, rate = counts(residence_shares=shares, earnings=earnings, municipal_tax_rate=municipal_tax_rate)
    _fraction("municipal_tax_rate", rate)
    return cast(pd.Series | float, euros * rate)
