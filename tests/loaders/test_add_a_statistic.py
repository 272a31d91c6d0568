"""A statistic the product does not have yet, from its declaration to figures in the snapshot.

What a person adds is here in full: one declaration, and one block for ``data/reference/sources.toml``.
"""

import ast
import tomllib

import numpy as np
import pytest
from numpy.typing import NDArray

from data import snapshots
from data.catalogue import Source, load_sources
from loaders import registry
from loaders.declarations import Classification, Declaration
from settings import ROOT
from tests.emulator import Emulator
from tests.emulator.figures import Cells, hidden
from tests.emulator.tables import Table, Variable
from tests.loaders.conftest import Run

BY_EMPLOYMENT_CODE = Declaration(
    source_id="statfin:12t8",
    folder="tyonv",
    table="12t8.px",
    titles=("(1205)",),
    areas=("country", "region"),
    contents=("HAKIJAT", "KESTO"),
    classifications=(
        Classification(name="employment code", offers=("SSS", "00", "02"), words=("koodi", "code"), column="category"),
    ),
    subject="employment_service_group",
    constants={"grouping": "employment code"},
)

BLOCK = """
[[source]]
id = "statfin:12t8"
publisher = "KEHA Centre"
publisher_fi = "KEHA-keskus"
publisher_sv = "UF-centret"
statistic = "Employment Service Statistics"
statistic_fi = "Työnvälitystilasto"
statistic_sv = "Arbetsförmedlingsstatistik"
table_id = "StatFin tyonv 12t8"
cadence = "month"
licence = "not confirmed"
attribution = "Employment Service Statistics, KEHA Centre (StatFin database)"
loadable = true
contract = "certain"
subject_table = "employment_service_group"
"""

AREAS = ("SSS", "MK18", "MK19")
CODES = ("SSS", "00", "02", "04")
MONTHS = tuple(f"2026M{month:02}" for month in range(1, 9))


def cells(
    area: NDArray[np.int64], code: NDArray[np.int64], month: NDArray[np.int64], measure: NDArray[np.int64]
) -> Cells:
    """A number that tells its place: 100 x area + 10 x code + month, and its half for the other measure."""
    places = np.ix_(area, code, month, measure)
    number = 100.0 * places[0] + 10.0 * places[1] + places[2]
    values = np.where(places[3] == 0, number, number / 2)
    return values, hidden(values) & (places[3] == 0)


def variable(code: str, text: str, values: tuple[str, ...], **more: object) -> Variable:
    return Variable(code, text, list(values), list(values), **more)  # type: ignore[arg-type]


@pytest.fixture
def new_table(service: Emulator) -> Table:
    """The table as the service offers it: codes with the date of their classification, measures with a prefix."""
    table = Table(
        "12t8",
        "Jobseekers by employment code at the end of the month (1205)",
        [
            variable("alue_23_20260101", "Region", AREAS, total="SSS", geo=True),
            variable("tyollisyyskoodi_1_20200101", "Employment code", CODES, total="SSS"),
            variable("timeperiod_m", "Month", MONTHS, time=True),
            variable("contentscode", "Information", ("tyonv-HAKIJAT", "tyonv-KESTO")),
        ],
        cells,
        decimals=(1,),
    )
    service.tables["12t8.px"] = table
    return table


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The declaration is registered and the block stands in the catalogue."""
    (block,) = tomllib.loads(BLOCK)["source"]
    monkeypatch.setitem(registry.DECLARED, BY_EMPLOYMENT_CODE.source_id, BY_EMPLOYMENT_CODE)
    monkeypatch.setitem(load_sources(), BY_EMPLOYMENT_CODE.source_id, Source.model_validate(block))


@pytest.mark.usefixtures("new_table", "added")
def test_a_new_statistic_is_listed_probed_loaded_and_read_back(service: Emulator, run: Run) -> None:
    assert (
        "statfin:12t8: Employment Service Statistics, KEHA Centre; StatFin/tyonv/12t8.px -> employment_service_group"
        in run("list").output
    )
    assert (
        "statfin:12t8: bound: 2026M01 to 2026M08; loads alue_23_20260101 2, tyollisyyskoodi_1_20200101 4,"
        " timeperiod_m 8, contentscode 2" in run("probe", "statfin:12t8").output
    )
    result = run("refresh", "statfin:12t8")
    assert result.exit_code == 0
    assert "statfin:12t8: loaded: 2026M01 to 2026M08 (8 periods), edition of 2026-09-22, 1 data call" in result.output
    with snapshots.connect(snapshots.current()) as connection:
        loaded = connection.execute(
            "SELECT area_code, month::VARCHAR, category, measure, value, status, publisher, table_id"
            " FROM employment_service_group JOIN source_fetch USING (fetch_id) JOIN source USING (source_id)"
            " WHERE source_id = 'statfin:12t8' AND grouping = 'employment code'"
        ).fetchall()
    assert len(loaded) == 2 * 4 * 8 * 2
    assert {row[6:] for row in loaded} == {("KEHA Centre", "StatFin tyonv 12t8")}
    figures = {row[:4]: row[4:6] for row in loaded}
    # Lapland is the area at place 2, code 02 stands at place 2, August at place 7.
    assert figures["MK19", "2026-08-01", "02", "HAKIJAT"] == (227.0, "published")
    assert figures["MK19", "2026-08-01", "02", "KESTO"] == (113.5, "published")
    assert figures["SSS", "2026-04-01", "SSS", "HAKIJAT"] == (None, "suppressed")
    assert figures["SSS", "2026-01-01", "SSS", "HAKIJAT"] == (0.0, "published")


@pytest.mark.usefixtures("added")
def test_a_new_statistic_that_does_not_fit_is_said_precisely(new_table: Table, run: Run) -> None:
    new_table.remove("tyollisyyskoodi_1_20200101", "02")
    result = run("probe", "statfin:12t8")
    assert result.exit_code == 1
    assert (
        "statfin:12t8: not bound: Expected one variable for employment code, with the values SSS, 00, 02;"
        " found 'tyollisyyskoodi_1_20200101' (3: SSS, 00, 04) (StatFin/tyonv/12t8.px)" in result.output
    )


def test_a_declaration_takes_at_most_25_lines() -> None:
    kinds = {type(statistic).__name__ for statistic in registry.DECLARED.values()}
    lines = {}
    for path in [*sorted((ROOT / "loaders").rglob("*.py")), ROOT / "tests" / "loaders" / "test_add_a_statistic.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in kinds:
                lines[f"{path.relative_to(ROOT)}:{node.lineno}"] = (node.end_lineno or 0) - node.lineno + 1
    assert len(lines) > 35
    assert {place: number for place, number in lines.items() if number > 25} == {}
