"""Views over one snapshot of the seed: the whole tour in each language is made once and then only read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import screen
import streamlit as st
from screen import Seen, Tour

from data.snapshots import Snapshot
from settings import Language, get_settings


@pytest.fixture(autouse=True)
def in_service(data_dir: Path, seed_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The seed's snapshot is the one the views open. Nothing in these tests publishes beside it."""
    monkeypatch.setenv("TILANNEHUONE_DATA_DIR", str(seed_snapshot.path.parents[1]))
    get_settings.cache_clear()
    return seed_snapshot


@pytest.fixture(scope="session")
def made_tours() -> dict[Language, Tour]:
    return {}


@pytest.fixture
def tour(made_tours: dict[Language, Tour], in_service: Snapshot) -> Callable[[Language], Tour]:
    """Every view in a language at its latest month, the numbers of its charts unfolded, in one walk through them."""

    def walk(language: Language) -> Tour:
        if language not in made_tours:
            app = screen.visit(lang=language)
            seen = {}
            for view in screen.FILES:
                if view != "tilannekuva":
                    screen.go(app, view)
                with recorded_downloads() as files:
                    seen[view] = Seen(screen.open_numbers(app).main, files)
            made_tours[language] = seen
        return made_tours[language]

    return walk


@contextmanager
def recorded_downloads() -> Iterator[dict[str, Callable[[], bytes]]]:
    """What download buttons would make, by file name; the buttons still stand in the view."""
    files: dict[str, Callable[[], bytes]] = {}
    button = st.download_button

    def record(label: str, data: Callable[[], bytes], file_name: str, *rest: object, **named: object) -> object:
        files[file_name] = data
        return button(label, data, file_name, *rest, **named)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "download_button", record)
        yield files
