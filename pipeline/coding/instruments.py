"""Agreements as things: one that is named in five documents, or is itself in the corpus, counts once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.coding.items import Item, Source
from pipeline.coding.query import Query
from pipeline.coding.shelf import Shelf

OTHER_PARTIES = "on agreements of other parties"


@dataclass
class Agreement:
    """An agreement of the pair with the evidence that names it and the documents that are its text."""

    key: str
    """Form, year and parties, as in `Evidence.instrument`."""
    items: tuple[Item, ...] = ()
    documents: tuple[str, ...] = ()
    _found: dict[str, Item] = field(default_factory=dict, repr=False)

    def add(self, items: Iterable[Item]) -> None:
        self._found.update((item.id, item) for item in items)
        self.items = tuple(self._found[key] for key in sorted(self._found))


def agreements(
    mentions: Iterable[Item], query: Query, shelf: Shelf | None
) -> tuple[dict[str, Agreement], tuple[Item, ...]]:
    """Return the different agreements, by key, and the mentions of agreements between other parties.

    With a shelf, agreements of the pair that are in the corpus themselves count too, if they are on
    the subject of the query. A mention without a year is taken to be of a dated agreement of the
    same form and parties where there is one, so that it never adds to the number.
    """
    pair = {query.focal, query.partner}
    named: dict[str, list[Item]] = {}
    others: list[Item] = []
    for item in mentions:
        form, year, parties = _key_parts(item.evidence.instrument)
        between = set(parties.split("+")) if parties else set(pair)
        if not pair <= between:
            others.append(item)
            continue
        named.setdefault(f"{form}:{year}:{'+'.join(sorted(between))}", []).append(item)
    found: dict[str, Agreement] = {}
    for key, items in named.items():
        found.setdefault(key, Agreement(key)).add(items)
    for source, about in _own(query, shelf):
        agreement = found.setdefault(source.key, Agreement(source.key))
        agreement.add(about)
        agreement.documents = tuple(sorted({*agreement.documents, source.id}))
    return {key: found[key] for key in sorted(_dated(found))}, tuple(others)


def _key_parts(instrument: str) -> tuple[str, str, str]:
    form, year, parties = (*instrument.split(":", 2), "", "", "")[:3]
    return form or "other", year, parties


def _own(query: Query, shelf: Shelf | None) -> Iterable[tuple[Source, Iterable[Item]]]:
    """Yield the agreements of the pair that are in the corpus, on the subject and in a form that counts."""
    if shelf is None:
        return
    for source in shelf.instruments_of(query):
        if query.forms is not None and source.form not in query.forms:
            continue
        if query.subject == "any":
            yield source, [item for items in source.about.values() for item in items if item.reviewed.counts]
        elif items := source.on_operations(query.reach, query.substance, query.reviewed_only):
            yield source, items


def _dated(found: dict[str, Agreement]) -> dict[str, Agreement]:
    """Give mentions without a year to the agreement they can be of; keep them where there is none."""
    for key in sorted(key for key in found if not key.split(":")[1]):
        form, _, parties = key.split(":", 2)
        fitting = [
            other
            for other in sorted(found)
            if other != key
            and other.split(":")[2] == parties
            and (other.split(":")[1] or form == "other")
            and form in (other.split(":")[0], "other")
        ]
        if fitting:
            found[fitting[-1]].add(found.pop(key).items)
    return found
