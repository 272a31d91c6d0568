"""Municipalities of Finnmark around Utsjoki in Norwegian statistics: code of today, name, codes of earlier years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CODE = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Municipality:
    """One municipality.

    Attributes:
        code: since 2024; areas of this product are ``NO-`` and it.
        name: in Norwegian, as it stands in labels beside the Sámi and Kven names.
        former: codes of earlier years that are known.
    """

    code: str
    name: str
    former: tuple[str, ...]

    @property
    def area_code(self) -> str:
        return f"NO-{self.code}"

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code, *self.former)


MUNICIPALITIES = (
    Municipality("5628", "Tana", ("5441",)),
    Municipality("5636", "Nesseby", ("5442",)),
    Municipality("5610", "Karasjok", ("5437",)),
    Municipality("5612", "Kautokeino", ("5430",)),
    Municipality("5605", "Sør-Varanger", ("5444",)),
    Municipality("5622", "Porsanger", ("5436",)),
)

BY_CODE: Mapping[str, Municipality] = {code: one for one in MUNICIPALITIES for code in one.codes}


def municipality(code: str, label: str) -> Municipality | None:
    """The municipality of a four-digit code: a known one, or any whose label has the name as a word of its own."""
    if code in BY_CODE:
        return BY_CODE[code]
    if not CODE.fullmatch(code):
        return None
    return next((one for one in MUNICIPALITIES if re.search(rf"(?<![\w-]){one.name}(?![\w-])", label)), None)
