"""Declarations bind to live metadata by role, and fail by name when a table no longer fits."""

import ast
from datetime import date
from typing import Any

import pandas as pd
import pytest

from loaders.areas import RegionAreas, UnknownRegionError, region_areas
from loaders.cube import Cube
from loaders.declarations import Bound, Declaration, bind, check_answer, codes
from loaders.errors import BindingError, FormatError
from loaders.jsonstat import read_jsonstat
from loaders.pxweb import Metadata
from loaders.statfin.employment_service import BY_INDUSTRY, BY_OCCUPATION, EMPLOYMENT_SERVICE
from loaders.statfin.work import VACANCY_SURVEY_BY_MAJOR_REGION
from settings import ROOT
from tests.emulator import Figures
from tests.emulator.statistics import tables
from tests.emulator.tables import Table

# Lapland as this product loads it: the country, region, ELY area, six sub-regions and 21 municipalities.
LAPLAND = codes(
    "SSS MK19 ELY15 SK191 SK192 SK193 SK194 SK196 SK197 KU047 KU148 KU240 KU241 KU261 KU273 KU320 KU498 KU583",
    "KU614 KU683 KU698 KU732 KU742 KU751 KU758 KU845 KU851 KU854 KU890 KU976",
)


@pytest.fixture
def published(figures: Figures) -> dict[str, Table]:
    return tables(figures)


def bound(table: Table, declaration: Declaration, areas: RegionAreas) -> Bound:
    return bind(Metadata.model_validate(table.metadata()), declaration, areas)


def test_lapland_is_thirty_areas(lapland: RegionAreas) -> None:
    assert sorted(lapland.codes(EMPLOYMENT_SERVICE.areas)) == sorted(LAPLAND)


def test_areas_come_from_the_memberships() -> None:
    belongs = pd.DataFrame({"area_code": ["KU020", "KU020", "KU005"], "parent_code": ["MK06", "SK063", "MK14"]})
    areas = region_areas(belongs, "MK06")
    assert areas.codes(("country", "region", "ely_area", "sub_region", "municipality")) == (
        "SSS",
        "MK06",
        "SK063",
        "KU020",
    )


@pytest.mark.parametrize("region", ["MK99", "SK063", ""])
def test_a_region_without_municipalities_is_refused(region: str) -> None:
    belongs = pd.DataFrame({"area_code": ["KU020", "KU020"], "parent_code": ["MK06", "SK063"]})
    with pytest.raises(UnknownRegionError):
        region_areas(belongs, region)


def test_the_employment_service_table_binds(published: dict[str, Table], lapland: RegionAreas) -> None:
    found = bound(published["12r5.px"], EMPLOYMENT_SERVICE, lapland)
    assert (found.area, found.time, found.contents) == ("Alue", "timeperiod_m", "contentscode")
    assert sorted(found.values["Alue"]) == sorted(LAPLAND)
    assert len(found.measures) == 23
    assert (found.periods[0], found.periods[-1]) == ("2009M01", "2026M08")
    assert list(found.selection(["2026M08"])) == ["Alue", "timeperiod_m", "contentscode"]


def test_a_level_of_area_that_is_not_known_for_a_region_is_said(published: dict[str, Table]) -> None:
    belongs = pd.DataFrame({"area_code": ["KU020", "KU020"], "parent_code": ["MK06", "SK063"]})
    with pytest.raises(BindingError, match="No major region is known for the region MK06"):
        bound(published["11n1.px"], VACANCY_SURVEY_BY_MAJOR_REGION, region_areas(belongs, "MK06"))


def test_totals_are_selected_by_code_never_left_out(published: dict[str, Table], lapland: RegionAreas) -> None:
    found = bound(published["12tw.px"], BY_INDUSTRY, lapland).selection(["2026M08"])
    assert found["Työnantajan sektori"] == ["SSS"]
    assert found["Työpaikan työn kesto"] == ["SSS"]
    assert found["Alue"] == ["SSS", "MK19"]
    assert len(found["Toimiala"]) == 113


def test_renamed_variables_and_prefixed_measures_still_bind(published: dict[str, Table], lapland: RegionAreas) -> None:
    table = published["12tw.px"]
    table.rename_variable("Alue", "alue_23_20270101")
    table.rename_variable("Toimiala", "toimiala_9_20270101")
    table.rename_variable("Työnantajan sektori", "sektori_1_20270101")
    table.rename_variable("Työpaikan työn kesto", "x", "Duration of work in a workplace")
    table.rename_variable("timeperiod_m", "kk")
    table.rename_variable("contentscode", "tiedot")
    table.prefix_contents("tyonv-")
    found = bound(table, BY_INDUSTRY, lapland)
    assert found.columns == {"kk": "month", "alue_23_20270101": "area_code", "toimiala_9_20270101": "industry_code"}
    assert found.measures == {
        "tyonv-AVPAIKATLOPUSSA": "AVPAIKATLOPUSSA",
        "tyonv-ATPAVGJATKESTOT": "ATPAVGJATKESTOT",
    }
    assert found.values["sektori_1_20270101"] == ("SSS",)


def test_an_industry_variable_binds_by_its_values_whatever_its_name(
    published: dict[str, Table], lapland: RegionAreas
) -> None:
    published["12tw.px"].rename_variable("Toimiala", "v7", "Something else")
    assert bound(published["12tw.px"], BY_INDUSTRY, lapland).columns["v7"] == "industry_code"


def test_a_time_variable_that_lost_its_flag_is_known_by_its_months(
    published: dict[str, Table], lapland: RegionAreas
) -> None:
    published["12r5.px"].variable("timeperiod_m").time = False
    assert bound(published["12r5.px"], EMPLOYMENT_SERVICE, lapland).time == "timeperiod_m"


def test_measures_that_were_not_declared_are_loaded_too(published: dict[str, Table], lapland: RegionAreas) -> None:
    table = published["12r5.px"]
    table.contents.values.append("tyonv-UUSIMITTARI")
    assert bound(table, EMPLOYMENT_SERVICE, lapland).measures["tyonv-UUSIMITTARI"] == "tyonv-UUSIMITTARI"


def test_other_measures_of_a_table_with_fixed_columns_are_not_asked_for(
    published: dict[str, Table], lapland: RegionAreas
) -> None:
    published["12ti.px"].contents.values.append("UUSIMITTARI")
    assert bound(published["12ti.px"], BY_OCCUPATION, lapland).values["contentscode"] == (
        "TYOTTOMATLOPUSSA",
        "AVPAIKATLOPUSSA",
    )


def missing_municipality(table: Table) -> None:
    table.remove("Alue", "KU890")


def missing_every_area(table: Table) -> None:
    table.variable("Alue").values = [f"{code}_2027" for code in table.variable("Alue").values]


def missing_measure(table: Table) -> None:
    table.remove("contentscode", "AVPAIKATLOPUSSA")


def missing_every_measure(table: Table) -> None:
    table.contents.values = [f"M{place}" for place in range(len(table.contents.values))]


def quarters(table: Table) -> None:
    table.variable("timeperiod_m").values = [f"{year}Q1" for year in range(1800, 2012)]


def two_times(table: Table) -> None:
    table.variable("Alue").time = True


def new_variable(table: Table) -> None:
    table.variables.insert(0, type(table.variables[0])("Sukupuoli", "Sex", ["SSS", "1", "2"], ["", "", ""]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (missing_municipality, ["Expected the areas KU890", "'Alue' (420:"]),
        (missing_every_area, ["Expected a variable with the areas SSS, MK19, ELY15", "'Alue' (421: SSS_2027"]),
        (missing_measure, ["Expected the measures AVPAIKATLOPUSSA", "'contentscode' (22:"]),
        (missing_every_measure, ["Expected a variable with the measures HAKIJALOPUSSA", "'contentscode' (23: M0"]),
        (quarters, ["one variable of months", "1800Q1"]),
        (two_times, ["one variable of months", "'Alue'"]),
        (new_variable, ["Expected no other variable", "'Sukupuoli' (3: SSS, 1, 2)"]),
    ],
)
def test_a_table_that_no_longer_fits_says_what_was_expected_and_found(
    published: dict[str, Table], lapland: RegionAreas, change: Any, said: list[str]
) -> None:
    change(published["12r5.px"])
    with pytest.raises(BindingError) as failure:
        bound(published["12r5.px"], EMPLOYMENT_SERVICE, lapland)
    for piece in [*said, "StatFin/tyonv/12r5.px"]:
        assert piece in str(failure.value)


def test_two_variables_that_look_alike_and_have_no_telling_name_are_refused(
    published: dict[str, Table], lapland: RegionAreas
) -> None:
    published["12tw.px"].rename_variable("Työnantajan sektori", "v1", "One")
    published["12tw.px"].rename_variable("Työpaikan työn kesto", "v2", "Two")
    with pytest.raises(BindingError, match="one variable for employer sector, with the values SSS and a name with sek"):
        bound(published["12tw.px"], BY_INDUSTRY, lapland)


def test_a_classification_that_lost_a_value_is_refused(published: dict[str, Table], lapland: RegionAreas) -> None:
    published["12ti.px"].remove("Ammattiryhmä", "2512")
    with pytest.raises(BindingError, match="one variable for occupation, with the values SSS, 2512"):
        bound(published["12ti.px"], BY_OCCUPATION, lapland)


def answer(table: Table, found: Bound, periods: list[str]) -> tuple[Cube, dict[str, list[str]]]:
    selection = found.selection(periods)
    query = [{"code": code, "selection": {"filter": "item", "values": values}} for code, values in selection.items()]
    return read_jsonstat(table.body(table.select(query), "json-stat2")), selection


def test_an_answer_becomes_rows_of_the_subject_table(published: dict[str, Table], lapland: RegionAreas) -> None:
    table = published["12r5.px"]
    table.prefix_contents("tyonv-")
    found = bound(table, EMPLOYMENT_SERVICE, lapland)
    cube, selection = answer(table, found, ["2026M06"])
    check_answer(cube, selection)
    rows = found.rows(cube).to_pylist()
    assert len(rows) == 690
    assert {"area_code", "month", "measure", "value", "status"} == set(rows[0])
    by_key = {(row["area_code"], row["measure"]): row for row in rows}
    assert by_key["MK19", "TYOTTOMATLOPUSSA"]["value"] == 9137
    assert by_key["MK19", "TYOTOSUUS"]["value"] == 11.1
    assert by_key["KU890", "TYOTTOMATLOPUSSA"]["value"] == 50
    assert by_key["KU890", "TYOTTOMAT25"] == {
        "area_code": "KU890",
        "month": date(2026, 6, 1),
        "measure": "TYOTTOMAT25",
        "value": None,
        "status": "suppressed",
    }


def test_an_answer_about_something_else_is_refused(published: dict[str, Table], lapland: RegionAreas) -> None:
    table = published["12ti.px"]
    found = bound(table, BY_OCCUPATION, lapland)
    cube, selection = answer(table, found, ["2026M06"])
    with pytest.raises(FormatError, match="'timeperiod_m' lacks 2026M07 and has 2026M06 unasked"):
        check_answer(cube, selection | {"timeperiod_m": ["2026M07"]})
    with pytest.raises(FormatError, match="Asked for the variables"):
        check_answer(cube, {"Alue": ["SSS"]})


def test_a_statistic_is_declared_in_few_lines() -> None:
    lengths = {}
    for path in sorted((ROOT / "loaders").rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in module.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and "source_id" in ast.dump(node):
                lengths[node.targets[0].id] = (node.end_lineno or 0) - node.lineno + 1  # type: ignore[attr-defined]
    assert len(lengths) >= 30
    assert {name: lines for name, lines in lengths.items() if lines > 25} == {}
