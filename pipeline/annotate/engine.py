"""Two ways to find the hits of phrases in a unit; both find the same.

The plain engine is spaCy: one Matcher over all phrases, every phrase on every unit. The indexed
engine reads a unit's words first and looks only for phrases all of whose needs are there.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, Literal

from pipeline.annotate.segment import Unit
from pipeline.rules.compile import CompiledPhrase, LanguageRules
from pipeline.rules.matching import Hit, Mentions, one_for_each_start, token_patterns
from pipeline.rules.phrases import CHINESE_NUMERALS, is_digits

EngineName = Literal["indexed", "plain"]
Span = tuple[int, int]
"""First token and token after the last."""


class Reading:
    """A unit with its mentions, and the hits of phrases in it."""

    def __init__(self, unit: Unit, mentions: Mentions) -> None:
        self.unit, self.mentions = unit, mentions
        self._hits: dict[CompiledPhrase, list[Hit]] = {}

    def hits(self, phrase: CompiledPhrase) -> list[Hit]:
        """Return the hits of one phrase, one for each start, sorted."""
        found = self._hits.get(phrase)
        if found is None:
            found = self._hits[phrase] = self._find(phrase)
        return found

    def any_hits(self, phrases: Iterable[CompiledPhrase]) -> list[Span]:
        """Return the (shortest) hits of several phrases together, sorted, each once."""
        return sorted({hit[:2] for phrase in phrases for hit in self.hits(phrase)})

    def surroundings(self, phrases: Iterable[CompiledPhrase]) -> list[Span]:
        """Return the longest hits of several phrases together, sorted, each once."""
        return sorted({(start, most) for phrase in phrases for start, _, most in self.hits(phrase)})

    def has(self, phrases: Iterable[CompiledPhrase]) -> bool:
        """Whether any of the phrases occurs."""
        return any(map(self.hits, phrases))

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        raise NotImplementedError


class IndexedReading(Reading):
    """Looks for a phrase when asked, and only if all that it needs occurs."""

    def __init__(self, unit: Unit, mentions: Mentions, present: frozenset[str]) -> None:
        super().__init__(unit, mentions)
        self.present = present
        self._tokens = [*unit.tokens, ""]

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        present = self.present
        for words in phrase.needs:
            if present.isdisjoint(words):
                return []
        if phrase.node is not None:
            return phrase.find(self._tokens, self.mentions)
        found = _matcher_of(phrase)(self._doc)
        return one_for_each_start((start, end) for _, start, end in found)

    @cached_property
    def _doc(self) -> Any:
        return make_doc(self.unit, self.mentions)


class PlainReading(Reading):
    """Everything was matched beforehand."""

    def __init__(self, unit: Unit, mentions: Mentions, found: dict[CompiledPhrase, list[Hit]]) -> None:
        super().__init__(unit, mentions)
        self._found = found

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        return self._found.get(phrase, [])


class IndexedEngine:
    """Meets only the phrases that could occur in a unit."""

    def __init__(self, rules: LanguageRules) -> None:
        self.words = frozenset(word for phrase in all_phrases(rules) for one in phrase.needs for word in one)
        self._scan = _scanner(self.words) if rules.language == "zh" else None

    def read(self, unit: Unit, mentions: Mentions) -> IndexedReading:
        """Return a reading of the unit."""
        kinds = {f"@{kind}" for kind, _ in mentions}
        if self._scan is None:
            return IndexedReading(unit, mentions, self.words.intersection(unit.tokens) | kinds)
        names, automaton = self._scan
        hits = automaton.find_matches_as_indexes("".join(unit.tokens), overlapping=True)
        return IndexedReading(unit, mentions, frozenset(names[number] for number, *_ in hits) | kinds)

    def choose(self, phrases: Iterable[CompiledPhrase]) -> "Chooser":
        """Return what picks out of these phrases the ones that could hit in a reading."""
        return Chooser(phrases)


class Chooser:
    """An index of phrases by the rarest word each of them needs."""

    def __init__(self, phrases: Iterable[CompiledPhrase]) -> None:
        self.always: list[CompiledPhrase] = []
        self.index: dict[str, list[CompiledPhrase]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            if not phrase.needs:
                self.always.append(phrase)
                continue
            for word in min(phrase.needs, key=_commonness):
                self.index[word].append(phrase)
        self.words = frozenset(self.index)

    def hitting(self, reading: Reading) -> list[CompiledPhrase]:
        """Return the phrases that hit in a unit."""
        assert isinstance(reading, IndexedReading)
        asked = dict.fromkeys(self.always)
        for word in self.words & reading.present:
            asked.update(dict.fromkeys(self.index[word]))
        return [phrase for phrase in asked if reading.hits(phrase)]


class PlainEngine:
    """The reference: spaCy's Matcher with every phrase on every unit."""

    def __init__(self, rules: LanguageRules) -> None:
        self.matcher = _new_matcher()
        self.phrases: dict[int, CompiledPhrase] = {}
        for number, phrase in enumerate(dict.fromkeys(all_phrases(rules))):
            name = f"p{number}"
            _add(self.matcher, name, phrase)
            self.phrases[_vocab().strings.add(name)] = phrase

    def read(self, unit: Unit, mentions: Mentions) -> PlainReading:
        """Return a reading in which everything has been matched."""
        found: dict[CompiledPhrase, list[Span]] = defaultdict(list)
        for name, start, end in self.matcher(make_doc(unit, mentions)):
            found[self.phrases[name]].append((start, end))
        hits = {phrase: one_for_each_start(spans) for phrase, spans in found.items()}
        return PlainReading(unit, mentions, hits)

    def choose(self, phrases: Iterable[CompiledPhrase]) -> "AskAll":
        """Return what looks at all of these phrases."""
        return AskAll(phrases)


class AskAll:
    """No index: every phrase is asked for."""

    def __init__(self, phrases: Iterable[CompiledPhrase]) -> None:
        self.phrases = list(dict.fromkeys(phrases))

    def hitting(self, reading: Reading) -> list[CompiledPhrase]:
        """Return the phrases that hit in a unit."""
        return [phrase for phrase in self.phrases if reading.hits(phrase)]


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


_COMMON = frozenset(
    "the of and to in for that on by with its as a be is or their from at any all this such which it has have been "
    "will are not other an shall united nations security council peace international support mission states african "
    "union , . ; : ( ) - ' \" should may must including also said mission's resolution member members secretary "
    "general operation operations force forces government cooperation regional organizations between under these "
    "provide efforts national process states political".split()
)


def _commonness(words: frozenset[str]) -> float:
    """Return roughly how often one of the words occurs; few, long, uncommon words are best for an index."""
    return sum(30.0 if word in _COMMON or word[0] == "@" else 2.0 ** (3 - len(word)) for word in words)


def _scanner(words: frozenset[str]) -> tuple[Sequence[str], Any]:
    from ahocorasick_rs import AhoCorasick

    names = sorted(words)
    return names, AhoCorasick(names)


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
    words = [_own_case(unit.text[a:b]) for a, b in zip(unit.token_starts, unit.token_ends, strict=True)]
    return Doc(_vocab(), words=words, tags=tags)


def _own_case(token: str) -> str:
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
