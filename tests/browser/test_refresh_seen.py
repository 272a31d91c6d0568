"""A refresh that somebody else started, as it shows in an open browser."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.status import SourceStatus, dump_status
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

ADDRESS = "https://statistics.example/api/v1/data/tour_occ_nin2m?format=JSON&lang=EN&geo=FI1D&unit=NR&c_resid=TOTAL"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    with serving(home) as found:
        yield found


def write_progress(home: Path, **fields: object) -> None:
    progress = {"pid": os.getpid(), "started_at": "2026-11-25T06:00:00Z", "sources": ["statfin:12r5", "statfin:12ti"]}
    unfinished = home / "progress.part"
    unfinished.write_text(json.dumps({**progress, **fields}))
    unfinished.replace(home / "progress.json")


def test_an_open_page_follows_a_refresh_without_a_click_and_tells_what_failed(
    home: Path, address: str, page: Page
) -> None:
    page.goto(f"{address}/aineistot?lang=en")
    expect(page.get_by_text("No refresh has been run yet")).to_be_visible()
    write_progress(home, current="statfin:12r5")
    bar = page.get_by_test_id("stProgress")
    expect(bar).to_contain_text("0/2 · Fetching: Employment Service Statistics (12r5)", timeout=20_000)
    write_progress(home, done=1, current="statfin:12ti", failed=["statfin:12r5"])
    expect(bar).to_contain_text("1/2 · Fetching: Employment Service Statistics (12ti)", timeout=5_000)
    expect(page.get_by_text("1 failed: Employment Service Statistics (12r5)")).to_be_visible()
    failure = SourceStatus(last_attempt=datetime.now(UTC), result="failed", message=f"No answer ({ADDRESS}).")
    (home / "status.json").write_bytes(dump_status({"statfin:12r5": failure}))
    write_progress(home, done=2, failed=["statfin:12r5"], finished_at="2026-11-25T06:12:00Z")
    expect(page.get_by_text("The latest refresh ended on 25 November 2026 8:12")).to_be_visible(timeout=5_000)
    expect(bar).to_have_count(0)
    expect(page.get_by_role("heading", name="Failed (1)")).to_be_visible()
    expect(page.get_by_text(f"No answer ({ADDRESS}).")).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 900})
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0
