"""Codings and evidence as CSV, with the byte-order mark that spreadsheets need to see UTF-8."""

import csv
import io
from collections.abc import Iterable, Mapping

from pipeline.model import Coding, Document, ReviewedEvidence


def codings_csv(codings: Iterable[Coding]) -> str:
    """Return the codings, one row each, in their order."""
    return _csv(
        {
            "case": c.case,
            "indicator": c.indicator,
            "value": c.value or "",
            "number": "" if c.number is None else f"{c.number:g}",
            "scale": " < ".join(c.scale),
            "state": c.state,
            "reason": c.reason,
            "missing": c.missing,
            "parts": " ".join(c.parts),
            "flags": " ".join(c.flags),
            "pieces_of_evidence": len(c.evidence),
            "documents": " | ".join(c.documents),
            "evidence": " ".join(c.evidence),
            "scheme_hash": c.scheme_hash,
            "evidence_hash": c.evidence_hash,
        }
        for c in codings
    )


def evidence_csv(reviewed: Iterable[ReviewedEvidence], documents: Iterable[Document]) -> str:
    """Return every piece of evidence with its citation, in the order given."""
    headers = {document.id: document for document in documents}
    return _csv(_evidence_row(item, headers.get(item.evidence.document)) for item in reviewed)


def _evidence_row(item: ReviewedEvidence, document: Document | None) -> dict[str, object]:
    e = item.evidence
    return {
        "id": e.id,
        "code": e.code,
        "role": e.role or "",
        "status": e.status or "",
        "polarity": e.polarity or "",
        "organisations": " | ".join(e.organisations),
        "cases": " ".join(e.cases),
        "theatres": " ".join(e.theatres),
        "verdict": item.verdict or "",
        "reviewers": " ".join(item.reviewers),
        "document": e.document,
        "title": document.title if document else "",
        "symbol": document.symbol if document else "",
        "date": document.date if document else "",
        "label": e.label,
        "page": e.page or "",
        "language": e.language,
        "quote": " ".join(e.quote.split()),
        "trigger": " ".join(e.trigger.split()),
        "rules": " ".join(e.rules),
        "note": item.note,
    }


def _csv(rows: Iterable[Mapping[str, object]]) -> str:
    rows = list(rows)
    out = io.StringIO()
    out.write("\ufeff")
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text of a document for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
