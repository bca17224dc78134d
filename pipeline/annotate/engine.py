"""Two ways to find the hits of phrases in a unit; both find the same.

The plain engine is spaCy: one Matcher over all phrases, every phrase on every unit. The indexed
engine reads a unit's words first and looks only for phrases all of whose needs are there.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

from pipeline.annotate.segment import Unit
from pipeline.rules.compile import CompiledPhrase, LanguageRules, PhraseGroup
from pipeline.rules.matching import Hit, Mentions, one_for_each_start
from pipeline.rules.phrases import CHINESE_NUMERALS, Gap, Node, is_digits
from pipeline.rules.pieces import NOTHING, Pieces, bridge, decompose, token_patterns

EngineName = Literal["indexed", "plain"]
Span = tuple[int, int]
"""First token and token after the last."""


MentionsOf = Callable[[], Mentions]


class Reading:
    """A unit with its mentions, and the hits of phrases in it."""

    def __init__(self, unit: Unit, mentions: MentionsOf) -> None:
        self.unit = unit
        self._mentions_of = mentions
        self._hits: dict[CompiledPhrase, list[Hit]] = {}

    @cached_property
    def mentions(self) -> Mentions:
        return self._mentions_of()

    def hits(self, phrase: CompiledPhrase) -> list[Hit]:
        """Return the hits of a phrase that is possible here, one for each start, sorted."""
        found = self._hits.get(phrase)
        if found is None:
            found = self._hits[phrase] = self._find(phrase)
        return found

    def any_hits(self, phrases: PhraseGroup) -> list[Span]:
        """Return the (shortest) hits of several phrases together, sorted, each once."""
        return sorted({hit[:2] for phrase in self._possible(phrases) for hit in self.hits(phrase)})

    def surroundings(self, phrases: PhraseGroup) -> list[Span]:
        """Return the longest hits of several phrases together, sorted, each once."""
        return sorted(
            {(start, most) for phrase in self._possible(phrases) for start, _, most in self.hits(phrase)}
        )

    def has(self, phrases: PhraseGroup) -> bool:
        """Whether any of the phrases occurs."""
        return any(map(self.hits, self._possible(phrases)))

    def hitting(self, phrases: PhraseGroup) -> list[CompiledPhrase]:
        """Return the phrases of a group that occur."""
        return [phrase for phrase in self._possible(phrases) if self.hits(phrase)]

    def _possible(self, phrases: PhraseGroup) -> Collection[CompiledPhrase]:
        return phrases

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        raise NotImplementedError


class IndexedReading(Reading):
    """Looks for a phrase when asked, and only if all that it needs occurs."""

    def __init__(self, unit: Unit, mentions: MentionsOf, present: frozenset[str]) -> None:
        super().__init__(unit, mentions)
        self.present = present

    def _possible(self, phrases: PhraseGroup) -> Collection[CompiledPhrase]:
        return phrases.by_need.possible(self.present)

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        """Look for a phrase whose needs are present."""
        if phrase.node is not None:
            return phrase.find(self._tokens, self._places, self.mentions if phrase.names_actors else {})
        found = _matcher_of(phrase)(self._doc)
        return one_for_each_start((start, end) for _, start, end in found)

    @cached_property
    def _tokens(self) -> list[str]:
        return [*self.unit.tokens, ""]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where the words stand that phrases may begin with (in Chinese all characters)."""
        wanted = None if self.unit.chinese else self.present
        places: dict[str, list[int]] = {}
        for at, token in enumerate(self.unit.tokens):
            if wanted is None or token in wanted:
                places.setdefault(token, []).append(at)
        return places

    @cached_property
    def _doc(self) -> Any:
        return make_doc(self.unit, self.mentions)


class PlainReading(Reading):
    """Everything was matched beforehand."""

    def __init__(self, unit: Unit, mentions: MentionsOf, found: dict[CompiledPhrase, list[Hit]]) -> None:
        super().__init__(unit, mentions)
        self._found = found

    def _find(self, phrase: CompiledPhrase) -> list[Hit]:
        return self._found.get(phrase, [])


class IndexedEngine:
    """Meets only the phrases that could occur in a unit."""

    def __init__(self, rules: LanguageRules) -> None:
        phrases = all_phrases(rules)
        needed = frozenset(word for phrase in phrases for words in phrase.needs for word in words)
        self.words = (
            needed if rules.language == "zh" else needed.union(*(phrase.begins for phrase in phrases))
        )
        self._scan = _scanner(self.words) if rules.language == "zh" else None

    def read(self, unit: Unit, mentions: MentionsOf, kinds: Iterable[str]) -> IndexedReading:
        """Return a reading of the unit; `kinds` are those of its mentions."""
        named = [f"@{kind}" for kind in kinds]
        if self._scan is None:
            return IndexedReading(unit, mentions, self.words.intersection([*unit.tokens, *named]))
        names, automaton = self._scan
        hits = automaton.find_matches_as_indexes("".join(unit.tokens), overlapping=True)
        return IndexedReading(unit, mentions, frozenset([names[number] for number, *_ in hits] + named))


class PlainEngine:
    """The reference: spaCy's Matcher with every phrase on every unit."""

    def __init__(self, rules: LanguageRules) -> None:
        self.matcher = _new_matcher()
        self.ways: dict[CompiledPhrase, list[Pieces]] = {}
        self.names: dict[int, Node | CompiledPhrase] = {}
        self.known: set[Node | CompiledPhrase] = set()
        for phrase in dict.fromkeys(all_phrases(rules)):
            if phrase.node is None:
                self.add(phrase, [phrase.raw])
                continue
            self.ways[phrase] = decompose(phrase.node)
            for piece in {piece: None for way in self.ways[phrase] for piece in way}:
                if not isinstance(piece, Gap) and piece != NOTHING:
                    self.add(piece, token_patterns(piece))

    def add(self, what: Node | CompiledPhrase, patterns: list[Any]) -> None:
        """Let the Matcher look for a piece or a raw pattern."""
        name = f"p{len(self.names)}"
        if what not in self.known:
            self.matcher.add(name, patterns)
            self.names[_vocab().strings.add(name)] = what
            self.known.add(what)

    def read(self, unit: Unit, mentions: MentionsOf, _kinds: Iterable[str]) -> PlainReading:
        """Return a reading in which everything has been matched."""
        found: dict[Any, list[Span]] = defaultdict(list)
        for name, start, end in self.matcher(make_doc(unit, mentions())):
            found[self.names[name]].append((start, end))
        hits = {}
        for phrase, ways in self.ways.items():
            hits[phrase] = [span for way in ways for span in bridge(way, found, unit.tokens)]
        raw = {key: spans for key, spans in found.items() if isinstance(key, CompiledPhrase)}
        return PlainReading(
            unit, mentions, {key: one_for_each_start(spans) for key, spans in {**hits, **raw}.items()}
        )


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
    places = zip(unit.token_starts, unit.token_ends, unit.tokens, strict=True)
    words = [own if (own := unit.text[a:b]).lower() == token else token for a, b, token in places]
    return Doc(_vocab(), words=words, tags=tags)


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


@cache
def _matcher_of(phrase: CompiledPhrase) -> Any:
    matcher = _new_matcher()
    matcher.add("p", [phrase.raw])
    return matcher
