"""Lines of a PDF page with their place and size, read through pdfium.

Asking for the box of every character would cost five times the rest: a line is placed by its first
and last character, and only digits, asterisks and wide gaps are looked at closer.
"""

import ctypes
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

_MARK = re.compile(r"(?<![\d/])\d{1,3}(?![\d/])|(?<=\d{4})\d{1,3}(?!\d)|[*†‡]{1,3}")
_LATIN_WIDTH, _HAN_WIDTH = 0.62, 1.15
"""Mean width of a character, in units of its size, above which a line has a wide gap in it."""
_BREAKS = ("\r\n", "\x02", "\ufffe", "\r", "\n")
"""What parts lines; the third and second stand for a hyphen at a line end."""
WIDE_GAP = 1.6
"""A gap of this many times the character size separates columns or cells."""
SMALL = 0.78
"""A digit at most this much of its line's size is a footnote mark."""
_NUMBER_BEFORE_GAP = re.compile(
    r"(?:[“\"]?[(（]?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]{1,2}|[ivxIVX]{1,7}|[一二三四五六七八九十]{1,3})[.)）、．]|[-–—•·●▪■◦‣*]|[㈠-㈩]|Art(?:icle|\.)\s*\d+\.?)$"
)
_HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


class Line(msgspec.Struct, array_like=True):
    """A piece of a line of print: no wide gap inside it."""

    text: str
    x0: float
    x1: float
    y: float
    """Height of its baseline above the foot of the page, in points."""
    size: float
    bold: bool = False
    italic: bool = False
    marks: list[str] = []
    """Footnote marks that stood in it, taken out of the text."""
    lead: str = ""
    """A mark that stood at its very start: the line begins a footnote."""
    hyphen: bool = False
    """It ends in a hyphen at which the printer broke a word."""
    table: bool = False
    """It stands for a whole ruled table: cells parted by tabs, rows by line ends."""


@dataclass(slots=True)
class PageLines:
    """What one physical page carries."""

    number: int
    width: float
    height: float
    characters: int
    inked: int = 0
    """Characters that are no blanks."""
    engine: str = "pdfium"
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    """Horizontal rules: left, right, height."""
    uprights: int = 0
    """Vertical rules: many make a table."""
    image_share: float = 0.0
    """The part of the page that its largest picture covers."""
    unmapped: int = 0
    """Characters that the font gives no letter for."""
    packed: bytes = b""
    """Its lines; packed, because thousands of pages wait until the whole document is known."""

    def lines(self) -> list[Line]:
        """Return its lines, in the order of the file; each call makes new ones."""
        return _UNPACK.decode(self.packed) if self.packed else []

    def keep(self, lines: list[Line]) -> None:
        """Put these lines in place of its lines."""
        self.packed = _PACK.encode(lines)


_PACK = msgspec.msgpack.Encoder()
_UNPACK = msgspec.msgpack.Decoder(list[Line])


def read_page(document: Any, index: int) -> PageLines:
    """Read page `index` (from 0) of a pdfium document."""
    import pypdfium2.raw as raw

    page = document[index]
    text_page = page.get_textpage()
    try:
        width, height = page.get_size()
        result = PageLines(index + 1, width, height, text_page.count_chars())
        _lines(raw, text_page, result)
        _objects(raw, page, result)
        return result
    finally:
        text_page.close()
        page.close()


class _Geometry:
    """The few questions asked of single characters."""

    def __init__(self, raw: Any, text_page: Any) -> None:
        self.raw, self.page = raw, text_page.raw
        self.left, self.right, self.bottom, self.top, self.x, self.y = (ctypes.c_double() for _ in range(6))
        self.name, self.flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def box(self, index: int) -> tuple[float, float]:
        self.raw.FPDFText_GetCharBox(self.page, index, self.left, self.right, self.bottom, self.top)
        return self.left.value, self.right.value

    def height(self, index: int) -> tuple[float, float]:
        self.raw.FPDFText_GetCharBox(self.page, index, self.left, self.right, self.bottom, self.top)
        return self.bottom.value, self.top.value

    def origin(self, index: int) -> tuple[float, float]:
        self.raw.FPDFText_GetCharOrigin(self.page, index, self.x, self.y)
        return self.x.value, self.y.value

    def size(self, index: int) -> float:
        return float(self.raw.FPDFText_GetFontSize(self.page, index))

    def style(self, index: int) -> tuple[bool, bool]:
        length = self.raw.FPDFText_GetFontInfo(self.page, index, self.name, 128, self.flags)
        name = self.name.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace").lower()
        bold = (
            "bold" in name
            or "black" in name
            or "heavy" in name
            or self.raw.FPDFText_GetFontWeight(self.page, index) >= 600
        )
        return bold, "italic" in name or "oblique" in name


def _lines(raw: Any, text_page: Any, result: PageLines) -> None:
    text = _text(raw, text_page)
    geometry = _Geometry(raw, text_page)
    upright = _direction(geometry, text)
    at = 0
    lines: list[Line] = []
    for piece in re.split(r"(\r\n|\x02|\ufffe|\r|\n)", text):
        if piece not in _BREAKS:
            line = _line(geometry, piece, at, upright)
            if line is not None:
                lines.extend(line)
        elif piece in "\x02\ufffe" and lines:
            lines[-1].hyphen = True
        at += len(piece)
    result.keep(_attach_marks(lines))
    result.inked = sum(not character.isspace() and character != "\0" for character in text)
    result.unmapped = text.count("\ufffd") + sum("\ue000" <= c <= "\uf8ff" for c in text)


def _text(raw: Any, text_page: Any) -> str:
    """Return the page's text with one code unit for each character, so that offsets are indices."""
    count = text_page.count_chars()
    text = str(text_page.get_text_range()) if count else ""
    if len(text) == count and "\0" not in text:
        return text
    units = (raw.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
    return "".join(
        chr(unit) if 0 < unit < 0x110000 and not 0xD800 <= unit < 0xE000 else "\ufffd" for unit in units
    )


def _direction(geometry: _Geometry, text: str) -> str:
    """Return which way most lines of the page run: right, up, down or left."""
    votes = {"right": 0, "up": 0, "down": 0, "left": 0}
    at = 0
    for piece in text.split("\r\n"):
        words = piece.rstrip()
        if len(words) > 3:
            (x0, y0), (x1, y1) = geometry.origin(at), geometry.origin(at + len(words) - 1)
            across, upwards = x1 - x0, y1 - y0
            if abs(across) >= abs(upwards):
                votes["right" if across >= 0 else "left"] += len(words)
            else:
                votes["up" if upwards > 0 else "down"] += len(words)
        at += len(piece) + 2
    return max(votes, key=lambda way: votes[way])


def _line(geometry: _Geometry, piece: str, at: int, way: str) -> list[Line] | None:
    words = piece.strip()
    if not words:
        return None
    start = at + piece.index(words)
    end = start + len(words) - 1
    size = geometry.size(_typical(words, start))
    x0, x1, y = _place(geometry, start, end, way)
    bold, italic = geometry.style(start)
    if bold or italic:
        letters = list(re.finditer(r"[^\W\d_]", words))
        for letter in (letters[len(letters) // 3], letters[2 * len(letters) // 3]) if letters else ():
            also_bold, also_italic = geometry.style(start + letter.start())
            bold, italic = bold and also_bold, italic and also_italic
    cuts = _gaps(geometry, words, start, size, x1 - x0) if way == "right" else []
    lines = []
    edges = [0, *(cut for cut, _ in cuts), len(words)]
    for a, b in itertools.pairwise(edges):
        part = words[a:b].strip()
        if not part:
            continue
        first = start + a + (len(words[a:b]) - len(words[a:b].lstrip()))
        last = first + len(part) - 1
        if cuts:
            x0, x1, y = _place(geometry, first, last, way)
            size = geometry.size(_typical(part, first))
            bold, italic = geometry.style(first)
        line = Line(part, x0, x1, y, size, bold, italic)
        _detach_marks(geometry, line, first)
        if line.text or line.lead:
            lines.append(line)
    return lines


def _typical(words: str, start: int) -> int:
    """Return the index of a character that shows the size of the line: its first letter."""
    found = re.search(r"[^\W\d_]", words)
    return start + found.start() if found else start


def _place(geometry: _Geometry, start: int, end: int, way: str) -> tuple[float, float, float]:
    """Return left, right and baseline as a reader sees them who turns the page upright."""
    if way == "right":
        x0, right = geometry.box(start)
        if end != start:
            _, right = geometry.box(end)
        return x0, max(right, x0), geometry.origin(start)[1]
    (x, y), (u, v) = geometry.origin(start), geometry.origin(end)
    if way == "up":
        return y, max(v, y), -x
    if way == "down":
        return -y, max(-v, -y), x
    return -x, max(-u, -x), -y


def _gaps(geometry: _Geometry, words: str, start: int, size: float, width: float) -> list[tuple[int, float]]:
    """Return where wide gaps end, in a line that is wider than its letters explain."""
    usual = _HAN_WIDTH if _HAN.search(words) else _LATIN_WIDTH
    if size <= 0 or width < usual * size * len(words):
        return []
    cuts = []
    begin = 0
    for found in re.finditer(r"\s+", words):
        _, before = geometry.box(start + found.start() - 1)
        after, _ = geometry.box(start + found.end())
        if after - before > WIDE_GAP * size and not _NUMBER_BEFORE_GAP.match(
            words[begin : found.start()].strip()
        ):
            cuts.append((found.end(), after - before))
            begin = found.end()
    return cuts


def _detach_marks(geometry: _Geometry, line: Line, start: int) -> None:
    """Take footnote marks, digits smaller than their line, out of the text and keep them."""
    kept: list[str] = []
    position = 0
    for found in _MARK.finditer(line.text):
        index = found.start()
        before = line.text[index - 1] if index else ""
        raised = geometry.size(start + index) <= SMALL * line.size
        if not raised and found[0][0] in "*†‡" and index > 0:
            raised = before.isalnum() and index + len(found[0]) >= len(line.text) - 1
        if not raised:
            continue
        between = line.text[position:index]
        if not (position and re.fullmatch(r"\s*,\s*", between)):  # "4, 5" are two marks
            kept.append(between)
            if line.text[found.end() : found.end() + 1].isalpha() and kept[-1][-1:] not in ("", " "):
                kept.append(" ")
        position = found.end()
        if not index:
            line.lead = found[0]
        else:
            line.marks.append(found[0])
    if position:
        text = "".join(kept) + line.text[position:]
        line.text = re.sub(r" (?=[.,;:])", "", text).strip() if line.marks else text.strip()


def _attach_marks(lines: list[Line]) -> list[Line]:
    """Give marks that pdfium took for lines, or starts of lines, of their own to the words they belong to."""
    kept: list[Line] = []
    for line in lines:
        if kept and re.fullmatch(r"\d{1,3}", kept[-1].text) and kept[-1].size <= SMALL * line.size:
            mark = kept[-1]
            if (
                0 <= line.x0 - mark.x1 < 2 * line.size
                and abs(line.y - mark.y) < 0.6 * line.size
                and not line.lead
            ):
                kept.pop()
                line.lead, line.x0 = mark.text, mark.x0
        lone = not line.lead and re.fullmatch(r"\d{1,3}|[*†‡]{1,3}", line.text) is not None
        if kept and (line.lead or lone):
            before = kept[-1]
            near = -1 < line.x0 - before.x1 < 0.8 * before.size and abs(line.y - before.y) < 0.6 * before.size
            if near and (line.lead or line.size <= SMALL * before.size):
                before.marks.append(line.lead or line.text)
                if lone or not line.text:
                    before.x1 = line.x1
                    continue
                line.lead = ""
                line.y = before.y
        kept.append(line)
    return kept


def _objects(raw: Any, page: Any, result: PageLines) -> None:
    """Note rules and pictures; text objects are passed over."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    area = max(1.0, result.width * result.height)
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), 20_000)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            continue
        across, upwards = right.value - left.value, top.value - bottom.value
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            result.image_share = max(result.image_share, across * upwards / area)
        elif upwards <= 2.5 and across > 20:
            result.rules.append((left.value, right.value, (top.value + bottom.value) / 2))
        elif across <= 2.5 and upwards > 8:
            result.uprights += 1
