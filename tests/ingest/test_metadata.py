"""`corpus/documents.yaml`: patterns, a document's own entry, and mistakes that are named."""

from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.ingest import Metadata, extract, load_metadata
from pipeline.project import Project


def read(folder: Path, text: str) -> tuple[Metadata, list[Problem]]:
    project = Project(folder)
    project.corpus.mkdir()
    (project.corpus / "documents.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return load_metadata(project, problems), problems


GOOD = """\
documents:
  un/a.txt: {title: Own title, date: 2004-05}
  un/*: {kind: report, organisations: [UN], title: Of the pattern}
  "*.pdf": {language: zh}
"""


def test_own_entry_wins_over_patterns_wherever_it_stands(tmp_path: Path) -> None:
    metadata, problems = read(tmp_path, GOOD)
    assert problems == []
    own = metadata.entry("un/a.txt")
    assert (own.title, own.date, own.kind, own.organisations) == ("Own title", "2004-05", "report", ("UN",))
    other = metadata.entry("un/b.pdf")
    assert (other.title, other.language) == ("Of the pattern", "zh")
    assert metadata.entry("eu/b.txt").kind is None


def test_keys_that_fit_nothing_are_found(tmp_path: Path) -> None:
    metadata, _ = read(tmp_path, GOOD)
    assert metadata.unmatched(["un/b.txt"]) == ["un/a.txt", "*.pdf"]


def test_what_is_said_goes_before_what_is_read(tmp_path: Path) -> None:
    metadata, _ = read(tmp_path, GOOD)
    document = extract(b"The parties meet each year.", "un/a.txt", metadata.entry("un/a.txt")).document
    assert (document.title, document.date, document.kind) == ("Own title", "2004-05", "report")
    assert document.organisations == ("UN",)


def test_no_file_says_nothing(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert load_metadata(Project(tmp_path), problems) == Metadata()
    assert problems == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("titel: A", "title"),
        ("date: 2004-13", "not a date"),
        ("kind: novel", "novel"),
        ("language: English", "language"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, entry: str, said: str) -> None:
    metadata, problems = read(tmp_path, f"documents:\n  a.txt:\n    {entry}\n")
    assert metadata == Metadata()
    (problem,) = problems
    assert problem.where.startswith("corpus/documents.yaml:3")
    assert said in str(problem)
