"""Whoever reads the documents, and in whatever order, the bytes are the same."""

import os
from pathlib import Path

from pipeline.project import Project
from pipeline.run import flow
from pipeline.run.ledger import working
from pipeline.run.plan import Task, plan_ingest
from pipeline.run.work import WORTH_WORKERS, _in_order, do_ingest
from tests.command import tree


def silent(*_: object) -> None:
    """Show no progress."""


def project_with(folder: Path, bundled: Path, names: list[str]) -> Project:
    for name in names:
        target = folder / "corpus" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((bundled / "corpus" / name).read_bytes())
    (folder / "rules").symlink_to(bundled / "rules")
    return Project(folder)


def test_one_worker_two_workers_and_one_by_one_backwards_give_the_same_bytes(
    bundled: Path, tmp_path: Path
) -> None:
    names = list(Project(bundled).sources())
    assert len(names) > WORTH_WORKERS
    made = {}
    for workers in (1, 2):
        project = project_with(tmp_path / f"w{workers}", bundled, names)
        flow.ingest_corpus(project, silent, workers=workers)
        made[workers] = tree(project.documents)
    project = project_with(tmp_path / "backwards", bundled, names)
    for name in reversed(names):
        flow.ingest_corpus(project, silent, only={name})
    assert made[1] == made[2] == tree(project.documents)


def test_file_that_goes_away_is_a_problem_of_that_file(bundled: Path, tmp_path: Path) -> None:
    names = list(Project(bundled).sources())[:3]
    project = project_with(tmp_path / "p", bundled, names)
    metadata, _ = flow.load_metadata(project)
    with working(project) as ledger:
        plan = plan_ingest(project, ledger, metadata)
        project.source(names[1]).unlink()
        outcome = do_ingest(project, ledger, plan, metadata, silent)
    assert [task.item for task in outcome.made] == [names[0], names[2]]
    assert [problem.where for problem in outcome.problems] == [f"corpus/{names[1]}"]


def _die_on_the_third(task: Task) -> str:
    if task.item == "3" and os.getpid() != int(task.reason):
        os._exit(9)
    return task.item


def test_worker_that_dies_loses_no_document() -> None:
    me = str(os.getpid())
    tasks = [
        Task(item=str(number), reason=me, inputs={}, output=Path(str(number)))
        for number in range(WORTH_WORKERS + 4)
    ]
    done = [(task.item, result) for task, result in _in_order(_die_on_the_third, tasks, 2)]
    assert done == [(task.item, task.item) for task in tasks]
