"""Postings of Job Market Finland: off without permission; counts only, and neither posting nor secret is ever kept."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from loaders import kipa
from loaders.areas import RegionAreas
from loaders.errors import BindingError, BodyError, FormatError, OffError, RefusedError, ServiceUnavailableError
from loaders.kipa import DECLARATIONS, Kipa, is_on
from tests.emulator.kipa import KEY, TOKEN, KipaService
from tests.emulator.loopback import HTML, Reply
from tests.loaders.documents import Rig, rig

(POSTINGS,) = DECLARATIONS

OFF = "off: set TILANNEHUONE_KIPA_KEY and TILANNEHUONE_KIPA_TOKEN"
ROWS = "SELECT area_code, month, value, status, counted_on FROM job_posting_count ORDER BY area_code, month"


@pytest.fixture
def service() -> Iterator[KipaService]:
    with KipaService() as emulator:
        yield emulator


@pytest.fixture
def permitted(service: KipaService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    at(monkeypatch, datetime(2026, 9, 24, 9, tzinfo=UTC))
    return rig(monkeypatch, lapland, Kipa, kipa.table_load, KIPA_URL=service.url, KIPA_KEY=KEY, KIPA_TOKEN=TOKEN)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(kipa, "now", lambda: moment)


@pytest.mark.parametrize(
    "environment", [{}, {"KIPA_KEY": KEY}, {"KIPA_TOKEN": TOKEN}, {"KIPA_KEY": "", "KIPA_TOKEN": ""}]
)
def test_without_both_secrets_it_is_off_and_asks_nothing(
    service: KipaService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    off = rig(monkeypatch, lapland, Kipa, kipa.table_load, KIPA_URL=service.url, **environment)
    assert not is_on(off.settings)
    assert off.publisher.probe(POSTINGS, lapland) == OFF
    assert off.publisher.opening().endswith(OFF)
    with pytest.raises(OffError, match=f"^{OFF}.$"):
        off.refresh(POSTINGS)
    assert service.log == []
    assert off.store.loads() == []


def test_open_postings_are_counted_by_municipality(permitted: Rig, service: KipaService) -> None:
    outcome = permitted.refresh(POSTINGS)
    assert (outcome.state, outcome.asked, outcome.record.periods) == ("loaded", 21, ("2026M09",))
    rows = {code: rest for code, *rest in permitted.rows(POSTINGS, ROWS)}
    assert len(rows) == 21
    assert rows["KU698"] == [date(2026, 9, 1), 120.0, "published", date(2026, 9, 24)]
    assert rows["KU890"] == [date(2026, 9, 1), 0.0, "published", date(2026, 9, 24)]
    assert b'"municipalityIn": ["047"]' in service.log[0].body.replace(b'":[', b'": [')


def test_neither_posting_nor_secret_is_kept_or_logged(
    permitted: Rig, service: KipaService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.troubles = [Reply(status=503)]
    permitted.refresh(POSTINGS)
    kept = b"".join(path.read_bytes() for path in permitted.settings.raw_dir.rglob("*") if path.is_file())
    for secret in ("Kokki", "Esimerkki", KEY, TOKEN):
        assert secret.encode() not in kept
        assert secret not in caplog.text
        assert secret not in repr(permitted.settings)


def test_a_token_that_is_refused_is_said_without_it(permitted: Rig, service: KipaService) -> None:
    service.token = "another"
    with pytest.raises(RefusedError, match=r"401.*Ask the KEHA Centre") as refusal:
        permitted.refresh(POSTINGS)
    assert TOKEN not in str(refusal.value)
    service.token = TOKEN
    service.troubles = [Reply(status=403)]
    with pytest.raises(RefusedError, match=r"403.*Ask the KEHA Centre"):
        permitted.refresh(POSTINGS)


def test_secrets_do_not_follow_a_redirect(permitted: Rig, service: KipaService) -> None:
    service.troubles = [Reply(status=307, headers={"Location": f"{service.url}/elsewhere"})]
    with pytest.raises(RefusedError, match="307"):
        permitted.refresh(POSTINGS)
    assert len(service.log) == 1


def test_the_last_count_of_a_month_stands_for_it(
    permitted: Rig, service: KipaService, monkeypatch: pytest.MonkeyPatch
) -> None:
    permitted.refresh(POSTINGS)
    assert permitted.refresh(POSTINGS).state == "unchanged"
    service.postings["698"] = 90
    # Finnish midnight has passed: the 1st of October there.
    for moment in (datetime(2026, 9, 29, 9, tzinfo=UTC), datetime(2026, 9, 30, 21, 30, tzinfo=UTC)):
        at(monkeypatch, moment)
        assert permitted.refresh(POSTINGS).state == "loaded"
    rows = [row[1:] for row in permitted.rows(POSTINGS, ROWS) if row[0] == "KU698"]
    assert rows == [
        (date(2026, 9, 1), 90.0, "published", date(2026, 9, 29)),
        (date(2026, 10, 1), 90.0, "published", date(2026, 10, 1)),
    ]


def test_an_interrupted_count_goes_on_the_same_day(permitted: Rig, service: KipaService) -> None:
    ordinary = service.answer
    service.answer = lambda request: (  # type: ignore[method-assign]
        Reply(status=400) if b"240" in request.body else ordinary(request)
    )
    with pytest.raises(RefusedError):
        permitted.refresh(POSTINGS)
    service.answer = ordinary  # type: ignore[method-assign]
    outcome = permitted.refresh(POSTINGS)
    assert (outcome.asked, outcome.kept) == (19, 2)


def test_counts_of_other_municipalities_do_not_do(permitted: Rig) -> None:
    count = b'{"area_code":"KU091","counted_on":"2026-09-24","postings":3}'
    with pytest.raises(BindingError, match="Expected the municipalities KU047, KU148"):
        kipa.read(POSTINGS, [count], permitted.areas)
    with pytest.raises(FormatError, match="Not a count of postings"):
        kipa.read(POSTINGS, [b'{"area_code":"KU091"}'], permitted.areas)


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json", "text/plain;charset=UTF-8"])
def test_lines_of_json_come_under_several_content_types(
    permitted: Rig, service: KipaService, content_type: str
) -> None:
    service.content_type = content_type
    assert permitted.refresh(POSTINGS).state == "loaded"


@pytest.mark.parametrize(
    ("reply", "failure", "message"),
    [
        (Reply(b"<html></html>", HTML), BodyError, "the answer is text/html"),
        (Reply(b'[{"id": 1}]'), FormatError, "not one posting a line"),
        (Reply(b'{"id": 1}\n{"id": '), FormatError, "not one posting a line"),
        (Reply(b'{"id": 1}\n' * 3, cut=True), BodyError, "cut off"),
    ],
)
def test_a_foreign_answer_stops_the_load(
    permitted: Rig, service: KipaService, reply: Reply, failure: type[Exception], message: str
) -> None:
    service.troubles = [reply]
    with pytest.raises(failure, match=message):
        permitted.refresh(POSTINGS)
    assert permitted.store.loads() == []


def test_a_busy_service_is_asked_again_and_a_broken_one_is_said(permitted: Rig, service: KipaService) -> None:
    service.troubles = [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=500)]
    assert permitted.refresh(POSTINGS).state == "loaded"
    service.troubles = [Reply(status=503)] * 4
    with pytest.raises(ServiceUnavailableError):
        permitted.refresh(POSTINGS, full=True)
