"""``python -m bench.first_chart``: time to the first drawn chart of the overview, beside a one-chart Streamlit app.

Both servers are warm; the visits alternate, each in a new browser profile. The ratio of the medians is the measure.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from settings import ROOT
from ui.serve import free_port, wait_until_ready

RUNS = 12
CHART = "[data-testid='stVegaLiteChart'] :is(canvas, svg.marks)"
CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
BARE_APP = """
import altair as alt
import pandas as pd
import streamlit as st

st.title("One chart")
data = pd.DataFrame({"x": range(60), "y": [i * i % 37 for i in range(60)]})
st.altair_chart(alt.Chart(data).mark_line().encode(x="x", y="y"))
"""


def main() -> int:
    """Print the medians and their ratio; exit code 1 where no Chromium is installed."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser_path is None:
        print("first chart: no Chromium found, nothing measured", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE_APP, encoding="utf-8")
        with serving(bare, Path(folder)) as one, serving(ROOT / "app.py", ROOT) as product, sync_playwright() as engine:
            browser = engine.chromium.launch(executable_path=browser_path, args=CHROMIUM_FLAGS)
            seconds: dict[str, list[float]] = {"one-chart app": [], "overview": []}
            for run in range(RUNS + 1):
                for name, address in (("one-chart app", one), ("overview", product)):
                    elapsed = first_chart(browser, address)
                    if run:  # the first round warms both up
                        seconds[name].append(elapsed)
            browser.close()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"first chart, medians of {RUNS} interleaved visits")
    for name, median in medians.items():
        print(f"  {name:<15} {median:5.2f} s  ({min(seconds[name]):.2f} to {max(seconds[name]):.2f})")
    print(f"  ratio           {medians['overview'] / medians['one-chart app']:5.2f}")
    return 0


def first_chart(browser: Browser, address: str) -> float:
    """Seconds from the request to the first canvas of a chart, in a new profile."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(CHART, timeout=60_000)
    elapsed = time.perf_counter() - start
    context.close()
    return elapsed


@contextmanager
def serving(script: Path, folder: Path) -> Iterator[str]:
    """A warm server of a script on a free port of this machine."""
    port = free_port(8700)
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless"]
    command += ["true", "--server.address", "127.0.0.1", "--server.scriptHealthCheckEnabled", "true"]
    command += ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none", "--logger.level", "error"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not wait_until_ready(f"http://127.0.0.1:{port}/_stcore/script-health-check", server):
            raise SystemExit(f"{script.name} did not start")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
