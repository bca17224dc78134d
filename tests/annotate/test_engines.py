"""Both engines find the same evidence."""

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import Annotator
from pipeline.annotate.engine import IndexedEngine, PlainEngine
from pipeline.annotate.examples import example_document
from pipeline.annotate.segment import Unit
from pipeline.errors import Problem
from pipeline.rules import Ruleset, load_rules
from pipeline.rules.compile import LanguageRules, PhraseGroup, compile_phrase
from pipeline.rules.phrases import PhraseError
from tests.annotate.writing import document, pack, rule, ruleset
from tests.conftest import ROOT

ENGLISH = ["a", "b", "c", "d", ",", ";", "12"]
CHINESE = ["甲", "乙", "丙", "，", "。", "三", "un"]


def _phrases(words: list[str], joint: str) -> st.SearchStrategy[str]:
    """Phrases of words, groups, alternatives, gaps and optional parts."""
    word = st.sampled_from(words)
    inner = st.lists(word, min_size=1, max_size=2).map(joint.join)
    group = st.lists(inner, min_size=1, max_size=3).map(lambda options: f"({'|'.join(options)})")
    special = st.sampled_from(["#", "@org", "@un", "…2", "…", "‥3"])
    optional = group.map(lambda text: text + "?")
    return st.lists(st.one_of(word, word, group, optional, special), min_size=1, max_size=5).map(joint.join)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), language=st.sampled_from(["en", "zh"]))
def test_any_phrase_hits_the_same_in_any_text(data: st.DataObject, language: str) -> None:
    words, joint = (ENGLISH, " ") if language == "en" else (CHINESE, "")
    try:
        texts = data.draw(st.lists(_phrases(words, joint), min_size=1, max_size=3))
        phrases = PhraseGroup(compile_phrase(text, language, {}) for text in texts)
    except PhraseError:
        return
    tokens = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=12))
    starts = data.draw(st.lists(st.integers(0, len(tokens) - 1), max_size=3, unique=True))
    mentions: dict[tuple[str, int], int] = {}
    for start, after in zip(sorted(starts), [*sorted(starts)[1:], len(tokens)], strict=False):
        kinds = data.draw(st.sets(st.sampled_from(["org", "un"]), min_size=1))
        end = data.draw(st.integers(start + 1, after))
        mentions.update({(kind, start): end for kind in kinds})
    _, passages = document(joint.join(tokens), language=language)
    unit = Unit(passages[0], 0, len(passages[0].text), passages[0].text)
    if len(unit.tokens) != len(tokens):
        return
    rules = LanguageRules(language=language, issues=phrases)
    kinds_here = {kind for kind, _ in mentions}
    indexed = IndexedEngine(rules).read(unit, lambda: mentions, kinds_here)
    plain = PlainEngine(rules).read(unit, lambda: mentions, kinds_here)
    assert indexed.any_hits(phrases) == plain.any_hits(phrases)
    assert indexed.surroundings(phrases) == plain.surroundings(phrases)


def test_raw_token_patterns_are_the_same(tmp_path: Path) -> None:
    raw = "[{LOWER: {IN: [joint, mixed]}}, {LOWER: {REGEX: '^patrol'}}]"
    rules = pack(rule("raw", "action.joint_implementation", "x").replace("'x'", raw))
    loaded = ruleset(tmp_path, rules)
    text = document("The EU began Mixed patrolling.", by=("UN",))
    found = Annotator(loaded).annotate(*text)
    assert [one.trigger for one in found] == ["Mixed patrolling"]
    assert Annotator(loaded, "plain").annotate(*text) == found


@cache
def shipped() -> Ruleset:
    problems: list[Problem] = []
    loaded = load_rules(ROOT / "rules", problems)
    assert problems == []
    return loaded


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_rules_find_the_same_with_both_engines(language: str) -> None:
    rules = shipped()
    indexed, plain = Annotator(rules), Annotator(rules, "plain")
    for compiled in rules.by_language[language].rules[::12]:
        for example in (*compiled.rule.match, *compiled.rule.no_match):
            text = example_document(example, compiled.rule.code, compiled.rule.where, language)
            assert indexed.annotate(*text) == plain.annotate(*text)


def test_evidence_does_not_depend_on_the_order_of_pack_files() -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first = pack(rule("b", "action.joint_implementation", "joint patrol~"))
        second = pack(rule("a", "action.joint_implementation", "joint patrol~"))
        text = document("The EU began joint patrols.", by=("UN",))
        there = Annotator(ruleset(Path(one), first, second)).annotate(*text)
        back = Annotator(ruleset(Path(two), second, first)).annotate(*text)
    assert [record.rules for record in there] == [record.rules for record in back] == [("a", "b")]
    assert there[0].id == back[0].id
