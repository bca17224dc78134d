"""Codings of all cases from reviewed evidence, and again in little time after a document more."""

import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.coding.combining import combine, tested_hypothesis, untested
from pipeline.coding.findings import Finding
from pipeline.coding.items import Item
from pipeline.coding.leaves import Desk, evaluate
from pipeline.coding.query import DOUBTED, UNREVIEWED
from pipeline.coding.shelf import Key, Shelf
from pipeline.model import Coding, Document, ReviewedEvidence, fingerprint
from pipeline.rules.cases import Case, Cases
from pipeline.rules.scheme import Combine, IndicatorModel, Scheme, Settings, Tested

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
    return Coder(scheme, cases, documents, reviewed, overrides).codings()


class Coder:
    """Codes, and codes again only what a document put or taken concerns."""

    def __init__(
        self,
        scheme: Scheme,
        cases: Cases,
        documents: Iterable[Document] = (),
        reviewed: Iterable[ReviewedEvidence] = (),
        overrides: Overrides | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """See `code`; a shelf that is filled already may be given instead of documents and evidence."""
        self.scheme = scheme
        self.cases = cases
        self.settings = scheme.resolve(overrides)
        with _all_kept():
            self.shelf = shelf or Shelf(scheme, cases, documents, reviewed)
        self._work = {case.id: _Work(self.shelf, case, self.settings) for case in cases.cases}

    def put(self, document: Document, reviewed: Iterable[ReviewedEvidence]) -> None:
        """Add a document with all its evidence, or replace it."""
        self._forget(self.shelf.put(document, reviewed))

    def take(self, document: str) -> None:
        """Leave a document out, with all its evidence."""
        self._forget(self.shelf.take(document))

    def _forget(self, touched: set[Key]) -> None:
        for work in self._work.values():
            work.forget(touched)

    def findings(self, case: str) -> dict[str, Finding]:
        """Return what is found about every indicator of a case, parts before what is made of them."""
        return self._work[case].findings()

    def codings(self) -> list[Coding]:
        """Return all codings; see `code`."""
        with _all_kept():
            found = [coding for case in self.cases.cases for coding in self._work[case.id].codings()]
            return found + self._untested()

    def _untested(self) -> list[Coding]:
        scheme = self.scheme
        found = []
        for name, indicator in scheme.indicators.items():
            if not isinstance(indicator, Tested) or not indicator.reports_untested(self.settings):
                continue
            findings = [work.findings()[name] for work in self._work.values()]
            tested = {int(f.number) for f in findings if f.state == "coded" and f.number is not None}
            stamp = fingerprint(scheme.hash, self.cases.hash)
            found += [
                _record(scheme, ALL_CASES, stamp, name, finding, (), (), self.settings)
                for finding in untested(scheme, tested)
            ]
        return found


@contextlib.contextmanager
def _all_kept() -> Iterator[None]:
    """Keep the garbage collector from looking, again and again, at a million objects that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Work:
    """One case: what is found and recorded, kept until evidence it rests on is touched."""

    def __init__(self, shelf: Shelf, case: Case, settings: Settings) -> None:
        self._shelf = shelf
        self._case = case
        self._settings = settings
        members = shelf.cases.members.get(case.partner, ())
        self._stamp = fingerprint(shelf.scheme.hash, case.model_dump_json(), *members)
        self._documents = -1
        self._findings: dict[str, Finding] = {}
        self._stale: set[str] = set()
        self._keys: dict[str, set[Key]] = {}
        self._records: dict[str, tuple[Finding, Coding, tuple[Item, ...], tuple[str, ...]]] = {}

    def forget(self, touched: set[Key]) -> None:
        for name, keys in self._keys.items():
            if not keys.isdisjoint(touched):
                self._stale.add(name)

    def findings(self) -> dict[str, Finding]:
        shelf, scheme = self._shelf, self._shelf.scheme
        documents = shelf.documents_of(self._case, self._settings)
        if documents != self._documents:  # findings without evidence tell how many documents were read
            self._documents, self._findings = documents, {}
        fresh: set[str] = set()
        for name, indicator in scheme.levels:
            parts = scheme.parts(name)
            stale = name in self._stale or not fresh.isdisjoint(parts)
            if stale or name not in self._findings:
                finding = self._find(name, indicator, documents)
                # the same again is no news for what is made of it
                if parts or finding != self._findings.get(name):
                    fresh.add(name)
                    self._findings[name] = finding
        self._stale.clear()
        return self._findings

    def _find(self, name: str, indicator: IndicatorModel, documents: int) -> Finding:
        scheme = self._shelf.scheme
        if not documents:
            partner = self._case.partner
            reason = f"No readable document in the scope of the case is by or about {partner}."
            return Finding(None, "no_documents", reason, missing=f"documents by or about {partner}")
        if isinstance(indicator, Combine):
            return combine(indicator, self._findings, scheme, self._settings)
        if isinstance(indicator, Tested):
            return tested_hypothesis(indicator, self._findings, scheme)
        desk = Desk(self._shelf, self._case, self._settings, documents)
        finding = evaluate(indicator, desk)
        self._keys[name] = desk.keys
        return finding

    def codings(self) -> list[Coding]:
        scheme, findings = self._shelf.scheme, self.findings()
        for name, _ in scheme.levels:
            kept, finding = self._records.get(name), findings[name]
            if kept and kept[0] is finding:
                continue
            parts = [self._records[part] for part in scheme.parts(name)]
            items = _union([part[2] for part in parts] if parts else list(finding.groups.values()))
            named = tuple(sorted({d for part in parts for d in part[3]} | set(finding.documents)))
            record = _record(scheme, self._case.id, self._stamp, name, finding, items, named, self._settings)
            self._records[name] = (finding, record, items, named)
        return [self._records[name][1] for name in scheme.indicators]


def _record(
    scheme: Scheme,
    case: str,
    stamp: str,
    name: str,
    finding: Finding,
    items: tuple[Item, ...],
    named: tuple[str, ...],
    settings: Settings,
) -> Coding:
    parts = [" ".join((item.id, *item.reviewed.decisions, item.reviewed.verdict or "")) for item in items]
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
        evidence_hash=fingerprint(*parts, *named) if parts or named else "",
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
