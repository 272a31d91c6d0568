"""Visit Finland's statistics service Rudolf: nights and arrivals by country of residence.

A PxWeb service of its own; seen in its form of before June 2026, so areas, countries and measures are taken by name.
"""

from loaders.declarations import Classification, Declaration

NIGHTS_BY_COUNTRY = Declaration(
    source_id="visitfinland:116n",
    certainty="likely",
    database="VisitFinland",
    folder="Majoitustilastot",
    table="visitfinland_matk_pxt_116n.px",
    language="fi",
    titles=("Kuukausittaiset yöpymiset ja saapuneet asuinmaittain",),
    areas=("region",),
    classifications=(Classification(name="country of residence", words=("maa",), column="residence_country"),),
    subject="accommodation_country",
)

DECLARATIONS = (NIGHTS_BY_COUNTRY,)
