"""Work: vacancy survey (``atp``), labour force survey (``tyti``) and register-based employment statistics (``tyokay``).

The surveys publish no figure for Lapland but by its vitality centre or region, in tables known by title alone. The
register's codes carry the vintage of their classification, as in ``alue_23_20250101``.
"""

from loaders.areas import AreaLevel
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


def _by_status(source_id: str, title: str, area: AreaLevel, subject: str) -> Declaration:
    """A table of the labour force survey that is known by its title: persons by labour force status."""
    return Declaration(
        source_id=source_id,
        certainty="unknown",
        folder="tyti",
        table=f"{source_id.removeprefix('statfin:')}.px",
        titles=(title,),
        areas=(area,),
        classifications=(STATUS,),
        subject=subject,
        columns={"value": "value"},
    )


LABOUR_FORCE_SURVEY_OF_REGION = _by_status(
    source_id="statfin:13lx",
    title="by labour force status and region, quarterly",
    area="region",
    subject="labour_force_survey_quarter",
)

LABOUR_FORCE_SURVEY_OF_REGION_BY_YEAR = _by_status(
    source_id="statfin:13al",
    title="by labour force status and region, annual",
    area="region",
    subject="labour_force_survey_year",
)

LABOUR_FORCE_SURVEY_OF_VITALITY_CENTRE = _by_status(
    source_id="statfin:15et",
    title="Economic Development Centre",
    area="vitality_centre",
    subject="labour_force_survey_quarter",
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


def _by_commuting(source_id: str, title: str, renamed: dict[str, str], measure: str) -> Declaration:
    """Employed persons or jobs of municipalities by commuting; every other class by its total."""
    commuting = Classification(name="commuting", words=("pendel", "commuting"), column="commuting", renamed=renamed)
    return Declaration(
        source_id=source_id,
        certainty="likely",
        folder="tyokay",
        table=f"{source_id.removeprefix('statfin:')}.px",
        titles=(title,),
        areas=("municipality",),
        classifications=(commuting,),
        subject="commuting",
        columns={"value": "value"},
        constants={"measure": measure},
    )


RESIDENTS_BY_COMMUTING = _by_commuting(
    source_id="statfin:115n",
    title="by commuting, level of education and age",
    renamed={"SSS": "total", "1": "out_commuters", "2": "within_municipality"},
    measure="employed_by_residence",
)

JOBS_BY_COMMUTING = _by_commuting(
    source_id="statfin:115p",
    title="Jobs in the area by commuting",
    renamed={"SSS": "total", "2": "within_municipality", "3": "in_commuters"},
    measure="employed_by_workplace",
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
