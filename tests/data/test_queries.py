"""Queries by subject: shapes, hidden members, gaps and labels as a view sees them."""

import json
from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.cases import load_cases
from data.queries import employment, norway, occupations, people, reference, sources, tourism, vacancies
from data.subjects import SCHEMA

Connection = duckdb.DuckDBPyConnection

UNEMPLOYED = "TYOTTOMATLOPUSSA"
OPEN = "AVPAIKATLOPUSSA"


# Figures by area.


def test_series_are_tidy_with_codes_months_and_origin(seed_connection: Connection) -> None:
    found = employment.series(seed_connection, ["KU261"], [UNEMPLOYED], "2020-02", "2020-04")
    assert list(found.columns) == ["area_code", "month", "measure", "value", "status", "fetch_id"]
    assert found["value"].tolist() == [227, 573, 915]
    assert found["month"].dtype == "datetime64[us]"
    assert found["area_code"].dtype == "str"
    assert found["status"].tolist() == ["published"] * 3


@pytest.mark.parametrize("start", ["2026-06", date(2026, 6, 15), pd.Timestamp("2026-06-01")])
def test_a_month_may_be_text_a_date_or_a_timestamp(seed_connection: Connection, start: employment.Month) -> None:
    found = employment.series(seed_connection, ["MK19"], [UNEMPLOYED], start)
    assert found["value"].tolist() == [9_137]


def test_a_hidden_figure_is_nan_with_its_status(seed_connection: Connection) -> None:
    found = employment.series(seed_connection, ["KU742"], [OPEN], "2026-06")
    assert found["value"].isna().tolist() == [True]
    assert found["status"].tolist() == ["suppressed"]


def test_months_without_a_row_are_absent_not_filled(seed_connection: Connection) -> None:
    found = employment.series(seed_connection, ["KU240"], [UNEMPLOYED], "2023-09", "2026-06")
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2023-09", "2023-10", "2026-06"]


def test_the_latest_month_needs_every_area_and_measure(seed_connection: Connection) -> None:
    areas = ["MK19", "KU742"]
    assert employment.latest_month(seed_connection, areas, [UNEMPLOYED, OPEN]) == pd.Timestamp("2026-06-01")
    assert len(employment.months(seed_connection, areas, [UNEMPLOYED, OPEN])) == 215
    assert employment.months(seed_connection, areas, [OPEN])[-2] == pd.Timestamp("2026-03-01")
    assert employment.latest_month(seed_connection, [*areas, "KU000"], [UNEMPLOYED]) is None
    assert employment.latest_month(seed_connection, ["MK19", "MK19"], [UNEMPLOYED]) == pd.Timestamp("2026-06-01")


# Sums over groups.


@pytest.fixture
def made_up() -> Iterator[Connection]:
    """Two municipalities and their sub-region in five months, each with another pattern of missing."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        connection.executemany(
            "INSERT INTO employment_service VALUES (?, CAST(? AS DATE), 'AVPAIKATLOPUSSA', ?, ?, ?)",
            [
                ("KU1", "2020-01-01", 10, "published", 1),
                ("KU2", "2020-01-01", 20, "published", 2),
                ("KU1", "2020-02-01", 10, "published", 1),
                ("KU2", "2020-02-01", None, "suppressed", 1),
                ("KU1", "2020-03-01", None, "suppressed", 1),
                ("KU2", "2020-03-01", None, "suppressed", 1),
                ("SK1", "2020-03-01", 7, "published", 3),
                ("KU1", "2020-04-01", 10, "published", 1),
                ("KU1", "2020-05-01", 10, "published", 1),
                ("KU2", "2020-05-01", None, "not_available", 1),
            ],
        )
        yield connection


def test_a_sum_is_a_value_or_a_bound(made_up: Connection) -> None:
    found = employment.group_series(made_up, {"g": [["SK1"], ["KU1", "KU2"]]}, [OPEN])
    expected = pd.DataFrame(
        {
            "group": ["g"] * 3,
            "month": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"]).astype("datetime64[us]"),
            "measure": [OPEN] * 3,
            "value": [30.0, np.nan, 7.0],
            "lower": [30.0, 11.0, 7.0],
            "upper": [30.0, 14.0, 7.0],
            "hidden": [0, 1, 0],
            "bound": [False, True, False],
            "fetch_id": np.array([2, 1, 3], dtype="int16"),
        }
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_the_composition_that_hides_fewest_is_used_wherever_it_stands(made_up: Connection) -> None:
    found = employment.group_series(made_up, {"g": [["KU1", "KU2"], ["SK1"]]}, [OPEN], "2020-03", "2020-03")
    assert found[["value", "hidden"]].to_numpy().tolist() == [[7, 0]]


def test_without_a_published_parent_all_hidden_members_count(made_up: Connection) -> None:
    found = employment.group_series(made_up, {"g": [["KU1", "KU2"]]}, [OPEN], "2020-03", "2020-03")
    assert found[["lower", "upper", "hidden"]].to_numpy().tolist() == [[2, 8, 2]]


def test_a_month_that_lacks_a_member_has_no_row(made_up: Connection) -> None:
    found = employment.group_series(made_up, {"g": [["KU1", "KU2"]]}, [OPEN], "2020-04")
    assert found.empty


def test_of_equal_compositions_the_first_is_used(made_up: Connection) -> None:
    made_up.execute(
        "INSERT INTO employment_service VALUES ('SK1', DATE '2020-01-01', 'AVPAIKATLOPUSSA', 31, 'published', 4)"
    )
    first = employment.group_series(made_up, {"g": [["SK1"], ["KU1", "KU2"]]}, [OPEN], "2020-01", "2020-01")
    other = employment.group_series(made_up, {"g": [["KU1", "KU2"], ["SK1"]]}, [OPEN], "2020-01", "2020-01")
    assert (first["value"].tolist(), other["value"].tolist()) == ([31], [30])


def test_shares_are_not_summed(made_up: Connection) -> None:
    with pytest.raises(ValueError, match="TYOTOSUUS is a share"):
        employment.group_series(made_up, {"g": [["KU1"]]}, [OPEN, "TYOTOSUUS"])


@pytest.mark.parametrize(
    ("case", "unemployed", "lower", "upper", "hidden"),
    [
        ("meri-lappi", 2_977, 174, 174, 0),
        ("meri-lappi-ea", 3_132, 191, 191, 0),
        ("utsjoki", 50, 13, 13, 0),
    ],
)
def test_cases_in_june_2026(
    seed_connection: Connection, case: str, unemployed: float, lower: float, upper: float, hidden: int
) -> None:
    groups = {case: load_cases()[case].compositions}
    found = employment.group_series(seed_connection, groups, [UNEMPLOYED, OPEN], "2026-06").set_index("measure")
    assert found.loc[UNEMPLOYED, "value"] == unemployed
    assert found.loc[OPEN, ["lower", "upper", "hidden"]].tolist() == [lower, upper, hidden]


@pytest.mark.parametrize(
    ("area", "composition", "unemployed", "vacancies"),
    [
        ("TA22", ["SK192", "KU976"], 3_132, (191, 191)),
        ("TA28", ["SK194", "SK197"], 1_497, (268, 268)),
        ("TA33", ["SK191"], 3_614, (1_416, 1_416)),
        ("TA40", ["SK196", "KU854"], 894, (637, 640)),
    ],
)
def test_employment_areas_as_sums_of_published_areas(
    seed_connection: Connection, area: str, composition: list[str], unemployed: float, vacancies: tuple[float, float]
) -> None:
    found = employment.group_series(seed_connection, {area: [composition]}, [UNEMPLOYED, OPEN], "2026-06")
    found = found.set_index("measure")
    assert found.loc[UNEMPLOYED, "value"] == unemployed
    assert tuple(found.loc[OPEN, ["lower", "upper"]]) == vacancies


def test_bulletins_are_rounded_and_kept_apart(seed_connection: Connection) -> None:
    found = employment.bulletin(seed_connection, "MK19", [UNEMPLOYED])
    assert set(found["status"]) == {"rounded", "derived"}
    november = found[found["month"] == pd.Timestamp("2025-11-01")].iloc[0]
    assert (november["value"], november["note"], november["origin"]) == (
        7_420,
        "stated as about",
        "https://sttinfo.fi/tiedote/71711433",
    )
    assert employment.series(seed_connection, ["MK19"], [UNEMPLOYED], "2025-11", "2025-11").empty


# Occupations.


def test_occupations_of_a_month_hold_both_sides(seed_connection: Connection) -> None:
    found = occupations.by_month(seed_connection, "MK19", "2023-10")
    assert len(found) == 417
    cooks = found.set_index("occupation_code").loc["5120"]
    assert (cooks["unemployed_status"], cooks["vacancies_status"]) == ("published", "published")
    hidden = found[found["unemployed_status"] == "suppressed"]
    assert len(hidden) > 50
    assert hidden["unemployed"].isna().all()
    assert "0110" in set(found["occupation_code"])
    assert not found["occupation_code"].str.startswith("X").any()


def test_the_total_equals_the_area_series(seed_connection: Connection) -> None:
    total = occupations.by_month(seed_connection, "MK19", "2023-10", "total")
    assert total["unemployed"].tolist() == [7_680]
    assert total["vacancies"].tolist() == [3_216]


def test_unclassified_are_the_fifteen_x_classes(seed_connection: Connection) -> None:
    found = occupations.unclassified(seed_connection, "MK19", "2023-10")
    assert found["occupation_code"].tolist() == (
        [
            "X011",
            "X111",
            "X121",
            "X131",
            "X211",
            "X212",
            "X311",
            "X411",
            "X511",
            "X521",
            "X531",
            "X541",
            "X611",
            "X621",
            "X999",
        ]
    )
    assert round(100 * found["unemployed"].sum() / 7_680, 1) == 15.6


def test_groups_of_occupations_are_not_published(seed_connection: Connection) -> None:
    with pytest.raises(ValueError, match="not published"):
        occupations.by_month(seed_connection, "MK19", "2023-10", "2")  # type: ignore[arg-type]


def test_three_stray_occupations_do_not_make_a_latest_month(seed_connection: Connection) -> None:
    assert occupations.latest_month(seed_connection, "MK19") == pd.Timestamp("2023-10-01")
    assert occupations.latest_month(seed_connection, "KU890") is None


def test_occupation_series_over_a_period(seed_connection: Connection) -> None:
    found = occupations.series(seed_connection, "MK19", ["5131", "SSS"], "2020-02", "2020-04")
    assert found[["occupation_code", "unemployed"]].to_numpy().tolist()[3:] == [
        ["SSS", 8_677],
        ["SSS", 11_840],
        ["SSS", 15_696],
    ]
    assert found["occupation_code"].tolist()[:3] == ["5131"] * 3


def test_vacancies_during_the_month_exceed_the_stock(seed_connection: Connection) -> None:
    months = occupations.during_months(seed_connection, "MK19")
    assert (len(months), months[-1]) == (18, pd.Timestamp("2026-06-01"))
    during = occupations.during_month(seed_connection, "MK19", "2023-09").set_index("occupation_code")
    stock = occupations.by_month(seed_connection, "MK19", "2023-09", "total")["vacancies"].iloc[0]
    assert during.loc["SSS", "vacancies"] > stock


def test_occupation_labels_fall_back_to_finnish(seed_connection: Connection) -> None:
    assert len(occupations.labels(seed_connection, "fi")) == 609
    swedish = occupations.labels(seed_connection, "sv").set_index("occupation_code")
    assert swedish.loc["5131", "label_language"] == "sv"
    assert (
        swedish.loc["5131", "label"]
        != occupations.labels(seed_connection, "fi").set_index("occupation_code").loc["5131", "label"]
    )
    assert set(swedish["label_language"]) == {"sv"}
    with pytest.raises(ValueError, match="no labels in 'se'"):
        occupations.labels(seed_connection, "se")


def test_a_label_missing_in_a_language_is_finnish_and_says_so(made_up: Connection) -> None:
    made_up.execute("INSERT INTO occupation (occupation_code, level, label_fi) VALUES ('X000', 'other', 'Muut')")
    assert occupations.labels(made_up, "en").to_numpy().tolist() == [["X000", "other", "Muut", "fi"]]


# Vacancies by industry and flows.


def test_vacancies_by_industry(seed_connection: Connection) -> None:
    found = vacancies.by_industry(seed_connection, "MK19", ["SSS", "I"], "2026-06")
    assert found.set_index(["industry_code", "month"])["value"].to_dict() == {
        ("I", pd.Timestamp("2026-06-01")): 268,
        ("I", pd.Timestamp("2026-07-01")): 428,
        ("SSS", pd.Timestamp("2026-06-01")): 2_515,
        ("SSS", pd.Timestamp("2026-07-01")): 3_232,
    }
    assert vacancies.latest_month(seed_connection, "MK19") == pd.Timestamp("2026-07-01")
    assert vacancies.latest_month(seed_connection, "KU890") is None


def test_industries_of_a_month_by_level(seed_connection: Connection) -> None:
    assert len(vacancies.industry_month(seed_connection, "MK19", "2026-06")) == 21
    assert len(vacancies.industry_month(seed_connection, "MK19", "2026-06", "division")) == 88
    other = vacancies.industry_month(seed_connection, "MK19", "2026-06", "other")
    assert other["industry_code"].tolist() == ["NO", "Other", "X"]


def test_industry_labels_say_their_language(seed_connection: Connection) -> None:
    for language in ("fi", "sv", "en"):
        found = vacancies.industry_labels(seed_connection, language)
        assert (len(found), set(found["label_language"])) == (113, {language})
    with pytest.raises(ValueError, match="no labels"):
        vacancies.industry_labels(seed_connection, "no")


@pytest.mark.parametrize(
    ("labels", "language", "expected"),
    [
        ((None, "Fiske", "Fishing"), "fi", ["Fiske", "sv"]),
        ((None, None, "Fishing"), "sv", ["Fishing", "en"]),
        (("Kalastus", None, None), "en", ["Kalastus", "fi"]),
    ],
)
def test_an_industry_label_comes_from_the_next_language(
    made_up: Connection, labels: tuple, language: str, expected: list[str]
) -> None:
    made_up.execute("INSERT INTO industry VALUES ('A03', 'division', ?, ?, ?, NULL)", list(labels))
    found = vacancies.industry_labels(made_up, language)
    assert found[["label", "label_language"]].to_numpy().tolist() == [expected]


def test_flows_keep_undefined_and_hidden_apart(seed_connection: Connection) -> None:
    found = vacancies.flows(
        seed_connection,
        ["KU742"],
        ["Tayttyneet_tyopaikat_kauden_aikana", "Tayttyneiden_tyopaikkojen_avoinnaolon_km_kesto_paivaa"],
        "2020-07",
        "2020-07",
    )
    assert found["status"].tolist() == ["published", "not_defined"]
    assert found["value"].isna().tolist() == [False, True]


# Tourism, people, Norway.


def test_nights_come_with_their_status_and_gaps(seed_connection: Connection) -> None:
    found = tourism.nights(seed_connection, "MK19", ["total"], "2021-12")
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2021-12", "2022-02"]
    assert found["value"].tolist() == [492_174, 367_963]
    assert found["status"].tolist() == ["first_release"] * 2
    assert tourism.latest_month(seed_connection, "MK19") == pd.Timestamp("2022-02-01")
    assert tourism.latest_month(seed_connection, "KU261") is None
    assert set(tourism.nights(seed_connection, "MK19")["residence"]) == {"total", "domestic", "foreign"}


def test_nights_collapse_in_april_2020(seed_connection: Connection) -> None:
    assert tourism.nights(seed_connection, "MK19", ["total"], "2020-04", "2020-04")["value"].iloc[0] < 20_000


def test_hotel_nights_keep_a_hidden_month_and_leave_other_measures_and_areas_out() -> None:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        connection.execute(
            """
            INSERT INTO hotel_month VALUES
                ('KU261', '2025-02-01', 'nights', NULL, 'suppressed', 1),
                ('KU261', '2025-01-01', 'nights', 91000, 'published', 1),
                ('KU261', '2025-01-01', 'beds', 4000, 'published', 1),
                ('KU091', '2025-01-01', 'nights', 250000, 'published', 1)
            """
        )
        found = tourism.hotel_nights(connection, ["KU261", "KU890"])
        late = tourism.hotel_nights(connection, ["KU261"], start="2025-02")
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2025-01", "2025-02"]
    assert found["value"].iloc[0] == 91_000
    assert np.isnan(found["value"].iloc[1])
    assert found["status"].tolist() == ["published", "suppressed"]
    assert late["status"].tolist() == ["suppressed"]


def test_hotel_nights_of_the_seed_are_an_empty_frame_with_its_columns(seed_connection: Connection) -> None:
    found = tourism.hotel_nights(seed_connection, ["KU261"])
    assert found.empty
    assert list(found.columns) == ["area_code", "month", "value", "status", "fetch_id"]


def test_population_takes_one_series_a_year(seed_connection: Connection) -> None:
    found = people.population(seed_connection, ["KU890", "KU320"])
    assert not found.duplicated(["area_code", "year"]).any()
    utsjoki = found[found["area_code"] == "KU890"].set_index("year")
    assert utsjoki.loc[[2021, 2025], "value"].tolist() == [1_176, 1_112]
    assert utsjoki.loc[[2014, 2021], "measure"].tolist() == ["vaerak-vaesto", "sotkanet_127"]
    assert 2023 not in utsjoki.index


def test_population_by_age_sums_to_the_total(seed_connection: Connection) -> None:
    ages = people.population_by_age(seed_connection, "KU890")
    total = people.population(seed_connection, ["KU890"]).set_index("year").loc[2018, "value"]
    assert ages.loc[ages["year"] == 2018, "value"].sum() == total == 1_232
    assert set(ages["age_group"]) == {"0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"}


def test_population_figures(seed_connection: Connection) -> None:
    found = people.population_figures(seed_connection, ["KU890"], ["vaesto_keski_ika", "vaesto_yli64_p"])
    assert found[["year", "measure", "value"]].to_numpy().tolist() == [
        [2025, "vaesto_keski_ika", 50.0],
        [2025, "vaesto_yli64_p", 33.2],
    ]


def test_net_migration_is_inflow_less_outflow(seed_connection: Connection) -> None:
    found = people.migration(seed_connection, ["KU890", "KU240"])
    wide = found.pivot(index=["area_code", "year"], columns="measure", values="value")
    difference = wide["ssaaty-vm43_tulo"] - wide["ssaaty-vm43_lahto"] - wide["ssaaty-vm43_netto"]
    assert (len(difference), difference.abs().max()) == (58, 0)


def test_commuters_and_locals_add_up(seed_connection: Connection) -> None:
    found = people.commuting(seed_connection, ["KU890"])
    workplace = found[(found["measure"] == "employed_by_workplace") & (found["year"] == 2017)]
    assert workplace.set_index("commuting")["value"].to_dict() == {
        "in_commuters": 71,
        "total": 473,
        "within_municipality": 402,
    }


def test_key_figures_by_subject(seed_connection: Connection) -> None:
    income = people.indicator(seed_connection, ["MK19"], "income", ["gini_kturaha"])
    assert income[["year", "value", "status"]].to_numpy().tolist() == [[2024, 24.4, "published"]]
    assert people.indicator(seed_connection, ["MK19"], "education", ["gini_kturaha"]).empty


def test_projection_is_in_order_of_age(seed_connection: Connection) -> None:
    found = people.projection(seed_connection, "KU698")
    first = found[found["year"] == 2040]["age"].tolist()
    assert (first[:3], first[-2:], len(first)) == (["0", "1", "2"], ["100+", "total"], 102)
    total = found[(found["age"] == "total")].set_index("year")["value"]
    assert total.loc[[2025, 2040]].tolist() == [64_545, 65_351]


def test_unemployed_in_finnmark(seed_connection: Connection) -> None:
    persons = norway.unemployed(seed_connection, ["NO-56"])
    assert (len(persons), persons["value"].iloc[-1]) == (181, 854)
    share = norway.unemployed(seed_connection, ["NO-56"], measure="share_of_labour_force")
    assert share["value"].between(0, 1).all()


# Reference.


def test_areas_have_names_in_every_language(seed_connection: Connection) -> None:
    swedish = reference.areas(seed_connection, "sv").set_index("area_code")
    assert swedish.loc["KU851", ["name", "name_language"]].tolist() == ["Torneå", "sv"]
    assert swedish.loc["TA22", ["name", "official_name_fi"]].tolist() == ["Havslappland", "Meri-Lapin työllisyysalue"]
    assert swedish.loc["KU890", "name_se"] == "Ohcejohka"
    assert swedish.loc["NO-5628", ["name", "name_se"]].tolist() == ["Tana", "Deatnu"]
    assert swedish.loc["ELY15", "name"] == "Lappland (NTM-område)"
    with pytest.raises(ValueError, match="no texts in 'de'"):
        reference.areas(seed_connection, "de")


def test_a_name_missing_in_a_language_is_finnish_and_says_so(made_up: Connection) -> None:
    made_up.execute("INSERT INTO area (area_code, level, name_fi) VALUES ('KU1', 'municipality', 'Kylä')")
    found = reference.areas(made_up, "en")
    assert found[["name", "name_language"]].to_numpy().tolist() == [["Kylä", "fi"]]


def test_every_area_of_the_figures_has_a_name(seed_connection: Connection) -> None:
    named = set(reference.areas(seed_connection)["area_code"])
    for table in ("employment_service", "population", "area_indicator", "norway_unemployed", "area_boundary"):
        used = {row[0] for row in seed_connection.execute(f"SELECT DISTINCT area_code FROM {table}").fetchall()}
        assert used <= named


def test_memberships_of_lapland(seed_connection: Connection) -> None:
    found = reference.memberships(seed_connection)
    sizes = found.groupby("parent_code").size()
    assert sizes[["MK19", "SK192", "SK193", "TA22", "TA28", "TA33", "TA40", "NO-56"]].tolist() == [
        21,
        5,
        2,
        6,
        8,
        2,
        5,
        18,
    ]
    ylitornio = found[found["area_code"] == "KU976"].set_index("parent_code")
    assert list(ylitornio.index) == ["MK19", "SK193", "TA22"]
    assert ylitornio.loc["TA22", "valid_from"] == pd.Timestamp("2025-01-01")


@pytest.mark.parametrize(("country", "outlines", "decimals"), [("FI", 21, 3), ("NO", 18, 2)])
def test_boundaries_run_clockwise(seed_connection: Connection, country: str, outlines: int, decimals: int) -> None:
    found = reference.boundaries(seed_connection, country)  # type: ignore[arg-type]
    assert len(found) == outlines
    for text in found["geometry"]:
        geometry = json.loads(text)
        assert geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"]:
            x, y = np.array(polygon[0]).T
            assert ((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() > 1e-9
            assert np.array_equal(np.round(polygon[0], decimals), polygon[0])
            assert polygon[0][0] == polygon[0][-1]


def test_events_of_a_case_include_those_of_every_case(seed_connection: Connection) -> None:
    found = reference.events(seed_connection, ["meri-lappi"], "en").set_index("event_id")
    assert set(found["case_id"]) == {"meri-lappi", "kaikki"}
    assert found.loc["ML06", ["start_date", "precision", "phase", "chain", "value"]].tolist() == [
        "2021-04-20",
        "d",
        "plan",
        "veitsiluoto",
        670,
    ]
    veitsiluoto = found[found["chain"] == "veitsiluoto"]
    assert set(veitsiluoto["phase"]) == {"plan", "decision", "outcome"}
    assert found["start_date"].is_monotonic_increasing
    assert (found["chain"].isna() == found["phase"].isna()).all()
    assert len(reference.events(seed_connection, list(load_cases()))) == 56


def test_every_case_has_events_of_both_signs(seed_connection: Connection) -> None:
    for case in load_cases().values():
        found = reference.events(seed_connection, [case.event_case])
        own = found[found["case_id"] == case.event_case]
        assert {-1, 1} <= set(own["direction"])


def test_breaks_mark_the_vacancies_of_2024_and_the_reform(seed_connection: Connection) -> None:
    found = reference.breaks(seed_connection, "sv")
    confirmed = found[found["certainty"] == "confirmed"]
    assert confirmed[["subject", "measure", "area_code"]].to_numpy().tolist() == [
        ["employment_service", "AVPAIKATLOPUSSA", "SSS"],
        ["employment_service", "UUDETAVP", "SSS"],
    ]
    assert set(confirmed["month"]) == {pd.Timestamp("2024-06-01")}
    reform = found[(found["break_id"] == "reform-2025")]
    assert len(reform) == 5
    assert reform["measure"].isna().all()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_measure_of_the_employment_service_has_a_label(seed_connection: Connection, language: str) -> None:
    found = reference.measures(seed_connection, "employment_service", language)
    assert len(found) == 23
    assert set(found["label_language"]) == {language}
    assert found["unit"].notna().all()


def test_translations_of_our_own_are_marked(seed_connection: Connection) -> None:
    swedish = reference.measures(seed_connection, "employment_service", "sv").set_index("measure")
    assert swedish.loc["TYOTOSUUS", "checked"]
    assert not swedish.loc["KASSASSA", "checked"]
    finnish = reference.measures(seed_connection, "employment_service").set_index("measure")
    assert finnish.loc["KASSASSA", "checked"]


def test_a_measure_without_a_translation_keeps_the_source_language(seed_connection: Connection) -> None:
    found = reference.measures(seed_connection, "area_indicator", "en")
    assert set(found["label_language"]) == {"fi"}
    norwegian = reference.measures(seed_connection, "norway_unemployed", "sv")
    assert norwegian["label"].tolist() == ["Antal personer", "Andel av arbetskraften"]


# Sources.


def test_sources_show_the_newest_edition_and_the_whole_period(seed_connection: Connection) -> None:
    found = sources.sources(seed_connection, "fi").set_index("source_id")
    assert (found["editions"] > 0).sum() == 27
    assert found.loc[
        "statfin:12r5",
        ["publisher", "statistic", "origin", "reliability", "first_period", "last_period", "row_count", "editions"],
    ].tolist() == ["KEHA-keskus", "Työnvälitystilasto", "seed", "transcribed", "2006-01", "2026-06", 41_784, 4]
    assert found.loc["statfin:12r5", "published_at"] == pd.Timestamp("2026-08-25 05:00")
    assert found.loc["statfin:12r5", "verify_url"].startswith("https://pxdata.stat.fi/")
    assert found.loc["nav:registered-unemployed", "licence"] == "NLOD, not confirmed"
    assert {"statfin:12r5", "statfin:12ti", "eurostat:tour_occ_nin2m"} <= set(found[found["loadable"]].index)
    assert sources.sources(seed_connection, "sv")["publisher"].iloc[0] == "NTM-centralen i Lappland"
    with pytest.raises(ValueError, match="no texts"):
        sources.sources(seed_connection, "no")


def test_every_edition_belongs_to_a_source_and_carries_a_note_for_traps(seed_connection: Connection) -> None:
    found = sources.fetches(seed_connection)
    assert found["fetch_id"].tolist() == list(range(1, 36))
    assert found["published_at"].dropna().is_monotonic_increasing
    figures = found[found["first_period"].notna()]
    assert figures[["note", "note_fi", "note_sv"]].notna().all(axis=None)


def test_the_source_of_figures_is_found_by_fetch(seed_connection: Connection) -> None:
    figures = employment.series(seed_connection, ["MK19"], [UNEMPLOYED], "2023-10")
    found = sources.fetch_source(seed_connection, figures["fetch_id"].unique().tolist())
    assert found[["source_id", "publisher", "last_period"]].to_numpy().tolist() == [
        ["statfin:12r5", "KEHA Centre", "2023-10"],
        ["statfin:12r5", "KEHA Centre", "2026-06"],
    ]


def test_a_source_never_loaded_is_listed_without_an_edition(made_up: Connection) -> None:
    made_up.execute(
        "INSERT INTO source VALUES ('test:new', 'P', 'J', 'U', 'S', 'T', 'S', 't', 'commuting', 'year', 'l', NULL, 'a',"
        " NULL, true)"
    )
    found = sources.sources(made_up)
    assert found[["source_id", "row_count", "editions"]].to_numpy().tolist() == [["test:new", 0, 0]]
    assert found[["origin", "published_at", "last_period"]].isna().all(axis=None)


def test_a_first_snapshot_changed_nothing(seed_connection: Connection) -> None:
    assert sources.changes(seed_connection).empty
