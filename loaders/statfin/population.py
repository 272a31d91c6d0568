"""Population: structure (``vaerak``), migration (``muutl``), projection (``vaenn``), education (``vkour``)."""

from loaders.declarations import Classification, Declaration
from loaders.statfin.work import SEX

AGE = Classification(
    name="age",
    offers=("SSS", "000", "064"),
    words=("ikaryhma", "age"),
    column="age",
    renamed={"SSS": "total", "100-": "100+"} | {f"{age:03}": str(age) for age in range(100)},
)

BY_AGE = Declaration(
    source_id="statfin:11re",
    folder="vaerak",
    table="11re.px",
    titles=("by age (1-year) and sex by area", "Väestö iän (1-v.) ja sukupuolen mukaan alueittain"),
    areas=("country", "municipality"),
    contents=("vaerak-vaesto",),
    classifications=(
        AGE,
        SEX.model_copy(update={"column": "sex", "renamed": {"SSS": "total", "1": "male", "2": "female"}}),
    ),
    subject="population_age",
    columns={"vaerak-vaesto": "value"},
)

KEY_FIGURES = Declaration(
    source_id="statfin:11ra",
    folder="vaerak",
    table="11ra.px",
    titles=("Key figures on population by", "Tunnuslukuja väestöstä alueittain"),
    areas=("country", "region", "sub_region", "municipality"),
    contents=("vaerak-vaesto", "vaesto_alle15_p", "vaesto_yli64_p", "vaesto_keski_ika"),
    every_content=True,
    subject="population",
    constants={"age_group": "total", "sex": "total"},
)

BY_LANGUAGE = Declaration(
    source_id="statfin:11rm",
    folder="vaerak",
    table="11rm.px",
    titles=("Language by sex by municipality", "Kieli sukupuolen mukaan kunnittain"),
    areas=("country", "municipality"),
    contents=("vaerak-vaesto",),
    classifications=(
        Classification(name="language", offers=("SSS", "02"), words=("kieli", "language"), column="language"),
        SEX,
    ),
    subject="population_language",
    columns={"vaerak-vaesto": "value"},
)

MIGRATION = Declaration(
    source_id="statfin:11ae",
    folder="muutl",
    table="11ae.px",
    titles=("Migration by area, annual",),
    areas=("country", "municipality"),
    contents=("muutl-vm43_netto",),
    every_content=True,
    subject="migration",
)

MIGRATION_BY_MONTH = Declaration(
    source_id="statfin:12w7",
    folder="muutl",
    table="12w7.px",
    titles=("Migration by area, monthly",),
    areas=("country", "municipality"),
    contents=("muutl-vm43_netto",),
    every_content=True,
    subject="migration_month",
)

PROJECTION = Declaration(
    source_id="statfin:14wx",
    folder="vaenn",
    table="14wx.px",
    titles=("Population projection 2024",),
    areas=("country", "municipality"),
    classifications=(AGE, SEX),
    subject="population_projection",
    columns={"value": "value"},
    constants={"measure": "projection_2024"},
)

EDUCATION = Declaration(
    source_id="statfin:12bs",
    folder="vkour",
    table="12bs.px",
    titles=("Population aged 15 or over by level of education",),
    areas=("country", "region", "municipality"),
    contents=("vaesto_15_", "kaste0", "kaste3", "kaste5T8", "vktm"),
    every_content=True,
    classifications=(
        Classification(name="age", words=("ikaryhma", "age"), optional=True),
        SEX,
    ),
    subject="area_indicator",
    constants={"subject": "education"},
)

DECLARATIONS = (BY_AGE, KEY_FIGURES, BY_LANGUAGE, MIGRATION, MIGRATION_BY_MONTH, PROJECTION, EDUCATION)
