"""The search of KIPA P67: postings as lines of JSON, to those with the key and the token."""

import json
from typing import Any

from tests.emulator.loopback import TEXT, Loopback, Reply, Request

ROOT = "/kipa/p67/v2"
NDJSON = "application/x-ndjson"
KEY, TOKEN = "key-of-the-test", "header.payload.signature"


class KipaService(Loopback):
    """The service. ``postings`` is how many are open, by municipality; the others have one."""

    def __init__(self) -> None:
        super().__init__(ROOT)
        self.postings = {"698": 120, "240": 17, "890": 0}
        self.token = TOKEN
        self.content_type = NDJSON

    def answer(self, request: Request) -> Reply:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return Reply(b"Unauthorized", TEXT, 401)
        if request.headers.get("KIPA-Subscription-Key") != KEY:
            return Reply(b"Forbidden", TEXT, 403)
        if (request.method, request.path) != ("POST", "/jobpostings"):
            return Reply(b"", TEXT, 404)
        asked = json.loads(request.body)
        if asked["onlyStatus"] != "PUBLISHED":
            return Reply(b"", TEXT, 400)
        lines = [self._posting(code, place) for code in asked["municipalityIn"] for place in range(self.count(code))]
        body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        return Reply(body.encode(), self.content_type)

    def count(self, municipality: str) -> int:
        return self.postings.get(municipality, 1)

    def _posting(self, municipality: str, place: int) -> dict[str, Any]:
        return {"id": f"{municipality}-{place}", "title": "Kokki, tunturihotelli", "employer": "Esimerkki Oy"}
