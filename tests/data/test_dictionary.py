"""The dictionary of indicators: complete, true to the code and the catalogue, and its page as generated."""

import importlib
import inspect
import pkgutil
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

import indicators
from data import methods
from data.cases import Text
from data.catalogue import REFERENCE, load_sources
from data.dictionary import Indicator, load_indicators

FILE = REFERENCE / "indicators.toml"
TOOLTIP = 260
"""Characters of a definition that a card's question mark shows at once."""

CAUSES = r"\b(koska|vuoksi|takia|johdosta|på grund av|eftersom|orsakade|because|due to|caused)\b"


FUNCTIONS = {
    "ln",
    "exp",
    "max",
    "min",
    "sin",
    "cos",
    "atan",
    "corr",
    "var",
    "med",
    "Mult",
    "NB",
    "Esteban",
    "Marquillas",
}
USUAL = {"i", "j", "k", "t", "d", "π"}
"""Signs that need no word: indices, the differential of a derivative and pi."""

ENGLISH = """
after among any apply as before below beside between cannot cell cells change count counts customary default
detected each either else employed error expected fill first fit formula from group hidden if inside jobs
largest least less level limit mean months nights number observed otherwise own person persons product published
rating ratio repeated reserve rule same season shape share shares shown size slope smallest standard step sum supply
surplus suppression tell than that this those threshold total unemployed unless unweighted values vacancies vacancy
when where which whole with within without year years
"""
TITLES = {"a", "and", "at", "by", "for", "gap", "in", "into", "of", "or", "rates", "the", "to", "using"}
"""English words that titles of papers hold in every language."""


def texts(one: Indicator) -> Iterator[tuple[str, Text]]:
    yield from (("name", one.name), ("definition", one.definition), ("unit", one.unit), ("reading", one.reading))
    yield "direction", one.direction
    yield from (("caveat", caveat) for caveat in one.caveats)
    yield from (("input", given.quantity) for given in one.inputs)
    yield from (("symbol", symbol) for symbol in one.symbols)
    yield from (("formula", text) for text in (one.formula, one.reference) if isinstance(text, Text))


def letters(formula: str) -> set[str]:
    """Latin words and single Greek letters, without subscripts, powers and accents."""
    plain = [
        sign
        for sign in unicodedata.normalize("NFD", formula)
        if unicodedata.category(sign) != "Mn" and not unicodedata.decomposition(sign).startswith(("<sub>", "<super>"))
    ]
    return set(re.findall(r"[A-Za-z]+|[α-ω]", "".join(plain)))


def function(dotted: str) -> Callable[..., object]:
    module, name = dotted.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)


def public_functions() -> set[Callable[..., object]]:
    """Every function that a module of indicators offers, wherever it is written."""
    found: set[Callable[..., object]] = set()
    for module in pkgutil.iter_modules(indicators.__path__):
        if module.name.startswith("_"):
            continue
        members = inspect.getmembers(importlib.import_module(f"indicators.{module.name}"), inspect.isfunction)
        found |= {
            one
            for name, one in members
            if not name.startswith("_") and one.__module__.startswith("indicators.") and "._" not in one.__module__
        }
    return found


def test_every_public_function_is_documented() -> None:
    named = {function(name) for one in load_indicators().values() for name in (one.function, *one.helpers)}
    missing = public_functions() - named
    assert sorted(f"{one.__module__}.{one.__name__}" for one in missing) == []


def test_names_of_functions_are_those_of_the_code() -> None:
    assert len(load_indicators()) > 80
    for one in load_indicators().values():
        for name in (one.function, *one.helpers):
            assert inspect.isfunction(function(name)), name


def test_inputs_name_sources_of_the_catalogue() -> None:
    known = load_sources()
    for one in load_indicators().values():
        for given in one.inputs:
            assert set(given.sources) <= known.keys(), one.id


def test_only_what_needs_jobs_by_industry_alone_has_nothing_in_the_committed_seed() -> None:
    seeded = methods.seed_periods().keys()
    dead = {
        one.id for one in load_indicators().values() if not any(seeded & set(given.sources) for given in one.inputs)
    }
    assert dead == {
        "location_quotient",
        "shift_share",
        "shift_share_dynamic",
        "krugman_specialisation",
        "gini_specialisation",
        "gini_concentration",
        "lilien",
    }


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_text_is_written_in_each_language(language: str) -> None:
    for one in load_indicators().values():
        for kind, text in texts(one):
            words = text.in_language(language)
            assert words == words.strip() != "", (one.id, kind)
            assert kind == "formula" or "  " not in words, (one.id, kind)
        assert one.definition.in_language(language).endswith("."), one.id
        assert len(one.definition.in_language(language)) <= TOOLTIP, one.id
        for text in (one.reading, *one.caveats):
            assert text.in_language(language).endswith("."), one.id


def test_translations_are_not_copies_of_each_other() -> None:
    for one in load_indicators().values():
        for kind, text in texts(one):
            assert kind == "unit" or len({text.fi, text.sv, text.en}) == 3, (one.id, kind, text.fi)


def test_every_sign_of_a_formula_is_explained_or_defined_in_it() -> None:
    for one in load_indicators().values():
        signs = letters(" ".join(symbol.sign or "" for symbol in one.symbols))
        if isinstance(one.formula, str):
            defined = letters(" ".join(re.findall(r"(?:^|[,;] +)(\S+) =", one.formula)))
            assert letters(one.formula) - signs - defined - FUNCTIONS - USUAL == set(), one.id


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_formulas_and_references_hold_no_english(language: str) -> None:
    english = set(ENGLISH.split())
    for one in load_indicators().values():
        said = f"{one.formula_in(language)} {one.symbols_in(language)}"
        for text, foreign in ((said, english | (TITLES - {"a", "i", "in"})), (one.reference_in(language), english)):
            assert set(re.findall(r"[^\W\d_]+", text.lower())) & foreign == set(), (one.id, text)


def test_formulas_hold_no_sign_that_markdown_takes_for_its_own() -> None:
    for one in load_indicators().values():
        for language in ("fi", "sv", "en"):
            assert re.findall(r"[*_$`~\[\]]", one.formula_in(language) + one.symbols_in(language)) == [], one.id


def test_formulas_have_the_decimal_sign_of_the_language() -> None:
    one = load_indicators()["vacancy_days"]
    assert one.formula_in("fi") == one.formula_in("sv") == "30,4375 · v̄ / f̄"
    assert one.formula_in("en") == "30.4375 · v̄ / f̄"
    assert one.symbols_in("sv").endswith("; 30,4375 = dagar per månad i medeltal")
    for each in load_indicators().values():
        for language in ("fi", "sv"):
            assert re.findall(r"\d\.\d", each.formula_in(language) + each.symbols_in(language)) == [], each.id


def test_signs_are_named_before_what_they_stand_for_and_remarks_stand_alone() -> None:
    assert load_indicators()["tightness"].symbols_in("fi") == "v = avoimet työpaikat; u = työttömät työnhakijat"
    assert load_indicators()["target_group_share"].symbols_in("en").endswith("; interval by Wilson's formula")


def test_only_the_survey_has_an_unemployment_rate() -> None:
    for one in load_indicators().values():
        named = [text for kind, text in texts(one) if kind in ("name", "definition")]
        said = " ".join(f"{text.fi} {text.sv}" for text in named).lower()
        own_rate = {"unemployment_rate"}
        denied = {"register_share"}
        assert ("työttömyysaste" in said or "arbetslöshetsgrad" in said) == (one.id in own_rate | denied), one.id
    assert "ei työvoimatutkimuksen työttömyysaste" in load_indicators()["register_share"].definition.fi


def test_no_text_names_a_cause() -> None:
    for one in load_indicators().values():
        for kind, text in texts(one):
            said = [word for words in (text.fi, text.sv, text.en) for word in re.findall(CAUSES, words.lower())]
            assert said == [], (one.id, kind)


def test_no_two_indicators_share_a_name() -> None:
    for language in ("fi", "sv", "en"):
        names = [one.name.in_language(language) for one in load_indicators().values()]
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_quantity_of_the_file_is_needed() -> None:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    named = {name for one in content["indicator"] for name in one["inputs"]}
    assert content["quantity"].keys() == named


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "log_tightness"', 'id = "tightness"', "two indicators have one id"),
        ('inputs = ["unemployed", "vacancies"]', 'inputs = ["unemployed", "jobs"]', "no quantity jobs"),
        ('family = "matching"', 'family = "labour"', "family"),
        ('function = "indicators.matching.tightness"', 'function = "tightness"', "function"),
        ('formula = "θ = v / u"', 'formula = ""', "formula"),
        ('formula = "θ = v / u"', 'formula = "θ = v / u"\nno_example = "none"', "give an example or say why"),
        ('formula = "θ = v / u"', 'formula = "θ = v / u"\ncolour = "red"', "Extra inputs"),
        (
            'formula = "θ = v / u"',
            'formula = "θ = v / u"\nhelpers = ["indicators.matching.tightness"]',
            "its function is not its helper",
        ),
    ],
)
def test_a_flawed_dictionary_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    content = FILE.read_text(encoding="utf-8")
    assert old in content
    path = tmp_path / "indicators.toml"
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValidationError, match=message):
        load_indicators(path)


SPECIFICATION = """
from indicators import matching
from indicators.uncertainty import suppression_bounds


class TestTightness:
    def test_is_a_ratio(self):
        assert matching.tightness(1, 2) == 0.5

    def test_lapland_ranks_by_its_logarithm(self):
        assert matching.log_tightness(1, 2) < 0

    def test_uses_bounds(self):
        assert suppression_bounds([1.0]) is not None


def test_a_test_of_its_own():
    assert matching.log_tightness(2, 1) > 0
"""


def test_a_test_belongs_to_what_its_class_calls_first_or_it_calls_itself(tmp_path: Path) -> None:
    (tmp_path / "test_small_spec.py").write_text(SPECIFICATION, encoding="utf-8")
    (tmp_path / "test_other.py").write_text(SPECIFICATION.replace("is_a_ratio", "not_read"), encoding="utf-8")
    found = methods.claims(
        [
            "indicators.matching.tightness",
            "indicators.matching.log_tightness",
            "indicators.uncertainty.suppression_bounds",
            "indicators.people.representation",
        ],
        tmp_path,
    )
    assert found == {
        "indicators.matching.tightness": ["Is a ratio", "Uses bounds"],
        "indicators.matching.log_tightness": ["Lapland ranks by its logarithm", "A test of its own"],
        "indicators.uncertainty.suppression_bounds": ["Uses bounds"],
        "indicators.people.representation": [],
    }


def test_every_indicator_is_held_to_something() -> None:
    functions = list(dict.fromkeys(one.function for one in load_indicators().values()))
    assert [name for name, sentences in methods.claims(functions).items() if not sentences] == []


def test_links_of_the_page_lead_to_its_headings() -> None:
    page = methods.PAGE.read_text(encoding="utf-8")
    links = re.findall(r"^- \[.+\]\(#(.+)\)$", page, re.MULTILINE)
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert len(links) == len(set(links)) == len(headings) == len(load_indicators())
    assert links == [re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings]


def test_the_page_is_as_generated() -> None:
    """After a change of the dictionary or of a specification's tests: ``python -m data.methods``."""
    assert methods.PAGE.read_text(encoding="utf-8") == methods.page()
