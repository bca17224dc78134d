"""What changed between two sets of codings, and because of which document, decision, rule or setting."""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from pipeline.coding.coder import ALL_CASES
from pipeline.model import Coding, Document, Record, ReviewedEvidence

CauseKind = Literal["document", "decision", "rule", "setting", "scheme", "case"]


class Cause(Record, frozen=True, kw_only=True):
    """One thing that differs, as far as it bears on a coding."""

    kind: CauseKind
    name: str
    """Document id, decision id, rule id, setting or case."""
    how: str
    """Added, removed, reject, found, no longer found, `3 → 5`, ..."""
    evidence: tuple[str, ...] = ()


class Change(Record, frozen=True, kw_only=True):
    """A coding that is not what it was; a side that did not exist is None throughout."""

    case: str
    indicator: str
    number: float | None = None
    """Of the hypothesis, where there is no case."""
    before: str | None
    after: str | None
    state_before: str | None
    state_after: str | None
    because: tuple[Cause, ...]

    def __str__(self) -> str:
        def said(value: str | None, state: str | None) -> str:
            return value or (state or "nothing").replace("_", " ")

        causes = "; ".join(f"{cause.kind} {cause.name} {cause.how}" for cause in self.because)
        before, after = said(self.before, self.state_before), said(self.after, self.state_after)
        if before == after:
            after = f"{after} ({self.state_before} → {self.state_after})".replace("_", " ")
        return f"{self.case} {self.indicator}: {before} → {after}" + (
            f" because of {causes}" if causes else ""
        )


def key_of(coding: Coding) -> "Key":
    """Return what makes a coding the same one in two sets."""
    return coding.case, coding.indicator, coding.number if coding.case == ALL_CASES else None


def compare(
    old: Iterable[Coding],
    new: Iterable[Coding],
    documents: Iterable[Document] = (),
    reviewed: Iterable[ReviewedEvidence] = (),
    known_before: Collection[str] | None = None,
) -> list[Change]:
    """Return every coding whose value or state changed, with its causes, in the order of the new set.

    `documents` and `reviewed` are today's; with them a cause is told exactly. `known_before` are the
    ids of the documents that the old codings were made from; without it, a document is taken to be
    new if no old coding rests on it and neither settings nor scheme changed.
    """
    before = {key_of(coding): coding for coding in old}
    after = {key_of(coding): coding for coding in new}
    today = {record.evidence.id: record for record in reviewed}
    present = {document.id for document in documents} or None
    changes = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was and now and _essence(was) == _essence(now):
            continue
        changes.append(
            Change(
                case=key[0],
                indicator=key[1],
                number=key[2],
                before=was.value if was else None,
                after=now.value if now else None,
                state_before=was.state if was else None,
                state_after=now.state if now else None,
                because=tuple(_causes(was, now, today, present, known_before))
                if was and now
                else _one_sided(key, was, before, after),
            )
        )
    return changes


def _essence(coding: Coding) -> tuple[str | None, str, float | None]:
    """Return what a reader would call the coding; a count behind a value is not news, a hypothesis is."""
    verdict = coding.value in ("supported", "not_supported")
    return coding.value, coding.state, coding.number if verdict else None


Key = tuple[str, str, float | None]


def _one_sided(
    key: Key, was: Coding | None, before: Mapping[Key, Coding], after: Mapping[Key, Coding]
) -> tuple[Cause, ...]:
    """Return why a coding is there only now, or only was."""
    how = "removed" if was else "added"
    if key[0] != ALL_CASES:
        return (Cause(kind="case", name=key[0], how=how),)
    moved = sorted(
        case
        for case, indicator, _ in before.keys() & after.keys()
        if indicator == key[1]
        and case != ALL_CASES
        and before[case, indicator, None].number != after[case, indicator, None].number
    )
    return tuple(Cause(kind="case", name=case, how="tests another hypothesis") for case in moved)


def _causes(
    was: Coding,
    now: Coding,
    today: Mapping[str, ReviewedEvidence],
    present: set[str] | None,
    known: Collection[str] | None,
) -> Iterable[Cause]:
    """Yield the causes of a change: settings and rules of the scheme, documents, decisions, matching rules.

    Where the settings or the scheme changed they explain why other evidence counts; decisions and
    documents are still named, but no matching rule is blamed.
    """
    edited = was.scheme_hash != now.scheme_hash
    for name in sorted(was.settings.keys() & now.settings.keys()):
        if was.settings[name] != now.settings[name]:
            edited = True
            yield Cause(kind="setting", name=name, how=f"{was.settings[name]} → {now.settings[name]}")
    if was.scheme_hash != now.scheme_hash:
        yield Cause(kind="scheme", name="scheme.yaml or cases.yaml", how="edited")
    found: dict[tuple[CauseKind, str, str], list[str]] = {}

    def blame(kind: CauseKind, name: str, how: str, *evidence: str) -> None:
        found.setdefault((kind, name, how), []).extend(evidence)

    removed = {name for name in was.documents if present is not None and name not in present}
    for document in removed - set(now.documents):
        blame("document", document, "removed")
    new = set(now.documents) - set(was.documents) - set(known or ())
    if known is not None or not edited:
        for document in new:
            blame("document", document, "added")
    for evidence in sorted(set(was.evidence) - set(now.evidence)):
        record = today.get(evidence)
        if record is not None and record.decisions:
            blame("decision", record.decisions[-1], record.verdict or "", evidence)
        elif record is None and not removed:
            where = ", ".join(sorted(set(was.documents) - set(now.documents)) or was.documents)
            blame("rule", where, "no longer found there", evidence)
        elif record is not None and record.evidence.document not in removed and not edited:
            for rule in record.evidence.rules:
                blame("rule", rule, "reads it otherwise", evidence)
    for evidence in sorted(set(now.evidence) - set(was.evidence)):
        record = today.get(evidence)
        if record is None or (record.evidence.document in new and (known is not None or not edited)):
            continue
        if record.decisions:
            blame("decision", record.decisions[-1], record.verdict or "", evidence)
        elif not edited:
            for rule in record.evidence.rules:
                blame("rule", rule, "finds it", evidence)
    for (kind, name, how), ids in sorted(found.items()):
        yield Cause(kind=kind, name=name, how=how, evidence=tuple(ids))
