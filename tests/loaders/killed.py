"""Refreshes in processes of their own, that can be killed or held to limits without harm to the tests."""

from data import seed
from data.seed import SeedFile

SMALL = ("area", "area_membership", "occupation", "industry", "measure", "vacancy_industry")
every_seed_file = seed.load_manifest


def small_seed() -> tuple[SeedFile, ...]:
    """The seed's areas, classifications and one table of figures."""
    return tuple(entry for entry in every_seed_file() if entry.subject in SMALL)
