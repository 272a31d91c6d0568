"""The running product in Chromium. Without Chromium one loud line says that these tests did not run, or they fail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.first_chart import CHROMIUM_FLAGS
from settings import ROOT
from ui.serve import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HERE = Path(__file__).parent
VIEWS = ("/", "/meri-lappi", "/matkailu", "/utsjoki", "/aineistot")


left_out: list[pytest.Item] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    if CHROMIUM is None and mine:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.exit("REQUIRE_BROWSER=1, but no Chromium was found", returncode=1)
        left_out.extend(mine)
        items[:] = [item for item in items if item not in mine]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if left_out:
        terminalreporter.write_line(
            f"!!! NO CHROMIUM FOUND: {len(left_out)} BROWSER TESTS DID NOT RUN. Install Debian's package chromium. !!!",
            red=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that ``make run`` prints, over a data folder of its own: cold until the first test opens a page."""
    with serving(tmp_path_factory.mktemp("served")) as address:
        yield address


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The dashboard over a data folder; its address."""
    environment = {
        **os.environ,
        "TILANNEHUONE_DATA_DIR": str(folder),
        "TILANNEHUONE_PORT": str(free_port(8640)),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    line = server.stdout.readline()
    try:
        assert line.startswith("Lapin tilannehuone: http://localhost:"), line
        yield line.split()[2]
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened.set_default_timeout(40_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
