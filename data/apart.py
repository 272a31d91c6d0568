"""``python -m data.apart``: slow computations in processes of their own, with one thread each for linear algebra.

The optimiser behind a back-test otherwise starts a thread a core for matrices of a few numbers, which wait for each
other: six times the work on two busy cores.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from settings import ROOT

PROCESSES = 2
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Task = Callable[[], Any]
"""A function of a module with its arguments (``functools.partial``): it is pickled."""


class Tasks:
    """Tasks that run beside the caller from the moment this is made; :meth:`results` waits for them."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = tasks
        self._pool = ThreadPoolExecutor(PROCESSES)
        # Dealt out in turn: neighbours are alike, so that both processes have as much to do.
        self._hands: list[Future[list[Any]]] = [
            self._pool.submit(_ask, hand) for start in range(PROCESSES) if (hand := tasks[start::PROCESSES])
        ]

    def results(self) -> list[Any]:
        """What each task gave, in their order; the text of its ValueError where it raised one.

        A process that was ended from outside, as when memory runs out, makes a text of each of its tasks. RuntimeError
        when a task raised anything else.
        """
        found: list[Any] = [None] * len(self._tasks)
        with self._pool:
            for start, hand in enumerate(self._hands):
                found[start::PROCESSES] = hand.result()
        return found


def _ask(tasks: Sequence[Task]) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "data.apart"],
        input=pickle.dumps(tasks),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        check=False,
    )
    if done.returncode < 0:
        return [f"the process that computed was ended by signal {-done.returncode}"] * len(tasks)
    if done.returncode:
        raise RuntimeError(f"A computation failed:\n{done.stderr.decode(errors='replace')}")
    results: list[Any] = pickle.loads(done.stdout)
    return results


def _answer(task: Task) -> Any:
    try:
        return task()
    except ValueError as error:
        return str(error)


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps([_answer(task) for task in pickle.load(sys.stdin.buffer)]))
