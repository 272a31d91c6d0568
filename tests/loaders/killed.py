"""Loads in processes of their own, that can be killed or held to limits without harm to the tests.

They are forked from a server that has imported everything: a start takes some hundredths of a second.
"""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from data import seed, snapshots
from data.seed import SeedFile
from loaders import http, publish
from loaders.__main__ import app
from settings import get_settings

SMALL = ("area", "area_membership", "occupation", "industry", "measure", "vacancy_industry")
PATIENCE = 60
every_seed_file = seed.load_manifest

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__, "pytest"])


def small_seed() -> tuple[SeedFile, ...]:
    """The seed's areas, classifications and one table of figures."""
    return tuple(entry for entry in every_seed_file() if entry.subject in SMALL)


@dataclass(frozen=True)
class Loader:
    """One call of the command line in its own process; ``log`` takes what it says."""

    process: BaseProcess
    log: Path

    def wait(self) -> int:
        """Exit status, negative for a signal."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None, f"still running: {self.log.read_text()}"
        return self.process.exitcode

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")


def start(data_dir: Path, url: str, policy: http.Policy, *arguments: str, before: Callable[[], object]) -> Loader:
    """Begin a call of the command line; ``before`` runs in its process first, and can be pickled."""
    log = data_dir.with_name("output.txt")
    process = processes.Process(target=_call, args=(data_dir, url, policy, arguments, before, log), daemon=True)
    process.start()
    return Loader(process, log)


def _call(
    data_dir: Path, url: str, policy: http.Policy, arguments: tuple[str, ...], before: Callable[[], object], log: Path
) -> None:
    os.environ |= {"TILANNEHUONE_DATA_DIR": str(data_dir), "TILANNEHUONE_STATFIN_URL": url}
    get_settings.cache_clear()
    with log.open("w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())
    seed.load_manifest = small_seed  # type: ignore[assignment]
    http.DEFAULT_POLICY = policy
    before()
    app(list(arguments))


def die() -> None:
    """What a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at_step(name: str) -> None:
    """Die as a build comes to a step, or before its snapshot is put in service."""
    if name == "pointer":
        snapshots.point_to = lambda snapshot, settings: die()
        return
    build: Callable[..., Any] = publish.build
    publish.build = partial(build, on_step=lambda step: die() if step == name else None)


def kill_at_rename(number: int) -> None:
    """Die instead of the rename with this number: every file that counts gets its name by one."""
    rename, left = os.replace, iter(range(number - 1, -1, -1))

    def replace(source: Any, target: Any, **more: Any) -> None:
        if next(left, -1) == 0:
            die()
        rename(source, target, **more)

    os.replace = replace  # type: ignore[assignment]


def limit_file_size(size: int) -> None:
    """No file grows beyond a size: the nearest thing to a full disk without one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
