"""Swedish and English say everything the Finnish interface says, in the terms of official statistics."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from market_tables import market

from data.dictionary import load_indicators
from settings import Language
from ui import headlines, texts
from ui.locales import get_locale
from ui.texts import Text, TextId

TRANSLATED: tuple[Language, ...] = ("sv", "en")
FINNISH = (
    "työ",
    "paikk",
    "kuukau",
    "kunta",
    "kunti",
    "kuntie",
    "avoim",
    "osuu",
    "luvut",
    "luku",
    "vuo",
    "aineisto",
    "näky",
)
NAMES = {"Utsjoki", "Outokumpu 2020", "Outokumpu 2022", "Outokumpu 2025", "Metsä Group 2025"}

Forms = tuple[str, ...]


def forms(text: TextId) -> Forms:
    return (text,) if isinstance(text, str) else text


@pytest.fixture(scope="module")
def sources() -> list[Text]:
    return texts.source_texts()


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def translated(language: Language, sources: list[Text]) -> Mapping[Forms, Forms]:
    """Finnish forms to those of the language."""
    catalogue = texts.read_catalogue(language)
    return {forms(text.id): texts.translation(catalogue, text.id) for text in sources}


def test_every_text_of_the_interface_is_translated(sources: list[Text], translated: Mapping[Forms, Forms]) -> None:
    assert len(sources) > 150
    assert [finnish for finnish, own in translated.items() if len(own) != len(finnish)] == []


def test_catalogues_hold_nothing_but_the_texts_in_use(language: Language, sources: list[Text]) -> None:
    catalogue = texts.read_catalogue(language)
    assert {message.id for message in catalogue if message.id} == {text.id for text in sources}
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_placeholders_survive_translation(translated: Mapping[Forms, Forms]) -> None:
    wrong = [
        (ours, theirs)
        for finnish, own in translated.items()
        for ours, theirs in zip(finnish, own, strict=True)
        if Counter(re.findall(r"\{\w+\}", ours)) != Counter(re.findall(r"\{\w+\}", theirs))
    ]
    assert wrong == []


def test_commands_emphasis_and_footnote_marks_survive_translation(translated: Mapping[Forms, Forms]) -> None:
    def marks(text: str) -> tuple[object, ...]:
        return re.findall(r"`[^`]+`", text), text.count("**"), text.startswith("* "), text.count("](https://")

    wrong = [own for finnish, own in translated.items() if [marks(t) for t in finnish] != [marks(t) for t in own]]
    assert wrong == []


def test_no_finnish_is_left(translated: Mapping[Forms, Forms]) -> None:
    left = [t for own in translated.values() for t in own if any(word in t.casefold() for word in FINNISH)]
    assert left == []
    assert {finnish[0] for finnish, own in translated.items() if finnish == own} == NAMES


@pytest.mark.parametrize(
    ("finnish", "swedish", "english"),
    [
        ("työtön työnhakija|työttömien työnhak|työttömät työnhak", "arbetslös", "unemployed jobseeker"),
        ("työllisyysalue", "sysselsättningsområde", "employment area"),
        ("seutukunta", "ekonomisk", "sub-region"),
        ("tilastokatko", "tidsseriebrott", "break in series|breaks in series"),
        ("salattu|salatut|salattuja", "sekretess", "suppressed"),
        ("kireys", "stramhet", "tightness"),
        ("työnvälitystilasto", "arbetsförmedlingsstatistik", "employment service statistics"),
        ("yöpymi", "övernattning", "overnight stays"),
    ],
)
def test_terms_are_those_of_official_statistics(
    language: Language, translated: Mapping[Forms, Forms], finnish: str, swedish: str, english: str
) -> None:
    wanted = {"sv": swedish, "en": english}[language]
    using = [own for source, own in translated.items() if re.search(finnish, source[0].casefold())]
    assert using
    assert [own for own in using if not re.search(wanted, " ".join(own).casefold())] == []


def test_only_the_survey_has_an_unemployment_rate(translated: Mapping[Forms, Forms]) -> None:
    """The register share goes by that name in no language. What tells the two apart stands in the dictionary."""
    rates = [
        finnish[0]
        for finnish, own in translated.items()
        if re.search("arbetslöshetsgrad|unemployment rate|jobless rate", " ".join(own).casefold())
    ]
    assert rates == []


@pytest.mark.parametrize(
    ("language", "rate", "denied"),
    [
        ("fi", "työttömyysaste", "ei työvoimatutkimuksen työttömyysaste"),
        ("sv", "arbetslöshetsgrad", "inte arbetskraftsundersökningens arbetslöshetsgrad"),
        # The plural stands in the literature's name of a measure of dispersion.
        ("en", "unemployment rate(?!s)", "not the unemployment rate of the Labour Force Survey"),
    ],
)
def test_the_dictionary_says_that_the_register_share_is_not_the_rate(
    language: Language, rate: str, denied: str
) -> None:
    indicators = load_indicators()
    assert denied in indicators["register_share"].definition.in_language(language)
    naming = {
        one.id
        for one in indicators.values()
        for text in (one.name, one.definition, one.unit, one.direction, one.reading, *one.caveats)
        if re.search(rate, text.in_language(language).casefold())
    }
    assert naming == {"register_share", "unemployment_rate"}


def test_per_cent_stands_behind_a_no_break_space_in_swedish_and_none_in_english(
    language: Language, translated: Mapping[Forms, Forms]
) -> None:
    loose = {"sv": r"[\d}] ?%", "en": r"[\d}][ \u00a0]%"}[language]
    assert [own for own in translated.values() if any(re.search(loose, text) for text in own)] == []


def test_english_is_british(translated: Mapping[Forms, Forms], language: Language) -> None:
    american = r"\b(labor|program|center|license|percent)\b"
    found = [own for own in translated.values() if re.search(american, " ".join(own).casefold())]
    assert language == "sv" or found == []


def sentences(language: Language, places: tuple[str, str, str, str]) -> list[str]:
    """The headlines of the overview, of a case and of a case of small counts."""
    locale = get_locale(language)
    sea, tourism, utsjoki = (
        market("meri-lappi", "2500 > 2700", "540", labour_force=24_100),
        market("matkailu", "3800", "1710"),
        market("utsjoki", "53 > 50", "13"),
    )
    lapland = market("MK19", "9137", "2858 > 2515")
    named = dict(zip(("meri-lappi", "matkailu", "utsjoki", "MK19"), places, strict=True))
    return [
        headlines.picture(locale, named, [sea, tourism, utsjoki], lapland),
        headlines.case(locale, places[0], sea, lapland),
        headlines.small_case(locale, places[2], utsjoki),
    ]


def test_headlines_in_finnish() -> None:
    assert sentences("fi", ("Meri-Lapissa", "matkailukunnissa", "Utsjoella", "Lapissa")) == [
        "Matkailukunnissa on 45 avointa paikkaa sataa työtöntä kohden, Meri-Lapissa 20"
        " – Lapissa avoimia paikkoja on 12\u00a0% vähemmän kuin kesäkuussa 2025.",
        "Meri-Lapissa on 2\u00a0700 työtöntä työnhakijaa (11,2\u00a0% työvoimasta) ja 540 avointa paikkaa:"
        " 20 paikkaa sataa työtöntä kohden, koko Lapissa 28.",
        "Utsjoella on 50 työtöntä työnhakijaa ja 13 avointa paikkaa;"
        " työttömien määrän muutos ei erotu satunnaisvaihtelusta (kesäkuussa 2025 heitä oli 53).",
    ]


def test_headlines_in_swedish() -> None:
    assert sentences("sv", ("i Havslappland", "i turismkommunerna", "i Utsjoki", "i Lappland")) == [
        "I turismkommunerna finns 45 lediga arbetsplatser per hundra arbetslösa, i Havslappland 20"
        " – i Lappland finns 12\u00a0% färre lediga arbetsplatser än i juni 2025.",
        "I Havslappland finns 2\u00a0700 arbetslösa arbetssökande (11,2\u00a0% av arbetskraften)"
        " och 540 lediga arbetsplatser: 20 platser per hundra arbetslösa, i hela Lappland 28.",
        "I Utsjoki finns 50 arbetslösa arbetssökande och 13 lediga arbetsplatser;"
        " förändringen i antalet arbetslösa ryms i slumpvariationen (i juni 2025 var de 53).",
    ]


def test_headlines_in_english() -> None:
    assert sentences("en", ("in Sea Lapland", "in the tourism municipalities", "in Utsjoki", "in Lapland")) == [
        "In the tourism municipalities there are 45 open vacancies per hundred unemployed, in Sea Lapland 20"
        " – in Lapland there are 12% fewer open vacancies than in June 2025.",
        "In Sea Lapland there are 2,700 unemployed jobseekers (11.2% of the labour force) and 540 open vacancies:"
        " 20 vacancies per hundred unemployed, 28 in the whole of Lapland.",
        "In Utsjoki there are 50 unemployed jobseekers and 13 open vacancies;"
        " the change in the number of unemployed is within noise (in June 2025 there were 53).",
    ]


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("fi", "1 salattu kunta", "3 salattua kuntaa"),
        ("sv", "1 kommun (sekretess)", "3 kommuner (sekretess)"),
        ("en", "1 suppressed area", "3 suppressed areas"),
    ],
)
def test_counted_texts_agree_with_their_number(language: Language, one: str, many: str) -> None:
    locale = get_locale(language)
    counted = [locale.ngettext("{n} salattu kunta", "{n} salattua kuntaa", n).format(n=n) for n in (1, 3)]
    assert counted == [one, many]


def test_texts_are_found_wherever_they_are_called() -> None:
    module = (
        "_ = locale.gettext\n"
        "title = f\"#### {_('Tapahtumat')} {locale.gettext('Kunta')}\"\n"
        "count = locale.ngettext('{n} kunta', '{n} kuntaa', n).format(n=n)\n"
        "note = _('Luku on ' 'salattu') if hidden else ''\n"
    )
    assert texts.texts_in(module, "page.py") == ["Tapahtumat", "Kunta", ("{n} kunta", "{n} kuntaa"), "Luku on salattu"]


def test_a_text_no_catalogue_could_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"page\.py:2: a text must be written out"):
        texts.texts_in("name = 'Kunta'\nlabel = _(name)\n", "page.py")


def test_an_update_keeps_translations_and_drops_what_is_no_longer_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    header = 'msgid ""\nmsgstr ""\n"Language: sv\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    old = 'msgid "Kunta"\nmsgstr "Kommun"\n\nmsgid "Vanha"\nmsgstr "Gammal"\n'
    (tmp_path / "sv.po").write_text(header + old, encoding="utf-8")
    wanted = [Text("Kunta", ("ui/a.py",)), Text(("{n} kunta", "{n} kuntaa"), ("ui/a.py", "pages/b.py"))]
    assert texts.update("sv", wanted) == [("{n} kunta", "{n} kuntaa")]
    assert (tmp_path / "sv.po").read_text(encoding="utf-8") == (
        'msgid ""\n'
        'msgstr ""\n'
        '"Language: sv\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        "\n"
        "#: ui/a.py\n"
        'msgid "Kunta"\n'
        'msgstr "Kommun"\n'
        "\n"
        "#: pages/b.py ui/a.py\n"
        "#, python-brace-format\n"
        'msgid "{n} kunta"\n'
        'msgid_plural "{n} kuntaa"\n'
        'msgstr[0] ""\n'
        'msgstr[1] ""\n'
    )
