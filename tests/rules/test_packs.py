"""Packs with mistakes are named with file, line and column; the others go on."""

from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.rules import Ruleset, load_rules, rules_hashes
from pipeline.rules.lint import lint
from pipeline.rules.schema import json_schemas

GOOD = """\
language: en
lists:
  force: [force~, troop~]
rules:
  - id: good
    code: action.joint_implementation
    phrases: [joint patrol~]
    match: [The two missions set up joint patrols.]
    no_match: [A patrol.]
"""


def load(
    tmp_path: Path, *packs: str, names: tuple[str, ...] = ("a.yaml", "b.yml")
) -> tuple[Ruleset, list[Problem]]:
    folder = tmp_path / "rules" / "packs" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    for name, pack in zip(names, packs, strict=False):
        (folder / name).write_text(pack, encoding="utf-8")
    problems: list[Problem] = []
    return load_rules(tmp_path / "rules", problems), problems


def test_both_endings_are_read(tmp_path: Path) -> None:
    ruleset, problems = load(
        tmp_path, GOOD, GOOD.replace("id: good", "id: other").replace("force:", "forces:")
    )
    assert problems == []
    assert sorted(ruleset.rules_by_id) == ["good", "other"]
    assert ruleset.languages == ("en",)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("joint patrol~", "joint (patrol~", "7:21", "( without )"),
        ("joint patrol~", '"joint $forcez"', "7:22", 'unknown list "$forcez"'),
        ("    phrases:", "    patterns:", "7:5", 'unknown key "patterns"'),
        ("id: good", "id: Good Rule", "5:9", "rules.0.id"),
        ("    no_match: [A patrol.]\n", "", "5:9", "no no_match example"),
        ("force~, troop~", "force~, (troop~", "3:19", "( without )"),
    ],
)
def test_mistakes_have_a_place_and_other_packs_go_on(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    assert old in GOOD
    other = GOOD.replace("id: good", "id: other").replace("force:", "forces:")
    ruleset, problems = load(tmp_path, GOOD.replace(old, new), other)
    assert any(one.where == f"rules/packs/en/a.yaml:{where}" and what in one.what for one in problems), (
        problems
    )
    assert "other" in ruleset.rules_by_id


def test_an_id_is_used_once(tmp_path: Path) -> None:
    _, problems = load(tmp_path, GOOD, GOOD.replace("force:", "forces:"))
    assert [one.what for one in problems] == ['id "good" is taken by rules/packs/en/a.yaml:5:9']


def test_an_unknown_code_gets_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    wording = "{en: x, zh: x}"
    entry = f"{{name: {wording}, definition: {wording}, attributes: [organisations]}}"
    codebook = f"groups: {{action: {wording}}}\ncodes: {{action.joint_decision: {entry}}}\n"
    (tmp_path / "rules" / "codebook.yaml").write_text(codebook, encoding="utf-8")
    _, problems = load(tmp_path, GOOD.replace("joint_implementation", "joint_decisions"))
    assert [one.remedy for one in problems] == ['did you mean "action.joint_decision"?']


def test_the_hash_follows_the_language(tmp_path: Path) -> None:
    before, _ = load(tmp_path, GOOD)
    after, _ = load(tmp_path, GOOD.replace("joint patrol~", "joint patrols"))
    assert before.hash_of("en") != after.hash_of("en")
    assert before.hash_of("zh") == after.hash_of("zh")
    assert before.hash != after.hash


def test_hashes_need_no_compiling(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "packs" / "more"
    folder.mkdir(parents=True)
    chinese = GOOD.replace("language: en", "language: zh   # of both").replace("force~, troop~", "部队")
    chinese = chinese.replace("good", "zh-good").replace("joint patrol~", "联合巡逻")
    (folder / "c.yaml").write_text(chinese, encoding="utf-8")
    actors = Path(__file__).parents[2] / "rules" / "actors.yaml"
    (tmp_path / "rules" / "actors.yaml").write_bytes(actors.read_bytes())
    seen: set[str] = set()
    for english in (GOOD, GOOD.replace("joint patrol~", "joint patrols")):
        ruleset, problems = load(tmp_path, english)
        assert problems == []
        hashes = rules_hashes(tmp_path / "rules")
        assert hashes == {language: ruleset.hash_of(language) for language in ("en", "zh")}
        seen.update(hashes.values())
    assert len(seen) == 3  # two versions of the English rules, one of the Chinese


def test_mistakes_do_not_pass_for_compiled_rules(tmp_path: Path) -> None:
    ruleset, problems = load(tmp_path, GOOD, GOOD.replace("rules:", "rulez:"))
    assert problems
    assert rules_hashes(tmp_path / "rules")["en"] != ruleset.hash_of("en")


def test_lint_names_what_is_questionable(tmp_path: Path) -> None:
    pack = GOOD.replace("[joint patrol~]", '[joint patrol~, joint patrol~, "@org"]').replace(
        "    match", "    near: 5\n    match"
    )
    ruleset, problems = load(tmp_path, pack)
    assert problems == []
    said = " / ".join(one.what for one in lint(ruleset))
    assert "stands 2 times" in said
    assert "`near` without `with`" in said


def test_the_schema_knows_the_keys_of_a_rule() -> None:
    rule = json_schemas()["pack"]["$defs"]["Rule"]["properties"]
    assert {"id", "code", "phrases", "with", "near", "not_inside", "yields_to", "carry"} <= set(rule)
