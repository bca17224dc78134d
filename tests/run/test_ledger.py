"""The ledger says what is stale and why, and can be lost without harm."""

import os
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.project import Project
from pipeline.run.ledger import Ledger, open_ledger, working


@pytest.fixture
def ledger(tmp_path: Path):
    made = Ledger(tmp_path / ".pipeline" / "index.sqlite")
    yield made
    made.close()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    path.write_text("made\n")
    return path


def test_reasons_name_what_changed(ledger: Ledger, output: Path) -> None:
    inputs = {"the file": "1", "a rule": "2"}
    assert ledger.why_stale("annotate", "a", inputs, output) == "new"
    ledger.record("annotate", "a", inputs, output)
    assert ledger.why_stale("annotate", "a", inputs, output) == ""
    assert ledger.why_stale("annotate", "a", inputs | {"a rule": "3"}, output) == "a rule changed"
    both = {"the file": "x", "a rule": "y"}
    assert ledger.why_stale("annotate", "a", both, output) == "a rule and the file changed"
    assert ledger.why_stale("ingest", "a", inputs, output) == "new"


def test_output_that_was_edited_or_deleted_is_stale(ledger: Ledger, output: Path) -> None:
    ledger.record("annotate", "a", {}, output)
    output.write_text("edited by hand\n")
    assert ledger.why_stale("annotate", "a", {}, output) == "its file was edited"
    output.unlink()
    assert ledger.why_stale("annotate", "a", {}, output) == "its file is missing"


def test_change_that_keeps_size_and_time_is_noticed_while_the_file_is_young(
    ledger: Ledger, output: Path
) -> None:
    before = ledger.hash_of(output)
    stat = output.stat()
    output.write_text("nade\n")
    os.utime(output, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert ledger.hash_of(output) != before


def test_settled_file_is_not_read_again(ledger: Ledger, output: Path) -> None:
    os.utime(output, ns=(10**18, 10**18))
    before = ledger.hash_of(output)
    output.write_text("nade\n")
    os.utime(output, ns=(10**18, 10**18))
    assert ledger.hash_of(output) == before  # same size and time: this is what makes a second run quick


def test_missing_file_has_no_hash(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.hash_of(tmp_path / "gone") == ""


def test_damaged_index_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(b"this is no database" * 100)
    ledger = Ledger(path)
    assert ledger.items("ingest") == []
    ledger.close()


def test_only_one_process_works_at_a_time(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with working(project):
        with pytest.raises(Refused, match="another pipeline command"), working(project):
            pass
        with open_ledger(project) as reading:
            assert reading.items("ingest") == []
    with working(project):
        pass
