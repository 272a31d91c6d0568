"""Assumptions about a closure as the card shows them, what is impossible in them, and the estimate in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.closures import FRACTIONS, Assumption, Closure, Residence
from indicators.closure import ELSEWHERE, closure_range
from ui.locales import Day, Locale

RESIDENCE, RANGE = "residence", "range"
TAX = ("earnings", "municipal_tax_rate")
QUANTITIES = ("jobs_lost", "subcontractor_jobs", "multiplier", "retirement_share", "reemployed_share", *TAX)
WITHOUT = {"multiplier": 1.0, "reemployed_share": 0.0}  # those with a range, and what holds where nothing is assumed
LOW, HIGH = "_low", "_high"

Numbers = Mapping[str, float | None]


@dataclass(frozen=True)
class Assumptions:
    """A starting point and what was changed in it.

    ``members``: the municipalities of the case. ``changed``: numbers by name as they are shown, shares in per cent;
    ``written``: sources by name.
    """

    closure: Closure
    members: Sequence[str]
    changed: Numbers = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def recorded(self) -> dict[str, Assumption | Residence]:
        """The assumptions of the starting point, each with its source."""
        found: dict[str, Assumption | Residence] = {str(name): one for name, one in self.closure.assumptions.items()}
        return found if self.closure.residence is None else {**found, RESIDENCE: self.closure.residence}

    @property
    def start(self) -> dict[str, float | None]:
        """Every number of the card as the starting point has it, None where it has none."""
        given = {str(name): one.value for name, one in self.closure.assumptions.items()}
        shares = self.closure.residence.shares if self.closure.residence is not None else {}
        given |= {home(code): share for code, share in shares.items()}
        names = (*QUANTITIES, *map(home, self.members), *(name + end for name in WITHOUT for end in (LOW, HIGH)))
        # A product such as 100 · 0.28 is not exact: what is shown is.
        return {name: round(given[name] * scale(name), 6) if name in given else None for name in names}

    @property
    def values(self) -> dict[str, float | None]:
        return {name: self.changed.get(name, value) for name, value in self.start.items()}

    @property
    def residence(self) -> dict[str, float]:
        """The fraction of the workers in each municipality that has one."""
        shares = {code: self.given(home(code)) for code in self.members}
        return {code: share for code, share in shares.items() if share is not None}

    def given(self, name: str) -> float | None:
        """A number as the indicator takes it: shares as fractions."""
        value = self.values[name]
        return None if value is None else value / scale(name)

    def own(self, name: str) -> bool:
        """Whether a number, any share of the residence, or any end of a range is not as the starting point has it."""
        parts = {RESIDENCE: list(map(home, self.members)), RANGE: [one + end for one in WITHOUT for end in (LOW, HIGH)]}
        return any(self.values[part] != self.start[part] for part in parts.get(name, [name]))

    def source(self, locale: Locale, name: str) -> str:
        """Who an assumption comes from: as written, else oneself, else as on record; empty where nobody is named."""
        if self.written.get(name):
            return self.written[name]
        if self.own(name):
            return locale.gettext("oma oletus")
        recorded = self.recorded.get(name)
        return "" if recorded is None else recorded.source.in_language(locale.language)


@dataclass(frozen=True)
class Estimate:
    """Frames of :func:`indicators.closure.closure_impact` by area code; the three are alike where no range is given."""

    low: pd.DataFrame
    central: pd.DataFrame
    high: pd.DataFrame

    @property
    def codes(self) -> list[str]:
        return [str(code) for code in self.central.index]

    def of(self, figure: str, code: str) -> tuple[float, float, float]:
        """The low, the central and the high figure of one area."""
        low, central, high = (float(frame[figure][code]) for frame in (self.low, self.central, self.high))
        return low, central, high

    def total(self, figure: str) -> tuple[float, float, float]:
        """The same of all areas, those who live elsewhere among them."""
        low, central, high = (float(frame[figure].sum(skipna=False)) for frame in (self.low, self.central, self.high))
        return low, central, high


def home(code: str) -> str:
    """The name of the share of the workers who live in a municipality."""
    return f"{RESIDENCE}-{code}"


def scale(name: str) -> float:
    """What a number is multiplied with to be shown: shares are shown in per cent."""
    plain = name.removesuffix(LOW).removesuffix(HIGH)
    return 100.0 if plain in FRACTIONS or plain.startswith(RESIDENCE) else 1.0


def labels(locale: Locale) -> dict[str, str]:
    """Every assumption by name."""
    _ = locale.gettext
    return {
        "jobs_lost": _("Suorat työpaikat"),
        "subcontractor_jobs": _("Työpaikat alihankkijoilla"),
        "multiplier": _("Kerroin"),
        "retirement_share": _("Eläkkeelle siirtyvät, % suorista"),
        "reemployed_share": _("Heti työllistyvät, % muista"),
        "earnings": _("Ansio, € vuodessa"),
        "municipal_tax_rate": _("Kunnan saama osuus ansiosta, %"),
        RESIDENCE: _("Työntekijöiden kotikunnat, %"),
        RANGE: _("Vaihteluväli, jos arvio on epävarma"),
    }


def range_labels(locale: Locale) -> dict[str, str]:
    """The lower and upper ends of the assumptions that may have a range."""
    _ = locale.gettext
    titles = labels(locale)
    ends = {LOW: _("{name}: alaraja"), HIGH: _("{name}: yläraja")}
    return {name + end: text.format(name=titles[name]) for name in WITHOUT for end, text in ends.items()}


def problems(locale: Locale, assumptions: Assumptions) -> list[str]:
    """What is impossible in the numbers, in words."""
    _ = locale.gettext
    names, values = labels(locale), assumptions.values
    whole = locale.percent(1, 0)
    found = []
    if values["jobs_lost"] is None:
        found.append(_("Anna päättyvien suorien työpaikkojen määrä."))
    multipliers = [values["multiplier" + end] for end in ("", LOW, HIGH)]
    if any(number is not None and number < 1 for number in multipliers):
        found.append(_("Kerroin on vähintään 1, sillä siinä ovat mukana työpaikat itse."))
    above = [names[name] for name in FRACTIONS if any((values.get(name + end) or 0) > 100 for end in ("", LOW, HIGH))]
    if above:
        found.append(_("Osuus on enintään {whole}: {names}.").format(whole=whole, names=", ".join(above)))
    living = sum(assumptions.residence.values())
    if living > 1 + 1e-9:
        found.append(
            _("Kotikuntien osuudet ovat yhteensä {sum}. Niitä voi olla enintään {whole}.").format(
                sum=locale.percent(living, 0 if round(100 * living, 6).is_integer() else 1), whole=whole
            )
        )
    for name, without in WITHOUT.items():
        middle, low, high = (values[name + end] for end in ("", LOW, HIGH))
        middle = without if middle is None else middle
        if (low is not None and low > middle) or (high is not None and high < middle):
            found.append(
                _("{name}: arvion {n} on oltava alarajan ja ylärajan välissä.").format(
                    name=names[name], n=plain(locale, middle)
                )
            )
    return found


def estimate(assumptions: Assumptions, people: pd.DataFrame) -> Estimate | None:
    """The estimate by home municipality, or None where no municipality has a share of the workers.

    ``people``: ``labour_force`` and ``unemployed`` by municipality. A municipality without a share is left out: whoever
    lives there counts as living elsewhere. Raises ValueError where more would be unemployed than are in the labour
    force, and for whatever :func:`problems` finds.
    """
    shares = pd.Series(assumptions.residence, dtype=float)
    if shares.empty:
        return None
    given = {name: assumptions.given(name) for name in QUANTITIES}
    if any(given[name] is None for name in TAX):
        given |= dict.fromkeys(TAX)
    # The more find work, the fewer are unemployed: the upper end of that share belongs to the low scenario.
    low = {
        "multiplier": assumptions.given("multiplier_low"),
        "reemployed_share": assumptions.given("reemployed_share_high"),
    }
    high = {
        "multiplier": assumptions.given("multiplier_high"),
        "reemployed_share": assumptions.given("reemployed_share_low"),
    }
    result = closure_range(
        _without_none(low),
        _without_none(high),
        residence_shares=shares,
        labour_force=people.loc[shares.index, "labour_force"],
        unemployed=people.loc[shares.index, "unemployed"],
        **_without_none(given),
    )
    low_case, central, high_case = (
        pd.DataFrame(result.xs(scenario, axis="columns", level=1)) for scenario in ("low", "central", "high")
    )
    return Estimate(low_case, central, high_case)


def _without_none(values: Numbers) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}


def headline(locale: Locale, result: Estimate, places: Mapping[str, str], month: Day) -> str:
    """The municipality where most could become unemployed: conditional, with what is assumed, and no cause.

    ``places``: municipalities as a sentence says where ("Kemissä").
    """
    _ = locale.gettext
    top = str(result.central["newly_unemployed"].drop(ELSEWHERE).idxmax())
    jobs, retired, found = (round(result.total(figure)[1]) for figure in ("direct", "retired", "reemployed"))
    others = round(result.total("all_jobs")[1] - result.total("direct")[1])
    ending = (
        _("Jos {n} työpaikkaa ja niiden mukana {others} muuta päättyisi")
        if others
        else _("Jos {n} työpaikkaa päättyisi")
    )
    people = {
        (False, False): _("eikä kukaan työllistyisi heti"),
        (False, True): _("ja {found} henkilöä työllistyisi heti"),
        (True, False): _("ja {retired} henkilöä siirtyisi eläkkeelle eikä kukaan muu työllistyisi heti"),
        (True, True): _("ja {retired} henkilöä siirtyisi eläkkeelle ja {found} työllistyisi heti"),
    }[retired > 0, found > 0]
    low, _middle, high = result.of("newly_unemployed", top)
    share = share_change(locale, result, top)
    outcome = (
        _("{place} olisi enintään {n} työtöntä enemmän kuin {when}")
        if share is None
        else _("{place} olisi enintään {n} työtöntä enemmän kuin {when} (osuus työvoimasta {share})")
    )
    clauses = (
        ending.format(n=locale.number(jobs), others=locale.number(others)),
        people.format(retired=locale.number(retired), found=locale.number(found)),
        outcome.format(place=places[top], n=locale.interval(low, high), when=locale.month_in(month), share=share),
    )
    return f"{clauses[0]} {clauses[1]}, {clauses[2]}"


def share_change(locale: Locale, result: Estimate, code: str) -> str | None:
    """``15,2 % → 20,7 %``, or None where the unemployed or the labour force are not known."""
    _low, before, _high = result.of("share_before", code)
    low, _central, high = result.of("share_after", code)
    return None if np.isnan(before) else f"{locale.percent(before)} → {locale.percent_range(low, high, 1)}"


def spread(locale: Locale, figure: tuple[float, float, float]) -> str:
    """``901 (474–1 000)``; the middle alone where no range was given."""
    middle, ends = locale.number(figure[1]), locale.interval(figure[0], figure[2])
    return middle if ends == middle else f"{middle} ({ends})"


def million_euros(locale: Locale, figure: tuple[float, float, float]) -> str:
    """Euros as ``5,0 milj. €``, or from the low to the high figure."""
    return locale.gettext("{n} milj. €").format(n=locale.interval(figure[0] / 1e6, figure[2] / 1e6, 1))


def plain(locale: Locale, value: float) -> str:
    """A number with a decimal only where it has one."""
    return locale.number(value, 0 if float(value).is_integer() else 1)


def in_words(locale: Locale, assumptions: Assumptions, names: Mapping[str, str]) -> str:
    """Every assumption with its source, in one line."""
    titles, values = labels(locale), assumptions.values
    listed = []
    for name in (*QUANTITIES, RESIDENCE, RANGE):
        if name == RESIDENCE:
            parts = {names[code]: values[home(code)] for code in assumptions.members}
        elif name == RANGE:
            parts = {text: values[key] for key, text in range_labels(locale).items()}
        else:
            parts = {"": values[name]}
        shown = [f"{part} {plain(locale, value)}".strip() for part, value in parts.items() if value is not None]
        if shown:
            source = assumptions.source(locale, name)
            listed.append(f"{titles[name]}: {', '.join(shown)}" + (f" ({source})" if source else ""))
    return "; ".join(listed)
