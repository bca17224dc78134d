"""Codings of all cases from reviewed evidence, and again in little time after a document more."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.coding.combining import combine, tested_hypothesis, untested
from pipeline.coding.findings import Finding
from pipeline.coding.leaves import Desk, evaluate
from pipeline.coding.shelf import DOUBTED, UNREVIEWED, Item, Shelf
from pipeline.model import Coding, Document, ReviewedEvidence, fingerprint
from pipeline.rules.cases import Case, Cases
from pipeline.rules.scheme import Combine, Scheme, Tested

ALL_CASES = "*"
"""Case of the codings that speak of hypotheses without a case of their own."""

Overrides = Mapping[str, str | int | float]


def code(
    scheme: Scheme,
    cases: Cases,
    documents: Iterable[Document],
    reviewed: Iterable[ReviewedEvidence],
    overrides: Overrides | None = None,
) -> list[Coding]:
    """Return the coding of every indicator for every case, cases and indicators in the order of their files.

    Evidence of documents that are not given is left out. After the cases come the hypotheses that no
    case tests: case `*`, indicator of the hypothesis, its number, state `not_observed`. Neither the
    order of the documents nor that of the evidence matters. `overrides` are settings other than the
    defaults; `UsageError` if the scheme does not know them.
    """
    return code_shelf(Shelf(scheme, cases, documents, reviewed), scheme.resolve(overrides))


def code_shelf(shelf: Shelf, settings: Mapping[str, int | float | str]) -> list[Coding]:
    """Return the codings of everything on a shelf under complete settings; see `code`."""
    codings: list[Coding] = []
    tested: set[int] = set()
    for case in shelf.cases.cases:
        findings = findings_of(shelf, case, settings)
        codings += records(shelf, case, findings, settings)
        tested |= _tested(shelf.scheme, findings)
    return codings + _untested(shelf, tested, settings)


def findings_of(shelf: Shelf, case: Case, settings: Mapping[str, int | float | str]) -> dict[str, Finding]:
    """Return what is found about every indicator of a case, parts before what is made of them."""
    scheme = shelf.scheme
    documents = shelf.documents_of(case, settings)
    desk = Desk(shelf, scheme, shelf.cases, case, settings, len(documents))
    findings: dict[str, Finding] = {}
    for name, indicator in scheme.levels:
        if not documents:
            reason = f"No readable document in the scope of the case is by or about {case.partner}."
            findings[name] = Finding(
                None, "no_documents", reason, missing=f"documents by or about {case.partner}"
            )
        elif isinstance(indicator, Combine):
            findings[name] = combine(indicator, findings, scheme, settings)
        elif isinstance(indicator, Tested):
            findings[name] = tested_hypothesis(indicator, findings, scheme)
        else:
            findings[name] = evaluate(indicator, desk)
    return findings


def records(
    shelf: Shelf, case: Case, findings: Mapping[str, Finding], settings: Mapping[str, int | float | str]
) -> list[Coding]:
    """Return the findings of a case as records, in the order of the scheme."""
    scheme = shelf.scheme
    used: dict[str, tuple[Item, ...]] = {}
    named: dict[str, tuple[str, ...]] = {}
    for name, _ in scheme.levels:
        finding, parts = findings[name], scheme.parts(name)
        if parts:
            used[name] = _union([used[part] for part in parts]) if finding.state != "no_documents" else ()
            named[name] = tuple(sorted({d for part in parts for d in named[part]}))
        else:
            used[name] = _union(list(finding.groups.values()))
            named[name] = finding.documents
    stamp = fingerprint(scheme.hash, case.model_dump_json(), *shelf.cases.members.get(case.partner, ()))
    return [
        _record(shelf, case.id, stamp, name, findings[name], used[name], named[name], settings)
        for name in scheme.indicators
    ]


def _record(
    shelf: Shelf,
    case: str,
    stamp: str,
    name: str,
    finding: Finding,
    items: tuple[Item, ...],
    named: tuple[str, ...],
    settings: Mapping[str, int | float | str],
) -> Coding:
    scheme = shelf.scheme
    return Coding(
        case=case,
        indicator=name,
        value=finding.value,
        number=finding.number,
        scale=scheme.indicators[name].scale,
        state=finding.state,
        reason=finding.reason,
        parts=scheme.parts(name),
        evidence=tuple(item.id for item in items),
        documents=tuple(sorted({item.source.id for item in items} | set(named))),
        missing=finding.missing,
        settings={setting: settings[setting] for setting in scheme.settings_of[name]},
        flags=tuple(sorted({*finding.flags, *_flags(finding, items)})),
        scheme_hash=stamp,
        evidence_hash=shelf.fingerprint_of(items, named),
    )


def _flags(finding: Finding, items: Sequence[Item]) -> Iterable[str]:
    if finding.state == "coded" and items and all(item.reviewed.verdict is None for item in items):
        yield "machine_only"
    if UNREVIEWED in finding.aside or DOUBTED in finding.aside:
        yield "needs_review"
    if any(item.reviewed.disputed for item in items):
        yield "disputed"


def _union(groups: Sequence[tuple[Item, ...]]) -> tuple[Item, ...]:
    filled = [group for group in groups if group]
    if len(filled) <= 1:
        return filled[0] if filled else ()
    found = {item.id: item for group in filled for item in group}
    return tuple(found[key] for key in sorted(found))


def _tested(scheme: Scheme, findings: Mapping[str, Finding]) -> set[int]:
    return {
        int(finding.number)
        for name, finding in findings.items()
        if isinstance(scheme.indicators[name], Tested)
        and finding.state == "coded"
        and finding.number is not None
    }


def _untested(shelf: Shelf, tested: set[int], settings: Mapping[str, int | float | str]) -> list[Coding]:
    scheme = shelf.scheme
    stamp = fingerprint(scheme.hash, shelf.cases.hash)
    found = []
    for name, indicator in scheme.indicators.items():
        if isinstance(indicator, Tested) and indicator.reports_untested(settings):
            found += [
                _record(shelf, ALL_CASES, stamp, name, finding, (), (), settings)
                for _, finding in untested(scheme, tested)
            ]
    return found
