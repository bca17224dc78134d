"""The stages in order, as the commands call them."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline import ingest, store
from pipeline.annotate.engine import EngineName
from pipeline.errors import DataError, MissingInput, Problem, UsageError
from pipeline.ingest.fetch import load_sources
from pipeline.model import Document
from pipeline.project import Project
from pipeline.rules import Ruleset
from pipeline.rules.codebook import load_codebook
from pipeline.run.coding import Coded, Overrides, do_code
from pipeline.run.ledger import open_ledger, working
from pipeline.run.plan import Plan, load_ruleset, plan_annotate, plan_code, plan_ingest
from pipeline.run.work import Outcome, Progress, do_annotate, do_ingest, document_problems


def ingest_corpus(
    project: Project,
    progress: Progress,
    *,
    only: Collection[str] | None = None,
    force: bool = False,
    ocr: bool = False,
    workers: int = 1,
) -> Outcome:
    """Bring the documents up to date with the corpus; problems hold what could not be read."""
    metadata, problems = load_metadata(project)
    with working(project) as ledger:
        options = "+ocr" if ocr else ""
        plan = plan_ingest(project, ledger, metadata, only=only, options=options, force=force)
        outcome = do_ingest(project, ledger, plan, metadata, progress, ocr=ocr, workers=workers)
    languages = load_ruleset(project)[0].languages
    headers = document_headers(project, only)
    outcome.problems += [*problems, *_said_of_nothing(project)]
    outcome.problems += document_problems(headers, languages) if headers else [_nothing_to_read(project)]
    return outcome


def annotate_documents(
    project: Project, progress: Progress, *, force: bool = False, engine: EngineName = "indexed"
) -> Outcome:
    """Bring the evidence up to date with the documents and the rules."""
    ruleset, problems = load_ruleset(project)
    with working(project) as ledger:
        plan = plan_annotate(project, ledger, ruleset, force=force)
        outcome = do_annotate(project, ledger, plan, ruleset, progress, engine=engine)
    outcome.problems += problems
    return outcome


def load_metadata(project: Project) -> tuple[ingest.Metadata, list[Problem]]:
    """Return what `corpus/documents.yaml` says of documents, and `corpus/sources.yaml` of fetched ones.

    Where both speak of a document, `documents.yaml` wins. The second value is what is wrong in them.
    """
    problems: list[Problem] = []
    written = ingest.load_metadata(project, problems)
    fetched = {source.document: source.entry for source in load_sources(project, problems).sources}
    return ingest.Metadata(documents={**fetched, **written.documents}), problems


def _said_of_nothing(project: Project) -> list[Problem]:
    """Name the entries of documents.yaml that fit no file: a misspelt path says nothing of any document."""
    return [
        Problem(
            where="corpus/documents.yaml",
            what=f'"{key}" fits no file',
            remedy="correct the path below corpus/, or remove the entry",
            severity="warning",
        )
        for key in ingest.load_metadata(project, []).unmatched(list(project.sources()))
    ]


def _nothing_to_read(project: Project) -> Problem:
    return Problem(
        where=project.relative(project.corpus),
        what="holds no documents",
        remedy="put files there, or try `pipeline init DIR --example`",
        severity="warning",
    )


def documents_named(project: Project, paths: list[Path]) -> set[str]:
    """Return the ids of the documents that the paths name: files, or folders with all below them."""
    known = list(project.sources())
    chosen: set[str] = set()
    for path in paths:
        place = path if path.exists() or path.is_absolute() else project.root / path
        try:
            inside = place.absolute().resolve().relative_to(project.corpus.resolve()).as_posix()
        except ValueError:
            raise UsageError(
                "not inside the corpus",
                where=path.as_posix(),
                remedy=f"copy it into {project.corpus}, or name another project with --root",
            ) from None
        found = {d for d in known if inside == "." or d == inside or d.startswith(inside + "/")}
        if not found:
            raise MissingInput("no document there", where=path.as_posix())
        chosen |= found
    return chosen


def find_document(project: Project, name: str) -> str:
    """Return the id of the one ingested document that the name fits: exactly, or as a part of its path."""
    known = project.known_documents()
    wanted = name.removeprefix("corpus/")
    if wanted in known:
        return wanted
    fitting = [document for document in known if wanted in document]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        remedy = "one of: " + ", ".join(fitting[:10])
        raise UsageError(f"fits {len(fitting)} documents", where=name, remedy=remedy)
    raise MissingInput("no such document", where=name, remedy="`pipeline status --documents` lists them")


def document_headers(project: Project, only: Collection[str] | None = None) -> list[Document]:
    """Return the document records, without their texts, sorted by id."""
    headers = []
    for document in project.known_documents():
        if only is None or document in only:
            try:
                headers.append(store.read_header(project.document_file(document)))
            except DataError:  # `check` names it, and the next `ingest` makes it again
                continue
    return headers


def summary(outcome: Outcome) -> str:
    """Say in one line what a stage did."""
    if not outcome.made and not outcome.removed:
        return f"{outcome.stage}: nothing to do, {outcome.fresh} up to date"
    reasons: dict[str, int] = {}
    for task in outcome.made:
        reasons[task.reason] = reasons.get(task.reason, 0) + 1
    why = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    parts = [f"{len(outcome.made)} made ({why})" if outcome.made else ""]
    parts += [f"{len(outcome.removed)} removed ({', '.join(outcome.removed[:5])})" if outcome.removed else ""]
    parts += [f"{outcome.fresh} up to date" if outcome.fresh else ""]
    return f"{outcome.stage}: " + ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Written:
    """The names that people's files define and records refer to."""

    codes: frozenset[str]
    rule_ids: frozenset[str]
    ruleset: Ruleset


def load_everything_written(project: Project) -> tuple[Written, list[Problem]]:
    """Read all that people wrote; return the names it defines and everything wrong in it."""
    ruleset, problems = load_ruleset(project)
    _, more = load_metadata(project)
    codebook = load_codebook(project.rules, problems)
    codes = frozenset(codebook.codes) if codebook else frozenset[str]()
    return Written(codes, frozenset(ruleset.rules_by_id), ruleset), [*problems, *more]


def code_cases(project: Project, *, overrides: Overrides | None = None, force: bool = False) -> Coded:
    """Bring the codings up to date with the evidence, the decisions and the scheme."""
    with working(project) as ledger:
        return do_code(project, ledger, document_headers(project), overrides or {}, force=force)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a whole run did."""

    outcomes: list[Outcome]
    coded: Coded
    problems: list[Problem]

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return self.coded.fresh and not any(outcome.made or outcome.removed for outcome in self.outcomes)


def run_all(project: Project, progress: Progress, *, force: bool = False, workers: int = 1) -> Run:
    """Do everything that is stale, in order; problems of one stage do not stop the next."""
    outcomes = [
        ingest_corpus(project, progress, force=force, workers=workers),
        annotate_documents(project, progress, force=force),
    ]
    coded = code_cases(project, force=force)
    problems = [problem for outcome in outcomes for problem in outcome.problems] + coded.problems
    return Run(outcomes=outcomes, coded=coded, problems=list(dict.fromkeys(problems)))


def plans(project: Project) -> list[Plan]:
    """Return what each stage would do now, without doing it."""
    metadata, _ = load_metadata(project)
    ruleset, _ = load_ruleset(project)
    with open_ledger(project) as ledger:
        return [
            plan_ingest(project, ledger, metadata),
            plan_annotate(project, ledger, ruleset),
            plan_code(project, ledger, "[]"),
        ]
