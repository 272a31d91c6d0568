"""Publishers whose statistics are tables of a PxWeb service: probing, refreshing, and what an unknown table offers."""

from dataclasses import dataclass

from loaders.areas import RegionAreas
from loaders.declarations import Bound, Declaration, bind
from loaders.errors import BindingError, RefusedError
from loaders.http import Session
from loaders.publisher import OnPart, Outcome, Statistic
from loaders.pxweb import Described, Entry, Limits, PxWeb
from loaders.raw import RawStore
from loaders.refresh import refresh


@dataclass
class PxWebPublisher:
    """One PxWeb service during one run.

    Attributes:
        base_url: address up to and without the language.
        session: the HTTP session, with this service's call window.
        database: the one that is searched.
        language: one the service answers in.
    """

    base_url: str
    session: Session
    database: str
    language: str = "en"
    _limits: Limits | None = None

    def client(self, language: str | None = None) -> PxWeb:
        return PxWeb(self.base_url, self.session, language or self.language)

    @property
    def limits(self) -> Limits:
        """The service's limits, asked once a run."""
        if self._limits is None:
            self._limits = self.client().limits()
        return self._limits

    def opening(self) -> str:
        window = f"{self.limits.max_calls} calls in {self.limits.time_window:g} s"
        return f"{self.base_url}: at most {self.limits.max_cells:,} cells a call, {window}"

    def probe(self, statistic: Statistic, areas: RegionAreas) -> str:
        declaration = _own(statistic)
        client = self.client(declaration.language)
        if declaration.certainty == "unknown":
            return self._discovered(client, declaration, areas)
        found = client.find(declaration.database, declaration.folder, declaration.table, declaration.titles)
        return bound_text(found, bind(found.metadata, declaration, areas))

    def refresh(
        self,
        statistic: Statistic,
        store: RawStore,
        areas: RegionAreas,
        full: bool = False,
        due: bool = True,
        on_part: OnPart | None = None,
    ) -> Outcome:
        declaration = _own(statistic)
        client = self.client(declaration.language)
        return refresh(declaration, client, self.limits, store, areas, full, due, on_part)

    def _discovered(self, client: PxWeb, statistic: Declaration, areas: RegionAreas) -> str:
        """What the listing offers for a table that is known by its title alone, and how it would be bound."""
        try:
            found = client.find(statistic.database, statistic.folder, statistic.table, statistic.titles)
        except (BindingError, RefusedError):
            return f"to be discovered: {self._alike(client, statistic)}"
        title = f"listed as {found.table} {found.metadata.title!r}"
        variables = ", ".join(f"{one.code} {len(one.values)}" for one in found.metadata.variables)
        try:
            would = f"by its roles: {bound_text(found, bind(found.metadata, statistic, areas))}"
        except BindingError as problem:
            would = f"cannot be bound yet: {problem.what}"
        return f"to be discovered: {title}; offers {variables}; {would}"

    def _alike(self, client: PxWeb, statistic: Declaration) -> str:
        try:
            entries = client.listing(statistic.database, statistic.folder)
        except RefusedError:
            return f"no folder {statistic.database}/{statistic.folder} is listed"
        tables = [entry for entry in entries if entry.type == "t"]
        alike = [entry for entry in tables if _shares_words(entry, statistic.titles)] or tables
        some = "; ".join(f"{entry.id} {entry.text!r}" for entry in alike[:5])
        return f"the folder {statistic.folder} lists {len(tables)} tables, none of them surely this; nearest: {some}"


def _own(statistic: Statistic) -> Declaration:
    if not isinstance(statistic, Declaration):
        raise TypeError(f"{statistic.source_id} is not a table of a PxWeb service")
    return statistic


def bound_text(found: Described, bound: Bound) -> str:
    """What a declaration was bound to: file name if moved, periods, how many values of each variable are loaded."""
    declaration = bound.declaration
    moved = f", moved to {found.table}" if found.table != declaration.table else ""
    roles = {bound.time: bound.periods, **bound.values}
    loaded = ", ".join(f"{code} {len(roles[code])}" for code in bound.order)
    extra = sorted(set(bound.measures.values()) - set(declaration.contents) - set(declaration.columns))
    named = "measures not declared" if declaration.contents else "measures"
    return f"bound{moved}: {bound.periods[0]} to {bound.periods[-1]}; loads {loaded}" + (
        f"; {named}: {', '.join(extra)}" if extra else ""
    )


def _shares_words(entry: Entry, titles: tuple[str, ...]) -> bool:
    words = {word for title in titles for word in title.casefold().split() if len(word) > 5}
    return bool(words & set(entry.text.casefold().split()))
