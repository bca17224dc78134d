"""Evidence as a person says it should be: with other values or bounds, or made from a decision alone."""

from collections.abc import Callable, Sequence

import msgspec

from pipeline.model import CONTEXT_LENGTH, Decision, Evidence, Values
from pipeline.review.anchor import Place, Reading
from pipeline.review.decisions import seen_values
from pipeline.rules.cases import Cases
from pipeline.rules.codebook import Codebook

Qualify = Callable[[Evidence], Evidence]
"""Fills in what follows from the organisations and the place: cases, theatres, issue, instrument."""


def apply(
    decision: Decision,
    place: Place,
    piece: Evidence,
    reading: Reading,
    codebook: Codebook | None,
    qualify: Qualify,
) -> Evidence:
    """Return the evidence with a reviewer's values, and bounds where these were amended.

    It keeps its id: that is what people judged, and what leads back to the rule that found it.
    """
    changed = _fitting(seen_values(piece, decision.values), codebook)
    amended = _with_values(piece, changed)
    if decision.verdict == "amend" and (place.start, place.end) != (piece.start, piece.end):
        amended = _with_bounds(amended, place, reading)
    if amended == piece:
        return piece
    by = f"reviewer:{decision.reviewer}"
    rules = amended.rules if by in amended.rules else (*amended.rules, by)
    return qualify(msgspec.structs.replace(amended, rules=rules))


def _fitting(values: Values, codebook: Codebook | None) -> Values:
    """Return the values without attributes that the code does not take."""
    entry = codebook.codes.get(values.code or "") if codebook else None
    if entry is None:
        return values
    takes = entry.attributes
    return Values(
        code=values.code,
        organisations=values.organisations,
        status=values.status if "status" in takes else None,
        role=values.role if "role" in takes else None,
        polarity=values.polarity if "polarity" in takes else None,
    )


def _with_values(piece: Evidence, values: Values) -> Evidence:
    return msgspec.structs.replace(
        piece,
        code=values.code or piece.code,
        organisations=values.organisations or (),
        status=values.status,
        role=values.role,
        polarity=values.polarity,
    )


def _with_bounds(piece: Evidence, place: Place, reading: Reading) -> Evidence:
    """Return the evidence at other bounds; a trigger that is outside them becomes the whole quote."""
    text, start, end = reading.text, place.start, place.end
    inside = start <= piece.trigger_start and piece.trigger_end <= end
    trigger_start, trigger_end = (piece.trigger_start, piece.trigger_end) if inside else (start, end)
    passage = reading.passage_at(start) or reading.passages[-1]
    return msgspec.structs.replace(
        piece,
        start=start,
        end=end,
        quote=text[start:end],
        trigger=text[trigger_start:trigger_end],
        trigger_start=trigger_start,
        trigger_end=trigger_end,
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
        label=passage.label,
        page=passage.page,
        section=passage.section,
        passage=passage.number,
        kind=passage.kind,
    )


def make(
    decision: Decision, place: Place, reading: Reading, codebook: Codebook | None, qualify: Qualify
) -> Evidence:
    """Return evidence that rests on a decision alone: added, or no longer found by the rules."""
    values = _fitting(decision.values or Values(), codebook)
    code = (values.code if decision.verdict in ("amend", "add") else None) or decision.code
    bare = Evidence(
        id=decision.evidence,
        document=reading.document.id,
        start=place.start,
        end=place.end,
        quote="",
        trigger="",
        trigger_start=place.start,
        trigger_end=place.end,
        prefix="",
        suffix="",
        label="",
        page=None,
        section=(),
        language=reading.document.language,
        code=code,
        organisations=values.organisations or (),
        actors_from="reviewer",
        status=values.status,
        role=values.role,
        polarity=values.polarity,
        rules=(f"reviewer:{decision.reviewer}",),
        passage=0,
        kind="paragraph",
        text_hash=reading.document.text_hash,
        rules_hash="",
    )
    return qualify(_with_bounds(bare, place, reading))


def qualifier(evidence: Sequence[Evidence], cases: Cases | None) -> Qualify:
    """Return what fills in context for a document with this evidence: as nearby in the same passage."""

    def qualify(piece: Evidence) -> Evidence:
        if cases:
            concerned = cases.concerned(piece.code, piece.organisations)
            piece = msgspec.structs.replace(piece, cases=concerned)
        near = [other for other in evidence if other.passage == piece.passage]
        if piece.theatres or piece.issue or not near:
            return piece
        closest = min(near, key=lambda other: abs(other.start - piece.start))
        return msgspec.structs.replace(piece, theatres=closest.theatres, issue=closest.issue)

    return qualify
