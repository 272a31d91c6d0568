"""A newer edition of the figures is offered, never forced: what a session shows changes when its reader says so."""

import streamlit as st

from data import snapshots
from ui import state
from ui.locales import Locale

SHOWN = "snapshot_shown"  # the snapshot a session opened; it stays until the reader takes another
EVERY_SECONDS = 60


def wanted() -> str | None:
    """The id this session is to show: that of its link, else the one it opened; None at first."""
    shown: str | None = st.session_state.get(SHOWN)
    return state.get_state().snapshot or shown


def keep(snapshot: snapshots.Snapshot) -> None:
    """Stay with a snapshot; one that a link asks for is the link's matter."""
    if state.get_state().snapshot is None:
        st.session_state[SHOWN] = snapshot.snapshot_id


def other_in_service(shown: snapshots.Snapshot) -> snapshots.Snapshot | None:
    """The snapshot in service when it is not the one shown. Costs one look at the pointer file."""
    try:
        found = snapshots.current()
    except (snapshots.SnapshotError, OSError):
        return None
    return None if found.snapshot_id == shown.snapshot_id else found


def watch(locale: Locale, shown: snapshots.Snapshot) -> None:
    """A slim note as soon as another snapshot is in service; looked for at each run and once a minute."""

    @st.fragment(run_every=EVERY_SECONDS)
    def note() -> None:
        offer(locale, shown, key="take-newer")

    note()


def offer(locale: Locale, shown: snapshots.Snapshot, key: str) -> None:
    """The note, when there is something to offer."""
    _ = locale.gettext
    found = other_in_service(shown)
    if found is None:
        return
    newer = found.created_at > shown.created_at
    text = _("Uudempi aineistoversio on saatavilla.") if newer else _("Käyttöön on palautettu aiempi aineistoversio.")
    built = _("Rakennettu {moment}.").format(moment=locale.clock(found.created_at))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":blue[**{text}**] {built}", width="content")
        label = _("Avaa uusi aineistoversio") if newer else _("Avaa se")
        # The callback runs before the whole view is drawn anew with the snapshot it chose.
        if st.button(label, key=key, on_click=_take):
            st.rerun()


def _take() -> None:
    st.session_state.pop(SHOWN, None)
    state.update_state(snapshot=None)
