"""The starting points of an estimate of a closure: what is on record, with its source, and nothing else."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from data.cases import load_cases
from data.catalogue import REFERENCE
from data.closures import Closure, load_closures
from indicators.closure import closure_impact

CLOSURES = (REFERENCE / "closures.toml").read_text(encoding="utf-8")


def values(closure: Closure) -> dict[str, float]:
    return {name: assumption.value for name, assumption in closure.assumptions.items()}


def test_the_plan_is_670_jobs_120_at_subcontractors_and_a_multiplier_of_1_9() -> None:
    plan = load_closures()["veitsiluoto-plan"]
    assert values(plan) == {"jobs_lost": 670, "subcontractor_jobs": 120, "multiplier": 1.9}
    assert plan.residence is not None
    assert plan.residence.shares == {"KU240": 0.60, "KU241": 0.18, "KU751": 0.07}
    assert plan.stated_tax_loss is not None
    assert plan.stated_tax_loss.millions == {"KU240": 5.0, "KU241": 1.5, "KU751": 0.6}


def test_the_decision_is_550_jobs_and_28_per_cent_pensions_with_nothing_said_of_others() -> None:
    decision = load_closures()["veitsiluoto-decision"]
    assert values(decision) == {"jobs_lost": 550, "retirement_share": 0.28}
    assert decision.stated_tax_loss is None


def test_ones_own_estimate_starts_from_100_jobs_alone() -> None:
    own = load_closures()["own"]
    assert values(own) == {"jobs_lost": 100}
    assert own.residence is None
    assert own.event_id is None


def test_nobody_has_given_earnings_or_a_tax_rate() -> None:
    for closure in load_closures().values():
        assert not {"earnings", "municipal_tax_rate"} & set(closure.assumptions)


@pytest.mark.parametrize(
    ("closure_id", "newly_unemployed", "in_kemi"),
    [("veitsiluoto-plan", 1501, 900.6), ("veitsiluoto-decision", 396, 237.6)],
)
def test_they_give_the_published_totals(closure_id: str, newly_unemployed: float, in_kemi: float) -> None:
    closure = load_closures()[closure_id]
    assert closure.residence is not None
    shares = pd.Series(closure.residence.shares)
    people = pd.Series(10_000.0, index=shares.index)
    result = closure_impact(residence_shares=shares, labour_force=people, unemployed=people / 10, **values(closure))[
        "newly_unemployed"
    ]
    assert result.sum() == pytest.approx(newly_unemployed)
    assert result["KU240"] == pytest.approx(in_kemi)


def test_their_events_and_municipalities_are_those_of_meri_lappi() -> None:
    with (REFERENCE / "events.csv").open(encoding="utf-8") as stream:
        events = {row["event_id"]: row for row in csv.DictReader(stream, delimiter=";")}
    members = load_cases()["meri-lappi"].municipalities
    for closure in load_closures().values():
        if closure.event_id is not None:
            event = events[closure.event_id]
            assert event["case_id"] == "meri-lappi"
            assert float(event["value"]) == closure.assumptions["jobs_lost"].value
            assert event["source_url"] == closure.assumptions["jobs_lost"].url
        living = closure.residence.shares if closure.residence else {}
        losing = closure.stated_tax_loss.millions if closure.stated_tax_loss else {}
        assert {*living, *losing} <= set(members)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_names_and_sources_are_there_in_every_language(language: str) -> None:
    for closure in load_closures().values():
        parts = [*closure.assumptions.values(), closure.residence, closure.stated_tax_loss]
        texts = [closure.name, *(part.source for part in parts if part is not None)]
        assert all(text.in_language(language).strip() for text in texts)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "own"', 'id = "veitsiluoto-plan"', "two closures have one id"),
        ("KU240 = 0.60", "KU240 = 0.80", "sum is at most 1"),
        ("KU240 = 0.60", "KU240 = -0.1", "fractions"),
        ("value = 0.28", "value = 28", "retirement_share must be a fraction"),
        ("value = 1.9", "value = 0.9", "multiplier must be at least 1"),
        ("value = 670", "value = -1", "greater than or equal to 0"),
        ("value = 670", "value = nan", "finite"),
        ("assumptions.subcontractor_jobs", "assumptions.suppliers", "suppliers"),
        ("value = 120\nsource", "value = 120\nsaid_by", "said_by"),
        ('url = "https://www.hs.fi', 'url = "www.hs.fi', "match pattern"),
    ],
)
def test_an_impossible_starting_point_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CLOSURES
    path = tmp_path / "closures.toml"
    path.write_text(CLOSURES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValidationError, match=message):
        load_closures(path)


def test_a_starting_point_without_jobs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "closures.toml"
    path.write_text(CLOSURES.rsplit("[closure.assumptions", 1)[0] + "[closure.assumptions]\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="jobs_lost is missing"):
        load_closures(path)
