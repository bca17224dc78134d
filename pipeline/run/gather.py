"""Everything about evidence in one view: what was found, what people said, what was lost."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline import review, store
from pipeline.errors import DataError, MissingInput, Problem
from pipeline.model import Decision, Document, Evidence, Passage, ReviewedEvidence
from pipeline.project import Project
from pipeline.rules.cases import load_cases
from pipeline.rules.codebook import load_codebook
from pipeline.run.plan import load_ruleset


@dataclass(frozen=True)
class Gathered:
    """Evidence as it stands, with the documents it stands in."""

    project: Project
    evidence: dict[str, list[Evidence]]
    """What the machine found, by document."""
    reviewed: list[ReviewedEvidence]
    orphans: list[review.Orphan]
    decisions: list[Decision]
    problems: list[Problem]

    @cached_property
    def by_id(self) -> dict[str, ReviewedEvidence]:
        """The reviewed evidence by its id."""
        return {item.evidence.id: item for item in self.reviewed}

    @cached_property
    def machine_by_id(self) -> dict[str, Evidence]:
        """What the machine found, by id."""
        return {item.id: item for items in self.evidence.values() for item in items}

    def find(self, name: str) -> ReviewedEvidence:
        """Return the piece of evidence with this id, or with an id that begins so."""
        found = [item for key, item in self.by_id.items() if key.startswith(name)] if name else []
        if name in self.by_id:
            return self.by_id[name]
        if len(found) == 1:
            return found[0]
        what = f"fits {len(found)} pieces of evidence" if found else "no such evidence"
        raise MissingInput(what, where=name, remedy="`pipeline review list` shows the ids")


def reader(project: Project) -> review.Read:
    """Return a function that gives a document with its passages, or None where there is none."""

    def read(document: str) -> tuple[Document, list[Passage]] | None:
        path = project.document_file(document)
        try:
            return store.read_document(path) if path.exists() else None
        except DataError:  # `check` names it; a decision waits until the document is made again
            return None

    return read


def texts(project: Project) -> Iterator[tuple[Document, Sequence[Passage]]]:
    """Yield the readable documents with their passages, in the order of their ids."""
    read = reader(project)
    for document in project.known_documents():
        text = read(document)
        if text is not None and text[1]:
            yield text


def _qualifier(project: Project, decisions: Iterable[Decision]) -> Callable[[Evidence], Evidence] | None:
    """Return what fills in cases, theatres and issue of evidence that people made or changed.

    None where there is no such evidence: reading the rules takes a second.
    """
    if not any(decision.verdict in ("amend", "add") for decision in decisions):
        return None
    from pipeline.annotate import Annotator

    annotator = Annotator(load_ruleset(project)[0])
    read = reader(project)

    def qualify(evidence: Evidence) -> Evidence:
        text = read(evidence.document)
        return annotator.qualify(evidence, *text) if text else evidence

    return qualify


def gather(project: Project, documents: Collection[str] | None = None) -> Gathered:
    """Read the evidence of the project (or of some documents) and what people said about it."""
    problems: list[Problem] = []
    wanted: Iterable[str] = project.known_evidence() if documents is None else sorted(documents)
    evidence = {}
    for document in wanted:
        path = project.evidence_file(document)
        evidence[document] = store.read_evidence(path, problems, where=project.relative(path))
    decisions = review.load_decisions(project, problems)
    chosen = [d for d in decisions if documents is None or d.document in documents]
    reviewed, orphans = review.merge(
        evidence,
        reader(project),
        chosen,
        codebook=load_codebook(project.rules, problems),
        cases=load_cases(project.rules, problems),
        qualify=_qualifier(project, chosen),
    )
    return Gathered(project, evidence, reviewed, orphans, decisions, problems)
