"""Links: a good one opens what it says, a bad one opens something sound and says so."""

import pytest
import screen

from data.snapshots import Snapshot


def test_a_bare_link_opens_the_latest_month_in_finnish() -> None:
    app = screen.visit()
    assert app.query_params == {"lang": "fi"}
    assert [text for text in screen.words(app.main) if "kesäkuu 2026" in text]


def test_an_unknown_language_gives_finnish_and_a_corrected_address() -> None:
    app = screen.visit(lang="de", period="2021-09")
    assert "avointa paikkaa" in app.title[0].value
    assert app.query_params == {"lang": "fi", "period": "2021-09"}


@pytest.mark.parametrize("period", ["2021-13", "syyskuu"])
def test_a_month_that_is_none_gives_the_latest_and_leaves_the_address(period: str) -> None:
    app = screen.visit(period=period)
    assert not app.exception
    assert app.query_params == {"lang": "fi"}


def test_a_month_without_figures_gives_the_latest_and_says_so() -> None:
    app = screen.visit(period="2024-05")
    for view in ("tilannekuva", "utsjoki"):
        screen.go(app, view)
        assert not app.exception
        (message,) = [info.value for info in app.info]
        assert "toukokuu 2024" in message
        assert "kesäkuu 2026" in message


def test_an_unknown_snapshot_gives_the_latest_and_says_so() -> None:
    app = screen.visit(snapshot="0123456789ab")
    assert [warning.value for warning in app.warning] == [
        "Linkin aineistoversiota ei enää ole. Näkymä käyttää uusinta."
    ]
    assert app.query_params == {"lang": "fi"}
    assert len(screen.charts(app.main)) == 3


def test_a_pinned_snapshot_is_named_and_stays_in_the_address(in_service: Snapshot) -> None:
    app = screen.visit("utsjoki", snapshot=in_service.snapshot_id)
    assert not app.warning
    assert [info.value for info in app.info if in_service.snapshot_id in info.value]
    assert app.query_params["snapshot"] == in_service.snapshot_id


@pytest.mark.parametrize(("area", "chain"), [("oulu", "nothing"), ("matkailu", "teno")])
def test_an_area_or_chain_a_view_does_not_have_is_passed_over(area: str, chain: str) -> None:
    app = screen.visit("meri-lappi", area=area, chain=chain)
    assert not app.exception
    assert "2\u00a0977 työtöntä" in app.title[0].value


def test_the_month_goes_along_through_languages_and_views() -> None:
    app = screen.visit("meri-lappi", period="2021-09")
    assert "2\u00a0544 työtöntä" in app.title[0].value
    (choice,) = [group for group in app.button_group if group.options == ["FI", "SV", "EN"]]
    choice.set_value("en").run()
    assert "2,544 unemployed" in app.title[0].value
    assert app.query_params == {"lang": "en", "period": "2021-09"}
    screen.go(app, "utsjoki")
    assert "48 unemployed" in app.title[0].value
    assert app.query_params == {"lang": "en", "period": "2021-09"}


@pytest.mark.parametrize(
    "period", ["2006-01", "2006-02", "2007-01", "2009-03", "2012-07", "2017-12", "2020-04", "2023-10"]
)
def test_every_view_opens_on_months_long_past(period: str) -> None:
    app = screen.visit(period=period)
    for view in ("tilannekuva", "meri-lappi", "matkailu", "utsjoki"):
        if view != "tilannekuva":
            screen.go(app, view)
        assert [problem.message for problem in app.exception] == []
        assert [problem.value for problem in app.error] == []
        assert len(screen.charts(app.main)) == {"tilannekuva": 3, "matkailu": 6, "meri-lappi": 5}.get(view, 4)


def test_a_view_that_fails_says_so_in_words(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("ui.overview.map_block", lambda *_: 1 / 0)
    app = screen.visit()
    assert [problem.value for problem in app.error] == [
        "Näkymää ei voi piirtää tällä valinnalla. Valitse toinen kuukausi."
    ]
    assert "ZeroDivisionError" in caplog.text


def test_parts_of_a_link_that_mean_nothing_are_named() -> None:
    app = screen.visit(lang="xx", period="2009-13", area="nowhere")
    assert [message.value for message in app.info] == [
        "Linkin osia ei tunnistettu (lang, period, area): näkymä käyttää oletuksia."
    ]


def test_a_view_left_before_it_was_drawn_keeps_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run is cut short before it writes the address; the way on to another view clears the query."""
    with monkeypatch.context() as cut:
        cut.setattr("ui.state.write_address", lambda page: None)
        app = screen.visit(lang="en", period="2020-04")
    app.query_params.clear()
    screen.go(app, "matkailu")
    assert app.title[0].value.startswith("In the tourism municipalities")
    assert [text for text in screen.words(app.main) if "April 2020" in text]
