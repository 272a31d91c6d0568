"""Sotkanet: only THL's own indicators, joined to areas by their official codes."""

import json
from collections.abc import Iterator

import pytest

from loaders import sotkanet
from loaders.areas import RegionAreas
from loaders.errors import BindingError, BodyError, FormatError, RefusedError, ServiceUnavailableError
from loaders.sotkanet import DECLARATIONS, Indicator, LicenceError, Sotkanet
from tests.emulator.loopback import HTML, Reply
from tests.emulator.sotkanet import SotkanetService
from tests.loaders.documents import Rig, rig

(SOCIAL_ASSISTANCE,) = DECLARATIONS

RECIPIENTS = Indicator(
    source_id="sotkanet:social-assistance",
    certainty="likely",
    words=("toimeentulotukea",),
    indicator=900,
    subject="area_indicator",
)
"""For these tests: no number is confirmed."""

ROWS = (
    "SELECT area_code, year, subject, measure, value, status FROM area_indicator"
    " WHERE area_code IN ('SSS', 'MK19', 'KU047', 'KU890') AND year = 2024 ORDER BY area_code"
)


@pytest.fixture
def service(lapland: RegionAreas) -> Iterator[SotkanetService]:
    with SotkanetService(lapland.by_level["municipality"]) as emulator:
        yield emulator


@pytest.fixture
def thl(service: SotkanetService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, Sotkanet, sotkanet.table_load, SOTKANET_URL=service.url)


def test_an_indicator_of_thl_is_loaded_by_area_and_year(thl: Rig, service: SotkanetService) -> None:
    outcome = thl.refresh(RECIPIENTS)
    assert (outcome.state, outcome.asked, outcome.record.periods) == ("loaded", 2, ("2022", "2023", "2024"))
    assert service.log[-1].query == {"indicator": ["900"], "genders": ["total"], "years": ["2022", "2023", "2024"]}
    assert thl.rows(RECIPIENTS, ROWS) == [
        ("KU047", 2024, "sotkanet", "900", 212.4, "published"),
        ("KU890", 2024, "sotkanet", "900", None, "not_available"),
        ("MK19", 2024, "sotkanet", "900", 1042.4, "published"),
        ("SSS", 2024, "sotkanet", "900", 860.4, "published"),
    ]
    assert thl.rows(RECIPIENTS, "SELECT count(DISTINCT area_code) FROM area_indicator") == [(23,)]


def test_an_indicator_of_another_producer_is_refused(thl: Rig, service: SotkanetService) -> None:
    population = RECIPIENTS.model_copy(update={"indicator": 127})
    refusal = "Indicator 127 'Väestö 31.12.' is produced by Tilastokeskus, not by THL: Sotkanet's licence CC BY 4.0"
    for attempt in (lambda: thl.refresh(population), lambda: thl.publisher.probe(population, thl.areas)):
        with pytest.raises(LicenceError, match=refusal):
            attempt()
    assert set(service.paths) == {"/indicators/127"}
    assert thl.store.loads() == []


def test_a_probe_lists_thls_own_candidates(thl: Rig) -> None:
    assert thl.publisher.probe(SOCIAL_ASSISTANCE, thl.areas) == (
        "to be discovered: of THL's own indicators, the listing offers"
        " 900 'Toimeentulotukea saaneet, % väestöstä'; 901 'Toimeentulotuen menot'"
    )


def test_at_most_ten_candidates_are_listed(thl: Rig, service: SotkanetService) -> None:
    for number in range(910, 925):
        service.indicators[number] = service.indicators[900] | {"id": number}
    said = thl.publisher.probe(SOCIAL_ASSISTANCE, thl.areas)
    assert said.count("Toimeentulotu") == 10
    assert said.endswith(" and 7 more")


def test_an_indicator_without_a_number_cannot_be_loaded(thl: Rig) -> None:
    with pytest.raises(BindingError, match="Run `python -m loaders probe sotkanet:social-assistance`"):
        thl.refresh(SOCIAL_ASSISTANCE)


def test_a_probe_of_a_known_number_says_what_is_bound(thl: Rig, service: SotkanetService) -> None:
    said = thl.publisher.probe(RECIPIENTS, thl.areas)
    assert said == "bound: indicator 900 'Toimeentulotukea saaneet, % väestöstä', 2022 to 2024; loads 23 areas"
    assert "/json" not in service.paths


def test_a_second_load_is_unchanged(thl: Rig, service: SotkanetService) -> None:
    thl.refresh(RECIPIENTS)
    assert thl.refresh(RECIPIENTS).state == "unchanged"
    service.no_value = set()
    assert thl.refresh(RECIPIENTS).state == "loaded"
    assert len(thl.store.loads()) == 2
    assert thl.rows(RECIPIENTS, ROWS)[1][4:] == (231.4, "published")


def test_a_municipality_that_is_not_listed_is_named(thl: Rig, service: SotkanetService) -> None:
    service.regions = [region for region in service.regions if region["code"] != "890"]
    with pytest.raises(BindingError, match="Expected the municipalities KU890; found 25 regions without them"):
        thl.refresh(RECIPIENTS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([{"indicator": 127, "region": 10, "year": 2024, "gender": "total", "value": 1}], "A figure of indicator 127"),
        ([{"indicator": 900, "region": 10, "year": 2024, "gender": "male", "value": 1}], "900, male, which was not"),
        ([{"indicator": 900, "region": 842, "year": 2024, "gender": "total", "value": 1}], "holds no figure"),
        ({"message": "ok"}, "Not a list of figures"),
    ],
)
def test_figures_that_were_not_asked_for_are_refused(
    thl: Rig, service: SotkanetService, content: object, message: str
) -> None:
    service.figures = lambda *asked: content  # type: ignore[method-assign,assignment]
    with pytest.raises(FormatError, match=message):
        thl.refresh(RECIPIENTS)
    assert thl.store.loads() == []


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(b"<html></html>", HTML), BodyError),
        (Reply(json.dumps({"id": 900}).encode()), FormatError),
        (Reply(b"", status=404), RefusedError),
    ],
)
def test_a_foreign_answer_stops_the_load(
    thl: Rig, service: SotkanetService, reply: Reply, failure: type[Exception]
) -> None:
    service.troubles = [reply]
    with pytest.raises(failure):
        thl.refresh(RECIPIENTS)


def test_a_busy_service_is_asked_again_and_a_broken_one_is_said(thl: Rig, service: SotkanetService) -> None:
    service.troubles = [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=500)]
    assert thl.refresh(RECIPIENTS).state == "loaded"
    service.troubles = [Reply(status=503)] * 4
    with pytest.raises(ServiceUnavailableError):
        thl.refresh(RECIPIENTS)
