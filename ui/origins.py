"""From the rows of a chart back to their sources: what its source line says."""

from collections.abc import Sequence

import pandas as pd

from ui import store
from ui.frame import View
from ui.parts import Provenance


def of_fetches(view: View, fetch_ids: Sequence[int], computed: bool = True) -> list[Provenance]:
    """Sources behind the given fetches, one entry a source with its newest release first."""
    fetches = store.fetches(view.snapshot.snapshot_id, view.locale.language)
    return _newest(fetches[fetches["fetch_id"].isin([int(i) for i in fetch_ids])], computed)


def of_sources(view: View, source_ids: Sequence[str], computed: bool = False) -> list[Provenance]:
    fetches = store.fetches(view.snapshot.snapshot_id, view.locale.language)
    return _newest(fetches[fetches["source_id"].isin(list(source_ids))], computed)


def _newest(fetches: pd.DataFrame, computed: bool) -> list[Provenance]:
    newest = fetches.sort_values("fetch_id", ascending=False).drop_duplicates("source_id")
    return [
        Provenance(
            publisher=row["publisher"],
            statistic=row["statistic"],
            table=row["table_id"],
            published=None if pd.isna(row["published_at"]) else row["published_at"],
            reliability=row["reliability"],
            licence=row["licence"],
            computed=computed,
            verify_url=row["verify_url"] if isinstance(row["verify_url"], str) else None,
        )
        for _i, row in newest.iterrows()
    ]
