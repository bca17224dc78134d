"""What the page is told, as plain data. All offsets are code points."""

from pathlib import PurePosixPath
from typing import Any

from pipeline.model import (
    Decision,
    EvidenceId,
    Passage,
    Polarity,
    ReviewedEvidence,
    Role,
    Status,
    Values,
    values_of,
)
from pipeline.review.decisions import seen_values
from pipeline.review.desk import Desk
from pipeline.review.queue import Filter
from pipeline.review.words import Language, words
from pipeline.rules.codebook import Codebook

AROUND = 2
"""Passages shown before and after that of the evidence."""


def start(desk: Desk, language: Language) -> dict[str, Any]:
    """Return what does not change while the page is open."""
    codebook, cases = desk.shelf.codebook or Codebook(groups={}, codes={}), desk.shelf.cases
    return {
        "words": words(language),
        "language": language,
        "reviewer": desk.reviewer,
        "blind": desk.blind,
        "codes": {
            code: {
                "name": entry.name.within(language),
                "definition": entry.definition.within(language),
                "close_calls": [call.within(language) for call in entry.close_calls],
                "attributes": entry.attributes,
                "group": codebook.group(code),
            }
            for code, entry in codebook.codes.items()
        },
        "groups": {key: name.within(language) for key, name in codebook.groups.items()},
        "cases": [case.id for case in cases.cases] if cases else [],
        "documents": [
            {"id": name, "title": header.title or name, "status": header.status}
            for name, header in sorted(desk.shelf.headers.items())
        ],
        "attributes": {
            "status": values_of(Status),
            "role": values_of(Role),
            "polarity": values_of(Polarity),
        },
    }


def queue(desk: Desk, chosen: Filter, offset: int, limit: int) -> dict[str, Any]:
    """Return a stretch of the queue, how many rows there are in each state, and the progress."""
    rows, counts = desk.queue(chosen)
    last = desk.last()
    return {
        "total": len(rows),
        "offset": offset,
        "items": [
            {
                "id": row.one.evidence.id,
                "code": row.one.evidence.code,
                "document": row.one.evidence.document,
                "label": row.one.evidence.label,
                "trigger": " ".join(row.one.evidence.trigger.split())[:120],
                "quote": " ".join(row.one.evidence.quote.split())[:160],
                "language": row.one.evidence.language,
                "state": row.one.verdict or "open",
                "mine": desk.reviewer in row.one.reviewers,
                "why": row.reason,
            }
            for row in rows[offset : offset + limit]
        ],
        "counts": counts,
        "reviewers": sorted({each.reviewer for each in desk.shelf.log}),
        "progress": [
            {"case": one.case, "behind": one.behind, "decided": one.decided, "pressing": one.pressing}
            for one in desk.progress()
        ],
        "finished": sorted(desk.finished()),
        "orphans": len(desk.orphans()),
        "last": last.id if last else None,
    }


def piece(desk: Desk, evidence: EvidenceId) -> dict[str, Any]:
    """Return everything about one piece: its passage with marks, values, rules, codings, decisions."""
    row = desk.piece(evidence)
    one, found = row.one, row.one.evidence
    reading = desk.reading(found.document)
    header = reading.document
    machine = desk.machine(evidence)
    history, mine, last = desk.history(one), desk.mine(one), desk.last()
    at = next((i for i, each in enumerate(reading.passages) if each.number == found.passage), 0)
    around = reading.passages[max(0, at - AROUND) : at + AROUND + 1]
    return {
        "id": evidence,
        "why": row.reason,
        "state": one.verdict or "open",
        "anchoring": one.anchoring,
        "disputed": one.disputed,
        "counts": one.counts,
        "found": machine is not None,
        "values": _values(seen_values(found)),
        "machine": _values(seen_values(machine)) if machine else None,
        "document": {
            "id": header.id,
            "title": header.title or header.id,
            "symbol": header.symbol,
            "date": header.date,
            "language": header.language,
            "text_hash": header.text_hash,
        },
        "place": {"label": found.label, "page": found.page, "section": found.section},
        "passages": [_passage(each) for each in around],
        "here": found.passage,
        "quote": [found.start, found.end],
        "trigger": [found.trigger_start, found.trigger_end],
        "cues": [
            {"id": cue.id, "text": cue.text, "start": cue.start, "end": cue.end, "sets": cue.sets}
            for cue in found.cues
        ],
        "rules": found.rules,
        "cases": found.cases,
        "stakes": [
            {"case": each.case, "indicator": each.indicator, "value": each.value, "among": each.among}
            for each in desk.stakes(evidence)
        ],
        "flips": [
            {"case": each.case, "indicator": each.indicator, "before": each.before, "after": each.after}
            for each in desk.flips(evidence)
        ],
        "decisions": [_decision(desk, each, one) for each in history],
        "mine": mine.id if mine else None,
        "last": last.id if last else None,
        "has_pages": has_pages(desk, found.document) and found.page is not None,
    }


def document(desk: Desk, name: str) -> dict[str, Any]:
    """Return a document's passages and where its evidence is."""
    reading = desk.reading(name)
    return {
        "document": {
            "id": name,
            "title": reading.document.title or name,
            "language": reading.document.language,
            "text_hash": reading.document.text_hash,
        },
        "passages": [_passage(each) for each in reading.passages],
        "evidence": [
            {
                "id": one.evidence.id,
                "start": one.evidence.start,
                "end": one.evidence.end,
                "code": one.evidence.code,
                "state": one.verdict or "open",
            }
            for one in desk.evidence_in(name)
        ],
        "finished": name in desk.finished(),
    }


def orphans(desk: Desk) -> list[dict[str, Any]]:
    """Return the decisions that have no place today, with the nearest passage."""
    return [
        {
            "document": each.decision.document,
            "reviewer": each.decision.reviewer,
            "verdict": each.decision.verdict,
            "code": each.decision.code,
            "quote": each.decision.anchor.quote,
            "note": each.decision.note,
            "reason": each.reason,
            "nearest": each.nearest,
            "label": each.label,
            "page": each.page,
            "similarity": each.similarity,
        }
        for each in desk.orphans()
    ]


def has_pages(desk: Desk, name: str) -> bool:
    """Whether there is a PDF of which pages can be shown."""
    return PurePosixPath(name).suffix.lower() == ".pdf" and desk.project.source(name).is_file()


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "number": passage.number,
        "start": passage.start,
        "text": passage.text,
        "kind": passage.kind,
        "label": passage.label,
        "page": passage.page,
    }


def _decision(desk: Desk, decision: Decision, one: ReviewedEvidence) -> dict[str, Any]:
    machine = desk.machine(one.evidence.id)
    seen = seen_values(machine) if machine else Values()
    changed = decision.values or Values()
    return {
        "id": decision.id,
        "reviewer": decision.reviewer,
        "mine": decision.reviewer == desk.reviewer,
        "verdict": decision.verdict,
        "time": decision.time,
        "note": decision.note,
        "settles": bool(decision.settles),
        "changed": {
            name: value
            for name, value in _values(changed).items()
            if value is not None and value != getattr(seen, name) and decision.verdict in ("amend", "add")
        },
    }


def _values(values: Values) -> dict[str, Any]:
    return {name: getattr(values, name) for name in values.__struct_fields__}
