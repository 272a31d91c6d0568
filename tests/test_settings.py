"""Settings come from the environment, and a wrong one is said in words."""

import pytest

from settings import get_settings


def test_the_environment_sets_language_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEHUONE_LANGUAGE", "sv")
    monkeypatch.setenv("TILANNEHUONE_PORT", "9000")
    get_settings.cache_clear()
    settings = get_settings()
    assert (settings.language, settings.port, settings.region) == ("sv", 9000, "MK19")


def test_a_setting_that_cannot_be_used_ends_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEHUONE_PORT", "abc")
    get_settings.cache_clear()
    with pytest.raises(SystemExit, match=r"^TILANNEHUONE_PORT: Input should be a valid integer"):
        get_settings()
