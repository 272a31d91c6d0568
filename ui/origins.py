"""From the rows of a chart back to their sources: what its source line says."""

from collections.abc import Sequence

import pandas as pd

from ui import store
from ui.frame import View
from ui.parts import Provenance


def of_fetches(view: View, fetch_ids: Sequence[int], computed: bool = True) -> list[Provenance]:
    """Sources behind the given fetches, one line a source with its newest release."""
    fetches = store.fetches(view.snapshot.snapshot_id)
    used = fetches[fetches["fetch_id"].isin(list(fetch_ids))]
    newest = used.sort_values("published_at", na_position="first").groupby("source_id", sort=False).tail(1)
    return [_line(view, row, computed) for _i, row in newest.iterrows()]


def of_sources(view: View, source_ids: Sequence[str], computed: bool = False) -> list[Provenance]:
    fetches = store.fetches(view.snapshot.snapshot_id)
    used = fetches[fetches["source_id"].isin(list(source_ids))]
    newest = used.sort_values("published_at", na_position="first").groupby("source_id", sort=False).tail(1)
    return [_line(view, row, computed) for _i, row in newest.iterrows()]


def _line(view: View, fetch: pd.Series, computed: bool) -> Provenance:
    sources = store.all_sources(view.snapshot.snapshot_id).set_index("source_id")
    source = sources.loc[fetch["source_id"]]
    published = fetch["published_at"]
    return Provenance(
        statistic=source["statistic"],
        table=source["table_id"],
        attribution=source["attribution"],
        published=None if pd.isna(published) else published,
        reliability=fetch["reliability"],
        licence=source["licence"],
        computed=computed,
        verify_url=source["verify_url"] if isinstance(source["verify_url"], str) else None,
    )
