"""The tools for rule writers, through the command line."""

from pathlib import Path

from tests.command import pipeline

TINY = """\
language: en
rules:
  - id: en-try-patrols
    code: action.joint_implementation
    phrases: [joint patrol~]
    match: [The United Nations and the European Union run joint patrols.]
    no_match: [The police ran patrols.]
"""


def test_examples_of_the_shipped_rules_hold_and_lint_is_clean(bundled: Path) -> None:
    assert "0 failed" in pipeline(bundled, "rules", "test").err
    assert "0 warnings" in pipeline(bundled, "rules", "lint").err


def test_new_rule_with_a_wrong_example_is_named_with_its_place(bundled: Path) -> None:
    pack = bundled / "rules/packs/en/mine.yaml"
    pack.write_text(TINY.replace("The police ran patrols", "The EU and the UN began a joint patrol"), "utf-8")
    said = pipeline(bundled, "rules", "test", "--rule", "en-try-patrols", expect=3)
    assert "rules/packs/en/mine.yaml:3:" in said.out
    assert "en-try-patrols" in said.out


def test_try_shows_hits_in_context_and_a_wrong_pattern_is_refused(bundled: Path) -> None:
    said = pipeline(bundled, "rules", "try", "jointly|together")
    assert "[together]" in said.out or "[jointly]" in said.out
    assert "(" in pipeline(bundled, "rules", "try", "( open", expect=2).err


def test_diff_shows_what_a_rule_gains(bundled: Path) -> None:
    before = bundled.parent / "before"
    import shutil

    shutil.copytree(bundled / "rules", before)
    pack = bundled / "rules/packs/en/actions.yaml"
    pack.unlink()
    said = pipeline(bundled, "rules", "diff", str(before))
    assert said.out.count("- action.") > 0
    assert "0 gained" in said.err


def test_report_and_explain_answer_in_json(bundled: Path) -> None:
    rows = pipeline(bundled, "rules", "report", "--json").json
    assert any(row["hits"] for row in rows)
    why = pipeline(
        bundled, "rules", "explain", "joint-declaration-2003", "--code", "norm.civil_military", "--json"
    ).json
    assert {row["code"] for row in why} == {"norm.civil_military"}
    assert pipeline(bundled, "rules", "schema", "pack").json["title"]
