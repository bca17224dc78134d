"""From rule files to compiled rules: every phrase parsed, every reference checked, all of it hashed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from pipeline.errors import Problem
from pipeline.model import digest
from pipeline.rules.actors import Actors, load_actors
from pipeline.rules.cases import Cases, load_cases
from pipeline.rules.codebook import Codebook, load_codebook
from pipeline.rules.common_words import commonness
from pipeline.rules.loading import schema_hash
from pipeline.rules.matching import Find, Needs, finder, firsts, has_entity, needs
from pipeline.rules.packs import (
    LANGUAGES,
    CueRule,
    Default,
    PackFile,
    Phrase,
    RawPattern,
    Rule,
    is_code_pattern,
    load_packs,
    shared_bytes,
)
from pipeline.rules.phrases import Lists, Node, PhraseError, alternatives, parse


@dataclass(frozen=True, eq=False)
class CompiledPhrase:
    """A phrase ready to match: read from the surface syntax, or a raw spaCy pattern."""

    text: str
    node: Node | None
    raw: RawPattern | None
    needs: Needs

    @cached_property
    def begins(self) -> frozenset[str]:
        """Words with which a hit may begin, as far as they are known."""
        first = firsts(self.node) if self.node is not None else None
        return first[0] if first else frozenset()

    @cached_property
    def names_actors(self) -> bool:
        """Whether mentions matter to the phrase."""
        return self.node is not None and has_entity(self.node)

    @cached_property
    def find(self) -> Find:
        """The hits of a phrase in the surface syntax."""
        assert self.node is not None
        return finder(self.node)


class PhraseGroup(tuple[CompiledPhrase, ...]):
    """Alternative phrases, with an index of them by the rarest word that each one needs."""

    @cached_property
    def by_need(self) -> "PhraseIndex":
        return PhraseIndex(self)


class PhraseIndex:
    """Picks out of many phrases the few that could hit where certain words are present."""

    def __init__(self, phrases: Iterable[CompiledPhrase]) -> None:
        self.always: list[CompiledPhrase] = []
        self.by_word: dict[str, list[tuple[CompiledPhrase, Needs]]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            if not phrase.needs:
                self.always.append(phrase)
                continue
            rarest = min(phrase.needs, key=commonness)
            others = tuple(words for words in phrase.needs if words is not rarest)
            for word in rarest:
                self.by_word[word].append((phrase, others))
        self.words = frozenset(self.by_word)

    def possible(self, present: frozenset[str]) -> Collection[CompiledPhrase]:
        """Return the phrases all of whose needs are present."""
        words = self.words & present
        if not words:
            return self.always
        found = dict.fromkeys(self.always)
        for word in words:
            for phrase, others in self.by_word[word]:
                for needed in others:
                    if present.isdisjoint(needed):
                        break
                else:
                    found[phrase] = None
        return found


NO_PHRASES = PhraseGroup()


@dataclass(frozen=True, eq=False)
class CompiledRule:
    """A rule with its phrases parsed."""

    rule: Rule
    place: str
    phrases: PhraseGroup
    with_: tuple[PhraseGroup, ...]
    without: PhraseGroup
    not_inside: PhraseGroup
    under: PhraseGroup

    @property
    def id(self) -> str:
        return self.rule.id


@dataclass(frozen=True, eq=False)
class CompiledCue:
    """A cue with its phrases parsed."""

    cue: CueRule
    place: str
    phrases: PhraseGroup
    stop: PhraseGroup
    under: PhraseGroup

    @property
    def id(self) -> str:
        return self.cue.id


@dataclass(frozen=True)
class LanguageRules:
    """Everything that holds for texts of one language."""

    language: str
    rules: tuple[CompiledRule, ...] = ()
    cues: tuple[CompiledCue, ...] = ()
    defaults: tuple[Default, ...] = ()
    issues: PhraseGroup = NO_PHRASES
    lists: dict[str, Node] = field(default_factory=dict)
    hash: str = ""


@dataclass(frozen=True)
class Ruleset:
    """All rules of a project, compiled."""

    by_language: dict[str, LanguageRules]
    actors: Actors
    codebook: Codebook | None
    cases: Cases
    hash: str

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages for which there are rules."""
        return tuple(sorted(one for one, rules in self.by_language.items() if rules.rules))

    def hash_of(self, language: str) -> str:
        """Return what evidence in this language depends on: its packs, the actors and the cases."""
        rules = self.by_language.get(language)
        return rules.hash if rules else ""

    @cached_property
    def rules_by_id(self) -> dict[str, CompiledRule]:
        """All rules of all languages by their id."""
        return {one.id: one for rules in self.by_language.values() for one in rules.rules}

    @cached_property
    def cues_by_id(self) -> dict[str, CompiledCue]:
        """All cues of all languages by their id."""
        return {one.id: one for rules in self.by_language.values() for one in rules.cues}


def load_rules(rules_dir: Path, problems: list[Problem]) -> Ruleset:
    """Read and compile all rules; whatever is wrong becomes a problem, the rest goes on."""
    files = load_packs(rules_dir, problems)
    actors = load_actors(rules_dir, problems)
    codebook = load_codebook(rules_dir, problems) if (rules_dir / "codebook.yaml").is_file() else None
    cases = _cases(rules_dir, problems)
    codes = frozenset(codebook.codes) if codebook else frozenset()
    compiler = _Compiler(codes, problems)
    shared = shared_bytes(rules_dir)
    by_language: dict[str, LanguageRules] = {}
    for language in LANGUAGES:
        own = [file for file in files if file.pack.language == language]
        pack_hash = schema_hash(*shared, *(file.data for file in own))
        by_language[language] = compiler.language(language, own, pack_hash)
    whole = digest("".join(rules.hash for rules in by_language.values()).encode())[:16]
    return Ruleset(by_language=by_language, actors=actors, codebook=codebook, cases=cases, hash=whole)


class _Compiler:
    def __init__(self, codes: frozenset[str], problems: list[Problem]) -> None:
        self.codes, self.problems = codes, problems
        self.ids: dict[str, str] = {}
        self.compiled: dict[tuple[str, str, bool], CompiledPhrase] = {}

    def language(self, language: str, files: list[PackFile], pack_hash: str) -> LanguageRules:
        lists = self.lists(language, files)
        rules: list[CompiledRule] = []
        cues: list[CompiledCue] = []
        defaults: list[Default] = []
        issues: list[CompiledPhrase] = []
        for file in files:
            pack = file.pack
            for number, rule in enumerate(pack.rules):
                rules.extend(self.rule(_Place(self, file, language, lists, ("rules", number)), rule))
            for number, cue in enumerate(pack.cues):
                cues.extend(self.cue(_Place(self, file, language, lists, ("cues", number)), cue))
            for number, default in enumerate(pack.defaults):
                self.check_patterns(
                    _Place(self, file, language, lists, ("defaults", number)), "codes", default.codes
                )
                defaults.append(default)
            for name, phrases in pack.issues.items():
                issues.extend(_Place(self, file, language, lists, ("issues",)).phrases(phrases, name))
        rules.sort(key=lambda one: one.id)
        cues.sort(key=lambda one: one.id)
        return LanguageRules(
            language=language,
            rules=tuple(rules),
            cues=tuple(cues),
            defaults=tuple(sorted(defaults, key=lambda one: not one.codes)),
            issues=PhraseGroup(issues),
            lists=lists,
            hash=pack_hash,
        )

    def lists(self, language: str, files: list[PackFile]) -> dict[str, Node]:
        """Parse the named lists; a list may use lists that stand in any pack of the language."""
        waiting = {
            (file, name): texts for file in files for name, texts in file.pack.lists.items()
        }  # fmt: skip
        names = [name for _, name in waiting]
        for file, name in list(waiting):
            if names.count(name) > 1 and names.index(name) != list(waiting).index((file, name)):
                self.say(
                    file.place("lists", name), f'list "{name}" is defined twice', "give one another name"
                )
                del waiting[file, name]
                names[names.index(name)] = ""
        done: dict[str, Node] = {}
        while waiting:
            ready = [
                key for key, texts in waiting.items() if not any(_uses(texts, other) for _, other in waiting)
            ] or list(waiting)
            for file, name in ready:
                texts = waiting.pop((file, name))
                place = _Place(self, file, language, done, ("lists",))
                nodes = [one.node for one in place.phrases(texts, name, open_ended=True) if one.node]
                if nodes:
                    done[name] = alternatives(nodes)
                elif not texts:
                    self.say(file.place("lists", name), f'list "{name}" is empty', "give it a phrase")
        return done

    def rule(self, place: "_Place", rule: Rule) -> Iterator[CompiledRule]:
        before = len(self.problems)
        self.claim(place, rule.id)
        self.check_patterns(place, "code", (rule.code,))
        self.check_patterns(place, "yields_to", rule.yields_to)
        compiled = CompiledRule(
            rule=rule,
            place=place("id"),
            phrases=place.phrases(rule.phrases, "phrases"),
            with_=tuple(place.phrases(group, "with", number) for number, group in enumerate(rule.with_)),
            without=place.phrases(rule.without, "without"),
            not_inside=place.phrases(rule.not_inside, "not_inside", open_ended=True),
            under=place.phrases(rule.where.under, "where", "under"),
        )
        broken = len(self.problems) > before
        if not rule.match:
            self.say(place("id"), f"rule {rule.id} has no match example", "add a text that it must find")
        if not rule.no_match:
            self.say(place("id"), f"rule {rule.id} has no no_match example", "add a text that it must leave")
        if not broken:
            yield compiled

    def cue(self, place: "_Place", cue: CueRule) -> Iterator[CompiledCue]:
        before = len(self.problems)
        self.claim(place, cue.id)
        self.check_patterns(place, "codes", cue.codes)
        compiled = CompiledCue(
            cue=cue,
            place=place("id"),
            phrases=place.phrases(cue.phrases, "phrases"),
            stop=place.phrases(cue.stop, "stop"),
            under=place.phrases(cue.where.under, "where", "under"),
        )
        if len(self.problems) == before:
            yield compiled

    def claim(self, place: "_Place", name: str) -> None:
        if name in self.ids:
            self.say(
                place("id"), f'id "{name}" is taken by {self.ids[name]}', "give every rule and cue its own id"
            )
        self.ids.setdefault(name, place("id"))

    def check_patterns(self, place: "_Place", key: str, patterns: tuple[str, ...]) -> None:
        for pattern in patterns:
            if self.codes and not is_code_pattern(pattern, self.codes):
                import difflib

                close = difflib.get_close_matches(pattern, sorted(self.codes), n=1)
                remedy = f'did you mean "{close[0]}"?' if close else "use a code of rules/codebook.yaml"
                self.say(place(key), f'unknown code "{pattern}"', remedy)

    def say(self, where: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(where=where, what=what, remedy=remedy))


class _Place:
    """Where in a pack we are, and how to compile the phrases that stand there."""

    def __init__(
        self, compiler: _Compiler, file: PackFile, language: str, lists: Lists, path: tuple[int | str, ...]
    ) -> None:
        self.compiler, self.file, self.language, self.lists, self.path = compiler, file, language, lists, path

    def __call__(self, *more: int | str) -> str:
        return self.file.place(*self.path, *more)

    def phrases(self, phrases: tuple[Phrase, ...], *path: int | str, open_ended: bool = False) -> PhraseGroup:
        """Compile phrases; the same text is compiled once, so that it is matched once in a unit."""
        found = []
        for number, phrase in enumerate(phrases):
            key = (self.language, str(phrase), open_ended)
            try:
                if key not in self.compiler.compiled:
                    compiled = compile_phrase(phrase, self.language, self.lists, open_ended=open_ended)
                    self.compiler.compiled[key] = compiled
                found.append(self.compiler.compiled[key])
            except PhraseError as error:
                where = self.file.place(*self.path, *path, number, inside=error.at)
                self.compiler.say(where, f"{error.what} in {phrase!r}", error.remedy)
        return PhraseGroup(found)


def compile_phrase(
    phrase: Phrase, language: str, lists: Lists, *, open_ended: bool = False
) -> CompiledPhrase:
    """Parse one phrase. Raises PhraseError."""
    if isinstance(phrase, str):
        node = parse(phrase, language, lists, open_ended=open_ended)
        return CompiledPhrase(text=phrase, node=node, raw=None, needs=needs(node, language))
    if not phrase:
        raise PhraseError("an empty token pattern", 0, "give it a token")
    raw = cast(RawPattern, _spacy_values(phrase))
    return CompiledPhrase(text=str(phrase), node=None, raw=raw, needs=_needs_of_raw(raw))


def _needs_of_raw(pattern: RawPattern) -> Needs:
    """Return the words of the tokens of a raw pattern that must be there and are spelled out."""
    found = []
    for token in pattern:
        value = token.get("LOWER")
        if token.get("OP", "1") not in ("1", "+"):
            continue
        if isinstance(value, str):
            found.append(frozenset({value}))
        elif isinstance(value, dict) and isinstance(value.get("IN"), list):
            found.append(frozenset(map(str, value["IN"])))
    return tuple(found)


def _spacy_values(value: object) -> object:
    """Return a raw pattern with numbers and truth values as spaCy expects them; YAML gives us text."""
    if isinstance(value, dict):
        return {key: _spacy_values(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spacy_values(one) for one in value]
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _uses(texts: tuple[str, ...], name: str) -> bool:
    import re

    return any(re.search(rf"\${re.escape(name)}(?![A-Za-z0-9_-])", text) for text in texts)


def _cases(rules_dir: Path, problems: list[Problem]) -> Cases:
    return (load_cases(rules_dir, problems) if (rules_dir / "cases.yaml").is_file() else None) or Cases()
