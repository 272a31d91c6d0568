"""The state of a view lives in the address: codes only, read once a session, written back on every run."""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import BaseModel, ConfigDict, field_validator

from settings import LANGUAGES, Language, get_settings

KEY = "view_state"


class ViewState(BaseModel):
    """What a link carries.

    ``period`` is a month as ``2026-06`` or None for the latest that has what the view shows; ``area`` a case
    membership; ``chain`` the events drawn in a case's chart; ``snapshot`` a pinned edition of the figures. Values that
    mean nothing fall back to their defaults: a mistyped link opens the view, it never breaks it.
    """

    model_config = ConfigDict(frozen=True)

    lang: Language = "fi"
    period: str | None = None
    area: str | None = None
    chain: str | None = None
    snapshot: str | None = None

    @field_validator("lang", mode="before")
    @classmethod
    def _known_language(cls, value: Any) -> Any:
        return value if value in LANGUAGES else get_settings().language

    @field_validator("period", mode="before")
    @classmethod
    def _month(cls, value: Any) -> Any:
        return value if isinstance(value, str) and re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) else None

    @field_validator("area", "chain", "snapshot", mode="before")
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
        st.session_state[KEY] = ViewState.from_address(st.query_params)
    state: ViewState = st.session_state[KEY]
    return state


def update_state(**changes: str | None) -> ViewState:
    """Replace fields of the state; the frame writes the address at the end of the run."""
    state = ViewState.model_validate({**get_state().model_dump(), **changes})
    st.session_state[KEY] = state
    return state


def write_address() -> None:
    wanted = get_state().to_address()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
