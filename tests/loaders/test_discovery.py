"""Finding a table and writing its declaration: search, describe, and what a probe says of an unknown one."""

import ast

import pytest

from loaders.registry import DECLARED
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import Run


def test_search_finds_tables_by_words_and_says_which_are_declared(run: Run) -> None:
    result = run("search", "jobseekers", "education", "--language", "en")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "StatFin/tyonv/12te.px" in lines[0]
    assert lines[0].endswith("[declared as statfin:12te]")
    assert any("12tk" in line for line in lines)
    assert all("education" in line.casefold() for line in lines)


def test_a_search_without_a_hit_says_how_to_go_on(run: Run) -> None:
    result = run("search", "penguins")
    assert result.exit_code == 1
    assert "no table has 'penguins' in its title. Try one word, or another language." in result.stdout


def test_describe_prints_variables_cells_calls_and_the_declaration(run: Run) -> None:
    result = run("describe", "12ta", "--language", "en")
    assert result.exit_code == 0
    text = result.stdout
    assert "Alue (Region): 421 values, areas: country, region, ely_area, sub_region, municipality" in text
    assert "timeperiod_m (Month): 212 values, time: 2009M01 to 2026M08" in text
    assert "contentscode (Information): 1 values, measures" in text
    assert "Työttömyyden kesto (Duration of unemployment): 8 values, classification" in text
    # 421 areas x 3 sexes x 8 durations x 212 months; 30 areas of Lapland: 4 720 cells a month, two calls at least.
    assert "cells: 2,142,048 in the whole table; 152,640 of MK19 in 2 calls of at most 120,000" in text


def test_the_printed_declaration_is_code_that_lacks_only_its_subject(run: Run) -> None:
    text = run("describe", "StatFin/raku/156f.px").stdout
    code = text[text.index("Declaration(") :]
    call = ast.parse(code).body[0].value  # type: ignore[attr-defined]
    written = {keyword.arg: keyword.value for keyword in call.keywords}
    assert ast.literal_eval(written["source_id"]) == "statfin:156f"
    assert ast.literal_eval(written["areas"]) == ("country", "region")
    assert ast.literal_eval(written["subject"]) == "..."
    names = [ast.literal_eval(one.keywords[0].value) for one in written["classifications"].elts]  # type: ignore[attr-defined]
    assert names == ["Stage of building", "Building type"]


def test_describe_takes_a_source_id_and_another_service(run: Run) -> None:
    result = run("describe", "visitfinland:116n", "--publisher", "visitfinland")
    assert result.exit_code == 0
    assert 'database="VisitFinland",' in result.stdout


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("describe", "99zz"), "One table with the number 99zz expected; the service finds none"),
        (("describe", "StatFin/tyonv/99zz.px"), "The service answered 400"),
        (("search", "x", "--publisher", "eurostat"), "'eurostat' has no listing of tables"),
        (("search", "x", "--publisher", "nobody"), "'nobody' has no listing of tables"),
    ],
)
def test_what_cannot_be_found_is_said(run: Run, call: tuple[str, ...], message: str) -> None:
    result = run(*call)
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_search_for_nothing_is_a_wrong_call(run: Run, service: Emulator) -> None:
    result = run("search", " ")
    assert result.exit_code == 2
    assert "give a word of the title, or a table's number" in result.stderr
    assert service.log == []


def test_a_search_that_is_answered_with_something_else_stops(run: Run, service: Emulator) -> None:
    service.faults.append(Fault("not_jsonstat", on="search", times=None))
    result = run("search", "jobseekers")
    assert result.exit_code == 1
    assert "Not a search result" in result.stderr


def test_an_unknown_table_is_reported_with_what_the_listing_offers(run: Run, service: Emulator) -> None:
    result = run("probe", "statfin:12ta")
    assert result.exit_code == 0
    assert "statfin:12ta: to be discovered: listed as 12ta.px 'Unemployed jobseekers by duration" in result.stdout
    assert "offers Alue 421, Sukupuoli 3, Työttömyyden kesto 8, timeperiod_m 212, contentscode 1" in result.stdout
    assert service.count("data") == 0


def test_an_unknown_table_that_is_not_listed_names_its_likest(run: Run, service: Emulator) -> None:
    del service.tables["12vh.px"]
    result = run("probe", "statfin:12vh")
    assert result.exit_code == 0
    assert "statfin:12vh: to be discovered: no folder StatFin/konk is listed" in result.stdout
    del service.tables["12ta.px"]
    result = run("probe", "statfin:12ta")
    assert result.exit_code == 0
    assert "statfin:12ta: to be discovered: the folder tyonv lists 16 tables, none of them surely this" in result.stdout


def test_every_known_contract_binds_and_every_unknown_one_is_to_be_discovered(run: Run) -> None:
    tables = [one for one in DECLARED.values() if one.source_id.startswith(("statfin:", "visitfinland:"))]
    result = run("probe", *(one.source_id for one in tables))
    assert result.exit_code == 0
    said = dict(line.split(": ", 1) for line in result.stdout.splitlines() if line.startswith(("statfin:", "visit")))
    unknown = {source_id for source_id, text in said.items() if text.startswith("to be discovered: ")}
    assert unknown == {one.source_id for one in tables if one.certainty == "unknown"}
    assert {source_id for source_id, text in said.items() if text.startswith("bound: ")} == set(said) - unknown
    assert len(said) == len(tables) == 39


def test_a_probe_says_precisely_what_did_not_fit(run: Run, service: Emulator) -> None:
    service.tables["115x.px"].contents.keep(lambda value: value != "taloudellinenhuoltosuhde")
    result = run("probe", "statfin:115x", "statfin:11n1")
    assert result.exit_code == 1
    assert (
        "statfin:115x: not bound: Expected the measures taloudellinenhuoltosuhde; found 'contentscode'" in result.stderr
    )
    assert "statfin:11n1: bound" in result.stdout
