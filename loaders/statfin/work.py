"""Work: vacancy survey (``atp``), labour force survey (``tyti``) and register-based employment statistics (``tyokay``).

The surveys publish no figure for Lapland but by its vitality centre or region, in tables known by title alone. The
register's codes carry the vintage of their classification, as in ``alue_23_20250101``.
"""

from loaders.declarations import Classification, Declaration, codes

SEX = Classification(name="sex", offers=("SSS", "1", "2"), words=("sukupuoli", "sex"), optional=True)
STATUS = Classification(name="labour force status", words=("asema", "status"), column="measure")

VACANCY_SURVEY = Declaration(
    source_id="statfin:11l1",
    folder="atp",
    table="11l1.px",
    titles=("Job vacancies by quarter",),
    contents=("atp_lkm", "atp_eihoit", "atp_osa", "atp_maar", "atp_vaik"),
    subject="vacancy_survey",
)

VACANCY_SURVEY_BY_MAJOR_REGION = Declaration(
    source_id="statfin:11n1",
    folder="atp",
    table="11n1.px",
    titles=("Job vacancies by location", "Job vacancies by major region"),
    areas=("major_region",),
    contents=("atp_lkm",),
    subject="vacancy_survey",
)

LABOUR_FORCE_SURVEY = Declaration(
    source_id="statfin:135z",
    folder="tyti",
    table="135z.px",
    titles=("Key indicators of the LFS",),
    contents=codes("tyti-Tyolliset tyti-Tyottomat tyti-Tyottomyysaste Tyollisyysaste_15_64 tyottaste_trendi"),
    every_content=True,
    subject="labour_force_survey",
)

LABOUR_FORCE_SURVEY_OF_REGION = Declaration(
    source_id="statfin:13lx",
    certainty="unknown",
    folder="tyti",
    table="13lx.px",
    titles=("by labour force status and region, quarterly",),
    areas=("region",),
    classifications=(STATUS,),
    subject="labour_force_survey_quarter",
    columns={"value": "value"},
)

LABOUR_FORCE_SURVEY_OF_REGION_BY_YEAR = Declaration(
    source_id="statfin:13al",
    certainty="unknown",
    folder="tyti",
    table="13al.px",
    titles=("by labour force status and region, annual",),
    areas=("region",),
    classifications=(STATUS,),
    subject="labour_force_survey_year",
    columns={"value": "value"},
)

LABOUR_FORCE_SURVEY_OF_VITALITY_CENTRE = Declaration(
    source_id="statfin:15et",
    certainty="unknown",
    folder="tyti",
    table="15et.px",
    titles=("Economic Development Centre",),
    areas=("vitality_centre",),
    classifications=(STATUS,),
    subject="labour_force_survey_quarter",
    columns={"value": "value"},
)

MAIN_ACTIVITY = Declaration(
    source_id="statfin:115b",
    folder="tyokay",
    table="115b.px",
    titles=("Population by area, main type of activity",),
    areas=("country", "municipality"),
    classifications=(
        Classification(name="main activity", words=("paaasial", "activity"), column="activity"),
        Classification(name="age", offers=("SSS", "18-64"), words=("ikaryhma", "age"), column="age_group"),
        SEX,
    ),
    subject="main_activity",
    columns={"value": "value"},
)

EMPLOYMENT_KEY_FIGURES = Declaration(
    source_id="statfin:115x",
    folder="tyokay",
    table="115x.px",
    titles=("Key indicators of employment statistics",),
    areas=("country", "municipality"),
    contents=("tyokay-tyollisyysaste", "tyokay-tyottomyysaste", "taloudellinenhuoltosuhde"),
    subject="area_indicator",
    constants={"subject": "employment"},
)

EMPLOYED_BY_OCCUPATION = Declaration(
    source_id="statfin:115s",
    folder="tyokay",
    table="115s.px",
    titles=("by occupation, region and sex",),
    areas=("country", "region"),
    contents=("tyokay-tyolliset2",),
    classifications=(
        Classification(name="occupation", words=("ammat", "occupation"), column="occupation_code"),
        SEX,
    ),
    subject="employed_occupation",
    columns={"tyokay-tyolliset2": "value"},
)

JOBS_BY_INDUSTRY = Declaration(
    source_id="statfin:115h",
    certainty="likely",
    folder="tyokay",
    table="115h.px",
    titles=("by industry and sex",),
    areas=("region", "municipality"),
    classifications=(
        Classification(
            name="industry", offers=("SSS", "A", "I", "U"), words=("toimiala", "industry"), column="industry_code"
        ),
        SEX,
    ),
    subject="jobs_industry",
    columns={"value": "value"},
)

RESIDENTS_BY_COMMUTING = Declaration(
    source_id="statfin:115n",
    certainty="likely",
    folder="tyokay",
    table="115n.px",
    titles=("by commuting, level of education and age",),
    areas=("municipality",),
    classifications=(
        Classification(
            name="commuting",
            words=("pendel", "commuting"),
            column="commuting",
            renamed={"SSS": "total", "1": "out_commuters", "2": "within_municipality"},
        ),
    ),
    subject="commuting",
    columns={"value": "value"},
    constants={"measure": "employed_by_residence"},
)

JOBS_BY_COMMUTING = Declaration(
    source_id="statfin:115p",
    certainty="likely",
    folder="tyokay",
    table="115p.px",
    titles=("Jobs in the area by commuting",),
    areas=("municipality",),
    classifications=(
        Classification(
            name="commuting",
            words=("pendel", "commuting"),
            column="commuting",
            renamed={"SSS": "total", "2": "within_municipality", "3": "in_commuters"},
        ),
    ),
    subject="commuting",
    columns={"value": "value"},
    constants={"measure": "employed_by_workplace"},
)

WORKPLACE_SELF_SUFFICIENCY = Declaration(
    source_id="statfin:125s",
    certainty="likely",
    folder="tyokay",
    table="125s.px",
    titles=("Workplace self-sufficiency",),
    areas=("municipality",),
    subject="area_indicator",
    constants={"subject": "employment"},
)

DECLARATIONS = (
    VACANCY_SURVEY,
    VACANCY_SURVEY_BY_MAJOR_REGION,
    LABOUR_FORCE_SURVEY,
    LABOUR_FORCE_SURVEY_OF_REGION,
    LABOUR_FORCE_SURVEY_OF_REGION_BY_YEAR,
    LABOUR_FORCE_SURVEY_OF_VITALITY_CENTRE,
    MAIN_ACTIVITY,
    EMPLOYMENT_KEY_FIGURES,
    EMPLOYED_BY_OCCUPATION,
    JOBS_BY_INDUSTRY,
    RESIDENTS_BY_COMMUTING,
    JOBS_BY_COMMUTING,
    WORKPLACE_SELF_SUFFICIENCY,
)
