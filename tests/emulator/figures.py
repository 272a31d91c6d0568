"""Figures the emulator serves: the seed's where it has them, made up from a fixed seed elsewhere.

Made-up municipalities add up to their sub-region, region and the country, and counts of 1 to 4 are hidden after
summing, as the publisher does. Everything is computed with whole arrays.
"""

from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

MONTHS = tuple(
    f"{year}M{month:02}" for year in range(2009, 2027) for month in range(1, 13) if (year, month) <= (2026, 8)
)
SHARE = "TYOTOSUUS"
LABOUR_FORCE = "TYOVOIMATK"
UNEMPLOYED = "TYOTTOMATLOPUSSA"
VACANCIES = "AVPAIKATLOPUSSA"
DURATION = "ATPAVGJATKESTOT"
ALPHABET = "abcdefghijklmnopqrstuvwxyzåäö"

Cells = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Values, and which of them are hidden."""


def uniform(*indices: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers in [0, 1) that depend on the indices alone (splitmix64 over their mixture), broadcast together."""
    with np.errstate(over="ignore"):
        mixed = np.array(20260924, np.uint64)
        for index in indices:
            mixed = (mixed ^ index.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            mixed = mixed ^ (mixed >> np.uint64(29))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = mixed ^ (mixed >> np.uint64(27))
    return np.asarray(mixed >> np.uint64(11), np.float64) / float(1 << 53)


def hidden(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (values >= 1) & (values <= 4)


@dataclass(frozen=True)
class Figures:
    """Code lists and cells of the three tables.

    Attributes:
        seed: the seed's employment service rows: area_code, month, measure, value, status.
        occupations_seed: its rows by occupation, vacancies and unemployed.
        industries_seed: its vacancies by industry.
        names: area names by code.
        memberships: municipality and parent codes.
        occupations, industries: codes in the order served.
    """

    seed: pd.DataFrame
    occupations_seed: pd.DataFrame
    industries_seed: pd.DataFrame
    names: dict[str, str]
    memberships: pd.DataFrame
    occupations: tuple[str, ...]
    industries: tuple[str, ...]
    labels: dict[str, str]

    @cached_property
    def areas(self) -> tuple[str, ...]:
        codes = self.seed.loc[self.seed["month"] == pd.Timestamp(2026, 6, 1), "area_code"].unique()

        def alphabetical(code: str) -> list[int]:
            return [ALPHABET.find(letter) for letter in self.names.get(code, code).lower()]

        rank = {"SSS": 0, "KU": 1, "MK": 2, "SK": 3, "EL": 4}

        def place(code: str) -> tuple[int, object]:
            level = rank[code if code == "SSS" else code[:2]]
            return (level, alphabetical(code) if level in (1, 3) else code)

        return tuple(sorted(codes, key=place))

    @cached_property
    def measures(self) -> tuple[str, ...]:
        return tuple(sorted(self.seed.loc[self.seed["month"] == pd.Timestamp(2026, 6, 1), "measure"].unique()))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        numbered = sorted(
            code for code in self.areas if code.startswith("MK") and code[2:].isdigit() and code != "MK91"
        )
        return ("SSS", *numbered, "MKJO", "MK90", "X")

    @cached_property
    def employment_service(self) -> Cells:
        """Areas x months x measures."""
        area, month, measure = (self._positions(codes) for codes in (self.areas, MONTHS, self.measures))
        base = np.zeros((len(area), len(measure)))
        june = self.seed[self.seed["month"] == pd.Timestamp(2026, 6, 1)]
        base[june["area_code"].map(area), june["measure"].map(measure)] = june["value"].fillna(3)
        values = self._made_up(base, area, measure)
        values[:, :, measure[SHARE]] = self._share(values, measure)
        hide = hidden(values)
        hide[:, :, measure[LABOUR_FORCE]] = False
        hide[:, :, measure[SHARE]] = hide[:, :, measure[UNEMPLOYED]]
        self._overlay(values, hide, area, month, measure)
        return values, hide

    def _positions(self, codes: tuple[str, ...]) -> dict[str, int]:
        return {code: place for place, code in enumerate(codes)}

    def _made_up(self, base: NDArray[np.float64], area: dict[str, int], measure: dict[str, int]) -> NDArray[np.float64]:
        number = np.arange(len(MONTHS))
        season = 1 + 0.15 * np.cos(2 * np.pi * number / 12)
        noise = uniform(
            np.arange(len(area))[:, None, None], number[None, :, None], np.arange(len(measure))[None, None, :]
        )
        values = np.rint(base[:, None, :] * season[None, :, None] * (0.9 + 0.2 * noise))
        parents = self.memberships[
            self.memberships["area_code"].isin(area) & self.memberships["parent_code"].isin(area)
        ]
        municipalities = [place for code, place in area.items() if code.startswith("KU")]
        for parent, members in parents.groupby("parent_code")["area_code"]:
            values[area[str(parent)]] = values[[area[code] for code in members]].sum(axis=0)
        values[area["ELY15"]] = values[area["MK19"]]
        values[area["SSS"]] = values[municipalities].sum(axis=0)
        return values

    def _share(self, values: NDArray[np.float64], measure: dict[str, int]) -> NDArray[np.float64]:
        force = values[:, :, measure[LABOUR_FORCE]]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.floor(1000 * values[:, :, measure[UNEMPLOYED]] / force + 0.5) / 10
        return np.where(force > 0, share, 0.0)

    def _overlay(
        self,
        values: NDArray[np.float64],
        hide: NDArray[np.bool_],
        area: dict[str, int],
        month: dict[str, int],
        measure: dict[str, int],
    ) -> None:
        """Put the seed's figures in; for Lapland only where region and municipalities are all there and add up."""
        rows = self.seed[self.seed["measure"].isin(measure) & self.seed["area_code"].isin(area)].copy()
        rows["period"] = rows["month"].dt.strftime("%YM%m")
        rows = rows[rows["period"].isin(month)]
        lapland = set(self.memberships.loc[self.memberships["parent_code"] == "MK19", "area_code"]) | {"MK19"}
        lapland_rows = rows["area_code"].isin(lapland)
        whole = rows[lapland_rows].groupby(["period", "measure"])["area_code"].transform("nunique") == len(lapland)
        complete = set(rows[lapland_rows][whole][["period", "measure"]].itertuples(index=False, name=None))
        own = rows["area_code"].isin(lapland | {"ELY15", *(c for c in area if c.startswith("SK19"))})
        keep = ~own | pd.MultiIndex.from_frame(rows[["period", "measure"]]).isin(complete)
        rows = rows[keep]
        place = (rows["area_code"].map(area), rows["period"].map(month), rows["measure"].map(measure))
        values[place] = rows["value"].fillna(0)
        hide[place] = (rows["status"] == "suppressed").to_numpy()
        for period, code in complete:
            values[area["ELY15"], month[period], measure[code]] = values[area["MK19"], month[period], measure[code]]

    @cached_property
    def _by_occupation(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]]:
        """Of each area in the seed: occupations x months x (unemployed, vacancies), hidden, known."""
        result = {}
        occupation, month = self._positions(self.occupations), self._positions(MONTHS)
        seed = self.occupations_seed.assign(period=self.occupations_seed["month"].dt.strftime("%YM%m"))
        seed = seed[seed["period"].isin(month) & seed["occupation_code"].isin(occupation)]
        for code, rows in seed.groupby("area_code"):
            shape = (len(occupation), len(month), 2)
            values, hide, known = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
            place = (rows["occupation_code"].map(occupation), rows["period"].map(month))
            for side, name in enumerate(("unemployed", "vacancies")):
                values[(*place, side)] = rows[name].fillna(0)
                hide[(*place, side)] = (rows[f"{name}_status"] == "suppressed").to_numpy()
                known[(*place, side)] = True
            result[str(code)] = (values, hide, known)
        return result

    def by_occupation(
        self,
        areas: NDArray[np.int64],
        occupations: NDArray[np.int64],
        months: NDArray[np.int64],
        sides: NDArray[np.int64],
    ) -> Cells:
        """Cells at the crossing of the given positions; side 0 is unemployed, 1 vacancies."""
        grid = np.ix_(areas, occupations, months, sides)
        totals, totals_hidden = self.employment_service
        measure = self._positions(self.measures)
        both = np.array([measure[UNEMPLOYED], measure[VACANCIES]])
        whole = totals[np.ix_(areas, months, both[sides])][:, None]
        weight = uniform(occupations + 7)[None, :, None, None] ** 4
        values = np.floor(whole * weight / 25 * (0.5 + uniform(*grid)))
        hide = hidden(values)
        total = np.flatnonzero(occupations == 0)
        values[:, total] = whole
        hide[:, total] = totals_hidden[np.ix_(areas, months, both[sides])][:, None]
        for place, at in enumerate(areas):
            seeded = self._by_occupation.get(self.areas[at])
            if seeded is not None:
                own_values, own_hidden, known = (array[np.ix_(occupations, months, sides)] for array in seeded)
                values[place] = np.where(known, own_values, values[place])
                hide[place] = np.where(known, own_hidden, hide[place])
        return values, hide

    @cached_property
    def _by_industry(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Lapland: industries x months x (open vacancies, mean duration), hidden, known."""
        industry, month = self._positions(self.industries), self._positions(MONTHS)
        side = {VACANCIES: 0, DURATION: 1}
        shape = (len(industry), len(month), 2)
        values, hide, known = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
        rows = self.industries_seed.assign(period=self.industries_seed["month"].dt.strftime("%YM%m"))
        rows = rows[rows["period"].isin(month) & (rows["area_code"] == "MK19")]
        place = (rows["industry_code"].map(industry), rows["period"].map(month), rows["measure"].map(side))
        values[place] = rows["value"].fillna(0)
        hide[place] = (rows["status"] == "suppressed").to_numpy()
        known[place] = True
        return values, hide, known

    def by_industry(self, *places: NDArray[np.int64]) -> Cells:
        """Cells by region, industry, sector, duration, month and measure (0 open vacancies, 1 days open)."""
        regions, industries, sectors, durations, months, sides = places
        values = np.floor(400 * uniform(*np.ix_(*places)) ** 6)
        hide = hidden(values) & (sides == 0)
        lapland = np.flatnonzero(regions == self.regions.index("MK19"))
        own_values, own_hidden, known = (array[np.ix_(industries, months, sides)] for array in self._by_industry)
        for region in lapland:
            for sector in np.flatnonzero(sectors == 0):
                for duration in np.flatnonzero(durations == 0):
                    at = (region, slice(None), sector, duration)
                    values[at] = np.where(known, own_values, values[at])
                    hide[at] = np.where(known, own_hidden, hide[at])
        return values, hide


def seed_figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """The figures of a snapshot built from the seed."""

    def frame(query: str) -> pd.DataFrame:
        return connection.execute(query).df()

    occupations = frame("SELECT occupation_code FROM occupation WHERE level IN ('total', '4', 'other')")
    industries = frame("SELECT industry_code FROM industry")

    def occupation_place(code: str) -> tuple[int, str]:
        return (["S", *"123456789", "0", "X"].index(code[0]), code)

    def industry_place(code: str) -> tuple[int, str]:
        return (["SSS", "X", "NO", "Other"].index(code) if code in ("X", "NO", "Other") else code != "SSS", code)

    names = frame("SELECT area_code, name_fi FROM area")
    labels = frame(
        "SELECT measure, any_value(label) AS label FROM measure WHERE label_language = 'fi' GROUP BY measure"
    )
    return Figures(
        frame("SELECT area_code, month, measure, value, status FROM employment_service"),
        frame("SELECT * EXCLUDE (fetch_id) FROM employment_service_occupation"),
        frame("SELECT * EXCLUDE (fetch_id) FROM vacancy_industry"),
        dict(names.itertuples(index=False, name=None)),
        frame("SELECT area_code, parent_code FROM area_membership"),
        tuple(sorted(occupations["occupation_code"], key=occupation_place)),
        tuple(sorted(industries["industry_code"], key=industry_place)),
        dict(labels.itertuples(index=False, name=None)),
    )
