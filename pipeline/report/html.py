"""The report page: one self-contained file, readable without a script, in English or Chinese."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.model import INSTRUMENT_KINDS, USABLE_STATUSES, Coding, Document, ReviewedEvidence
from pipeline.report import figures
from pipeline.report.words import VALUES, WORDS, Language, word

SHOWN = 12
"""Pieces of evidence printed for one coding; the others are in the evidence table."""


@dataclass(frozen=True, kw_only=True)
class ReportCase:
    """A case as the report names it."""

    id: str
    names: tuple[str, str]
    """In English and Chinese."""
    partner: str
    """The organisation that is compared with the first of the pair."""
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """Everything the page shows; the caller gathers it, the page only arranges it."""

    cases: Sequence[ReportCase]
    codings: Sequence[Coding]
    evidence: Sequence[ReviewedEvidence]
    documents: Sequence[Document]
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Code names in English and Chinese."""
    indicators: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Indicator titles in English and Chinese."""
    predictions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Expected intensity by (dependence, compatibility)."""
    settings: Sequence[tuple[str, str, str]] = ()
    """Name, value and reason of each setting."""
    versions: Sequence[str] = ()
    corpus: str = "../corpus"
    """Where the sources lie, seen from the folder of the page."""
    robustness: Sequence[tuple[str, str, float]] = ()
    """Case, indicator and the share of setting combinations that keep the value."""


def render(data: ReportData, language: Language = "en") -> str:
    """Return the report as one HTML text; the same data gives the same text."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["value"] = partial(_value_in, language)
    environment.filters["indicator"] = lambda name: word(dict(data.indicators), name, language)
    environment.filters["number"] = _number
    environment.filters["marked"] = _marked
    return environment.get_template("report.html.j2").render(
        data=data,
        language=language,
        w=lambda key: word(WORDS, key, language),
        table=_Table(data),
        evidence={item.evidence.id: item for item in data.evidence},
        documents={document.id: document for document in data.documents},
        code_name=lambda code: word(dict(data.codes), code, language),
        timeline=_timeline(data, language),
        profile=_profile(data, language),
        coverage=_coverage(data),
        shown=SHOWN,
    )


class _Table:
    """Codings by case and indicator, in the order in which they were made."""

    def __init__(self, data: ReportData) -> None:
        self._codings = {(c.case, c.indicator): c for c in data.codings}
        with_case = {case.id for case in data.cases}
        self.indicators = list(dict.fromkeys(c.indicator for c in data.codings if c.case in with_case))
        self.apart = [c for c in data.codings if c.case not in with_case]

    def of(self, case: str, indicator: str) -> Coding | None:
        return self._codings.get((case, indicator))

    def placed(
        self, cases: Sequence[ReportCase], dependence: str, compatibility: str
    ) -> list[tuple[Any, Any]]:
        """Return (case, its intensity coding) for the cases whose conditions have these values."""
        return [
            (case, self.of(case.id, "intensity"))
            for case in cases
            if (first := self.of(case.id, "dependence")) is not None
            and (second := self.of(case.id, "compatibility")) is not None
            and (first.value, second.value) == (dependence, compatibility)
        ]


def _value_in(language: Language, value: str | None) -> str:
    return "—" if value is None else word(VALUES, value, language)


def _number(coding: Coding) -> str:
    """Return the count behind a value, where the value is a count."""
    counted = coding.indicator.endswith(".count") and coding.number is not None
    return f" ({coding.number:g})" if counted else ""


def _marked(item: ReviewedEvidence) -> Any:
    """Return the quote with its trigger marked, everything else escaped."""
    from markupsafe import Markup, escape

    e = item.evidence
    start, end = e.trigger_start - e.start, e.trigger_end - e.start
    return Markup("{}<mark>{}</mark>{}").format(
        escape(e.quote[:start]), escape(e.quote[start:end]), escape(e.quote[end:])
    )


def _timeline(data: ReportData, language: Language) -> str:
    names = {"agreement": word(WORDS, "agreement", language)} | {
        kind: word(VALUES, kind.partition(".")[2], language)
        for kind in figures.LEVEL_COLOURS
        if kind != "agreement"
    }
    lanes = [(case.id, case.id) for case in data.cases]
    marks = [*_instruments(data), *_reported(data)]
    return figures.timeline(lanes, marks, names, word(WORDS, "timeline", language))


def _instruments(data: ReportData) -> Iterator[figures.Mark]:
    """Yield the agreements whose own text is in the corpus."""
    documents = {document.id: document for document in data.documents}
    for coding in data.codings:
        if coding.indicator == "agreements.count":
            for document in (documents[name] for name in coding.documents if name in documents):
                year = document.date[:4]
                if document.kind in INSTRUMENT_KINDS and year.isdigit():
                    yield figures.Mark(coding.case, int(year), "agreement", f"{year}: {document.title}")


def _reported(data: ReportData) -> Iterator[figures.Mark]:
    """Yield agreements and actions that have happened and that a coding rests on."""
    evidence = {item.evidence.id: item.evidence for item in data.evidence}
    dates = {document.id: document.date for document in data.documents}
    for coding in data.codings:
        for e in (evidence[name] for name in coding.evidence if name in evidence):
            if e.code == "agreement.instrument":
                kind, year = "agreement", f"{e.instrument}::".split(":")[1]
            else:
                kind, year = e.code, dates.get(e.document, "")[:4]
            if kind in figures.LEVEL_COLOURS and year.isdigit() and e.status in (None, "performed"):
                yield figures.Mark(coding.case, int(year), kind, f"{year}: {e.quote[:160]}")


def _profile(data: ReportData, language: Language) -> str:
    partners = list(dict.fromkeys(["UN", *(case.partner for case in data.cases)]))
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for item in data.evidence:
        e = item.evidence
        if item.counts and e.code.startswith(("norm.", "goal.")):
            for organisation in set(e.organisations) & set(partners):
                affirmed, rejected = counts.get((e.code, organisation), (0, 0))
                counts[e.code, organisation] = (
                    affirmed + (e.polarity != "rejected"),
                    rejected + (e.polarity == "rejected"),
                )
    rows = [(code, word(dict(data.codes), code, language)) for code in sorted({code for code, _ in counts})]
    return figures.profile(rows, partners, counts, word(WORDS, "profile", language))


def _coverage(data: ReportData) -> dict[str, Any]:
    usable = [d for d in data.documents if d.status in USABLE_STATUSES]
    per_document = Counter(item.evidence.document for item in data.evidence)
    return {
        "usable": len(usable),
        "all": len(data.documents),
        "pages": sum(len(d.pages) for d in usable),
        "unread": sum(not page.characters for d in data.documents for page in d.pages),
        "languages": sorted(Counter(d.language or "?" for d in usable).items()),
        "evidence": len(data.evidence),
        "reviewed": sum(item.verdict is not None for item in data.evidence),
        "per_document": per_document,
    }
