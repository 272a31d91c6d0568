"""The catalogue of sources: ``data/reference/sources.toml`` as validated models."""

import tomllib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from dateutil.rrule import rrule, rrulestr
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.subjects import SUBJECTS

REFERENCE = Path(__file__).with_name("reference")

Cadence = Literal["month", "quarter", "year", "irregular", "once"]
Reliability = Literal["complete", "transcribed", "first_release", "outdated", "rounded"]
Contract = Literal["certain", "likely", "unknown"]


class CatalogueError(ValueError):
    """The catalogue cannot be used; names each block and field."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Edition(_Model):
    """One committed edition of a source: which rows of which input file go to which subject table."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    input: str
    table: str
    where: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    published_at: datetime | None = None
    reliability: Reliability
    publisher: str | None = None
    attribution: str | None = None
    note: str | None = None
    note_fi: str | None = None
    note_sv: str | None = None

    @model_validator(mode="after")
    def _known(self) -> "Edition":
        if self.table not in SUBJECTS:
            raise ValueError(f"edition {self.name}: no subject table {self.table!r}")
        if self.published_at is not None and self.published_at.tzinfo is None:
            raise ValueError(f"edition {self.name}: published_at needs a time zone")
        if not (self.note is None) == (self.note_fi is None) == (self.note_sv is None):
            raise ValueError(f"edition {self.name}: a note is written in all three languages or in none")
        return self


class Source(_Model):
    """One source, ``publisher:table``, and its committed editions.

    A source that is only loaded has no edition and names its ``subject_table`` instead. ``release`` is the rule (RFC
    5545, Finnish local time) by which its figures are expected, where one is known; see ``data/releases.py``.
    ``contract`` says of a loadable source how surely the table is known that its loader declares.
    """

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)?:[a-z0-9_-]+$")
    publisher: str
    publisher_fi: str
    publisher_sv: str
    statistic: str
    statistic_fi: str
    statistic_sv: str
    table_id: str
    cadence: Cadence
    licence: str
    licence_url: str | None = None
    attribution: str
    verify_url: str | None = None
    loadable: bool = False
    contract: Contract | None = None
    release: str | None = None
    subject_table: str | None = None
    editions: tuple[Edition, ...] = Field(alias="edition", default=())

    @property
    def subject(self) -> str:
        """The subject table of the source, or the first of them."""
        return self.subject_table or self.editions[0].table

    @field_validator("release")
    @classmethod
    def _is_rule(cls, text: str | None) -> str | None:
        if text is not None:
            parse_release_rule(text, datetime(2026, 1, 1))
        return text

    @model_validator(mode="after")
    def _has_subject(self) -> "Source":
        if self.subject_table is None and not self.editions:
            raise ValueError(f"source {self.id}: give an edition or a subject_table")
        if self.subject not in SUBJECTS:
            raise ValueError(f"source {self.id}: no subject table {self.subject!r}")
        return self


def parse_release_rule(text: str, start: datetime) -> rrule:
    """A recurrence rule of RFC 5545, counted from ``start``; all are naive local times.

    Raises ValueError when the text is not one rule that gives the hour, minute and second and goes on without an end.
    """
    given = {part.partition("=")[0].upper() for part in text.split(";")}
    if lacking := {"FREQ", "BYHOUR", "BYMINUTE", "BYSECOND"} - given:
        raise ValueError(f"release rule {text!r}: {', '.join(sorted(lacking))} is missing")
    if given & {"COUNT", "UNTIL"}:
        raise ValueError(f"release rule {text!r}: a rule has no end")
    rule = rrulestr(text, dtstart=start)
    if not isinstance(rule, rrule):
        raise ValueError(f"release rule {text!r}: one rule is expected, without dates of its own")
    return rule


class _Catalogue(_Model):
    source: tuple[Source, ...]

    @model_validator(mode="after")
    def _unique(self) -> "_Catalogue":
        ids = [source.id for source in self.source]
        if repeated := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"declared twice: {', '.join(repeated)}")
        return self


def _said(error: Any, content: dict[str, Any]) -> str:
    """One error with the id of its block instead of its number."""
    _, *place = error["loc"] or ("",)
    block = content["source"][place.pop(0)].get("id", "a block without an id") if place else "the catalogue"
    field = ".".join(str(part) for part in place)
    return f"{block}: {field}: {error['msg']}" if field else f"{block}: {error['msg']}"


@lru_cache(maxsize=4)
def load_sources(path: Path = REFERENCE / "sources.toml") -> dict[str, Source]:
    """Every declared source by its id, in the order of the file.

    Raises CatalogueError when a block is incomplete, repeated or names an unknown subject table.
    """
    with path.open("rb") as stream:
        content = tomllib.load(stream)
    try:
        catalogue = _Catalogue.model_validate(content)
    except ValidationError as problem:
        raise CatalogueError("; ".join(_said(error, content) for error in problem.errors())) from problem
    return {source.id: source for source in catalogue.source}
