"""Documents and evidence as codings see them, with what the words of a sentence make of it."""

import re
from collections.abc import Callable

from pipeline.model import INSTRUMENT_KINDS, USABLE_STATUSES, Document, Evidence, ReviewedEvidence
from pipeline.rules.scheme import Reading, possible_codes

REACHES = {"unit": ("unit",), "heading": ("unit", "heading"), "document": ("unit", "heading", "document")}


class Source:
    """A document as far as codings ask about it."""

    __slots__ = (
        "_on_operations",
        "about",
        "concerned",
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
        """Where words of peace operations stood ("" for nowhere) → the evidence of the document."""
        self._on_operations: dict[tuple[str, float, bool], tuple[Item, ...]] = {}
        self.concerned: set[str] = set()
        """The organisations of the document and of its evidence."""

    def holds(self, evidence: str) -> bool:
        """Say whether a piece of evidence is from this document."""
        return any(item.id == evidence for items in self.about.values() for item in items)

    def holds_any(self, evidence: frozenset[str]) -> bool:
        """Say whether any of these pieces of evidence is from this document."""
        return any(item.id in evidence for items in self.about.values() for item in items)

    def on_operations(self, reach: str, substance: float, reviewed_only: bool) -> tuple["Item", ...]:
        """Return the evidence that makes the document one on peace operations, if it is one.

        It is one when its title says so, or when it returns to them in enough places.
        """
        key = (reach, substance, reviewed_only)
        if key not in self._on_operations:
            found = tuple(
                item
                for place in REACHES[reach]
                for item in self.about.get(place, ())
                if item.reviewed.counts and (not reviewed_only or item.reviewed.verdict is not None)
            )
            titled = any(item.evidence.issue == "document" for item in found)
            self._on_operations[key] = found if titled or len(found) >= substance else ()
        return self._on_operations[key]


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


def year_of(date: str) -> int | None:
    """Return the year of an ISO date; None where there is none."""
    head = date[:4]
    return int(head) if len(head) == 4 and head.isascii() and head.isdigit() else None


def codes_read(readings: dict[str, Reading]) -> frozenset[str]:
    return frozenset(code for reading in readings.values() for code in reading.codes)


def further_codes(readings: tuple[tuple[str, Reading], ...], own: str) -> tuple[str, ...]:
    """Return the codes, other than its own, as which evidence may count."""
    found: dict[str, None] = {}
    for _, reading in readings:
        found.update(dict.fromkeys(possible_codes(reading)[len(reading.codes) :]))
    found.pop(own, None)
    return tuple(found)


def matcher(readings: dict[str, Reading]) -> Callable[[Evidence], tuple[tuple[str, Reading], ...]]:
    """Return a function that names the readings whose words the evidence contains."""
    by_code: dict[str, list[tuple[str, Reading, tuple[str, ...], re.Pattern[str]]]] = {}
    for name, reading in readings.items():
        # looking for the bare first words is much faster than the pattern, and mostly there is nothing
        firsts = tuple({word.lower().replace("*", " ").split()[0] for word in reading.words})
        pattern = re.compile("|".join(map(_pattern, reading.words)), re.IGNORECASE)
        for code in reading.codes:
            by_code.setdefault(code, []).append((name, reading, firsts, pattern))

    def match(evidence: Evidence) -> tuple[tuple[str, Reading], ...]:
        found = []
        quote, trigger = evidence.quote.lower(), evidence.trigger.lower()
        for name, reading, firsts, pattern in by_code.get(evidence.code, ()):
            if reading.role is not None and reading.role != evidence.role:
                continue
            if reading.status is not None and reading.status != evidence.status:
                continue
            text = quote if reading.within == "quote" else trigger
            if any(first in text for first in firsts) and pattern.search(text):
                found.append((name, reading))
        return tuple(found)

    return match


def _pattern(words: str) -> str:
    if not words.isascii():
        return re.escape(words)
    return r"\b" + re.escape(words).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") + r"\b"
