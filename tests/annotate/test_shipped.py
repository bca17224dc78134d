"""The shipped rules load without a mistake, and all their examples come out."""

from collections.abc import Iterator

import pytest

from pipeline.annotate import Annotator
from pipeline.annotate.examples import run_examples
from pipeline.errors import Problem
from pipeline.rules import Ruleset, load_rules
from pipeline.rules.lint import lint
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def rules() -> Iterator[Ruleset]:
    problems: list[Problem] = []
    loaded = load_rules(ROOT / "rules", problems)
    assert [str(one) for one in problems] == []
    yield loaded


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_examples_come_out(rules: Ruleset, language: str) -> None:
    count, failures = run_examples(rules, Annotator(rules), language=language)
    assert [f"{one.place}: {one.id}: {one.what}: {one.text}" for one in failures] == []
    assert count > 2 * len(rules.by_language[language].rules)


def test_lint_is_clean(rules: Ruleset) -> None:
    assert [str(one) for one in lint(rules)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_has_rules_in_both_languages(rules: Ruleset, language: str) -> None:
    assert rules.codebook is not None
    assert set(rules.codebook.codes) == {one.rule.code for one in rules.by_language[language].rules}
