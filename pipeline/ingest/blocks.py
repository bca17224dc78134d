"""What a format reader hands on: the paragraphs of a file with what the format itself knows of them."""

from dataclasses import dataclass, field

from pipeline.model import DocumentStatus, Page, PassageKind


@dataclass(slots=True, kw_only=True)
class Block:
    """A paragraph, heading, footnote or table of a source, not yet cited.

    A number that the format keeps apart (an XML `num`, a Word list) stands at the start of `text`,
    as it does in print.
    """

    text: str
    kind: PassageKind | None = None
    """What the format is sure of; None leaves it to the text."""
    level: int | None = None
    """Depth of a heading, 1 the outermost; None where the format does not say."""
    emphasis: bool = False
    """Set apart by weight, size or place, as headings are."""
    body: bool = False
    """Certainly running text: never taken for a heading."""
    page: int | None = None
    printed_page: str | None = None
    note: str = ""
    """For a footnote its mark; for other blocks the marks in them, space-separated."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """All that a reader got out of a file."""

    blocks: list[Block]
    facts: dict[str, str] = field(default_factory=dict)
    """What the file says of itself: title, date, symbol, language, kind, and attributes."""
    pages: list[Page] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    partial: bool = False
    """Whether something of the file could not be read; the warnings say what."""


class Refused(ValueError):
    """A file whose text cannot be had; the status says in what way."""

    def __init__(self, status: DocumentStatus, why: str) -> None:
        self.status = status
        super().__init__(why)
