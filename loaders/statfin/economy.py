"""Income (``tjt``), accommodation (``matk``), enterprises (``aly``), bankruptcies (``konk``) and building (``raku``).

Of accommodation only the forms of before June 2026 were seen: municipalities by their number alone, measures by label.
"""

from loaders.declarations import Classification, Declaration

INCOME = Declaration(
    source_id="statfin:14ww",
    folder="tjt",
    table="14ww.px",
    titles=("persons at risk of poverty",),
    areas=("country", "region", "sub_region", "municipality"),
    contents=("hkturaha18_med", "tjt-ekvikturaha_med", "gini_kturaha"),
    every_content=True,
    subject="area_indicator",
    constants={"subject": "income"},
)

CAPACITY = Declaration(
    source_id="statfin:117s",
    certainty="likely",
    folder="matk",
    table="117s.px",
    titles=("Accommodation establishment capacity by municipality",),
    areas=("country", "municipality"),
    every_area=False,
    contents=("liikkeet", "huoneet", "vuoteet"),
    every_content=True,
    classifications=(
        Classification(
            name="type of establishment",
            offers=("01", "02", "03", "04"),
            words=("toimiala", "establishment"),
            column="establishment",
        ),
    ),
    subject="accommodation_capacity",
)

HOTELS = Declaration(
    source_id="statfin:11lm",
    certainty="likely",
    folder="matk",
    table="11lm.px",
    language="fi",
    titles=("Hotellien kuukausittainen kapasiteetti ja yöpymiset kunnittain",),
    areas=("municipality",),
    every_area=False,
    contents=("rooms", "beds", "room_occupancy", "nights", "nights_domestic", "nights_foreign"),
    labels={
        "rooms": "Huoneet, lkm",
        "beds": "Vuoteet, lkm",
        "room_occupancy": "Huonekäyttöaste, %",
        "nights": "Yöpymiset, lkm",
        "nights_domestic": "Kotimaiset yöpymiset, lkm",
        "nights_foreign": "Ulkomaiset yöpymiset",
    },
    subject="hotel_month",
)

CAPACITY_OF_REGION = Declaration(
    source_id="statfin:11is",
    certainty="unknown",
    folder="matk",
    table="11is.px",
    titles=("Accommodation establishment capacity by region",),
    areas=("region",),
    classifications=(
        Classification(
            name="type of establishment", words=("toimiala", "establishment"), column="establishment", total="01"
        ),
    ),
    subject="accommodation_capacity",
)

ENTERPRISES = Declaration(
    source_id="statfin:11yq",
    certainty="likely",
    folder="aly",
    table="11yq.px",
    titles=("Enterprise openings and closures",),
    areas=("municipality",),
    every_area=False,
    contents=("aloittaneita", "lopettaneita", "yrityskanta"),
    classifications=(Classification(name="industry", offers=("SSS", "A"), words=("toimiala", "industry")),),
    subject="enterprise",
)

BANKRUPTCIES = Declaration(
    source_id="statfin:12vh",
    certainty="unknown",
    folder="konk",
    table="12vh.px",
    titles=("ankruptcies",),
    areas=("region",),
    subject="bankruptcy",
)

BUILDING = Declaration(
    source_id="statfin:156f",
    folder="raku",
    table="156f.px",
    titles=("by building type and region", "by stage of building"),
    areas=("region",),
    classifications=(
        Classification(name="stage of building", words=("vaihe", "stage"), column="stage"),
        Classification(name="type of building", words=("rakennus_", "building type")),
    ),
    subject="building",
)

DECLARATIONS = (INCOME, CAPACITY, HOTELS, CAPACITY_OF_REGION, ENTERPRISES, BANKRUPTCIES, BUILDING)
