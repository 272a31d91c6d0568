"""How the figures came to be what they are: what a snapshot changed, figures revised, and what was known on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from data.subjects import SUBJECTS
from ui import store
from ui.frame import View
from ui.locales import DASH, HELSINKI, Locale

EDITIONS = 8  # the latest that revised something
CELLS = 40  # the latest revised figures
NOTED = 12  # changes told one by one
PERIODS = 13  # the newest of a series, a year of months and the same month of last year
FIRST_SUBJECT = "employment_service"
ALWAYS = date(9999, 1, 1)  # a day on which everything is known


@dataclass(frozen=True)
class Names:
    """Words for the codes of a series' key."""

    locale: Locale
    by_kind: Mapping[str, Mapping[str, str]]

    def of(self, column: str, code: str) -> str:
        """The name of a code; the publisher's own code where the product has no name for it."""
        kind = {"origin_area": "area", "destination_area": "area"}.get(column, column.removesuffix("_code"))
        found = self.by_kind.get(kind, {}).get(code) or self._common(code)
        return found or f"`{code}`"

    def series(self, key: Mapping[str, str], column: str = "value") -> str:
        """``Utsjoki · Työttömiä työnhakijoita``."""
        words = [self.of(name, code) for name, code in key.items() if name != "subject"]
        return " · ".join([*words, *self.side(column)])

    def choice(self, key: Mapping[str, str], column: str) -> str:
        """The same for a list to choose from, which shows no markup."""
        return self.series(key, column).replace("`", "")

    def side(self, column: str) -> list[str]:
        """The side of the market, where one row holds both."""
        _ = self.locale.gettext
        return {"unemployed": [_("työttömiä työnhakijoita")], "vacancies": [_("avoimia paikkoja")]}.get(column, [])

    def _common(self, code: str) -> str | None:
        _ = self.locale.gettext
        return {
            "total": _("yhteensä"),
            "SSS": _("yhteensä"),
            "male": _("miehet"),
            "female": _("naiset"),
            "domestic": _("kotimaiset"),
            "foreign": _("ulkomaiset"),
        }.get(code)


def names(snapshot_id: str, locale: Locale) -> Names:
    return Names(locale, store.code_names(snapshot_id, locale.language))


def changes_block(view: View, sources: Mapping[str, str]) -> None:
    """What this snapshot changed against the one before it; ``sources`` are names by id."""
    locale = view.locale
    _ = locale.gettext
    st.markdown(f"#### {_('Mikä muuttui tässä versiossa')}")
    changes = store.changes(view.snapshot.snapshot_id)
    if changes.empty:
        st.caption(_("Ei edellistä versiota, johon verrata, tai mikään luku ei muuttunut."))
        return
    kinds = {
        "new_period": _("uusi ajanjakso"),
        "revised": _("tarkentunut luku"),
        "lost_series": _("kadonnut sarja"),
        "new_series": _("uusi sarja"),
        "classification": _("muuttunut luokitus"),
        "membership": _("muuttunut aluejako"),
        "sum": _("summa ei täsmää"),
    }
    counts = changes.groupby(["source_id", "kind"], as_index=False)["cells"].sum()
    st.table(
        pd.DataFrame(
            {
                _("Aineisto"): [sources.get(source, source) for source in counts["source_id"]],
                _("Muutos"): counts["kind"].map(kinds),
                _("Rivejä"): [locale.number(n) for n in counts["cells"]],
            }
        ),
        hide_index=True,
        alt=_("Mikä muuttui tässä versiossa"),
        height=420 if len(counts) > 10 else "content",
    )
    noted = changes[changes["kind"].isin(["lost_series", "classification", "membership", "sum"])]
    if not noted.empty:
        words = names(view.snapshot.snapshot_id, locale)
        lines = [
            f"- **{kinds[row['kind']]}** · {sources.get(row['source_id'], row['source_id'])} · {_told(words, row)}"
            for row in noted.head(NOTED).to_dict("records")
        ]
        st.markdown("\n".join(lines))
        if len(noted) > NOTED:
            st.caption(_("Lisäksi {n} muuta.").format(n=locale.number(len(noted) - NOTED)))


def _told(words: Names, row: Mapping[Any, Any]) -> str:
    """What exactly changed, from the key of a change: its form is told in data/changes.py."""
    locale = words.locale
    _ = locale.gettext
    subject, *parts = row["key"].split("|")
    if row["kind"] == "membership" and len(parts) == 2:
        place, parent = (words.of("area_code", code) for code in parts)
        gone = pd.isna(row["new_status"])
        text = _("{place} ei enää kuulu alueeseen {parent}") if gone else _("{place} kuuluu nyt alueeseen {parent}")
        return text.format(place=place, parent=parent)
    if row["kind"] == "classification":
        return _("`{codes}`: poistui {gone}, tuli {came}").format(
            codes=": ".join(parts), gone=locale.number(row["old_value"]), came=locale.number(row["new_value"])
        )
    columns = SUBJECTS[subject].series if subject in SUBJECTS else ()
    if len(parts) < len(columns) or not columns:
        return f"`{row['key']}`"
    series = words.series(dict(zip(columns, parts, strict=False)))
    if row["kind"] != "sum":
        return series
    decimals = decimals_of([row["old_value"], row["new_value"]])
    return _("{series}, {period}: näkyvät osat yhteensä {parts}, julkaistu summa {total}").format(
        series=series,
        period=period_text(locale, parts[len(columns)]),
        parts=locale.number(row["old_value"], decimals),
        total=locale.number(row["new_value"], decimals),
    )


def revisions_block(view: View, sources: Mapping[str, str]) -> None:
    """Which editions revised figures, and the latest of those figures with the old value and the new."""
    locale = view.locale
    _ = locale.gettext
    snapshot_id = view.snapshot.snapshot_id
    st.markdown(f"#### {_('Tarkentuneet luvut')}")
    counted = store.revision_counts(snapshot_id)
    if counted.empty:
        st.caption(_("Mikään julkaisu ei ole muuttanut aiemmin tunnettua lukua."))
        return
    latest = counted.head(EDITIONS)
    st.table(
        pd.DataFrame(
            {
                _("Tiedossa alkaen"): [_since(locale, stamp) for stamp in latest["known_at"]],
                _("Aineisto"): [sources.get(source, source) for source in latest["source_id"]],
                _("Muuttui"): [locale.number(n) for n in latest["revised"]],
                _("Tuli lisää"): [locale.number(n) for n in latest["added"]],
                _("Jaksot"): [
                    period_text(locale, first) + ("" if first == last else f"{DASH}{period_text(locale, last)}")
                    for first, last in zip(latest["first_period"], latest["last_period"], strict=True)
                ],
            }
        ),
        hide_index=True,
        alt=_("Tarkentuneet luvut"),
    )
    changed = counted[counted["revised"] > 0]
    if changed.empty:
        return
    of_source = st.selectbox(
        _("Aineisto, jonka tarkentuneet luvut näytetään"),
        list(dict.fromkeys(changed["source_id"])),
        key=f"revised-source-{locale.language}",
        format_func=lambda source: sources.get(source, source),
    )
    cells = store.revised_cells(snapshot_id, of_source, CELLS)
    st.table(
        revised_table(names(snapshot_id, locale), cells),
        hide_index=True,
        height=420 if len(cells) > 10 else "content",
        alt=_("Luvut ennen ja nyt"),
    )
    if len(cells) == CELLS:
        st.caption(_("Näkyvissä {n} uusinta.").format(n=CELLS))


def revised_table(words: Names, cells: pd.DataFrame) -> pd.DataFrame:
    """Revised figures in words, the old value beside the new one."""
    locale = words.locale
    _ = locale.gettext
    rows = []
    for cell in cells.to_dict("records"):
        decimals = decimals_of([cell["old_value"], cell["new_value"]])
        key = dict(zip(SUBJECTS[cell["subject"]].series, cell["series"].split("|"), strict=False))
        rows.append(
            {
                _("Luku"): words.series(key, cell["column"]),
                _("Jakso"): period_text(locale, cell["period"], SUBJECTS[cell["subject"]].period == "quarter"),
                _("Ennen"): old_side(locale, cell["old_value"], cell["old_status"], cell["new_status"], decimals),
                _("Nyt"): side(locale, cell["new_value"], cell["new_status"], decimals),
                _("Tiedossa alkaen"): _since(locale, cell["known_at"]),
            }
        )
    return pd.DataFrame(rows)


def known_block(view: View, sources: Mapping[str, str]) -> None:
    """A series as it was known on the day of an edition, beside what it is now."""
    locale = view.locale
    _ = locale.gettext

    @st.fragment
    def choose() -> None:
        st.markdown(f"#### {_('Mitä tiedettiin päivänä')}")
        editions = edition_days(store.editions(view.snapshot.snapshot_id))
        if not editions:
            st.caption(_("Millään aineistolla ei ole kahta julkaisua, joita verrata."))
            return
        _known(view, sources, editions)

    choose()


def edition_days(editions: pd.DataFrame) -> dict[tuple[str, str], list[date]]:
    """Days to look back to, newest first, by source and subject: those of its editions, where it has at least two.

    An edition without a stamp was always known: the day before the first stamp then stands for it.
    """
    known = editions.assign(known_at=editions["fetched_at"].fillna(editions["published_at"]))
    found = {}
    for (source_id, subject), group in known.groupby(["source_id", "subject"], sort=True):
        described = SUBJECTS.get(str(subject))
        if described is None or described.period is None or "area_code" not in described.series or len(group) < 2:
            continue
        stamps = group["known_at"].dropna()
        days = {stamp.tz_localize("UTC").tz_convert(HELSINKI).date() for stamp in stamps}
        if days and len(stamps) < len(group):
            days.add(min(days) - timedelta(days=1))
        if days:
            found[str(source_id), str(subject)] = sorted(days, reverse=True)
    return dict(sorted(found.items(), key=lambda item: (item[0][1] != FIRST_SUBJECT, item[0])))


def _known(view: View, sources: Mapping[str, str], editions: Mapping[tuple[str, str], list[date]]) -> None:
    locale, snapshot_id = view.locale, view.snapshot.snapshot_id
    _ = locale.gettext
    words = names(snapshot_id, locale)
    left, right = st.columns(2)
    source_id, subject = left.selectbox(
        _("Aineisto"),
        list(editions),
        key=f"known-source-{locale.language}",
        format_func=lambda one: sources.get(one[0], one[0]),
    )
    area = right.selectbox(
        _("Alue"),
        sorted(store.areas_of_source(snapshot_id, subject, source_id), key=_lapland_first),
        key=f"known-area-{source_id}-{locale.language}",
        format_func=lambda code: words.of("area_code", code),
    )
    if area is None:
        st.caption(_("Tällä aineistolla ei ole lukuja tässä versiossa."))
        return
    options = [
        (rest, column)
        for rest in store.series_of_area(snapshot_id, subject, source_id, area)
        for column, _status in SUBJECTS[subject].values
    ]
    rest, column = left.selectbox(
        _("Luku"),
        options,
        key=f"known-series-{source_id}-{locale.language}",
        format_func=lambda one: words.choice(dict(one[0]), one[1]) or _("luku"),
    )
    days = editions[source_id, subject]
    day = right.selectbox(
        _("Päivä"),
        days,
        index=min(1, len(days) - 1),  # the newest day tells what is known now
        key=f"known-day-{source_id}-{locale.language}",
        format_func=locale.day,
    )
    key = {"area_code": area, **dict(rest)}
    then = store.known_on(snapshot_id, subject, key, column, day)
    now = store.known_on(snapshot_id, subject, key, column, ALWAYS)
    st.table(
        known_table(locale, then, now, SUBJECTS[subject].period == "quarter"),
        hide_index=True,
        alt=_("Mitä tiedettiin päivänä"),
    )


def _lapland_first(code: str) -> tuple[bool, str]:
    return code != store.REGION, code


def known_table(locale: Locale, then: pd.DataFrame, now: pd.DataFrame, quarterly: bool = False) -> pd.DataFrame:
    """The newest periods of a series: as known then, and now."""
    _ = locale.gettext
    both = now.merge(then, on="period", how="left", suffixes=("", "_then")).tail(PERIODS).iloc[::-1]
    decimals = decimals_of([*both["value"], *both["value_then"]])
    return pd.DataFrame(
        {
            _("Jakso"): [period_text(locale, _text(period), quarterly) for period in both["period"]],
            _("Silloin"): [
                old_side(locale, row["value_then"], row["status_then"], row["status"], decimals)
                for row in both.to_dict("records")
            ],
            _("Nyt"): [side(locale, row["value"], row["status"], decimals) for row in both.to_dict("records")],
        }
    )


def _text(period: Any) -> str:
    return f"{period:%Y-%m}" if isinstance(period, pd.Timestamp) else str(period)


def period_text(locale: Locale, period: str, quarterly: bool = False) -> str:
    """``6/2026``, ``III/2026`` or ``2026``."""
    if len(period) < 7:
        return period
    day = pd.Timestamp(period)
    if quarterly:
        return f"{('I', 'II', 'III', 'IV')[day.quarter - 1]}/{day.year}"
    return locale.month_short(day)


def old_side(locale: Locale, value: float, status: Any, present: str, decimals: int) -> str:
    """A figure as it was; one that its publisher has hidden since is not shown again."""
    if not isinstance(status, str):
        return locale.gettext("ei tiedossa")
    if present == "suppressed" and status != "suppressed":
        return locale.gettext("julkinen, salattu myöhemmin")
    return side(locale, value, status, decimals)


def side(locale: Locale, value: float, status: str, decimals: int) -> str:
    """A figure, or in words why there is none."""
    _ = locale.gettext
    words = {"suppressed": _("salattu"), "not_defined": _("ei määritelty"), "not_available": _("ei saatavilla")}
    return locale.number(value, decimals) if status not in words else words[status]


def decimals_of(values: Sequence[float]) -> int:
    """As many decimals as figures that stand side by side need, at most three."""
    known = [value for value in values if not pd.isna(value)]
    return next((n for n in range(3) if all(round(value, n) == value for value in known)), 3)


def _since(locale: Locale, stamp: Any) -> str:
    return locale.gettext("alusta asti") if pd.isna(stamp) else locale.moment(stamp.to_pydatetime())
