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

from data.subjects import SUBJECTS
from loaders.areas import COUNTRY, AreaLevel, RegionAreas
from loaders.cube import PERIOD, Cube, Dimension, long_table, wide_table
from loaders.errors import BindingError, FormatError
from loaders.publisher import Certainty
from loaders.pxweb import Metadata, Variable

CONTENTS = ("contentscode", "tiedot", "information")
"""Names of the variable of measures in the services' languages, before and after the renaming of 2026."""

Frequency = Literal["month", "quarter", "year"]
EXAMPLES: Mapping[str, str] = {"month": "2026M06", "quarter": "2026Q2", "year": "2025"}


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
        take: codes to load; every code when empty.
        renamed: own code by the table's code, where they differ.
        optional: a table without it is loaded as well, all of it as the total.
    """

    name: str
    offers: tuple[str, ...] = ()
    words: tuple[str, ...]
    column: str | None = None
    total: str = "SSS"
    take: tuple[str, ...] = ()
    renamed: Mapping[str, str] = Field(default_factory=dict)
    optional: bool = False

    def wanted(self, variable: Variable) -> tuple[str, ...]:
        """Codes of the variable to load."""
        if self.column is None:
            return (self.total,)
        return tuple(code for code in variable.values if not self.take or code in self.take)


class Declaration(_Declared):
    """One table of a PxWeb service and the subject table that takes its rows.

    Attributes:
        source_id: ``publisher:table``.
        certainty: of the contract; what is not known of an unknown one is bound when it is loaded.
        titles: pieces of the title that no other table of the folder has; used when the address no longer answers.
        language: of the titles and labels asked for.
        areas: levels of area to load, within one region; empty for a table of the whole country without areas.
        every_area: False of a table that lists only areas with something to count.
        contents: measures that must be there, under their codes; a table's only measure when empty.
        labels: label of a measure that has no known code, by its name in ``contents``.
        every_content: load every other measure the table offers as well.
        subject: table of ``data/schema.sql``.
        columns: value column of each measure when the subject table has one column a measure; empty when it has
            the columns ``measure``, ``value`` and ``status``.
        constants: what stands in a column for every row.
    """

    source_id: str
    certainty: Certainty = "certain"
    database: str = "StatFin"
    folder: str
    table: str
    language: Literal["fi", "sv", "en"] = "en"
    titles: tuple[str, ...]
    areas: tuple[AreaLevel, ...] = ()
    every_area: bool = True
    contents: tuple[str, ...] = ()
    labels: Mapping[str, str] = Field(default_factory=dict)
    every_content: bool = False
    classifications: tuple[Classification, ...] = ()
    subject: str
    columns: Mapping[str, str] = Field(default_factory=dict)
    constants: Mapping[str, str] = Field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.database}/{self.folder}/{self.table}"

    @property
    def frequency(self) -> Frequency:
        """Of the periods: that of the subject table."""
        frequency = SUBJECTS[self.subject].period
        assert frequency is not None, f"{self.subject} has no periods"
        return frequency


@dataclass(frozen=True)
class Bound:
    """A declaration bound to a table: which variable plays which role, and what to ask of it.

    Attributes:
        order: codes of the variables in the table's order.
        time, area, contents: codes of the variables with these roles; a table of the whole country has no area.
        periods: every period the table offers.
        values: codes to ask for, by variable.
        columns: column of the subject table, by variable.
        renamed: own code by the table's code, by variable.
        constants: what stands in a column for every row.
    """

    declaration: Declaration
    order: tuple[str, ...]
    time: str
    area: str | None
    contents: str
    periods: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, str]
    renamed: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]

    @property
    def measures(self) -> Mapping[str, str]:
        """Own code of each measure, by the table's."""
        return self.renamed[self.contents]

    def selection(self, periods: Sequence[str]) -> dict[str, list[str]]:
        """What to ask for: every variable, in the table's order."""
        return {code: list(periods if code == self.time else self.values[code]) for code in self.order}

    def rows(self, cube: Cube) -> pa.Table:
        """The cells of an answer as rows of the subject table (without ``fetch_id``)."""
        named = replace(cube, dimensions=tuple(self._named(dimension) for dimension in cube.dimensions))
        if not self.declaration.columns:
            table = long_table(named, {**self.columns, self.contents: "measure"})
        else:
            table = wide_table(named, self.columns, self.contents, self.declaration.columns)
        for column, value in self.constants.items():
            table = table.append_column(column, pa.repeat(pa.scalar(value), table.num_rows))
        return table

    def _named(self, dimension: Dimension) -> Dimension:
        own = self.renamed.get(dimension.code, {})
        role = "time" if dimension.code == self.time else dimension.role
        return replace(dimension, codes=tuple(own.get(code, code) for code in dimension.codes), role=role)


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
        self.areas = areas
        self.require = require
        self.left = list(metadata.variables)
        self.values: dict[str, tuple[str, ...]] = {}
        self.columns: dict[str, str] = {}
        self.renamed: dict[str, Mapping[str, str]] = {}
        self.constants = dict(declaration.constants)

    def bound(self) -> Bound:
        declaration = self.declaration
        time = self._take(self._time())
        self.columns[time.code] = declaration.frequency
        area = self._bind_area()
        contents = self._take(self._contents())
        self.renamed[contents.code] = self._measures_of(contents)
        self.values[contents.code] = tuple(self.renamed[contents.code])
        for one in sorted(declaration.classifications, key=lambda one: len(one.offers), reverse=True):
            self._bind_classification(one)
        self._bind_rest()
        order = tuple(variable.code for variable in self.variables)
        return Bound(
            declaration,
            order,
            time.code,
            area,
            contents.code,
            tuple(time.values),
            self.values,
            self.columns,
            self.renamed,
            self.constants,
        )

    def _take(self, variable: Variable) -> Variable:
        self.left.remove(variable)
        return variable

    def _error(self, expected: str, found: str) -> BindingError:
        return BindingError(f"Expected {expected}; found {found}", self.declaration.address)

    def _time(self) -> Variable:
        frequency = self.declaration.frequency
        flagged = [variable for variable in self.left if variable.time]
        candidates = flagged or [v for v in self.left if all(frequency_of(value) == frequency for value in v.values)]
        if len(candidates) != 1 or not all(frequency_of(value) == frequency for value in candidates[0].values):
            example = EXAMPLES[frequency]
            raise self._error(f"one variable of {frequency}s, as in {example}", _list(candidates or self.left))
        return candidates[0]

    def _bind_area(self) -> str | None:
        if not self.declaration.areas:
            self.constants.setdefault("area_code", COUNTRY)
            return None
        declaration = self.declaration
        wanted = self.areas.codes(declaration.areas)
        if not wanted:
            levels = " or ".join(level.replace("_", " ") for level in declaration.areas)
            raise BindingError(
                f"No {levels} is known for the region {self.areas.region}",
                declaration.address,
                "Add it to LARGER_AREAS in loaders/areas.py, or leave the source out",
            )
        told = set(wanted) - {COUNTRY} or {COUNTRY}
        offered = {variable.code: self._own_areas(variable, wanted) for variable in self.left}
        best = max(self.left, key=lambda variable: len(told & set(offered[variable.code].values())), default=None)
        if best is None or not told & set(offered[best.code].values()):
            raise self._error(f"a variable with the areas {_some(wanted)}", _list(self.left))
        own = offered[best.code]
        missing = [code for code in wanted if code not in set(own.values())]
        if missing and declaration.every_area and self.require == "all" and not self.areas.everywhere:
            raise self._error(f"the areas {', '.join(missing)}", f"{_list([best])} without them")
        place = {code: at for at, code in enumerate(wanted)}
        ordered = sorted(own, key=lambda value: place.get(own[value], len(place)))
        self._take(best)
        self.values[best.code] = tuple(ordered)
        self.columns[best.code] = "area_code"
        self.renamed[best.code] = own
        return best.code

    def _own_areas(self, variable: Variable, wanted: Sequence[str]) -> dict[str, str]:
        """Own area code of each value to load: by code, by the number of a municipality, or by name alone.

        For the whole country that is every value of a variable of area codes.
        """
        known = set(wanted)
        exact = {value: value for value in variable.values if value in known}
        if exact.keys() - {COUNTRY}:
            every = {value: value for value in variable.values if value != COUNTRY or COUNTRY in known}
            return every if self.areas.everywhere else exact
        numbered = {value: f"KU{value}" for value in variable.values if f"KU{value}" in known}
        if numbered:
            return exact | numbered
        named = {self.areas.names[code].casefold(): code for code in wanted if code in self.areas.names}
        labels = dict(zip(variable.values, variable.labels, strict=False))
        return exact | {value: named[text.casefold()] for value, text in labels.items() if text.casefold() in named}

    def _contents(self) -> Variable:
        wanted = self.declaration.contents

        def offers(variable: Variable) -> int:
            return len(self._offered(variable))

        best = max(self.left, key=offers, default=None)
        if best is not None and offers(best):
            return best
        named = [variable for variable in self.left if variable.code.casefold() in CONTENTS]
        if wanted or len(named) != 1:
            expected = f"a variable with the measures {_some(wanted)}" if wanted else "one variable of measures"
            raise self._error(expected, _list(self.left))
        return named[0]

    def _offered(self, variable: Variable) -> dict[str, str]:
        """The variable's value for each declared measure it has."""
        found = {}
        for code in self.declaration.contents:
            value = _offered(code, variable.values)
            if value is None and code in self.declaration.labels:
                value = _labelled(self.declaration.labels[code], variable)
            if value is not None:
                found[code] = value
        return found

    def _measures_of(self, variable: Variable) -> dict[str, str]:
        """Own code of each offered measure to load, by the code the table uses."""
        declaration = self.declaration
        if declaration.columns and not declaration.contents:
            if len(variable.values) != 1:
                raise self._error("one measure", _list([variable]))
            return {variable.values[0]: next(iter(declaration.columns))}
        found = self._offered(variable)
        missing = [code for code in declaration.contents if code not in found]
        if missing and (self.require == "all" or declaration.columns):
            raise self._error(f"the measures {', '.join(missing)}", f"{_list([variable])} without them")
        own = {value: code for code, value in found.items()}
        if declaration.contents and not declaration.every_content:
            return own
        return {value: own.get(value, value) for value in variable.values}

    def _bind_classification(self, one: Classification) -> None:
        variable = self._classification(one)
        if variable is None:
            if one.column is not None:
                self.constants[one.column] = one.renamed.get(one.total, one.total)
            return
        self._take(variable)
        if one.column is None and one.total not in variable.values:
            raise self._error(f"the total {one.total} of the {one.name}", f"{_list([variable])} without it")
        self.values[variable.code] = one.wanted(variable)
        if one.column:
            self.columns[variable.code] = one.column
            self.renamed[variable.code] = one.renamed

    def _classification(self, one: Classification) -> Variable | None:
        fitting = [variable for variable in self.left if set(one.offers) <= set(variable.values)]
        if not fitting and self.require == "any":
            if one.column is None:
                return None  # a saved table may leave the variable to its total
            fitting = [variable for variable in self.left if _says(variable, one.words)]
        alike = len(fitting) > 1 or not one.offers
        if alike:
            fitting = [variable for variable in fitting if _says(variable, one.words)]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting and (one.optional or (self.require == "any" and one.column is None)):
            return None
        values = f", with the values {_some(one.offers)}" if one.offers else ""
        named = f"{' and' if values else ', with'} a name with {' or '.join(one.words)}" if alike else ""
        raise self._error(f"one variable for {one.name}{values}{named}", _list(self.left))

    def _bind_rest(self) -> None:
        """A variable without a role stops a known table; of one that is only known by its title, the total is taken."""
        for variable in list(self.left):
            if self.declaration.certainty == "certain" or COUNTRY not in variable.values:
                raise self._error(
                    "no other variable", f"{_list(self.left)}, which would have to be loaded by its total"
                )
            self._take(variable)
            self.values[variable.code] = (COUNTRY,)


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


def frequency_of(value: str) -> Frequency | None:
    """``month``, ``quarter`` or ``year`` of a period code; None for anything else."""
    match = PERIOD.fullmatch(value)
    if match is None:
        return None
    return "month" if match["month"] else "quarter" if match["quarter"] else "year"


def _offered(code: str, values: Collection[str]) -> str | None:
    """The table's value for a measure: the code itself, or the code after a prefix and a hyphen."""
    if code in values:
        return code
    return next((value for value in values if value.endswith(f"-{code}")), None)


def _labelled(label: str, variable: Variable) -> str | None:
    """The value with a label, whatever its case."""
    labels = zip(variable.values, variable.labels, strict=False)
    return next((value for value, text in labels if text.casefold() == label.casefold()), None)


def _says(variable: Variable, words: Sequence[str]) -> bool:
    name = f"{variable.code} {variable.text}".lower()
    return any(word.lower() in name for word in words)


def _some(codes: Sequence[str], shown: int = 6) -> str:
    more = f" and {len(codes) - shown} more" if len(codes) > shown else ""
    return (", ".join(codes[:shown]) + more) or "nothing"


def _list(variables: Sequence[Variable]) -> str:
    return "; ".join(f"{one.code!r} ({len(one.values)}: {_some(one.values, 4)})" for one in variables) or "nothing"
