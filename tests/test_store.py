"""Records on disk: what is written comes back, and what is broken is named."""

from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import DataError, MissingInput, Problem
from pipeline.model import Anchor, Decision, Page

PAGES = [Page(number=1, printed="iii", characters=3, engine="pdfium"), Page(number=2)]


def decision(number: int) -> Decision:
    anchor = Anchor(text_hash="t", start=0, end=2, quote="宣言\U00020000")
    return Decision(
        id=f"d{number}", evidence="e", document="a.txt", code="norm.x", verdict="accept", anchor=anchor,
        reviewer="ann", time="2026-01-01T00:00:00+00:00",
    )  # fmt: skip


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    assert store.write(tmp_path / "deep" / "pages.jsonl", PAGES)
    assert store.read(tmp_path / "deep" / "pages.jsonl", Page) == PAGES


def test_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    store.write(path, PAGES)
    before = path.stat().st_mtime_ns
    assert not store.write(path, PAGES)
    assert path.stat().st_mtime_ns == before


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    store.write(path, PAGES)

    def broken():
        yield PAGES[0]
        raise RuntimeError("disk on fire")

    with pytest.raises(RuntimeError):
        store.write(path, broken())
    assert store.read(path, Page) == PAGES
    assert [p.name for p in tmp_path.iterdir()] == ["pages.jsonl"]


def test_broken_lines_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b'{"number":1}\n{"number":"two"}\n{"nummer":3}\n\xff\xfe\n{"number":4}\n{"numb')
    problems: list[Problem] = []
    assert [p.number for p in store.read(path, Page, problems, where="x/pages.jsonl")] == [1, 4]
    assert [p.where for p in problems] == [f"x/pages.jsonl:{n}" for n in (2, 3, 4, 6)]
    with pytest.raises(DataError):
        store.read(path, Page)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"gone\.jsonl"):
        store.read(tmp_path / "gone.jsonl", Page)


def test_append_keeps_what_is_there_and_isolates_a_half_line(tmp_path: Path) -> None:
    path = tmp_path / "ann.jsonl"
    store.append(path, decision(1))
    with path.open("ab") as handle:
        handle.write(b'{"id":"half')
    store.append(path, decision(2))
    problems: list[Problem] = []
    assert store.read(path, Decision, problems) == [decision(1), decision(2)]
    assert len(problems) == 1
