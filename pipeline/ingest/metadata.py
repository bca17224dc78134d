"""`corpus/documents.yaml`: what a file cannot say of itself, and where people know better than it does."""

import fnmatch
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline.errors import Problem
from pipeline.model import DocumentKind, fingerprint
from pipeline.project import Project
from pipeline.rules.loading import Model, load


def _date(value: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value):
        raise ValueError("not a date; write 2003-09-24, 2003-09 or 2003")
    return value


Date = Annotated[str, AfterValidator(_date)]


class Entry(Model):
    """What is said of one document, or of all whose id fits a pattern; empty fields say nothing."""

    title: str = ""
    kind: DocumentKind | None = None
    date: Date | None = None
    organisations: tuple[str, ...] = ()
    """Parties or issuing body, short names as in `rules/actors.yaml`."""
    symbol: str = ""
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    theatre: str = ""
    """Place of operation that the whole document is about, an id of `rules/actors.yaml`."""
    issue: str = ""
    """Issue area of the whole document, e.g. `peacekeeping`."""
    asserted_binding: str = ""
    """What its parties say of its force, where that cannot be read in it."""
    model_text: bool = False
    """Whether it is a text in the form of an instrument and not the instrument itself."""
    note: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The fields that a document record keeps under `attributes`."""
        named = {name: getattr(self, name) for name in ("asserted_binding", "issue", "note", "theatre")}
        if self.model_text:
            named["model_text"] = "yes"
        return {name: value for name, value in sorted(named.items()) if value}

    @property
    def hash(self) -> str:
        """Fingerprint of what is said; changes when the document has to be read again."""
        return fingerprint(self.model_dump_json())


class Metadata(Model):
    """The file: entries under `documents:`, keyed by document id or by a pattern (`un/*.xml`)."""

    documents: dict[str, Entry | None] = Field(default_factory=dict)

    def entry(self, document_id: str) -> Entry:
        """Return what is said of a document: patterns in the order of the file, then its own entry."""
        said: dict[str, object] = {}
        for key, entry in sorted(self.documents.items(), key=lambda pair: pair[0] == document_id):
            if entry is not None and (key == document_id or fnmatch.fnmatchcase(document_id, key)):
                said |= entry.model_dump(exclude_unset=True)
        return Entry.model_validate(said)

    def unmatched(self, document_ids: list[str]) -> list[str]:
        """Return the keys that fit no document, in the order of the file."""
        return [
            key for key in self.documents
            if key not in document_ids and not fnmatch.filter(document_ids, key)
        ]  # fmt: skip


def load_metadata(project: Project, problems: list[Problem]) -> Metadata:
    """Read `corpus/documents.yaml` (or `.yml`); mistakes are added to the problems.

    A project without the file, or with a broken one, has no entries.
    """
    for name in ("documents.yaml", "documents.yml"):
        path = project.corpus / name
        if path.is_file():
            return load(path, Metadata, problems, where=project.relative(path)) or Metadata()
    return Metadata()
