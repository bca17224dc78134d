"""Files made to stop a reader: each ends in time with a clear status, and the others go on."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest import Limits, ingest
from pipeline.project import Project
from pipeline.run import flow
from tests.ingest import hostile

LIMITS = Limits(seconds=20, memory=2**30)
TEXT = b"The United Nations and the African Union will consult each other twice a year.\n"

HOSTILE: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("self-reference.pdf", hostile.self_reference, {"unreadable", "timeout"}),
    ("flate-bomb.pdf", hostile.flate_bomb, {"memory", "too_large", "timeout"}),
    ("double-flate.pdf", hostile.double_flate, {"memory", "too_large", "timeout"}),
    ("nested-forms.pdf", hostile.nested_forms, {"memory", "unreadable", "timeout", "too_large"}),
    ("ten-million.pdf", hostile.many_characters, {"memory", "too_large", "timeout"}),
    ("one-page-often.pdf", hostile.repeated_page, {"too_large", "timeout"}),
    ("bomb.docx", hostile.docx_bomb, {"too_large", "memory", "timeout"}),
    ("laughs.docx", hostile.docx_entities, {"unreadable"}),
    ("laughs.xml", hostile.entity_bomb, {"unreadable"}),
]

BROKEN: list[tuple[str, bytes, set[str]]] = [
    ("zero.txt", b"", {"empty"}),
    ("nul.txt", b"\x00" * 4000, {"empty", "wrong_type", "unreadable"}),
    ("truncated.pdf", hostile.plain()[:200], {"unreadable"}),
    ("text-named.pdf", TEXT * 3, {"wrong_type"}),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\x00\x10" * 400, {"wrong_type"}),
    ("noise.txt", bytes(range(256)) * 40, {"wrong_type", "unreadable"}),
]


def project(folder: Path, files: dict[str, bytes]) -> Project:
    made = Project(folder)
    for name, data in files.items():
        path = made.source(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return made


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make", "statuses"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_hostile_file_ends_in_time_with_a_status(
    tmp_path: Path, name: str, make: Callable[[], bytes], statuses: set[str]
) -> None:
    found = ingest(project(tmp_path, {name: make()}), name, limits=LIMITS)
    assert found.document.status in statuses
    assert found.document.warnings
    assert not found.passages


@pytest.mark.parametrize(("name", "data", "statuses"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_broken_file_has_a_status_and_says_why(
    tmp_path: Path, name: str, data: bytes, statuses: set[str]
) -> None:
    found = ingest(project(tmp_path, {name: data}), name, limits=LIMITS)
    assert found.document.status in statuses
    assert found.document.warnings
    assert not found.passages


@pytest.mark.parametrize("name", ['it\'s "so".txt', "宣言 2003年.txt", "a b#c%20d.txt", "deep/er/still.txt"])
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    if os.name == "nt" and '"' in name:
        pytest.skip("no such name on this system")
    found = ingest(project(tmp_path, {name: TEXT}), name, limits=LIMITS)
    assert (found.document.status, found.document.id) == ("ok", name)


def test_junk_before_the_header_does_no_harm(tmp_path: Path) -> None:
    found = ingest(project(tmp_path, {"junk.pdf": b"junk\n" + hostile.plain()}), "junk.pdf", limits=LIMITS)
    assert found.document.status == "ok"
    assert "joint committee" in found.passages[0].text


def test_all_of_them_among_good_documents_leave_the_good_ones_alone(tmp_path: Path, bundled: Path) -> None:
    good = {f"good/{number}.txt": b"%d. " % number + TEXT for number in range(1, 21)}
    bad = {f"bad/{name}": data for name, data, _ in BROKEN}
    made = project(tmp_path / "p", good | bad)
    (tmp_path / "p/rules").symlink_to(bundled / "rules")
    (made.corpus / "bad/loop").symlink_to(made.corpus / "bad")
    (made.corpus / "bad/nowhere.txt").symlink_to(made.corpus / "bad/gone.txt")
    (made.corpus / "copy.txt").write_bytes(good["good/7.txt"])
    outcome = flow.ingest_corpus(made, lambda *_: None, workers=2)
    statuses = {header.id: header.status for header in flow.document_headers(made)}
    assert set(statuses) == set(made.sources())
    assert statuses.pop("copy.txt") == "ok"  # the first of two equal files, in the order of their names
    assert statuses.pop("good/7.txt") == "duplicate"
    assert statuses.pop("bad/nowhere.txt") == "unreadable"
    assert {status for name, status in statuses.items() if name.startswith("good/")} == {"ok"}
    assert "ok" not in {status for name, status in statuses.items() if name.startswith("bad/")}
    named = {problem.where for problem in outcome.problems}
    assert {f"corpus/bad/{name}" for name, *_ in BROKEN} <= named


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom modes can keep out")
def test_file_that_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    made = project(tmp_path, {"secret.txt": TEXT})
    made.source("secret.txt").chmod(0)
    assert ingest(made, "secret.txt", limits=LIMITS).document.status == "unreadable"
