"""The committed seed: official figures as Parquet, one file an edition, and their manifest."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from data.catalogue import Cadence, Reliability

SEED_DIR = Path(__file__).with_name("seed")
MANIFEST = "manifest.json"


class SeedFile(BaseModel):
    """One entry of the manifest: what a seed file is, whose it is and how far it can be trusted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    source_id: str
    subject: str
    publisher: str
    statistic: str
    statistic_fi: str
    statistic_sv: str
    table: str
    first_period: str | None
    last_period: str | None
    cadence: Cadence
    licence: str
    licence_url: str | None
    attribution: str
    verify_url: str | None
    reliability: Reliability
    published_at: datetime | None
    sha256: str
    rows: int
    note: str | None
    note_fi: str | None
    note_sv: str | None


@lru_cache(maxsize=4)
def load_manifest(seed_dir: Path = SEED_DIR) -> tuple[SeedFile, ...]:
    """Entries of the seed's manifest. Raises FileNotFoundError or pydantic.ValidationError when it is unusable."""
    text = (seed_dir / MANIFEST).read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[SeedFile]).validate_json(text))


def write_manifest(entries: Sequence[SeedFile], seed_dir: Path = SEED_DIR) -> None:
    """Write the manifest beside the seed files."""
    rows = [entry.model_dump(mode="json") for entry in entries]
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    (seed_dir / MANIFEST).write_text(text, encoding="utf-8")
    load_manifest.cache_clear()


def verify(seed_dir: Path = SEED_DIR) -> list[str]:
    """What is wrong with the seed files, one sentence each: a missing file or one whose sha256 differs."""
    problems = []
    for entry in load_manifest(seed_dir):
        path = seed_dir / entry.file
        if not path.is_file():
            problems.append(f"{entry.file}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
            problems.append(f"{entry.file}: sha256 differs from the manifest")
    return problems
