"""Bring what the machine found and what people decided together.

Every decision that stands ends in one of two places: on a piece of reviewed evidence, or in the list
of orphans. None is dropped.

A decision finds its piece by the evidence's id; where the rules or the text changed, by the place of
its words and the code. Where the rules no longer find a piece that somebody judged, the judgement
itself makes one, because what a person said about a sentence does not depend on our rules.

Where several reviewers judged one piece: decisions that a later one settles are out; the others vote.
More than half must say the same about whether it is evidence, or it is `unsure`. Of those who say yes,
the values that most of them give stand, in a tie the latest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.model import (
    Anchoring,
    Decision,
    Document,
    Evidence,
    Passage,
    Record,
    ReviewedEvidence,
    Values,
    Verdict,
)
from pipeline.review.anchor import Place, Reading, locate, nearest
from pipeline.review.decisions import seen_values, standing
from pipeline.review.made import Qualify, apply, make, qualifier
from pipeline.rules.cases import Cases
from pipeline.rules.codebook import Codebook

Read = Callable[[str], tuple[Document, Sequence[Passage]] | None]
Loss = Literal["no_document", "no_text", "not_found", "displaced"]
"""Why a decision is an orphan: its document is gone; or has no usable text now; its words are gone; or
another decision holds the place that would be next best."""

_SURENESS: dict[Anchoring | None, int] = {"exact": 0, "moved": 1, "carried": 2, "orphaned": 3, None: 4}
_YES = ("accept", "amend", "add")
_SHARED = 0.5
"""Least part, of the joint extent of two stretches, that must be common for them to be one piece."""


class Orphan(Record, frozen=True, kw_only=True):
    """A decision that stands and has no place in today's texts."""

    decision: Decision
    reason: Loss
    nearest: str = ""
    """Text of the passage that comes closest; empty where the document is gone."""
    label: str = ""
    page: int | None = None
    similarity: float = 0.0
    """How close, 0 to 100."""


@dataclass
class _Seat:
    """A piece of evidence with the decisions that came to rest on it."""

    evidence: Evidence
    found: bool
    """Whether the machine finds it today."""
    held: list[tuple[Decision, Place]] = field(default_factory=list)


def merge(
    evidence: Mapping[str, Sequence[Evidence]],
    read: Read,
    decisions: Iterable[Decision],
    *,
    codebook: Codebook | None = None,
    cases: Cases | None = None,
    qualify: Qualify | None = None,
) -> tuple[list[ReviewedEvidence], list[Orphan]]:
    """Return all evidence as people left it, sorted by place, and the decisions without a place.

    `evidence` is by document; `read` gives a document and its passages, or None where there is none, and
    is asked only for documents with decisions; `decisions` are those of all reviewers, oldest first.
    The codebook says which attributes a code takes, `cases` which cases organisations concern, for
    evidence that a person made or changed; `qualify` does more of that where the caller knows more.

    A file that was renamed is followed by its text's hash.
    """
    homes = {pieces[0].text_hash: document for document, pieces in sorted(evidence.items()) if pieces}
    by_document: dict[str, list[Decision]] = defaultdict(list)
    lost: list[Orphan] = []
    readings: dict[str, Reading | None] = {}

    def reading_of(document: str) -> Reading | None:
        if document not in readings:
            known = read(document)
            readings[document] = Reading(*known) if known else None
        return readings[document]

    for decision in standing(decisions):
        home = decision.document
        if reading_of(home) is None:
            home = homes.get(decision.anchor.text_hash, "")
        if home and (reading := reading_of(home)) and reading.passages:
            by_document[home].append(decision)
        else:
            lost.append(Orphan(decision=decision, reason="no_text" if home else "no_document"))
    reviewed: list[ReviewedEvidence] = []
    for document in sorted({*evidence, *by_document}):
        pieces = evidence.get(document, ())
        if document not in by_document:
            reviewed.extend(ReviewedEvidence(evidence=piece) for piece in pieces)
            continue
        reading = reading_of(document)
        assert reading is not None
        done, orphans = merge_document(
            reading, pieces, by_document[document], codebook=codebook, cases=cases, qualify=qualify
        )
        reviewed.extend(done)
        lost.extend(orphans)
    lost.sort(key=lambda orphan: (orphan.decision.document, orphan.decision.anchor.start, orphan.decision.id))
    return reviewed, lost


def merge_document(
    reading: Reading,
    evidence: Sequence[Evidence],
    decisions: Sequence[Decision],
    *,
    codebook: Codebook | None = None,
    cases: Cases | None = None,
    qualify: Qualify | None = None,
) -> tuple[list[ReviewedEvidence], list[Orphan]]:
    """Return the evidence of one document as people left it, and the decisions without a place.

    `decisions` are the standing ones of this document, oldest first.
    """
    seats = [_Seat(piece, found=True) for piece in evidence]
    by_id: dict[str, list[_Seat]] = defaultdict(list)
    for seat in seats:
        by_id[seat.evidence.id].append(seat)
    orphans: list[Orphan] = []
    qualify = qualify or qualifier(evidence, cases)
    for decision in decisions:
        place = locate(decision.anchor, reading)
        taken = by_id.get(decision.evidence) or _seats_at(place, decision, seats)
        if not taken and place is not None:
            made = make(decision, place, reading, codebook, qualify)
            taken = [_Seat(made, found=False)]
            seats.extend(taken)
            by_id[made.id].extend(taken)
        if not taken:
            orphans.append(_orphan(decision, "not_found", reading))
        for seat in taken:
            seat.held.append((decision, _surely(decision, place, seat)))
    reviewed = []
    for seat in seats:
        displaced = _displace(seat)
        orphans.extend(_orphan(decision, "displaced", reading) for decision in displaced)
        reviewed.append(_judge(seat, reading, codebook, qualify))
    reviewed.sort(key=lambda one: (one.evidence.start, one.evidence.end, one.evidence.code, one.evidence.id))
    return reviewed, orphans


def _seats_at(place: Place | None, decision: Decision, seats: Sequence[_Seat]) -> list[_Seat]:
    """Return the piece at a place that is the one judged, as far as code, role and extent tell."""
    if place is None:
        return []
    wanted = decision.values or Values()
    best: tuple[tuple[bool, bool, float], _Seat] | None = None
    for seat in seats:
        piece = seat.evidence
        if piece.start >= place.end or piece.end <= place.start:
            continue
        if piece.code not in (decision.code, wanted.code):
            continue
        same_role = piece.role == wanted.role
        common = _common(piece, place)
        if common < _SHARED or not (same_role or decision.verdict == "amend"):
            continue
        fit = (piece.code == decision.code, same_role, common)
        if best is None or fit > best[0]:
            best = fit, seat
    return [best[1]] if best else []


def _common(piece: Evidence, place: Place) -> float:
    shared = min(piece.end, place.end) - max(piece.start, place.start)
    return shared / (max(piece.end, place.end) - min(piece.start, place.start))


def _surely(decision: Decision, place: Place | None, seat: _Seat) -> Place:
    """Return where a decision rests on a piece, and how surely.

    It needs a look where the words or the bounds are not those judged, or where the rules now give
    other values than those judged.
    """
    piece = seat.evidence
    if place is None:  # the piece is known by its id; only the amended bounds are gone
        return Place(piece.start, piece.end, "carried")
    if seat.found and decision.evidence == piece.id and decision.verdict != "amend":
        # the id stands for the words and those around them, so only the position can differ
        same_place = place.anchoring == "exact" and place.start == piece.start
        place = Place(piece.start, piece.end, "exact" if same_place else "moved")
    same_bounds = (place.start, place.end) == (piece.start, piece.end) or decision.evidence == piece.id
    same_values = (
        not seat.found
        or decision.verdict in ("amend", "add")
        or decision.values in (None, seen_values(piece))
    )
    if same_bounds and same_values:
        return place
    return replace(place, anchoring="carried")


def _displace(seat: _Seat) -> list[Decision]:
    """Take off a seat, and return, the decisions that rest on it less surely than others do.

    A sentence that is gone may resemble a neighbour that has decisions of its own: these hold the
    place. One reviewer holds it once: with a decision on this very piece, else the surest, else the
    latest.
    """

    def claim(held: tuple[Decision, Place]) -> tuple[bool, int, float]:
        decision, place = held
        this_very_piece = seat.found and decision.evidence == seat.evidence.id
        return this_very_piece, -_SURENESS[place.anchoring], place.surroundings

    best: dict[str, tuple[Decision, Place]] = {}
    for held in seat.held:
        rival = best.get(held[0].reviewer)
        if rival is None or claim(held) >= claim(rival):
            best[held[0].reviewer] = held
    sure = any(place.anchoring != "carried" for _, place in best.values())
    kept = [held for held in best.values() if not (sure and held[1].anchoring == "carried")]
    displaced = [held[0] for held in seat.held if held not in kept]
    seat.held = [held for held in seat.held if held in kept]
    return displaced


def _judge(seat: _Seat, reading: Reading, codebook: Codebook | None, qualify: Qualify) -> ReviewedEvidence:
    if not seat.held:
        return ReviewedEvidence(evidence=seat.evidence)
    settled = {old for decision, _ in seat.held for old in decision.settles}
    voting = [held for held in seat.held if held[0].id not in settled]
    verdict, (decision, place), disputed = _vote(voting or seat.held)
    piece = seat.evidence
    if verdict in _YES and decision.values:
        piece = apply(decision, place, piece, reading, codebook, qualify)
    agreeing = [held for held in voting or seat.held if _leaning(held[0]) == _leaning(decision)]
    anchoring = min((held[1].anchoring for held in agreeing), key=lambda one: _SURENESS[one])
    remarks = [f"{one.reviewer}: {one.note}" for one, _ in seat.held if one.note]
    return ReviewedEvidence(
        evidence=piece,
        verdict=verdict,
        decisions=tuple(one.id for one, _ in seat.held),
        reviewers=tuple(sorted({one.reviewer for one, _ in seat.held})),
        anchoring=anchoring,
        disputed=disputed,
        note="\n".join(remarks),
    )


def _leaning(decision: Decision) -> str:
    return "yes" if decision.verdict in _YES else decision.verdict


def _vote(held: Sequence[tuple[Decision, Place]]) -> tuple[Verdict, tuple[Decision, Place], bool]:
    """Return the verdict, the decision that speaks for it, and whether anybody says otherwise."""
    leanings = Counter(_leaning(decision) for decision, _ in held)
    leaning, votes = leanings.most_common(1)[0]
    latest = held[-1]
    if votes * 2 <= len(held):
        return "unsure", latest, True
    agreeing = [one for one in held if _leaning(one[0]) == leaning]
    opinions = Counter(_opinion(decision) for decision, _ in agreeing)
    most = max(opinions.values())
    speaker = [one for one in agreeing if opinions[_opinion(one[0])] == most][-1]
    return speaker[0].verdict, speaker, len(leanings) > 1 or len(opinions) > 1


def _opinion(decision: Decision) -> tuple[object, ...]:
    return (decision.values, decision.anchor.quote) if decision.verdict in _YES else (decision.verdict,)


def _orphan(decision: Decision, reason: Loss, reading: Reading) -> Orphan:
    hit = nearest(decision.anchor, reading)
    if hit is None:
        return Orphan(decision=decision, reason=reason)
    passage, similarity = hit
    return Orphan(
        decision=decision,
        reason=reason,
        nearest=passage.text,
        label=passage.label,
        page=passage.page,
        similarity=round(similarity, 1),
    )
