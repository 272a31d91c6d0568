"""Areas, memberships, boundaries, events, breaks and labels of measures."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import frame

# Events that concern every case.
EVERY_CASE = "kaikki"


def _known(language: str) -> str:
    if language not in ("fi", "sv", "en"):
        raise ValueError(f"no texts in {language!r}: choose fi, sv or en")
    return language


def areas(connection: duckdb.DuckDBPyConnection, language: str = "fi") -> pd.DataFrame:
    """Every area: columns ``area_code, level, name, name_language, name_se, official_name_fi``.

    ``name`` is Finnish where the language has none, and ``name_language`` says so; ``name_se`` is the Northern Sámi
    name where confirmed, ``official_name_fi`` the long name of an area whose ``name`` is a short label.
    Raises ValueError for a language but fi, sv, en.
    """
    code = _known(language)
    return frame(
        connection,
        f"SELECT area_code, level, coalesce(name_{code}, name_fi) AS name,"
        f" CASE WHEN name_{code} IS NULL THEN 'fi' ELSE '{code}' END AS name_language, name_se, official_name_fi"
        " FROM area ORDER BY area_code",
    )


def places(connection: duckdb.DuckDBPyConnection, language: str = "fi") -> pd.DataFrame:
    """Areas as a sentence says where: columns ``area_code, place`` ("Kemissä", "i Kemi", "in Kemi").

    Lapland, its municipalities, sub-regions and employment areas, and the country; other areas have no row.
    Raises ValueError for a language but fi, sv, en.
    """
    return frame(connection, f"SELECT area_code, place_{_known(language)} AS place FROM area_place ORDER BY area_code")


def memberships(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Municipalities in larger areas: columns ``area_code, parent_code, valid_from, valid_to`` (NaT: open).

    Parents are regions (MK), sub-regions (SK), employment areas (TA) and Finnmark (NO-56).
    """
    return frame(
        connection,
        "SELECT area_code, parent_code, valid_from, valid_to FROM area_membership ORDER BY area_code, parent_code",
    )


def boundaries(connection: duckdb.DuckDBPyConnection, country: Literal["FI", "NO"] = "FI") -> pd.DataFrame:
    """Outlines of municipalities: columns ``area_code, geometry, fetch_id``.

    ``geometry`` is GeoJSON text of a MultiPolygon, WGS84, exterior rings clockwise. Finland: the 21 of Lapland;
    Norway: the 18 of Finnmark.
    """
    return frame(
        connection,
        "SELECT area_code, geometry, fetch_id FROM area_boundary WHERE country = $country ORDER BY area_code",
        {"country": country},
    )


def events(connection: duckdb.DuckDBPyConnection, case_ids: Sequence[str], language: str = "fi") -> pd.DataFrame:
    """Dated events of the cases and those that concern every case, by date.

    Columns ``event_id, start_date, end_date, precision, case_id, direction, phase, chain, title, value, unit,
    source_url, confidence``. Dates are text as precise as known (``2021-04-20``, ``2021-04``); ``precision`` d, m, q
    or y. ``source_url`` holds addresses apart by `` | `` or the name of a release. Annotations, never causes.
    Raises ValueError for a language but fi, sv, en.
    """
    code = _known(language)
    return frame(
        connection,
        "SELECT event_id, start_date, end_date, precision, case_id, direction, phase, chain,"
        f" title_{code} AS title, value, unit, source_url, confidence FROM event"
        " WHERE list_contains($cases, case_id) ORDER BY start_date, event_id",
        {"cases": [*case_ids, EVERY_CASE]},
    )


def breaks(connection: duckdb.DuckDBPyConnection, language: str = "fi") -> pd.DataFrame:
    """Marked breaks: columns ``break_id, subject, measure, area_code, month, certainty, note``.

    ``month`` is the first of the new series; a missing ``measure`` or ``area_code`` means every one of the subject.
    ``certainty`` is ``confirmed`` (do not compare across) or ``possible`` (say so).
    Raises ValueError for a language but fi, sv, en.
    """
    code = _known(language)
    return frame(
        connection,
        f"SELECT break_id, subject, measure, area_code, month, certainty, note_{code} AS note FROM series_break"
        " ORDER BY month, subject, break_id, measure, area_code",
    )


def measures(connection: duckdb.DuckDBPyConnection, subject: str, language: str = "fi") -> pd.DataFrame:
    """Labels and units of the measures of a subject table.

    Columns ``measure, label, label_language, unit, checked``: the label in the wanted language, else Finnish, else
    any; ``checked`` is False for a translation of this product. Raises ValueError for a language but fi, sv, en.
    """
    return frame(
        connection,
        "SELECT measure, label, label_language, unit, checked FROM measure WHERE subject = $subject"
        " QUALIFY row_number() OVER (PARTITION BY measure ORDER BY label_language <> $language,"
        " label_language <> 'fi', label_language) = 1 ORDER BY measure",
        {"subject": subject, "language": _known(language)},
    )
