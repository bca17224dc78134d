"""The rows of the queue, and what a filter lets through."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import ReviewedEvidence
from pipeline.review import order

SortKey = tuple[int, float, str, int, int, str, str]


class Row:
    """A piece of evidence in the queue. When somebody decides it is shown anew; its place stays.

    What filters ask for is kept ready: with a hundred thousand rows, asking the records is too slow.
    """

    __slots__ = ("key", "look", "one", "reason", "reviewers", "state", "weight", "words")

    def __init__(self, one: ReviewedEvidence, reason: order.Reason, weight: float) -> None:
        """`weight` is the greatest share it has in what a coding rests on, 0 to 1."""
        piece = one.evidence
        self.reason = reason
        self.weight = weight
        place = (piece.document, piece.start, piece.end, piece.code, piece.id)
        self.key: SortKey = (order.RANK[reason], -weight, *place)
        self.show(one)

    def show(self, one: ReviewedEvidence) -> None:
        """Let the row show the piece as it stands now."""
        self.one = one
        self.state: str = one.verdict or "open"
        self.look = needs_a_look(one)
        self.reviewers = one.reviewers
        self.words = f"{one.evidence.quote} {one.evidence.document} {one.evidence.label}".casefold()

    def has_work_for(self, reviewer: str) -> bool:
        """Whether a reviewer has something to do on it."""
        return self.look or reviewer not in self.reviewers


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which pieces the queue shows; empty fields let everything through."""

    case: str = ""
    code: str = ""
    """A code, or a group: `norm` lets `norm.*` through."""
    document: str = ""
    state: str = ""
    """`open` (nobody decided), `mine` (I have not decided, or it needs a look), `look`, or a verdict."""
    reviewer: str = ""
    words: str = ""
    """Words that the quote or the place must have, whatever their capitals."""

    def chosen(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows that pass, whatever their state."""
        if self.case:
            rows = [row for row in rows if self.case in row.one.evidence.cases]
        if self.code:
            code, group = self.code, self.code + "."
            rows = [r for r in rows if (one := r.one.evidence.code) == code or one.startswith(group)]
        if self.document:
            rows = [row for row in rows if row.one.evidence.document == self.document]
        if self.reviewer:
            rows = [row for row in rows if self.reviewer in row.reviewers]
        for word in self.words.casefold().split():
            rows = [row for row in rows if word in row.words]
        return rows

    def in_state(self, rows: Sequence[Row], me: str) -> Sequence[Row]:
        """Return the rows in the state asked for, as seen by one reviewer."""
        match self.state:
            case "":
                return rows
            case "look":
                return [row for row in rows if row.look]
            case "mine":
                return [row for row in rows if row.has_work_for(me)]
            case state:
                return [row for row in rows if row.state == state]


def needs_a_look(one: ReviewedEvidence) -> bool:
    """Whether reviewers differ, or the decision was made on other words or values."""
    return one.disputed or one.anchoring == "carried"
