"""What the project promises, seen through the installed command on the bundled corpus."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.command import derived, pipeline

PAPER = {
    "UN-EU": {
        "agreements.count": "high", "agreements.binding": "strong", "actions.level": "joint_implementation",
        "intensity": "high", "dependence.material": "high", "dependence.symbolic": "high",
        "dependence": "high", "compatibility.goals": "high", "compatibility.norms": "high",
        "compatibility": "high", "predicted_intensity": "high",
    },
    "UN-AU": {
        "agreements.count": "medium", "agreements.binding": "strong", "actions.level": "policy_coordination",
        "intensity": "medium", "dependence.material": "low", "dependence.symbolic": "low",
        "dependence": "low", "compatibility.goals": "high", "compatibility.norms": "high",
        "compatibility": "high", "predicted_intensity": "medium",
    },
    "UN-ASEAN": {
        "agreements.count": "low", "agreements.binding": "none", "actions.level": "information_sharing",
        "intensity": "low", "dependence.material": "low", "dependence.symbolic": "low", "dependence": "low",
        "compatibility.norms": "low", "compatibility": "low", "predicted_intensity": "low",
    },
}  # fmt: skip


def values(root: Path) -> dict[tuple[str, str], str | None]:
    lines = (root / "codings" / "codings.jsonl").read_text(encoding="utf-8").splitlines()
    return {(c["case"], c["indicator"]): c["value"] for c in map(json.loads, lines)}


def evidence_behind(root: Path, case: str, indicator: str) -> list[str]:
    lines = (root / "codings" / "codings.jsonl").read_text(encoding="utf-8").splitlines()
    return next(
        c["evidence"] for c in map(json.loads, lines) if (c["case"], c["indicator"]) == (case, indicator)
    )


def test_bundled_corpus_gives_the_codings_of_the_paper(bundled: Path) -> None:
    found = values(bundled)
    wrong = {
        (case, indicator): (found.get((case, indicator)), value)
        for case, expected in PAPER.items()
        for indicator, value in expected.items()
        if found.get((case, indicator)) != value
    }
    assert not wrong


def test_table_is_printed_and_written_in_three_forms(bundled: Path) -> None:
    said = pipeline(bundled, "run", "--force")
    for word in ("UN-EU", "UN-AU", "UN-ASEAN", "actions.level", "joint_implementation"):
        assert word in said.out
    rows = list(csv.DictReader(io.StringIO((bundled / "codings/codings.csv").read_text("utf-8-sig"))))
    assert {(r["case"], r["indicator"]) for r in rows} == set(values(bundled))
    assert "<html" in (bundled / "codings/report.html").read_text("utf-8")


def test_second_run_does_nothing(bundled: Path) -> None:
    before = {
        p: p.stat().st_mtime_ns for p in bundled.rglob("*") if p.is_file() and ".pipeline" not in p.parts
    }
    said = pipeline(bundled, "run")
    assert "nothing to do" in said.err
    after = {
        p: p.stat().st_mtime_ns for p in bundled.rglob("*") if p.is_file() and ".pipeline" not in p.parts
    }
    assert after == before


def test_derived_files_come_back_byte_for_byte(bundled: Path) -> None:
    before = derived(bundled)
    for name in ("annotations/documents", "annotations/evidence", "codings", ".pipeline"):
        shutil.rmtree(bundled / name)
    pipeline(bundled, "run")
    assert derived(bundled) == before


def test_removing_the_joint_operation_lowers_the_level_and_restoring_it_restores_the_bytes(
    bundled: Path, tmp_path: Path
) -> None:
    before = derived(bundled)
    lines = (bundled / "codings/codings.jsonl").read_text("utf-8").splitlines()
    coding = next(
        c for c in map(json.loads, lines) if (c["case"], c["indicator"]) == ("UN-EU", "actions.level")
    )
    shutil.copytree(bundled / "corpus", tmp_path / "kept")
    for document in coding["documents"]:
        (bundled / "corpus" / document).unlink()
    said = pipeline(bundled, "run")
    assert values(bundled)["UN-EU", "actions.level"] not in ("joint_implementation", None)
    change = next(line for line in said.err.splitlines() if "UN-EU" in line and "actions.level" in line)
    assert "joint_implementation" in change
    assert any(document in said.err for document in coding["documents"])
    shutil.copytree(tmp_path / "kept", bundled / "corpus", dirs_exist_ok=True)
    pipeline(bundled, "run")
    assert derived(bundled) == before


def test_decision_changes_the_coding_and_survives_everything(bundled: Path) -> None:
    for name in evidence_behind(bundled, "UN-ASEAN", "actions.level"):
        pipeline(
            bundled,
            "review",
            "decide",
            name,
            "reject",
            "--note",
            "not about cooperation",
            "--reviewer",
            "ann",
        )
    said = pipeline(bundled, "run")
    assert values(bundled)["UN-ASEAN", "actions.level"] == "none"
    assert "UN-ASEAN" in said.err
    decisions = (bundled / "annotations/decisions/ann.jsonl").read_bytes()
    pipeline(bundled, "annotate", "--force")
    pipeline(bundled, "run")
    assert values(bundled)["UN-ASEAN", "actions.level"] == "none"
    actions = bundled / "rules/packs/en/actions.yaml"
    actions.write_text(actions.read_text("utf-8") + "\n# a remark\n", encoding="utf-8")
    pipeline(bundled, "run")
    assert values(bundled)["UN-ASEAN", "actions.level"] == "none"
    for name in ("annotations/documents", "annotations/evidence", "codings", ".pipeline"):
        shutil.rmtree(bundled / name)
    pipeline(bundled, "run")
    assert values(bundled)["UN-ASEAN", "actions.level"] == "none"
    assert (bundled / "annotations/decisions/ann.jsonl").read_bytes() == decisions


def test_bad_input_is_named_and_the_rest_goes_on(bundled: Path) -> None:
    corpus = bundled / "corpus"
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "garbage.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    (corpus / "unknown.xyz").write_bytes(b"\x00\x01\x02" * 500)
    (corpus / "accord.txt").write_text(
        "Les deux organisations sont convenues de renforcer leur coopération dans le domaine du maintien "
        "de la paix, et de se réunir chaque année afin de faire le point sur les progrès accomplis.\n" * 5,
        encoding="utf-8",
    )
    (corpus / "good.txt").write_text(
        "The United Nations and the African Union held joint consultations in 2010.\n", encoding="utf-8"
    )
    pack = bundled / "rules/packs/en/actions.yaml"
    pack.write_text(pack.read_text("utf-8").replace("    phrases:", "    phrasess:", 1), encoding="utf-8")
    said = pipeline(bundled, "run", expect=3)
    for name in ("corpus/empty.txt: empty", "corpus/garbage.pdf: ", "corpus/unknown.xyz: wrong_type"):
        assert name in said.err
    assert "corpus/accord.txt: language fr" in said.err
    assert 'unknown key "phrasess"; did you mean "phrases"?' in said.err
    assert "rules/packs/en/actions.yaml:" in said.err
    assert (bundled / "annotations/documents/good.txt.jsonl").exists()
    pipeline(bundled, "check", expect=3)


def test_broken_line_is_named_and_comes_back(bundled: Path) -> None:
    before = derived(bundled)
    name = next(iter(sorted((bundled / "annotations/evidence").rglob("*.jsonl"))))
    with name.open("a", encoding="utf-8") as handle:
        handle.write("{broken\n")
    said = pipeline(bundled, "check", expect=3)
    assert f"{name.relative_to(bundled).as_posix()}:" in said.err
    pipeline(bundled, "run")
    assert derived(bundled) == before
    pipeline(bundled, "check")


def test_hand_review_in_the_evidence_file_is_not_overwritten_and_can_be_imported(bundled: Path) -> None:
    path = next(p for p in sorted((bundled / "annotations/evidence").rglob("*.jsonl")) if p.stat().st_size)
    first, *others = path.read_text("utf-8").splitlines()
    judged = {**json.loads(first), "verdict": "reject", "note": "by hand"}
    path.write_text("\n".join([json.dumps(judged, ensure_ascii=False), *others]) + "\n", encoding="utf-8")
    said = pipeline(bundled, "run", expect=3)
    assert "review import" in said.err
    assert '"by hand"' in path.read_text("utf-8")
    pipeline(bundled, "review", "import", str(path), "--reviewer", "ben")
    pipeline(bundled, "run")
    assert (bundled / "annotations/decisions/ben.jsonl").read_text("utf-8").count("\n") == 1
    assert "by hand" not in path.read_text("utf-8")


def test_readers_answer_in_json(bundled: Path) -> None:
    document = pipeline(bundled, "ingest", "--json").json[0]["id"]
    evidence = evidence_behind(bundled, "UN-EU", "actions.level")[0]
    for words in (
        ("status",), ("show", document), ("explain", "UN-EU", "actions.level"), ("explain", "UN-EU"),
        ("explain", evidence), ("check",), ("review", "list"), ("review", "show", evidence), ("evaluate",),
    ):  # fmt: skip
        assert pipeline(bundled, *words, "--json").json


def test_explain_walks_from_value_to_quote_and_page(bundled: Path) -> None:
    said = pipeline(bundled, "explain", "UN-EU", "actions.level")
    assert "joint_implementation" in said.out
    assert "en-" in said.out or "zh-" in said.out
    assert "corpus/" in said.out or "p. " in said.out


@pytest.mark.parametrize("words", [("show", "nothing-like-it"), ("review", "show", "0" * 16)])
def test_what_is_not_there_is_said(bundled: Path, words: tuple[str, ...]) -> None:
    said = pipeline(bundled, *words, expect=4)
    assert words[-1] in said.err


def test_case_that_is_not_there_is_refused_with_the_cases_there_are(bundled: Path) -> None:
    said = pipeline(bundled, "explain", "UN-XX", expect=2)
    assert "UN-EU, UN-AU, UN-ASEAN" in said.err
