"""Starting points of an estimate of a closure: ``reference/closures.toml`` as validated models.

They hold what others have stated, each figure with its source; the calculation is :mod:`indicators.closure`.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.cases import Text
from data.catalogue import REFERENCE

Quantity = Literal[
    "jobs_lost",
    "subcontractor_jobs",
    "multiplier",
    "retirement_share",
    "reemployed_share",
    "earnings",
    "municipal_tax_rate",
]
FRACTIONS: tuple[Quantity, ...] = ("retirement_share", "reemployed_share", "municipal_tax_rate")
ROUNDING = 1e-9


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sourced(_Model):
    source: Text
    url: str | None = Field(default=None, pattern=r"^https://\S+$")


class Assumption(_Sourced):
    """One number of an estimate, in the unit of the argument of :func:`indicators.closure.closure_impact`."""

    value: float = Field(ge=0, allow_inf_nan=False)


class Residence(_Sourced):
    """Fractions of the workers by home municipality; what they leave of 1 lives elsewhere."""

    shares: dict[str, float] = Field(min_length=1)

    @model_validator(mode="after")
    def _parts_of_one(self) -> "Residence":
        if any(not 0 <= share <= 1 for share in self.shares.values()) or sum(self.shares.values()) > 1 + ROUNDING:
            raise ValueError("residence shares must be fractions whose sum is at most 1")
        return self


class StatedTaxLoss(_Sourced):
    """Million euros by municipality as someone else has estimated them."""

    millions: dict[str, float] = Field(min_length=1)


class Closure(_Model):
    """A starting point: the assumptions on record, and the event they belong to."""

    id: str = Field(pattern=r"^[a-z-]+$")
    event_id: str | None = None
    name: Text
    assumptions: dict[Quantity, Assumption]
    residence: Residence | None = None
    stated_tax_loss: StatedTaxLoss | None = None

    @model_validator(mode="after")
    def _usable(self) -> "Closure":
        if "jobs_lost" not in self.assumptions:
            raise ValueError(f"closure {self.id}: jobs_lost is missing")
        for quantity, assumption in self.assumptions.items():
            if quantity in FRACTIONS and assumption.value > 1:
                raise ValueError(f"closure {self.id}: {quantity} must be a fraction from 0 to 1")
            if quantity == "multiplier" and assumption.value < 1:
                raise ValueError(f"closure {self.id}: multiplier must be at least 1")
        return self


class _Closures(_Model):
    closure: tuple[Closure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> "_Closures":
        ids = [closure.id for closure in self.closure]
        if len(set(ids)) != len(ids):
            raise ValueError("two closures have one id")
        return self


@lru_cache(maxsize=4)
def load_closures(path: Path = REFERENCE / "closures.toml") -> dict[str, Closure]:
    """Every starting point by its id, in the order of the file.

    Raises pydantic.ValidationError when one is incomplete or holds an impossible number.
    """
    with path.open("rb") as stream:
        closures = _Closures.model_validate(tomllib.load(stream))
    return {closure.id: closure for closure in closures.closure}
