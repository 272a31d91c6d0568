"""Revised figures and what was known, in words."""

from datetime import date

import pandas as pd

from ui.history import Names, decimals_of, edition_days, known_table, period_text, revised_table
from ui.locales import get_locale

FI = get_locale("fi")
WORDS = Names(
    FI,
    {
        "area": {"MK19": "Lappi", "KU890": "Utsjoki"},
        "measure": {"TYOTTOMATLOPUSSA": "Työttömät", "nights": "Yöpymiset"},
        "occupation": {"5120": "Kokit"},
        "industry": {"I": "Majoitus"},
    },
)


def revision(**changes: object) -> dict:
    return {
        "subject": "employment_service",
        "series": "KU890|TYOTTOMATLOPUSSA",
        "period": "2026-07",
        "column": "value",
        "old_value": 48.0,
        "old_status": "published",
        "new_value": 50.0,
        "new_status": "published",
        "known_at": pd.Timestamp("2026-09-22T05:00"),
        **changes,
    }


def told(*cells: dict) -> list[tuple]:
    return list(revised_table(WORDS, pd.DataFrame(cells)).itertuples(index=False, name=None))


def test_a_revision_stands_with_the_old_figure_and_the_new() -> None:
    assert told(revision()) == [("Utsjoki · Työttömät", "7/2026", "48", "50", "22.9.2026")]


def test_each_side_of_an_occupation_is_named() -> None:
    cell = revision(subject="employment_service_occupation", series="MK19|5120", column="vacancies")
    assert told(cell)[0][0] == "Lappi · Kokit · avoimia paikkoja"


def test_decimals_are_as_many_as_both_figures_need() -> None:
    cell = revision(old_value=36.0, new_value=35.85)
    assert told(cell)[0][2:4] == ("36,00", "35,85")
    assert decimals_of([1.0, float("nan")]) == 0
    assert decimals_of([0.123456]) == 3


def test_a_figure_that_has_been_hidden_since_is_not_shown() -> None:
    cell = revision(old_value=3.0, new_value=float("nan"), new_status="suppressed")
    assert told(cell)[0][2:4] == ("julkinen, salattu myöhemmin", "salattu")


def test_a_figure_that_was_hidden_before_is_said_to_have_been() -> None:
    cell = revision(old_value=float("nan"), old_status="suppressed", new_value=6.0)
    assert told(cell)[0][2:4] == ("salattu", "6")


def test_codes_without_a_name_stay_the_publishers_own() -> None:
    cell = revision(subject="accommodation", series="MK19|foreign|nights")
    assert told(cell)[0][0] == "Lappi · ulkomaiset · Yöpymiset"
    cell = revision(subject="accommodation_country", series="MK19|NO|saapuneet")
    assert told(cell)[0][0] == "Lappi · `NO` · `saapuneet`"


def test_a_quarter_and_a_year_are_told_as_such() -> None:
    assert period_text(FI, "2026-07", quarterly=True) == "III/2026"
    assert period_text(FI, "2026-07") == "7/2026"
    assert period_text(FI, "2026") == "2026"


def test_what_was_known_stands_beside_what_is_known_newest_first() -> None:
    months = pd.to_datetime(["2026-05-01", "2026-06-01", "2026-07-01"])
    statuses = ["published", "suppressed", "published"]
    now = pd.DataFrame({"period": months, "value": [1_000.0, float("nan"), 1_210.0], "status": statuses})
    then = pd.DataFrame({"period": months[:2], "value": [1_004.0, 4.0], "status": ["published", "published"]})
    assert list(known_table(FI, then, now).itertuples(index=False, name=None)) == [
        ("7/2026", "ei tiedossa", "1\u00a0210"),
        ("6/2026", "julkinen, salattu myöhemmin", "salattu"),
        ("5/2026", "1\u00a0004", "1\u00a0000"),
    ]


def editions(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["source_id", "subject", "published_at", "fetched_at"])
    return frame.assign(
        published_at=pd.to_datetime(frame["published_at"]), fetched_at=pd.to_datetime(frame["fetched_at"])
    )


def test_days_to_look_back_to_are_those_of_the_editions_in_finland() -> None:
    found = edition_days(
        editions(
            ("statfin:11ra", "population", None, None),
            ("statfin:11ra", "population", "2026-05-29T05:00", "2026-11-25T10:00"),
            ("statfin:12r5", "employment_service", "2026-08-25T05:00", None),
            ("statfin:12r5", "employment_service", "2026-09-22T05:00", "2026-09-22T22:30"),
        )
    )
    assert list(found.items()) == [
        (("statfin:12r5", "employment_service"), [date(2026, 9, 23), date(2026, 8, 25)]),
        # An edition without a stamp was known before the first day of the other.
        (("statfin:11ra", "population"), [date(2026, 11, 25), date(2026, 11, 24)]),
    ]


def test_one_edition_or_no_time_series_gives_nothing_to_look_back_to() -> None:
    found = edition_days(
        editions(
            ("statfin:matk", "accommodation", "2026-05-29T05:00", None),
            ("statfin:kunta4500k", "area_boundary", "2025-05-29T05:00", None),
            ("statfin:kunta4500k", "area_boundary", "2026-05-29T05:00", None),
            ("statfin:muutl", "migration_flow", "2025-05-29T05:00", None),
            ("statfin:muutl", "migration_flow", "2026-05-29T05:00", None),
        )
    )
    assert found == {}
