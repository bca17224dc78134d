"""Passages cut into units: sentences, and list items with the stem they complete."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from pipeline.model import Passage
from pipeline.rules.phrases import TOKEN

_ABBREVIATION = re.compile(
    r"(?:\b(?:No|Nos|Art|Arts|para|paras|pp|p|vol|Vol|Mr|Mrs|Ms|Dr|St|i\.e|e\.g|cf|al|Lt|Gen|Col|Brig|Maj|Sgt"
    r"|U\.N|U\.S|E\.U|A\.U|Add|Corr|Rev|ibid|Ibid|approx|et seq|viz|Prof|Rep|Res|res|doc|Doc|ch|Ch|sect)"
    r"|\b[A-Z])\.$"
)
_ENGLISH_END = re.compile(r"[.!?;:]['”’\")\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9(])")
_CHINESE_END = re.compile(r"[。！？；][”’」』）]*")
_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBER_ONLY = re.compile(r"\W*(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z]|Article \d+|Art\. \d+)[.):]*\W*$")
_LEAD_IN = re.compile(r"[:：—–,，-]\W*$")
_HIDDEN = re.compile(r"\]\([^)\s]*\)|<!--.*?-->|[*#_•▪·]", re.S)
_APOSTROPHES = ("’", "‘", "`", "´")
_LABEL = re.compile(
    r"[\W_]*(?:[(（]?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})[.)）]\s|第[\d一二三四五六七八九十百]+条\s*"
    r"|article \d+[.:]?\s)[\W_]*"
)
_LEAD_TO_POINTS = re.compile(r"[:：]\W*$")
_ITEM_NUMBER = re.compile(
    r"\W*(?:(?P<digit>\d+)|(?P<roman>[ivx]{1,5})(?=[.)）])|(?P<letter>[a-zA-Z])(?=[.)）])"
    r"|(?P<chinese>[㈠-㈩一二三四五六七八九十]))"
)
_MARKS = re.compile(r"[\W_]+")


class Unit:
    """A sentence or list item: what a rule looks at, and what becomes the quote.

    `start` and `end` count code points into the document's text. `stem` is the lead-in that an item
    completes.
    """

    def __init__(self, passage: Passage, start: int, end: int, text: str, stem: "Unit | None" = None) -> None:
        self.passage, self.start, self.end, self.text, self.stem = passage, start, end, text, stem

    @cached_property
    def plain(self) -> str:
        """The text in lower case, with blanks for marks of formatting; of the same length."""
        return plain(self.text)

    @cached_property
    def tokens(self) -> list[str]:
        """Lower-case tokens; marks of formatting are left out."""
        return TOKEN.findall(self.plain)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in TOKEN.finditer(self.plain)]

    @cached_property
    def token_starts(self) -> list[int]:
        """Offset of each token in the unit's text."""
        return [start for start, _ in self._spans]

    @cached_property
    def token_ends(self) -> list[int]:
        """Offset behind each token in the unit's text."""
        return [end for _, end in self._spans]

    @cached_property
    def chinese(self) -> bool:
        """Whether the unit is written in Chinese."""
        return bool(_HAN.search(self.text))

    @cached_property
    def first_token(self) -> int:
        """Number of the first token after any quotation mark, dash, number or label."""
        match = _LABEL.match(self.plain) or _MARKS.match(self.plain)
        return sum(start < match.end() for start in self.token_starts) if match else 0


def plain(text: str) -> str:
    """Return the text as tokens are read from it, character by character."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(character.lower() if len(character.lower()) == 1 else character for character in text)
    for mark in _APOSTROPHES:
        if mark in low:
            low = low.replace(mark, "'")
    if _HIDDEN.search(low):
        low = _HIDDEN.sub(lambda match: " " * len(match[0]), low)
    return low


def units(passages: Sequence[Passage]) -> list[Unit]:
    """Cut passages into units, in order, and hang items on their stems."""
    found: list[Unit] = []
    stems: list[tuple[str, Unit]] = []  # open lead-ins, outermost first, each with the style of its number
    for passage in passages:
        item, aside = passage.kind == "item", passage.kind in ("footnote", "table")
        style = _number_style(passage.text) if item else ""
        if item:
            while len(stems) > 1 and stems[-1][0] == style:
                stems.pop()
        elif not aside:
            stems.clear()
        stem = stems[-1][1] if stems and item else None
        own = [
            Unit(passage, passage.start + a, passage.start + b, passage.text[a:b], stem)
            for a, b in sentences(passage.text)
        ]
        leads = own and not aside and (_LEAD_TO_POINTS if item else _LEAD_IN).search(own[-1].text)
        if leads and (stems or not item):
            stems.append((style, own[-1]))
        found.extend(own)
    return found


def _number_style(text: str) -> str:
    """Return how an item is numbered: digit, letter, roman, chinese, or a mark."""
    match = _ITEM_NUMBER.match(text)
    return match.lastgroup or "mark" if match else "mark"


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a passage, without the blanks around it."""
    chinese = not text.isascii() and len(_HAN.findall(text)) * 4 > len(text)
    start = 0
    for match in (_CHINESE_END if chinese else _ENGLISH_END).finditer(text):
        if not chinese:
            head = text[start : match.start() + 1]
            if _ABBREVIATION.search(head, max(0, len(head) - 8)) or (
                len(head) < 16 and _NUMBER_ONLY.match(head)
            ):
                continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end
