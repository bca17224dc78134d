"""How well the machine does, by what people said.

A piece that people accepted is right; one they rejected is wrong; one whose code or role they changed
is wrong under the machine's code and missing under theirs. What they added is missing. Open and unsure
pieces count nowhere, and how many there are is said.

Recall knows only what people added: where documents were not read in full, it is at most this good.
"""

import math
from collections import Counter
from collections.abc import Iterable

from pipeline.model import Code, Evidence, Record, ReviewedEvidence

DRAWS = 2000
"""Samples drawn for the interval of F1."""


class Estimate(Record, frozen=True, kw_only=True):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


class Score(Record, frozen=True, kw_only=True):
    """How the machine did for one code (empty: all codes) in one language (empty: all)."""

    code: Code = ""
    language: str = ""
    right: int
    wrong: int
    missing: int
    open: int
    """Pieces nobody decided on, or is sure about."""
    precision: Estimate | None
    """Of what it found, how much is right (Wilson interval); None where nothing was judged."""
    recall: Estimate | None
    """Of what there is, how much it found (Wilson interval)."""
    f1: Estimate | None
    """Their harmonic mean (bootstrap interval over pieces, fixed seed)."""


def evaluate(machine: Iterable[Evidence], reviewed: Iterable[ReviewedEvidence]) -> list[Score]:
    """Return scores for all codes together and for each, in all languages and in each.

    `machine` is the evidence as the rules found it; `reviewed` the same as people left it. Sorted by
    code and language, the totals first.
    """
    found = {piece.id: piece for piece in machine}
    counts: Counter[tuple[Code, str, str]] = Counter()
    for one in reviewed:
        for code, what in _judgements(found.get(one.evidence.id), one):
            for cell in ((code, one.evidence.language), (code, ""), ("", one.evidence.language), ("", "")):
                counts[*cell, what] += 1
    cells = sorted({(code, language) for code, language, _ in counts})
    return [
        score(
            counts[code, language, "right"],
            counts[code, language, "wrong"],
            counts[code, language, "missing"],
            opened=counts[code, language, "open"],
            code=code,
            language=language,
        )
        for code, language in cells
    ]


def score(
    right: int, wrong: int, missing: int, *, opened: int = 0, code: Code = "", language: str = ""
) -> Score:
    """Return precision, recall and F1 from counts."""
    return Score(
        code=code,
        language=language,
        right=right,
        wrong=wrong,
        missing=missing,
        open=opened,
        precision=wilson(right, right + wrong),
        recall=wilson(right, right + missing),
        f1=_f1(right, wrong, missing),
    )


def wilson(hits: int, of: int) -> Estimate | None:
    """Return a share with its Wilson score interval at 95 %; None of nothing.

    Wilson 1927; it stays within 0 and 1 and holds for small numbers, where the usual interval fails.
    """
    if not of:
        return None
    z2 = 1.959963984540054**2
    share, scale = hits / of, 1 + z2 / of
    middle = (share + z2 / (2 * of)) / scale
    half = math.sqrt(z2 * (share * (1 - share) / of + z2 / (4 * of * of))) / scale
    return Estimate(
        value=_rounded(share),
        low=_rounded(max(0.0, middle - half)) if hits else 0.0,
        high=_rounded(min(1.0, middle + half)) if hits < of else 1.0,
    )


def _judgements(piece: Evidence | None, one: ReviewedEvidence) -> list[tuple[Code, str]]:
    """Return what a piece says about the machine: the code concerned, and how it fared with it."""
    there = one.evidence
    if one.verdict in (None, "unsure"):
        return [(there.code, "open")]
    if one.verdict == "reject":
        return [(piece.code, "wrong")] if piece else []
    if piece is None:
        return [(there.code, "missing")]
    if (piece.code, piece.role) == (there.code, there.role):
        return [(piece.code, "right")]
    return [(piece.code, "wrong"), (there.code, "missing")]


def _f1(right: int, wrong: int, missing: int) -> Estimate | None:
    total = right + wrong + missing
    if not total:
        return None
    import numpy as np

    draws = np.random.default_rng(0).multinomial(
        total, [right / total, wrong / total, missing / total], size=DRAWS
    )
    hits = 2 * draws[:, 0]
    values = hits / np.maximum(hits + draws[:, 1] + draws[:, 2], 1)
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(
        value=_rounded(2 * right / (2 * right + wrong + missing)),
        low=_rounded(float(low)),
        high=_rounded(float(high)),
    )


def _rounded(value: float) -> float:
    return round(value, 4)
