"""One language of the interface: its texts (gettext catalogues) and its numbers, months and dates (Babel)."""

import gettext
import io
import math
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from babel import Locale as BabelLocale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from settings import Language

CATALOGUES = Path(__file__).with_name("catalogues")
SOURCE_LANGUAGE: Language = "fi"  # message ids are the Finnish texts themselves
BABEL_NAMES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
HELSINKI = ZoneInfo("Europe/Helsinki")

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

Day = date | datetime | pd.Timestamp


@dataclass(frozen=True)
class Locale:
    """Texts and formats of one language.

    ``gettext`` and ``ngettext`` take Finnish source texts. Numbers come with the locale's own separators, a true minus
    sign and no-break spaces. NaN is the caller's matter: a view says in words why a figure is missing.
    """

    language: Language
    translations: gettext.NullTranslations = field(repr=False)

    @property
    def babel(self) -> BabelLocale:
        return BabelLocale.parse(BABEL_NAMES[self.language])

    def gettext(self, message: str) -> str:
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: float) -> str:
        """The form for ``n``: a count that is not whole takes the plural."""
        return self.translations.ngettext(singular, plural, int(n) if float(n).is_integer() else 2)

    def number(self, value: float, decimals: int = 0) -> str:
        """``7680`` as ``7 680``; rounds half away from zero in the last shown digit as printed tables do."""
        shown = format_decimal(_round_half_up(value, decimals), format=_pattern(decimals), locale=self.babel)
        return shown.replace("-", MINUS).replace(" ", NBSP)

    def signed(self, value: float, decimals: int = 0) -> str:
        """With ``+`` or ``−`` in front, and plain ``0`` for what rounds to zero."""
        rounded = _round_half_up(value, decimals)
        return ("+" if rounded > 0 else "") + self.number(rounded, decimals)

    def percent(self, share: float, decimals: int = 1) -> str:
        """A fraction 0..1 as per cent: ``0.096`` as ``9,6 %`` (``9.6%`` in English)."""
        return self.number(share * 100, decimals) + ("%" if self.language == "en" else f"{NBSP}%")

    def percent_range(self, low: float, high: float, decimals: int = 0) -> str:
        """``22–48 %``: two fractions as per cent; one number when both ends print alike."""
        upper = self.percent(high, decimals)
        return upper if self.percent(low, decimals) == upper else f"{self.number(100 * low, decimals)}{DASH}{upper}"

    def signed_percent(self, share: float, decimals: int = 0) -> str:
        sign = "+" if _round_half_up(share * 100, decimals) > 0 else ""
        return sign + self.percent(share, decimals)

    def interval(self, lower: float, upper: float, decimals: int = 0) -> str:
        """``8–14``; one number when both ends print alike."""
        low, high = self.number(lower, decimals), self.number(upper, decimals)
        return low if low == high else f"{low}{DASH}{high}"

    def month(self, day: Day) -> str:
        """``kesäkuu 2026``."""
        return format_date(day, "LLLL y", locale=self.babel)

    def month_in(self, day: Day) -> str:
        """The month as an adverbial: ``kesäkuussa 2026``, ``i juni 2026``, ``in June 2026``."""
        name, year = format_date(day, "LLLL", locale=self.babel), format_date(day, "y", locale=self.babel)
        return {"fi": f"{name}ssa {year}", "sv": f"i {name} {year}", "en": f"in {name} {year}"}[self.language]

    def month_name(self, number: int, width: str = "LLLL") -> str:
        """Stand-alone name of a calendar month 1..12; ``width`` is a CLDR pattern (``LLL`` short)."""
        return format_date(date(2000, number, 1), width, locale=self.babel).rstrip(".").removesuffix("kuu")

    def month_whole(self, number: int) -> str:
        """``kesäkuu``: the name of a calendar month in running text."""
        return format_date(date(2000, number, 1), "LLLL", locale=self.babel)

    def month_inside(self, number: int) -> str:
        """``kesäkuussa``, ``i juni``, ``in June``: a calendar month of any year as an adverbial."""
        name = self.month_whole(number)
        return {"fi": f"{name}ssa", "sv": f"i {name}", "en": f"in {name}"}[self.language]

    def month_short(self, day: Day) -> str:
        """Axis and table form ``6/2026`` (``Jun 2026`` in English)."""
        return (
            format_skeleton("yMMM", _datetime(day), locale=self.babel)
            if self.language == "en"
            else f"{day.month}/{day.year}"
        )

    def day(self, day: Day) -> str:
        """``24.2.2026`` (``24 February 2026`` in English)."""
        return format_date(day, "d MMMM y" if self.language == "en" else "d.M.y", locale=self.babel)

    def moment(self, stamp: datetime) -> str:
        """A UTC stamp as a day in Finland."""
        aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=ZoneInfo("UTC"))
        return self.day(aware.astimezone(HELSINKI))

    def clock(self, stamp: datetime) -> str:
        """A UTC stamp as day and time of day in Finland: ``24.2.2026 8.05`` (``24 February 2026 8:05`` in English)."""
        aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=ZoneInfo("UTC"))
        local = aware.astimezone(HELSINKI)
        return f"{self.day(local)} {format_time(local, 'H:mm' if self.language == 'en' else 'H.mm', locale=self.babel)}"

    def vega(self) -> dict[str, dict[str, object]]:
        """Number and time formats for chart axes and tooltips."""
        months = [format_date(date(2000, m, 1), "LLLL", locale=self.babel) for m in range(1, 13)]
        short = [self.month_name(m, "LLL") for m in range(1, 13)]
        names = self.babel.days["stand-alone"]
        order = [6, 0, 1, 2, 3, 4, 5]
        return {
            "number": {
                "decimal": get_decimal_symbol(self.babel),
                "thousands": get_group_symbol(self.babel).replace(" ", NBSP),
                "grouping": [3],
                "currency": ["", f"{NBSP}€"],
                "minus": MINUS,
                "percent": "%" if self.language == "en" else f"{NBSP}%",
            },
            "time": {
                "dateTime": "%-d.%-m.%Y %H.%M",
                "date": "%-d.%-m.%Y",
                "time": "%H.%M",
                "periods": ["", ""],
                "days": [names["wide"][i] for i in order],
                "shortDays": [names["abbreviated"][i] for i in order],
                "months": months,
                "shortMonths": short,
            },
        }


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _round_half_up(value: float, decimals: int) -> float:
    factor = 10**decimals
    # The sum turns −0 into 0: what rounds to nothing has no sign.
    return math.copysign(math.floor(abs(value) * factor + 0.5 + 1e-9), value) / factor + 0.0


def _datetime(day: Day) -> datetime:
    return datetime(day.year, day.month, day.day)


@lru_cache(maxsize=3)
def get_locale(language: Language) -> Locale:
    """The locale of a language; catalogues are read once a process, straight from their sources."""
    if language == SOURCE_LANGUAGE:
        return Locale(language, gettext.NullTranslations())
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Locale(language, gettext.GNUTranslations(compiled))
