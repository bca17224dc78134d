"""Evidence laid out so that a question finds its own without looking at the rest.

A `Shelf` holds all evidence in trays, by code and by whom it concerns, and keeps the answers it
gave. A document can be put on it or taken off later: only answers from the trays touched are
forgotten, so that the work follows what changed.
"""

from collections.abc import Iterable, Iterator

from pipeline.coding.items import Item, Source, codes_read, further_codes, matcher
from pipeline.coding.query import Query, Selection, in_scope, judge_for
from pipeline.model import Document, ReviewedEvidence
from pipeline.rules.cases import Case, Cases, DocumentScope
from pipeline.rules.scheme import Scheme, Settings, possible_codes, text_of

Key = tuple[str, str, str]
"""Which tray: what its evidence has in common (holder, party, theatre, document), the code, the name."""


class Shelf:
    """All evidence of a project, by code and by whom it concerns."""

    def __init__(
        self,
        scheme: Scheme,
        cases: Cases,
        documents: Iterable[Document] = (),
        reviewed: Iterable[ReviewedEvidence] = (),
    ) -> None:
        self.scheme = scheme
        self.cases = cases
        self.sources: dict[str, Source] = {}
        self._trays: dict[Key, dict[str, Item]] = {}
        self._about: dict[str, set[str]] = {}
        self._answers: dict[Query, Selection] = {}
        self._outdated: dict[Query, set[str]] = {}
        """Answered queries → the documents put or taken since."""
        self._asked: dict[Key, set[Query]] = {}
        self._touching: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._match = matcher(scheme.readings)
        self._read = codes_read(scheme.readings)
        for document in documents:
            self._open(document)
        for record in reviewed:
            source = self.sources.get(record.evidence.document)
            if source is not None:
                self._place(record, source)

    def put(self, document: Document, reviewed: Iterable[ReviewedEvidence]) -> set[Key]:
        """Add a document with all its evidence, or replace it; return the trays touched."""
        touched = self.take(document.id)
        source = self._open(document)
        for record in reviewed:
            if record.evidence.document == document.id:
                self._place(record, source)
        return self._forget(touched | self._keys_of(source), document.id)

    def take(self, document: str) -> set[Key]:
        """Take a document off the shelf with all its evidence; return the trays touched."""
        source = self.sources.pop(document, None)
        if source is None:
            return set()
        touched = self._keys_of(source)
        for items in source.about.values():
            for item in items:
                for key in self._trays_of(item):
                    self._trays[key].pop(item.id, None)
        for name in source.concerned:
            self._about[name].discard(document)
        return self._forget(touched, document)

    def _open(self, document: Document) -> Source:
        source = self.sources[document.id] = Source(document)
        self._concern(source, document.organisations)
        return source

    def _concern(self, source: Source, organisations: tuple[str, ...]) -> None:
        for name in organisations:
            if name not in source.concerned:
                source.concerned.add(name)
                self._about.setdefault(name, set()).add(source.id)

    def _place(self, record: ReviewedEvidence, source: Source) -> None:
        evidence = record.evidence
        readings = self._match(evidence) if evidence.code in self._read else ()
        item = Item(record, source, readings)
        source.about.setdefault(evidence.issue, []).append(item)
        self._concern(source, evidence.organisations)
        trays = self._trays
        for key in self._trays_of(item):
            tray = trays.get(key)
            if tray is None:
                trays[key] = {item.id: item}
            else:
                tray[item.id] = item

    def _trays_of(self, item: Item) -> Iterator[Key]:
        evidence = item.evidence
        codes = (item.code, *further_codes(item.readings, item.code)) if item.readings else (item.code,)
        for code in codes:
            for name in evidence.organisations:
                yield "holder", code, name
            if item.source.instrument:
                for name in item.source.organisations:
                    yield "party", code, name
            if evidence.role is not None:
                for place in evidence.theatres:
                    yield "theatre", code, place

    def _keys_of(self, source: Source) -> set[Key]:
        keys = {key for items in source.about.values() for item in items for key in self._trays_of(item)}
        return keys | {("document", "", name) for name in source.concerned}

    def _forget(self, touched: set[Key], document: str) -> set[Key]:
        for key in touched:
            for query in self._asked.get(key, ()):
                self._outdated.setdefault(query, set()).add(document)
        return touched

    def documents_of(self, case: Case, settings: Settings) -> int:
        """Return the number of usable documents in the case's scope that are by or about its partner.

        The years are not asked for: charters older than the case still speak for their organisation.
        """
        by_documents = text_of(self.scheme.scope.documents, settings) == "apply"
        scope = case.documents if by_documents else DocumentScope()
        query = Query(
            codes=(),
            held_by="partner",
            focal="",
            partner=case.partner,
            only=scope.only,
            without=scope.without,
        )
        named = self._about.get(case.partner, ())
        return sum(in_scope(self.sources[name], None, query) for name in named)

    def instruments_of(self, query: Query) -> list[Source]:
        """Return the agreements of the pair that are in the corpus themselves and in the query's scope."""
        kinds = query.document_kinds
        return [
            source
            for name in sorted(self._about.get(query.partner, ()))
            if (source := self.sources[name]).instrument
            and {query.focal, query.partner} <= source.organisations
            and in_scope(source, source.year, query)
            and (not kinds or "instrument" in kinds or source.kind in kinds)
        ]

    def readings_for(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the readings that may touch evidence of these codes."""
        names = self._touching.get(codes)
        if names is None:
            names = self._touching[codes] = tuple(
                name
                for name, reading in self.scheme.readings.items()
                if not set(codes).isdisjoint(possible_codes(reading))
            )
        return names

    def has_reading(self, name: str, about: set[str]) -> bool:
        """Say whether a reading applies to any evidence that concerns one of these names."""
        return any(
            reading == name
            for key, tray in self._trays.items()
            if key[2] in about
            for item in tray.values()
            for reading, _ in item.readings
        )

    def select(self, query: Query) -> Selection:
        """Return what counts for a query and what was set aside."""
        answer = self._answers.get(query)
        if answer is None:
            answer = self._answers[query] = self._search(query)
            for key in keys_of(query):
                self._asked.setdefault(key, set()).add(query)
        elif query in self._outdated:
            answer = self._answers[query] = self._renew(query, answer, self._outdated.pop(query))
        return answer

    def _renew(self, query: Query, answer: Selection, documents: set[str]) -> Selection:
        """Return the answer after documents were put or taken; no piece depends on other documents."""
        keys = set(keys_of(query))
        fresh = {
            item.id: item
            for name in documents
            if (source := self.sources.get(name))
            for items in source.about.values()
            for item in items
            if not keys.isdisjoint(self._trays_of(item))
        }
        found, aside = _judged(query, fresh.values())
        found.update((item.id, item) for item in answer.found if item.source.id not in documents)
        for cause, items in answer.aside.items():
            kept = {item.id: item for item in items if item.source.id not in documents}
            if kept:
                aside.setdefault(cause, {}).update(kept)
        return _selection(found, aside)

    def _search(self, query: Query) -> Selection:
        trays = (self._trays.get(key, {}).values() for key in keys_of(query))
        return _selection(*_judged(query, (item for tray in trays for item in tray)))


def _judged(query: Query, items: Iterable[Item]) -> tuple[dict[str, Item], dict[str, dict[str, Item]]]:
    """Return the items that count for a query and, by cause, those that do not."""
    judge = judge_for(query)
    found: dict[str, Item] = {}
    aside: dict[str, dict[str, Item]] = {}
    for item in items:
        cause = judge(item)
        if cause == "":
            found[item.id] = item
        elif cause is not None:
            aside.setdefault(cause, {})[item.id] = item
    return found, aside


def _selection(found: dict[str, Item], aside: dict[str, dict[str, Item]]) -> Selection:
    return Selection(_sorted(found), {cause: _sorted(items) for cause, items in sorted(aside.items())})


def keys_of(query: Query) -> list[Key]:
    """Return the trays in which a query looks, and the mark of the documents on which it depends."""
    if query.role and query.theatres and query.theatre == "required":
        return [("theatre", code, place) for code in query.codes for place in query.theatres]
    names = (query.focal,) if query.held_by == "focal" else (query.partner, *query.members)
    kind = "party" if query.held_by == "anyone" else "holder"
    keys = [(kind, code, name) for code in query.codes for name in names]
    return [*keys, ("document", "", query.partner)] if query.subject == "operations_document" else keys


def _sorted(items: dict[str, Item]) -> tuple[Item, ...]:
    return tuple(items[key] for key in sorted(items))
