"""The other commands: list, probe, import, verify, rollback, and wrong calls."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from data import checks, snapshots
from data.build import BuildError
from data.catalogue import load_sources
from data.changes import Change
from data.snapshots import Snapshot
from data.status import read_status, status_path
from loaders import report
from loaders.__main__ import app
from loaders.raw import RawStore
from loaders.registry import DECLARED
from settings import get_settings
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import CORE, Run

pytestmark = pytest.mark.usefixtures("recent")

SERVICE, OCCUPATION, INDUSTRY = "statfin:12r5", "statfin:12ti", "statfin:12tw"


def rows(query: str) -> list[tuple]:
    with snapshots.connect(snapshots.current()) as connection:
        return connection.execute(query).fetchall()


def test_list_names_each_statistic_with_publisher_cadence_licence_certainty_and_last_load(run: Run) -> None:
    run("refresh", INDUSTRY)
    lines = run("list").output.splitlines()
    assert len(lines) == 2 * len(DECLARED)
    at = lines.index(
        "statfin:12r5: Employment Service Statistics, KEHA Centre; StatFin/tyonv/12r5.px -> employment_service"
    )
    assert lines[at + 1] == "  monthly; licence not confirmed; contract certain; never loaded"
    by_source = {line.partition(": ")[0]: below for line, below in zip(lines[::2], lines[1::2], strict=True)}
    assert by_source["statfin:13lx"].startswith("  quarterly; licence CC BY 4.0; contract to be discovered; never")
    assert by_source["statfin:117s"].startswith("  yearly; licence CC BY 4.0; contract likely; never")
    assert "; contract certain; loaded 20" in by_source[INDUSTRY]


def test_every_statistic_of_the_plan_is_declared_and_described() -> None:
    tables = (
        "12r5 12tf 12ti 12tu 12tw 12ta 12tj 12te 12tk 12tl 135e 11l1 11n1 135z 13lx 13al 15et 115b 115x 115s 115h 115n"
        " 115p 125s 11re 11ra 11rm 11ae 12w7 14wx 12bs 14ww 117s 11lm 11is 11yq 12vh 156f"
    )
    assert [name for name in DECLARED if name.startswith("statfin:")] == [
        f"statfin:{table}" for table in tables.split()
    ]
    publishers = {name.partition(":")[0] for name in DECLARED}
    assert publishers == {"statfin", "visitfinland", "eurostat", "ssb", "nav", "sotkanet", "geo", "kipa"}
    assert set(DECLARED) <= set(load_sources())


def test_probe_asks_for_metadata_only(service: Emulator, run: Run) -> None:
    result = run("probe", *CORE)
    assert result.exit_code == 0
    assert "at most 120,000 cells a call, 40 calls in 2 s" in result.output
    assert "statfin:12r5: bound: 2024M09 to 2026M08; loads Alue 30, timeperiod_m 24, contentscode 23" in result.output
    assert (service.count("metadata"), service.count("data")) == (3, 0)
    assert not get_settings().raw_dir.exists()


def test_probe_binds_what_is_known_and_says_of_the_rest_what_the_listing_offers(service: Emulator, run: Run) -> None:
    service.calls = 200
    pxweb = [name for name in DECLARED if name.startswith(("statfin:", "visitfinland:"))]
    result = run("probe", *pxweb)
    assert result.exit_code == 0
    said = dict(line.split(": ", 1) for line in result.output.splitlines() if line.startswith(tuple(pxweb)))
    assert [name for name in pxweb if said[name].startswith("bound: ")] == [
        name for name in pxweb if DECLARED[name].certainty != "unknown"
    ]
    unknown = "12ta 12tj 12tl 135e 13lx 13al 15et 11is 12vh"
    assert [name for name in pxweb if said[name].startswith("to be discovered: ")] == [
        f"statfin:{table}" for table in unknown.split()
    ]
    assert "listed as 12vh.px 'Bankruptcies instigated by region and industry, monthly" in said["statfin:12vh"]
    assert "offers alue_23_20260101 " in said["statfin:12vh"]
    assert service.count("data") == 0


def test_probe_of_an_unknown_table_that_is_not_listed_names_the_nearest(service: Emulator, run: Run) -> None:
    service.moved = {"12vh.px": "99zz.px"}
    service.tables["12vh.px"].title = "Enterprise reorganisations"
    service.tables["12vh.px"].title_fi = "Yrityssaneeraukset"
    result = run("probe", "statfin:12vh")
    assert result.exit_code == 0
    assert (
        "statfin:12vh: to be discovered: the folder konk lists 1 tables, none of them surely this; nearest: 99zz.px"
        in result.output
    )


def test_probe_says_what_moved_what_is_new_and_what_no_longer_fits(service: Emulator, run: Run) -> None:
    service.moved = {"12tw.px": "12tw_2027.px"}
    service.tables["12tw.px"].title = "Vacancies by sector in each province at the end of the month"
    service.tables["12r5.px"].contents.values[0] = "UUSIMITTARI"
    service.tables["12ti.px"].contents.values.append("TOINEN")
    result = run("probe", *CORE)
    assert result.exit_code == 1
    assert "statfin:12tw: bound, moved to 12tw_2027.px" in result.output
    assert "statfin:12r5: not bound: Expected the measures AVPAIKATLOPUSSA" in result.output
    assert "statfin:12ti: bound: " in result.output


def test_probe_names_measures_the_declaration_does_not_know(service: Emulator, run: Run) -> None:
    service.tables["12r5.px"].contents.values.append("tyonv-UUSIMITTARI")
    service.tables["12r5.px"].contents.texts.append("New")
    service.tables["12r5.px"].contents.positions.append(0)
    assert "measures not declared: tyonv-UUSIMITTARI" in run("probe", SERVICE).output


def test_probe_of_a_service_that_does_not_answer(service: Emulator, run: Run) -> None:
    service.faults = [Fault("status", on="config", status=503, times=None)]
    result = run("probe", *CORE)
    assert result.exit_code == 1
    assert (
        "statfin:12r5, statfin:12ti, statfin:12tw: not bound: The service answered 503 to every retry" in result.output
    )


def test_a_service_that_does_not_answer_stops_its_own_statistics_alone(service: Emulator, run: Run) -> None:
    service.faults = [Fault("status", on="config", status=503, times=4)]
    result = run("refresh", INDUSTRY, "visitfinland:116n")
    assert result.exit_code == 1
    assert "statfin:12tw: failed: The service answered 503 to every retry" in result.output
    assert "visitfinland:116n: loaded: " in result.output


def declare_only(monkeypatch: pytest.MonkeyPatch, *source_ids: str) -> None:
    for module in ("loaders.__main__", "loaders.publish"):
        monkeypatch.setattr(f"{module}.DECLARED", {source_id: DECLARED[source_id] for source_id in source_ids})


def test_a_refresh_without_names_loads_what_is_known_and_leaves_the_unknown(
    service: Emulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare_only(monkeypatch, INDUSTRY, "statfin:12te", "statfin:12vh")
    result = CliRunner().invoke(app, ["refresh"])
    assert result.exit_code == 0
    assert [line.split(": ")[0] for line in result.output.splitlines() if ": loaded: " in line] == [
        INDUSTRY,
        "statfin:12te",
    ]
    assert service.count("metadata", table="12vh.px") == 0


@pytest.mark.parametrize(
    "call",
    [
        ("refresh", "statfin:none"),
        ("refresh", "--region", "MK99"),
        ("probe", "12r5"),
        ("import", "statfin:12r5"),
        ("import", "statfin:none", "file.json"),
        ("refresh", "--everything"),
        ("fetch",),
        (),
    ],
)
def test_wrong_calls_end_with_status_2_and_change_nothing(
    service: Emulator, run: Run, seeded: Snapshot, call: tuple[str, ...]
) -> None:
    assert run(*call).exit_code == 2
    assert service.log == []
    assert snapshots.current() == seeded


def test_another_region_is_loaded_from_its_own_areas(service: Emulator, run: Run) -> None:
    result = run("probe", SERVICE, "--region", "MK18")
    # The country, Kainuu, its two sub-regions and eight municipalities; no ELY area of its own is known.
    assert "loads Alue 12," in result.output


# Import.


@pytest.fixture
def saved(service: Emulator, tmp_path: Path) -> Path:
    return tmp_path / "saved.json"


def body(service: Emulator, table: str, form: str, **selection: list[str]) -> bytes:
    query = [{"code": code, "selection": {"filter": "item", "values": values}} for code, values in selection.items()]
    found = service.tables[table]
    return found.body(found.select(query), form)


@pytest.mark.parametrize("form", ["json", "json-stat2"])
def test_a_saved_answer_is_taken_in(service: Emulator, run: Run, saved: Path, form: str) -> None:
    areas = ["MK18", "MK19", "KU890"]
    saved.write_bytes(
        body(
            service,
            "12r5.px",
            form,
            Alue=areas,
            timeperiod_m=["2026M06"],
            contentscode=["TYOTTOMATLOPUSSA", "TYOTTOMAT25"],
        )
    )
    result = run("import", SERVICE, str(saved))
    assert result.exit_code == 0
    assert "imported 4 cells of saved.json, edition of 2026-09-22; left out 2 cells" in result.output
    assert rows(
        "SELECT area_code, measure, status FROM employment_service JOIN source_fetch f USING (fetch_id)"
        " WHERE f.origin = 'file' ORDER BY ALL"
    ) == [
        ("KU890", "TYOTTOMAT25", "suppressed"),
        ("KU890", "TYOTTOMATLOPUSSA", "published"),
        ("MK19", "TYOTTOMAT25", "published"),
        ("MK19", "TYOTTOMATLOPUSSA", "published"),
    ]
    assert read_status()[SERVICE].last_period == "2026M06"


def test_a_saved_answer_with_a_few_occupations_is_taken_in(service: Emulator, run: Run, saved: Path) -> None:
    saved.write_bytes(
        body(
            service,
            "12ti.px",
            "json",
            Alue=["MK19"],
            Ammattiryhmä=["2513", "5131"],
            timeperiod_m=["2026M06"],
            contentscode=["TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"],
        )
    )
    assert run("import", OCCUPATION, str(saved)).exit_code == 0
    assert rows(
        "SELECT count(*) FROM employment_service_occupation JOIN source_fetch f USING (fetch_id)"
        " WHERE f.origin = 'file'"
    ) == [(2,)]


def test_a_saved_answer_without_the_variables_left_to_their_totals_is_taken_in(run: Run, saved: Path) -> None:
    saved.write_text(
        "Alue;Toimiala;Kuukausi;AVPAIKATLOPUSSA;ATPAVGJATKESTOT\nMK19;I55;2008M12;120;31.5\nMK19;C17;2008M12;...;.\n"
    )
    result = run("import", INDUSTRY, str(saved))
    assert result.exit_code == 0
    assert "edition of an unknown day" in result.output
    assert rows("SELECT industry_code, measure, value, status FROM vacancy_industry WHERE month = '2008-12-01'") == [
        ("C17", "ATPAVGJATKESTOT", None, "not_defined"),
        ("C17", "AVPAIKATLOPUSSA", None, "suppressed"),
        ("I55", "ATPAVGJATKESTOT", 31.5, "published"),
        ("I55", "AVPAIKATLOPUSSA", 120.0, "published"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "Not a JSON-stat 2 dataset"),
        ("Alue;Kuukausi;TYOTTOMATLOPUSSA\nUtsjoki;2026M06;50\n", "Expected a variable with the areas"),
        ("Alue;Kuukausi;TYOTTOMATLOPUSSA\nKU890;kesä;50\n", "Expected one variable of months"),
        ("Alue;Sukupuoli;Kuukausi;TYOTTOMATLOPUSSA\nKU890;1;2026M06;50\n", "Expected no other variable"),
        ("Alue;Kuukausi;Työttömät\nKU890;2026M06;50\n", "No column is headed by a measure"),
        ("Alue;Kuukausi;TYOTTOMATLOPUSSA\nKU890;2026M06;-5\n", "does not fit the table"),
    ],
)
def test_a_file_whose_codes_do_not_resolve_is_refused(
    run: Run, saved: Path, seeded: Snapshot, content: str, said: str
) -> None:
    saved.write_text(content, encoding="utf-8")
    result = run("import", SERVICE, str(saved))
    assert result.exit_code == 1
    assert said in result.output
    assert snapshots.current() == seeded
    assert RawStore(get_settings().raw_dir).loads() == []


def test_a_file_is_imported_once(run: Run, saved: Path) -> None:
    saved.write_text("Alue;Kuukausi;TYOTTOMATLOPUSSA\nKU890;2026M07;50\n")
    assert run("import", SERVICE, str(saved)).exit_code == 0
    result = run("import", SERVICE, str(saved))
    assert result.exit_code == 1
    assert "This file was imported before (saved.json)" in result.output


def test_an_older_file_leaves_the_newest_period_in_the_status(run: Run, saved: Path) -> None:
    run("refresh", SERVICE)
    saved.write_text("Alue;Kuukausi;TYOTTOMATLOPUSSA\nKU890;2025M07;50\n")
    assert run("import", SERVICE, str(saved)).exit_code == 0
    entry = read_status()[SERVICE]
    assert (entry.last_period, f"{entry.updated:%Y-%m-%d}") == ("2026M08", "2026-09-22")


def test_a_file_that_is_not_there_or_too_large(run: Run, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The file cannot be read: No such file" in run("import", SERVICE, str(saved)).output
    monkeypatch.setattr("loaders.incoming.MAX_BYTES", 10)
    saved.write_text("Alue;Kuukausi;TYOTTOMATLOPUSSA\n")
    assert "larger than 10 bytes" in run("import", SERVICE, str(saved)).output


# Verify, roll back, status.


def test_verify_finds_everything_sound(run: Run) -> None:
    run("refresh", INDUSTRY)
    result = run("verify")
    assert result.exit_code == 0
    assert "1 kept load, the snapshot and its checks." in result.output


def test_verify_says_what_to_mind_without_failing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = checks.Problem("warning", "municipalities sum to 9, MK19 is 10")
    monkeypatch.setattr("loaders.__main__.checks.run", lambda connection: [warning])
    result = run("verify")
    assert result.exit_code == 0
    assert "Note: municipalities sum to 9, MK19 is 10" in result.output


@pytest.mark.parametrize("source", [SERVICE, INDUSTRY])
def test_a_damaged_record_stops_every_source(run: Run, source: str) -> None:
    run("refresh", INDUSTRY)
    before = snapshots.current()
    (folder,) = (get_settings().raw_dir / "statfin" / "12tw").iterdir()
    (folder / "load.json").unlink()
    result = run("refresh", source)
    assert result.exit_code == 1
    assert f"{source}: failed: " in result.output
    assert "The record of a load is missing or unreadable" in result.output
    assert snapshots.current() == before


@pytest.mark.parametrize("damage", ["body", "stamp", "metadata", "missing"])
def test_verify_names_a_kept_response_that_was_damaged_and_refresh_stops_where_it_is_needed(
    run: Run, damage: str, seeded: Snapshot
) -> None:
    run("refresh", INDUSTRY)
    before = snapshots.current()
    (folder,) = (get_settings().raw_dir / "statfin" / "12tw").iterdir()
    name = next(path for path in folder.glob("*.json") if len(path.name) == len("0123456789abcdef.json"))
    path = {
        "body": name,
        "missing": name,
        "stamp": folder / f"{name.stem}.stamp.json",
        "metadata": folder / "metadata.json",
    }[damage]
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-2])
    result = run("verify")
    assert result.exit_code == 1
    assert path.name in result.output
    (kept_rows,) = folder.glob("rows-*.parquet")
    kept_rows.unlink()
    stopped = run("refresh", SERVICE)
    assert stopped.exit_code == 1
    assert path.name in stopped.output
    assert snapshots.current() == before


def test_verify_names_a_snapshot_that_cannot_be_read(
    run: Run, seeded: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:

    def unreadable(connection: object) -> None:
        raise duckdb.IOException("bad block")

    monkeypatch.setattr("loaders.__main__.checks.run", unreadable)
    result = run("verify")
    assert result.exit_code == 1
    assert f"Snapshot {seeded.snapshot_id} cannot be read: bad block" in result.output


def test_rollback_serves_the_snapshot_before_and_refresh_the_newest_again(run: Run, seeded: Snapshot) -> None:
    run("refresh", INDUSTRY)
    newest = snapshots.current()
    assert f"In service: snapshot {seeded.snapshot_id}" in run("rollback").output
    assert snapshots.current() == seeded
    assert run("rollback", newest.snapshot_id).exit_code == 0
    assert snapshots.current() == newest
    result = run("rollback", "0123456789ab")
    assert result.exit_code == 1
    assert "No snapshot 0123456789ab on disk" in result.output


def test_a_damaged_status_log_counts_as_none(run: Run, seeded: Snapshot) -> None:
    status_path().write_text('{"statfin:12r5": 3}')
    assert read_status() == {}
    assert "The log of loads cannot be read" in run("status").output


def test_status_before_anything_was_served(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 0
    assert "No snapshot is in service yet" in result.output


def test_a_load_of_a_source_that_is_no_longer_declared_stops_the_build(
    run: Run, monkeypatch: pytest.MonkeyPatch, seeded: Snapshot
) -> None:
    run("refresh", INDUSTRY)
    declare_only(monkeypatch, SERVICE)
    result = run("refresh", SERVICE)
    assert result.exit_code == 1
    assert "A load of statfin:12tw, which is not declared" in result.output


def test_a_snapshot_that_cannot_be_built_leaves_the_one_before_in_service(
    run: Run, monkeypatch: pytest.MonkeyPatch, seeded: Snapshot
) -> None:
    run("refresh", INDUSTRY)
    before = snapshots.current()

    def fail(*arguments: object, **options: object) -> None:
        raise BuildError("no room on the disk")

    monkeypatch.setattr("loaders.publish.build", fail)
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 1
    assert "statfin:12tw: failed: Not published: no room on the disk" in result.output
    assert snapshots.current() == before


def test_stamps_say_where_from_what_and_when(run: Run, service: Emulator) -> None:
    run("refresh", INDUSTRY)
    (folder,) = (get_settings().raw_dir / "statfin" / "12tw").iterdir()
    (stamp,) = (json.loads(path.read_text()) for path in folder.glob("*.stamp.json") if "metadata" not in path.name)
    assert stamp["url"] == f"{service.url}/en/StatFin/tyonv/12tw.px"
    assert stamp["query"]["response"] == {"format": "json-stat2"}
    assert (stamp["status"], stamp["updated"]) == (200, "2026-09-22T05:00:00Z")
    assert stamp["fetched_at"].endswith("Z")
    record = json.loads((folder / "load.json").read_text())
    assert (record["source_id"], record["origin"], record["region"], record["full"]) == (
        INDUSTRY,
        "service",
        "MK19",
        True,
    )
    assert len(record["periods"]) == 24


def test_the_change_report_reads_well() -> None:
    def change(kind: str, key: str, cells: int = 30, **sides: object) -> Change:
        empty = dict.fromkeys(("old_value", "new_value", "old_status", "new_status"))
        return Change(source_id=SERVICE, kind=kind, key=key, cells=cells, **(empty | sides))  # type: ignore[arg-type]

    hidden = {"old_value": 5.0, "old_status": "published", "new_status": "suppressed"}
    changes = [
        change("new_period", "employment_service|2026-07"),
        change("new_period", "employment_service|2026-08"),
        change("revised", "employment_service|KU890|TYOTTOMAT25|2026-06|value", 1, **hidden),
        *(change("lost_series", f"employment_service|KU{number}|UUDETAVP", 1) for number in range(5)),
    ]
    assert report.lines(changes) == [
        "Changes against the snapshot before:",
        "  statfin:12r5: lost series: 5 (5 rows): employment_service|KU0|UUDETAVP; employment_service|KU1|UUDETAVP; "
        "employment_service|KU2|UUDETAVP and 2 more",
        "  statfin:12r5: new periods: 2 (60 rows): 2026-07, 2026-08",
        "  statfin:12r5: revised cells: 1: employment_service|KU890|TYOTTOMAT25|2026-06|value 5 -> suppressed",
    ]
    assert report.lines([]) == ["No changes against the snapshot before."]
