"""Mistakes in YAML are named with line and column, all of them, and strings stay strings."""

import pytest

from pipeline.errors import Problem
from pipeline.rules.loading import Model, parse


class Inner(Model):
    pattern: str
    weight: int = 1


class Outer(Model):
    language: str = "en"
    rules: tuple[Inner, ...] = ()


def read(text: str) -> tuple[Outer | None, list[str]]:
    problems: list[Problem] = []
    model = parse(text, Outer, problems, where="rules/x.yaml")
    return model, [str(p) for p in problems]


def test_strings_stay_strings() -> None:
    model, problems = read("language: NO\nrules:\n  - {pattern: 1.0, weight: 3}\n")
    assert not problems
    assert model is not None
    assert (model.language, model.rules[0].pattern, model.rules[0].weight) == ("NO", "1.0", 3)


def test_unknown_key_is_pointed_at_with_a_suggestion() -> None:
    _, problems = read("language: en\nrules:\n  - patern: x\n")
    assert 'rules/x.yaml:3:5: unknown key "patern"; did you mean "pattern"?' in problems


def test_all_mistakes_are_gathered_with_their_places() -> None:
    _, problems = read("rules:\n  - pattern: a\n    weight: many\n  - weight: 2\n")
    assert [p.split(" ")[0] for p in problems] == ["rules/x.yaml:3:13:", "rules/x.yaml:4:5:"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: [1\nb: 2\n", "rules/x.yaml:2:2"), ("language: en\nlanguage: zh\n", "rules/x.yaml:2:1")],
)
def test_broken_yaml_and_repeated_keys_are_placed(text: str, place: str) -> None:
    model, problems = read(text)
    assert model is None
    assert problems[0].startswith(place)


def test_empty_file_is_an_empty_mapping() -> None:
    assert read("") == (Outer(), [])
