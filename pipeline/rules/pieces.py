"""Phrases in spaCy's terms, for the plain engine: pieces without gaps, which the Matcher finds, and gaps.

A gap written as optional tokens would make the Matcher follow every way to fill it, so gaps stay
outside the token patterns and are bridged here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from pipeline.rules.phrases import Alternatives, Chain, Entity, Gap, Maybe, Node, Number, Word, is_empty

MOST_PATTERNS = 5000
"""Token patterns that a phrase should not exceed."""

NOTHING = Chain(())
Pieces = tuple[Node, ...]
"""Piece, gap, piece, gap, … piece; a piece may be `NOTHING`."""
Span = tuple[int, int]
TokenPattern = list[dict[str, object]]


def decompose(node: Node) -> list[Pieces]:
    """Return the ways to read a phrase as pieces with gaps between them."""
    if not _has_gap(node):
        return [(node,)]
    if isinstance(node, Gap):
        return [(NOTHING, node, NOTHING)]
    if isinstance(node, Maybe):
        return [(NOTHING,), *decompose(node.inner)]
    if isinstance(node, Alternatives):
        plain = tuple(option for option in node.options if not _has_gap(option))
        ways = [way for option in node.options if _has_gap(option) for way in decompose(option)]
        return [(Alternatives(plain),), *ways] if plain else ways
    assert isinstance(node, Chain)
    ways = [(NOTHING,)]
    for part in node.parts:
        ways = [_joined(before, after) for before, after in product(ways, decompose(part))]
    return ways


def _joined(before: Pieces, after: Pieces) -> Pieces:
    return *before[:-1], _chained(before[-1], after[0]), *after[1:]


def _chained(first: Node, second: Node) -> Node:
    parts = [
        part for node in (first, second) for part in (node.parts if isinstance(node, Chain) else (node,))
    ]
    return parts[0] if len(parts) == 1 else Chain(tuple(parts))


def _has_gap(node: Node) -> bool:
    if isinstance(node, Chain):
        return any(map(_has_gap, node.parts))
    if isinstance(node, Alternatives):
        return any(map(_has_gap, node.options))
    return _has_gap(node.inner) if isinstance(node, Maybe) else isinstance(node, Gap)


def bridge(way: Pieces, found: Mapping[Node, Sequence[Span]], tokens: Sequence[str]) -> set[Span]:
    """Return the spans of one way to read a phrase, given the spans of its pieces."""
    reached: set[Span] = {(at, at) for at in range(len(tokens) + 1)}
    for piece in way:
        if isinstance(piece, Gap):
            reached = {(start, end) for start, at in reached for end in _across(piece, at, tokens)}
            continue
        by_start: dict[int, set[int]] = {}
        for start, end in found.get(piece, ()):
            by_start.setdefault(start, set()).add(end)
        ends = {(start, end) for start, at in reached for end in by_start.get(at, ())}
        reached = (ends | reached) if is_empty(piece) else ends
    return reached


def _across(gap: Gap, at: int, tokens: Sequence[str]) -> Iterable[int]:
    for end in range(at, min(at + gap.most, len(tokens)) + 1):
        if end > at and tokens[end - 1] in gap.breaks:
            return
        yield end


def pattern_count(node: Node) -> int:
    """Return to how many token patterns a phrase expands."""
    return sum(_count(piece) for way in decompose(node) for piece in way if not isinstance(piece, Gap))


def _count(node: Node) -> int:
    if isinstance(node, Chain):
        return prod(map(_count, node.parts))
    if isinstance(node, Alternatives):
        return sum(map(_count, node.options))
    if isinstance(node, Maybe):
        return 1 + _count(node.inner)
    return 2 if isinstance(node, Entity | Number) else 1


def token_patterns(piece: Node) -> list[TokenPattern]:
    """Return Matcher patterns for a piece, over the Docs of `annotate.engine`."""
    return [pattern for pattern in _expand(piece) if pattern]


def _expand(node: Node) -> Iterator[TokenPattern]:
    if isinstance(node, Word):
        yield [{"LOWER": {"IN": sorted(node.forms)}}]
    elif isinstance(node, Chain):
        for combination in product(*(list(_expand(part)) for part in node.parts)):
            yield [token for part in combination for token in part]
    elif isinstance(node, Alternatives):
        for option in node.options:
            yield from _expand(option)
    elif isinstance(node, Maybe):
        yield []
        yield from _expand(node.inner)
    elif isinstance(node, Entity):
        first, inside, last, single = (_tagged(rf"\|{sign}:.*\b{node.kind}\b") for sign in "BIES")
        yield [single]
        yield [first, {**inside, "OP": "*"}, last]
    elif isinstance(node, Number):
        yield [_tagged("^digits")]
        yield [{**_tagged("^numeral"), "OP": "+"}]


def _tagged(pattern: str) -> dict[str, object]:
    return {"TAG": {"REGEX": pattern}}
