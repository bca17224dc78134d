"""Doing what a plan says: each finished file is recorded at once, so an interruption loses nothing."""

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from pipeline import ingest, store
from pipeline.annotate import Annotator
from pipeline.annotate.engine import EngineName
from pipeline.errors import DataError, MissingInput, Problem
from pipeline.ingest.extract import failed
from pipeline.model import USABLE_STATUSES, Document
from pipeline.project import Project
from pipeline.rules import Ruleset
from pipeline.run.ledger import Ledger
from pipeline.run.plan import Plan, Task

Progress = Callable[[str, int, int], None]
T = TypeVar("T")

WORTH_WORKERS = 8
"""Fewer documents than this are read sooner than workers are started."""


@dataclass(kw_only=True)
class Outcome:
    """What a stage did."""

    stage: str
    made: list[Task] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    fresh: int = 0
    problems: list[Problem] = field(default_factory=list)
    records: int = 0
    """Passages read, or pieces of evidence found, in what was made."""


def do_ingest(
    project: Project,
    ledger: Ledger,
    plan: Plan,
    metadata: ingest.Metadata,
    progress: Progress,
    *,
    ocr: bool = False,
    workers: int = 1,
) -> Outcome:
    """Read the files of the plan into documents. A bad file becomes a problem; the others go on."""
    outcome = Outcome(stage=plan.stage, fresh=plan.fresh)
    read = partial(_read, project, metadata, ocr=ocr)
    for count, (task, found) in enumerate(_in_order(read, plan.tasks, workers)):
        progress("reading documents", count, len(plan.tasks))
        if isinstance(found, Problem):
            outcome.problems.append(found)
            continue
        store.write(task.output, (found.document, *found.passages))
        ledger.record(plan.stage, task.item, task.inputs, task.output)
        outcome.made.append(task)
        outcome.records += len(found.passages)
    progress("reading documents", len(plan.tasks), len(plan.tasks))
    _remove_gone(project, ledger, plan, outcome)
    ledger.save()
    return outcome


def _read(project: Project, metadata: ingest.Metadata, task: Task, *, ocr: bool) -> ingest.Ingested | Problem:
    """Read one file, or say why there is nothing to read any more."""
    original = task.inputs["the original it duplicates"]
    try:
        if original:
            data = project.source(task.item).read_bytes()
            why = f"the same bytes as {original}, which counts instead"
            return failed(task.item, data, "duplicate", why, metadata.entry(task.item))
        return ingest.ingest(project, task.item, metadata, ocr=ocr)
    except (MissingInput, OSError):
        remedy = "run again"
        return Problem(
            where=f"corpus/{task.item}", what="it went away while it was to be read", remedy=remedy
        )


def _in_order(do: Callable[[Task], T], tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, T]]:
    """Do the tasks and yield them with their results, in their order, whoever does them.

    Where a worker dies, what is left is done here, one after the other.
    """
    done = 0
    if workers > 1 and len(tasks) >= WORTH_WORKERS:
        with contextlib.suppress(BrokenProcessPool), ProcessPoolExecutor(workers) as pool:
            for task, result in zip(tasks, pool.map(do, tasks), strict=True):
                yield task, result
                done += 1
    for task in tasks[done:]:
        yield task, do(task)


def do_annotate(
    project: Project,
    ledger: Ledger,
    plan: Plan,
    ruleset: Ruleset,
    progress: Progress,
    *,
    engine: EngineName = "indexed",
) -> Outcome:
    """Find the evidence in the documents of the plan."""
    outcome = Outcome(stage=plan.stage, fresh=plan.fresh)
    annotator = Annotator(ruleset, engine=engine) if plan.tasks else None
    for count, task in enumerate(plan.tasks):
        progress("finding evidence", count, len(plan.tasks))
        if _was_reviewed_by_hand(task):
            outcome.problems.append(_reviewed_by_hand(project, task))
            continue
        assert annotator is not None
        try:
            document, passages = store.read_document(
                project.document_file(task.item), where=project.relative(project.document_file(task.item))
            )
        except DataError as error:
            outcome.problems.extend(error.problems)
            continue
        evidence = annotator.annotate(document, passages) if passages else []
        store.write(task.output, evidence)
        ledger.record(plan.stage, task.item, task.inputs, task.output)
        outcome.made.append(task)
        outcome.records += len(evidence)
    progress("finding evidence", len(plan.tasks), len(plan.tasks))
    _remove_gone(project, ledger, plan, outcome)
    ledger.save()
    return outcome


def document_problems(documents: list[Document], languages: Collection[str]) -> list[Problem]:
    """Return what a reader must know about the documents: what was not read, and what not searched."""
    problems = []
    for document in documents:
        where = f"corpus/{document.id}"
        if document.status not in USABLE_STATUSES:
            severity = "warning" if document.status in ("duplicate",) else "error"
            what = f"{document.status}: " + ("; ".join(document.warnings) or "nothing was read")
            problems.append(Problem(where=where, what=what, severity=severity))
            continue
        if document.status == "partial":
            problems.append(Problem(where=where, what="partial: " + "; ".join(document.warnings)))
        if document.language not in languages:
            spoken = document.language or "unknown"
            known = ", ".join(sorted(languages)) or "none"
            problems.append(
                Problem(
                    where=where,
                    what=f"language {spoken}: there are no rules for it, so it was not searched",
                    remedy=f"rules exist for {known}; if it is wrong, say so in corpus/documents.yaml",
                    severity="warning",
                )
            )
    return problems


def _was_reviewed_by_hand(task: Task) -> bool:
    return (
        task.reason == "its file was edited"
        and task.output.exists()
        and b'"verdict"' in task.output.read_bytes()
    )


def _reviewed_by_hand(project: Project, task: Task) -> Problem:
    name = project.relative(task.output)
    return Problem(
        where=name,
        what="holds verdicts written by hand, so it is not replaced",
        remedy=f"take them over with `pipeline review import {name} --reviewer YOU`",
    )


def _remove_gone(project: Project, ledger: Ledger, plan: Plan, outcome: Outcome) -> None:
    place = project.document_file if plan.stage == "ingest" else project.evidence_file
    top = project.documents if plan.stage == "ingest" else project.evidence
    for item in plan.gone:
        path = place(item)
        path.unlink(missing_ok=True)
        folder = path.parent
        while folder != top and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
        ledger.forget(plan.stage, item)
        outcome.removed.append(item)
