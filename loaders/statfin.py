"""Statistics Finland, database StatFin: the employment service statistics (``tyonv``) of the KEHA Centre.

Contracts as observed in 2026: month ends from 2009M01; counts of 1 to 4 are hidden; areas, occupations and industries
keep plain variable names there, but are bound by role like any other.
"""

from loaders.declarations import Classification, Declaration, codes

EMPLOYMENT_SERVICE = Declaration(
    source_id="statfin:12r5",
    database="StatFin",
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

BY_OCCUPATION = Declaration(
    source_id="statfin:12ti",
    database="StatFin",
    folder="tyonv",
    table="12ti.px",
    titles=("(1270)", "Unemployed jobseekers and vacancies by occupation at the end of the month"),
    areas=("country", "region"),
    contents=("TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"),
    classifications=(
        Classification(
            name="occupation",
            offers=("SSS", "2512", "5223", "7212", "X999"),
            words=("ammat", "occupation"),
            column="occupation_code",
        ),
    ),
    subject="employment_service_occupation",
    columns={"TYOTTOMATLOPUSSA": "unemployed", "AVPAIKATLOPUSSA": "vacancies"},
)

BY_INDUSTRY = Declaration(
    source_id="statfin:12tw",
    database="StatFin",
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

DECLARATIONS = (EMPLOYMENT_SERVICE, BY_OCCUPATION, BY_INDUSTRY)
