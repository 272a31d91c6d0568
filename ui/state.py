"""The state of a view lives in the address: codes only, read when a link is opened, written back on every run."""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import BaseModel, ConfigDict, field_validator

from data.cases import load_cases
from settings import LANGUAGES, Language, get_settings

KEY = "view_state"
WRITTEN = "address_written"  # page and address this session wrote last
IGNORED = "address_ignored"  # fields of an opened link that mean nothing
CHOSEN = "address_chosen"  # a choice was made in this run: it outranks an address that lags behind


class ViewState(BaseModel):
    """What a link carries.

    ``period`` is a month as ``2026-06`` or None for the latest that has what the view shows; ``area`` a case
    membership or the code of an area; ``chain`` the events drawn in a case's chart; ``measure`` what a view shows of
    several; ``occupation`` a four-digit code; ``snapshot`` a pinned edition of the figures. Values that mean nothing
    fall back to their defaults: a mistyped link opens the view, it never breaks it.
    """

    model_config = ConfigDict(frozen=True)

    lang: Language = "fi"
    period: str | None = None
    area: str | None = None
    chain: str | None = None
    measure: str | None = None
    occupation: str | None = None
    snapshot: str | None = None

    @field_validator("lang", mode="before")
    @classmethod
    def _known_language(cls, value: Any) -> Any:
        return value if value in LANGUAGES else get_settings().language

    @field_validator("period", mode="before")
    @classmethod
    def _month(cls, value: Any) -> Any:
        return value if isinstance(value, str) and re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) else None

    @field_validator("area", mode="before")
    @classmethod
    def _membership_or_area(cls, value: Any) -> Any:
        known = value in load_cases() or (isinstance(value, str) and re.fullmatch(r"(KU|SK|MK|TA)\d{2,3}|SSS", value))
        return value if known else None

    @field_validator("chain", "measure", "occupation", "snapshot", mode="before")
    @classmethod
    def _code(cls, value: Any) -> Any:
        return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value) else None

    @classmethod
    def from_address(cls, parameters: Mapping[str, str]) -> "ViewState":
        return cls.model_validate({name: parameters.get(name) for name in cls.model_fields})

    def to_address(self) -> dict[str, str]:
        return {name: value for name, value in self.model_dump().items() if value is not None}


def get_state() -> ViewState:
    """The state of this session; the first call reads the address."""
    if KEY not in st.session_state:
        _read_address()
    state: ViewState = st.session_state[KEY]
    return state


def follow_address() -> None:
    """Take over an address that this session did not write: a link just opened, or the browser's Back and Forward."""
    written = st.session_state.get(WRITTEN)
    st.session_state[IGNORED] = []
    if st.session_state.pop(CHOSEN, False):
        return
    present = st.query_params.to_dict()
    # A bare address of a session that has a state is the way to another view: Streamlit clears it on the way.
    if KEY not in st.session_state or (present and (written is None or present != written[1])):
        _read_address()


def _read_address() -> None:
    parameters = st.query_params.to_dict()
    state = ViewState.from_address(parameters)
    kept = state.model_dump()
    st.session_state[KEY] = state
    st.session_state[IGNORED] = [name for name, value in parameters.items() if value != kept.get(name)]


def update_state(**changes: str | None) -> ViewState:
    """Replace fields of the state; the frame writes the address at the end of the run."""
    state = ViewState.model_validate({**get_state().model_dump(), **changes})
    st.session_state[KEY] = state
    st.session_state[CHOSEN] = True
    return state


def write_address(page: str) -> None:
    """Put the state into the address of a page.

    A bare address of the page that was written last is left alone: it is the browser's Back, and writing it again
    would trap the reader.
    """
    wanted = get_state().to_address()
    present = st.query_params.to_dict()
    written = st.session_state.get(WRITTEN)
    if present == {} and written is not None and written[0] == page:
        return
    if present != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[WRITTEN] = (page, wanted)
