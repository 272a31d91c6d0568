"""The cases of the situation room: ``reference/cases.toml`` as validated models."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.catalogue import REFERENCE


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Model):
    """One text in the three languages of the product, with a Northern Sámi form where confirmed."""

    fi: str
    sv: str
    en: str
    se: str | None = None

    def in_language(self, language: str) -> str:
        """The text in ``fi``, ``sv`` or ``en``; raises KeyError for another code."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]


class Case(_Model):
    """One case: its municipalities, the published areas that sum to it, and what matters in it.

    ``compositions`` lists area codes whose sum is the case, most aggregated first. ``place`` is the form inside a
    sentence ("matkailukunnissa", "i Havslappland"). ``alternative_of`` names the case this is a second membership of.
    """

    id: str = Field(pattern=r"^[a-z-]+$")
    alternative_of: str | None = None
    name: Text
    place: Text
    definition: Text
    question: Text
    municipalities: tuple[str, ...] = Field(min_length=1)
    compositions: tuple[tuple[str, ...], ...] = Field(min_length=1)
    occupations: tuple[str, ...]
    industries: tuple[str, ...]
    event_case: str
    neighbours: tuple[str, ...] = ()
    caveats: tuple[Text, ...] = Field(alias="caveat", min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> "Case":
        if self.compositions[-1] != self.municipalities:
            raise ValueError(f"case {self.id}: the last composition must be its municipalities")
        for codes in (self.municipalities, self.occupations, self.industries, self.neighbours):
            if len(set(codes)) != len(codes):
                raise ValueError(f"case {self.id}: a code stands twice")
        return self


class _Cases(_Model):
    case: tuple[Case, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "_Cases":
        ids = [case.id for case in self.case]
        if len(set(ids)) != len(ids):
            raise ValueError("two cases have one id")
        for case in self.case:
            if case.alternative_of is not None and case.alternative_of not in ids:
                raise ValueError(f"case {case.id}: no case {case.alternative_of} to be an alternative of")
        return self


@lru_cache(maxsize=4)
def load_cases(path: Path = REFERENCE / "cases.toml") -> dict[str, Case]:
    """Every case by its id, in the order of the file.

    Raises pydantic.ValidationError when a case is incomplete or contradicts itself.
    """
    with path.open("rb") as stream:
        cases = _Cases.model_validate(tomllib.load(stream))
    return {case.id: case for case in cases.case}
