"""Import of a folder of official figures into the committed seed: ``python -m data.seed_import FOLDER``.

FOLDER holds the input files named in ``reference/sources.toml`` and their ``manifest.json`` (sha256, columns).
Each declared edition becomes one Parquet file in the layout of its subject table. The same inputs give the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import typer

from data.boundaries import clockwise_rounded
from data.catalogue import Edition, Source, load_sources
from data.seed import SEED_DIR, SeedFile, write_manifest
from data.subjects import SUBJECTS, Subject, sql_type

STATUS_WORDS = {"": "published", "...": "suppressed", ".": "not_defined", "..": "not_available"}
KEPT_STATUS_WORDS = {"derived", "first_release", "rounded"}

# Columns of the input that are called otherwise in the subject tables.
RENAMED = {"occupation": "occupation_code", "industry": "industry_code"}

# Decimals that keep an overview map true: Finland's outlines are coarse already, Norway's coast is not.
BOUNDARY_DECIMALS = {"FI": 3, "NO": 2}

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
    "SMALLINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
}

app = typer.Typer(add_completion=False)


class SeedImportError(RuntimeError):
    """An input file is missing, altered or does not fit its declaration. The message names the file."""


def import_folder(
    folder: Path,
    output: Path = SEED_DIR,
    sources: Mapping[str, Source] | None = None,
    report: Callable[[str], None] = print,
) -> list[SeedFile]:
    """Write the seed files of every declared edition and their manifest.

    Parameters: ``folder`` with inputs and manifest.json; ``output`` directory, created when absent; ``sources`` by id,
    the catalogue when None; ``report`` receives one line a file written.
    Returns the entries of the manifest in the order of the catalogue.
    Raises SeedImportError before anything is written when an input is absent, its sha256 differs from its manifest, a
    column is missing, a status is unknown, or rows belong to no edition.
    """
    sources = load_sources() if sources is None else sources
    inputs = _read_inputs(folder, {edition.input for source in sources.values() for edition in source.editions})
    tables: list[tuple[Source, Edition, pa.Table]] = []
    used: dict[str, dict[str, int]] = {}
    for source in sources.values():
        for edition in source.editions:
            rows = _rows_of(inputs[edition.input], edition)
            by_table = used.setdefault(edition.input, {})
            by_table[edition.table] = by_table.get(edition.table, 0) + len(rows)
            tables.append((source, edition, _convert(rows, edition)))
    for name, by_table in used.items():
        if max(by_table.values()) != len(inputs[name]) and sum(by_table.values()) != len(inputs[name]):
            taken = sum(by_table.values())
            raise SeedImportError(f"{name}: editions take {taken} of {len(inputs[name])} rows; check `where`")
    output.mkdir(parents=True, exist_ok=True)
    entries = [_write(source, edition, table, output, report) for source, edition, table in tables]
    kept = {entry.file for entry in entries}
    for stale in sorted(output.glob("*.parquet")):
        if stale.name not in kept:
            stale.unlink()
    write_manifest(entries, output)
    return entries


def _read_inputs(folder: Path, names: set[str]) -> dict[str, pd.DataFrame]:
    manifest_path = folder / "manifest.json"
    if not manifest_path.is_file():
        raise SeedImportError(f"{manifest_path}: not found; the folder needs the manifest of its files")
    manifest: dict[str, dict[str, Any]] = json.loads(manifest_path.read_text(encoding="utf-8"))
    frames: dict[str, pd.DataFrame] = {}
    for name in sorted(names):
        path = folder / name
        if not path.is_file():
            raise SeedImportError(f"{name}: not found in {folder}")
        if name not in manifest:
            raise SeedImportError(f"{name}: not in manifest.json")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != manifest[name]["sha256"]:
            raise SeedImportError(f"{name}: sha256 is {found}, the manifest says {manifest[name]['sha256']}")
        frame = _read_table(path)
        if missing := [column for column in manifest[name]["columns"] if column not in frame.columns]:
            raise SeedImportError(f"{name}: column {', '.join(missing)} is missing; found {', '.join(frame.columns)}")
        frames[name] = frame
    return frames


def _read_table(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pandas()
    if path.suffix == ".csv":
        # Text first: a number reader would lose the zero of occupation 0110 and the difference of "" and missing.
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "value" in frame.columns:
            frame["value"] = pd.to_numeric(frame["value"].replace("", None))
        return frame
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return pd.DataFrame([{**feature["properties"], "geometry": feature["geometry"]} for feature in features])


def _rows_of(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    for column, wanted in edition.where.items():
        if column not in frame.columns:
            raise SeedImportError(f"{edition.input}: column {column} is missing")
        frame = frame[frame[column] == wanted]
    if frame.empty:
        raise SeedImportError(f"{edition.input}: no row for edition {edition.name}")
    return frame


def _convert(rows: pd.DataFrame, edition: Edition) -> pa.Table:
    subject = SUBJECTS[edition.table]
    frame = rows.rename(columns=RENAMED)
    if "status" in frame.columns:
        unknown = set(frame["status"]) - set(STATUS_WORDS) - KEPT_STATUS_WORDS
        if unknown:
            raise SeedImportError(f"{edition.input}: unknown status {', '.join(sorted(unknown))}")
        frame["status"] = frame["status"].replace(STATUS_WORDS)
    if subject.period in ("month", "quarter"):
        frame[subject.period] = pd.to_datetime(frame["period"] + "-01")
    elif subject.period == "year":
        frame["year"] = frame["period"].astype(int)
    frame = frame.assign(**edition.constants)
    reshape = _RESHAPE.get(edition.table)
    if reshape is not None:
        frame = reshape(frame)
    return _to_arrow(frame, subject, edition.input)


def _to_arrow(frame: pd.DataFrame, subject: Subject, name: str) -> pa.Table:
    if missing := [column for column in subject.columns if column not in frame.columns]:
        raise SeedImportError(f"{name}: column {', '.join(missing)} is missing for table {subject.table}")
    frame = frame[list(subject.columns)]
    if frame.duplicated(list(subject.key)).any():
        raise SeedImportError(f"{name}: two rows with one key ({', '.join(subject.key)}) for table {subject.table}")
    frame = frame.sort_values(list(subject.key), kind="stable")
    arrays = []
    for column in subject.columns:
        kind = ARROW_TYPES[sql_type(column)]
        values = frame[column]
        if kind == pa.string():
            values = values.where(values != "", None)
        arrays.append(pa.array(values, type=kind, from_pandas=True))
    return pa.Table.from_arrays(arrays, names=list(subject.columns))


def _occupations_wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Both sides of the market in one row a key; a side the source does not state is not available."""
    key = list(SUBJECTS["employment_service_occupation"].key)
    sides = []
    for measure, column in (("TYOTTOMATLOPUSSA", "unemployed"), ("AVPAIKATLOPUSSA", "vacancies")):
        side = frame[frame["measure"] == measure].set_index(key)[["value", "status"]]
        sides.append(side.rename(columns={"value": column, "status": f"{column}_status"}))
    wide = sides[0].join(sides[1], how="outer").reset_index()
    statuses = ["unemployed_status", "vacancies_status"]
    wide[statuses] = wide[statuses].fillna("not_available")
    return wide


def _during_month(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(labour_market_status="SSS")


def _boundaries(frame: pd.DataFrame) -> pd.DataFrame:
    country = frame["country"].iloc[0]
    if country == "NO":
        frame = frame.assign(area_code="NO-" + frame["kommunenummer"])
    geometry = [
        json.dumps(clockwise_rounded(shape, BOUNDARY_DECIMALS[country]), separators=(",", ":"))
        for shape in frame["geometry"]
    ]
    return frame.assign(geometry=geometry)


def _areas(frame: pd.DataFrame) -> pd.DataFrame:
    if "kommunenavn" in frame.columns:
        frame = frame.assign(
            area_code="NO-" + frame["kommunenummer"],
            name_fi=frame["kommunenavn"],
            name_sv=frame["kommunenavn"],
            name_en=frame["kommunenavn"],
        )
    levels = {"former_municipality": "other", "no_area": "other", "county": "region"}
    # A code without a Finnish name keeps the name the source has; reference/areas.csv names those shown.
    name_fi = frame["name_fi"].where(frame["name_fi"] != "", frame["name_en"])
    return frame.assign(level=frame["level"].replace(levels), name_fi=name_fi, name_se="", official_name_fi="")


def _memberships(frame: pd.DataFrame) -> pd.DataFrame:
    pairs = []
    municipalities = frame[frame["level"] == "municipality"]
    for column, prefix, valid_from in (
        ("region_code", "", pd.NaT),
        ("sub_region_code", "", pd.NaT),
        ("employment_area_code", "TA", pd.Timestamp("2025-01-01")),
    ):
        part = municipalities.loc[municipalities[column] != "", ["area_code", column]]
        pairs.append(
            pd.DataFrame(
                {
                    "area_code": part["area_code"],
                    "parent_code": prefix + part[column],
                    "valid_from": pd.Series(valid_from, index=part.index, dtype="datetime64[s]"),
                    "valid_to": pd.Series(pd.NaT, index=part.index, dtype="datetime64[s]"),
                }
            )
        )
    return pd.concat(pairs)


def _industries(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(level=frame["level"].replace({"unknown": "other"}), label_source=frame["source"])


# Which table the labels of a file of figures belong to.
LABELLED_TABLE = {
    "employment_service_monthly": "employment_service",
    "employment_service_2026_06": "employment_service",
    "employment_service_quarterly": "employment_service",
    "occupation_monthly": "employment_service_occupation",
    "occupation_software_2026_06": "employment_service_occupation",
    "vacancy_flows_monthly": "vacancy_flow",
    "accommodation_nights_monthly": "accommodation",
    "population_yearly": "population",
    "population_projection": "population_projection",
    "migration_yearly": "migration",
    "migration_flows": "migration_flow",
    "commuting_yearly": "commuting",
    "municipality_key_figures_yearly": "area_indicator",
    "education_2025": "area_indicator",
    "income_2024": "area_indicator",
    "sotkanet_yearly": "area_indicator",
    "labour_force_survey_2026_06": "labour_force_survey",
    "norway_registered_unemployed_monthly": "norway_unemployed",
    "press_release_figures": "employment_service_bulletin",
}


def _measures(frame: pd.DataFrame) -> pd.DataFrame:
    if unknown := sorted(set(frame["file"]) - set(LABELLED_TABLE)):
        raise SeedImportError(f"measure_labels.csv: labels of an unknown file {', '.join(unknown)}")
    frame = frame.assign(subject=frame["file"].map(LABELLED_TABLE), checked=True)
    return frame.drop_duplicates(["subject", "measure", "label_language"])


_RESHAPE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "employment_service_occupation": _occupations_wide,
    "occupation_during_month": _during_month,
    "area_boundary": _boundaries,
    "area": _areas,
    "area_membership": _memberships,
    "industry": _industries,
    "measure": _measures,
}


def _write(source: Source, edition: Edition, table: pa.Table, output: Path, report: Callable[[str], None]) -> SeedFile:
    subject = SUBJECTS[edition.table]
    path = output / f"{source.id.replace(':', '-')}_{edition.name}.parquet"
    pq.write_table(table, path, compression="zstd", compression_level=19, write_statistics=False, store_schema=False)
    first, last = _periods(table, subject)
    entry = SeedFile(
        file=path.name,
        source_id=source.id,
        subject=edition.table,
        publisher=edition.publisher or source.publisher,
        statistic=source.statistic,
        statistic_fi=source.statistic_fi,
        statistic_sv=source.statistic_sv,
        table=source.table_id,
        first_period=first,
        last_period=last,
        cadence=source.cadence,
        licence=source.licence,
        licence_url=source.licence_url,
        attribution=edition.attribution or source.attribution,
        verify_url=source.verify_url,
        reliability=edition.reliability,
        published_at=edition.published_at,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        rows=table.num_rows,
        note=edition.note,
        note_fi=edition.note_fi,
        note_sv=edition.note_sv,
    )
    report(f"{entry.file}: {entry.rows} rows of {entry.subject}, {first or '-'} to {last or '-'}")
    return entry


def _periods(table: pa.Table, subject: Subject) -> tuple[str | None, str | None]:
    if subject.period is None:
        return None, None
    column = pc.min_max(table[subject.period]).as_py()
    shape = "{}" if subject.period == "year" else "{:%Y-%m}"
    return shape.format(column["min"]), shape.format(column["max"])


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="Folder with the input files and their manifest.json.")],
    output: Annotated[Path, typer.Option(help="Directory of the seed.")] = SEED_DIR,
) -> None:
    """Write the seed from a folder of official figures. Exit 0 when written, 1 when an input does not fit."""
    try:
        entries = import_folder(folder, output, report=typer.echo)
    except SeedImportError as error:
        typer.echo(f"Seed not written. {error}", err=True)
        raise typer.Exit(1) from error
    size = sum((output / entry.file).stat().st_size for entry in entries)
    typer.echo(f"{len(entries)} files, {sum(entry.rows for entry in entries)} rows, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    app()
