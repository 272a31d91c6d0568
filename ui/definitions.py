"""What an indicator means, from the one dictionary: for tooltips, charts, files and the methods view."""

import re

from data import dictionary
from data.dictionary import Example, Indicator
from ui.locales import Locale


def indicator(indicator_id: str) -> Indicator:
    """Raises KeyError for an id that the dictionary does not have."""
    return dictionary.load_indicators()[indicator_id]


def title(locale: Locale, one: Indicator) -> str:
    """The name as a heading."""
    text = one.name.in_language(locale.language)
    return text[:1].upper() + text[1:]


def definition(locale: Locale, indicator_id: str) -> str:
    """What it is and the first thing to mind, for the question mark of a card."""
    one = indicator(indicator_id)
    return " ".join(text.in_language(locale.language) for text in (one.definition, one.caveats[0]))


def named(locale: Locale, indicator_id: str) -> str:
    """Name and definition, for a list."""
    return f"**{title(locale, indicator(indicator_id))}.** {definition(locale, indicator_id)}"


def with_formula(locale: Locale, indicator_id: str) -> str:
    """The definition, its formula and what the signs stand for, for the numbers behind a chart."""
    one, language = indicator(indicator_id), locale.language
    return f"{definition(locale, indicator_id)} {one.formula_in(language)} ({one.symbols_in(language)})."


FAMILIES = ("matching", "people", "change", "tourism", "structure", "small_areas")


def indicators() -> dict[str, Indicator]:
    """Every indicator by its id, in the order of the dictionary."""
    return dictionary.load_indicators()


def example(worked: Example) -> str:
    """A worked example as lines: what is given, the call, and what it gives."""
    parts = [worked.given.strip(), worked.call.strip(), f"= {str(worked.gives).strip()}"]
    return re.sub(r"\binf\b", "∞", "\n\n".join(part for part in parts if part))


def families(locale: Locale) -> dict[str, str]:
    _ = locale.gettext
    return {
        "matching": _("Kohtaanto"),
        "people": _("Ihmiset"),
        "change": _("Muutos"),
        "tourism": _("Matkailu"),
        "structure": _("Elinkeinorakenne"),
        "small_areas": _("Pienet alueet"),
    }


def matches(locale: Locale, one: Indicator, words: str) -> bool:
    """Whether every word searched for stands in the indicator's name, definition or id."""
    text = " ".join(
        [one.id, one.name.in_language(locale.language), one.definition.in_language(locale.language)]
    ).casefold()
    return all(word in text for word in words.casefold().split())
