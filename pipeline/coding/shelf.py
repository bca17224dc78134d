"""Evidence laid out so that a question finds its own without looking at the rest.

A `Shelf` holds all evidence in small trays, by code and by whom it concerns. A `Query` is a filter
of the scheme with the case and the settings filled in; the shelf answers it with what counts and
with what was set aside, and why. Answers are kept: the same query under other settings costs nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import (
    INSTRUMENT_KINDS,
    USABLE_STATUSES,
    Document,
    Evidence,
    ReviewedEvidence,
    fingerprint,
)
from pipeline.rules.cases import Case, Cases, DocumentScope
from pipeline.rules.scheme import Reading, Scheme, Settings, possible_codes, text_of

# Why evidence of the right code does not count. The first three mean that it lies outside the case.
OTHER_DOCUMENTS = "from documents outside the case"
OTHER_YEARS = "from other years"
OTHER_THEATRE = "about another theatre"
OUTSIDE = frozenset({OTHER_DOCUMENTS, OTHER_YEARS, OTHER_THEATRE})
REFUSED = "rejected in review"
DOUBTED = "doubted in review"
UNREVIEWED = "not reviewed yet"
OTHER_SUBJECT = "not on peace operations"
NOT_DONE = "agreed or asked for, but not done"
NOT_AGREED = "only asked for"
OTHER_FORM = "in a form of agreement that is left out"
OTHER_PLACE = "in another kind of document or passage"
OPPOSITE = "with the opposite polarity"

STRENGTH = {"performed": 3, "committed": 2, "called_for": 1}
REACHES = {"unit": ("unit",), "heading": ("unit", "heading"), "document": ("unit", "heading", "document")}


class Source:
    """A document as far as codings ask about it."""

    __slots__ = (
        "about",
        "form",
        "id",
        "instrument",
        "key",
        "kind",
        "organisations",
        "record",
        "usable",
        "year",
    )

    def __init__(self, record: Document) -> None:
        self.record = record
        self.id = record.id
        self.kind = record.kind
        self.organisations = frozenset(record.organisations)
        self.usable = record.status in USABLE_STATUSES
        self.year = year_of(record.date)
        self.instrument = record.kind in INSTRUMENT_KINDS
        self.form = {"joint_statement": "statement"}.get(record.kind, record.kind)
        parties = "+".join(sorted(record.organisations))
        self.key = f"{self.form}:{self.year or ''}:{parties}"
        self.about: dict[str, list[Item]] = {}
        """Where words of peace operations stood ("" for nowhere) → the evidence that nobody rejected."""

    def on_operations(self, reach: str, substance: float, reviewed_only: bool) -> list["Item"]:
        """Return the evidence that makes the document one on peace operations, if it is one.

        It is one when its title says so, or when it returns to them in enough places.
        """
        found = [
            item
            for place in REACHES[reach]
            for item in self.about.get(place, ())
            if not reviewed_only or item.reviewed.verdict is not None
        ]
        titled = any(item.evidence.issue == "document" for item in found)
        return found if titled or len(found) >= substance else []


class Item:
    """A piece of evidence with its document and what its words make of it."""

    __slots__ = ("code", "evidence", "id", "readings", "reviewed", "source", "year")

    def __init__(
        self, reviewed: ReviewedEvidence, source: Source, readings: tuple[tuple[str, Reading], ...]
    ) -> None:
        evidence = reviewed.evidence
        self.reviewed = reviewed
        self.evidence: Evidence = evidence
        self.id = evidence.id
        self.code = evidence.code
        self.source = source
        self.year = (
            year_of(evidence.instrument.split(":")[1]) if ":" in evidence.instrument else None
        ) or source.year
        self.readings = readings


@dataclass(frozen=True)
class Query:
    """A filter with everything filled in; equal queries have equal answers."""

    codes: tuple[str, ...]
    held_by: str
    focal: str
    partner: str
    members: tuple[str, ...] = ()
    status: str | None = None
    role: str | None = None
    polarity: str | None = None
    subject: str = "any"
    reach: str = "document"
    substance: float = 1
    theatre: str = "any"
    """`general_too`, `required` or `any`."""
    theatres: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    document_kinds: tuple[str, ...] = ()
    document_of: str | None = None
    passage_kinds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    forms: tuple[str, ...] | None = None
    reviewed_only: bool = False
    readings: tuple[tuple[str, str, str], ...] = ()
    """Name of a reading, what it becomes, what it adds, under the settings."""


@dataclass(frozen=True)
class Selection:
    """What counts for a query, and what does not and why; each sorted by evidence id."""

    found: tuple[Item, ...]
    aside: dict[str, tuple[Item, ...]] = field(default_factory=dict)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.found)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        return tuple(sorted({item.source.id for item in self.found}))


Tray = dict[tuple[str, str], list[Item]]


class Shelf:
    """All evidence of a project, by code and by whom it concerns."""

    def __init__(
        self,
        scheme: Scheme,
        cases: Cases,
        documents: Iterable[Document],
        reviewed: Iterable[ReviewedEvidence],
    ) -> None:
        self.scheme = scheme
        self.cases = cases
        self.sources: dict[str, Source] = {}
        self.by_holder: Tray = {}
        self.by_party: Tray = {}
        self.by_theatre: Tray = {}
        self._answers: dict[Query, Selection] = {}
        self._documents: dict[tuple[object, ...], frozenset[str]] = {}
        self._fingerprints: dict[tuple[int, tuple[str, ...]], tuple[tuple[Item, ...], str]] = {}
        self._about: dict[str, dict[Source, None]] = {}
        self._instruments: dict[str, list[Source]] = {}
        self._touching: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._match = _matcher(scheme.readings)
        self._more = _further_codes(scheme.readings)
        for document in documents:
            source = self.sources[document.id] = Source(document)
            for name in source.organisations:
                self._about.setdefault(name, {})[source] = None
        self._put(reviewed)

    def _put(self, reviewed: Iterable[ReviewedEvidence]) -> None:
        sources, match, more = self.sources, self._match, self._more
        about = self._about
        holder, party, theatre = self.by_holder, self.by_party, self.by_theatre
        for record in reviewed:
            evidence = record.evidence
            source = sources.get(evidence.document)
            if source is None:
                continue
            readings = match(evidence) if evidence.code in more else ()
            item = Item(record, source, readings)
            codes = (evidence.code,) if not readings else (evidence.code, *_others(readings, evidence.code))
            if record.counts:
                source.about.setdefault(evidence.issue, []).append(item)
            for code in codes:
                for name in evidence.organisations:
                    about.setdefault(name, {})[source] = None
                    holder.setdefault((code, name), []).append(item)
                if source.instrument:
                    for name in source.organisations:
                        party.setdefault((code, name), []).append(item)
                if evidence.role == "substitution":
                    for place in evidence.theatres:
                        theatre.setdefault((code, place), []).append(item)

    def documents_of(self, case: Case, settings: Settings) -> frozenset[str]:
        """Return the ids of the usable documents in the case's scope that are by or about its partner.

        The years are not asked for: charters older than the case still speak for their organisation.
        """
        by_documents = text_of(self.scheme.scope.documents, settings) == "apply"
        scope = case.documents if by_documents else DocumentScope()
        key = (case.partner, scope.only, scope.without)
        if key not in self._documents:
            query = Query(codes=(), held_by="partner", focal="", partner=case.partner, only=scope.only,
                          without=scope.without)  # fmt: skip
            self._documents[key] = frozenset(
                source.id for source in self._about.get(case.partner, ()) if _in_scope(source, None, query)
            )
        return self._documents[key]

    def fingerprint_of(self, items: tuple[Item, ...], documents: tuple[str, ...]) -> str:
        """Return one hash for evidence, the decisions on it, and documents that count as such."""
        key = (id(items), documents)
        kept = self._fingerprints.get(key)
        if kept is None or kept[0] is not items:
            parts = [
                f"{item.id}{item.reviewed.verdict or ''}{','.join(item.reviewed.decisions)}" for item in items
            ]
            kept = self._fingerprints[key] = (
                items,
                fingerprint(*parts, *documents) if parts or documents else "",
            )
        return kept[1]

    def instruments_of(self, query: Query) -> list[Source]:
        """Return the agreements of the pair that are in the corpus themselves and in the query's scope."""
        return [source for source in self._shared(query.focal, query.partner) if _in_scope(source, source.year, query)
                and (not query.document_kinds or "instrument" in query.document_kinds
                     or source.kind in query.document_kinds)]  # fmt: skip

    def _shared(self, focal: str, partner: str) -> list[Source]:
        if not self._instruments:
            for source in self.sources.values():
                if source.instrument:
                    for name in source.organisations:
                        self._instruments.setdefault(name, []).append(source)
        return [source for source in self._instruments.get(partner, ()) if focal in source.organisations]

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

    def select(self, query: Query) -> Selection:
        """Return what counts for a query and what was set aside."""
        answer = self._answers.get(query)
        if answer is None:
            answer = self._answers[query] = self._search(query)
        return answer

    def _search(self, query: Query) -> Selection:
        judge = _judge(query)
        found: dict[str, Item] = {}
        aside: dict[str, dict[str, Item]] = {}
        for item in self._candidates(query):
            cause = judge(item)
            if cause == "":
                found[item.id] = item
            elif cause is not None:
                aside.setdefault(cause, {})[item.id] = item
        return Selection(_sorted(found), {cause: _sorted(items) for cause, items in sorted(aside.items())})

    def _candidates(self, query: Query) -> Iterable[Item]:
        if query.held_by == "others":
            places = query.theatres if query.theatre != "any" else ()
            for code in query.codes:
                for place in places:
                    yield from self.by_theatre.get((code, place), ())
                yield from self.by_holder.get((code, query.partner), ())
            return
        tray = self.by_party if query.held_by == "anyone" else self.by_holder
        names = (query.focal,) if query.held_by == "focal" else (query.partner, *query.members)
        for code in query.codes:
            for name in names:
                yield from tray.get((code, name), ())


def _sorted(items: dict[str, Item]) -> tuple[Item, ...]:
    return tuple(items[key] for key in sorted(items))


def year_of(date: str) -> int | None:
    """Return the year of an ISO date; None where there is none."""
    head = date[:4]
    return int(head) if len(head) == 4 and head.isascii() and head.isdigit() else None


def _further_codes(readings: dict[str, Reading]) -> frozenset[str]:
    return frozenset(code for reading in readings.values() for code in reading.codes)


def _others(readings: tuple[tuple[str, Reading], ...], own: str) -> tuple[str, ...]:
    """Return the codes, other than its own, as which evidence may count."""
    found: dict[str, None] = {}
    for _, reading in readings:
        found.update(dict.fromkeys(possible_codes(reading)[len(reading.codes) :]))
    found.pop(own, None)
    return tuple(found)


def _matcher(readings: dict[str, Reading]) -> Callable[[Evidence], tuple[tuple[str, Reading], ...]]:
    """Return a function that names the readings whose words the evidence contains."""
    by_code: dict[str, list[tuple[str, Reading, re.Pattern[str]]]] = {}
    for name, reading in readings.items():
        pattern = re.compile("|".join(map(_pattern, reading.words)), re.IGNORECASE)
        for code in reading.codes:
            by_code.setdefault(code, []).append((name, reading, pattern))

    def match(evidence: Evidence) -> tuple[tuple[str, Reading], ...]:
        return tuple(
            (name, reading)
            for name, reading, pattern in by_code.get(evidence.code, ())
            if (reading.role is None or reading.role == evidence.role)
            and (reading.status is None or reading.status == evidence.status)
            and pattern.search(evidence.quote if reading.within == "quote" else evidence.trigger)
        )

    return match


def _pattern(words: str) -> str:
    if not words.isascii():
        return re.escape(words)
    return r"\b" + re.escape(words).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") + r"\b"


Effect = tuple[str, str | None, str | None]
"""Code, role and status as which evidence counts."""


def _effects(item: Item, chosen: dict[str, tuple[str, str]]) -> Sequence[Effect]:
    """Return as what the evidence counts once its readings are applied; nothing if it is ignored."""
    evidence = item.evidence
    code, role, status = evidence.code, evidence.role, evidence.status
    effects: list[Effect] = []
    settled = False
    for name, reading in item.readings:
        becomes, adds = chosen[name]
        if adds != "nothing":
            effects.append((adds, reading.adds_role, status))
        if becomes != "keep" and not settled:
            settled = True
            code = "" if becomes == "ignore" else becomes
            status = reading.becomes_status or status
    if code:
        effects.append((code, role, status))
    return effects


def _judge(query: Query) -> Callable[[Item], str | None]:
    """Return a function that says of a candidate: "" it counts, a cause why not, or None, not asked about."""
    codes = frozenset(query.codes)
    chosen = {name: (becomes, adds) for name, becomes, adds in query.readings}
    weakest = STRENGTH[query.status] if query.status else 0
    too_weak = NOT_DONE if weakest == 3 else NOT_AGREED
    reach = REACHES[query.reach]
    places = frozenset(query.theatres)
    kinds = frozenset(query.document_kinds)
    parties = {"pair": {query.focal, query.partner}, "partner": {query.partner}, "focal": {query.focal}}.get(
        query.document_of or "", set()
    )
    headings = tuple(word.lower() for word in query.sections)
    held_by, focal, partner, members = query.held_by, query.focal, query.partner, frozenset(query.members)

    def concerned(item: Item) -> bool:
        organisations = item.evidence.organisations
        if held_by == "pair":
            return focal in organisations and (
                partner in organisations or not members.isdisjoint(organisations)
            )
        if held_by == "others":
            # evidence on the partner alone says what the partner did, not who took its place
            return any(name != partner and name != focal for name in organisations)
        return True  # the tray was chosen by the holder

    def judge(item: Item) -> str | None:
        evidence, source = item.evidence, item.source
        if item.readings:
            effects = _effects(item, chosen)
            fitting = [e for e in effects if e[0] in codes and (query.role is None or e[1] == query.role)]
            if not fitting:
                natural = evidence.code in codes and (query.role is None or evidence.role == query.role)
                ignored = natural and not any(code == evidence.code for code, _, _ in effects)
                return _read_as(item, chosen) if ignored and concerned(item) else None
            status = max((e[2] for e in fitting), key=lambda s: STRENGTH.get(s or "performed", 0))
        else:
            if evidence.code not in codes or (query.role is not None and evidence.role != query.role):
                return None
            status = evidence.status
        if not concerned(item):
            return None
        if parties and not parties <= source.organisations:
            return None
        cause = outside(item)
        if cause:
            return cause
        if not item.reviewed.counts:
            return DOUBTED if item.reviewed.verdict == "unsure" else REFUSED
        if query.polarity is not None and (evidence.polarity or "affirmed") != query.polarity:
            return OPPOSITE
        # evidence without a status was added by hand: a plain statement of fact
        if weakest and STRENGTH[status or "performed"] < weakest:
            return too_weak
        if not right_place(item):
            return OTHER_PLACE
        if query.forms is not None and _form(item) not in query.forms:
            return OTHER_FORM
        if not on_subject(item):
            return OTHER_SUBJECT
        if query.reviewed_only and item.reviewed.verdict is None:
            return UNREVIEWED
        return ""

    def outside(item: Item) -> str:
        cause = _outside(item.source, item.year, query)
        if cause:
            return cause
        if query.theatre != "any" and places:
            theatres = item.evidence.theatres
            if places.isdisjoint(theatres) and (theatres or query.theatre == "required"):
                return OTHER_THEATRE
        return ""

    def right_place(item: Item) -> bool:
        evidence, source = item.evidence, item.source
        if kinds and source.kind not in kinds and not (source.instrument and "instrument" in kinds):
            return False
        if query.passage_kinds and evidence.kind not in query.passage_kinds:
            return False
        if headings:
            above = " ".join(evidence.section).lower()
            return any(word in above for word in headings)
        return True

    def on_subject(item: Item) -> bool:
        if query.subject == "any":
            return True
        if query.subject == "operations_document":
            return bool(item.source.on_operations(query.reach, query.substance, query.reviewed_only))
        if item.evidence.issue in reach:
            return True
        return query.subject == "operations_or_theatre" and not places.isdisjoint(item.evidence.theatres)

    return judge


def _outside(source: Source, year: int | None, query: Query) -> str:
    """Return why a document, or what it says of a year, lies outside the case; empty if it does not."""
    if not source.usable or (query.only and not _within(source.id, query.only)):
        return OTHER_DOCUMENTS
    if query.without and _within(source.id, query.without):
        return OTHER_DOCUMENTS
    if year is not None and (
        (query.since is not None and year < query.since) or (query.until is not None and year > query.until)
    ):
        return OTHER_YEARS
    return ""


def _in_scope(source: Source, year: int | None, query: Query) -> bool:
    return not _outside(source, year, query)


def _form(item: Item) -> str:
    """Return the form of the agreement that the evidence names, or of the one in which it stands."""
    named = item.evidence.instrument
    if named:
        return named.split(":")[0]
    return item.source.form if item.source.instrument else "other"


def _read_as(item: Item, chosen: dict[str, tuple[str, str]]) -> str:
    for name, reading in item.readings:
        if chosen[name][0] != "keep":
            return reading.reason
    return OTHER_SUBJECT


def _within(document: str, names: tuple[str, ...]) -> bool:
    return any(document == name or (name.endswith("/") and document.startswith(name)) for name in names)
