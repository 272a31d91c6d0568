"""Finding a table and writing its declaration: what a publisher lists, what a table holds, how it would be declared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from data.subjects import SUBJECTS
from loaders.areas import COUNTRY, AreaLevel, RegionAreas
from loaders.declarations import CONTENTS, Declaration, frequency_of
from loaders.errors import BindingError, FormatError, TooLargeError
from loaders.publisher import Statistic
from loaders.pxweb import Described, Hit, Limits, PxWeb, Variable, cells, split

SHOWN = 8
"""Values of a variable that are printed."""


@dataclass(frozen=True)
class Place:
    """Where a table is kept."""

    database: str
    folder: str
    table: str


@dataclass(frozen=True)
class Roles:
    """Variables of a table by the role they seem to play; ``levels`` of area are those the whole region is offered."""

    time: Variable | None
    area: Variable | None
    levels: tuple[AreaLevel, ...]
    contents: Variable | None
    classifications: tuple[Variable, ...]


def hit_line(hit: Hit, database: str, declared: Sequence[Statistic]) -> str:
    """One found table: its address, its title, and the source that loads it already."""
    address = f"{database}/{hit.folder}/{hit.id}" if hit.folder else f"{database}/{hit.id}"
    known = [one.source_id for one in declared if one.address == address]
    return f"{address}  {hit.title}" + (f"  [declared as {known[0]}]" if known else "")


def locate(client: PxWeb, database: str, text: str, declared: Sequence[Statistic]) -> Place:
    """The table a person means: a source's id, an address ``database/folder/table.px``, or a table's number alone.

    Raises:
        BindingError: the number is not listed, or in several folders.
    """
    for statistic in declared:
        if isinstance(statistic, Declaration) and text in (statistic.source_id, statistic.address):
            return Place(statistic.database, statistic.folder, statistic.table)
    parts = text.strip("/").split("/")
    if len(parts) == 3:
        return Place(*parts)
    number = text.removesuffix(".px")
    hits = [hit for hit in client.search(database, number) if hit.number == number]
    if len(hits) != 1:
        found = ", ".join(f"{database}/{hit.folder}/{hit.id}" for hit in hits) or "none"
        raise BindingError(
            f"One table with the number {number} expected; the service finds {found}",
            database,
            "Give its whole address, as in StatFin/tyonv/12r5.px; `python -m loaders search` finds it",
        )
    return Place(database, hits[0].folder, hits[0].id)


def roles_of(variables: Sequence[Variable], areas: RegionAreas) -> Roles:
    """Which variable is time, area and measure, as far as flags, codes and names tell."""
    left = list(variables)
    time = next((one for one in left if one.time), None)
    time = time or next((one for one in left if all(frequency_of(value) for value in one.values)), None)
    contents = next((one for one in left if one.code.casefold() in CONTENTS), None)
    candidates = {one.code: _levels(one, areas) for one in left if one is not time and one is not contents}
    area = max(
        (one for one in left if candidates.get(one.code)), key=lambda one: len(candidates[one.code]), default=None
    )
    rest = tuple(one for one in left if one not in (time, area, contents))
    return Roles(time, area, candidates[area.code] if area else (), contents, rest)


def _levels(variable: Variable, areas: RegionAreas) -> tuple[AreaLevel, ...]:
    offered = set(variable.values) | {f"KU{value}" for value in variable.values}
    whole = [level for level, codes in areas.by_level.items() if codes and set(codes) <= offered]
    return tuple(whole) if set(whole) - {"country"} else ()


def description(found: Described, place: Place, areas: RegionAreas, limits: Limits) -> Iterator[str]:
    """What a table holds, line by line: variables, values, periods, cells, calls, and the declaration it would need."""
    roles = roles_of(found.metadata.variables, areas)
    yield f"{place.database}/{place.folder}/{found.table}: {found.metadata.title}"
    for variable in found.metadata.variables:
        yield _variable_line(variable, roles)
    whole = {one.code: one.values for one in found.metadata.variables}
    yield f"cells: {cells(whole):,} in the whole table; {_wanted(whole, roles, areas, limits)}"
    yield ""
    yield from declaration_text(found, place, roles)


def _variable_line(variable: Variable, roles: Roles) -> str:
    role = {
        id(roles.time): "time",
        id(roles.area): f"areas: {', '.join(roles.levels)}",
        id(roles.contents): "measures",
    }.get(id(variable), "classification")
    flag = ", may be left out" if variable.elimination else ""
    if variable is roles.time:
        values = f"{variable.values[0]} to {variable.values[-1]}"
    else:
        labels = variable.labels or [""] * len(variable.values)
        pairs = zip(variable.values, labels, strict=False)
        named = [f"{value} {label}".strip() if label != value else value for value, label in pairs][:SHOWN]
        values = "; ".join(named) + (
            f"; and {len(variable.values) - SHOWN} more" if len(variable.values) > SHOWN else ""
        )
    return f"  {variable.code} ({variable.text}): {len(variable.values)} values, {role}{flag}: {values}"


def _wanted(whole: dict[str, list[str]], roles: Roles, areas: RegionAreas, limits: Limits) -> str:
    """Cells and calls of the region's areas, with every value of everything else."""
    if roles.time is None or roles.contents is None:
        return "calls cannot be counted without a variable of periods and one of measures"
    selection = dict(whole)
    if roles.area is not None:
        wanted = set(areas.codes(roles.levels))
        selection[roles.area.code] = [value for value in roles.area.values if value in wanted or f"KU{value}" in wanted]
    try:
        calls = len(split(selection, limits.max_cells, roles.time.code, roles.contents.code))
    except TooLargeError:
        return "one period of it does not fit a call"
    return f"{cells(selection):,} of {areas.region} in {calls} calls of at most {limits.max_cells:,}"


def declaration_text(found: Described, place: Place, roles: Roles) -> Iterator[str]:
    """A declaration as it would stand in ``loaders/``, for a person to finish."""
    number = "".join(takewhile(lambda character: character != ".", found.table)).rpartition("_")[2]
    title = found.metadata.title.partition(" by ")[0]
    yield "Declaration("
    yield f'    source_id="{"statfin" if place.database == "StatFin" else place.database.lower()}:{number}",'
    if place.database != "StatFin":
        yield f'    database="{place.database}",'
    yield f'    folder="{place.folder}",'
    yield f'    table="{found.table}",'
    yield f"    titles={_tuple([title])},"
    if roles.levels:
        yield f"    areas={_tuple(roles.levels)},"
    if roles.contents is not None:
        yield f"    contents={_tuple(roles.contents.values[:SHOWN])},"
    if roles.classifications:
        yield "    classifications=("
        for one in roles.classifications:
            total = COUNTRY if COUNTRY in one.values else one.values[0]
            more = "" if total == COUNTRY else f', total="{total}"'
            word = re.split(r"_\d", one.code)[0]  # without the vintage of the classification
            offers, words = _tuple(one.values[:3]), _tuple([word])
            yield f'        Classification(name="{one.text}", offers={offers}, words={words}{more}),'
        yield "    ),"
    yield f'    subject="...",  # {_subjects(roles)}'
    yield ")"
    if roles.classifications:
        yield "# A classification is loaded by its total; give it a column of the subject table to load its classes."


def _tuple(values: Sequence[str]) -> str:
    quoted = ", ".join(f'"{value}"' for value in values)
    return f"({quoted},)" if len(values) == 1 else f"({quoted})"


def _subjects(roles: Roles) -> str:
    """Subject tables with periods of the same length."""
    frequency = frequency_of(roles.time.values[-1]) if roles.time else None
    fitting = [name for name, subject in SUBJECTS.items() if subject.period == frequency and frequency]
    if not fitting:
        raise FormatError("No variable of the table is months, quarters or years")
    return f"a table of data/schema.sql by {frequency}: {', '.join(fitting)}; or a new one"
