"""What is questionable in rules that load: found before anybody meets it in a text."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.rules.compile import CompiledPhrase, CompiledRule, LanguageRules, Ruleset
from pipeline.rules.pieces import MOST_PATTERNS, pattern_count


def lint(ruleset: Ruleset) -> list[Problem]:
    """Return the warnings about all rules and cues, sorted by place."""
    found = [warning for rules in ruleset.by_language.values() for warning in _of_language(rules)]
    return sorted(found, key=lambda one: (one.where, one.what))


def _of_language(rules: LanguageRules) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], str] = {}
    for rule in rules.rules:
        yield from _phrases(rule.place, rule.id, rule.phrases)
        yield from _conditions(rule)
        for phrase in rule.phrases:
            key = rule.rule.code, phrase.text, str(rule.rule.where)
            if key in seen:
                what = f'{rule.id}: "{phrase.text}" finds the same as in {seen[key]}'
                yield _warning(rule.place, what, "keep it in one of the two")
            seen.setdefault(key, rule.id)
    for cue in rules.cues:
        yield from _phrases(cue.place, cue.id, cue.phrases)


def _phrases(place: str, name: str, phrases: tuple[CompiledPhrase, ...]) -> Iterator[Problem]:
    for text, times in Counter(phrase.text for phrase in phrases).items():
        if times > 1:
            yield _warning(place, f'{name}: "{text}" stands {times} times', "keep one")
    by_node = defaultdict(list)
    for phrase in phrases:
        if phrase.node is not None:
            by_node[phrase.node].append(phrase.text)
        if not phrase.needs:
            what = f'{name}: "{phrase.text}" needs no particular word, so it is tried on every sentence'
            yield _warning(place, what, "add a word that must be there")
        if phrase.node is not None and pattern_count(phrase.node) > MOST_PATTERNS:
            what = f'{name}: "{phrase.text}" has more than {MOST_PATTERNS} combinations'
            yield _warning(place, what, "split it, or use fewer optional groups")
    for texts in by_node.values():
        if len(set(texts)) > 1:
            yield _warning(place, f"{name}: {' and '.join(map(repr, texts))} mean the same", "keep one")


def _conditions(rule: CompiledRule) -> Iterator[Problem]:
    where = rule.rule.where
    if rule.rule.near is not None and not rule.with_:
        yield _warning(rule.place, f"{rule.id}: `near` without `with`", "remove it, or say what must be near")
    both = {*where.kinds} & {*where.not_kinds} | {*where.documents} & {*where.not_documents}
    if both:
        what = f"{rule.id}: allowed and refused at once: {', '.join(sorted(both))}"
        yield _warning(rule.place, what, "choose")
    own = {phrase.text for phrase in rule.phrases}
    for phrase in rule.without:
        if phrase.text in own:
            what = f'{rule.id}: "{phrase.text}" is trigger and veto at once'
            yield _warning(rule.place, what, "remove one")


def _warning(where: str, what: str, remedy: str) -> Problem:
    return Problem(where=where, what=what, remedy=remedy, severity="warning")
