"""Statistics Norway: unemployed of Finnmark's municipalities from PxWebApi 2 to the rows of a snapshot."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from loaders import ssb
from loaders.areas import RegionAreas
from loaders.errors import BindingError, BodyError, FormatError, RefusedError, ServiceUnavailableError
from loaders.norway import municipality
from loaders.ssb import DECLARATIONS, StatisticsNorway
from tests.emulator.loopback import HTML, Reply
from tests.emulator.ssb import SsbService
from tests.loaders.documents import Rig, rig

(UNEMPLOYED,) = DECLARATIONS

ROWS = "SELECT month, value, status FROM norway_unemployed WHERE area_code = '{}' ORDER BY month"


@pytest.fixture
def service() -> Iterator[SsbService]:
    with SsbService() as emulator:
        yield emulator


@pytest.fixture
def norway(service: SsbService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, StatisticsNorway, ssb.table_load, SSB_URL=service.url)


def test_one_series_a_municipality_across_its_codes(norway: Rig, service: SsbService) -> None:
    outcome = norway.refresh(UNEMPLOYED)
    assert (outcome.state, outcome.asked) == ("loaded", 1)
    assert outcome.record.periods == ("1999M11", "2018M11", "2019M11", "2020M11")
    assert service.paths == ["/tables/10540/metadata", "/tables/10540/data"]
    assert norway.rows(UNEMPLOYED, ROWS.format("NO-5628")) == [
        (date(1999, 11, 1), 18.0, "published"),
        (date(2018, 11, 1), 37.0, "published"),
        (date(2019, 11, 1), 38.0, "published"),
        (date(2020, 11, 1), 44.0, "published"),
    ]
    described = "SELECT DISTINCT labour_market_status, sex, measure FROM norway_unemployed"
    assert norway.rows(UNEMPLOYED, described) == [("fully_unemployed", "total", "persons")]
    areas = "SELECT DISTINCT area_code FROM norway_unemployed ORDER BY ALL"
    assert [row[0] for row in norway.rows(UNEMPLOYED, areas)] == [
        "NO-5605",
        "NO-5610",
        "NO-5612",
        "NO-5622",
        "NO-5628",
        "NO-5636",
    ]


def test_a_figure_not_for_publication_has_no_value(norway: Rig) -> None:
    norway.refresh(UNEMPLOYED)
    assert norway.rows(UNEMPLOYED, ROWS.format("NO-5636"))[:2] == [
        (date(1999, 11, 1), None, "not_available"),
        (date(2018, 11, 1), None, "suppressed"),
    ]


def test_a_published_zero_stays_one(norway: Rig, service: SsbService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SsbService, "figure", lambda *cell: 0)
    norway.refresh(UNEMPLOYED)
    assert norway.rows(UNEMPLOYED, ROWS.format("NO-5610"))[0] == (date(1999, 11, 1), 0.0, "published")


def test_figures_of_two_codes_for_one_year_are_refused(norway: Rig, service: SsbService) -> None:
    labels = service.dimensions["Region"]
    labels["5441"], labels["2025"] = "Deatnu Tana", "Tana"
    with pytest.raises(FormatError, match="Several codes of NO-5628 have a figure for 1999: Deatnu Tana, Tana"):
        norway.refresh(UNEMPLOYED)


def test_a_year_after_the_last_code_of_a_municipality_is_no_zero(norway: Rig, service: SsbService) -> None:
    del service.dimensions["Region"]["5441"]
    norway.refresh(UNEMPLOYED)
    assert [row[0].year for row in norway.rows(UNEMPLOYED, ROWS.format("NO-5628"))] == [1999, 2018, 2019]


def test_a_municipality_is_known_by_code_or_by_name() -> None:
    known = {code: municipality(code, label) for code, label in [("5628", ""), ("2030", "Sør-Varanger (-2019)")]}
    assert [one.area_code for one in known.values() if one] == ["NO-5628", "NO-5605"]
    assert municipality("1899", "Vest-Tana") is None
    assert municipality("56", "Tana") is None


def test_a_second_load_is_unchanged_and_none_is_made_when_not_due(norway: Rig, service: SsbService) -> None:
    norway.refresh(UNEMPLOYED)
    assert norway.refresh(UNEMPLOYED).state == "unchanged"
    calls = len(service.log)
    assert norway.refresh(UNEMPLOYED, due=False).asked == 0
    assert len(service.log) == calls


def test_long_addresses_are_split_over_the_regions(
    norway: Rig, service: SsbService, monkeypatch: pytest.MonkeyPatch
) -> None:
    norway.refresh(UNEMPLOYED)
    whole = norway.rows(UNEMPLOYED, "SELECT * EXCLUDE fetch_id FROM norway_unemployed ORDER BY ALL")
    service.longest = 220
    monkeypatch.setattr(ssb, "LONGEST", 240)
    outcome = norway.refresh(UNEMPLOYED, full=True)
    assert outcome.asked == 3
    assert norway.rows(UNEMPLOYED, "SELECT * EXCLUDE fetch_id FROM norway_unemployed ORDER BY ALL") == whole


def test_an_interrupted_load_goes_on_where_it_stopped(
    norway: Rig, service: SsbService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssb, "LONGEST", 240)
    metadata = service.answer
    answered = []

    def breaking(request: object) -> Reply:
        answered.append(request)
        return Reply(status=400) if len(answered) == 3 else metadata(request)  # type: ignore[arg-type]

    service.answer = breaking  # type: ignore[method-assign]
    with pytest.raises(RefusedError):
        norway.refresh(UNEMPLOYED)
    outcome = norway.refresh(UNEMPLOYED)
    assert (outcome.state, outcome.asked, outcome.kept) == ("loaded", 2, 1)


def test_a_probe_reads_metadata_only(norway: Rig, service: SsbService) -> None:
    assert norway.publisher.probe(UNEMPLOYED, norway.areas) == (
        "bound: 1999 to 2020 for Tana, Nesseby, Karasjok, Kautokeino, Sør-Varanger, Porsanger;"
        " loads Region 12, Alder 1, ContentsCode 1, Tid 4"
    )
    assert service.paths == ["/tables/10540/metadata"]


def test_the_limits_of_the_service_are_adopted(norway: Rig, service: SsbService) -> None:
    assert norway.publisher.opening() == f"{service.url}: at most 800,000 cells a call, 30 calls in 60 s"
    service.config = None
    assert "states no limits" in norway.publisher.opening()


@pytest.mark.parametrize(
    ("variable", "labels", "message"),
    [
        ("Region", {"0301": "Oslo"}, "Expected a variable with the municipalities Tana"),
        ("Tid", {"2020M11": "2020M11"}, "Expected one variable of years"),
        ("Alder", {"a": "young", "b": "old"}, "Expected one total of 'Alder'; found a young; b old"),
        ("ContentsCode", {"RegledigeP": "Unemployed, per cent"}, "Expected one measure that counts persons"),
        ("ContentsCode", {"a": "Unemployed", "b": "Unemployed, men"}, "Expected one measure that counts persons"),
    ],
)
def test_a_table_that_does_not_fit_says_what_was_found(
    norway: Rig, service: SsbService, variable: str, labels: dict[str, str], message: str
) -> None:
    service.dimensions[variable] = labels
    with pytest.raises(BindingError, match=message):
        norway.publisher.probe(UNEMPLOYED, norway.areas)


def test_an_answer_with_other_codes_than_asked_is_refused(norway: Rig, service: SsbService) -> None:
    metadata = json.dumps(service.body(service.dimensions)).encode()
    body = service.body(service.dimensions | {"Region": {"5441": "Deatnu Tana"}})
    service.troubles = [Reply(metadata), Reply(json.dumps(body).encode())]
    with pytest.raises(FormatError, match="lacks"):
        norway.refresh(UNEMPLOYED)
    assert norway.store.loads() == []


@pytest.mark.parametrize(
    ("reply", "failure", "message"),
    [
        (Reply(b"<html></html>", HTML), BodyError, "JSON expected"),
        (Reply(b'{"id": ["a"], "size": [1]}'), FormatError, "Not a description of a table"),
        (Reply(b"", status=404), RefusedError, "404"),
        (Reply(b"", status=403), RefusedError, "403"),
    ],
)
def test_a_foreign_answer_stops_the_load(
    norway: Rig, service: SsbService, reply: Reply, failure: type[Exception], message: str
) -> None:
    service.troubles = [reply]
    with pytest.raises(failure, match=message):
        norway.refresh(UNEMPLOYED)


def test_a_busy_service_is_asked_again_and_a_broken_one_is_said(norway: Rig, service: SsbService) -> None:
    service.troubles = [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=502)]
    assert norway.refresh(UNEMPLOYED).state == "loaded"
    service.troubles = [Reply(status=503)] * 4
    with pytest.raises(ServiceUnavailableError, match="503 to every retry"):
        norway.refresh(UNEMPLOYED)


def test_parts_of_two_editions_are_refused(norway: Rig, service: SsbService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssb, "LONGEST", 240)
    ordinary = service.body

    def releasing(dimensions: dict[str, dict[str, str]]) -> dict[str, object]:
        service.updated = f"2021-02-{len(service.log):02}T07:00:00Z"
        return ordinary(dimensions)

    service.body = releasing  # type: ignore[method-assign]
    with pytest.raises(FormatError, match="The parts are of two editions"):
        norway.refresh(UNEMPLOYED)
    service.body = ordinary  # type: ignore[method-assign]
    assert norway.refresh(UNEMPLOYED).kept == 0
