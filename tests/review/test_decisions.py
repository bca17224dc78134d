"""The log of decisions: written at once, never changed, readable whatever happens."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import Problem, UsageError
from pipeline.model import Decision, Values
from pipeline.project import Project
from pipeline.review import (
    DecisionNotSaved,
    append,
    decide,
    finish,
    finished,
    last_of,
    load_decisions,
    reviewer_name,
    standing,
    withdraw,
)
from tests.records import evidence

PIECE = evidence("The mission shall protect civilians.", status=None)
NOON = "2026-03-01T12:00:00+00:00"


def at(minute: int) -> str:
    return f"2026-03-01T12:{minute:02}:00+00:00"


def judged(
    verdict: str, minute: int = 0, reviewer: str = "Anna", earlier: tuple[Decision, ...] = ()
) -> Decision:
    return decide(PIECE, verdict, reviewer=reviewer, time=at(minute), earlier=earlier)  # type: ignore[arg-type]


def test_a_decision_survives_the_way_to_the_disk_and_back(tmp_path: Path) -> None:
    project = Project(tmp_path)
    decision = decide(PIECE, "reject", reviewer="李 ".strip(), time=NOON, note="only a heading\n标题")
    append(project, decision)
    problems: list[Problem] = []
    assert load_decisions(project, problems) == [decision]
    assert not problems
    assert (project.decisions / "李.jsonl").read_text(encoding="utf-8").count("\n") == 1


def test_the_latest_decision_of_each_reviewer_stands() -> None:
    first = judged("accept", 1)
    other = judged("accept", 2, "Bo")
    second = judged("reject", 3, earlier=(first, other))
    assert second.replaces == first.id
    assert standing([first, other, second]) == [other, second]


def test_what_is_withdrawn_gives_way_to_the_decision_before_it() -> None:
    first = judged("accept", 1)
    second = judged("reject", 2, earlier=(first,))
    undo = withdraw(second, time=at(3))
    assert standing([first, second, undo]) == [first]
    undo_all = withdraw(first, time=at(4))
    assert standing([first, second, undo, undo_all]) == []
    again = judged("unsure", 5, earlier=(first, second, undo, undo_all))
    assert again.replaces is None
    assert standing([first, second, undo, undo_all, again]) == [again]


def test_undo_takes_back_the_last_decision_of_the_same_reviewer() -> None:
    mine, theirs = judged("accept", 1), judged("reject", 2, "Bo")
    assert last_of([mine, theirs], "Anna") == mine
    assert last_of([mine, theirs, withdraw(mine, time=at(3))], "Anna") is None


def test_a_finished_document_is_remembered_until_that_is_withdrawn() -> None:
    done = finish("a.txt", "t", reviewer="Anna", time=at(1))
    assert finished([done]) == {("Anna", "a.txt"): done}
    assert standing([done]) == []
    assert finished([done, withdraw(done, time=at(2))]) == {}


def test_an_amendment_keeps_what_the_reviewer_left_alone() -> None:
    decision = decide(PIECE, "amend", reviewer="Anna", time=NOON, values=Values(polarity="rejected"))
    assert decision.values == Values(code=PIECE.code, organisations=PIECE.organisations, polarity="rejected")
    with pytest.raises(UsageError, match="changes nothing"):
        decide(PIECE, "amend", reviewer="Anna", time=NOON)


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "a\\b", ".hidden", "con", "NUL.x", "a b", "x" * 65, "-a"]
)
def test_names_that_no_file_can_have_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        reviewer_name(name)


@pytest.mark.parametrize("name", ["Anna", "li.wei", "李伟", "a", "José-2", "x" * 64])
def test_names_of_people_are_allowed(name: str) -> None:
    assert reviewer_name(name) == name


def test_a_name_in_other_capitals_is_refused(tmp_path: Path) -> None:
    project = Project(tmp_path)
    append(project, judged("accept"))
    with pytest.raises(UsageError, match="Anna"):
        append(project, judged("accept", reviewer="anna"))


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(UsageError, match="offset"):
        decide(PIECE, "accept", reviewer="Anna", time="2026-03-01T12:00:00")


def test_lines_that_are_broken_or_doubled_lose_nothing_else(tmp_path: Path) -> None:
    project = Project(tmp_path)
    first, second = judged("accept", 1), judged("reject", 2)
    append(project, first)
    append(project, second)
    path = project.decisions / "Anna.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[1], lines[0], '{"id": "cut o', lines[0]]), encoding="utf-8")
    problems: list[Problem] = []
    assert load_decisions(project, problems) == [first, second]
    assert [problem.where for problem in problems] == ["annotations/decisions/Anna.jsonl:3"]
    append(project, judged("unsure", 3))
    assert [one.verdict for one in load_decisions(project, [])] == ["accept", "reject", "unsure"]


def test_a_line_under_another_name_counts_and_is_reported(tmp_path: Path) -> None:
    project = Project(tmp_path)
    store.append(project.decisions / "Bo.jsonl", judged("accept"))
    problems: list[Problem] = []
    assert len(load_decisions(project, problems)) == 1
    assert [problem.severity for problem in problems] == ["warning"]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from pipeline.project import Project
from pipeline.review import append, decide, DecisionNotSaved
from tests.records import evidence
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
piece = evidence("The mission shall protect civilians.")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    decision = decide(piece, "reject", reviewer="Anna", time="2026-03-01T12:00:00Z", note="n" * 400)
    append(Project(Path(sys.argv[1])), decision)
except DecisionNotSaved as error:
    print(error)
    sys.exit(4)
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}, check=False,
    )  # fmt: skip


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    project = Project(tmp_path)
    append(project, judged("accept"))
    path = project.decisions / "Anna.jsonl"
    before = path.read_bytes()
    result = run(LIMITED, str(tmp_path), str(len(before) + 200))
    assert result.returncode == 4, result.stderr
    assert "annotations/decisions/Anna.jsonl: the decision was not saved" in result.stdout
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.annotations.mkdir()
    project.decisions.write_text("in the way", encoding="utf-8")
    with pytest.raises(DecisionNotSaved):
        append(project, judged("accept"))


WRITER = """
import itertools, sys
from pathlib import Path
from pipeline.project import Project
from pipeline.review import append, decide
from tests.records import evidence
piece = evidence("The mission shall protect civilians.")
project = Project(Path(sys.argv[1]))
start = int(sys.argv[2])
count = int(sys.argv[3])
for number in itertools.islice(itertools.count(start), count or None):
    time = f"2026-03-01T12:00:00.{number:06}+00:00"
    append(project, decide(piece, "accept", reviewer="Anna", time=time, note=f"{number} " + "备注" * 300))
    print(number, flush=True)
"""


def test_two_processes_never_mix_their_lines(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(start), "60"],
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=subprocess.DEVNULL,
        )
        for start in (0, 1000, 2000)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    problems: list[Problem] = []
    found = {int(one.note.split()[0]) for one in load_decisions(Project(tmp_path), problems)}
    assert not problems
    assert found == {start + number for start in (0, 1000, 2000) for number in range(60)}


def kill_at_random(folder: Path, times: int, seed: int) -> None:
    """Kill a writer again and again; afterwards everything it had confirmed is there."""
    root, rng, confirmed = Path(__file__).parents[2], random.Random(seed), 0
    for round_number in range(times):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(round_number * 1000), "0"],
            env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun to write
        time.sleep(rng.random() * 0.03)
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        said = [round_number * 1000, *map(int, rest)]
        problems: list[Problem] = []
        notes = {int(one.note.split()[0]) for one in load_decisions(Project(folder), problems)}
        assert set(said) <= notes
        assert len(notes) - confirmed - len(said) <= 1  # one may be saved and not yet confirmed
        assert len(problems) <= round_number + 1  # at most the one line it was about to write
        confirmed = len(notes)
        for line in (folder / "annotations/decisions/Anna.jsonl").read_bytes().splitlines():
            if not problems:
                json.loads(line)


def test_a_kill_at_any_moment_loses_at_most_the_decision_being_made(tmp_path: Path) -> None:
    kill_at_random(tmp_path, times=5, seed=1)


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_that_was_confirmed(tmp_path: Path) -> None:
    kill_at_random(tmp_path, times=200, seed=2)
