"""The refresh of the figures as the sources view shows it: how far it has come, and a button that starts one.

A refresh is a process of its own: it goes on when the browser or the dashboard is closed. Whoever started it, its
progress is read from the same file.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import streamlit as st

from data.progress import RefreshProgress, read_progress
from settings import ROOT, Settings, get_settings
from ui import versions
from ui.frame import View
from ui.locales import Locale

COMMAND = (sys.executable, "-m", "loaders", "refresh")
LOG = "refresh.log"
RUNNING_SECONDS = 1
IDLE_SECONDS = 10  # how soon a refresh that was started elsewhere is seen
SHOWN_LINES = 12
SHOWN_FAILURES = 6

_lock = RLock()
_started: "_Started | None" = None


@dataclass(frozen=True)
class _Started:
    """The latest refresh that this dashboard started."""

    process: "subprocess.Popen[bytes]"
    moment: datetime

    def precedes(self, progress: RefreshProgress | None) -> bool:
        """Whether the progress that is written is of this refresh, or of one that went on or began after it."""
        return progress is not None and (
            progress.running or max(progress.started_at, progress.finished_at or progress.started_at) >= self.moment
        )


@dataclass(frozen=True)
class Refresh:
    """What is known of the refresh that goes on or was the last one.

    Attributes:
        progress: as it wrote itself; None when none was ever started.
        starting: one was started here and has not written anything yet.
        stopped: what one that was started here and ended before it began has said; None when there is none such.
    """

    progress: RefreshProgress | None
    starting: bool = False
    stopped: str | None = None

    @property
    def is_running(self) -> bool:
        return self.starting or (self.progress is not None and self.progress.running)


def look(settings: Settings | None = None) -> Refresh:
    """The refresh as it stands now."""
    settings = settings or get_settings()
    with _lock:
        started = _started
        # Asking for the exit code also buries an ended child, which would look alive to everyone else.
        code = started.process.poll() if started is not None else None
    progress = read_progress(settings)
    if started is None or started.precedes(progress):
        return Refresh(progress)
    if code is None:
        return Refresh(progress, starting=True)
    return Refresh(progress, stopped=log_tail(settings) if code else None)


def start(settings: Settings | None = None) -> None:
    """Start a refresh as a process of its own, unless one goes on. Raises OSError when it cannot be started."""
    global _started
    settings = settings or get_settings()
    folder = settings.data_dir.resolve()
    with _lock:
        if look(settings).is_running:
            return
        folder.mkdir(parents=True, exist_ok=True)
        with log_path(settings).open("wb") as log:
            moment = datetime.now(UTC)
            process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env={**os.environ, "TILANNEHUONE_DATA_DIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _started = _Started(process, moment)


def log_path(settings: Settings) -> Path:
    """What the last refresh that was started from the dashboard has printed."""
    return settings.data_dir.resolve() / LOG


def log_tail(settings: Settings) -> str:
    """Its last lines; empty when it cannot be read."""
    try:
        text = log_path(settings).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-SHOWN_LINES:])


def panel(view: View, names: Mapping[str, str]) -> None:
    """Progress for everyone, the button for maintainers; ``names`` of the sources by id."""
    running = look().is_running

    @st.fragment(run_every=RUNNING_SECONDS if running else IDLE_SECONDS)
    def live() -> None:
        now = look()
        if now.is_running != running:
            st.rerun()  # the whole view: its states have changed, and the pace of looking with them
        with st.container(border=True):
            if get_settings().maintenance:
                _button(view.locale, now)
            _told(view.locale, now, names)
            if not get_settings().maintenance:
                st.caption(
                    view.locale.gettext(
                        "Ylläpitäjälle: uudet luvut haetaan komennolla `python -m loaders refresh`. "
                        "Painike tulee näkyviin asetuksella `TILANNEHUONE_MAINTENANCE=1`."
                    )
                )
        if not now.is_running:
            versions.offer(view.locale, view.snapshot, key="take-refreshed")

    live()


def _button(locale: Locale, now: Refresh) -> None:
    _ = locale.gettext
    label = _("Päivitys on käynnissä") if now.is_running else _("Päivitä aineistot")
    if not st.button(label, key="refresh", disabled=now.is_running):
        return
    try:
        start()
    except OSError as problem:
        st.warning(_("Päivitystä ei voi käynnistää."), icon="⚠️")
        st.caption(f"[en] {problem}")
    else:
        st.rerun()


def _told(locale: Locale, now: Refresh, names: Mapping[str, str]) -> None:
    _ = locale.gettext
    progress = now.progress
    if now.starting:
        st.progress(0.0, text=_("Päivitys käynnistyy."))
    elif now.stopped is not None:
        st.warning(_("Päivitys päättyi ennen kuin se alkoi. Sen viesti [en]:"), icon="⚠️")
        st.code(now.stopped or "–", language=None, wrap_lines=True)
    elif progress is None:
        st.markdown(_("Päivitystä ei ole vielä ajettu: luvut ovat palvelun mukana tulleita."))
    elif progress.running:
        _progress(locale, progress, names)
    elif progress.finished_at is None:
        st.warning(
            _("Päivitys, joka alkoi {moment}, keskeytyi. Uusi päivitys jatkaa siitä, mihin se jäi.").format(
                moment=locale.clock(progress.started_at)
            ),
            icon="⚠️",
        )
    else:
        _ended(locale, progress, names)


def _progress(locale: Locale, progress: RefreshProgress, names: Mapping[str, str]) -> None:
    _ = locale.gettext
    whole = len(progress.sources)
    if progress.done >= whole:
        doing = _("Kaikki on kysytty. Luvut tarkistetaan ja uusi aineistoversio rakennetaan.")
    elif progress.current is not None:
        doing = _("Haetaan: {name}").format(name=names.get(progress.current, progress.current))
    else:
        doing = _("Odotetaan palvelun vastausta")
    st.progress(progress.share, text=f"**{progress.done}/{whole}** · {doing}")
    if progress.failed:
        st.markdown(_failed(locale, progress, names))


def _ended(locale: Locale, progress: RefreshProgress, names: Mapping[str, str]) -> None:
    _ = locale.gettext
    assert progress.finished_at is not None
    asked = locale.ngettext("{n} aineisto kysytty", "{n} aineistoa kysytty", progress.done).format(n=progress.done)
    text = _("Viimeisin päivitys päättyi {moment}: {asked}.").format(
        moment=locale.clock(progress.finished_at), asked=asked
    )
    text += " " + (_failed(locale, progress, names) if progress.failed else _("Kaikki onnistuivat."))
    st.markdown(text)


def _failed(locale: Locale, progress: RefreshProgress, names: Mapping[str, str]) -> str:
    """``2 epäonnistui: …``, the first few by name; what each said stands with the source."""
    n = len(progress.failed)
    shown = [names.get(source_id, source_id) for source_id in progress.failed[:SHOWN_FAILURES]]
    more = [] if n <= SHOWN_FAILURES else ["…"]
    count = locale.ngettext("{n} epäonnistui", "{n} epäonnistui", n).format(n=n)
    return f":orange[**{count}**]: {', '.join([*shown, *more])}."
