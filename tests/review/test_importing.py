"""Judging with a text editor: evidence lines with a verdict written in, imported as often as one likes."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.errors import MissingInput, Problem
from pipeline.model import Decision, Evidence, Values
from pipeline.review import import_lines
from tests.review.test_merge import CONSULT, PATROL, found, reading

TODAY = reading(PATROL, CONSULT)
PIECES = [found(TODAY, PATROL), found(TODAY, CONSULT, "action.information_sharing")]

ADDED = {"verdict": "add", "document": "a.txt", "quote": "joint patrols", "code": "goal.peace_security"}


def line(piece: Evidence, **written: Any) -> str:
    return json.dumps(msgspec.to_builtins(piece) | written, ensure_ascii=False)


def imported(
    folder: Path, *lines: str, decisions: list[Decision] | None = None
) -> tuple[list[Decision], list[Problem]]:
    path = folder / "judged.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return import_lines(
        path,
        reviewer="Anna",
        time="2026-03-01T12:00:00Z",
        evidence={piece.id: piece for piece in PIECES},
        read=lambda name: (TODAY.document, TODAY.passages) if name == "a.txt" else None,
        decisions=decisions or [],
        where="judged.jsonl",
    )


def test_verdicts_become_decisions_and_silent_lines_do_not(tmp_path: Path) -> None:
    made, problems = imported(tmp_path, line(PIECES[0], verdict="reject", note="无"), line(PIECES[1]), "")
    assert [(one.evidence, one.verdict, one.note) for one in made] == [(PIECES[0].id, "reject", "无")]
    assert not problems


def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    lines = (
        line(PIECES[0], verdict="amend", status="called_for"),
        line(PIECES[1], verdict="accept"),
        line(PIECES[1], verdict="accept"),
        json.dumps(
            {"verdict": "add", "document": "a.txt", "quote": "once a year", "code": "goal.peace_security"}
        ),
    )
    first, problems = imported(tmp_path, *lines)
    assert (len(first), problems) == (3, [])
    assert first[0].values is not None
    assert first[0].values.status == "called_for"
    assert imported(tmp_path, *lines, decisions=first) == ([], [])


def test_a_changed_verdict_replaces_the_earlier_one(tmp_path: Path) -> None:
    first, _ = imported(tmp_path, line(PIECES[0], verdict="accept"))
    second, _ = imported(tmp_path, line(PIECES[0], verdict="reject"), decisions=first)
    assert [one.replaces for one in second] == [first[0].id]


def test_a_line_about_evidence_that_is_gone_is_taken_at_its_word(tmp_path: Path) -> None:
    gone = msgspec.structs.replace(PIECES[0], id="gone")
    made, problems = imported(tmp_path, line(gone, verdict="accept"))
    assert [(one.evidence, one.anchor.quote) for one in made] == [("gone", PATROL)]
    assert not problems


def test_added_words_are_found_in_the_document(tmp_path: Path) -> None:
    [one], _ = imported(tmp_path, json.dumps(ADDED | {"organisations": ["UN"]}))
    assert TODAY.text[one.anchor.start : one.anchor.end] == "joint patrols"
    assert one.values == Values(code="goal.peace_security", organisations=("UN",))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (line(PIECES[0], verdict="yes"), '"yes" is no verdict'),
        (line(PIECES[0], verdict="accept", status="called_for"), "write amend"),
        (line(PIECES[0], verdict="amend"), "change what is wrong"),
        (line(PIECES[0], verdict="accept", remark="x"), "remark"),
        ('{"verdict": "accept"}', "missing required field"),
        ('{"verdict": "add", "document": "b.txt", "quote": "x", "code": "c"}', "no document b.txt"),
        ('{"verdict": "add", "document": "a.txt", "quote": "The", "code": "c"}', "more than once"),
        ('{"verdict": "add", "document": "a.txt", "quote": "Nowhere", "code": "c"}', "does not stand"),
        ("[1]", "not an object"),
        ("{", "not a judged line"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_rest_goes_on(
    tmp_path: Path, written: str, message: str
) -> None:
    made, [problem] = imported(tmp_path, written, line(PIECES[1], verdict="accept"))
    assert len(made) == 1
    assert problem.where == "judged.jsonl:1"
    assert message in problem.what


def test_a_file_that_is_not_there_is_missing_input(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        import_lines(
            tmp_path / "no.jsonl", reviewer="Anna", time="2026-03-01T12:00:00Z", evidence={},
            read=lambda _: None, decisions=[],
        )  # fmt: skip
