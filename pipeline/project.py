"""Where things lie in a project folder, and which files of it are documents."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import MissingInput

NOT_DOCUMENTS = frozenset(
    {"documents.yaml", "documents.yml", "sources.yaml", "sources.yml", "sources.lock.jsonl", "readme.md"}
)
"""Files at the top of `corpus/` that say something about documents and are none."""


class Project:
    """A project folder. Nothing is read or made until it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.corpus = self.root / "corpus"
        self.rules = self.root / "rules"
        self.annotations = self.root / "annotations"
        self.documents = self.annotations / "documents"
        self.evidence = self.annotations / "evidence"
        self.decisions = self.annotations / "decisions"
        self.codings = self.root / "codings"
        self.private = self.root / ".pipeline"

    def check(self) -> "Project":
        """Return the project itself if the folder is one; else say how to make one."""
        if not self.rules.is_dir():
            raise MissingInput(
                "not a project folder: it has no rules/",
                where=str(self.root),
                remedy="make one with `pipeline init DIR`, or name one with --root DIR",
            )
        return self

    def relative(self, path: Path) -> str:
        """Return the path as messages name it: below the project folder, with forward slashes."""
        try:
            return path.absolute().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def source(self, document: str) -> Path:
        """Return the source file of a document id."""
        return self.corpus / document

    def document_file(self, document: str) -> Path:
        """Return where the text of a document is kept."""
        return self.documents / f"{document}.jsonl"

    def evidence_file(self, document: str) -> Path:
        """Return where the evidence of a document is kept."""
        return self.evidence / f"{document}.jsonl"

    def sources(self) -> Iterator[str]:
        """Yield the ids of all files under `corpus/` that could be documents, sorted.

        Hidden files and folders are left out; links to folders are not followed, so a loop of
        links ends; a link to a file counts as that file.
        """
        found = []
        for folder, folders, files in os.walk(self.corpus, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            here = Path(folder)
            for name in files:
                if name.startswith(".") or (here == self.corpus and name.lower() in NOT_DOCUMENTS):
                    continue
                found.append((here / name).relative_to(self.corpus).as_posix())
        yield from sorted(found)

    def known_documents(self) -> list[str]:
        """Return the ids of all documents that have been ingested, sorted."""
        return _records_below(self.documents)

    def known_evidence(self) -> list[str]:
        """Return the ids of all documents that have an evidence file, sorted."""
        return _records_below(self.evidence)

    def decision_files(self) -> list[Path]:
        """Return the decision files, one for each reviewer, sorted by name."""
        return sorted(self.decisions.glob("*.jsonl")) if self.decisions.is_dir() else []


def _records_below(folder: Path) -> list[str]:
    ending = ".jsonl"
    return sorted(
        path.relative_to(folder).as_posix()[: -len(ending)]
        for path in folder.rglob(f"*{ending}")
        if not path.name.startswith(".")
    )
