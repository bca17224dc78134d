"""The codebook that travels with the project, and what is said about a broken one."""

from pathlib import Path

import pytest

from pipeline.errors import MissingInput, Problem
from pipeline.rules.codebook import load_codebook

RULES = Path(__file__).parents[2] / "rules"


def test_the_shipped_codebook_holds_twenty_codes_in_both_languages() -> None:
    problems: list[Problem] = []
    codebook = load_codebook(RULES, problems)
    assert codebook is not None, problems
    assert len(codebook.codes) == 20
    for code, entry in codebook.codes.items():
        assert codebook.group(code) in codebook.groups
        assert "organisations" in entry.attributes
        assert entry.name.within("zh") != entry.name.within("en")
        assert any("\u4e00" <= character <= "\u9fff" for character in entry.definition.zh), code


def test_attributes_follow_the_group() -> None:
    codebook = load_codebook(RULES, [])
    assert codebook is not None
    extra = {"action": {"status"}, "resource": {"status", "role"}, "norm": {"polarity"}, "goal": {"polarity"}}
    for code, entry in codebook.codes.items():
        group = codebook.group(code)
        assert set(entry.attributes) == {"organisations"} | extra.get(group, set()), code
        assert entry.instruments_only == (group == "binding"), code


GROUPS = "groups: {a: {en: A, zh: 甲}}\ncodes:\n"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (
            "  b.c: {name: {en: x, zh: y}, definition: {en: x, zh: y}, attributes: []}\n",
            'rules/codebook.yaml:3:3: code "b.c" belongs to no group',
        ),
        ("  a.c: {nam: x}\n", 'rules/codebook.yaml:3:9: unknown key "nam"; did you mean "name"?'),
    ],
)
def test_a_broken_codebook_is_named_by_line_and_column(tmp_path: Path, codes: str, message: str) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "codebook.yaml").write_text(GROUPS + codes, encoding="utf-8")
    problems: list[Problem] = []
    assert load_codebook(rules, problems) is None
    assert any(str(problem).startswith(message) for problem in problems), [*map(str, problems)]


def test_no_codebook_is_missing_input(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        load_codebook(tmp_path, [])
