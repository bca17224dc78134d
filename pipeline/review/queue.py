"""The rows of the queue, and what a filter lets through."""

from dataclasses import dataclass, field

from pipeline.model import Evidence, ReviewedEvidence
from pipeline.review import order

SortKey = tuple[int, float, str, int, int, str, str]


@dataclass(slots=True)
class Row:
    """A piece of evidence in the queue. `one` is replaced when somebody decides; the place stays."""

    one: ReviewedEvidence
    reason: order.Reason
    weight: float
    """The greatest share it has in what a coding rests on, 0 to 1."""
    key: SortKey = field(init=False)

    def __post_init__(self) -> None:
        piece = self.one.evidence
        place = (piece.document, piece.start, piece.end, piece.code, piece.id)
        self.key = (order.RANK[self.reason], -self.weight, *place)


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

    def passes(self, one: ReviewedEvidence) -> bool:
        """Whether a piece passes, whatever its state."""
        piece = one.evidence
        return (
            (not self.case or self.case in piece.cases)
            and (not self.code or piece.code == self.code or piece.code.startswith(self.code + "."))
            and (not self.document or piece.document == self.document)
            and (not self.reviewer or self.reviewer in one.reviewers)
            and (not self.words or _has_words(piece, self.words))
        )

    def fits_state(self, one: ReviewedEvidence, me: str) -> bool:
        """Whether a piece is in the state asked for, as seen by one reviewer."""
        match self.state:
            case "":
                return True
            case "open":
                return one.verdict is None
            case "look":
                return needs_a_look(one)
            case "mine":
                return has_work(one, me)
            case _:
                return one.verdict == self.state


def needs_a_look(one: ReviewedEvidence) -> bool:
    """Whether reviewers differ, or the decision was made on other words or values."""
    return one.disputed or one.anchoring == "carried"


def has_work(one: ReviewedEvidence, me: str) -> bool:
    """Whether a reviewer has something to do on a piece."""
    return me not in one.reviewers or needs_a_look(one)


def _has_words(piece: Evidence, words: str) -> bool:
    place = f"{piece.quote} {piece.document} {piece.label}".casefold()
    return all(word in place for word in words.casefold().split())
