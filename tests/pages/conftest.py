"""Views over one snapshot of the seed: the whole tour in each language is made once and then only read."""

from collections.abc import Callable
from pathlib import Path

import pytest
import screen
from streamlit.testing.v1.element_tree import Block

from data.snapshots import Snapshot
from settings import Language, get_settings

Tour = dict[str, Block]


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
    """Every view in a language with the numbers of its charts unfolded, as one session walks through them."""

    def walk(language: Language) -> Tour:
        if language not in made_tours:
            app = screen.visit(lang=language)
            seen = {}
            for view in screen.FILES:
                seen[view] = screen.open_numbers(screen.go(app, view)).main
            made_tours[language] = seen
        return made_tours[language]

    return walk
