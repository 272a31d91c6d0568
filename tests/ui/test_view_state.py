"""The address of a view: codes in, the same codes out, and nothing in it can break a view."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings import get_settings
from ui.state import ViewState

FIELDS = ("lang", "period", "area", "chain", "snapshot")


def test_an_empty_address_is_the_default_view() -> None:
    assert ViewState.from_address({}) == ViewState(lang="fi")


def test_a_whole_address_returns_as_it_came() -> None:
    address = {
        "lang": "sv",
        "period": "2021-09",
        "area": "meri-lappi-ea",
        "chain": "kemi-bioproduct-mill",
        "snapshot": "0a1b2c3d4e5f",
    }
    assert ViewState.from_address(address).to_address() == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lang", "de"),
        ("lang", "FI"),
        ("period", "2021-13"),
        ("period", "2021-9"),
        ("period", "syyskuu 2021"),
        ("period", "2021-09-01"),
        ("period", "0001-01"),
        ("area", "Meri-Lappi (5 kuntaa)"),
        ("area", "x" * 41),
        ("chain", "<script>"),
        ("snapshot", "../current"),
        ("snapshot", ""),
    ],
)
def test_a_value_that_means_nothing_is_left_out_and_the_rest_stands(name: str, value: str) -> None:
    address = {"lang": "en", "period": "2021-09", "area": "meri-lappi", "chain": "teno", "snapshot": "0a1b2c3d4e5f"}
    expected = {**address, "lang": "fi"} if name == "lang" else {k: v for k, v in address.items() if k != name}
    assert ViewState.from_address({**address, name: value}).to_address() == expected


def test_unknown_parameters_are_ignored() -> None:
    assert ViewState.from_address({"utm_source": "x", "lang": "en"}).to_address() == {"lang": "en"}


def test_the_language_of_the_installation_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEHUONE_LANGUAGE", "sv")
    get_settings.cache_clear()
    assert ViewState.from_address({}).lang == "sv"
    assert ViewState.from_address({"lang": "de"}).lang == "sv"
    assert ViewState.from_address({"lang": "en"}).lang == "en"


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=50)))
def test_no_address_breaks_a_view_and_reading_it_again_changes_nothing(address: dict[str, str]) -> None:
    once = ViewState.from_address(address)
    assert ViewState.from_address(once.to_address()) == once
