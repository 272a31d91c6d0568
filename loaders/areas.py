"""Areas of a region, by level, from the memberships in the reference data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from loaders.errors import LoaderError

AreaLevel = Literal["country", "major_region", "region", "ely_area", "vitality_centre", "sub_region", "municipality"]

COUNTRY = "SSS"
EVERYWHERE = "all"

# Areas that are larger than a region, or one region under another code.
LARGER_AREAS: Mapping[str, Mapping[AreaLevel, tuple[str, ...]]] = {
    "MK19": {"ely_area": ("ELY15",), "major_region": ("SA4",), "vitality_centre": ("EVK10",)},
    EVERYWHERE: {
        "ely_area": tuple(f"ELY{number:02}" for number in range(1, 17)),
        "major_region": ("SA1", "SA2", "SA3", "SA4"),
        "vitality_centre": tuple(f"EVK{number:02}" for number in range(1, 11)),
    },
}


class UnknownRegionError(LoaderError):
    """A region the reference data has no municipality of."""

    default_advice = "Give the code of a region, as in --region MK19, or --region all for the whole country"


@dataclass(frozen=True)
class RegionAreas:
    """Area codes of one region, or of the whole country.

    Attributes:
        region: as in ``MK19``; ``all`` for the whole country.
        by_level: codes at each level; the country is SSS.
        names: Finnish name by code, for services that give names only.
    """

    region: str
    by_level: Mapping[AreaLevel, tuple[str, ...]]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def everywhere(self) -> bool:
        return self.region == EVERYWHERE

    def codes(self, levels: Sequence[AreaLevel]) -> tuple[str, ...]:
        """Codes of the given levels, level by level."""
        return tuple(code for level in levels for code in self.by_level[level])


def region_areas(memberships: pd.DataFrame, region: str, names: Mapping[str, str] | None = None) -> RegionAreas:
    """The areas of a region, or of the whole country.

    Args:
        memberships: ``area_code`` of each municipality and ``parent_code`` of the larger areas it belongs to.
        region: as in ``MK19``, or ``all``.
        names: Finnish name by code.

    Raises:
        UnknownRegionError: no municipality belongs to the region.
    """
    finnish = memberships[memberships["area_code"].str.startswith("KU")]
    of_region = finnish["parent_code"].str.startswith("MK")
    if region != EVERYWHERE:
        of_region &= finnish["parent_code"] == region
    municipalities = finnish.loc[of_region, "area_code"].unique()
    if not len(municipalities):
        raise UnknownRegionError(f"No municipality belongs to the region {region!r}")
    parents = finnish.loc[finnish["area_code"].isin(municipalities), "parent_code"].drop_duplicates()
    larger = LARGER_AREAS.get(region, {})
    return RegionAreas(
        region,
        {
            "country": (COUNTRY,),
            "major_region": larger.get("major_region", ()),
            "region": tuple(sorted(parents[parents.str.startswith("MK")])),
            "ely_area": larger.get("ely_area", ()),
            "vitality_centre": larger.get("vitality_centre", ()),
            "sub_region": tuple(sorted(parents[parents.str.startswith("SK")])),
            "municipality": tuple(sorted(municipalities)),
        },
        names or {},
    )
