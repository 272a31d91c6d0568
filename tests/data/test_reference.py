"""Declarations people write by hand: sources, cases, glossary, and the geometry of boundaries."""

import csv
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from data.boundaries import clockwise_rounded
from data.cases import load_cases
from data.catalogue import REFERENCE, CatalogueError, load_sources

SOURCES = (REFERENCE / "sources.toml").read_text(encoding="utf-8")
CASES = (REFERENCE / "cases.toml").read_text(encoding="utf-8")


def test_three_cases_and_an_alternative_membership() -> None:
    cases = load_cases()
    assert list(cases) == ["meri-lappi", "meri-lappi-ea", "matkailu", "utsjoki"]
    assert cases["meri-lappi-ea"].alternative_of == "meri-lappi"
    assert set(cases["meri-lappi-ea"].municipalities) - set(cases["meri-lappi"].municipalities) == {"KU976"}
    assert cases["meri-lappi"].compositions[0] == ("SK192",)
    assert len(cases["matkailu"].municipalities) == 9


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_texts_of_cases_are_complete(language: str) -> None:
    for case in load_cases().values():
        texts = [case.name, case.place, case.definition, case.question, *case.caveats]
        assert all(text.in_language(language).strip() for text in texts)
        assert len(case.caveats) == 3


def test_a_text_in_a_language_the_product_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_cases()["utsjoki"].name.in_language("no")


def test_compositions_sum_to_the_same_municipalities(seed_connection: duckdb.DuckDBPyConnection) -> None:
    parts = dict(
        seed_connection.execute(
            "SELECT parent_code, list(area_code) FROM area_membership GROUP BY parent_code"
        ).fetchall()
    )
    for case in load_cases().values():
        for composition in case.compositions:
            members = sorted(one for code in composition for one in parts.get(code, [code]))
            assert members == sorted(case.municipalities)


def test_codes_of_cases_exist_in_the_figures(seed_connection: duckdb.DuckDBPyConnection) -> None:
    def codes(query: str) -> set[str]:
        return {row[0] for row in seed_connection.execute(query).fetchall()}

    areas = codes("SELECT area_code FROM area")
    occupations = codes("SELECT DISTINCT occupation_code FROM employment_service_occupation WHERE area_code = 'MK19'")
    industries = codes("SELECT DISTINCT industry_code FROM vacancy_industry")
    cases = codes("SELECT DISTINCT case_id FROM event")
    for case in load_cases().values():
        assert {*case.municipalities, *case.neighbours} <= areas
        assert set(case.occupations) <= occupations
        assert set(case.industries) <= industries
        assert case.event_case in cases


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "utsjoki"', 'id = "matkailu"', "two cases have one id"),
        ('alternative_of = "meri-lappi"', 'alternative_of = "nowhere"', "no case nowhere"),
        ('municipalities = ["KU890"]', 'municipalities = ["KU891"]', "last composition must be its municipalities"),
        ('"B", "C16"', '"B", "B"', "a code stands twice"),
        ('event_case = "utsjoki"', 'event_case = "utsjoki"\ncolour = "red"', "Extra inputs"),
    ],
)
def test_a_case_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CASES
    path = tmp_path / "cases.toml"
    path.write_text(CASES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValidationError, match=message):
        load_cases(path)


def test_every_source_is_declared_once_with_its_terms() -> None:
    sources = load_sources()
    assert sum(bool(one.editions) for one in sources.values()) == 27
    assert sources["statfin:12r5"].subject == "employment_service"
    assert sources["statfin:12r5"].licence == "not confirmed"
    loadable = {one.id for one in sources.values() if one.loadable}
    assert {"statfin:12r5", "eurostat:tour_occ_nin2m", "ssb:10540", "geo:kunta4500k", "kipa:p67"} <= loadable
    assert "statfin:2310" not in loadable


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "statfin:12ti"', 'id = "statfin:12r5"', "declared twice: statfin:12r5"),
        ('table = "employment_service"', 'table = "unknown"', "no subject table 'unknown'"),
        ("2026-07-21T05:00:00Z", "2026-07-21T05:00:00", "published_at needs a time zone"),
        ('note_fi = "Ikäryhmät', '# "Ikäryhmät', "in all three languages or in none"),
        ('id = "statfin:12r5"', 'id = "12r5"', "String should match pattern"),
        ("loadable = true", 'loadable = true\nsubject_table = "unknown"', "no subject table 'unknown'"),
    ],
)
def test_a_source_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SOURCES
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_sources(path)


def test_a_source_that_is_only_loaded_names_its_subject_table(tmp_path: Path) -> None:
    block = SOURCES[SOURCES.index("[[source]]") : SOURCES.index("[[source.edition]]")]
    path = tmp_path / "loaded.toml"
    path.write_text(f'{block}subject_table = "vacancy_industry"\n', encoding="utf-8")
    assert load_sources(path)["statfin:12r5"].subject == "vacancy_industry"
    path.write_text(block + "# nothing more\n", encoding="utf-8")
    load_sources.cache_clear()
    with pytest.raises(CatalogueError, match="give an edition or a subject_table"):
        load_sources(path)


def test_the_glossary_is_whole() -> None:
    with (REFERENCE / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == 59
    assert all(row["term_fi"] and row["term_sv"] and row["term_en"] for row in rows)
    assert {row["checked"] for row in rows} == {"yes", "no"}


def ring(*points: tuple[float, float]) -> list[list[float]]:
    return [list(point) for point in (*points, points[0])]


def test_holes_run_the_other_way_than_the_outline() -> None:
    outline = ring((0, 0), (10, 0), (10, 10), (0, 10))
    hole = ring((2, 2), (2, 4), (4, 4), (4, 2))
    found = clockwise_rounded({"type": "Polygon", "coordinates": [outline, hole]}, 1)
    assert found["coordinates"] == [[outline[::-1], hole[::-1]]]


def test_points_that_fall_together_and_islands_that_collapse_are_left_out() -> None:
    outline = ring((0, 0), (0, 10), (10, 10), (10.001, 10.001), (10, 0))
    islet = ring((20, 20), (20, 20.001), (20.001, 20))
    line = ring((30, 30), (31, 30), (32, 30.001))
    shape = {"type": "MultiPolygon", "coordinates": [[outline, islet], [islet], [line]]}
    assert clockwise_rounded(shape, 1)["coordinates"] == [[ring((0, 0), (0, 10), (10, 10), (10, 0))]]


def test_a_shape_that_is_no_area_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing of the geometry is left"):
        clockwise_rounded({"type": "Polygon", "coordinates": [ring((0, 0), (0, 0.001), (0.001, 0))]}, 1)
    with pytest.raises(ValueError, match="geometry of type Point"):
        clockwise_rounded({"type": "Point", "coordinates": [0, 0]}, 1)
