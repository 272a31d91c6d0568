"""HTTP to a statistics service: timeouts, retries, the publisher's call window, and checks of each body."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from pyrate_limiter import InMemoryBucket, Limiter, Rate
from requests.adapters import HTTPAdapter
from requests_ratelimiter import LimiterSession
from urllib3 import BaseHTTPResponse
from urllib3.util import Retry

from loaders.errors import BodyError, RefusedError, ServiceUnavailableError, TooLargeError

USER_AGENT = "lapin-tilannehuone/0.1 (open statistics loader)"
JSON = ("json",)
RETRIED = (429, 500, 502, 503, 504)
MARGIN = 1.05
"""The window is widened a little: the service counts calls on arrival, this side on departure."""

CAUSES = (
    (urllib3.exceptions.NameResolutionError, "no address is known for its name"),
    (urllib3.exceptions.NewConnectionError, "the connection was refused or there is no way to it"),
    (urllib3.exceptions.ConnectTimeoutError, "no connection came about in time"),
    (urllib3.exceptions.SSLError, "no secure connection (TLS) came about"),
    (urllib3.exceptions.ProtocolError, "it closed the connection without an answer"),
    (requests.exceptions.TooManyRedirects, "it redirects in a circle"),
)


@dataclass(frozen=True)
class Policy:
    """How long to wait and how often to ask again. Times in seconds, sizes in bytes."""

    connect_timeout: float = 10.0
    read_timeout: float = 90.0
    answer_timeout: float = 600.0
    retries: int = 5
    connect_retries: int = 2
    backoff: float = 2.0
    backoff_max: float = 60.0
    jitter: float = 1.0
    retry_after_max: int = 120
    max_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True)
class CallWindow:
    """At most ``calls`` calls in any ``seconds`` seconds."""

    calls: int
    seconds: float


DEFAULT_POLICY = Policy()
DEFAULT_WINDOW = CallWindow(30, 60.0)


@dataclass(frozen=True)
class Answer:
    """A complete body and what came with it."""

    url: str
    status: int
    content: bytes
    content_type: str
    etag: str | None


class CountedRetry(Retry):
    """A retry that takes its place in the call window like any other call."""

    take_place: Callable[[], object] = staticmethod(lambda: None)

    def new(self, **changes: Any) -> "CountedRetry":
        following = super().new(**changes)
        following.take_place = self.take_place
        return following

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        super().sleep(response)
        self.take_place()


class _TimedAdapter(HTTPAdapter):
    """Gives every request a connect and a read timeout; requests itself has none."""

    def __init__(self, timeout: tuple[float, float], retries: Retry) -> None:
        self.timeout = timeout
        super().__init__(max_retries=retries)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        options["timeout"] = options.get("timeout") or self.timeout
        return super().send(request, *args, **options)


def _limiter(window: CallWindow) -> Limiter:
    return Limiter(InMemoryBucket([Rate(window.calls, int(window.seconds * 1000 * MARGIN))]))


class Session:
    """One session with one service.

    Args:
        policy: waits and retries; ``DEFAULT_POLICY`` when left out.
        window: the call window until ``adopt`` is given the publisher's own.
    """

    def __init__(self, policy: Policy | None = None, window: CallWindow = DEFAULT_WINDOW) -> None:
        self.policy = policy or DEFAULT_POLICY
        self._requests = LimiterSession(limiter=_limiter(window), per_host=False, bucket_name="", limit_statuses=())
        retries = CountedRetry(
            total=self.policy.retries,
            connect=min(self.policy.retries, self.policy.connect_retries),
            backoff_factor=self.policy.backoff,
            backoff_max=self.policy.backoff_max,
            backoff_jitter=self.policy.jitter,
            retry_after_max=self.policy.retry_after_max,
            status_forcelist=RETRIED,
            allowed_methods=("GET", "POST"),  # a PxWeb query is a read
            raise_on_status=False,
        )
        retries.take_place = self._take_place
        adapter = _TimedAdapter((self.policy.connect_timeout, self.policy.read_timeout), retries)
        self._requests.mount("https://", adapter)
        self._requests.mount("http://", adapter)
        self._requests.headers["User-Agent"] = USER_AGENT

    def _take_place(self) -> object:
        return self._requests.limiter.try_acquire("", blocking=True)

    def adopt(self, window: CallWindow) -> None:
        """Use the publisher's call window from now on; the call that asked for it counts."""
        self._requests.limiter = _limiter(window)
        self._take_place()

    def close(self) -> None:
        self._requests.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def get_json(self, url: str) -> Answer:
        """GET a JSON body. Raises as ``post``."""
        return self.get(url)

    def post_json(self, url: str, query: Mapping[str, Any]) -> Answer:
        """POST a query and read its JSON body. Raises as ``post``."""
        return self.post(url, query)

    def get(self, url: str, kinds: Sequence[str] = JSON, headers: Mapping[str, str] | None = None) -> Answer:
        """GET a body of one of the kinds named. Raises as ``post``."""
        return self._ask("GET", url, None, kinds, headers)

    def post(
        self,
        url: str,
        query: Mapping[str, Any],
        kinds: Sequence[str] = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """POST a query and read the body that answers it.

        Args:
            url: whole address.
            query: sent as JSON.
            kinds: pieces of the content types that are taken, as in ``json``.
            headers: sent as well. With them no redirect is followed: they may hold a key.

        Raises:
            ServiceUnavailableError: no answer, or 429 or 5xx to the last retry.
            TooLargeError: 403.
            RefusedError: any other status but 200.
            BodyError: cut off, larger than the ceiling, or of another kind by its content type.
        """
        return self._ask("POST", url, query, kinds, headers)

    def _ask(
        self,
        method: str,
        url: str,
        query: Mapping[str, Any] | None,
        kinds: Sequence[str],
        headers: Mapping[str, str] | None,
    ) -> Answer:
        asked = self._requests.request
        try:
            with asked(method, url, json=query, headers=headers, allow_redirects=not headers, stream=True) as response:
                _refuse(response)
                content = self._read(response)
        except urllib3.exceptions.ProtocolError:
            raise BodyError("The answer was cut off", url) from None
        except urllib3.exceptions.DecodeError:
            raise BodyError("The answer cannot be decompressed", url) from None
        except urllib3.exceptions.ReadTimeoutError:
            stalled = f"The answer stopped halfway: nothing more came within {self.policy.read_timeout:g} s"
            raise ServiceUnavailableError(stalled, url) from None
        except requests.exceptions.RequestException as problem:
            raise ServiceUnavailableError(self._reason(problem), url) from None
        kind = response.headers.get("Content-Type", "")
        if not any(one in kind.lower() for one in kinds):
            wanted = " or ".join(one.upper() for one in kinds)
            raise BodyError(f"{wanted} expected, the answer is {kind.partition(';')[0] or 'of no stated type'}", url)
        return Answer(url, response.status_code, content, kind, response.headers.get("ETag"))

    def _read(self, response: requests.Response) -> bytes:
        """The whole body, decompressed piece by piece: neither its size nor its slowness is without a bound."""
        ceiling, longest = self.policy.max_bytes, self.policy.answer_timeout
        start = time.monotonic()
        content = bytearray()
        while piece := response.raw.read1(1 << 16, decode_content=True):
            content += piece
            if len(content) > ceiling:
                raise BodyError(f"The answer is larger than {ceiling:,} bytes", response.url)
            if time.monotonic() - start > longest:
                raise ServiceUnavailableError(f"The answer was not whole after {longest:g} s", response.url)
        return bytes(content)

    def _reason(self, problem: requests.exceptions.RequestException) -> str:
        """The innermost cause in one short sentence: the exceptions of HTTP libraries are nested and long."""
        outer = problem.args[0] if problem.args else None
        cause = getattr(outer, "reason", outer) if isinstance(outer, Exception) else problem
        if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
            return f"No answer within {self.policy.read_timeout:g} s, asked {self.policy.retries + 1} times"
        words = next((words for kind, words in CAUSES if isinstance(cause, kind)), type(cause).__name__)
        return f"The service could not be reached: {words}"


def _refuse(response: requests.Response) -> None:
    status, url = response.status_code, response.url
    if status == 200:
        return
    if status in RETRIED:
        raise ServiceUnavailableError(f"The service answered {status} to every retry", url)
    if status == 403:
        raise TooLargeError("The service answered 403: the selection is too large", url, status=status)
    raise RefusedError(f"The service answered {status} {response.reason}", url, status=status)
