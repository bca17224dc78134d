"""Two ways to find the hits of phrases in a unit; both find the same.

The plain engine is spaCy: one Matcher over all phrases, every phrase on every unit. The indexed
engine reads a unit's words first and looks only for phrases whose required word is there.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

from pipeline.annotate.segment import Unit
from pipeline.rules.compile import CompiledPhrase, CompiledRule, LanguageRules
from pipeline.rules.phrases import CHINESE_NUMERALS, Hit, Mentions, hits, is_digits, one_for_each_start, token_patterns

EngineName = Literal["indexed", "plain"]
Span = tuple[int, int]
"""First token and token after the last."""


class Reading:
    """A unit with its mentions, and the hits of phrases in it."""

    def __init__(self, unit: Unit, mentions: Mentions) -> None:
        self.unit, self.mentions = unit, mentions
        self._hits: dict[int, list[Hit]] = {}

    def hits(self, phrase: CompiledPhrase) -> list[Hit]:
        """Return the hits of one phrase, one for each start, sorted."""
        key = id(phrase)
        if key not in self._hits:
            self._hits[key] = self._find(phrase)
        return self._hits[key]

    def any_hits(self, phrases: Iterable[CompiledPhrase]) -> list[Span]:
        """Return the (shortest) hits of several phrases together, sorted, each once."""
        return sorted({hit[:2] for phrase in phrases for hit in self.hits(phrase)})

    def surroundings(self, phrases: Iterable[CompiledPhrase]) -> list[Span]:
        """Return the longest hits of several phrases together, sorted, each once."""
        return sorted({(start, most) for phrase in phrases for start, _, most in self.hits(phrase)})

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        raise NotImplementedError


class IndexedReading(Reading):
    """Looks for a phrase when asked, and only if its required word occurs."""

    def __init__(self, unit: Unit, mentions: Mentions) -> None:
        super().__init__(unit, mentions)
        self.words = frozenset(unit.tokens)
        self._doc: Any = None

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        if phrase.words is not None and self.words.isdisjoint(phrase.words):
            return []
        if phrase.node is not None:
            return hits(phrase.node, self.unit.tokens, self.mentions)
        if self._doc is None:
            self._doc = make_doc(self.unit, self.mentions)
        found = _matcher_of(phrase)(self._doc)
        return one_for_each_start((start, end) for _, start, end in found)


class PlainReading(Reading):
    """Everything was matched beforehand."""

    def __init__(self, unit: Unit, mentions: Mentions, found: dict[int, list[Hit]]) -> None:
        super().__init__(unit, mentions)
        self._found = found

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        return self._found.get(id(phrase), [])


class IndexedEngine:
    """Meets only the rules whose required word occurs in the unit."""

    def __init__(self, rules: LanguageRules) -> None:
        self.always: list[int] = []
        self.index: dict[str, list[int]] = defaultdict(list)
        self.rules = rules.rules
        for number, rule in enumerate(rules.rules):
            words = [phrase.words for phrase in rule.phrases]
            if any(one is None for one in words):
                self.always.append(number)
                continue
            for word in frozenset().union(*(one for one in words if one)):
                self.index[word].append(number)

    def read(self, unit: Unit, mentions: Mentions) -> IndexedReading:
        """Return a reading of the unit."""
        return IndexedReading(unit, mentions)

    def candidates(self, reading: Reading) -> list[CompiledRule]:
        """Return the rules that could match, in order of their ids."""
        numbers = set(self.always)
        for word in frozenset(reading.unit.tokens):
            if word in self.index:
                numbers.update(self.index[word])
        return [self.rules[number] for number in sorted(numbers)]


class PlainEngine:
    """The reference: spaCy's Matcher with every phrase on every unit."""

    def __init__(self, rules: LanguageRules) -> None:
        self.rules = rules.rules
        self.matcher = _new_matcher()
        self.phrases: dict[int, int] = {}
        for phrase in all_phrases(rules):
            name = f"p{id(phrase)}"
            _add(self.matcher, name, phrase)
            self.phrases[_vocab().strings.add(name)] = id(phrase)

    def read(self, unit: Unit, mentions: Mentions) -> PlainReading:
        """Return a reading in which everything has been matched."""
        found: dict[int, list[Span]] = defaultdict(list)
        for name, start, end in self.matcher(make_doc(unit, mentions)):
            found[self.phrases[name]].append((start, end))
        return PlainReading(unit, mentions, {key: one_for_each_start(spans) for key, spans in found.items()})

    def candidates(self, _reading: Reading) -> Iterable[CompiledRule]:
        """Return all rules."""
        return self.rules


Engine = IndexedEngine | PlainEngine


def all_phrases(rules: LanguageRules) -> list[CompiledPhrase]:
    """Return every phrase of a language: of rules, cues and issues."""
    found: list[CompiledPhrase] = list(rules.issues)
    for rule in rules.rules:
        found += [*rule.phrases, *rule.without, *rule.not_inside, *rule.under]
        found += [phrase for group in rule.with_ for phrase in group]
    for cue in rules.cues:
        found += [*cue.phrases, *cue.stop, *cue.under]
    return found


def make_doc(unit: Unit, mentions: Mentions) -> Any:
    """Return the unit as a spaCy Doc: our tokens, with numbers and mentions in the tags."""
    from spacy.tokens import Doc

    marks = [""] * len(unit.tokens)
    kinds: dict[Span, list[str]] = defaultdict(list)
    for (kind, start), end in mentions.items():
        kinds[start, end].append(kind)
    for (start, end), names in kinds.items():
        signs = "S" if end - start == 1 else "B" + "I" * (end - start - 2) + "E"
        for at, sign in enumerate(signs, start=start):
            marks[at] = f"{sign}:{' '.join(sorted(names))}"
    tags = [f"{_number_kind(token)}|{mark}" for token, mark in zip(unit.tokens, marks, strict=True)]
    words = [normal_case(unit.text[a:b]) for a, b in zip(unit.token_starts, unit.token_ends, strict=True)]
    return Doc(_vocab(), words=words, tags=tags)


def normal_case(token: str) -> str:
    """Return a token as raw patterns see it: its own case, straight apostrophe."""
    return "'" if token in "’‘`´" else token


def _number_kind(token: str) -> str:
    if is_digits(token):
        return "digits"
    return "numeral" if token in CHINESE_NUMERALS else ""


@lru_cache(maxsize=1)
def _vocab() -> Any:
    import spacy

    return spacy.blank("en").vocab


def _new_matcher() -> Any:
    from spacy.matcher import Matcher

    return Matcher(_vocab())


def _add(matcher: Any, name: str, phrase: CompiledPhrase) -> None:
    matcher.add(name, token_patterns(phrase.node) if phrase.node is not None else [phrase.raw])


@lru_cache(maxsize=None)
def _matcher_of(phrase: CompiledPhrase) -> Any:
    matcher = _new_matcher()
    _add(matcher, "p", phrase)
    return matcher
