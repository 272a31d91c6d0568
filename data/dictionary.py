"""The dictionary of indicators: ``reference/indicators.toml`` as validated models.

One place says what each indicator is called, what it means and how it is read, for the views, the exports and the
documentation alike. Its worked examples are run against the functions by the tests.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.cases import Text
from data.catalogue import REFERENCE

Family = Literal["matching", "structure", "tourism", "small_areas", "people", "change"]

Wording = Annotated[str, Field(min_length=1)] | Text
"""A text, or one that reads alike in every language."""

FUNCTION = r"^indicators(\.[a-z_0-9]+){2}$"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(_Model):
    """A quantity that goes into an indicator, and the sources of which any one brings it to life, if one is known."""

    quantity: Text
    sources: tuple[str, ...] = ()


class Symbol(Text):
    """What ``sign`` stands for in a formula; without a sign, a remark on the formula."""

    sign: str | None = None


class Example(_Model):
    """A worked example: what is given, the call and what it gives.

    ``given`` is a table of ``cell | column | column``, or of ``year | 1 | ... | 12``; ``call`` uses its columns by
    name, the whole of it as ``given`` (months of years as ``series``) and the modules of indicators. ``gives`` is a
    number, a word or a table, exact to ``decimals``. ``note`` says where the numbers come from.
    """

    note: str = Field(min_length=1)
    given: str = ""
    call: str = Field(min_length=1)
    gives: bool | int | float | str
    decimals: int = Field(default=0, ge=0)


class Indicator(_Model):
    """One indicator, in the words of the product's three languages.

    ``function`` computes it, ``helpers`` belong to it. ``definition`` is short enough for a tooltip, ``reading`` can be
    read aloud, ``direction`` says what a higher value means. ``formula`` is in mathematics, or in each language where
    it takes words; ``symbols`` explain its signs. ``reference`` names a paper, a table or a rule of our own, if there
    is one. Either an ``example`` stands here or ``no_example`` says why there is none.
    """

    id: str = Field(pattern=r"^[a-z_]+$")
    family: Family
    function: str = Field(pattern=FUNCTION)
    helpers: tuple[str, ...] = ()
    name: Text
    definition: Text
    unit: Text
    direction: Text
    formula: Wording
    symbols: tuple[Symbol, ...] = Field(min_length=1)
    reading: Text
    caveats: tuple[Text, ...] = Field(alias="caveat", min_length=1)
    inputs: tuple[Input, ...] = Field(min_length=1)
    reference: Wording | None = None
    example: Example | None = None
    no_example: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Indicator":
        if (self.example is None) == (self.no_example is None):
            raise ValueError(f"indicator {self.id}: give an example or say why there is none")
        if self.function in self.helpers:
            raise ValueError(f"indicator {self.id}: its function is not its helper")
        return self

    def formula_in(self, language: str) -> str:
        """The formula as ``fi``, ``sv`` or ``en`` writes it, with a decimal comma in the former two."""
        return _decimals(_worded(self.formula, language), language)

    def symbols_in(self, language: str) -> str:
        """What each sign of the formula stands for, then the remarks on it: ``v = open vacancies; u = ...``."""
        return "; ".join(
            f"{_decimals(one.sign, language)} = {one.in_language(language)}" if one.sign else one.in_language(language)
            for one in self.symbols
        )

    def reference_in(self, language: str) -> str:
        """The reference in ``fi``, ``sv`` or ``en``; empty when there is none."""
        return _worded(self.reference, language) if self.reference else ""


def _worded(text: str | Text, language: str) -> str:
    return text if isinstance(text, str) else text.in_language(language)


def _decimals(formula: str, language: str) -> str:
    return formula if language == "en" else re.sub(r"(?<=\d)\.(?=\d)", ",", formula)


class _Dictionary(_Model):
    quantity: dict[str, Input]
    indicator: tuple[Indicator, ...]

    @model_validator(mode="before")
    @classmethod
    def _resolved(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Quantities stand once in the file and by their name in ``inputs``."""
        quantities, indicators = raw["quantity"], raw["indicator"]
        named = [name for one in indicators for name in one.get("inputs", ())]
        for name in named:
            if name not in quantities:
                raise ValueError(f"no quantity {name}")
        resolved = [one | {"inputs": [quantities[name] for name in one.get("inputs", ())]} for one in indicators]
        return {"quantity": quantities, "indicator": resolved}

    @model_validator(mode="after")
    def _distinct(self) -> "_Dictionary":
        ids = [indicator.id for indicator in self.indicator]
        if len(set(ids)) != len(ids):
            raise ValueError("two indicators have one id")
        return self


@lru_cache(maxsize=4)
def load_indicators(path: Path = REFERENCE / "indicators.toml") -> dict[str, Indicator]:
    """Every indicator by its id, in the order of the file.

    Raises pydantic.ValidationError when an indicator is incomplete, names a quantity that is not there or contradicts
    itself.
    """
    with path.open("rb") as stream:
        dictionary = _Dictionary.model_validate(tomllib.load(stream))
    return {indicator.id: indicator for indicator in dictionary.indicator}
