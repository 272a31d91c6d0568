"""The tourism view: winters against earlier ones, a lead only where it can be told, stays per inhabitant."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import snapshots
from data.cases import load_cases
from data.queries import employment, people, reference, tourism
from ui import theme, tourism_view
from ui.charts import tourism as charts
from ui.locales import get_locale
from ui.readings import UNEMPLOYED, VACANCIES, monthly
from ui.tourism_view import NIGHTS

FI = get_locale("fi")
LIGHT = theme.PALETTES["light"]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# Winters.


def by_month(first: str, *halves: tuple[float, float]) -> pd.Series:
    """Tourism years of six months of the first number and six of the second."""
    values = [value for winter, summer in halves for value in [winter] * 6 + [summer] * 6]
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


def test_the_share_of_the_latest_winter_stands_against_the_range_of_the_earlier_ones() -> None:
    found = tourism_view.lay_out(by_month("2016-11", (60, 40), (70, 30), (50, 50)))
    assert found is not None
    assert found.latest == "2018/19"
    assert plain(tourism_view.winter_claim(FI, NIGHTS, found)) == (
        "Marras–huhtikuun osuus yöpymisistä 2018/19: 50 %, aiemmin 60–70 %"
    )


def test_a_first_winter_is_compared_with_nothing() -> None:
    found = tourism_view.lay_out(by_month("2018-11", (75, 25)))
    assert found is not None
    assert plain(tourism_view.winter_claim(FI, NIGHTS, found)) == "Marras–huhtikuun osuus yöpymisistä 2018/19: 75 %"


def test_stocks_are_stated_as_means_of_the_two_halves_of_the_year() -> None:
    found = tourism_view.lay_out(by_month("2017-11", (300, 700), (400, 600)))
    assert found is not None
    assert plain(tourism_view.winter_claim(FI, VACANCIES, found)) == (
        "Avoimia paikkoja 2018/19: marras–huhtikuussa keskimäärin 400, touko–lokakuussa 600; "
        "talven osuus 40 %, aiemmin 30 %"
    )


def test_a_tourism_year_with_a_hidden_month_is_named_and_not_the_latest() -> None:
    values = by_month("2016-11", (60, 40), (70, 30), (50, 50))
    values["2019-08"] = np.nan
    found = tourism_view.lay_out(values)
    assert found is not None
    assert found.complete == ["2016/17", "2017/18"]
    assert found.incomplete == ["2018/19"]


def test_eleven_months_make_no_winter_to_show() -> None:
    assert tourism_view.lay_out(by_month("2018-11", (60, 40)).iloc[:11]) is None


# Which moves first.


def noise(seed: int, months: int = 240) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(5, 0.2, months))


def series(values: np.ndarray, first: str = "2003-01") -> pd.Series:
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


def later(values: np.ndarray, months: int) -> np.ndarray:
    """The same values so many months later, the first of them repeated at the start."""
    return np.concatenate([np.full(months, values[0]), values[:-months]])


def claim(leader: pd.Series, follower: pd.Series) -> str:
    found = tourism_view.lead_of(leader, follower)
    assert found is not None
    return tourism_view.lead_claim(FI, found, "Avoimet paikat", "Työttömät")


def test_a_series_that_repeats_the_other_three_months_later_follows_it() -> None:
    ahead = noise(1)
    assert claim(series(ahead), series(later(ahead, 3))) == (
        "Avoimet paikat liikkuvat ensin, työttömät samaan suuntaan 3 kuukauden kuluttua"
    )


def test_the_second_series_is_named_first_where_it_leads() -> None:
    ahead = noise(1)
    assert claim(series(later(ahead, 2)), series(ahead)) == (
        "Työttömät liikkuvat ensin, avoimet paikat samaan suuntaan 2 kuukauden kuluttua"
    )


def test_a_lead_upside_down_says_so() -> None:
    ahead = noise(1)
    assert claim(series(ahead), series(1e4 / later(ahead, 1))) == (
        "Avoimet paikat liikkuvat ensin, työttömät vastakkaiseen suuntaan 1 kuukauden kuluttua"
    )


def test_series_that_move_in_the_same_month_have_no_first() -> None:
    values = noise(1)
    assert claim(series(values), series(values)) == (
        "Avoimet paikat ja työttömät liikkuvat samaan suuntaan, mutta kumpi ensin, ei erotu"
    )


def test_of_unrelated_series_hardly_any_is_said_to_lead() -> None:
    """Forty pairs: the band lets one in twenty have a lag outside, and the pandemic years must agree with the rest."""
    found = [tourism_view.lead_of(series(noise(100 + i)), series(noise(200 + i))) for i in range(40)]
    told = [one.first for one in found if one is not None]
    assert len(told) == 40
    assert sum(first in ("leader", "follower") for first in told) <= 2
    assert told.count("unrelated") >= 36


UNRELATED = (noise(3), noise(4))


def test_unrelated_series_have_no_first() -> None:
    assert claim(*map(series, UNRELATED)) == (
        "Avoimet paikat vai työttömät ensin, ei erotu: muutokset eivät seuraa toisiaan selvästi"
    )


def test_a_lead_that_one_shock_of_the_pandemic_makes_is_not_told() -> None:
    leader, follower = map(series, UNRELATED)
    leader["2020-04":"2020-06"] *= 30
    follower["2020-07":"2020-09"] *= 30
    assert claim(leader, follower) == (
        "Avoimet paikat vai työttömät ensin, ei erotu: tulos ei säily ilman pandemiavuosia"
    )


def test_too_short_a_series_is_left_alone() -> None:
    values = noise(1, months=53)
    assert tourism_view.lead_of(series(values), series(later(values, 2))) is None
    values = noise(1, months=54)
    assert tourism_view.lead_of(series(values), series(later(values, 2))) is not None


def test_only_months_of_both_count_and_a_month_of_zero_is_left_out() -> None:
    ahead = noise(1)
    follower = series(later(ahead, 3))
    follower["2010-05"] = 0.0
    found = tourism_view.lead_of(series(ahead)["2004-01":], follower)
    assert found is not None
    assert found.first == "leader"
    assert found.found["n"].max() == 216 - 2


@pytest.fixture(scope="module")
def market(seed_snapshot: snapshots.Snapshot) -> dict[str, pd.Series]:
    """Unemployed and vacancies of the tourism municipalities, hidden parts in the middle of their range."""
    case = load_cases()["matkailu"]
    with snapshots.connect(seed_snapshot) as connection:
        rows = employment.group_series(connection, {"matkailu": case.compositions}, [UNEMPLOYED, VACANCIES])
    rows = rows.assign(value=(rows["lower"] + rows["upper"]) / 2)
    return {str(code): monthly(part.set_index("month")["value"]) for code, part in rows.groupby("measure")}


def test_in_the_tourism_municipalities_the_two_sides_mirror_each_other_and_neither_is_first(
    market: dict[str, pd.Series],
) -> None:
    """The largest correlation is at one month, but that of the same month is all but as large."""
    found = tourism_view.lead_of(market[VACANCIES], market[UNEMPLOYED])
    assert found is not None
    assert found.found.attrs["lag"] == 1
    assert found.found.loc[[0, 1], "correlation"].round(2).tolist() == [-0.67, -0.68]
    assert tourism_view.lead_claim(FI, found, "Avoimet paikat", "Työttömät") == (
        "Avoimet paikat ja työttömät liikkuvat vastakkaisiin suuntiin, mutta kumpi ensin, ei erotu"
    )


def test_winters_of_vacancies_in_the_seed(market: dict[str, pd.Series]) -> None:
    found = tourism_view.lay_out(market[VACANCIES])
    assert found is not None
    assert (found.complete[0], found.latest, len(found.complete)) == ("2006/07", "2022/23", 17)
    assert found.incomplete == ["2005/06", "2023/24", "2024/25", "2025/26"]
    assert found.share["2022/23"] == pytest.approx(0.406, abs=0.0005)


# Stays per inhabitant.


def test_a_year_without_all_its_months_has_no_total() -> None:
    days = pd.date_range("2018-12-01", "2020-12-01", freq="MS")
    nights = pd.Series(10.0, index=days)
    nights["2020-04-01"] = np.nan
    assert tourism_view.yearly_totals(nights).to_dict() == {2019: 120.0}


def population(**by_area: float) -> pd.DataFrame:
    return pd.DataFrame({"area_code": list(by_area), "year": 2021, "value": list(by_area.values())})


def test_population_of_the_region_is_the_published_one_or_the_sum_of_every_municipality() -> None:
    assert tourism_view.population_by_year(population(MK19=100, KU1=60, KU2=39), "MK19")[2021] == 100
    assert tourism_view.population_by_year(population(KU1=60, KU2=39), "MK19")[2021] == 99


def test_population_is_not_summed_while_a_municipality_lacks_its_figure() -> None:
    rows = pd.concat([population(KU1=60, KU2=39), population(KU1=61).assign(year=2022)])
    assert tourism_view.population_by_year(rows, "MK19").to_dict() == {2021: 99}


def test_lapland_had_seventeen_and_a_half_stays_an_inhabitant_before_the_pandemic(
    seed_snapshot: snapshots.Snapshot,
) -> None:
    with snapshots.connect(seed_snapshot) as connection:
        members = reference.memberships(connection)
        codes = members.loc[members["parent_code"] == "MK19", "area_code"]
        rows = people.population(connection, ["MK19", *codes])
        nights = tourism.nights(connection, "MK19", ["total"]).set_index("month")["value"]
    found = tourism_view.intensity_by_year(nights, tourism_view.population_by_year(rows, "MK19"))
    assert found["intensity"].round(1).to_dict() == {2019: 17.5, 2020: 11.6, 2021: 13.3}


@pytest.mark.parametrize(("nights", "people"), [(0, 21), (12, 0), (0, 0), (11, 21)])
def test_without_a_full_year_of_nights_and_a_population_there_is_no_year(nights: int, people: int) -> None:
    months = pd.date_range("2021-01-01", periods=nights, freq="MS")
    rows = population(**{f"KU{i}": 100.0 for i in range(people)})
    found = tourism_view.intensity_by_year(
        pd.Series(10.0, index=months, dtype=float), tourism_view.population_by_year(rows, "MK19")
    )
    assert found.empty
    assert list(found.columns) == ["nights", "population", "intensity"]


def hotels(**monthly_nights: float) -> pd.DataFrame:
    """Twelve equal months of 2021 by area."""
    months = pd.date_range("2021-01-01", periods=12, freq="MS")
    return pd.concat(
        pd.DataFrame({"area_code": code, "month": months, "value": value}) for code, value in monthly_nights.items()
    )


EVERY_HUNDRED = population(KU1=1200, KU2=1200, KU3=1200, KU4=1200)


def test_the_line_is_the_lowest_of_the_cases_own_municipalities() -> None:
    found = tourism_view.municipal_intensity(
        hotels(KU1=5000, KU2=1000, KU3=2000, KU4=500), EVERY_HUNDRED, ["KU1", "KU2"]
    )
    assert found is not None
    assert found.table["intensity"].to_dict() == {"KU1": 50, "KU3": 20, "KU2": 10, "KU4": 5}
    assert (found.year, found.lowest, found.threshold) == (2021, "KU2", 10)
    assert found.outside == ["KU3"]


def test_a_municipality_with_a_hidden_month_has_no_intensity_and_sets_no_line() -> None:
    nights = hotels(KU1=5000, KU2=1000, KU3=2000)
    nights.loc[(nights["area_code"] == "KU2") & (nights["month"] == "2021-05-01"), "value"] = np.nan
    found = tourism_view.municipal_intensity(nights, EVERY_HUNDRED, ["KU1", "KU2"])
    assert found is not None
    assert np.isnan(found.table.loc["KU2", "intensity"])
    assert (found.lowest, found.outside) == ("KU1", [])


@pytest.mark.parametrize(
    ("nights", "rows"),
    [
        (hotels(KU1=5000).iloc[:0], EVERY_HUNDRED),
        (hotels(KU1=5000).iloc[:11], EVERY_HUNDRED),
        (hotels(KU1=5000), EVERY_HUNDRED.assign(year=2019)),
        (hotels(KU4=5000), EVERY_HUNDRED),
    ],
    ids=["never loaded", "eleven months", "population of another year", "no member"],
)
def test_without_a_full_year_of_a_member_there_is_no_list(nights: pd.DataFrame, rows: pd.DataFrame) -> None:
    assert tourism_view.municipal_intensity(nights, rows, ["KU1", "KU2"]) is None


# Charts.


def layers(chart: theme.Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.to_dict()["layer"]
    return found


def test_only_the_latest_winter_is_coloured() -> None:
    frame = pd.DataFrame(
        [
            {"season": name, "place": place, "value": 10.0, "latest": name == "2020/21", "dashed": True}
            for name in ("2018/19", "2019/20", "2020/21")
            for place in range(1, 13)
        ]
    ).assign(labelled=True)
    drawn = charts.winters(
        frame, palette=LIGHT, colour="#123456", y_title="", winter_name="talvi", tooltip=[], height=300
    )
    (scale,) = {
        tuple(zip(one["scale"]["domain"], one["scale"]["range"], strict=True))
        for layer in layers(drawn)
        if "scale" in (one := layer["encoding"].get("color", {}))
    }
    assert dict(scale) == {"2018/19": LIGHT.other, "2019/20": LIGHT.other, "2020/21": "#123456"}


def test_correlations_are_drawn_on_their_whole_scale_so_that_a_weak_one_looks_weak() -> None:
    frame = pd.DataFrame(
        {"lag": [-1, 0, 1], "correlation": [0.1, 0.2, 0.1], "lower": -0.5, "upper": 0.5, "outside": False, "label": ""}
    )
    drawn = charts.lags(
        frame, palette=LIGHT, colour="#123456", x_title="", y_title="", left="a", right="b", tooltip=[], height=300
    )
    scales = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in layers(drawn)
        if "scale" in str(layer.get("encoding", {}).get("y"))
    ]
    assert scales
    assert all(scale == [-1, 1] for scale in scales)
