"""Every record valid, every reference met: what `pipeline check` verifies."""

from collections import Counter
from collections.abc import Collection

from pipeline import review, store
from pipeline.errors import DataError, PipelineError, Problem
from pipeline.model import (
    USABLE_STATUSES,
    Coding,
    Document,
    Evidence,
    Passage,
    digest,
    text_of,
)
from pipeline.project import Project

_REMAKE = "delete the file and run `pipeline run` to have it made again"


def check_project(
    project: Project, codes: Collection[str], rule_ids: Collection[str]
) -> tuple[list[Problem], Counter[str]]:
    """Return what is wrong in the project's records, and how many records of each kind were read."""
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    evidence_ids: set[str] = set()
    known = set(project.known_documents())
    for document in sorted(known):
        _check_one(project, document, codes, rule_ids, evidence_ids, problems, counts)
    for document in project.known_evidence():
        if document not in known:
            where = project.relative(project.evidence_file(document))
            problems.append(
                Problem(where=where, what="evidence of a document that is not there", remedy=_REMAKE)
            )
    judged = _check_decisions(project, codes, problems, counts)
    _check_codings(project, evidence_ids | judged, problems, counts)
    return problems, counts


def _check_decisions(
    project: Project, codes: Collection[str], problems: list[Problem], counts: Counter[str]
) -> set[str]:
    """Return the ids of the evidence that people judged or added."""
    judged = set()
    for decision in review.load_decisions(project, problems):
        counts["decisions"] += 1
        judged.add(decision.evidence)
        if decision.code and decision.code not in codes:
            where = f"annotations/decisions/{decision.reviewer}.jsonl"
            what = f'decision {decision.id}: unknown code "{decision.code}"'
            problems.append(Problem(where=where, what=what, remedy="see rules/codebook.yaml"))
    return judged


def _check_codings(project: Project, known: set[str], problems: list[Problem], counts: Counter[str]) -> None:
    path = project.codings / "codings.jsonl"
    if not path.exists():
        return
    where = project.relative(path)
    for coding in store.read(path, Coding, problems, where=where):
        counts["codings"] += 1
        lost = [name for name in coding.evidence if name not in known]
        if lost:
            what = f"{coding.case} {coding.indicator} rests on evidence that is not there: {', '.join(lost)}"
            problems.append(Problem(where=where, what=what, remedy="run `pipeline code`"))


def _check_one(
    project: Project,
    document: str,
    codes: Collection[str],
    rule_ids: Collection[str],
    evidence_ids: set[str],
    problems: list[Problem],
    counts: Counter[str],
) -> None:
    where = project.relative(project.document_file(document))
    try:
        record, passages = store.read_document(project.document_file(document), problems, where=where)
    except PipelineError as error:
        problems.extend(error.problems if isinstance(error, DataError) else [error.problem])
        return
    counts["documents"] += 1
    counts["passages"] += len(passages)
    text = text_of(passages)
    problems.extend(_document_mistakes(where, document, record, passages, text))
    path = project.evidence_file(document)
    where = project.relative(path)
    for number, evidence in enumerate(store.read_evidence(path, problems, where=where), start=1):
        counts["evidence"] += 1
        place = f"{where}:{number}"
        if evidence.id in evidence_ids:
            problems.append(Problem(where=place, what=f"evidence id {evidence.id} twice", remedy=_REMAKE))
        evidence_ids.add(evidence.id)
        mistakes = _evidence_mistakes(evidence, record, text, codes, rule_ids)
        problems.extend(Problem(where=place, what=what, remedy=_REMAKE) for what in mistakes)


def _document_mistakes(
    where: str, document: str, record: Document, passages: list[Passage], text: str
) -> list[Problem]:
    mistakes = []
    if record.id != document:
        mistakes.append(f'its id "{record.id}" is not its path')
    if record.text_hash != digest(text.encode("utf-8", "surrogatepass")):
        mistakes.append("the passages are not the text that was read")
    if record.status not in USABLE_STATUSES and passages:
        mistakes.append(f"has status {record.status} and passages all the same")
    at = 0
    for number, passage in enumerate(passages, start=1):
        if (passage.number, passage.start, passage.end) != (number, at, at + len(passage.text)):
            mistakes.append(f"passage {number}: number or offsets do not follow from the text")
            break
        at = passage.end + 1
    return [Problem(where=where, what=what, remedy=_REMAKE) for what in mistakes]


def _evidence_mistakes(
    evidence: Evidence, document: Document, text: str, codes: Collection[str], rule_ids: Collection[str]
) -> list[str]:
    mistakes = []
    if text[evidence.start : evidence.end] != evidence.quote:
        mistakes.append("the quote is not what stands at its place")
    inside = evidence.start <= evidence.trigger_start < evidence.trigger_end <= evidence.end
    if not inside or text[evidence.trigger_start : evidence.trigger_end] != evidence.trigger:
        mistakes.append("the trigger is not inside the quote")
    if evidence.text_hash != document.text_hash:
        mistakes.append("it was found in another version of the text")
    if evidence.document != document.id:
        mistakes.append(f'it names another document, "{evidence.document}"')
    if evidence.code not in codes:
        mistakes.append(f'unknown code "{evidence.code}"')
    unknown = [rule for rule in evidence.rules if rule not in rule_ids]
    if unknown:
        mistakes.append(f"unknown rules: {', '.join(unknown)}")
    return mistakes
