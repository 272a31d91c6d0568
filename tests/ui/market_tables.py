"""Small readable tables for the tests of the views: months and figures as text in, the frames of the views out."""

import numpy as np
import pandas as pd

from ui.readings import LABOUR_FORCE, UNEMPLOYED, VACANCIES, Standing, standing

NO_BREAKS = pd.DataFrame(
    {"subject": [], "measure": [], "area_code": [], "month": pd.DatetimeIndex([]), "certainty": []}, dtype=object
)


def month(text: str) -> pd.Timestamp:
    """``2026-06`` as the first day of that month."""
    return pd.Timestamp(f"{text}-01")


def series(text: str, group: str = "MK19", measure: str = UNEMPLOYED) -> pd.DataFrame:
    """Figures of one group and measure from lines of ``month | figure``.

    A figure is a number, ``8..11`` where hidden parts leave that range, or ``~8610`` where the publisher rounded it.
    """
    rows = []
    for line in text.strip().splitlines():
        when, figure = (part.strip() for part in line.split("|"))
        lower, upper = (float(end) for end in (figure.strip("~").split("..") * 2)[:2])
        rows.append(
            {
                "group": group,
                "month": month(when),
                "measure": measure,
                "value": np.nan if ".." in figure else lower,
                "lower": lower,
                "upper": upper,
                "rounded": figure.startswith("~"),
            }
        )
    return pd.DataFrame(rows)


def breaks(text: str) -> pd.DataFrame:
    """Marked breaks from lines of ``month | certainty | area | measure``; ``all`` stands for every one."""
    rows = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame(
        {
            "subject": "employment_service",
            "measure": [None if measure == "all" else measure for *_, measure in rows],
            "area_code": [None if area == "all" else area for _, _, area, _ in rows],
            "month": pd.DatetimeIndex([month(when) for when, *_ in rows]),
            "certainty": [certainty for _, certainty, *_ in rows],
        }
    )


def market(
    group: str, unemployed: str, vacancies: str, labour_force: float = 80_000, marked: pd.DataFrame = NO_BREAKS
) -> Standing:
    """Both sides in June 2026, from ``figure`` or ``figure in June 2025 > figure``."""
    parts = [_two_years(unemployed, group, UNEMPLOYED), _two_years(vacancies, group, VACANCIES)]
    parts.append(series(f"2026-06 | {labour_force}", group, LABOUR_FORCE))
    found = standing(pd.concat(parts, ignore_index=True), group, month("2026-06"), marked)
    assert found is not None
    return found


def _two_years(text: str, group: str, measure: str) -> pd.DataFrame:
    *before, now = (part.strip() for part in text.split(">"))
    lines = [f"2025-06 | {figure}" for figure in before] + [f"2026-06 | {now}"]
    return series("\n".join(lines), group, measure)
