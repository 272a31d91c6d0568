"""Named failures of a load. Each message says what happened, where, and what a person can do."""

from typing import Self


class LoaderError(RuntimeError):
    """A load, an import or a check that cannot go on.

    Args:
        what: what happened, as a sentence without its full stop.
        where: table, address or file.
        advice: what to do about it.
    """

    default_advice = "Run `python -m loaders probe` and compare the table with its declaration"

    def __init__(self, what: str, where: str = "", advice: str | None = None) -> None:
        self.what = what
        self.where = where
        self.advice = self.default_advice if advice is None else advice
        place = f" ({where})" if where else ""
        super().__init__(f"{what}{place}. {self.advice}." if self.advice else f"{what}{place}.")

    def located(self, where: str) -> Self:
        """The same failure with the place it was found in."""
        return type(self)(self.what, where, self.advice)


class ServiceUnavailableError(LoaderError):
    """The service did not answer, or kept answering 429 or 5xx after every retry."""

    default_advice = "Try again later: what was already fetched is kept and is not asked again"


class RefusedError(LoaderError):
    """The service refused the request for good (400, 404 and other 4xx answers).

    Attributes:
        status: the HTTP status.
    """

    def __init__(self, what: str, where: str = "", advice: str | None = None, status: int = 400) -> None:
        super().__init__(what, where, advice)
        self.status = status


class TooLargeError(RefusedError):
    """The selection holds more cells than the service answers at once (403)."""

    default_advice = "Load fewer areas or periods: the selection cannot be split further"


class BodyError(LoaderError):
    """The answer was cut off, too long, or not of the kind that was asked for."""

    default_advice = "Try again; if it happens again, look at the address in a browser"


class FormatError(LoaderError):
    """A body that is not a consistent JSON-stat 2, PxWeb json or CSV table."""

    default_advice = "Nothing of it was stored; compare the file with what the service answers in a browser"


class BindingError(LoaderError):
    """A table that no longer fits its declaration: says what was expected and what was found."""

    default_advice = "Correct the declaration in loaders/ if the publisher changed the table"


class RawStoreError(LoaderError):
    """Kept bytes that are missing or do not equal their stamp."""

    default_advice = "Restore the file from a backup, or delete the folder of that load and refresh with --full"


class OffError(LoaderError):
    """A source that is off until settings turn it on: nothing was asked, and nothing has failed."""

    default_advice = ""


class BusyError(LoaderError):
    """Another process is loading into the same data directory."""

    default_advice = "Wait until it has finished; `python -m loaders status` shows how it went"
