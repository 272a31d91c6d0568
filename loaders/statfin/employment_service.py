"""The employment service statistics (``tyonv``) of the KEHA Centre.

Contracts as observed in 2026: month ends from 2009M01; counts of 1 to 4 are hidden; areas, occupations and industries
keep plain variable names there, but are bound by role like any other. Of several tables only the title is known: their
measures and classes are taken as the table offers them.
"""

from loaders.declarations import Classification, Declaration, codes
from loaders.publisher import Certainty

OCCUPATION = Classification(
    name="occupation",
    offers=("SSS", "2512", "5223", "7212", "X999"),
    words=("ammat", "occupation"),
    column="occupation_code",
)

EMPLOYMENT_SERVICE = Declaration(
    source_id="statfin:12r5",
    folder="tyonv",
    table="12r5.px",
    titles=("(1001)", "Unemployed jobseekers, persons in services and vacant jobs at the end of the month"),
    areas=("country", "region", "ely_area", "sub_region", "municipality"),
    contents=codes(
        "HAKIJALOPUSSA TYOTTOMATLOPUSSA TYOVOIMATK TYOTOSUUS TYOTTOMATMIEHET TYOTTOMATNAISET TYOTTOMAT20 TYOTTOMAT25",
        "TYOTTOMAT50 TYOTTOMATSAIR TYOTTOMATULK PITKAAIKAISTYOTTOMAT KASSASSA LOMAUTETTU LYHTYOVKO TYOLLISTETTYLOP",
        "TYOHARJOITTELULOP KOKEILULOP TVKOULUTUSLOP VALMENNUSLOP MTPPALVELUTLOP AVPAIKATLOPUSSA UUDETAVP",
    ),
    every_content=True,
    subject="employment_service",
)

RATE = Declaration(
    source_id="statfin:12tf",
    folder="tyonv",
    table="12tf.px",
    titles=("Share of unemployed jobseekers",),
    areas=("country", "region", "ely_area", "sub_region", "municipality"),
    contents=("TYOTOSUUS", "TYOTTOMATLOPUSSA", "TYOVOIMATK"),
    subject="employment_service_rate",
)

BY_OCCUPATION = Declaration(
    source_id="statfin:12ti",
    folder="tyonv",
    table="12ti.px",
    titles=("(1270)", "Unemployed jobseekers and vacancies by occupation at the end of the month"),
    areas=("country", "region", "sub_region", "municipality"),
    contents=("TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"),
    classifications=(OCCUPATION,),
    subject="employment_service_occupation",
    columns={"TYOTTOMATLOPUSSA": "unemployed", "AVPAIKATLOPUSSA": "vacancies"},
)

BY_INDUSTRY = Declaration(
    source_id="statfin:12tw",
    folder="tyonv",
    table="12tw.px",
    titles=("Vacancies by sector in each province at the end of the month",),
    areas=("country", "region"),
    contents=("AVPAIKATLOPUSSA", "ATPAVGJATKESTOT"),
    classifications=(
        Classification(
            name="industry", offers=("SSS", "C17", "I55"), words=("toimiala", "industry"), column="industry_code"
        ),
        Classification(name="employer sector", offers=("SSS",), words=("sektori", "sector")),
        Classification(name="duration of the job", offers=("SSS",), words=("kesto", "duration")),
    ),
    subject="vacancy_industry",
)

DURING_MONTH = Declaration(
    source_id="statfin:12tu",
    folder="tyonv",
    table="12tu.px",
    titles=("(1371)", "Jobseekers and vacancies by occupation in each province during the month"),
    areas=("country", "region"),
    contents=("HAKIJAYHT", "AVPAIKATYHT"),
    classifications=(
        OCCUPATION,
        Classification(
            name="labour market status",
            offers=("SSS", "1", "2", "3", "4"),
            words=("asema", "status"),
            column="labour_market_status",
            take=("SSS", "2"),  # all, and the unemployed: the others are not asked of the table
        ),
    ),
    subject="occupation_during_month",
)


def _by_group(
    table: str, title: str, grouping: str, words: tuple[str, ...], certainty: Certainty = "unknown"
) -> Declaration:
    """A table of jobseekers by one classification more, its measures and classes as the table offers them."""
    return Declaration(
        source_id=f"statfin:{table}",
        certainty=certainty,
        folder="tyonv",
        table=f"{table}.px",
        titles=(title,),
        areas=("country", "region"),
        classifications=(Classification(name=grouping, words=words, column="category"),),
        subject="employment_service_group",
        constants={"grouping": grouping},
    )


_EDUCATION = ("koulutus", "education")
_OCCUPATION = ("ammat", "occupation")

BY_DURATION = _by_group("12ta", "(1207)", "duration of unemployment", ("kesto", "duration"))
BY_EDUCATION = _by_group("12te", "(1221)", "education", _EDUCATION, "likely")
LAID_OFF = _by_group("12tj", "Unemployed, fully laid off and on reduced working week", "laid off", _OCCUPATION)
EDUCATION_DURING_MONTH = _by_group("12tk", "(1310)", "education during the month", _EDUCATION, "likely")
STARTED = _by_group("12tl", "(1311)", "started", _OCCUPATION)
ENDED = _by_group("135e", "(1318)", "ended", _OCCUPATION)

DECLARATIONS = (
    EMPLOYMENT_SERVICE,
    RATE,
    BY_OCCUPATION,
    DURING_MONTH,
    BY_INDUSTRY,
    BY_DURATION,
    LAID_OFF,
    BY_EDUCATION,
    EDUCATION_DURING_MONTH,
    STARTED,
    ENDED,
)
