"""The committed seed: intact, complete, and equal to the published figures it stands for."""

import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from data import seed
from data.catalogue import load_sources

Connection = duckdb.DuckDBPyConnection


def count(connection: Connection, area: str, month: str, measure: str) -> float | None:
    row = connection.execute(
        "SELECT value FROM employment_service WHERE area_code = ? AND month = CAST(? || '-01' AS DATE) AND measure = ?",
        [area, month, measure],
    ).fetchone()
    assert row is not None, f"no row for {area} {month} {measure}"
    return row[0]


def test_checksums_of_the_committed_files_verify() -> None:
    assert seed.verify() == []


def test_every_seed_file_is_in_the_manifest() -> None:
    listed = {entry.file for entry in seed.load_manifest()}
    assert {path.name for path in seed.SEED_DIR.glob("*.parquet")} == listed
    assert len(listed) == 35


def test_seed_stays_small() -> None:
    assert sum(path.stat().st_size for path in seed.SEED_DIR.iterdir()) < 1_600_000


def test_manifest_repeats_the_catalogue() -> None:
    sources = load_sources()
    for entry in seed.load_manifest():
        source = sources[entry.source_id]
        assert (entry.statistic, entry.statistic_fi, entry.statistic_sv) == (
            source.statistic,
            source.statistic_fi,
            source.statistic_sv,
        )
        assert (entry.licence, entry.licence_url, entry.verify_url, entry.table) == (
            source.licence,
            source.licence_url,
            source.verify_url,
            source.table_id,
        )


def test_an_altered_and_a_missing_file_are_named(tmp_path: Path) -> None:
    copy = tmp_path / "seed"
    shutil.copytree(seed.SEED_DIR, copy)
    with (copy / "statfin-12r5_2023-10.parquet").open("ab") as stream:
        stream.write(b"x")
    (copy / "statfin-matk_2022-02.parquet").unlink()
    assert seed.verify(copy) == [
        "statfin-12r5_2023-10.parquet: sha256 differs from the manifest",
        "statfin-matk_2022-02.parquet: missing",
    ]


def test_licence_of_the_employment_service_is_not_claimed_to_be_open() -> None:
    manifest = {entry.source_id: entry for entry in seed.load_manifest()}
    assert manifest["statfin:12r5"].licence == "not confirmed"
    assert manifest["statfin:11ra"].licence == "CC BY 4.0"
    assert manifest["statfin:11ra"].licence_url == "https://creativecommons.org/licenses/by/4.0/"


def test_manifest_records_publisher_and_reliability_of_each_edition() -> None:
    manifest = {entry.file: entry for entry in seed.load_manifest()}
    assert manifest["statfin-12r5_2023-10.parquet"].publisher == "Ministry of Economic Affairs and Employment"
    assert manifest["statfin-12r5_2026-06.parquet"].publisher == "KEHA Centre"
    assert manifest["statfin-12r5_2026-08-municipalities.parquet"].reliability == "transcribed"
    assert manifest["statfin-matk_2022-02.parquet"].reliability == "first_release"
    assert manifest["statfin-vaenn-2019_2019.parquet"].reliability == "outdated"
    assert manifest["ely-lappi-bulletins_2025-12.parquet"].reliability == "rounded"


def test_manifest_json_is_what_the_files_hash_to() -> None:
    raw = json.loads((seed.SEED_DIR / "manifest.json").read_text(encoding="utf-8"))
    first = raw[0]
    assert hashlib.sha256((seed.SEED_DIR / first["file"]).read_bytes()).hexdigest() == first["sha256"]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("employment_service", 41_784),
        ("employment_service_bulletin", 51),
        ("employment_service_occupation", 185_465),
        ("occupation_during_month", 7_812),
        ("vacancy_industry", 12_995),
        ("vacancy_flow", 16_192),
        ("accommodation", 318),
        ("population", 9_796),
        ("population_projection", 49_368),
        ("migration", 2_028),
        ("migration_flow", 60_205),
        ("commuting", 4_092),
        ("area_indicator", 23_829),
        ("labour_force_survey", 21),
        ("norway_unemployed", 9_774),
        ("area_boundary", 39),
        ("occupation", 609),
        ("industry", 113),
    ],
)
def test_every_published_row_is_held(seed_connection: Connection, table: str, rows: int) -> None:
    assert seed_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)


def test_municipalities_sum_to_lapland_in_every_unsuppressed_month(seed_connection: Connection) -> None:
    sums = dict(
        seed_connection.execute(
            """
            WITH parts AS (
                SELECT month, measure, sum(value) AS total FROM employment_service
                WHERE area_code IN (SELECT area_code FROM area_membership WHERE parent_code = 'MK19')
                GROUP BY ALL HAVING count(value) = 21
            )
            SELECT measure, [count(*), count(*) FILTER (total = value)]
            FROM parts JOIN employment_service USING (month, measure)
            WHERE area_code = 'MK19' AND measure IN ('TYOTTOMATLOPUSSA', 'TYOVOIMATK', 'AVPAIKATLOPUSSA', 'UUDETAVP')
            GROUP BY measure
            """
        ).fetchall()
    )
    assert sums == {
        "TYOTTOMATLOPUSSA": [215, 215],
        "TYOVOIMATK": [215, 215],
        "AVPAIKATLOPUSSA": [65, 65],
        "UUDETAVP": [16, 16],
    }


def test_sub_regions_sum_to_lapland_in_every_month(seed_connection: Connection) -> None:
    rows = seed_connection.execute(
        """
        SELECT count(*), count(*) FILTER (parts.total = region.value)
        FROM (SELECT month, sum(value) AS total FROM employment_service WHERE measure = 'TYOTTOMATLOPUSSA'
              AND area_code IN ('SK191', 'SK192', 'SK193', 'SK194', 'SK196', 'SK197') GROUP BY month) parts
        JOIN employment_service region USING (month)
        WHERE region.area_code = 'MK19' AND region.measure = 'TYOTTOMATLOPUSSA'
        """
    ).fetchone()
    assert rows == (215, 215)


@pytest.mark.parametrize(
    ("area", "values"),
    [
        ("MK19", [9_036, 8_677, 15_696, 11_134, 8_866, 8_434, 7_680, 9_137]),
        ("KU240", [1_207, 1_251, 1_797, 1_311, 1_115, 1_128, 1_098, 1_386]),
        ("KU261", [280, 227, 915, 532, 364, 296, 303, 344]),
        ("KU890", [44, 46, 80, 77, 43, 48, 43, 50]),
        ("SSS", [229_648, 248_147, 433_058, 318_408, 259_036, 238_789, 256_070, 352_001]),
    ],
)
def test_unemployed_jobseekers_as_published(seed_connection: Connection, area: str, values: list[int]) -> None:
    months = ["2019-04", "2020-02", "2020-04", "2021-04", "2021-10", "2022-04", "2023-10", "2026-06"]
    assert [count(seed_connection, area, month, "TYOTTOMATLOPUSSA") for month in months] == values


@pytest.mark.parametrize(
    ("area", "month", "value"),
    [
        ("MK19", "2021-09", 8_820),
        ("KU261", "2020-02", 227),
        ("KU261", "2020-04", 915),
        ("KU240", "2021-09", 1_145),
        ("KU240", "2022-02", 1_220),
        ("SK192", "2021-09", 2_544),
    ],
)
def test_anchors_of_unemployment(seed_connection: Connection, area: str, month: str, value: int) -> None:
    assert count(seed_connection, area, month, "TYOTTOMATLOPUSSA") == value


@pytest.mark.parametrize(
    ("measure", "country", "lapland", "rovaniemi", "utsjoki"),
    [
        ("HAKIJALOPUSSA", 542_318, 14_828, 5_761, 86),
        ("TYOTTOMATLOPUSSA", 352_001, 9_137, 3_471, 50),
        ("TYOVOIMATK", 2_743_596, 82_496, 33_146, 511),
        ("TYOTOSUUS", 12.8, 11.1, 10.5, 9.8),
        ("PITKAAIKAISTYOTTOMAT", 144_461, 2_502, 910, 17),
        ("LOMAUTETTU", 15_545, 690, 258, 0),
        ("AVPAIKATLOPUSSA", 26_641, 2_515, 1_403, 13),
        ("UUDETAVP", 31_390, 1_662, 883, 18),
    ],
)
def test_june_2026_as_published(
    seed_connection: Connection, measure: str, country: float, lapland: float, rovaniemi: float, utsjoki: float
) -> None:
    found = [count(seed_connection, area, "2026-06", measure) for area in ("SSS", "MK19", "KU698", "KU890")]
    assert found == [country, lapland, rovaniemi, utsjoki]


def test_kemi_has_the_share_stated_for_june_2026(seed_connection: Connection) -> None:
    assert count(seed_connection, "KU240", "2026-06", "TYOTOSUUS") == 17.1


def test_the_ely_area_equals_the_region_in_every_measure(seed_connection: Connection) -> None:
    rows = seed_connection.execute(
        "SELECT count(*), count(*) FILTER (e.value IS NOT DISTINCT FROM r.value) FROM employment_service e"
        " JOIN employment_service r USING (month, measure) WHERE e.area_code = 'ELY15' AND r.area_code = 'MK19'"
    ).fetchone()
    assert rows == (23, 23)


def test_population_of_2025_as_published(seed_connection: Connection) -> None:
    found = dict(
        seed_connection.execute(
            "SELECT area_code, value FROM population WHERE year = 2025 AND measure = 'vaerak-vaesto' AND sex = 'total'"
            " AND age_group = 'total' AND (starts_with(area_code, 'KU') OR area_code = 'MK19')"
        ).fetchall()
    )
    expected = {
        "KU240": 19_339,
        "KU851": 20_823,
        "KU241": 7_576,
        "KU751": 2_701,
        "KU845": 2_837,
        "KU976": 3_673,
        "KU148": 7_244,
        "KU261": 6_973,
        "KU273": 4_001,
        "KU698": 66_191,
        "KU890": 1_112,
        "MK19": 176_215,
    }
    assert {area: found[area] for area in expected} == expected
    assert sum(value for area, value in found.items() if area != "MK19") == 176_215


def test_population_of_utsjoki_2021_and_lapland_2018(seed_connection: Connection) -> None:
    utsjoki = seed_connection.execute(
        "SELECT value FROM population WHERE area_code = 'KU890' AND year = 2021 AND measure = 'sotkanet_127'"
    ).fetchone()
    assert utsjoki == (1_176,)
    lapland = seed_connection.execute(
        "SELECT sum(value) FROM population WHERE year = 2018 AND measure = 'vaerak-vaesto' AND age_group = 'total'"
    ).fetchone()
    assert lapland == (178_522,)


@pytest.mark.parametrize(
    ("table", "where", "value"),
    [
        ("population", "area_code = 'MK19' AND measure = 'vaesto_keski_ika'", 46.2),
        ("population", "area_code = 'KU890' AND measure = 'vaesto_yli64_p'", 33.2),
        ("population", "area_code = 'KU698' AND measure = 'ssaaty-vm01'", 568),
        ("population", "area_code = 'KU698' AND measure = 'ssaaty-vm11'", 570),
        ("population", "area_code = 'KU698' AND measure = 'ssaaty-kokmuutos'", 469),
        ("migration", "area_code = 'KU698' AND measure = 'ssaaty-vm43_netto'", -59),
        ("migration", "area_code = 'KU698' AND measure = 'ssaaty-vm4142'", 534),
        ("area_indicator", "area_code = 'MK19' AND measure = 'vaesto_15_'", 152_367),
        ("area_indicator", "area_code = 'MK19' AND measure = 'kaste5T8osuus'", 29.5),
    ],
)
def test_yearly_anchors_of_2025(seed_connection: Connection, table: str, where: str, value: float) -> None:
    assert seed_connection.execute(f"SELECT value FROM {table} WHERE year = 2025 AND {where}").fetchone() == (value,)


def test_income_anchors_of_2024(seed_connection: Connection) -> None:
    rows = seed_connection.execute(
        "SELECT value FROM area_indicator WHERE area_code = 'MK19' AND year = 2024 AND subject = 'income'"
        " AND measure IN ('hkturaha18_med', 'gini_kturaha') ORDER BY measure"
    ).fetchall()
    assert rows == [(24.4,), (25_844,)]


def test_labour_force_survey_anchors(seed_connection: Connection) -> None:
    found = dict(seed_connection.execute("SELECT measure, value FROM labour_force_survey").fetchall())
    assert (found["tyti-Tyottomyysaste"], found["Tyottaste_kausi"], found["tyti-Tyottomat"]) == (10.0, 10.1, 297)


def test_software_occupations_keep_their_suppression(seed_connection: Connection) -> None:
    rows = seed_connection.execute(
        "SELECT area_code, occupation_code, unemployed, unemployed_status, vacancies, vacancies_status"
        " FROM employment_service_occupation WHERE month = DATE '2026-06-01' AND area_code IN ('SSS', 'KU698')"
        " AND occupation_code IN ('2513', '2519') ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("KU698", "2513", 5.0, "published", 0.0, "published"),
        ("KU698", "2519", None, "suppressed", 0.0, "published"),
        ("SSS", "2513", 712.0, "published", None, "suppressed"),
        ("SSS", "2519", 554.0, "published", 43.0, "published"),
    ]


def test_overnight_stays_as_first_released(seed_connection: Connection) -> None:
    january = seed_connection.execute(
        "SELECT residence, value FROM accommodation WHERE area_code = 'MK19' AND measure = 'nights'"
        " AND month = DATE '2020-01-01' ORDER BY residence"
    ).fetchall()
    assert january == [("domestic", 88_038), ("foreign", 294_562), ("total", 382_600)]
    year = seed_connection.execute(
        "SELECT residence, value FROM accommodation WHERE area_code = 'MK19' AND measure = 'nights_cumulative'"
        " AND month = DATE '2020-12-01' ORDER BY residence"
    ).fetchall()
    assert year == [("domestic", 1_275_793), ("foreign", 775_894), ("total", 2_051_687)]


def test_domestic_and_foreign_stays_add_up_unless_derived(seed_connection: Connection) -> None:
    rows = seed_connection.execute(
        """
        SELECT count(*), count(*) FILTER (parts = total)
        FROM (SELECT area_code, month, measure, sum(value) FILTER (residence <> 'total') AS parts,
                     any_value(value) FILTER (residence = 'total') AS total
              FROM accommodation GROUP BY ALL HAVING count(*) = 3 AND bool_and(status = 'first_release'))
        """
    ).fetchone()
    assert rows == (83, 83)


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ("employment_service", 1_435),
        ("vacancy_industry", 2_555),
        ("occupation_during_month", 1_765),
        ("vacancy_flow", 2_993),
        ("area_indicator", 94),
    ],
)
def test_hidden_values_are_null_with_their_status(seed_connection: Connection, table: str, hidden: int) -> None:
    found = seed_connection.execute(
        f"SELECT count(*), count(value) FROM {table} WHERE status = 'suppressed'"
    ).fetchone()
    assert found == (hidden, 0)


def test_a_duration_without_filled_vacancies_is_not_defined(seed_connection: Connection) -> None:
    found = seed_connection.execute(
        "SELECT count(*), count(value) FROM vacancy_flow WHERE status = 'not_defined'"
    ).fetchone()
    assert found == (253, 0)


def test_no_published_count_lies_in_the_hidden_range(seed_connection: Connection) -> None:
    found = seed_connection.execute(
        "SELECT count(*) FROM employment_service WHERE value BETWEEN 1 AND 4 AND measure <> 'TYOTOSUUS'"
    ).fetchone()
    assert found == (0,)


def test_flexible_and_unknown_areas_keep_their_vacancies(seed_connection: Connection) -> None:
    assert count(seed_connection, "MKJO", "2026-06", "AVPAIKATLOPUSSA") == 7_661
