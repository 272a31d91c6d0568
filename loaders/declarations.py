"""What a loader says about a table, and how that is bound to the table's live metadata.

Variable codes carry classification dates that change every January, and measures may gain a prefix. So nothing is
declared by code or position: variables are bound by role, from flags and the values they offer, and by words of their
name only where values cannot tell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from loaders.areas import AreaLevel, RegionAreas
from loaders.cube import Cube, Dimension, long_table, period_start, wide_table
from loaders.errors import BindingError, FormatError
from loaders.pxweb import Metadata, Variable


def codes(*lines: str) -> tuple[str, ...]:
    """Codes written with spaces between them."""
    return tuple(code for line in lines for code in line.split())


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Classification(_Declared):
    """A variable that is neither time, area nor measure.

    Attributes:
        name: what it is called in messages.
        offers: values it must have; they tell it from the other variables where they can.
        words: pieces of its code or label, in any of the service's languages, that tell it where values cannot.
        column: column of the subject table that takes its codes; None loads the total alone.
        total: code of the total.
    """

    name: str
    offers: tuple[str, ...]
    words: tuple[str, ...]
    column: str | None = None
    total: str = "SSS"


class Declaration(_Declared):
    """One table of a PxWeb service and the subject table that takes its rows.

    Attributes:
        source_id: ``publisher:table``.
        titles: pieces of the title that no other table of the folder has; used when the address no longer answers.
        areas: levels of area to load, within one region.
        contents: measures that must be there.
        every_content: load every other measure the table offers as well.
        subject: table of ``data/schema.sql``.
        columns: value column of each measure when the subject table has one column a measure; empty when it has
            the columns ``measure``, ``value`` and ``status``.
    """

    source_id: str
    database: str
    folder: str
    table: str
    titles: tuple[str, ...]
    areas: tuple[AreaLevel, ...]
    contents: tuple[str, ...]
    every_content: bool = False
    classifications: tuple[Classification, ...] = ()
    subject: str
    columns: Mapping[str, str] = Field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.database}/{self.folder}/{self.table}"


@dataclass(frozen=True)
class Bound:
    """A declaration bound to a table: which variable plays which role, and what to ask of it."""

    declaration: Declaration
    order: tuple[str, ...]
    time: str
    area: str
    contents: str
    periods: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, str]
    measures: Mapping[str, str]

    def selection(self, periods: Sequence[str]) -> dict[str, list[str]]:
        """What to ask for: every variable, in the table's order."""
        return {code: list(periods if code == self.time else self.values[code]) for code in self.order}

    def rows(self, cube: Cube) -> pa.Table:
        """The cells of an answer as rows of the subject table (without ``fetch_id``)."""
        dimensions = tuple(self._named(dimension) for dimension in cube.dimensions)
        named = replace(cube, dimensions=dimensions)
        if not self.declaration.columns:
            return long_table(named, {**self.columns, self.contents: "measure"})
        return wide_table(named, self.columns, self.contents, self.declaration.columns)

    def _named(self, dimension: Dimension) -> Dimension:
        if dimension.code == self.contents:
            return replace(dimension, codes=tuple(self.measures[code] for code in dimension.codes))
        return replace(dimension, role="time" if dimension.code == self.time else dimension.role)


Requirement = Literal["all", "any"]


def bind(metadata: Metadata, declaration: Declaration, areas: RegionAreas, require: Requirement = "all") -> Bound:
    """Find the variable of each role and the values to load.

    Args:
        metadata: the table as the service describes it now, or as a kept answer shows it.
        declaration: what is wanted of it.
        areas: codes of the region's areas by level.
        require: ``all`` for a live table; ``any`` for a file or a kept answer, which may hold a part of it.

    Raises:
        BindingError: a role without a variable, a variable without a role, a wanted area or measure that is missing.
    """
    return _Binder(metadata, declaration, areas, require).bound()


class _Binder:
    def __init__(self, metadata: Metadata, declaration: Declaration, areas: RegionAreas, require: Requirement) -> None:
        self.variables = metadata.variables
        self.declaration = declaration
        self.region = areas.region
        self.wanted_areas = areas.codes(declaration.areas)
        self.require = require
        self.left = list(metadata.variables)

    def bound(self) -> Bound:
        declaration = self.declaration
        time = self._take(self._time())
        area = self._take(self._area())
        contents = self._take(self._contents())
        values = {area.code: self._areas_of(area)}
        measures = self._measures_of(contents)
        values[contents.code] = tuple(measures)
        columns = {time.code: "month", area.code: "area_code"}
        for one in sorted(declaration.classifications, key=lambda one: len(one.offers), reverse=True):
            variable = self._classification(one)
            if variable is None:
                continue
            self._take(variable)
            values[variable.code] = tuple(variable.values) if one.column else (one.total,)
            if one.column:
                columns[variable.code] = one.column
        if self.left:
            raise self._error("no other variable", f"{_list(self.left)}, which would have to be loaded by its total")
        order = tuple(variable.code for variable in self.variables)
        return Bound(
            declaration, order, time.code, area.code, contents.code, tuple(time.values), values, columns, measures
        )

    def _take(self, variable: Variable) -> Variable:
        self.left.remove(variable)
        return variable

    def _error(self, expected: str, found: str) -> BindingError:
        return BindingError(f"Expected {expected}; found {found}", self.declaration.address)

    def _time(self) -> Variable:
        flagged = [variable for variable in self.left if variable.time]
        candidates = flagged or [v for v in self.left if all(_is_month(value) for value in v.values)]
        if len(candidates) != 1 or not all(_is_month(value) for value in candidates[0].values):
            raise self._error("one variable of months, as in 2026M06", _list(candidates or self.left))
        return candidates[0]

    def _area(self) -> Variable:
        told = set(self.wanted_areas) - {"SSS"}
        best = max(self.left, key=lambda variable: len(told & set(variable.values)), default=None)
        if best is None or not told & set(best.values):
            raise self._error(f"a variable with the areas {_some(self.wanted_areas)}", _list(self.left))
        return best

    def _areas_of(self, variable: Variable) -> tuple[str, ...]:
        offered = set(variable.values)
        missing = [code for code in self.wanted_areas if code not in offered]
        if missing and self.require == "all":
            raise self._error(f"the areas {', '.join(missing)}", f"{_list([variable])} without them")
        return tuple(code for code in self.wanted_areas if code in offered)

    def _contents(self) -> Variable:
        wanted = self.declaration.contents

        def offers(variable: Variable) -> int:
            return sum(_offered(code, variable.values) is not None for code in wanted)

        best = max(self.left, key=offers, default=None)
        if best is None or not offers(best):
            raise self._error(f"a variable with the measures {_some(wanted)}", _list(self.left))
        return best

    def _measures_of(self, variable: Variable) -> dict[str, str]:
        """Own code of each offered measure to load, by the code the table uses."""
        declaration = self.declaration
        found = {code: _offered(code, variable.values) for code in declaration.contents}
        missing = [code for code, value in found.items() if value is None]
        if missing and (self.require == "all" or declaration.columns):
            raise self._error(f"the measures {', '.join(missing)}", f"{_list([variable])} without them")
        own = {value: code for code, value in found.items() if value is not None}
        if not declaration.every_content:
            return own
        return {value: own.get(value, value.removeprefix(f"{declaration.folder}-")) for value in variable.values}

    def _classification(self, one: Classification) -> Variable | None:
        fitting = [variable for variable in self.left if set(one.offers) <= set(variable.values)]
        if not fitting and self.require == "any":
            if one.column is None:
                return None  # a saved table may leave the variable to its total
            fitting = [variable for variable in self.left if _says(variable, one.words)]
        alike = len(fitting) > 1
        if alike:
            fitting = [variable for variable in fitting if _says(variable, one.words)]
        if len(fitting) == 1:
            return fitting[0]
        named = f" and a name with {' or '.join(one.words)}" if alike else ""
        raise self._error(f"one variable for {one.name}, with the values {_some(one.offers)}{named}", _list(self.left))


def check_answer(cube: Cube, selection: Mapping[str, Sequence[str]]) -> None:
    """Refuse an answer that does not hold exactly what was asked.

    Raises:
        FormatError: a variable or code is missing or was not asked for.
    """
    if set(cube.by_code) != set(selection):
        raise FormatError(f"Asked for the variables {sorted(selection)}, the answer has {sorted(cube.by_code)}")
    for code, wanted in selection.items():
        answered = set(cube.by_code[code].codes)
        if answered != set(wanted):
            missing, extra = sorted(set(wanted) - answered), sorted(answered - set(wanted))
            raise FormatError(f"The answer's variable {code!r} lacks {_some(missing)} and has {_some(extra)} unasked")


def metadata_of(cube: Cube) -> Metadata:
    """The variables of an answer in the form of table metadata."""
    return Metadata(
        title=cube.label,
        variables=[
            Variable.model_validate(
                {"code": one.code, "text": one.label, "values": list(one.codes), "time": one.role == "time"}
            )
            for one in cube.dimensions
        ],
    )


def _is_month(value: str) -> bool:
    try:
        return "M" in value and bool(period_start(value))
    except FormatError:
        return False


def _offered(code: str, values: Collection[str]) -> str | None:
    """The table's value for a measure: the code itself, or the code after a prefix and a hyphen."""
    if code in values:
        return code
    return next((value for value in values if value.endswith(f"-{code}")), None)


def _says(variable: Variable, words: Sequence[str]) -> bool:
    name = f"{variable.code} {variable.text}".lower()
    return any(word.lower() in name for word in words)


def _some(codes: Sequence[str], shown: int = 6) -> str:
    more = f" and {len(codes) - shown} more" if len(codes) > shown else ""
    return (", ".join(codes[:shown]) + more) or "nothing"


def _list(variables: Sequence[Variable]) -> str:
    return "; ".join(f"{one.code!r} ({len(one.values)}: {_some(one.values, 4)})" for one in variables) or "nothing"
