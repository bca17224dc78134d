"""Which evidence to look at first: what would change a coding, then what is in doubt, then the rest."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from pipeline.errors import UsageError
from pipeline.model import CaseId, Coding, Evidence, EvidenceId, Record, ReviewedEvidence

Reason = Literal["flips", "disputed", "carried", "discordant", "supports", "rest"]
"""Why a piece stands where it does, most pressing first: without it a coding would be another; reviewers
differ; its words or values are not those judged; rules disagree about it; a coding rests on it among
others; nothing of these."""

RANK: Mapping[Reason, int] = {
    "flips": 0, "disputed": 1, "carried": 2, "discordant": 3, "supports": 4, "rest": 5,
}  # fmt: skip
_RIVALS = frozenset({"action", "binding"})
"""Groups of which one sentence seldom carries two codes."""


class Stake(Record, frozen=True, kw_only=True):
    """A coding that a piece of evidence supports."""

    case: CaseId
    indicator: str
    value: str | None
    among: int
    """How many pieces it rests on, this one included."""


class Progress(Record, frozen=True, kw_only=True):
    """How far the review of the evidence behind a case's codings has come."""

    case: CaseId
    behind: int
    """Pieces that its codings rest on."""
    decided: int
    """Of these, how many somebody decided on."""
    pressing: int
    """Pieces not decided on without which a coding would be another: at none, enough is reviewed."""


def stakes(codings: Iterable[Coding]) -> dict[EvidenceId, tuple[Stake, ...]]:
    """Return for each piece of evidence the codings that rest on it."""
    found: dict[EvidenceId, list[Stake]] = defaultdict(list)
    for coding in codings:
        stake = Stake(
            case=coding.case, indicator=coding.indicator, value=coding.value, among=len(coding.evidence)
        )
        for evidence in coding.evidence:
            found[evidence].append(stake)
    return {evidence: tuple(held) for evidence, held in found.items()}


def discordant(evidence: Sequence[Evidence]) -> set[EvidenceId]:
    """Return the pieces of one document about which the rules disagree.

    One sentence with two codes that rule each other out, or with one resource in two roles; or cues that
    give one attribute different values.
    """
    found: set[EvidenceId] = set()
    units: dict[tuple[int, int, str], list[Evidence]] = defaultdict(list)
    for piece in evidence:
        group = piece.code.partition(".")[0]
        key = group if group in _RIVALS else piece.code
        units[piece.start, piece.end, key].append(piece)
        set_by_cues = [cue.sets.partition("=") for cue in piece.cues]
        values: dict[str, set[str]] = defaultdict(set)
        for attribute, _, value in set_by_cues:
            values[attribute].add(value)
        if any(len(different) > 1 for different in values.values()):
            found.add(piece.id)
    for together in units.values():
        if len({(piece.code, piece.role) for piece in together}) > 1:
            found.update(piece.id for piece in together)
    return found


def reason(one: ReviewedEvidence, held: Sequence[Stake], *, flips: bool, discordant: bool) -> Reason:
    """Return why a piece stands where it does in the queue."""
    if one.disputed:
        return "disputed"
    if one.anchoring == "carried":
        return "carried"
    if one.verdict is None and flips:
        return "flips"
    if one.verdict is None and discordant:
        return "discordant"
    return "supports" if held else "rest"


def progress(
    cases: Sequence[CaseId],
    decided: Collection[EvidenceId],
    held: Mapping[EvidenceId, Sequence[Stake]],
    flipping: Iterable[EvidenceId],
) -> list[Progress]:
    """Return for each case how much of what its codings rest on has been decided.

    `held` are the codings that rest on a piece; `flipping` the pieces without which one would be another.
    """
    behind: dict[CaseId, set[EvidenceId]] = defaultdict(set)
    for evidence, supported in held.items():
        for stake in supported:
            behind[stake.case].add(evidence)
    pressing: Counter[CaseId] = Counter()
    for evidence in flipping:
        if evidence not in decided:
            pressing.update({stake.case for stake in held.get(evidence, ())})
    return [
        Progress(
            case=case,
            behind=len(behind[case]),
            decided=sum(evidence in decided for evidence in behind[case]),
            pressing=pressing[case],
        )
        for case in cases
    ]


def sample(evidence: Iterable[Evidence], n: int, *, by: Sequence[str] = (), seed: int = 0) -> list[Evidence]:
    """Return `n` pieces drawn at random, in the order they stand; the same ones for the same seed.

    With `by` (`code`, `document`, `language`) the pieces are drawn evenly from each combination of these,
    as long as it has some left, so that rare codes are not left to chance.
    """
    known = ("code", "document", "language")
    for name in by:
        if name not in known:
            raise UsageError(f'cannot draw by "{name}"', remedy=f"by one or more of {', '.join(known)}")
    pieces = sorted(evidence, key=lambda piece: (piece.document, piece.start, piece.code, piece.id))
    rng = random.Random(seed)
    strata: dict[tuple[str, ...], list[Evidence]] = defaultdict(list)
    for piece in pieces:
        strata[tuple(getattr(piece, name) for name in by)].append(piece)
    for stratum in strata.values():
        rng.shuffle(stratum)
    drawn: set[EvidenceId] = set()
    while len(drawn) < min(n, len(pieces)):
        for key in sorted(strata):
            if strata[key] and len(drawn) < n:
                drawn.add(strata[key].pop().id)
    return [piece for piece in pieces if piece.id in drawn]
