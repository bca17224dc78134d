"""The reviewer's desk with the scheme at hand: what a decision would do to the codings."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from pipeline import coding
from pipeline.errors import DataError
from pipeline.model import Coding, Document, Evidence, EvidenceId, ReviewedEvidence
from pipeline.project import Project
from pipeline.review.desk import Desk
from pipeline.run.coding import load_measurement
from pipeline.run.gather import gather, reader
from pipeline.run.plan import load_ruleset


def open_desk(
    project: Project,
    reviewer: str,
    *,
    now: Callable[[], str],
    blind: bool = False,
    only: Collection[EvidenceId] | None = None,
) -> Desk:
    """Return a desk; where the scheme cannot be read, one that does not know what follows."""
    consequences = None
    if not blind:
        found = gather(project)
        read = reader(project)
        known = ((name, read(name)) for name in project.known_documents())
        headers = {name: text[0] for name, text in known if text}
        try:
            consequences = SchemeConsequences(project, headers, found.reviewed)
        except DataError:  # `check` and `code` say what is wrong with it
            consequences = None
    return Desk(
        project,
        reviewer,
        now=now,
        consequences=consequences,
        qualify=_qualifier(project),
        blind=blind,
        only=only,
    )


class SchemeConsequences:
    """Codes again what a decision touches, and no more."""

    def __init__(
        self, project: Project, headers: Mapping[str, Document], reviewed: Sequence[ReviewedEvidence]
    ) -> None:
        """Raises `DataError` where scheme or cases have mistakes."""
        scheme, cases = load_measurement(project)
        self._headers = headers
        self._coder = coding.Coder(scheme, cases, headers.values(), reviewed)
        self._now: dict[str, list[ReviewedEvidence]] = {}
        for one in reviewed:
            self._now.setdefault(one.evidence.document, []).append(one)
        self._codings = self._coder.codings()

    def codings(self) -> list[Coding]:
        """Return the codings as things stand."""
        return self._codings

    def codings_if(self, document: str, reviewed: Sequence[ReviewedEvidence]) -> list[Coding]:
        """Return the codings as they would be if a document had this evidence; nothing changes."""
        if document not in self._headers:
            return self._codings
        self._coder.put(self._headers[document], reviewed)
        try:
            return self._coder.codings()
        finally:
            self._coder.put(self._headers[document], self._now.get(document, []))

    def settle(self, document: str, reviewed: Sequence[ReviewedEvidence]) -> None:
        """Take note that a document has this evidence now."""
        self._now[document] = list(reviewed)
        if document in self._headers:
            self._coder.put(self._headers[document], reviewed)
            self._codings = self._coder.codings()


def _qualifier(project: Project) -> Callable[[Evidence], Evidence]:
    """Return what places evidence that people make or change; the rules are read when it first happens."""
    read = reader(project)

    @cache
    def annotator():  # type: ignore[no-untyped-def]
        from pipeline.annotate import Annotator

        return Annotator(load_ruleset(project)[0])

    def qualify(evidence: Evidence) -> Evidence:
        text = read(evidence.document)
        return annotator().qualify(evidence, *text) if text else evidence

    return qualify
