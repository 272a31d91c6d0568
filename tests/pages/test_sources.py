"""Aineistot: whatever the loads have come to, the view says what failed, what is late and how to go on."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import screen
from streamlit.testing.v1 import AppTest

from data.catalogue import load_sources
from data.snapshots import Snapshot
from data.status import SourceStatus, dump_status
from settings import Settings, get_settings
from ui import refresh

LOADABLE = [source.id for source in load_sources().values() if source.loadable]
OTHERS = len(load_sources()) - len(LOADABLE)
Publish = Callable[..., None]


@pytest.fixture
def home(data_dir: Path, in_service: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of this test's own, the seed's snapshot in service."""
    monkeypatch.setenv("TILANNEHUONE_DATA_DIR", str(data_dir))
    get_settings.cache_clear()
    (data_dir / "snapshots").mkdir(parents=True)
    shutil.copyfile(in_service.path, data_dir / "snapshots" / in_service.path.name)
    (data_dir / "snapshots" / "current").write_text(f"{in_service.snapshot_id}\n")
    return data_dir


@pytest.fixture
def publish(home: Path, in_service: Snapshot) -> Publish:
    """Puts a copy of the seed's snapshot in service under an id of its own, built later, after SQL has run on it."""

    def put(snapshot_id: str, sql: str = "SELECT 1", later: timedelta = timedelta(hours=1)) -> None:
        path = home / "snapshots" / f"{snapshot_id}.duckdb"
        shutil.copyfile(in_service.path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)
            built = in_service.created_at.replace(tzinfo=None) + later
            connection.execute("UPDATE snapshot SET snapshot_id = ?, created_at = ?", [snapshot_id, built])
            connection.execute("UPDATE source_fetch SET origin = 'file'")  # a changed seed alone would be rebuilt
        (home / "snapshots" / "current").write_text(f"{snapshot_id}\n")

    return put


@pytest.fixture
def maintenance(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The button is shown; whatever a test starts ends with it."""
    monkeypatch.setenv("TILANNEHUONE_MAINTENANCE", "1")
    get_settings.cache_clear()
    monkeypatch.setattr(refresh, "_started", None)
    yield home
    if refresh._started is not None:
        refresh._started.process.kill()
        refresh._started.process.wait(timeout=20)


def fine(updated: datetime | None = None) -> SourceStatus:
    now = datetime.now(UTC)
    return SourceStatus(
        last_attempt=now, result="loaded", message="m", last_success=now, updated=updated or now, last_period="2026M08"
    )


def failed(message: str, success: datetime | None = None) -> SourceStatus:
    return SourceStatus(last_attempt=datetime.now(UTC), result="failed", message=message, last_success=success)


def write_log(home: Path, log: dict[str, SourceStatus]) -> None:
    (home / "status.json").write_bytes(dump_status(log))


def write_progress(home: Path, **fields: object) -> None:
    progress = {"pid": os.getpid(), "started_at": "2026-11-25T06:00:00Z", "sources": ["statfin:12r5", "statfin:12ti"]}
    (home / "progress.json").write_text(json.dumps({**progress, **fields}))


def sound(app: AppTest) -> AppTest:
    assert [problem.message for problem in app.exception] == []
    assert [problem.value for problem in app.error] == []
    return app


def texts(app: AppTest) -> str:
    return "\n".join(screen.words(app.main))


def summary(app: AppTest) -> str:
    """The line of counts, without its colours."""
    (line,) = [element.value for element in app.markdown if "mukana tulevat **" in element.value]
    return line.replace(":orange[", "").replace("]", "").replace("**", "")


def groups(app: AppTest) -> list[str]:
    return [text for text in screen.headings(app.main) if text.endswith(")")]


def ended_ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=20)
    return ended.pid


# What the loads have come to


def test_before_any_load_the_seed_is_served_and_nothing_is_said_to_be_late(home: Path) -> None:
    app = sound(screen.visit("aineistot"))
    assert summary(app) == f"ei haettu {len(LOADABLE)} · mukana tulevat {OTHERS}"
    assert groups(app) == [f"Ei haettu ({len(LOADABLE)})", f"Mukana tulevat ({OTHERS})"]
    assert "Päivitystä ei ole vielä ajettu: luvut ovat palvelun mukana tulleita." in texts(app)


def test_when_everything_is_fine_nothing_asks_for_attention(home: Path) -> None:
    write_log(home, {source_id: fine() for source_id in LOADABLE})
    app = sound(screen.visit("aineistot"))
    assert summary(app) == f"kunnossa {len(LOADABLE)} · mukana tulevat {OTHERS}"
    assert groups(app) == [f"Kunnossa ({len(LOADABLE)})", f"Mukana tulevat ({OTHERS})"]


def test_what_failed_stands_first_with_its_message_and_the_command_to_retry(home: Path) -> None:
    log = {source_id: fine() for source_id in LOADABLE}
    log["statfin:12tf"] = failed("No measure TYOTOSUUS in the table.", datetime(2026, 9, 22, 5, 30, tzinfo=UTC))
    log["statfin:12ti"] = failed("The service did not answer.")
    write_log(home, log)
    app = sound(screen.visit("aineistot"))
    assert groups(app)[0] == "Epäonnistuneet (2)"
    assert summary(app).startswith("epäonnistuneet 2 · kunnossa ")
    assert sorted(block.value for block in app.code) == [
        "No measure TYOTOSUUS in the table.",
        "The service did not answer.",
    ]
    assert "Hakuohjelman viesti [en]:" in texts(app)
    assert "python -m loaders refresh statfin:12tf" in texts(app)
    (line,) = [element.value for element in app.markdown if "12tf](" in element.value]
    assert "haettu viimeksi 22.9.2026 8.30" in line
    (line,) = [element.value for element in app.markdown if "12ti](" in element.value]
    assert "ei ole koskaan onnistunut" in line
    assert "näkymissä 1/2006–6/2026" in line


def test_sources_of_a_silent_service_fail_in_one_card(home: Path) -> None:
    write_log(home, {source_id: failed("The service did not answer.") for source_id in LOADABLE})
    app = sound(screen.visit("aineistot"))
    assert [block.value for block in app.code] == ["The service did not answer."]
    assert summary(app) == f"epäonnistuneet {len(LOADABLE)} · mukana tulevat {OTHERS}"


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("sv", "Misslyckade (1)", "Hämtningsprogrammets meddelande [en]:"), ("en", "Failed (1)", "The loader's message:")],
)
def test_a_failure_is_said_in_the_language_of_the_view(home: Path, language: str, heading: str, said: str) -> None:
    write_log(home, {"statfin:12r5": failed("The service did not answer.")})
    app = sound(screen.visit("aineistot", lang=language))
    assert groups(app)[0] == heading
    assert said in texts(app)
    assert [block.value for block in app.code] == ["The service did not answer."]


def test_a_release_that_was_expected_and_has_not_come_is_late(home: Path) -> None:
    log = {source_id: fine() for source_id in LOADABLE}
    log["statfin:12r5"] = fine(updated=datetime.now(UTC) - timedelta(days=90))
    write_log(home, log)
    app = sound(screen.visit("aineistot"))
    assert groups(app)[0] == "Myöhässä (1)"
    late = screen.table_with(app.main, "Odotettiin")
    assert late["Tilasto ja tuottaja"].tolist() == ["**Työnvälitystilasto**  \nKEHA-keskus"]
    assert late["Odotettiin"].str.fullmatch(r"\d+\.\d+\.\d{4}").all()
    assert late["Seuraava odotettu"].str.fullmatch(r"\d+\.\d+\.\d{4} 8\.00").all()
    assert late["Rakenne"].tolist() == ["vahvistettu"]


def test_expectations_are_said_once_to_be_the_products_own(home: Path) -> None:
    text = texts(sound(screen.visit("aineistot")))
    assert text.count("Tuottajat eivät ole sitä luvanneet.") == 1
    assert "Odotettu julkaisuhetki on tämän palvelun oma odotus." in text


def test_every_source_has_its_licence_and_most_a_link_to_verify(home: Path) -> None:
    app = sound(screen.visit("aineistot"))
    shown = [table for table in screen.tables(app.main) if "Lisenssi" in table]
    assert sum(map(len, shown)) == len(load_sources())
    assert all(table["Lisenssi"].str.len().min() > 3 for table in shown)
    links = sum(table["Taulu ja tarkistus"].str.contains("](https://", regex=False).sum() for table in shown)
    assert links >= len(LOADABLE) - 1


def test_the_reader_chooses_what_to_see(home: Path) -> None:
    log = {source_id: fine() for source_id in LOADABLE[2:]}
    log[LOADABLE[0]] = failed("The service did not answer.")
    write_log(home, log)
    app = sound(screen.visit("aineistot"))
    (choice,) = [group for group in app.button_group if "Epäonnistuneet 1" in group.options]
    assert choice.options == [f"Kaikki {len(load_sources())}", "Epäonnistuneet 1", "Myöhässä 0", "Ei haettu 1"]
    choice.set_value("failed").run()
    assert groups(sound(app)) == ["Epäonnistuneet (1)"]
    (choice,) = [group for group in app.button_group if "Epäonnistuneet 1" in group.options]
    choice.set_value("late").run()
    assert groups(sound(app)) == []
    assert "Ei yhtään aineistoa tässä tilanteessa." in texts(app)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"statfin:12r5": {"result": "fine"}}', b"\xff\xfe", b""])
def test_a_damaged_log_is_said_to_be_one(home: Path, content: bytes) -> None:
    (home / "status.json").write_bytes(content)
    app = sound(screen.visit("aineistot"))
    assert [warning.value.partition(":")[0] for warning in app.warning] == ["Hakujen loki on vioittunut"]
    assert groups(app)[0] == f"Ei haettu ({len(LOADABLE)})"


@pytest.mark.parametrize("name", ["status.json", "progress.json"])
def test_a_folder_in_the_place_of_a_file_breaks_nothing(home: Path, name: str) -> None:
    (home / name).mkdir()
    sound(screen.visit("aineistot"))


# A refresh and its progress


def test_a_refresh_that_goes_on_elsewhere_shows_how_far_it_has_come(home: Path) -> None:
    write_progress(home, done=1, current="statfin:12ti", arrived=1, whole=2, failed=["statfin:12r5"])
    app = sound(screen.visit("aineistot"))
    (bar,) = app.get("progress")
    assert bar.proto.value == 75
    assert bar.proto.text == "**1/2** · Haetaan: Työnvälitystilasto (12ti)"
    assert ":orange[**1 epäonnistui**]: Työnvälitystilasto (12r5)." in texts(app)
    assert [button for button in app.button if button.key == "refresh"] == []


def test_after_the_last_source_the_snapshot_is_built(home: Path) -> None:
    write_progress(home, done=2)
    (bar,) = sound(screen.visit("aineistot")).get("progress")
    assert bar.proto.text == "**2/2** · Kaikki on kysytty. Luvut tarkistetaan ja uusi aineistoversio rakennetaan."


def test_a_refresh_that_ended_says_how_it_went(home: Path) -> None:
    write_progress(home, done=2, finished_at="2026-11-25T06:12:00Z", failed=["statfin:12ti"])
    app = sound(screen.visit("aineistot"))
    assert app.get("progress") == []
    assert (
        "Viimeisin päivitys päättyi 25.11.2026 8.12: 2 aineistoa kysytty. "
        ":orange[**1 epäonnistui**]: Työnvälitystilasto (12ti)." in texts(app)
    )
    write_progress(home, done=2, finished_at="2026-11-25T06:12:00Z")
    assert "2 aineistoa kysytty. Kaikki onnistuivat." in texts(sound(app.run()))


def test_a_refresh_that_was_cut_short_says_so(home: Path) -> None:
    write_progress(home, pid=dead_pid(), done=1)
    app = sound(screen.visit("aineistot"))
    assert [warning.value for warning in app.warning] == [
        "Päivitys, joka alkoi 25.11.2026 8.00, keskeytyi. Uusi päivitys jatkaa siitä, mihin se jäi."
    ]


@pytest.mark.parametrize("content", ["{", "null", '{"pid": "x"}'])
def test_damaged_progress_is_no_progress(home: Path, content: str) -> None:
    (home / "progress.json").write_text(content)
    assert "Päivitystä ei ole vielä ajettu" in texts(sound(screen.visit("aineistot")))


def test_without_maintenance_there_is_no_button_and_one_line_says_how_to_get_it(home: Path) -> None:
    app = sound(screen.visit("aineistot"))
    assert [button for button in app.button if button.key == "refresh"] == []
    assert "Painike tulee näkyviin asetuksella `TILANNEHUONE_MAINTENANCE=1`." in texts(app)


def test_the_button_rests_while_a_refresh_goes_on(maintenance: Path) -> None:
    write_progress(maintenance, done=1, current="statfin:12ti")
    button = sound(screen.visit("aineistot")).button(key="refresh")
    assert (button.label, button.disabled) == ("Päivitys on käynnissä", True)


LOADER = """
import json, os, sys, time
from pathlib import Path
path = Path(os.environ["TILANNEHUONE_DATA_DIR"]) / "progress.json"
state = {"pid": os.getpid(), "started_at": sys.argv[1], "sources": ["statfin:12r5"], "current": "statfin:12r5"}
path.write_text(json.dumps(state))
time.sleep(60)
"""


def until(app: AppTest, holds: Callable[[AppTest], bool], seconds: float = 30.0) -> AppTest:
    end = time.monotonic() + seconds
    while not holds(sound(app)):
        assert time.monotonic() < end, texts(app)
        time.sleep(0.2)
        app.run()
    return app


def test_pressing_the_button_starts_a_process_of_its_own_and_follows_it(
    maintenance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
    monkeypatch.setattr(refresh, "COMMAND", (sys.executable, "-c", LOADER, later))
    app = sound(screen.visit("aineistot"))
    app.button(key="refresh").click().run()
    assert app.button(key="refresh").disabled
    until(app, lambda seen: "Haetaan: Työnvälitystilasto (12r5)" in texts(seen))
    started = refresh._started
    assert started is not None
    assert os.getsid(started.process.pid) == started.process.pid
    refresh.start()
    assert refresh._started is started
    started.process.kill()
    until(app, lambda seen: not seen.button(key="refresh").disabled)
    assert [warning.value.rpartition(", ")[0].partition(",")[0] for warning in app.warning] == ["Päivitys"]


def test_a_refresh_that_cannot_begin_says_why(maintenance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEHUONE_REGION", "MK99")
    app = sound(screen.visit("aineistot"))
    app.button(key="refresh").click().run()
    until(app, lambda seen: len(seen.warning) == 1)
    assert app.warning[0].value == "Päivitys päättyi ennen kuin se alkoi. Sen viesti [en]:"
    assert "MK99" in app.code[0].value
    assert not app.button(key="refresh").disabled
    # Whoever refreshes next is heard again.
    write_progress(maintenance, started_at=ended_ago(0), finished_at=ended_ago(0), done=2)
    assert "2 aineistoa kysytty. Kaikki onnistuivat." in texts(sound(app.run()))


def test_a_process_that_cannot_be_started_is_said_to_be_one(maintenance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "COMMAND", (str(maintenance / "no such program"),))
    app = sound(screen.visit("aineistot"))
    app.button(key="refresh").click().run()
    assert [warning.value for warning in sound(app).warning] == ["Päivitystä ei voi käynnistää."]


def test_a_log_that_is_gone_leaves_the_message_empty(home: Path) -> None:
    assert refresh.log_tail(Settings(data_dir=home)) == ""


# A newer snapshot


@pytest.mark.parametrize("view", list(screen.FILES))
def test_a_newer_snapshot_is_offered_and_taken_when_the_reader_says_so(
    publish: Publish, in_service: Snapshot, view: str
) -> None:
    app = sound(screen.visit(view))
    title = app.title[0].value
    assert "Uudempi aineistoversio on saatavilla." not in texts(app)
    publish("newer0000000", "UPDATE employment_service SET value = value + 1000 WHERE value > 10")
    assert "Uudempi aineistoversio on saatavilla." in texts(sound(app.run()))
    assert app.title[0].value == title
    (button,) = [button for button in app.button if button.label == "Avaa uusi aineistoversio"]
    button.click().run()
    assert "Uudempi aineistoversio on saatavilla." not in texts(sound(app))
    assert app.session_state["snapshot_id"] == "newer0000000"
    assert "snapshot" not in app.query_params


def test_a_new_session_opens_what_is_in_service(publish: Publish) -> None:
    publish("newer0000000")
    app = sound(screen.visit("aineistot"))
    assert "newer0000000" in texts(app)
    assert "Uudempi aineistoversio on saatavilla." not in texts(app)


def test_going_back_to_an_earlier_snapshot_is_said_to_be_that(
    publish: Publish, home: Path, in_service: Snapshot
) -> None:
    publish("newer0000000")
    app = sound(screen.visit("utsjoki"))
    publish("earlier00000", later=-timedelta(hours=1))
    assert "Käyttöön on palautettu aiempi aineistoversio." in texts(sound(app.run()))
    (button,) = [button for button in app.button if button.label == "Avaa se"]
    button.click().run()
    assert app.session_state["snapshot_id"] == "earlier00000"


def test_who_follows_a_link_to_an_older_snapshot_is_left_in_peace(publish: Publish, in_service: Snapshot) -> None:
    publish("newer0000000")
    app = sound(screen.visit("utsjoki", snapshot=in_service.snapshot_id))
    assert "Uudempi aineistoversio on saatavilla." not in texts(app)
    assert f"Näkymä on kiinnitetty aineistoversioon {in_service.snapshot_id}." in texts(app)


def test_a_link_does_not_bind_the_session_beyond_it(publish: Publish, in_service: Snapshot) -> None:
    publish("newer0000000")
    app = sound(screen.visit("utsjoki", snapshot=in_service.snapshot_id))
    app.query_params.clear()
    app.query_params["lang"] = "fi"
    sound(app.run())
    assert app.session_state["snapshot_id"] == "newer0000000"


def test_a_session_whose_snapshot_was_deleted_goes_on_with_the_one_in_service(
    publish: Publish, home: Path, in_service: Snapshot
) -> None:
    app = sound(screen.visit("utsjoki"))
    publish("newer0000000")
    (home / "snapshots" / in_service.path.name).unlink()
    sound(app.run())
    assert app.warning.len == 0
    assert app.session_state["snapshot_id"] == "newer0000000"


# What changed, what was revised, what was known

REVISED = """
INSERT INTO source_fetch SELECT * REPLACE (9001 AS fetch_id, TIMESTAMP '2026-09-22 05:00:00' AS published_at,
    TIMESTAMP '2026-09-22 06:00:00' AS fetched_at) FROM source_fetch
    WHERE source_id = 'statfin:12r5' ORDER BY fetch_id DESC LIMIT 1;
UPDATE employment_service SET fetch_id = 9001, value = 51
    WHERE area_code = 'KU890' AND measure = 'TYOTTOMATLOPUSSA' AND month = DATE '2026-06-01';
INSERT INTO edition_period VALUES (9001, '2026-06');
DELETE FROM revision;
INSERT INTO revision VALUES ('statfin:12r5', 'employment_service',
    'employment_service|KU890|TYOTTOMATLOPUSSA|2026-06|value', 50, 51, 'published', 'published', 9001)
"""


def test_a_revised_figure_stands_with_its_old_value_and_since_when(publish: Publish) -> None:
    publish("revised00000", REVISED)
    app = sound(screen.visit("aineistot"))
    cells = screen.table_with(app.main, "Ennen", "Nyt")
    assert cells.to_numpy().tolist() == [
        ["Utsjoki · Työttömät työnhakijat laskentapäivänä (lkm.)", "6/2026", "50", "51", "22.9.2026"]
    ]
    counted = screen.table_with(app.main, "Muuttui", "Tuli lisää")
    assert counted.to_numpy().tolist() == [["22.9.2026", "Työnvälitystilasto (12r5)", "1", "0", "6/2026"]]


def test_the_view_answers_what_was_known_on_a_day(publish: Publish) -> None:
    publish("revised00000", REVISED)
    app = sound(screen.visit("aineistot"))
    app.selectbox(key="known-area-statfin:12r5-fi").set_value("KU890").run()
    measure = ((("measure", "TYOTTOMATLOPUSSA"),), "value")
    app.selectbox(key="known-series-statfin:12r5-fi").set_value(measure).run()
    day = app.selectbox(key="known-day-statfin:12r5-fi")
    assert day.options[:2] == ["22.9.2026", "25.8.2026"]
    assert [row[:3] for row in known(app)] == [["6/2026", "50", "51"]]
    day.set_value(datetime(2026, 9, 22).date()).run()
    assert [row[:3] for row in known(app)] == [["6/2026", "51", "51"]]


def known(app: AppTest) -> list[list[str]]:
    """The newest row of what was known then and now."""
    return screen.table_with(sound(app).main, "Silloin", "Nyt").head(1).to_numpy().tolist()


CHANGED = """
DELETE FROM change_report;
INSERT INTO change_report VALUES
    ('statfin:12r5', 'new_period', 'employment_service|2026-08', NULL, NULL, NULL, NULL, 84),
    ('statfin:12r5', 'lost_series', 'employment_service|KU890|TYOTTOMATLOPUSSA', NULL, NULL, NULL, NULL, 12),
    ('statfin:12r5', 'classification', 'employment_service|measure|+NEW -OLD', 1, 2, NULL, NULL, 3),
    ('statfin:classification-areas', 'membership', 'area_membership|KU890|MK19', NULL, NULL, 'member', NULL, 1),
    ('statfin:12r5', 'sum', 'employment_service|MK19|TYOTTOMATLOPUSSA|2026-06|value', 9100, 9137, NULL, NULL, 21)
"""


def test_the_change_report_tells_every_kind_of_change(publish: Publish) -> None:
    publish("changed00000", CHANGED)
    app = sound(screen.visit("aineistot"))
    table = screen.table_with(app.main, "Muutos", "Rivejä")
    assert sorted(table["Muutos"]) == [
        "kadonnut sarja",
        "muuttunut aluejako",
        "muuttunut luokitus",
        "summa ei täsmää",
        "uusi ajanjakso",
    ]
    text = texts(app)
    assert "Utsjoki · Työttömät työnhakijat laskentapäivänä (lkm.)" in text
    assert "`measure: +NEW -OLD`: poistui 1, tuli 2" in text
    assert "Utsjoki ei enää kuulu alueeseen Lappi" in text
    assert "6/2026: näkyvät osat yhteensä 9\u00a0100, julkaistu summa 9\u00a0137" in text


def test_a_first_snapshot_has_nothing_to_compare_with(home: Path) -> None:
    text = texts(sound(screen.visit("aineistot")))
    assert "Ei edellistä versiota, johon verrata, tai mikään luku ei muuttunut." in text
