"""What a question asks of the evidence, and how each piece answers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.coding.items import REACHES, Item, Source

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

NAMED = 25
"""Pieces of evidence that are named where nothing but their presence counts."""

STRENGTH = {"performed": 3, "committed": 2, "called_for": 1}


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
    def ids(self) -> frozenset[str]:
        return frozenset(item.id for item in self.found)

    @cached_property
    def first(self) -> tuple[Item, ...]:
        """The first pieces by document and place, as many as are named where presence is all that counts."""
        if len(self.found) <= NAMED:
            return self.found
        first = sorted(self.found, key=lambda item: (item.source.id, item.evidence.start, item.id))[:NAMED]
        return tuple(sorted(first, key=lambda item: item.id))

    @cached_property
    def documents(self) -> tuple[str, ...]:
        return tuple(sorted({item.source.id for item in self.found}))


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


def judge_for(query: Query) -> Callable[[Item], str | None]:
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

    place_matters = bool(kinds or headings or query.passage_kinds)
    subject_matters = query.subject != "any"

    def concerned(item: Item) -> bool:
        organisations = item.evidence.organisations
        if held_by == "pair":
            return focal in organisations and (
                partner in organisations or not members.isdisjoint(organisations)
            )
        if held_by == "others":
            # evidence on the partner alone says what the partner did, not who took its place
            return any(name != partner and name != focal for name in organisations)
        if held_by == "focal":
            return focal in organisations
        if held_by == "partner":
            return partner in organisations or not members.isdisjoint(organisations)
        return True

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
        if place_matters and not right_place(item):
            return OTHER_PLACE
        if query.forms is not None and _form(item) not in query.forms:
            return OTHER_FORM
        if subject_matters and not on_subject(item):
            return UNREVIEWED if query.reviewed_only and document_waits(item) else OTHER_SUBJECT
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

    def document_waits(item: Item) -> bool:
        """Say whether only unreviewed evidence makes the document one on peace operations."""
        on_it = query.subject == "operations_document"
        return on_it and bool(item.source.on_operations(query.reach, query.substance, False))

    def on_subject(item: Item) -> bool:
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


def in_scope(source: Source, year: int | None, query: Query) -> bool:
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
