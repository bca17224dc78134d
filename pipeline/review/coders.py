"""How far two coders agree on documents that both finished, code by code.

A coder finished a document who marked it so, or who decided on every piece that the machine found in
it. What a coder says is there: pieces accepted or amended, and pieces added. The machine can be one of
the two; that is a different question from how far people agree, and stands in rows of its own.

Accepting suggestions is not independent coding: people who see the same suggestion agree more. Blind
coding counts apart, by the decisions made blind.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from pipeline.model import Code, Decision, Evidence, Passage, Record
from pipeline.review.agreement import Reliability, reliability
from pipeline.review.decisions import finished
from pipeline.review.merge import Read, merge

MACHINE = "(machine)"
"""Stands for the rules where they are compared with a person; no reviewer can have this name."""

_SENTENCE_END = re.compile(r"[.;!?](?=\s)|[。；！？]|\n")

Span = tuple[str, int, int, Code]
"""Document, start, end, code."""


class Agreement(Record, frozen=True, kw_only=True):
    """How two coders agree on one code (empty: all codes) in one language (empty: all)."""

    first: str
    second: str
    code: Code
    language: str
    documents: int
    """How many both finished; the others are left out."""
    exact: float | None
    """F1 of spans with the same bounds and code; None where neither coder has any."""
    overlapping: float | None
    """F1 of spans of the same code that touch."""
    sentences: Reliability
    """Agreement on whether a sentence carries the code."""


def agreement(
    evidence: Mapping[str, Sequence[Evidence]],
    read: Read,
    decisions: Sequence[Decision],
    *,
    blind: bool = False,
) -> list[Agreement]:
    """Return how each two people agree, and the machine with each; pairs without common documents stay out.

    `decisions` are those of all reviewers, oldest first. With `blind` only decisions made without sight
    of the machine's suggestions count.
    """
    chosen = [one for one in decisions if one.blind == blind]
    reviewers = sorted({one.reviewer for one in chosen})
    ready: dict[str, set[str]] = {MACHINE: set(evidence)}
    spans: dict[str, set[Span]] = {
        MACHINE: {_span(piece) for pieces in evidence.values() for piece in pieces}
    }
    for reviewer in reviewers:
        own = [one for one in chosen if one.reviewer == reviewer]
        ready[reviewer], spans[reviewer] = _work(reviewer, {} if blind else evidence, read, own)
    units = _Units(read)
    rows: list[Agreement] = []
    for first, second in [*combinations(reviewers, 2), *((MACHINE, reviewer) for reviewer in reviewers)]:
        rows.extend(_compare(first, second, ready[first] & ready[second], spans, units))
    return rows


def _work(
    reviewer: str, evidence: Mapping[str, Sequence[Evidence]], read: Read, own: Sequence[Decision]
) -> tuple[set[str], set[Span]]:
    """Return the documents a reviewer finished and the spans the reviewer says are there."""
    reviewed, _ = merge(evidence, read, own)
    ready = {document for who, document in finished(own) if who == reviewer}
    by_document: dict[str, list[bool]] = defaultdict(list)
    for one in reviewed:
        by_document[one.evidence.document].append(one.verdict is not None)
    if evidence:
        ready |= {document for document, decided in by_document.items() if all(decided)}
    return ready, {_span(one.evidence) for one in reviewed if one.verdict and one.counts}


def _span(piece: Evidence) -> Span:
    return piece.document, piece.start, piece.end, piece.code


class _Units:
    """The sentences of documents, which codes are compared on."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, tuple[str, list[int]]] = {}

    def of(self, document: str) -> tuple[str, list[int]]:
        """Return the language of a document and where its sentences start, in code points."""
        if document not in self._known:
            known = self._read(document)
            self._known[document] = (known[0].language, sentence_starts(known[1])) if known else ("", [])
        return self._known[document]


def sentence_starts(passages: Iterable[Passage]) -> list[int]:
    """Return where the sentences of the passages start, in code points into the document's text."""
    starts: list[int] = []
    for passage in passages:
        if not passage.text.strip():
            continue
        starts.append(passage.start)
        ends = (match.end() for match in _SENTENCE_END.finditer(passage.text))
        starts.extend(passage.start + end for end in ends if passage.text[end:].strip())
    return starts


def _compare(
    first: str, second: str, documents: set[str], spans: Mapping[str, set[Span]], units: _Units
) -> list[Agreement]:
    if not documents:
        return []
    mine = {one for one in spans[first] if one[0] in documents}
    theirs = {one for one in spans[second] if one[0] in documents}
    codes = sorted({one[3] for one in mine | theirs})
    languages = sorted({units.of(document)[0] for document in documents})
    rows = []
    for language in ["", *languages] if len(languages) > 1 else languages:
        here = {one for one in documents if language in ("", units.of(one)[0])}
        for code in ["", *codes]:
            a = {one for one in mine if one[0] in here and code in ("", one[3])}
            b = {one for one in theirs if one[0] in here and code in ("", one[3])}
            rows.append(
                Agreement(
                    first=first,
                    second=second,
                    code=code,
                    language=language,
                    documents=len(here),
                    exact=_f1(len(a & b), len(a & b), len(a), len(b)),
                    overlapping=_f1(_touching(a, b), _touching(b, a), len(a), len(b)),
                    sentences=_on_sentences(a, b, sorted(here), [code] if code else codes, units),
                )
            )
    return rows


def _f1(found: int, matched: int, first: int, second: int) -> float | None:
    return round((found + matched) / (first + second), 4) if first + second else None


def _touching(these: set[Span], those: set[Span]) -> int:
    by_place: dict[tuple[str, Code], list[Span]] = defaultdict(list)
    for one in those:
        by_place[one[0], one[3]].append(one)
    return sum(
        any(other[1] < one[2] and one[1] < other[2] for other in by_place[one[0], one[3]]) for one in these
    )


def _on_sentences(
    a: set[Span], b: set[Span], documents: Sequence[str], codes: Sequence[Code], units: _Units
) -> Reliability:
    """Return the agreement on whether sentences carry codes; a span lies where its middle lies."""
    ratings: list[list[float]] = [[], []]
    for document in documents:
        starts = units.of(document)[1]
        for coder, spans in enumerate((a, b)):
            hit = {
                (bisect_right(starts, (start + end) // 2) - 1, code)
                for where, start, end, code in spans
                if where == document
            }
            ratings[coder].extend(float((unit, code) in hit) for code in codes for unit in range(len(starts)))
    return reliability(ratings, scale=(0.0, 1.0))
