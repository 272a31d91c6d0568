"""One correct sentence from a view's figures: number, area, period, comparison; no cause, and silent within noise."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from babel.lists import format_list

from indicators import uncertainty
from ui.locales import DASH, Day, Locale
from ui.readings import Comparability, Reading, Standing

RANKABLE = 20  # a smaller count is shown but not ranked
Z = 1.959963984540054  # half the width of a 95 % interval in standard errors

Subject = Literal["unemployed", "vacancies"]


@dataclass(frozen=True)
class Proportion:
    """A share in one month (fractions): ``value`` and its 95 % interval; NaN and what it may be where hidden."""

    month: pd.Timestamp
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Crossing:
    """The gravest marked break between two months compared, as of a Reading."""

    comparability: Comparability = "comparable"
    break_month: pd.Timestamp | None = None


@dataclass(frozen=True)
class MismatchFinding:
    """The mismatch index of a month (fractions) over what hidden cells can be.

    ``shortage`` and ``surplus``: names of the cells that add most to it with more of the vacancies than of the
    unemployed, and the reverse; without both the sentence ends before them. ``chance``: the greatest index that
    chance alone makes likely.
    """

    month: pd.Timestamp
    partition: Literal["municipality", "occupation"]
    lower: float
    upper: float
    shortage: str
    surplus: str
    chance: float


@dataclass(frozen=True)
class Deviation:
    """A count beside what was expected of it, as of :func:`indicators.signals.detect`; ``limit`` in its unit."""

    month: pd.Timestamp
    observed: float
    expected: float
    limit: float
    state: Literal["signal", "watch", "none"]


@dataclass(frozen=True)
class Season:
    """Calendar months (1 to 12) of most and fewest, with their means over ``years`` years."""

    first_year: int
    last_year: int
    excluded: tuple[int, ...]
    peak: int
    peak_mean: float
    trough: int
    trough_mean: float

    @property
    def years(self) -> int:
        return self.last_year - self.first_year + 1 - len(self.excluded)


@dataclass(frozen=True)
class EventFinding:
    """A month judged after a marked event; ``lower`` and ``upper``: the band of the expected count.

    ``verdict`` as of :func:`indicators.events.verdict`, ``reason`` and ``limit`` as of
    :func:`indicators.events.identifiable`.
    """

    month: pd.Timestamp
    observed: float
    lower: float
    upper: float
    event_month: pd.Timestamp
    verdict: Literal["detected", "no_visible_change", "cannot_tell"]
    reason: str = ""
    limit: float = np.nan


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
    return opened(f"{claim} – {change}." if change else f"{claim}.")


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
        return opened(f"{both}.")
    against = _("{n} paikkaa sataa työtöntä kohden, koko Lapissa {lapland}").format(
        n=per_hundred(locale, standing), lapland=per_hundred(locale, lapland)
    )
    return opened(f"{both}: {against}.")


def small_case(locale: Locale, place: str, standing: Standing) -> str:
    """A case of small counts: the counts, and whether their change can be told from noise."""
    _ = locale.gettext
    both = _("{place} on {unemployed} työtöntä työnhakijaa ja {vacancies} avointa paikkaa").format(
        place=place, unemployed=count(locale, standing.unemployed), vacancies=count(locale, standing.vacancies)
    )
    unemployed = standing.unemployed
    if unemployed.base_month is None or np.isnan(unemployed.change):
        return opened(f"{both}.")
    values = {"base": locale.number(unemployed.base), "month": locale.month_in(unemployed.base_month)}
    if unemployed.within_noise:
        tail = _("työttömien määrän muutos ei erotu satunnaisvaihtelusta ({month} heitä oli {base})").format(**values)
    else:
        tail = _("{month} työttömiä oli {base}").format(**values)
    return opened(f"{both}; {tail}.")


# One kind of result a function: all begin with the month and the place, and end where nothing more can be said.


def place_or_name(locale: Locale, place: str | None, name: str) -> str:
    """``Kemissä``; an area without a form of its own stands as ``alueella Hammerfest``."""
    return place if place else locale.gettext("alueella {name}").format(name=name)


def count_change(locale: Locale, place: str, subject: Subject, value: Reading) -> str:
    """A count and its change against the same month: up, down or within noise.

    Across a confirmed break there is no change to state, and with a hidden part only its range; a possible break
    between the months is named. Per cent only of a base that may be ranked, and not beyond a doubling.
    """
    _ = locale.gettext
    about = _("noin {n}") if value.rounded else "{n}"
    shown = about.format(n=locale.interval(value.lower, value.upper))
    claim = _level(locale, subject, place, value.month, shown, value.value)
    if value.hidden:
        return opened(_("{claim}; tarkka luku on salattu.").format(claim=claim))
    if value.base_month is None or np.isnan(value.change):
        return opened(f"{claim}.")
    base_month = locale.month_in(value.base_month)
    if value.comparability == "break" or value.within_noise:
        base = about.format(n=locale.number(value.base))
        noise = _("{claim}; muutos ei erotu satunnaisvaihtelusta ({month} luku oli {base})")
        return _across(locale, noise.format(claim=claim, month=base_month, base=base), value, claim)
    difference = about.format(n=locale.number(abs(value.change)))
    if value.base >= RANKABLE and value.ratio <= 2:
        share = abs(value.ratio - 1)
        difference += f" ({locale.percent(share, 0 if share >= 0.01 else 1)})"
    more = _("{claim}, {n} enemmän kuin {month}") if value.change > 0 else _("{claim}, {n} vähemmän kuin {month}")
    return _across(locale, more.format(claim=claim, n=difference, month=base_month), value, claim)


def small_count(locale: Locale, place: str, subject: Subject, month: Day, value: float, limit: float) -> str:
    """A small count and the smallest change it can show, in persons or vacancies."""
    claim = _level(locale, subject, place, month, locale.number(value), value)
    return opened(f"{claim}; {_unseen(locale, subject, limit)}.")


def register_share(locale: Locale, place: str, now: Proportion, base: Proportion | None, across: Crossing) -> str:
    """Unemployed in per cent of the labour force, and the change in percentage points with its range.

    ``base``: the same month it is compared with, or None. The range is that of a difference of two shares (Newcombe
    1998, method 10, of their Wilson intervals), as if they were independent: somewhat wide, as many persons are the
    same. A change whose range holds zero is not stated.
    """
    _ = locale.gettext
    claim = _("{month} {place} työttömiä työnhakijoita oli {share} työvoimasta").format(
        month=locale.month_in(now.month), place=place, share=_exact_or_range(locale, now)
    )
    if np.isnan(now.value):
        return opened(_("{claim}; tarkka luku on salattu.").format(claim=claim))
    if base is None or np.isnan(base.value):
        return opened(f"{claim}.")
    difference, low, high = _difference(now, base)
    values = {"claim": claim, "month": locale.month_in(base.month), "base": locale.percent(base.value)}
    if low <= 0 <= high or locale.number(100 * difference, 1) == locale.number(0, 1):
        same = _("{claim}; osuuden muutos ei erotu satunnaisvaihtelusta ({month} osuus oli {base})")
        return _across(locale, same.format(**values), across, claim)
    near, far = sorted((100 * abs(low), 100 * abs(high)))
    more = (
        _("{claim}, {n} prosenttiyksikköä enemmän kuin {month} (95\u00a0%:n väli {interval})")
        if difference > 0
        else _("{claim}, {n} prosenttiyksikköä vähemmän kuin {month} (95\u00a0%:n väli {interval})")
    )
    stated = more.format(n=locale.number(100 * abs(difference), 1), interval=locale.interval(near, far, 1), **values)
    return _across(locale, stated, across, claim)


def tightness(locale: Locale, place: str, standing: Standing, lapland: Standing) -> str:
    """Open vacancies per hundred unemployed beside Lapland's, unless the counts are too small to compare.

    The difference is within noise when the logarithms of the two lie closer than 1.96 standard errors, those of
    four Poisson counts.
    """
    _ = locale.gettext
    month = locale.month_in(standing.month)
    values = {"month": month, "place": place}
    if min(standing.unemployed.lower, standing.vacancies.lower) < RANKABLE:
        return opened(
            _(
                "{month} {place} avoimia paikkoja oli {vacancies} ja työttömiä {unemployed}: määrät ovat liian pieniä "
                "verrattaviksi koko Lappiin."
            ).format(
                vacancies=count(locale, standing.vacancies), unemployed=count(locale, standing.unemployed), **values
            )
        )
    lower, upper = 100 * standing.tightness_lower, 100 * standing.tightness_upper
    claim = locale.ngettext(
        "{month} {place} oli {n} avoin paikka sataa työtöntä kohden",
        "{month} {place} oli {n} avointa paikkaa sataa työtöntä kohden",
        round(upper) if locale.number(lower) == locale.number(upper) else 2,
    ).format(n=locale.interval(lower, upper), **values)
    counts = [standing.unemployed.value, standing.vacancies.value, lapland.unemployed.value, lapland.vacancies.value]
    error = float(np.sqrt(np.divide(1, counts).sum()))
    if abs(float(np.log(standing.tightness / lapland.tightness))) < Z * error:
        against = _("{claim}; ero koko Lappiin ({lapland}) ei erotu satunnaisvaihtelusta.")
    else:
        against = _("{claim}, koko Lapissa {lapland}.")
    return opened(against.format(claim=claim, lapland=per_hundred(locale, lapland)))


def mismatch(locale: Locale, place: str, found: MismatchFinding) -> str:
    """The mismatch between municipalities or occupations in per cent of matches, and where it is largest."""
    _ = locale.gettext
    text = {
        "municipality": _(
            "{month} {place} työttömien ja avointen paikkojen epäsuhta kuntien välillä oli {share} kohtaamisista"
        ),
        "occupation": _(
            "{month} {place} työttömien ja avointen paikkojen epäsuhta ammattien välillä oli {share} kohtaamisista"
        ),
    }[found.partition]
    claim = text.format(
        month=locale.month_in(found.month), place=place, share=locale.percent_range(found.lower, found.upper, 1)
    )
    if found.lower <= found.chance:
        return opened(_("{claim}; näin suuri se voi olla sattumaltakin.").format(claim=claim))
    if not (found.shortage and found.surplus):
        return opened(f"{claim}.")
    return opened(
        _("{claim}; suhteessa eniten paikkoja: {shortage}, työttömiä: {surplus}.").format(
            claim=claim, shortage=found.shortage, surplus=found.surplus
        )
    )


def signal(locale: Locale, place: str, subject: Subject, found: Deviation) -> str:
    """Whether a count differs from what its own past and season lead to expect; empty where it was not tested."""
    _ = locale.gettext
    if np.isnan([found.observed, found.expected, found.limit]).any():
        return ""
    claim = _level(locale, subject, place, found.month, locale.number(found.observed), found.observed)
    text = {
        "signal": _("{claim}, odotettu määrä oli {expected}: luku poikkeaa odotetusta, ja poikkeama on toistunut."),
        "watch": _("{claim}, odotettu määrä oli {expected}: luku poikkeaa odotetusta, mutta ei vielä toistuvasti."),
        "none": _("{claim}, odotettu määrä oli {expected}: luku ei poikkea odotetusta."),
    }[found.state]
    low, high = max(found.expected - found.limit, 0), found.expected + found.limit
    return opened(text.format(claim=claim, expected=locale.interval(low, high)))


def nothing_signalled(locale: Locale, place: str, month: Day, tested: int) -> str:
    """A screen of ``tested`` counts in which nothing differs from the expected."""
    return opened(
        locale.ngettext(
            "{month} {place} tarkasteltiin {n} lukua, eikä se poikennut odotetusta satunnaisvaihtelua enempää.",
            "{month} {place} tarkasteltiin {n} lukua, eikä mikään poikennut odotetusta satunnaisvaihtelua enempää.",
            tested,
        ).format(month=locale.month_in(month), place=place, n=locale.number(tested))
    )


def season(locale: Locale, place: str, subject: Literal["unemployed", "vacancies", "nights"], found: Season) -> str:
    """The months of most and fewest, their means and ratio; silent about them where they differ within noise.

    The means of ``found.years`` counts differ within noise when they are closer than 1.96 standard errors of such
    Poisson means; overnight stays are counted in full and have none.
    """
    _ = locale.gettext
    years = f"{found.first_year}{DASH}{found.last_year}"
    if found.excluded:
        left_out = format_list([str(year) for year in found.excluded], locale=locale.babel)
        years = _("{years} (ilman vuosia {excluded})").format(years=years, excluded=left_out)
    limit = float(uncertainty.detection_limit(max(found.peak_mean, 0.5))) / np.sqrt(found.years)
    if subject != "nights" and found.peak_mean - found.trough_mean < limit:
        flat = {
            "unemployed": _("Vuosina {years} työttömien määrän kausivaihtelu ei {place} erotu satunnaisvaihtelusta."),
            "vacancies": _("Vuosina {years} avointen paikkojen kausivaihtelu ei {place} erotu satunnaisvaihtelusta."),
        }[subject]
        return flat.format(years=years, place=place)
    text = {
        "unemployed": _(
            "Vuosina {years} {place} oli työttömiä eniten {peak} ja vähiten {trough} "
            "(keskimäärin {most} ja {least}, suhde {ratio})."
        ),
        "vacancies": _(
            "Vuosina {years} {place} oli avoimia paikkoja eniten {peak} ja vähiten {trough} "
            "(keskimäärin {most} ja {least}, suhde {ratio})."
        ),
        "nights": _(
            "Vuosina {years} {place} oli yöpymisiä eniten {peak} ja vähiten {trough} "
            "(keskimäärin {most} ja {least}, suhde {ratio})."
        ),
    }[subject]
    return text.format(
        years=years,
        place=place,
        peak=locale.month_inside(found.peak),
        trough=locale.month_inside(found.trough),
        most=locale.number(found.peak_mean),
        least=locale.number(found.trough_mean),
        ratio=locale.number(found.peak_mean / found.trough_mean, 1) if found.trough_mean else DASH,
    )


def long_term_share(locale: Locale, place: str, share: Proportion, lapland: Proportion | None = None) -> str:
    """The long-term unemployed of all unemployed, with the interval of the share, beside Lapland's where given."""
    text = locale.gettext("{month} {place} {share} työttömistä työnhakijoista oli ollut työttömänä vähintään vuoden")
    claim = text.format(month=locale.month_in(share.month), place=place, share=_exact_or_range(locale, share))
    return _with_interval(locale, claim, share, lapland)


def group_share(locale: Locale, place: str, group: str, share: Proportion, lapland: Proportion | None = None) -> str:
    """A target group's share of the unemployed, with its interval, beside Lapland's where given.

    ``group``: its persons in running text ("alle 25-vuotiaita", "under 25 år", "under 25 years old").
    """
    text = locale.gettext("{month} {place} {share} työttömistä työnhakijoista oli {group}")
    claim = text.format(
        month=locale.month_in(share.month), place=place, share=_exact_or_range(locale, share), group=group
    )
    return _with_interval(locale, claim, share, lapland)


def forecast(locale: Locale, place: str, subject: Subject, month: Day, point: float, ends: tuple[float, float]) -> str:
    """A forecast that passed its track record: the point and the 80 % interval."""
    _ = locale.gettext
    values = {
        "month": locale.month_in(month),
        "place": place,
        "n": locale.number(point),
        "interval": locale.interval(*ends),
    }
    text = {
        "unemployed": _(
            "Ennuste: {month} {place} on työttömiä työnhakijoita noin {n}, 80 prosentin todennäköisyydellä {interval}."
        ),
        "vacancies": _(
            "Ennuste: {month} {place} on avoimia paikkoja noin {n}, 80 prosentin todennäköisyydellä {interval}."
        ),
    }[subject]
    return text.format(**values)


def forecast_refused(locale: Locale, place: str, subject: Subject, month: Day, reason: str) -> str:
    """Why no forecast from ``month`` is shown, in words; ``reason`` as of :func:`indicators.forecast.publishable`."""
    _ = locale.gettext
    words = {
        "too_short": _("kuukausia on alle 60"),
        "hidden_months": _("osa kuukausista puuttuu tai on salattu"),
        "too_few": _("määrä on keskimäärin alle 10"),
        "no_better_than_seasonal_naive": _("mikään menetelmä ei ole osunut paremmin kuin vuoden takainen luku"),
        "coverage": _("ennustevälit eivät ole osuneet niin usein kuin niiden pitäisi"),
    }[reason]
    text = {
        "unemployed": _("{month} työttömien määrälle {place} ei näytetä ennustetta: {reason}."),
        "vacancies": _("{month} avointen paikkojen määrälle {place} ei näytetä ennustetta: {reason}."),
    }[subject]
    return opened(text.format(month=locale.month_in(month), place=place, reason=words))


def event(locale: Locale, place: str, subject: Subject, found: EventFinding) -> str:
    """What the figures show after a marked event: a change, none, or that they cannot tell. Never an effect."""
    _ = locale.gettext
    claim = _level(locale, subject, place, found.month, locale.number(found.observed), found.observed)
    values = {"claim": claim, "event": locale.month_in(found.event_month)}
    if found.verdict == "cannot_tell":
        text = _("{claim}; tapahtuman ({event}) jälkeistä muutosta ei voi arvioida: {reason}.")
        return opened(text.format(reason=_untold(locale, subject, found), **values))
    text = {
        "detected": _(
            "{claim}, odotettu määrä oli {expected}; muutos ajoittuu tapahtuman ({event}) jälkeen, "
            "mikä ei yksin osoita vaikutusta."
        ),
        "no_visible_change": _("{claim}, odotettu määrä oli {expected}; tapahtuman ({event}) jälkeen muutosta ei näy."),
    }[found.verdict]
    return opened(text.format(expected=locale.interval(found.lower, found.upper), **values))


def location_quotient(
    locale: Locale,
    place: str,
    period: str,
    of: Literal["jobs", "vacancies", "unemployed"],
    name: str,
    quotient: float,
    persons: float,
) -> str:
    """An industry's or an occupation's share of the region over that of the country.

    ``period`` as an adverbial ("lokakuussa 2023", "vuonna 2024"); ``name`` the label of the class; ``persons`` its
    count in the region: below 20 nothing is compared, and within 1.96/sqrt(persons) of 1 on the log scale the two
    cannot be told apart.
    """
    _ = locale.gettext
    values = {"name": name, "period": period, "place": place}
    if np.isnan(persons) or persons < RANKABLE:
        return _("{name}: {period} määrä {place} on alle {n}, liian pieni verrattavaksi koko maahan.").format(
            n=locale.number(RANKABLE), **values
        )
    text = {
        "jobs": _("{name}: {period} osuus työpaikoista oli {place} {n}-kertainen koko maahan verrattuna"),
        "vacancies": _("{name}: {period} osuus avoimista paikoista oli {place} {n}-kertainen koko maahan verrattuna"),
        "unemployed": _("{name}: {period} osuus työttömistä oli {place} {n}-kertainen koko maahan verrattuna"),
    }[of]
    claim = text.format(n=locale.number(quotient, 1), **values)
    if quotient > 0 and abs(float(np.log(quotient))) < Z / np.sqrt(persons):
        return _("{claim}; ero ei erotu satunnaisvaihtelusta.").format(claim=claim)
    return f"{claim}."


def nights_change(
    locale: Locale, place: str, month: Day, value: float, base_month: Day, base: float, preliminary: bool = False
) -> str:
    """Overnight stays against the same month; ``preliminary`` where either figure is a first release."""
    _ = locale.gettext
    claim = locale.ngettext("{month} {place} oli {n} yöpyminen", "{month} {place} oli {n} yöpymistä", value).format(
        month=locale.month_in(month), place=place, n=locale.number(value)
    )
    share = locale.percent(abs(value / base - 1), 0) if base else ""
    if not share:
        stated = claim
    elif share == locale.percent(0, 0):
        stated = _("{claim}, suunnilleen saman verran kuin {month}").format(
            claim=claim, month=locale.month_in(base_month)
        )
    else:
        more = _("{claim}, {n} enemmän kuin {month}") if value > base else _("{claim}, {n} vähemmän kuin {month}")
        stated = more.format(claim=claim, n=share, month=locale.month_in(base_month))
    return opened(_("{claim}; ensijulkistus voi tarkentua.").format(claim=stated) if preliminary else f"{stated}.")


def vacancy_duration(
    locale: Locale, place: str, month: Day, days: float, base_month: Day | None = None, base: float = np.nan
) -> str:
    """Days a vacancy stays open, over twelve months, and the change against twelve months ending a year before."""
    _ = locale.gettext
    shown = round(days)
    claim = locale.ngettext(
        "{month} {place} avoin paikka oli auki arviolta {n} päivän (12 kuukauden keskiarvo)",
        "{month} {place} avoin paikka oli auki arviolta {n} päivää (12 kuukauden keskiarvo)",
        shown,
    ).format(month=locale.month_in(month), place=place, n=locale.number(shown))
    if base_month is None or np.isnan(base):
        return opened(f"{claim}.")
    values = {"claim": claim, "month": locale.month_in(base_month)}
    difference = shown - round(base)
    if difference == 0:
        return opened(_("{claim}, yhtä kauan kuin {month}.").format(**values))
    if difference > 0:
        text = locale.ngettext(
            "{claim}, {n} päivän enemmän kuin {month}.", "{claim}, {n} päivää enemmän kuin {month}.", difference
        )
    else:
        text = locale.ngettext(
            "{claim}, {n} päivän vähemmän kuin {month}.", "{claim}, {n} päivää vähemmän kuin {month}.", -difference
        )
    return opened(text.format(n=locale.number(abs(difference)), **values))


def _level(locale: Locale, subject: Subject, place: str, month: Day, n: str, value: float) -> str:
    """A count in a month as a clause; ``n`` is its print, ``value`` decides between one and many (NaN: many)."""
    amount = 2 if np.isnan(value) else value
    if subject == "unemployed":
        text = locale.ngettext(
            "{month} {place} oli {n} työtön työnhakija", "{month} {place} oli {n} työtöntä työnhakijaa", amount
        )
    else:
        text = locale.ngettext(
            "{month} {place} oli {n} avoin paikka", "{month} {place} oli {n} avointa paikkaa", amount
        )
    return text.format(month=locale.month_in(month), place=place, n=n)


def _across(locale: Locale, stated: str, across: Reading | Crossing, claim: str) -> str:
    """A change with the break between its months: a possible one is named, a confirmed one leaves the level alone."""
    _ = locale.gettext
    if across.break_month is None:
        return opened(f"{stated}.")
    month = locale.month_in(across.break_month)
    if across.comparability == "break":
        text = _("{claim}; luku ei ole vertailukelpoinen aiempien kanssa (tilastokatkos {month}).")
        return opened(text.format(claim=claim, month=month))
    return opened(_("{claim}; mahdollinen tilastokatkos {month}.").format(claim=stated, month=month))


def _unseen(locale: Locale, subject: Subject, limit: float) -> str:
    """The smallest change a count can show, in whole persons or vacancies."""
    smallest = max(math.ceil(limit), 1)
    text = {
        "unemployed": locale.ngettext(
            "tästä luvusta ei näe alle {n} hengen muutosta", "tästä luvusta ei näe alle {n} hengen muutosta", smallest
        ),
        "vacancies": locale.ngettext(
            "tästä luvusta ei näe alle {n} paikan muutosta", "tästä luvusta ei näe alle {n} paikan muutosta", smallest
        ),
    }[subject]
    return text.format(n=locale.number(smallest))


def _untold(locale: Locale, subject: Subject, found: EventFinding) -> str:
    """Why an event cannot be judged; ``reason`` as of :func:`indicators.events.identifiable`."""
    _ = locale.gettext
    if found.reason.startswith("below_detection_limit"):
        return _unseen(locale, subject, found.limit)
    if found.reason.startswith("overlapping_events"):
        return _("samaan aikaan osuu muita tapahtumia")
    return _("kuukausia on liian vähän tai osa niistä on salattu")


def _difference(now: Proportion, base: Proportion) -> tuple[float, float, float]:
    """now - base and its 95 % interval from those of the two."""
    difference = now.value - base.value
    below = float(np.hypot(now.value - now.lower, base.upper - base.value))
    above = float(np.hypot(now.upper - now.value, base.value - base.lower))
    return difference, difference - below, difference + above


def _exact_or_range(locale: Locale, share: Proportion) -> str:
    if np.isnan(share.value):
        return locale.percent_range(share.lower, share.upper, 1)
    return locale.percent(share.value)


def _with_interval(locale: Locale, claim: str, share: Proportion, lapland: Proportion | None) -> str:
    """A share with what chance can make of it, beside Lapland's; of a hidden count nothing but the range it has."""
    _ = locale.gettext
    if np.isnan(share.value):
        return opened(_("{claim}; tarkka luku on salattu.").format(claim=claim))
    claim = _("{claim} (95\u00a0%:n väli {interval})").format(
        claim=claim, interval=locale.percent_range(share.lower, share.upper, 1)
    )
    if lapland is None or np.isnan(lapland.value):
        return opened(f"{claim}.")
    _between, low, high = _difference(share, lapland)
    if low <= 0 <= high:
        text = _("{claim}; ero koko Lappiin ({lapland}) ei erotu satunnaisvaihtelusta.")
    else:
        text = _("{claim}, koko Lapissa {lapland}.")
    return opened(text.format(claim=claim, lapland=locale.percent(lapland.value)))


def opened(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]
