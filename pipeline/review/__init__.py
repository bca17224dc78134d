"""Evidence and decisions → reviewed evidence: what people said about what the machine found."""

from pipeline.review.anchor import Place, Reading, locate
from pipeline.review.decisions import (
    DecisionNotSaved,
    add,
    anchor_at,
    append,
    decide,
    finish,
    finished,
    last_of,
    load_decisions,
    reviewer_name,
    standing,
    withdraw,
)
from pipeline.review.evaluate import Estimate, Score, evaluate
from pipeline.review.importing import import_lines
from pipeline.review.merge import Orphan, Read, merge, merge_document

__all__ = [
    "DecisionNotSaved",
    "Estimate",
    "Orphan",
    "Place",
    "Read",
    "Reading",
    "Score",
    "add",
    "anchor_at",
    "append",
    "decide",
    "evaluate",
    "finish",
    "finished",
    "import_lines",
    "last_of",
    "load_decisions",
    "locate",
    "merge",
    "merge_document",
    "reviewer_name",
    "standing",
    "withdraw",
]
