"""Job Market Finland (KIPA P67, version 2): how many postings are open in each municipality. Off without permission.

The terms allow no passing on of postings and ask to remove expired ones, so no posting is kept: the raw store gets one
count a municipality and day, made here. Source, as the terms word it: Työmarkkinatorin asiakastietojärjestelmä.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from data.build import TableLoad
from data.releases import HELSINKI
from loaders import documents
from loaders.areas import RegionAreas
from loaders.documents import Document, DocumentService, Plan, Reading, Request, forbidden, rows_of
from loaders.errors import BindingError, FormatError, OffError, RefusedError, TooLargeError
from loaders.http import Answer
from loaders.jsonstat import decode
from loaders.raw import Load, now
from settings import Settings

OFF = "off: set TILANNEHUONE_KIPA_KEY and TILANNEHUONE_KIPA_TOKEN"
NOT_LET_IN = "Ask the KEHA Centre whether the key, the token and the address of this computer are still accepted"
KINDS = ("json", "text/plain")
"""Lines of JSON come under several content types."""


class Postings(Document):
    """The search of postings; ``status`` is the state of those that are counted."""

    status: str

    @property
    def address(self) -> str:
        return "jobpostings"


DECLARATIONS = (Postings(source_id="kipa:p67", certainty="certain", status="PUBLISHED", subject="job_posting_count"),)


class Count(BaseModel):
    """What is kept of one answer: postings open in a municipality on a day."""

    model_config = ConfigDict(extra="forbid")

    area_code: str
    counted_on: date
    postings: int = Field(ge=0)


def is_on(settings: Settings) -> bool:
    """Whether both the key and the token are set."""
    return _secrets(settings) is not None


class Kipa(DocumentService[Postings]):
    """The search."""

    declared = Postings

    @property
    def root(self) -> str:
        return str(self.settings.kipa_url).rstrip("/")

    def opening(self) -> str:
        return super().opening() if is_on(self.settings) else f"{self.root}: {OFF}"

    def described(self, statistic: Postings, areas: RegionAreas) -> str:
        """Nothing is asked: there is no metadata, and every search counts as a use of the permission."""
        if not is_on(self.settings):
            return OFF
        wanted = len(areas.codes(("municipality",)))
        return f"on: counts postings that are {statistic.status} in {wanted} municipalities, a call each"

    def plan(self, statistic: Postings, areas: RegionAreas) -> Plan:
        if not is_on(self.settings):
            raise OffError(OFF)
        today = now().astimezone(HELSINKI).date()
        return Plan([self._request(statistic, code, today) for code in areas.codes(("municipality",))])

    def read(self, statistic: Postings, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
        return read(statistic, bodies, areas)

    def _request(self, statistic: Postings, area_code: str, today: date) -> Request:
        query = {"onlyStatus": statistic.status, "municipalityIn": [area_code.removeprefix("KU")]}

        def ask() -> Answer:
            answer = self._post(f"{self.root}/{statistic.address}", query)
            count = Count(area_code=area_code, counted_on=today, postings=_lines(answer))
            return Answer(answer.url, answer.status, count.model_dump_json().encode(), "application/json", None)

        return Request(query | {"day": today.isoformat()}, ask)

    def _post(self, url: str, query: dict[str, Any]) -> Answer:
        secrets = _secrets(self.settings)
        if secrets is None:
            raise OffError(OFF)
        key, token = (secret.get_secret_value() for secret in secrets)
        headers = {"Authorization": f"Bearer {token}", "KIPA-Subscription-Key": key, "Accept": "application/x-ndjson"}
        try:
            return self.session.post(url, query, KINDS, headers)
        except TooLargeError as refusal:
            problem = forbidden(refusal)
            raise RefusedError(problem.what, problem.where, NOT_LET_IN, status=403) from None
        except RefusedError as refusal:
            if refusal.status != 401:
                raise
            raise RefusedError(refusal.what, refusal.where, NOT_LET_IN, status=401) from None


def read(statistic: Postings, bodies: Sequence[bytes], areas: RegionAreas) -> Reading:
    """The kept counts; the last one of a municipality and month stands for the month.

    Raises:
        FormatError: other than kept counts.
        BindingError: a municipality of the region is missing.
    """
    try:
        counts = [Count.model_validate(decode(body)) for body in bodies]
    except ValidationError as problem:
        raise FormatError(f"Not a count of postings: {problem.errors()[0]['msg']}") from None
    last = {
        (one.area_code, one.counted_on.replace(day=1)): one for one in sorted(counts, key=lambda one: one.counted_on)
    }
    if missing := sorted(set(areas.codes(("municipality",))) - {area for area, _ in last}):
        raise BindingError(f"Expected the municipalities {', '.join(missing)}; found {len(counts)} others")
    records = [
        {
            "area_code": area,
            "month": month,
            "value": float(one.postings),
            "status": "published",
            "counted_on": one.counted_on,
        }
        for (area, month), one in sorted(last.items())
    ]
    periods = sorted({f"{month:%YM%m}" for _, month in last})
    return Reading(rows_of(statistic.subject, records), tuple(periods))


def table_load(load: Load, statistic: Postings, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load. Raises as ``documents.table_load``."""
    return documents.table_load(load, statistic, areas, read)


def _secrets(settings: Settings) -> tuple[SecretStr, SecretStr] | None:
    key, token = settings.kipa_key, settings.kipa_token
    return (key, token) if key and token else None


def _lines(answer: Answer) -> int:
    """How many postings an answer holds, one JSON object a line."""
    lines = [line for line in answer.content.splitlines() if line.strip()]
    for line in lines:
        try:
            posting = orjson.loads(line)
        except orjson.JSONDecodeError:
            posting = None
        if not isinstance(posting, dict):
            raise FormatError("The answer is not one posting a line", answer.url)
    return len(lines)
