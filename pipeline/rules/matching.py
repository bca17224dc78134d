"""What a phrase means on the tokens of a unit: where it hits, and what must be there for a hit.

`matcher` is the meaning; `needs` lets most units be passed over unread. `pieces` says the same in spaCy's
terms, for the plain engine.
"""

# ruff: noqa: ARG001, ARG005  (all matchers have one signature, whether or not they look at mentions)

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product

from pipeline.rules.phrases import (
    CHINESE_NUMERALS,
    Alternatives,
    Chain,
    Entity,
    Gap,
    Maybe,
    Node,
    Word,
    is_digits,
    is_empty,
)

Tokens = Sequence[str]
"""Lower-case tokens with one empty string behind the last."""
Mentions = Mapping[tuple[str, int], int]
"""(kind, first token) → token after the last, for every mention of an actor."""
Places = Mapping[str, list[int]]
"""Token → where it stands, in order."""
Ends = Collection[int]
Match = Callable[[Tokens, int, Mentions], Ends]
"""Returns where a hit that starts at this token may end."""
Find = Callable[[Tokens, Places, Mentions], "list[Hit]"]
Hit = tuple[int, int, int]
"""First token, token after the last of the shortest hit that starts there, and of the longest."""

MOST_LITERALS = 64


# --- hits ----------------------------------------------------------------------------------------


def one_for_each_start(found: Iterable[tuple[int, int]]) -> list[Hit]:
    """Return of all spans with one start the shortest and the longest, sorted; empty spans are left out."""
    best: dict[int, tuple[int, int]] = {}
    for start, end in found:
        if end > start:
            least, most = best.get(start, (end, end))
            best[start] = (min(least, end), max(most, end))
    return [(start, *best[start]) for start in sorted(best)]


def finder(node: Node) -> Find:
    """Return a function that lists the hits of a phrase, one for each start, sorted."""
    match, first = matcher(node), firsts(node)

    def everywhere(tokens: Tokens, places: Places, mentions: Mentions) -> list[Hit]:
        return [hit for at in range(len(tokens) - 1) if (hit := _hit(at, match(tokens, at, mentions)))]

    if first is None:
        return everywhere
    words, kinds = first
    some = tuple(words)

    def find(tokens: Tokens, places: Places, mentions: Mentions) -> list[Hit]:
        starts: list[int] = []
        for word in some if len(some) < len(places) else words.intersection(places):
            if word in places:
                starts += places[word]
        if kinds:
            starts += [at for kind, at in mentions if kind in kinds]
            starts = list(set(starts))
        if len(starts) > 1:
            starts.sort()
        return [hit for at in starts if (hit := _hit(at, match(tokens, at, mentions)))]

    return find


def _hit(at: int, ends: Ends) -> Hit | None:
    if not ends:
        return None
    least, most = min(ends), max(ends)
    if least > at:
        return at, least, most
    real = [end for end in ends if end > at]
    return (at, min(real), most) if real else None


def matcher(node: Node) -> Match:
    """Return the meaning of a phrase as a function."""
    if isinstance(node, Word):
        return _word(node.forms)
    if isinstance(node, Chain):
        return _sequence(node.parts)
    if isinstance(node, Alternatives):
        return _alternatives(node.options)
    if isinstance(node, Maybe):
        inner = matcher(node.inner)
        return lambda tokens, at, mentions: {at, *inner(tokens, at, mentions)}
    if isinstance(node, Gap):
        return _gap(node)
    if isinstance(node, Entity):
        kind = node.kind
        return lambda tokens, at, mentions: (mentions[kind, at],) if (kind, at) in mentions else ()
    return _number


def _word(forms: frozenset[str]) -> Match:
    return lambda tokens, at, mentions: (at + 1,) if tokens[at] in forms else ()


def _gap(node: Gap) -> Match:
    most, breaks = node.most, node.breaks | {""}

    def match(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        last = at
        while last - at < most and tokens[last] not in breaks:
            last += 1
        return range(at, last + 1)

    return match


def _number(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
    if tokens[at] and is_digits(tokens[at]):
        return (at + 1,)
    end = at
    while tokens[end] in CHINESE_NUMERALS:
        end += 1
    return range(at + 1, end + 1)


def _sequence(parts: Sequence[Node]) -> Match:
    """All parts in order. Words side by side, and gaps before a word, are looked at without detours."""
    steps: list[Match] = []
    waiting = list(parts)
    while waiting:
        if run := _leading_words(waiting):
            steps.append(_words([word.forms for word in run]))
            del waiting[: len(run)]
        elif isinstance(waiting[0], Gap) and len(waiting) > 1 and isinstance(waiting[1], Word):
            steps.append(_gap_then_word(waiting[0], waiting[1].forms))
            del waiting[:2]
        elif isinstance(waiting[0], Gap) and len(waiting) > 1 and (words := _first_words(waiting[1])):
            steps.append(_landing(matcher(waiting.pop(0)), words))
        else:
            steps.append(matcher(waiting.pop(0)))
    if len(steps) == 1:
        return steps[0]
    begin, *rest = steps

    def match(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        reached = begin(tokens, at, mentions)
        for step in rest:
            if not reached:
                return ()
            if len(reached) == 1:
                (start,) = reached
                reached = step(tokens, start, mentions)
            else:
                reached = {end for start in reached for end in step(tokens, start, mentions)}
        return reached

    return match


def _first_words(node: Node) -> frozenset[str]:
    """Return the words every hit begins with; empty where it may begin otherwise."""
    first = firsts(node)
    return first[0] if first and not first[1] else frozenset()


def _leading_words(nodes: Sequence[Node]) -> list[Word]:
    run: list[Word] = []
    for node in nodes:
        if not isinstance(node, Word):
            break
        run.append(node)
    return run


def _words(run: list[frozenset[str]]) -> Match:
    if len(run) == 1:
        return _word(run[0])
    length = len(run)

    def match(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        end = at
        for forms in run:
            if tokens[end] not in forms:
                return ()
            end += 1
        return (at + length,)

    return match


def _gap_then_word(gap: Gap, forms: frozenset[str]) -> Match:
    most, breaks = gap.most, gap.breaks | {""}

    def match(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        ends = []
        for place in range(at, at + most + 1):
            token = tokens[place]
            if token in forms:
                ends.append(place + 1)
            if token in breaks:
                break
        return ends

    return match


def _landing(gap: Match, words: frozenset[str]) -> Match:
    """A gap before something that begins with one of these words."""

    def match(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        return [end for end in gap(tokens, at, mentions) if tokens[end] in words]

    return match


def _alternatives(options: Sequence[Node]) -> Match:
    by_word: dict[str, list[Match]] = {}
    others: list[Match] = []
    for option in options:
        match, first = matcher(option), firsts(option)
        if first is None or first[1]:
            others.append(match)
        else:
            for word in first[0]:
                by_word.setdefault(word, []).append(match)

    none: list[Match] = []

    def match_any(tokens: Tokens, at: int, mentions: Mentions) -> Ends:
        chosen = by_word.get(tokens[at], none)
        if not others:
            if len(chosen) < 2:
                return chosen[0](tokens, at, mentions) if chosen else ()
            return {end for match in chosen for end in match(tokens, at, mentions)}
        return {end for match in (*chosen, *others) for end in match(tokens, at, mentions)}

    return match_any


def firsts(node: Node) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the words, and the kinds of mentions, with which every hit begins; None: no telling."""
    if isinstance(node, Word):
        return node.forms, frozenset()
    if isinstance(node, Entity):
        return frozenset(), frozenset({node.kind})
    if isinstance(node, Alternatives):
        return _united([firsts(option) for option in node.options])
    if isinstance(node, Chain):
        possible = []
        for part in node.parts:
            inner = part.inner if isinstance(part, Maybe) else part
            possible.append(None if isinstance(inner, Gap) else firsts(inner))
            if not is_empty(part):
                return _united(possible)
    return None


def _united(
    each: list[tuple[frozenset[str], frozenset[str]] | None],
) -> tuple[frozenset[str], frozenset[str]] | None:
    known = [one for one in each if one is not None]
    if len(known) < len(each) or not known:
        return None
    words: frozenset[str] = frozenset().union(*(one[0] for one in known))
    kinds: frozenset[str] = frozenset().union(*(one[1] for one in known))
    return words, kinds


def has_entity(node: Node) -> bool:
    """Whether a mention of an actor stands anywhere in the phrase."""
    if isinstance(node, Chain):
        return any(map(has_entity, node.parts))
    if isinstance(node, Alternatives):
        return any(map(has_entity, node.options))
    return has_entity(node.inner) if isinstance(node, Maybe) else isinstance(node, Entity)


# --- what a hit needs ----------------------------------------------------------------------------

Needs = tuple[frozenset[str], ...]
"""Every hit contains, of each of these sets, at least one member; `@org` is a mention of that kind."""


def needs(node: Node, language: str) -> Needs:
    """Return what must occur in a unit for a hit: words in English, strings of characters in Chinese."""
    joined = _literals if language == "zh" else lambda _node: None
    return tuple(dict.fromkeys(_needs(node, joined)))


def _needs(node: Node, joined: Callable[[Node], frozenset[str] | None]) -> list[frozenset[str]]:
    if literal := joined(node):
        return [literal]
    if isinstance(node, Word):
        return [node.forms]
    if isinstance(node, Entity):
        return [frozenset({f"@{node.kind}"})]
    if isinstance(node, Alternatives):
        each = [_needs(option, joined) for option in node.options]
        if not all(each):
            return []
        return [frozenset().union(*(max(one, key=_rarity) for one in each))]
    if not isinstance(node, Chain):
        return []
    found: list[frozenset[str]] = []
    run: list[Node] = []
    for part in [*node.parts, Gap(0)]:
        if joined(part) is not None and joined(Chain((*run, part))) is not None:
            run.append(part)
            continue
        if run:
            found.append(joined(Chain(tuple(run))) or frozenset())
        run = [part] if joined(part) is not None else []
        if not run:
            found += _needs(part, joined)
    return found


def _rarity(words: frozenset[str]) -> float:
    """Long words in small sets are rare."""
    return min(map(len, words)) - len(words) / 20


def _literals(node: Node) -> frozenset[str] | None:
    """Return the strings that a node spells, if they are few; None otherwise."""
    if isinstance(node, Word):
        return node.forms if len(node.forms) <= MOST_LITERALS else None
    if isinstance(node, Alternatives):
        each = [_literals(option) for option in node.options]
        if any(one is None for one in each):
            return None
        united: frozenset[str] = frozenset().union(*(one for one in each if one))
        return united if len(united) <= MOST_LITERALS else None
    if isinstance(node, Chain):
        spelled = {""}
        for part in node.parts:
            one = _literals(part)
            if one is None or len(spelled) * len(one) > MOST_LITERALS:
                return None
            spelled = {before + after for before, after in product(spelled, one)}
        return frozenset(spelled)
    return None
