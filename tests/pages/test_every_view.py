"""Every view in every language: it opens whole, says what it shows, and in one language only."""

import re
from collections.abc import Callable

import pytest
import screen
from screen import Tour

from settings import LANGUAGES, Language

Tours = Callable[[Language], Tour]
CHARTS = {
    "tilannekuva": 3,
    "muutokset": 4,
    "meri-lappi": 5,
    "matkailu": 6,
    "utsjoki": 4,
    "kohtaanto": 4,
    "kohderyhmat": 2,
    "menetelmat": 0,
    "aineistot": 0,
}
TABLES = CHARTS | {"aineistot": 5}

every_view = pytest.mark.parametrize("view", list(screen.FILES))
every_language = pytest.mark.parametrize("language", LANGUAGES)

# Words no Swedish or English text holds but in the names of a project and a journal, which keep their own language.
NAMES = ("Koordinoiden rakennemuutokseen ja kohtaantoon", "Talous ja yhteiskunta")
FINNISH = re.compile(
    r"\w+kuu(ssa|ta|n)?\b|\b(työtön|työttömi\w*|työttöm\w+|avoim\w+|paikka|paikkoja|paikkaa|kunta|kuntaa|luvut|lukuja"
    r"|lähde|osuus|salattu\w*|puuttu\w+|ei|ja|tai|koko|maa|vuosi|vuonna|kuukausi|henkilöä|yöpymi\w+|julkaistu|tarkista"
    r"|rakennettu|onnistui|aineisto\w*|muista|tapahtumat)\b",
    re.IGNORECASE,
)


@every_language
@every_view
def test_it_opens_without_a_failure(tour: Tours, view: str, language: Language) -> None:
    page = tour(language)[view].page
    assert [element.message for element in screen.elements(page) if element.type == "exception"] == []
    assert [element.value for element in screen.elements(page) if element.type in ("error", "warning")] == []
    (title,) = [element.value for element in screen.elements(page) if element.type == "title"]
    assert len(title) > 20


@every_language
@every_view
def test_all_its_charts_and_tables_are_there(tour: Tours, view: str, language: Language) -> None:
    page = tour(language)[view].page
    assert len(screen.charts(page)) == CHARTS[view]
    assert len(screen.tables(page)) == TABLES[view]
    assert all(len(table) for table in screen.tables(page))


@every_language
@every_view
def test_each_charts_text_alternative_is_its_heading(tour: Tours, view: str, language: Language) -> None:
    page = tour(language)[view].page
    alternatives = [chart.proto.alt for chart in screen.charts(page)]
    assert len(set(alternatives)) == CHARTS[view]
    assert all(alternative in screen.headings(page) for alternative in alternatives)


@every_language
@every_view
def test_each_chart_has_its_numbers_four_downloads_and_a_source(tour: Tours, view: str, language: Language) -> None:
    page = tour(language)[view].page
    downloads = [element.label for element in screen.elements(page) if element.type == "download_button"]
    assert sorted(downloads) == sorted(["CSV (Excel)", "CSV", "PNG", "SVG"] * CHARTS[view])
    word = {"fi": "Lähde: ", "sv": "Källa: ", "en": "Source: "}[language]
    sources = [e.value for e in screen.elements(page) if e.type == "caption" and e.value.startswith(word)]
    assert len(sources) == CHARTS[view]


@pytest.mark.parametrize("language", ["sv", "en"])
@every_view
def test_no_finnish_is_left_in_another_language(tour: Tours, view: str, language: Language) -> None:
    texts = [re.sub("|".join(NAMES), "", text) for text in screen.words(tour(language)[view].page)]
    assert len(texts) > 20
    assert [text for text in texts if FINNISH.search(text)] == []


@every_view
def test_the_finnish_words_would_be_found(tour: Tours, view: str) -> None:
    assert [text for text in screen.words(tour("fi")[view].page) if FINNISH.search(text)]


@every_view
def test_the_three_languages_say_it_in_different_words(tour: Tours, view: str) -> None:
    assert len({tuple(screen.headings(tour(language)[view].page)) for language in LANGUAGES}) == 3


@every_language
@every_view
def test_nothing_raw_is_shown(tour: Tours, view: str, language: Language) -> None:
    """No missing value, code of the machine or unfilled place of a sentence."""
    raw = re.compile(r"\b(nan|NaT|None|null|undefined|inf)\b|<NA>|\{\w*\}|\b(KU|SK|MK)\d{2,3}\b|[A-Z]{5,}LOPUSSA")
    assert [text for text in screen.words(tour(language)[view].page) if raw.search(text)] == []


@every_view
def test_no_chart_of_a_view_refers_to_another_host(tour: Tours, view: str) -> None:
    for chart in screen.charts(tour("fi")[view].page):
        text = chart.proto.spec
        assert '"url"' not in text
        assert re.findall(r"https?://[^\"]+", text) in ([], [screen.spec(chart)["$schema"]])


@pytest.mark.parametrize(("language", "decimal"), [("fi", ","), ("sv", ","), ("en", ".")])
def test_charts_write_numbers_in_the_language_of_the_view(tour: Tours, language: Language, decimal: str) -> None:
    drawn = [chart for seen in tour(language).values() for chart in screen.charts(seen.page)]
    assert {screen.spec(chart)["config"]["locale"]["number"]["decimal"] for chart in drawn} == {decimal}
