"""Find the place of a decision again, in a text that may have changed since.

In this order: the same text, so the same position; the same words at one place; the same words at
several places, told apart by the words around, the page and the label; similar words, which a person
should look at; and else nothing, which is said, with the passage that comes nearest.

Blanks and line ends never count as a difference: a new extraction breaks lines elsewhere.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from pipeline.model import Anchor, Anchoring, Document, Passage, text_of

SIMILAR = 80.0
"""Least similarity, out of 100, of the words found to the words judged, for a decision to be carried."""
SPEAKS_FOR_ITSELF = 20
"""Characters without blanks from which a quote is taken to be found again even among other neighbours."""
_AGREES = 60.0
"""Similarity of the words around from which they speak for a place."""
_AHEAD = 30.0
"""How much better, both sides together, they must fit than at any other place of the same words."""
_CLOSING = frozenset(".;:!?。；：！？")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True)
class Place:
    """Where an anchor was found: offsets in code points, half-open, and how surely."""

    start: int
    end: int
    anchoring: Anchoring
    similarity: float = 100.0
    """How like the words judged the words found are, 0 to 100."""
    surroundings: float = 100.0
    """How like the words around are, 0 to 100."""


class Reading:
    """A document's text as it is today, with what is needed to search it. Searching is done lazily."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self.document = document
        self.passages = tuple(passages)

    @cached_property
    def text(self) -> str:
        """The document's text, which offsets count into."""
        return text_of(self.passages)

    @cached_property
    def dense(self) -> str:
        """The text without blanks."""
        return _dense(self.text)

    @cached_property
    def offsets(self) -> "array[int]":
        """For every character of the dense text its offset in the text."""
        blank = _INVISIBLE.keys()
        return array(
            "I",
            (
                i
                for i, character in enumerate(self.text)
                if not character.isspace() and ord(character) not in blank
            ),
        )

    def passage_at(self, offset: int) -> Passage | None:
        """Return the passage that holds an offset; the line end after a passage belongs to it."""
        low, high = 0, len(self.passages)
        while low < high:
            middle = (low + high) // 2
            if self.passages[middle].end < offset:
                low = middle + 1
            else:
                high = middle
        return self.passages[low] if low < len(self.passages) else None

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the text offsets of a half-open stretch of the dense text."""
        return self.offsets[first], self.offsets[last - 1] + 1


def locate(anchor: Anchor, reading: Reading) -> Place | None:
    """Return where the words of an anchor stand today, or None where nothing is near enough."""
    same_text = anchor.text_hash == reading.document.text_hash
    if same_text and reading.text[anchor.start : anchor.end] == anchor.quote:
        return Place(anchor.start, anchor.end, "exact")
    quote = _dense(anchor.quote)
    if not quote:
        return None
    hits = _occurrences(quote, reading.dense)
    if not hits:
        return _similar(quote, reading)
    length = len(quote)
    around = {hit: _surroundings(anchor, hit, length, reading) for hit in hits}
    best = max(hits, key=lambda hit: (sum(around[hit]), *_nearness(anchor, hit, length, reading)))
    before, after = around[best]
    if len(hits) > 1:
        runner_up = max(sum(around[hit]) for hit in hits if hit != best)
        sure = min(before, after) >= _AGREES and before + after - runner_up >= _AHEAD
    else:
        sure = max(before, after) >= _AGREES or length >= SPEAKS_FOR_ITSELF
    start, end = reading.span(best, best + length)
    return Place(start, end, "moved" if sure else "carried", surroundings=(before + after) / 2)


def nearest(anchor: Anchor, reading: Reading) -> tuple[Passage, float] | None:
    """Return the passage whose words come closest to an anchor's, and how close (0 to 100)."""
    best: tuple[Passage, float] | None = None
    for passage in reading.passages:
        score = fuzz.partial_ratio(anchor.quote, passage.text, score_cutoff=best[1] if best else 0.0)
        if score and (best is None or score > best[1]):
            best = passage, score
    return best


def _dense(text: str) -> str:
    return "".join(text.split()).translate(_INVISIBLE)


def _occurrences(quote: str, text: str) -> list[int]:
    hits = []
    at = text.find(quote)
    while at >= 0:
        hits.append(at)
        at = text.find(quote, at + 1)
    return hits


def _nearness(anchor: Anchor, hit: int, length: int, reading: Reading) -> tuple[int, int]:
    """How well a place fits apart from the words around: page and label, then distance."""
    start, _ = reading.span(hit, hit + length)
    passage = reading.passage_at(start)
    same_page = passage is not None and passage.page is not None and passage.page == anchor.page
    same_label = passage is not None and passage.label == anchor.label
    return (same_page + same_label, -abs(start - anchor.start))


def _surroundings(anchor: Anchor, hit: int, length: int, reading: Reading) -> tuple[float, float]:
    """Return how similar the words before and those after are to the anchor's, 0 to 100."""
    prefix, suffix = _dense(anchor.prefix), _dense(anchor.suffix)
    before = reading.dense[max(0, hit - len(prefix)) : hit]
    after = reading.dense[hit + length : hit + length + len(suffix)]
    return fuzz.ratio(prefix, before), fuzz.ratio(suffix, after)


def _similar(quote: str, reading: Reading) -> Place | None:
    """Return the most similar stretch of the text, its bounds set where the words begin and end."""
    found = fuzz.partial_ratio_alignment(quote, reading.dense, score_cutoff=SIMILAR * 0.75)
    if found is None:
        return None
    first, last = _fit(quote, reading.dense, found.dest_start, found.dest_end)
    similarity = fuzz.ratio(quote, reading.dense[first:last])
    if similarity < SIMILAR:
        return None
    start, end = _whole_words(reading.text, *reading.span(first, last))
    return Place(start, end, "carried", similarity)


def _fit(quote: str, text: str, first: int, last: int) -> tuple[int, int]:
    """Return the bounds near those given between which the text is most like the quote.

    The alignment gives a stretch of the quote's own length; where words were put in or left out, its
    ends are off by as much.
    """
    margin = max(8, len(quote) // 4)
    for _ in range(2):
        starts = range(max(0, first - margin), min(last, first + margin + 1))
        first = max(starts, key=lambda at: (fuzz.ratio(quote, text[at:last]), -at))
        ends = range(max(first + 1, last - margin), min(len(text), last + margin) + 1)
        last = max(ends, key=lambda at: (fuzz.ratio(quote, text[first:at]), at))
    if text[last - 1] != quote[-1] and text[last : last + 1] in _CLOSING:
        last += 1  # the sentence ends here, whatever became of its last character
    return first, last


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds moved outwards to the ends of the words they cut; Han characters are words."""
    while start > 0 and _joined(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and _joined(text[end - 1], text[end]):
        end += 1
    return start, end


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and left < "\u2e80" and right < "\u2e80"
