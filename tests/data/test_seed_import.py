"""The importer, on a small folder of its own: what it writes, and when it refuses."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from data.catalogue import Edition, Source, load_sources
from data.seed import load_manifest
from data.seed_import import SeedImportError, app, import_folder

SQUARE = [[24.00004, 65.0], [25.0, 65.0], [25.0, 66.0], [24.0, 66.0], [24.00004, 65.0]]

FIGURES = """area_code,period,measure,value,status
KU890,2026-06,TYOTTOMATLOPUSSA,50,
KU742,2026-06,AVPAIKATLOPUSSA,,...
KU742,2026-06,TYOVOIMATK,0,
"""
OCCUPATIONS = """area_code,period,occupation,measure,value,status
MK19,2026-06,0110,TYOTTOMATLOPUSSA,,...
MK19,2026-06,0110,AVPAIKATLOPUSSA,0,
MK19,2026-06,5131,TYOTTOMATLOPUSSA,80,
"""
MIGRATION = """area_code,period,measure,value,status,source_table
KU890,2017,ssaaty-vm43_netto,-19,,old
KU890,2025,ssaaty-vm43_netto,-11,,new
"""
AREAS = """area_code,level,name_fi,name_sv,name_en,region_code,sub_region_code,employment_area_code
SSS,country,Koko maa,Hela landet,Whole country,,,
KU890,municipality,Utsjoki,Utsjoki,Utsjoki,MK19,SK197,28
MKJO,no_area,,,Flexible,,,
"""
LABELS = """file,measure,label,label_language,unit
employment_service_monthly,TYOVOIMATK,Työvoima,fi,persons
employment_service_2026_06,TYOVOIMATK,Työvoima,fi,persons
"""
INDUSTRIES = """industry,level,label_fi,label_sv,label_en,source
X,unknown,,,Unknown,Statistics Finland (en)
"""


def edition(name: str, file: str, table: str, **changed: object) -> Edition:
    return Edition(name=name, input=file, table=table, reliability="complete", **changed)  # type: ignore[arg-type]


def source(identifier: str, *editions: Edition) -> Source:
    return Source(
        id=identifier,
        publisher="Publisher",
        publisher_fi="Julkaisija",
        publisher_sv="Utgivare",
        statistic="Statistic",
        statistic_fi="Tilasto",
        statistic_sv="Statistik",
        table_id="table",
        cadence="month",
        licence="CC BY 4.0",
        attribution="Source: Publisher",
        edition=editions,  # type: ignore[call-arg]
    )


SOURCES = {
    one.id: one
    for one in (
        source("test:figures", edition("a", "figures.csv", "employment_service")),
        source("test:occupations", edition("a", "occupations.csv", "employment_service_occupation")),
        source(
            "test:migration",
            edition("old", "migration.csv", "migration", where={"source_table": "old"}),
            edition("new", "migration.csv", "migration", where={"source_table": "new"}),
        ),
        source("test:areas", edition("a", "areas.csv", "area"), edition("memberships", "areas.csv", "area_membership")),
        source("test:labels", edition("a", "labels.csv", "measure")),
        source("test:industries", edition("a", "industries.csv", "industry")),
        source("test:during", edition("a", "during.parquet", "occupation_during_month")),
        source(
            "test:outlines",
            edition("a", "outlines.geojson", "area_boundary", constants={"country": "NO"}),
            edition("names", "outlines.geojson", "area", constants={"level": "municipality"}),
        ),
    )
}


def write_manifest(folder: Path) -> None:
    manifest = {}
    for path in sorted(folder.iterdir()):
        if path.name == "manifest.json":
            continue
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",") if path.suffix == ".csv" else []
        manifest[path.name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "columns": columns}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    directory = tmp_path / "figures"
    directory.mkdir()
    texts = {
        "figures.csv": FIGURES,
        "occupations.csv": OCCUPATIONS,
        "migration.csv": MIGRATION,
        "areas.csv": AREAS,
        "labels.csv": LABELS,
        "industries.csv": INDUSTRIES,
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    pq.write_table(
        pa.table(
            {
                "area_code": ["MK19"],
                "period": ["2026-06"],
                "occupation": ["5131"],
                "measure": ["AVPAIKATYHT"],
                "value": [80.0],
                "status": [""],
            }
        ),
        directory / "during.parquet",
    )
    outline = {"type": "Polygon", "coordinates": [SQUARE]}
    features = [{"properties": {"kommunenummer": "5628", "kommunenavn": "Deatnu - Tana"}, "geometry": outline}]
    (directory / "outlines.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    write_manifest(directory)
    return directory


@pytest.fixture
def written(folder: Path, tmp_path: Path) -> Callable[[str], list[dict]]:
    """The rows of a seed file, written from the small folder."""
    output = tmp_path / "seed"
    import_folder(folder, output, SOURCES, lambda line: None)
    return lambda name: pq.read_table(output / name).to_pylist()


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_a_hidden_value_is_null_and_a_zero_is_zero(written: Callable[[str], list[dict]]) -> None:
    month = day("2026-06-01")
    assert written("test-figures_a.parquet") == [
        {"area_code": "KU742", "month": month, "measure": "AVPAIKATLOPUSSA", "value": None, "status": "suppressed"},
        {"area_code": "KU742", "month": month, "measure": "TYOVOIMATK", "value": 0.0, "status": "published"},
        {"area_code": "KU890", "month": month, "measure": "TYOTTOMATLOPUSSA", "value": 50.0, "status": "published"},
    ]


def test_both_sides_of_an_occupation_stand_in_one_row(written: Callable[[str], list[dict]]) -> None:
    assert [tuple(row.values())[2:] for row in written("test-occupations_a.parquet")] == [
        ("0110", None, "suppressed", 0.0, "published"),
        ("5131", 80.0, "published", None, "not_available"),
    ]


def test_an_edition_takes_its_own_rows_of_a_file(written: Callable[[str], list[dict]]) -> None:
    assert [row["value"] for row in written("test-migration_old.parquet")] == [-19.0]
    assert [row["year"] for row in written("test-migration_new.parquet")] == [2025]


def test_areas_keep_a_name_and_a_known_level(written: Callable[[str], list[dict]]) -> None:
    assert [(row["area_code"], row["level"], row["name_fi"]) for row in written("test-areas_a.parquet")] == [
        ("KU890", "municipality", "Utsjoki"),
        ("MKJO", "other", "Flexible"),
        ("SSS", "country", "Koko maa"),
    ]
    assert [tuple(row.values()) for row in written("test-areas_memberships.parquet")] == [
        ("KU890", "MK19", None, None),
        ("KU890", "SK197", None, None),
        ("KU890", "TA28", day("2025-01-01"), None),
    ]


def test_one_label_stands_for_the_files_of_one_table(written: Callable[[str], list[dict]]) -> None:
    assert [(row["subject"], row["measure"], row["checked"]) for row in written("test-labels_a.parquet")] == [
        ("employment_service", "TYOVOIMATK", True)
    ]


def test_an_industry_without_a_finnish_label_has_none(written: Callable[[str], list[dict]]) -> None:
    assert written("test-industries_a.parquet") == [
        {
            "industry_code": "X",
            "level": "other",
            "label_fi": None,
            "label_sv": None,
            "label_en": "Unknown",
            "label_source": "Statistics Finland (en)",
        }
    ]


def test_outlines_are_rounded_and_turned_clockwise(written: Callable[[str], list[dict]]) -> None:
    (row,) = written("test-outlines_a.parquet")
    assert (row["area_code"], row["country"]) == ("NO-5628", "NO")
    assert json.loads(row["geometry"]) == {
        "type": "MultiPolygon",
        "coordinates": [[[[24.0, 65.0], [24.0, 66.0], [25.0, 66.0], [25.0, 65.0], [24.0, 65.0]]]],
    }


def test_norwegian_municipalities_keep_their_official_name(written: Callable[[str], list[dict]]) -> None:
    (row,) = written("test-outlines_names.parquet")
    assert [row[column] for column in ("area_code", "level", "name_fi", "name_sv", "name_se")] == [
        "NO-5628",
        "municipality",
        "Deatnu - Tana",
        "Deatnu - Tana",
        None,
    ]


def test_vacancies_during_the_month_are_those_of_every_labour_market_status(
    written: Callable[[str], list[dict]],
) -> None:
    (row,) = written("test-during_a.parquet")
    assert (row["occupation_code"], row["labour_market_status"], row["value"]) == ("5131", "SSS", 80.0)


def test_the_manifest_describes_each_file(folder: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    entries = import_folder(folder, tmp_path / "seed", SOURCES, lines.append)
    assert list(load_manifest(tmp_path / "seed")) == entries
    assert (entries[0].rows, entries[0].first_period, entries[0].last_period) == (3, "2026-06", "2026-06")
    assert (entries[3].first_period, entries[4].first_period) == ("2025", None)
    assert lines[0] == "test-figures_a.parquet: 3 rows of employment_service, 2026-06 to 2026-06"
    assert lines[4] == "test-areas_a.parquet: 3 rows of area, - to -"
    assert len(lines) == 11


def test_two_imports_give_the_same_bytes_and_leave_nothing_stale(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "seed"
    first = import_folder(folder, output, SOURCES, lambda line: None)
    (output / "gone.parquet").write_bytes(b"stale")
    bytes_of = {path.name: path.read_bytes() for path in output.iterdir() if path.name != "gone.parquet"}
    assert import_folder(folder, output, SOURCES, lambda line: None) == first
    assert {path.name: path.read_bytes() for path in output.iterdir()} == bytes_of


def replace(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    write_manifest(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("figures.csv", "KU890,2026-06,TYOTTOMATLOPUSSA,50,\n", "KU890,2026-06,TYOTTOMATLOPUSSA,50,x\n", "status x"),
        ("figures.csv", "TYOVOIMATK", "AVPAIKATLOPUSSA", r"figures.csv: two rows with one key \(area_code"),
        ("figures.csv", "measure,", "gauge,", "column measure is missing for table employment_service"),
        ("migration.csv", "source_table", "table", "migration.csv: column source_table is missing"),
        ("migration.csv", ",new", ",old", "no row for edition new"),
        ("migration.csv", "-19,,old\n", "-19,,old\nKU742,2017,ssaaty-vm43_netto,1,,other\n", "take 2 of 3 rows"),
        ("labels.csv", "employment_service_2026_06", "weather", "unknown file weather"),
    ],
)
def test_inputs_that_do_not_fit_are_named(
    folder: Path, tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    replace(folder, name, old, new)
    with pytest.raises(SeedImportError, match=message):
        import_folder(folder, tmp_path / "seed", SOURCES, lambda line: None)
    assert not (tmp_path / "seed").exists()


def test_a_column_the_manifest_promises_must_be_there(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["figures.csv"]["columns"].append("origin")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SeedImportError, match=r"figures.csv: column origin is missing; found area_code"):
        import_folder(folder, tmp_path / "seed", SOURCES, lambda line: None)


def test_a_file_must_be_there_and_in_the_manifest(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["areas.csv"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SeedImportError, match=r"areas.csv: not in manifest.json"):
        import_folder(folder, tmp_path / "seed", SOURCES, lambda line: None)
    (folder / "areas.csv").unlink()
    with pytest.raises(SeedImportError, match=r"areas.csv: not found"):
        import_folder(folder, tmp_path / "seed", SOURCES, lambda line: None)


@pytest.fixture
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.seed_import.load_sources", lambda: SOURCES)


@pytest.mark.usefixtures("small_catalogue")
def test_the_command_writes_the_seed(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(folder), "--output", str(tmp_path / "seed")])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("11 files, 18 rows, ")


@pytest.mark.usefixtures("small_catalogue")
def test_the_command_refuses_an_altered_file(folder: Path, tmp_path: Path) -> None:
    with (folder / "figures.csv").open("a") as stream:
        stream.write("KU890,2026-07,TYOTTOMATLOPUSSA,51,\n")
    result = CliRunner().invoke(app, [str(folder), "--output", str(tmp_path / "seed")])
    assert result.exit_code == 1
    assert "Seed not written. figures.csv: sha256 is" in result.stderr
    assert not (tmp_path / "seed").exists()


def test_the_command_refuses_a_folder_without_a_manifest(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path), "--output", str(tmp_path / "seed")])
    assert result.exit_code == 1
    assert "manifest.json: not found" in result.stderr


def test_every_declared_input_has_a_layout_the_importer_knows() -> None:
    inputs = {one.input for declared in load_sources().values() for one in declared.editions}
    assert {Path(name).suffix for name in inputs} == {".csv", ".parquet", ".geojson"}
    assert len(inputs) == 28
