"""What the sources view says of a declared table is what its loader says."""

from data.catalogue import load_sources
from loaders.registry import DECLARED


def test_the_catalogue_tells_the_certainty_of_every_declaration() -> None:
    told = {source.id: source.contract for source in load_sources().values() if source.loadable}
    assert told == {source_id: statistic.certainty for source_id, statistic in DECLARED.items()}


def test_only_what_a_loader_declares_has_a_contract() -> None:
    assert [source.id for source in load_sources().values() if source.contract and not source.loadable] == []
