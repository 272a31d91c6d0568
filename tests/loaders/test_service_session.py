"""What the HTTP session survives and what it stops at, against the emulated service."""

import time
from collections.abc import Iterator

import pytest

from loaders.errors import BodyError, FormatError, RefusedError, ServiceUnavailableError, TooLargeError
from loaders.http import CallWindow, Session
from loaders.pxweb import PxWeb, query_key, query_of
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import FAST

TABLE = ("StatFin", "tyonv", "12r5.px")
QUERY = query_of({"Alue": ["MK19"], "timeperiod_m": ["2026M06"], "contentscode": ["TYOTTOMATLOPUSSA"]})


@pytest.fixture
def client(service: Emulator) -> Iterator[PxWeb]:
    with Session(FAST) as session:
        yield PxWeb(service.url, session)


def test_the_service_says_who_calls_and_answers(service: Emulator, client: PxWeb) -> None:
    answer = client.data(*TABLE, QUERY)
    assert b'"value":[9137]' in answer.content
    assert answer.url == f"{service.url}/en/StatFin/tyonv/12r5.px"
    assert service.agents == {"lapin-tilannehuone/0.1 (open statistics loader)"}


def test_limits_are_read_and_the_window_is_kept(service: Emulator, client: PxWeb) -> None:
    service.calls, service.seconds = 4, 1.0
    limits = client.limits()
    assert (limits.max_cells, limits.max_calls, limits.time_window) == (120_000, 4, 1.0)
    start = time.monotonic()
    for _ in range(9):
        client.data(*TABLE, QUERY)
    assert time.monotonic() - start > 2.0
    assert service.count("data", 200) == 9
    assert service.count("data", 429) == 0


@pytest.mark.parametrize("config", [{"maxCells": 0}, {"message": "no limits here"}, {"maxCells": "many"}])
def test_careful_limits_where_the_service_states_none(
    service: Emulator, client: PxWeb, config: dict[str, object]
) -> None:
    service.config = config
    limits = client.limits()
    assert (limits.max_cells, limits.max_calls, limits.time_window) == (100_000, 30, 60)


def test_careful_limits_where_the_service_refuses_to_say(service: Emulator, client: PxWeb) -> None:
    service.faults = [Fault("status", on="config", status=404)]
    assert client.limits().max_cells == 100_000


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_asked_again_also_for_post(service: Emulator, client: PxWeb, status: int) -> None:
    service.faults = [Fault("status", status=status, times=2)]
    assert b"9137" in client.data(*TABLE, QUERY).content
    assert [call.status for call in service.log] == [status, status, 200]


def test_retry_after_is_honoured(service: Emulator, client: PxWeb) -> None:
    service.faults = [Fault("status", status=429, retry_after=1)]
    start = time.monotonic()
    client.data(*TABLE, QUERY)
    assert time.monotonic() - start >= 1.0


def test_retry_after_is_honoured_up_to_a_bound(service: Emulator, client: PxWeb) -> None:
    service.faults = [Fault("status", status=503, retry_after=6 * 3600)]
    start = time.monotonic()
    client.data(*TABLE, QUERY)
    assert 3.0 <= time.monotonic() - start < 10.0


def test_retries_take_their_place_in_the_call_window(service: Emulator) -> None:
    service.faults = [Fault("status", status=503, times=3)]
    with Session(FAST, CallWindow(2, 1.0)) as session:
        start = time.monotonic()
        PxWeb(service.url, session).data(*TABLE, QUERY)
    assert len(service.log) == 4
    assert time.monotonic() - start > 1.0


def test_a_slow_answer_is_waited_for(service: Emulator, client: PxWeb) -> None:
    service.faults = [Fault("slow", seconds=1.5)]
    assert b"9137" in client.data(*TABLE, QUERY).content
    assert len(service.log) == 1


def test_an_answer_that_never_comes_is_given_up(service: Emulator) -> None:
    service.faults = [Fault("slow", seconds=2, times=None)]
    hasty = type(FAST)(connect_timeout=1, read_timeout=0.2, retries=1, backoff=0, jitter=0)
    with (
        Session(hasty) as session,
        pytest.raises(ServiceUnavailableError, match=r"No answer within 0\.2 s, asked 2 times"),
    ):
        PxWeb(service.url, session).data(*TABLE, QUERY)


def test_lasting_trouble_is_said(service: Emulator, client: PxWeb) -> None:
    service.faults = [Fault("status", status=503, times=None)]
    with pytest.raises(ServiceUnavailableError, match=r"503 to every retry.*what was already fetched is kept"):
        client.data(*TABLE, QUERY)
    assert len(service.log) == 4


def test_a_service_that_is_not_there_is_said() -> None:
    with Session(type(FAST)(retries=1, backoff=0, jitter=0)) as session:
        client = PxWeb("http://127.0.0.1:9", session)
        with pytest.raises(ServiceUnavailableError, match="could not be reached: the connection was refused"):
            client.limits()


@pytest.mark.parametrize(
    ("status", "kind"), [(400, RefusedError), (404, RefusedError), (410, RefusedError), (403, TooLargeError)]
)
def test_a_refusal_is_not_asked_again(service: Emulator, client: PxWeb, status: int, kind: type[RefusedError]) -> None:
    service.faults = [Fault("status", status=status, times=None)]
    with pytest.raises(kind) as refusal:
        client.data(*TABLE, QUERY)
    assert refusal.value.status == status
    assert len(service.log) == 1


@pytest.mark.parametrize(("kind", "said"), [("cut_off", "cut off"), ("html", "JSON expected, the answer is text/html")])
def test_a_cut_off_or_foreign_body_is_refused(service: Emulator, client: PxWeb, kind: str, said: str) -> None:
    service.faults = [Fault(kind)]  # type: ignore[arg-type]
    with pytest.raises(BodyError, match=said):
        client.data(*TABLE, QUERY)


def test_a_body_above_the_ceiling_is_refused(service: Emulator) -> None:
    with Session(type(FAST)(max_bytes=1000)) as session, pytest.raises(BodyError, match="larger than 1,000 bytes"):
        PxWeb(service.url, session).describe(*TABLE)


def test_metadata_and_listing(service: Emulator, client: PxWeb) -> None:
    found = client.describe(*TABLE)
    assert [(one.code, len(one.values), one.time) for one in found.metadata.variables] == [
        ("Alue", 421, False),
        ("timeperiod_m", 212, True),
        ("contentscode", 23, False),
    ]
    assert {entry.id for entry in client.listing("StatFin", "tyonv")} >= {"12r5.px", "12ti.px", "12tw.px"}


@pytest.mark.parametrize("kind", ["not_jsonstat", "cut_json"])
def test_metadata_of_another_shape_is_refused(service: Emulator, client: PxWeb, kind: str) -> None:
    service.faults = [Fault(kind, on="metadata")]  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=r"en/StatFin/tyonv/12r5\.px"):
        client.describe(*TABLE)


def test_one_query_has_one_key() -> None:
    assert query_key({"a": 1, "b": [2]}) == query_key({"b": [2], "a": 1})
    assert query_key({"a": [1, 2]}) != query_key({"a": [2, 1]})
