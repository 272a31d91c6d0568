"""Areas as a sentence says where: complete, in every language, and of no other area than those of the region."""

import duckdb
import pytest

from data.queries import reference


def test_every_area_of_lapland_has_its_place_in_every_language(seed_connection: duckdb.DuckDBPyConnection) -> None:
    members = reference.memberships(seed_connection)
    lapland = set(members.loc[members["parent_code"] == "MK19", "area_code"])
    larger = set(members.loc[members["area_code"].isin(lapland), "parent_code"])
    assert len(lapland) == 21
    for language in ("fi", "sv", "en"):
        places = reference.places(seed_connection, language)
        assert set(places["area_code"]) == lapland | larger | {"SSS"}
        assert places["place"].is_unique
    with pytest.raises(ValueError, match="no texts in 'de'"):
        reference.places(seed_connection, "de")


@pytest.mark.parametrize(
    ("area", "finnish", "swedish", "english"),
    [
        ("SSS", "koko maassa", "i hela landet", "in the whole country"),
        ("MK19", "Lapissa", "i Lappland", "in Lapland"),
        ("SK192", "Kemi-Tornion seutukunnassa", "i Kemi-Torneå ekonomiska region", "in the Kemi-Tornio sub-region"),
        (
            "TA22",
            "Meri-Lapin työllisyysalueella",
            "i Havslapplands sysselsättningsområde",
            "in the Sea Lapland employment area",
        ),
        ("KU047", "Enontekiöllä", "i Enontekis", "in Enontekiö"),
        ("KU148", "Inarissa", "i Enare", "in Inari"),
        ("KU320", "Kemijärvellä", "i Kemijärvi", "in Kemijärvi"),
        ("KU583", "Pelkosenniemellä", "i Pelkosenniemi", "in Pelkosenniemi"),
        ("KU614", "Posiolla", "i Posio", "in Posio"),
        ("KU683", "Ranualla", "i Ranua", "in Ranua"),
        ("KU698", "Rovaniemellä", "i Rovaniemi", "in Rovaniemi"),
        ("KU742", "Savukoskella", "i Savukoski", "in Savukoski"),
        ("KU851", "Torniossa", "i Torneå", "in Tornio"),
        ("KU890", "Utsjoella", "i Utsjoki", "in Utsjoki"),
        ("KU976", "Ylitorniolla", "i Övertorneå", "in Ylitornio"),
    ],
)
def test_places_stand_in_the_case_their_name_takes(
    seed_connection: duckdb.DuckDBPyConnection, area: str, finnish: str, swedish: str, english: str
) -> None:
    found = [
        reference.places(seed_connection, language).set_index("area_code")["place"].to_dict()[area]
        for language in ("fi", "sv", "en")
    ]
    assert found == [finnish, swedish, english]
