"""A figure and its comparison: which month it is held against, what stands between them, and what is only noise."""

import math

import pandas as pd
import pytest
from market_tables import NO_BREAKS, breaks, market, month, series

from data import cases, snapshots
from data.queries import employment, reference
from ui.readings import UNEMPLOYED, VACANCIES, Reading, common_months, reading, standing


def read(text: str, when: str, marked: pd.DataFrame = NO_BREAKS, measure: str = UNEMPLOYED) -> Reading:
    found = reading(series(text, measure=measure), "MK19", measure, month(when), marked)
    assert found is not None
    return found


def test_a_month_is_held_against_the_same_month_a_year_before() -> None:
    june = read("2025-05 | 9999\n2025-06 | 9000\n2026-05 | 100\n2026-06 | 9900", "2026-06")
    assert (june.base_month, june.base, june.years) == (month("2025-06"), 9000, 1)
    assert june.change == 900
    assert june.ratio == pytest.approx(1.1)
    assert june.comparability == "comparable"
    assert june.moved


def test_over_a_gap_the_latest_same_month_there_is_serves_as_base() -> None:
    june = read("2022-06 | 7000\n2023-06 | 9000\n2023-07 | 1\n2026-06 | 9900", "2026-06")
    assert (june.base_month, june.base, june.years) == (month("2023-06"), 9000, 3)


def test_a_hidden_base_is_passed_over_for_an_older_one() -> None:
    june = read("2024-06 | 60\n2025-06 | 1..4\n2026-06 | 20", "2026-06")
    assert (june.base_month, june.change) == (month("2024-06"), -40)


def test_the_first_year_has_nothing_to_be_held_against() -> None:
    june = read("2026-05 | 9000\n2026-06 | 9900", "2026-06")
    assert (june.base_month, june.comparability, june.moved) == (None, "none", False)
    assert math.isnan(june.change)


def test_a_hidden_figure_keeps_its_bounds_and_has_no_change() -> None:
    june = read("2025-06 | 60\n2026-06 | 1..4", "2026-06")
    assert june.hidden
    assert math.isnan(june.value)
    assert (june.lower, june.upper) == (1, 4)
    assert math.isnan(june.change)
    assert not june.moved


def test_a_month_that_is_not_there_has_no_reading() -> None:
    assert reading(series("2026-06 | 9900"), "MK19", UNEMPLOYED, month("2026-07"), NO_BREAKS) is None
    assert reading(series("2026-06 | 9900"), "MK19", VACANCIES, month("2026-06"), NO_BREAKS) is None
    assert reading(series("2026-06 | 9900"), "SSS", UNEMPLOYED, month("2026-06"), NO_BREAKS) is None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("2025-06 | confirmed | all | all", "comparable"),  # the base is the first month of the new series
        ("2025-07 | confirmed | all | all", "break"),
        ("2026-06 | confirmed | MK19 | TYOTTOMATLOPUSSA", "break"),
        ("2026-07 | confirmed | all | all", "comparable"),
        ("2025-07 | confirmed | SSS | all", "comparable"),
        ("2025-07 | confirmed | all | AVPAIKATLOPUSSA", "comparable"),
        ("2025-07 | possible | all | all", "possible_break"),
        ("2025-07 | possible | all | all\n2025-08 | confirmed | all | all", "break"),
    ],
)
def test_a_marked_break_between_two_months_decides_whether_they_compare(marked: str, expected: str) -> None:
    assert read("2025-06 | 9000\n2026-06 | 9900", "2026-06", breaks(marked)).comparability == expected


def test_across_a_confirmed_break_nothing_moved_across_a_possible_one_it_did() -> None:
    text = "2025-06 | 9000\n2026-06 | 4000"
    confirmed = read(text, "2026-06", breaks("2026-01 | confirmed | all | all"))
    possible = read(text, "2026-06", breaks("2026-01 | possible | all | all"))
    assert (confirmed.moved, confirmed.break_month) == (False, month("2026-01"))
    assert (possible.moved, possible.break_month) == (True, month("2026-01"))


@pytest.mark.parametrize(
    ("before", "now", "noise"),
    [
        (59, 50, True),
        (100, 127, True),  # 1,96 times the root of twice a hundred is 27,7
        (100, 128, False),
        (100, 72, False),
        (9000, 9200, True),
        (9000, 9300, False),
        (0, 1, True),
        (0, 3, False),
    ],
)
def test_a_change_that_two_such_counts_can_show_by_chance_is_noise(before: int, now: int, noise: bool) -> None:
    june = read(f"2025-06 | {before}\n2026-06 | {now}", "2026-06")
    assert june.within_noise is noise
    assert june.moved is not noise


def test_from_zero_there_is_a_change_but_no_ratio() -> None:
    june = read("2025-06 | 0\n2026-06 | 30", "2026-06")
    assert june.change == 30
    assert math.isnan(june.ratio)


@pytest.mark.parametrize("text", ["2025-06 | ~8610\n2026-06 | 8260", "2025-06 | 8610\n2026-06 | ~8260"])
def test_a_rounded_figure_at_either_end_makes_the_change_a_rounded_one(text: str) -> None:
    assert read(text, "2026-06").rounded
    assert not read("2025-06 | 8610\n2026-06 | 8260", "2026-06").rounded


def test_shares_and_tightness_of_one_area() -> None:
    lapland = market("MK19", "9137", "2515", labour_force=82_300)
    assert round(lapland.share, 4) == 0.1110
    assert round(lapland.tightness, 4) == 0.2753
    assert lapland.tightness_lower == lapland.tightness == lapland.tightness_upper


def test_a_hidden_part_leaves_tightness_between_its_extremes() -> None:
    standing = market("utsjoki", "50", "1..4")
    assert math.isnan(standing.tightness)
    assert (standing.tightness_lower, standing.tightness_upper) == (0.02, 0.08)


def test_no_unemployed_gives_no_tightness_instead_of_infinity() -> None:
    assert math.isnan(market("utsjoki", "0", "5").tightness)


def test_one_side_of_the_market_is_no_standing() -> None:
    assert standing(series("2026-06 | 9137"), "MK19", month("2026-06"), NO_BREAKS) is None


def test_common_months_need_both_sides_of_every_area_and_take_hidden_ones() -> None:
    figures = pd.concat(
        [
            series("2026-04 | 1\n2026-05 | 1\n2026-06 | 1", "MK19", UNEMPLOYED),
            series("2026-04 | 1\n2026-05 | 1\n2026-06 | 1", "MK19", VACANCIES),
            series("2026-04 | 1\n2026-05 | 1\n2026-06 | 1", "utsjoki", UNEMPLOYED),
            series("2026-04 | 1..4\n2026-06 | 1", "utsjoki", VACANCIES),
        ]
    )
    found = common_months(figures, ["MK19", "utsjoki"], (UNEMPLOYED, VACANCIES))
    assert list(found) == [month("2026-04"), month("2026-06")]


@pytest.fixture(scope="module")
def vacancies_of_the_seed(seed_snapshot: snapshots.Snapshot) -> tuple[pd.DataFrame, pd.DataFrame]:
    with snapshots.connect(seed_snapshot) as connection:
        groups = {"SSS": [["SSS"]], "MK19": [["MK19"]], "meri-lappi": cases.load_cases()["meri-lappi"].compositions}
        figures = employment.group_series(connection, groups, [VACANCIES]).assign(rounded=False)
        return figures, reference.breaks(connection)


def test_the_countrys_vacancies_do_not_compare_across_spring_2024(
    vacancies_of_the_seed: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    country = reading(vacancies_of_the_seed[0], "SSS", VACANCIES, month("2024-09"), vacancies_of_the_seed[1])
    assert country is not None
    assert (country.base_month, country.break_month) == (month("2023-09"), month("2024-06"))
    assert country.comparability == "break"
    assert not country.moved


@pytest.mark.parametrize("group", ["MK19", "meri-lappi"])
def test_laplands_vacancies_compare_with_care_across_spring_2024(
    vacancies_of_the_seed: tuple[pd.DataFrame, pd.DataFrame], group: str
) -> None:
    found = reading(vacancies_of_the_seed[0], group, VACANCIES, month("2024-09"), vacancies_of_the_seed[1])
    assert found is not None
    assert found.comparability == "possible_break"


def test_a_case_falls_under_the_breaks_of_every_area(
    vacancies_of_the_seed: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """June 2025 and June 2026 lie on one side of every marked break."""
    found = reading(vacancies_of_the_seed[0], "SSS", VACANCIES, month("2026-06"), vacancies_of_the_seed[1])
    assert found is not None
    assert (found.base_month, found.comparability) == (month("2025-06"), "comparable")
