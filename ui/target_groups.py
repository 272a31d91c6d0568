"""Target groups of the region's work among its unemployed jobseekers, as far as the register tells them apart."""

import math

import numpy as np
import pandas as pd

from indicators import signals, uncertainty
from ui.locales import Locale
from ui.readings import LONG_TERM, UNEMPLOYED

YOUNG = "TYOTTOMAT25"
OLDER = "TYOTTOMAT50"
PARTIAL_WORK_ABILITY = "TYOTTOMATSAIR"
FOREIGN = "TYOTTOMATULK"
GROUPS = (LONG_TERM, OLDER, YOUNG, PARTIAL_WORK_ABILITY, FOREIGN)


def names(locale: Locale) -> dict[str, str]:
    """The groups as the register counts them: its ages are not those of the region's work."""
    _ = locale.gettext
    return {
        LONG_TERM: _("Pitkäaikaistyöttömät"),
        OLDER: _("Yli 50-vuotiaat"),
        YOUNG: _("Alle 25-vuotiaat"),
        PARTIAL_WORK_ABILITY: _("Vammaiset ja pitkäaikaissairaat"),
        FOREIGN: _("Ulkomaan kansalaiset"),
    }


def persons(locale: Locale, group: str) -> str:
    """The group in running text, as persons of whom there are some."""
    _ = locale.gettext
    return {
        LONG_TERM: _("pitkäaikaistyöttömiä"),
        OLDER: _("yli 50-vuotiaita"),
        YOUNG: _("alle 25-vuotiaita"),
        PARTIAL_WORK_ABILITY: _("vammaisia tai pitkäaikaissairaita"),
        FOREIGN: _("ulkomaan kansalaisia"),
    }[group]


def definition(locale: Locale, group: str) -> str:
    """Who counts in the group, and what its share and interval are."""
    _ = locale.gettext
    who = {
        LONG_TERM: _("Yhtäjaksoisesti vähintään vuoden työttömänä työnhakijana olleet."),
        OLDER: _("Yli 50-vuotiaat työttömät työnhakijat."),
        YOUNG: _("Alle 25-vuotiaat työttömät työnhakijat."),
        PARTIAL_WORK_ABILITY: _("Työttömät työnhakijat, joilla on vamma tai pitkäaikaissairaus."),
        FOREIGN: _("Työttömät työnhakijat, jotka ovat muun maan kuin Suomen kansalaisia."),
    }[group]
    share = _(
        "Osuus on jaettu kaikilla työttömillä työnhakijoilla kuukauden laskentapäivänä. Väli on Wilsonin väli: "
        "rekisteriluku on täydellinen, ja väli kertoo, miten paljon osuus voi vaihdella sattumalta."
    )
    return f"{who} {share}"


def shares(counts: pd.DataFrame, group: str) -> pd.DataFrame:
    """The group's share of the unemployed by area, with what it may be.

    ``counts``: a row an area, columns ``(measure, value | lower | upper)``. Result by area: ``share`` (fraction, NaN
    where the group is hidden), ``lower`` and ``upper``: the Wilson interval, where hidden that of 1 to 4 persons each
    hidden part may be; ``count``, ``all``. An area whose unemployed are hidden has no share.
    """
    everyone = counts[(UNEMPLOYED, "value")]
    known = everyone > 0
    ends = {}
    for end in ("lower", "value", "upper"):
        persons = counts[(group, end)].where(known)
        ends[end] = uncertainty.wilson_interval(persons.clip(upper=everyone), everyone.where(known))
    hidden = counts[(group, "value")].isna()
    exact = ends["value"]
    # Of a hidden count only what it may be is known; an interval on top would hide that it is not an estimate.
    low = (counts[(group, "lower")] / everyone).where(hidden, exact["lower"])
    high = (counts[(group, "upper")] / everyone).where(hidden, exact["upper"])
    return pd.DataFrame(
        {
            "share": exact["estimate"],
            "lower": low.where(known),
            "upper": high.where(known).clip(upper=1.0),
            "count": counts[(group, "value")],
            "all": everyone,
        }
    )


def wide(series: pd.DataFrame, month: pd.Timestamp) -> pd.DataFrame:
    """One month of ``store.series`` as a row a group of areas with columns (measure, value | lower | upper)."""
    rows = series[series["month"] == month]
    return rows.pivot(index="group", columns="measure", values=["value", "lower", "upper"]).swaplevel(axis=1)


def published(rows: pd.DataFrame) -> pd.DataFrame:
    """Published figures of single areas (area_code, measure, value, status) in the shape of :func:`wide`."""
    hidden = rows["status"] == "suppressed"
    bounded = rows.assign(lower=rows["value"].where(~hidden, 1.0), upper=rows["value"].where(~hidden, 4.0))
    return bounded.pivot(index="area_code", columns="measure", values=["value", "lower", "upper"]).swaplevel(axis=1)


def apart(table: pd.DataFrame, reference: float) -> pd.Series:
    """Areas whose share differs from the reference: 1 above, -1 below, 0 where it cannot be told.

    Score tests of the counts of :func:`shares`, with the false discovery rate of all areas held at 5 per cent
    (Benjamini & Hochberg 1995): among twenty intervals one misses by chance. A hidden count is not tested.
    """
    expected = table["all"] * reference
    z = (table["count"] - expected) / np.sqrt(expected * (1 - reference))
    p = z.abs().map(lambda size: math.erfc(size / math.sqrt(2)))
    return np.sign(z).where(signals.benjamini_hochberg(p), 0).astype(int)
