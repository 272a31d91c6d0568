"""Publishers whose answers are whole documents: ask, keep, read, close the load; and the same reading at replay.

A publisher gives a plan of requests and one function that reads the answers. That function both checks what arrived and
replays it into every later snapshot.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import orjson
import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from data.build import TableLoad
from data.subjects import SUBJECTS, sql_type
from loaders.areas import RegionAreas
from loaders.cube import Cube
from loaders.errors import FormatError, LoaderError, RefusedError, TooLargeError
from loaders.http import DEFAULT_WINDOW, JSON, Answer, Session
from loaders.incoming import Imported, Taken, keep_file
from loaders.jsonstat import decode, malformed, read_jsonstat
from loaders.publisher import Certainty, OnPart, Outcome, Statistic
from loaders.raw import METADATA, Load, LoadRecord, Part, RawStore, digest, now, part_name, sha256, stamp_of
from loaders.replay import replayed
from settings import Settings

KEPT_FOR = timedelta(hours=12)
"""Age up to which a part of an interrupted load is taken as it is: documents carry no edition to compare."""

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
    "SMALLINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
}

Record = Mapping[str, Any]


class Document(BaseModel):
    """What every declaration of these publishers says: its id, the certainty of its contract, its subject table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str
    certainty: Certainty
    subject: str


Declared = TypeVar("Declared", bound=Document)


@dataclass(frozen=True)
class Request:
    """One call: ``query`` names the kept part, ``ask`` makes the call."""

    query: Mapping[str, Any]
    ask: Callable[[], Answer]


@dataclass(frozen=True)
class Plan:
    """The calls of a load, and what the service says of the statistic, where it says something."""

    requests: Sequence[Request]
    described: Answer | None = None


@dataclass(frozen=True)
class Reading:
    """What the answers hold.

    Attributes:
        rows: rows of the subject table without ``fetch_id``, in a fixed order.
        periods: codes of the periods, as in 2026M06 or 2026.
        updated: the publisher's release time (UTC), where stated.
        left_out: figures of other areas or groups that were not taken.
    """

    rows: pa.Table
    periods: tuple[str, ...]
    updated: datetime | None = None
    left_out: int = 0


Read = Callable[[Declared, Sequence[bytes], RegionAreas], Reading]


class DocumentService(ABC, Generic[Declared]):
    """One such service during one run of a command.

    Args:
        session: HTTP to this service.
        settings: where it is.
    """

    declared: ClassVar[type]

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings

    @property
    @abstractmethod
    def root(self) -> str:
        """Address of the service, without a slash at its end."""

    @abstractmethod
    def described(self, statistic: Declared, areas: RegionAreas) -> str:
        """What a probe says of one statistic. Raises LoaderError when the declaration does not fit."""

    @abstractmethod
    def plan(self, statistic: Declared, areas: RegionAreas) -> Plan:
        """The calls that load one statistic; asks for metadata where they depend on it. Raises LoaderError."""

    @abstractmethod
    def read(self, statistic: Declared, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        """The rows of the answers, in the order of the plan. Raises LoaderError when they are not what was asked."""

    def opening(self) -> str:
        """Where the service is. It states no limits, so careful ones are kept to."""
        window = f"{DEFAULT_WINDOW.calls} calls in {DEFAULT_WINDOW.seconds:g} s"
        return f"{self.root}: states no limits; at most {window} are made"

    def probe(self, statistic: Statistic, areas: RegionAreas) -> str:
        """What the statistic is bound to, in one sentence, from metadata or the smallest answer there is."""
        return self.described(self._own(statistic), areas)

    def refresh(
        self,
        statistic: Statistic,
        store: RawStore,
        areas: RegionAreas,
        full: bool = False,
        due: bool = True,
        on_part: OnPart | None = None,
    ) -> Outcome:
        """Load the documents anew; nothing is asked when a load is held and no release is due.

        Raises:
            LoaderError: of any kind; answers of the last hours stay in the store's partial load.
        """
        own = self._own(statistic)
        held = [
            load
            for load in store.loads(own.source_id)
            if load.record.origin == "service" and load.record.region == areas.region
        ]
        if held and not due and not full:
            return Outcome("unchanged", held[-1].record, 0, 0, None, None)
        plan = self.plan(own, areas)
        partial = store.partial(own.source_id)
        parts: list[Part] = []
        asked = 0
        for request in plan.requests:
            part = partial.get(request.query)
            if part is None or now() - part.stamp.fetched_at > KEPT_FOR:
                answer = request.ask()
                part = partial.add(part_name(request.query), answer.content, stamp_of(answer, request.query))
                asked += 1
            parts.append(part)
            if on_part is not None:
                on_part(len(parts), len(plan.requests))
        try:
            reading = self.read(own, [part.read() for part in parts], areas)
        except LoaderError:
            partial.discard()
            raise
        record = LoadRecord(
            source_id=own.source_id,
            origin="service",
            region=areas.region,
            full=True,
            updated=reading.updated,
            fetched_at=max(part.stamp.fetched_at for part in parts),
            periods=reading.periods,
            parts=tuple(part.name for part in parts),
            sha256=digest({part.name: part.stamp.sha256 for part in parts}),
        )
        kept = len(parts) - asked
        if held and self._same(own, record, reading, held[-1], areas):
            partial.discard()
            return Outcome("unchanged", record, asked, kept, None, None)
        if plan.described is not None:
            partial.add(METADATA, plan.described.content, stamp_of(plan.described, None))
        else:
            declaration = own.model_dump_json().encode()
            partial.add(METADATA, declaration, stamp_of(Answer(statistic.address, 200, declaration, "", None), None))
        return Outcome("loaded", record, asked, kept, None, store.complete(partial, record))

    def _same(self, statistic: Declared, record: LoadRecord, reading: Reading, held: Load, areas: RegionAreas) -> bool:
        """Whether the newest held load has the same figures. Some answers carry the time they were made."""
        if record.sha256 == held.record.sha256:
            return True
        if record.updated != held.record.updated:
            return False
        with suppress(LoaderError):
            before = self.read(statistic, [part.read() for part in held.parts()], areas)
            return before.rows.equals(reading.rows)
        return False

    def _own(self, statistic: Statistic) -> Declared:
        if not isinstance(statistic, self.declared):
            raise TypeError(f"{statistic.source_id} is not a statistic of {self.root}")
        return statistic  # type: ignore[return-value]

    def get(self, url: str, kinds: Sequence[str] = JSON) -> Answer:
        """GET from this service. Raises as ``Session.post``, but 403 is a refusal like any other."""
        try:
            return self.session.get(url, kinds)
        except TooLargeError as refusal:
            raise forbidden(refusal) from None


def forbidden(refusal: TooLargeError) -> RefusedError:
    """A 403 in the words of a service that does not use it for large selections."""
    return RefusedError(
        "The service answered 403: it does not let this request through",
        refusal.where,
        "Look at the address in a browser",
        status=403,
    )


def table_load(load: Load, statistic: Declared, areas: RegionAreas, read: Read[Declared]) -> TableLoad:
    """The rows of a kept load, with its origin and stamps.

    Raises:
        RawStoreError: bytes that are missing or have changed.
        BindingError, FormatError: bytes that no longer fit the declaration.
    """
    rows = read(statistic, [part.read() for part in load.parts()], areas).rows
    return replayed(load.record, statistic.subject, rows, sha256(statistic.model_dump_json().encode())[:16])


def import_file(path: Path, statistic: Declared, store: RawStore, areas: RegionAreas, read: Read[Declared]) -> Imported:
    """Keep a document saved by hand as a load of origin ``file``.

    Raises:
        LoaderError: a file that cannot be read, is too large, or was imported before.
        FormatError, BindingError: another format, or areas and measures that do not resolve.
    """

    def taken(content: bytes) -> Taken:
        reading = read(statistic, [content], areas)
        return Taken(reading.rows.num_rows, reading.left_out, reading.periods, reading.updated)

    return keep_file(path, statistic.source_id, store, areas, taken)


def rows_of(table: str, records: Sequence[Record]) -> pa.Table:
    """Rows of a subject table, one mapping a row, with the table's columns and types.

    Raises:
        FormatError: there are none.
    """
    if not records:
        raise FormatError("The answer holds no figure of what was asked")
    schema = pa.schema([(column, ARROW_TYPES[sql_type(column)]) for column in SUBJECTS[table].columns])
    return pa.Table.from_pylist([dict(record) for record in records], schema)


@malformed("JSON-stat 2 dataset")
def read_flagged(body: bytes, mark: Callable[[str], str | None]) -> Cube:
    """Cells of a JSON-stat 2 body of a publisher with missing marks of its own.

    Args:
        body: as received.
        mark: the mark of ``loaders.cube.MARKS`` that means the same; None for a sign that stands beside a value. A cell
            with neither value nor mark is ``not_available``.

    Raises:
        FormatError: as ``read_jsonstat``.
    """
    data = decode(body)
    given = data.get("status") if isinstance(data, dict) else None
    if isinstance(given, str):
        raise FormatError("One status for all cells: each should have its own")
    if given:
        pairs = given.items() if isinstance(given, dict) else enumerate(given)
        marked = ((str(place), mark(str(sign))) for place, sign in pairs if sign)
        data["status"] = {place: own for place, own in marked if own is not None}
    return read_jsonstat(orjson.dumps(data))
