"""Passages cut into units: sentences, and list items with the stem they complete."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import Passage
from pipeline.rules.phrases import TOKEN, normal

_ABBREVIATION = re.compile(
    r"(?:\b(?:No|Nos|Art|Arts|para|paras|pp|p|vol|Vol|Mr|Mrs|Ms|Dr|St|i\.e|e\.g|cf|al|Lt|Gen|Col|Brig|Maj|Sgt"
    r"|U\.N|U\.S|E\.U|A\.U|Add|Corr|Rev|ibid|Ibid|approx|et seq|viz|Prof|Rep|Res|res|doc|Doc|ch|Ch|sect)|\b[A-Z])\.$"
)
_ENGLISH_END = re.compile(r"[.!?;:]['”’\")\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9(])")
_CHINESE_END = re.compile(r"[。！？；][”’」』）]*")
_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBER_ONLY = re.compile(r"\W*(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z]|Article \d+|Art\. \d+)[.):]*\W*$")
_LEAD_IN = re.compile(r"[:：—–,，-]\W*$")
_LINK_TARGET = re.compile(r"\]\([^)\s]*\)|<!--.*?-->", re.S)
_NOISE = frozenset("*#_•▪·")
_LABEL = re.compile(r"[(（]?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})[.)）]\s|第[\d一二三四五六七八九十百]+条\s*|Article \d+[.:]?\s", re.I)


@dataclass(eq=False)
class Unit:
    """A sentence or list item: what a rule looks at, and what becomes the quote."""

    passage: Passage
    start: int
    """Code points into the document's text."""
    end: int
    text: str
    stem: "Unit | None" = None
    """The lead-in that this item completes."""
    items: list["Unit"] = field(default_factory=list)
    """Units of the items below, where this is a lead-in."""

    @cached_property
    def _tokens(self) -> tuple[list[str], list[int], list[int]]:
        hidden = [match.span() for match in _LINK_TARGET.finditer(self.text)] if "](" in self.text or "<!" in self.text else []
        tokens, starts, ends = [], [], []
        for match in TOKEN.finditer(self.text):
            token, start = match[0], match.start()
            if token in _NOISE or any(a <= start < b for a, b in hidden):
                continue
            tokens.append(normal(token))
            starts.append(start)
            ends.append(match.end())
        return tokens, starts, ends

    @property
    def tokens(self) -> list[str]:
        """Lower-case tokens; marks of formatting are left out."""
        return self._tokens[0]

    @property
    def token_starts(self) -> list[int]:
        """Offset of each token in the unit's text."""
        return self._tokens[1]

    @property
    def token_ends(self) -> list[int]:
        """Offset behind each token in the unit's text."""
        return self._tokens[2]

    @cached_property
    def chinese(self) -> bool:
        """Whether the unit is written in Chinese."""
        return bool(_HAN.search(self.text))

    @cached_property
    def first_token(self) -> int:
        """Number of the first token after any number or label."""
        match = _LABEL.match(self.text.lstrip("*#_ \t\n"))
        if not match:
            return 0
        behind = len(self.text) - len(self.text.lstrip("*#_ \t\n")) + match.end()
        return sum(start < behind for start in self.token_starts)


def units(passages: Sequence[Passage]) -> list[Unit]:
    """Cut passages into units, in order, and hang items on their stems."""
    found: list[Unit] = []
    stem: Unit | None = None
    for passage in passages:
        own = [Unit(passage, passage.start + a, passage.start + b, passage.text[a:b]) for a, b in sentences(passage.text)]
        if passage.kind == "item" and stem is not None:
            for unit in own:
                unit.stem = stem
            stem.items.extend(own)
        elif own and passage.kind not in ("footnote", "table"):
            stem = own[-1] if _LEAD_IN.search(own[-1].text) else None
        found.extend(own)
    return found


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a passage, without the blanks around it."""
    chinese = len(_HAN.findall(text)) * 4 > len(text)
    cuts = [0]
    for match in (_CHINESE_END if chinese else _ENGLISH_END).finditer(text):
        head = text[cuts[-1] : match.start() + 1]
        if not chinese and (_ABBREVIATION.search(head) or _NUMBER_ONLY.match(head)):
            continue
        cuts.append(match.end())
    cuts.append(len(text))
    for start, end in zip(cuts, cuts[1:], strict=False):
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield start + lead, start + len(piece.rstrip())
