"""The tables of the emulated service, their bodies in the service's formats, and what a publisher can do to them."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.emulator.figures import DURATION, MONTHS, SHARE, UNEMPLOYED, VACANCIES, Cells, Figures

SECTORS = ("SSS", "01", "02", "03", "04", "05", "06", "07", "X")
DURATIONS = ("SSS", "00", "01", "02", "03", "04", "05", "06", "X")


class BadRequestError(Exception):
    """The service answers 400 and says no more."""


@dataclass
class Variable:
    """One variable: codes as shown, and where each stands in the figures."""

    code: str
    text: str
    values: list[str]
    texts: list[str]
    time: bool = False
    total: str | None = None
    geo: bool = False
    positions: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.positions = list(range(len(self.values)))

    def keep(self, wanted: Callable[[str], bool]) -> None:
        kept = [place for place, value in enumerate(self.values) if wanted(value)]
        self.values, self.texts = ([column[place] for place in kept] for column in (self.values, self.texts))
        self.positions = [self.positions[place] for place in kept]


@dataclass
class Table:
    """One table; a test may alter it as the publisher might.

    Attributes:
        cells: values and which are hidden, by positions of each variable.
        decimals: positions of the measures with a decimal.
        dots: cells marked with one dot (not defined), by positions of each variable; None for none.
        title_fi: title in the Finnish listing, where another is known.
    """

    id: str
    title: str
    variables: list[Variable]
    cells: Callable[..., Cells]
    decimals: Collection[int] = ()
    updated: str = "2026-09-22T05:00:00Z"
    source: str = "KEHA Centre, Employment Service Statistics"
    database: str = "StatFin"
    folder: str = "tyonv"
    subject: str = "Employment service statistics"
    dots: Callable[..., NDArray[np.bool_]] | None = None
    title_fi: str = ""

    def variable(self, code: str) -> Variable:
        return next(variable for variable in self.variables if variable.code == code)

    @property
    def contents(self) -> Variable:
        return self.variables[-1]

    @property
    def time(self) -> Variable:
        return next(variable for variable in self.variables if variable.time)

    def metadata(self) -> dict[str, Any]:
        return {
            "title": self.label(),
            "variables": [
                {"code": one.code, "text": one.text, "values": one.values, "valueTexts": one.texts}
                | ({"elimination": True} if one.total else {})
                | ({"time": True} if one.time else {})
                for one in self.variables
            ],
        }

    def listed(self, language: str) -> str:
        return self.title_fi if language == "fi" and self.title_fi else self.title

    def label(self) -> str:
        *most, last = [variable.text for variable in self.variables]
        return f"{self.title} by {', '.join(most)} and {last}"

    def select(self, query: Sequence[Mapping[str, Any]]) -> list[list[int]]:
        """Positions asked for of each variable, among its values as shown; 400 for anything unknown."""
        try:
            asked = {item["code"]: item["selection"] for item in query}
            if set(asked) - {variable.code for variable in self.variables}:
                raise BadRequestError
            return [
                _selected(variable, asked.get(variable.code), variable is self.contents) for variable in self.variables
            ]
        except (KeyError, TypeError, ValueError):
            raise BadRequestError from None

    def body(self, places: list[list[int]], form: str) -> bytes:
        """The selected cells as ``json`` or ``json-stat2``."""
        at = [
            np.array([one.positions[place] for place in some]) for one, some in zip(self.variables, places, strict=True)
        ]
        values, hide = self.cells(*at)
        whole = np.rint(values).astype(np.int64).astype(object)
        numbers = np.where(np.isin(at[-1], list(self.decimals)), np.round(values, 1).astype(object), whole)
        marks = np.where(hide, "...", "").astype(object)
        if self.dots is not None:
            marks[self.dots(*at)] = "."
        numbers[marks != ""] = None
        if form == "json-stat2":
            return _encode(self._jsonstat(places, numbers.ravel(), marks.ravel()))
        if form == "json":
            return _encode(self._json(places, np.where(marks != "", marks, numbers)))
        raise BadRequestError

    def _jsonstat(self, places: list[list[int]], numbers: NDArray[Any], marks: NDArray[Any]) -> dict[str, Any]:
        chosen = [
            (one, [one.values[place] for place in some], [one.texts[place] for place in some])
            for one, some in zip(self.variables, places, strict=True)
        ]
        time = self.time
        geo = [one.code for one in self.variables if one.geo]
        body = {
            "version": "2.0",
            "class": "dataset",
            "label": self.label(),
            "source": self.source,
            "updated": self.updated,
            "note": [f"{self.id} -- {self.title}, {time.values[0]}-{time.values[-1]}, {self.subject}"],
            "role": {"time": [time.code], **({"geo": geo} if geo else {}), "metric": [self.contents.code]},
            "id": [one.code for one, _, _ in chosen],
            "size": [len(values) for _, values, _ in chosen],
            "dimension": {
                one.code: {
                    "label": one.text,
                    "category": {
                        "index": {value: place for place, value in enumerate(values)},
                        "label": dict(zip(values, texts, strict=True)),
                    }
                    | (
                        {"unit": {value: {"base": "number", "decimals": 0} for value in values}}
                        if one is self.contents
                        else {}
                    ),
                    "extension": {"elimination": one.total is not None}
                    | ({"eliminationValueCode": one.total} if one.total else {})
                    | {"show": "value"},
                }
                for one, values, texts in chosen
            },
            "extension": {
                "px": {
                    "tableid": self.id,
                    "decimals": 0,
                    "official-statistics": False,
                    "aggregallowed": True,
                    "language": "en",
                    "contents": self.title,
                    "heading": [time.code, self.contents.code],
                    "stub": [one.code for one in self.variables if one not in (time, self.contents)],
                    "matrix": self.id,
                    "subject-code": self.folder,
                    "subject-area": self.subject,
                }
            },
            "value": numbers.tolist(),
        }
        missing = np.flatnonzero(marks != "").tolist()
        return body | ({"status": {str(place): marks[place] for place in missing}} if missing else {})

    def _json(self, places: list[list[int]], numbers: NDArray[Any]) -> dict[str, Any]:
        *keys, contents = self.variables
        shape = [len(some) for some in places]
        codes = [[one.values[place] for place in some] for one, some in zip(keys, places, strict=False)]
        grid = np.indices(shape[:-1]).reshape(len(keys), -1)
        rows = zip(*([code[place] for place in row] for code, row in zip(codes, grid, strict=True)), strict=True)
        figures = [[str(one) for one in row] for row in numbers.reshape(-1, shape[-1])]
        stamp = self.updated.replace(":", ".")
        return {
            "columns": [{"code": one.code, "text": one.text, "type": "t" if one.time else "d"} for one in keys]
            + [{"code": contents.values[place], "text": contents.texts[place], "type": "c"} for place in places[-1]],
            "comments": [],
            "data": [{"key": list(key), "values": row} for key, row in zip(rows, figures, strict=True)],
            "metadata": [{"updated": stamp, "label": self.label(), "source": self.source}],
        }

    # What a publisher does to a table between two loads.

    def rename_variable(self, old: str, new: str, text: str | None = None) -> None:
        variable = self.variable(old)
        variable.code, variable.text = new, text or variable.text

    def prefix_contents(self, prefix: str) -> None:
        self.contents.values = [f"{prefix}{value}" for value in self.contents.values]

    def remove(self, variable: str, *values: str) -> None:
        self.variable(variable).keep(lambda value: value not in values)

    def cut_history(self, months: int) -> None:
        """Cut the oldest months; as much of quarters and years, but never all of it."""
        time = self.time
        gone = set(time.values[: min(months * _each(time.values[0]) // 12, len(time.values) - 1)])
        time.keep(lambda value: value not in gone)

    def last_months_to_come(self, months: int) -> None:
        gone = set(self.time.values[-months:])
        self.time.keep(lambda value: value not in gone)


def _each(period: str) -> int:
    """Periods a year: 12, 4 or 1."""
    return 12 if "M" in period else 4 if "Q" in period else 1


def _encode(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _selected(variable: Variable, selection: Mapping[str, Any] | None, is_contents: bool) -> list[int]:
    if selection is None:
        if variable.total:
            return [variable.values.index(variable.total)]
        if is_contents:
            return list(range(len(variable.values)))
        raise BadRequestError
    values = selection["values"]
    match selection["filter"]:
        case "item":
            return [variable.values.index(value) for value in values]
        case "all" if values == ["*"]:
            return list(range(len(variable.values)))
        case "top":
            return list(range(len(variable.values)))[-int(values[0]) :]
    raise BadRequestError


def seed_tables(figures: Figures) -> list[Table]:
    """The tables whose figures the seed holds."""

    def months() -> Variable:
        return Variable("timeperiod_m", "Month", list(MONTHS), list(MONTHS), time=True)

    def areas(codes: Sequence[str], total: str | None) -> Variable:
        names = [figures.names.get(code, code) for code in codes]
        return Variable("Alue", "Region", list(codes), names, total=total, geo=True)

    def measures(codes: Sequence[str]) -> Variable:
        return Variable("contentscode", "Information", list(codes), [figures.labels.get(code, code) for code in codes])

    def plain(code: str, text: str, codes: Sequence[str], total: str | None = None) -> Variable:
        return Variable(code, text, list(codes), list(codes), total=total)

    def service_cells(area: NDArray[np.int64], month: NDArray[np.int64], measure: NDArray[np.int64]) -> Cells:
        values, hide = figures.employment_service
        grid = np.ix_(area, month, measure)
        return values[grid], hide[grid]

    service = Table(
        "12r5",
        "Unemployed jobseekers, persons in services and vacant jobs at the end of the month (1001)",
        [areas(figures.areas, "SSS"), months(), measures(figures.measures)],
        service_cells,
        (figures.measures.index(SHARE),),
    )
    occupation = Table(
        "12ti",
        "Unemployed jobseekers and vacancies by occupation at the end of the month (1270)",
        [
            areas(figures.areas, "SSS"),
            plain("Ammattiryhmä", "Occupation", figures.occupations, "SSS"),
            months(),
            measures((UNEMPLOYED, VACANCIES)),
        ],
        figures.by_occupation,
    )
    industry = Table(
        "12tw",
        "Vacancies by sector in each province at the end of the month",
        [
            areas(figures.regions, "SSS"),
            plain("Toimiala", "Industry", figures.industries, "SSS"),
            plain("Työnantajan sektori", "Employer sector", SECTORS, "SSS"),
            plain("Työpaikan työn kesto", "Duration of work in a workplace", DURATIONS, "SSS"),
            months(),
            measures((VACANCIES, DURATION)),
        ],
        figures.by_industry,
    )
    return [service, occupation, industry]
