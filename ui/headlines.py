"""One correct sentence from a view's figures: number, area, period, comparison; no cause, and silent within noise."""

from collections.abc import Mapping, Sequence

import numpy as np

from ui.locales import DASH, Locale
from ui.readings import Reading, Standing

RANKABLE = 20  # a smaller count is shown but not ranked


def per_hundred(locale: Locale, standing: Standing) -> str:
    """Open vacancies per hundred unemployed, as a range where a part is hidden."""
    lower, upper = 100 * standing.tightness_lower, 100 * standing.tightness_upper
    return locale.interval(lower, upper, 0)


def count(locale: Locale, value: Reading) -> str:
    """A count, as a range where a part is hidden, and with ``noin`` where the publisher rounded it."""
    shown = locale.interval(value.lower, value.upper)
    return locale.gettext("noin {n}").format(n=shown) if value.rounded and value.base_month is None else shown


def share(locale: Locale, standing: Standing) -> str:
    """Unemployed in per cent of the labour force, as a range where their number is hidden."""
    ends = [end / standing.labour_force for end in (standing.unemployed.lower, standing.unemployed.upper)]
    if np.isnan(ends).any():
        return locale.gettext("ei tietoa")
    low, high = (locale.percent(end) for end in ends)
    return low if low == high else f"{locale.number(100 * ends[0], 1)}{DASH}{high}"


def picture(locale: Locale, places: Mapping[str, str], standings: Sequence[Standing], lapland: Standing) -> str:
    """The overview: the case with most and the one with fewest vacancies per unemployed, and Lapland's change.

    ``places``: each group in the locative ("matkailukunnissa"). Cases whose counts are too small to rank are left out.
    """
    _ = locale.gettext
    ranked = sorted(
        (s for s in standings if min(s.unemployed.lower, s.vacancies.lower) >= RANKABLE),
        key=lambda s: s.tightness_lower,
    )
    change = change_clause(locale, places[lapland.group], lapland.vacancies)
    if len(ranked) >= 2:
        low, high = ranked[0], ranked[-1]
        claim = _("{high_place} on {high} avointa paikkaa sataa työtöntä kohden, {low_place} {low}").format(
            high_place=places[high.group],
            high=per_hundred(locale, high),
            low_place=places[low.group],
            low=per_hundred(locale, low),
        )
    else:
        claim = _("{place} on {n} avointa paikkaa sataa työtöntä kohden").format(
            place=places[lapland.group], n=per_hundred(locale, lapland)
        )
    return _opened(f"{claim} – {change}." if change else f"{claim}.")


def change_clause(locale: Locale, place: str, vacancies: Reading) -> str:
    """``Lapissa avoimia paikkoja on 12 % vähemmän kuin kesäkuussa 2025``; empty when that cannot be said."""
    _ = locale.gettext
    comparable = vacancies.comparability == "comparable" and vacancies.moved
    if not comparable or np.isnan(vacancies.ratio) or vacancies.base_month is None:
        return ""
    values = {
        "place": place,
        "share": locale.percent(abs(vacancies.ratio - 1), 0),
        "month": locale.month_in(vacancies.base_month),
    }
    if vacancies.change > 0:
        return _("{place} avoimia paikkoja on {share} enemmän kuin {month}").format(**values)
    return _("{place} avoimia paikkoja on {share} vähemmän kuin {month}").format(**values)


def case(locale: Locale, place: str, standing: Standing, lapland: Standing | None) -> str:
    """A case: both sides of its market, and its tightness beside Lapland's."""
    _ = locale.gettext
    both = _(
        "{place} on {unemployed} työtöntä työnhakijaa ({share} työvoimasta) ja {vacancies} avointa paikkaa"
    ).format(
        place=place,
        unemployed=count(locale, standing.unemployed),
        share=share(locale, standing),
        vacancies=count(locale, standing.vacancies),
    )
    if lapland is None:
        return _opened(f"{both}.")
    against = _("{n} paikkaa sataa työtöntä kohden, koko Lapissa {lapland}").format(
        n=per_hundred(locale, standing), lapland=per_hundred(locale, lapland)
    )
    return _opened(f"{both}: {against}.")


def small_case(locale: Locale, place: str, standing: Standing) -> str:
    """A case of small counts: the counts, and whether their change can be told from noise."""
    _ = locale.gettext
    both = _("{place} on {unemployed} työtöntä työnhakijaa ja {vacancies} avointa paikkaa").format(
        place=place, unemployed=count(locale, standing.unemployed), vacancies=count(locale, standing.vacancies)
    )
    unemployed = standing.unemployed
    if unemployed.base_month is None or np.isnan(unemployed.change):
        return _opened(f"{both}.")
    values = {"base": locale.number(unemployed.base), "month": locale.month_in(unemployed.base_month)}
    if unemployed.within_noise:
        tail = _("työttömien määrän muutos ei erotu satunnaisvaihtelusta ({month} heitä oli {base})").format(**values)
    else:
        tail = _("{month} työttömiä oli {base}").format(**values)
    return _opened(f"{both}; {tail}.")


def _opened(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]
