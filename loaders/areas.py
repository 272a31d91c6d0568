"""Areas of a region, by level, from the memberships in the reference data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from loaders.errors import LoaderError

AreaLevel = Literal["country", "region", "ely_area", "sub_region", "municipality"]

COUNTRY = "SSS"
# An ELY area is loaded where it is one region under another code; the publisher keeps both.
ELY_AREA_OF_REGION = {"MK19": "ELY15"}


class UnknownRegionError(LoaderError):
    """A region the reference data has no municipality of."""

    default_advice = "Give the code of a region, as in --region MK19"


@dataclass(frozen=True)
class RegionAreas:
    """Area codes of one region.

    Attributes:
        region: as in ``MK19``.
        by_level: codes at each level; the country is SSS.
    """

    region: str
    by_level: Mapping[AreaLevel, tuple[str, ...]]

    def codes(self, levels: Sequence[AreaLevel]) -> tuple[str, ...]:
        """Codes of the given levels, level by level."""
        return tuple(code for level in levels for code in self.by_level[level])


def region_areas(memberships: pd.DataFrame, region: str) -> RegionAreas:
    """The areas of a region.

    Args:
        memberships: ``area_code`` of each municipality and ``parent_code`` of the larger areas it belongs to.
        region: as in ``MK19``.

    Raises:
        UnknownRegionError: no municipality belongs to the region.
    """
    municipalities = memberships.loc[memberships["parent_code"] == region, "area_code"]
    if municipalities.empty or not region.startswith("MK"):
        raise UnknownRegionError(f"No municipality belongs to the region {region!r}")
    parents = memberships.loc[memberships["area_code"].isin(municipalities), "parent_code"]
    ely_area = ELY_AREA_OF_REGION.get(region)
    return RegionAreas(
        region,
        {
            "country": (COUNTRY,),
            "region": (region,),
            "ely_area": (ely_area,) if ely_area else (),
            "sub_region": tuple(sorted(parents[parents.str.startswith("SK")].unique())),
            "municipality": tuple(sorted(municipalities)),
        },
    )
