"""The raw store: every response as received, with a stamp, one folder a load.

raw/<publisher>/<table>/partial/            a load that goes on, or was interrupted
raw/<publisher>/<table>/<time>-<sha256>/    a complete load, never changed again
    metadata.json                           the table as described when it was loaded
    <part>.json, <part>.stamp.json          one response and its stamp; the part is named after its query
    load.json                               the record of the whole, written last
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from loaders.errors import RawStoreError
from loaders.http import Answer
from loaders.pxweb import query_key

RECORD = "load.json"
METADATA = "metadata"
STAMP = ".stamp.json"
PARTIAL = "partial"
REJECTED = ".rejected"
TEMPORARY = ".tmp"

Origin = Literal["service", "file"]


class Stamp(BaseModel):
    """What is known of one response: where from, what was asked, when (UTC), and the SHA-256 of its bytes."""

    model_config = ConfigDict(frozen=True)

    url: str
    query: dict[str, Any] | None
    fetched_at: datetime
    status: int
    content_type: str
    etag: str | None
    updated: datetime | None
    sha256: str


def stamp_of(answer: Answer, query: Mapping[str, Any] | None, updated: datetime | None = None) -> Stamp:
    """The stamp of an answer that has just arrived; ``updated`` where its body states a release time."""
    return Stamp(
        url=answer.url,
        query=dict(query) if query is not None else None,
        fetched_at=now(),
        status=answer.status,
        content_type=answer.content_type,
        etag=answer.etag,
        updated=updated,
        sha256=sha256(answer.content),
    )


class LoadRecord(BaseModel):
    """What is known of a complete load.

    Attributes:
        source_id: ``publisher:table``.
        origin: the service, or a file saved by hand.
        region: whose areas were asked for.
        full: every period the table offered was asked for.
        updated: release time of the edition (UTC), the same in every part; None where not stated.
        fetched_at: when the last part arrived (UTC).
        periods: codes of the periods asked for.
        parts: names of the parts, in the order of the query.
        sha256: over the names and bytes of the parts: equal for equal answers to equal queries.
    """

    model_config = ConfigDict(frozen=True)

    source_id: str
    origin: Origin
    region: str
    full: bool
    updated: datetime | None
    fetched_at: datetime
    periods: tuple[str, ...]
    parts: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Part:
    """One kept response."""

    name: str
    body: Path
    stamp: Stamp

    def read(self) -> bytes:
        """The bytes as received.

        Raises:
            RawStoreError: the file is missing or its SHA-256 is not the stamp's.
        """
        try:
            content = self.body.read_bytes()
        except OSError:
            raise RawStoreError("A kept response is missing", str(self.body)) from None
        if sha256(content) != self.stamp.sha256:
            raise RawStoreError("A kept response has changed since it was received", str(self.body))
        return content


@dataclass(frozen=True)
class Load:
    """One complete load."""

    folder: Path
    record: LoadRecord

    def parts(self) -> Iterator[Part]:
        """Its responses, in the order of the query.

        Raises:
            RawStoreError: a stamp is missing or unreadable.
        """
        for name in self.record.parts:
            yield _part(self.folder, name)

    def metadata(self) -> Part | None:
        """The table's description when it was loaded; a file saved by hand has none."""
        return _part(self.folder, METADATA) if self.record.origin == "service" else None


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, sees all of it or nothing."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def remove_temporary(root: Path) -> None:
    """Remove what processes that were killed have left of unfinished files. Callers hold the lock of those who load."""
    for path in root.rglob(f"*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def part_name(query: Mapping[str, Any]) -> str:
    """Name of the part that answers a query."""
    return sha256(query_key(query).encode())[:16]


def _part(folder: Path, name: str) -> Part:
    path = folder / f"{name}{STAMP}"
    try:
        return Part(name, folder / f"{name}.json", Stamp.model_validate_json(path.read_bytes()))
    except (OSError, ValidationError):
        raise RawStoreError("The stamp of a kept response is missing or unreadable", str(path)) from None


class PartialLoad:
    """The unfinished load of one source: keeps what has arrived, whatever stops the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, query: Mapping[str, Any]) -> Part | None:
        """The kept answer to a query; None when there is none, or it was not written whole."""
        try:
            part = _part(self.folder, part_name(query))
            part.read()
        except RawStoreError:
            return None
        return part

    def begun(self) -> bool:
        """Whether anything of an unfinished load is kept."""
        return any(self.folder.glob(f"*{STAMP}"))

    def editions(self) -> set[datetime | None]:
        """Release times of the kept parts."""
        return {part.stamp.updated for part in self._kept()}

    def keep_only(self, updated: datetime | None) -> None:
        """Drop the parts of every other edition."""
        for part in self._kept():
            if part.stamp.updated != updated:
                part.body.unlink(missing_ok=True)
                (self.folder / f"{part.name}{STAMP}").unlink()

    def add(self, name: str, content: bytes, stamp: Stamp) -> Part:
        """Keep one response: its bytes first, then the stamp that makes it count."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomic(self.folder / f"{name}.json", content)
        write_atomic(self.folder / f"{name}{STAMP}", stamp.model_dump_json(indent=1).encode())
        return Part(name, self.folder / f"{name}.json", stamp)

    def discard(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kept(self) -> Iterator[Part]:
        for path in sorted(self.folder.glob(f"*{STAMP}")):
            name = path.name.removesuffix(STAMP)
            if name != METADATA:
                with suppress(RawStoreError):
                    yield _part(self.folder, name)


class RawStore:
    """Every load under one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _folder(self, source_id: str) -> Path:
        return self.root.joinpath(*source_id.split(":"))

    def partial(self, source_id: str, origin: Origin = "service") -> PartialLoad:
        """The unfinished load of a source; empty when there is none."""
        return PartialLoad(self._folder(source_id) / (PARTIAL if origin == "service" else f"{PARTIAL}-{origin}"))

    def complete(self, partial: PartialLoad, record: LoadRecord) -> Load:
        """Close a load: from here on it is replayed into every snapshot."""
        keep = {f"{name}{ending}" for name in (*record.parts, METADATA) for ending in (".json", STAMP)}
        for path in partial.folder.iterdir():
            if path.name not in keep:
                path.unlink()
        write_atomic(partial.folder / RECORD, record.model_dump_json(indent=1).encode())
        folder = partial.folder.with_name(f"{record.fetched_at:%Y%m%dT%H%M%S%fZ}-{record.sha256[:8]}")
        os.replace(partial.folder, folder)
        return Load(folder, record)

    def loads(self, source_id: str | None = None) -> list[Load]:
        """Complete loads, oldest first.

        Raises:
            RawStoreError: a record that cannot be read.
        """
        found = [_load(folder) for folder in self._complete(source_id)]
        return sorted(found, key=lambda load: (load.record.fetched_at, load.record.source_id))

    def _complete(self, source_id: str | None = None) -> list[Path]:
        inside = self._folder(source_id).glob("*") if source_id else self.root.glob("*/*/*")
        return sorted(
            folder
            for folder in inside
            if folder.is_dir() and not folder.name.startswith(PARTIAL) and folder.suffix != REJECTED
        )

    def reject(self, load: Load) -> Path:
        """Set a load aside whose figures failed the checks: kept for a look, no longer replayed."""
        folder = load.folder.with_name(f"{load.folder.name}{REJECTED}")
        os.replace(load.folder, folder)
        return folder

    def verify(self) -> list[str]:
        """What is wrong with the kept loads, one sentence each."""
        problems = []
        for folder in self._complete():
            try:
                load = _load(folder)
                for part in (load.metadata(), *load.parts()):
                    if part is not None:
                        part.read()
            except RawStoreError as problem:
                problems.append(str(problem))
        return problems


def _load(folder: Path) -> Load:
    try:
        return Load(folder, LoadRecord.model_validate_json((folder / RECORD).read_bytes()))
    except (OSError, ValidationError):
        raise RawStoreError("The record of a load is missing or unreadable", str(folder / RECORD)) from None


def sha256(content: bytes) -> str:
    """The SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest(parts: Mapping[str, str]) -> str:
    """SHA-256 over the names of the parts and the SHA-256 of each, whatever their order."""
    whole = hashlib.sha256()
    for name in sorted(parts):
        whole.update(name.encode() + bytes.fromhex(parts[name]))
    return whole.hexdigest()


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)
