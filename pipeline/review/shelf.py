"""Texts, evidence and decisions as they lie on disk, kept in memory and kept up to date."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from pathlib import Path

from pipeline import store
from pipeline.errors import DataError, Problem
from pipeline.model import Decision, Document, Evidence, Passage, ReviewedEvidence
from pipeline.project import Project
from pipeline.review.anchor import Reading
from pipeline.review.decisions import load_decisions
from pipeline.review.made import Qualify
from pipeline.review.merge import Orphan, merge
from pipeline.rules.cases import load_cases
from pipeline.rules.codebook import load_codebook

KEPT = 32
"""Documents whose text is kept in memory."""

Stamp = tuple[int, int]


class Shelf:
    """What the desk works on. With `blind_for` a reviewer's own blind decisions are all there is."""

    def __init__(self, project: Project, blind_for: str = "", qualify: Qualify | None = None) -> None:
        self.project = project
        self.problems: list[Problem] = []
        self._blind_for = blind_for
        self._qualify = qualify
        self._readings: OrderedDict[str, tuple[Stamp, Reading]] = OrderedDict()
        self.load()

    def load(self) -> None:
        """Read everything again."""
        self.problems.clear()
        self.codebook = load_codebook(self.project.rules, self.problems)
        self.cases = load_cases(self.project.rules, self.problems)
        self.headers = self._headers()
        self.evidence: dict[str, list[Evidence]] = {}
        self._stamps: dict[str, Stamp] = {}
        for document in [] if self._blind_for else self.project.known_evidence():
            self._read_evidence(document)
        self._read_log()

    def take_in_decisions(self) -> set[str]:
        """Read the decisions again if a file changed; return the documents that the change is about."""
        if self._decision_stamps() == self._log_stamp:
            return set()
        before = {decision.id: decision for decision in self.log}
        self._read_log()
        after = {decision.id: decision for decision in self.log}
        return {(before | after)[one].document for one in before.keys() ^ after.keys()}

    def take_in_run(self, document: str) -> bool:
        """Read the evidence of a document again if a run made it anew; return whether it did."""
        if self._blind_for or _stamp(self.project.evidence_file(document)) == self._stamps.get(document):
            return False
        self._read_evidence(document)
        return True

    def reading(self, document: str) -> Reading | None:
        """Return a document's text as it is on disk, or None where there is none that can be read."""
        path = self.project.document_file(document)
        stamp = _stamp(path)
        if document not in self.headers or stamp == (0, 0):
            return None
        kept = self._readings.get(document)
        if kept is None or kept[0] != stamp:
            try:
                kept = stamp, Reading(*store.read_document(path, where=self.project.relative(path)))
            except DataError as error:
                self.problems.extend(error.problems)
                return None
        self._readings[document] = kept
        self._readings.move_to_end(document)
        while len(self._readings) > KEPT:
            self._readings.popitem(last=False)
        return kept[1]

    def merged(self, documents: Collection[str] | None = None) -> tuple[list[ReviewedEvidence], list[Orphan]]:
        """Return the evidence of all or some documents as people left it, and the orphans among them."""
        if documents is None:
            return self._merge(self.evidence, self.log)
        # decisions of a document that was renamed lie under its old name
        about = [one for one in self.log if one.document in documents or one.document not in self.headers]
        evidence = {name: self.evidence[name] for name in documents if name in self.evidence}
        reviewed, orphans = self._merge(evidence, about)
        return reviewed, [orphan for orphan in orphans if orphan.decision.document in documents]

    def _merge(
        self, evidence: dict[str, list[Evidence]], decisions: Sequence[Decision]
    ) -> tuple[list[ReviewedEvidence], list[Orphan]]:
        def read(document: str) -> tuple[Document, Sequence[Passage]] | None:
            reading = self.reading(document)
            return (reading.document, reading.passages) if reading else None

        return merge(
            evidence, read, decisions, codebook=self.codebook, cases=self.cases, qualify=self._qualify
        )

    def _headers(self) -> dict[str, Document]:
        found = {}
        for document in self.project.known_documents():
            path = self.project.document_file(document)
            try:
                found[document] = store.read_header(path, where=self.project.relative(path))
            except DataError as error:
                self.problems.extend(error.problems)
        return found

    def _read_evidence(self, document: str) -> None:
        path = self.project.evidence_file(document)
        self._stamps[document] = _stamp(path)
        where = self.project.relative(path)
        self.evidence[document] = store.read_evidence(path, self.problems, where=where)

    def _read_log(self) -> None:
        self._log_stamp = self._decision_stamps()
        found = load_decisions(self.project, self.problems)
        if self._blind_for:
            found = [one for one in found if one.blind and one.reviewer == self._blind_for]
        self.log = found

    def _decision_stamps(self) -> tuple[tuple[str, Stamp], ...]:
        return tuple((path.name, _stamp(path)) for path in self.project.decision_files())


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size
