"""PDF files of the bundled corpus: plain, two-column, with footnotes, or with a masthead.

A page is filled line by line, column by column. Pages keep clear of the footnotes whose marks they
carry. English is set in Times, one of the fonts every reader has; Chinese in an embedded subset.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF

if TYPE_CHECKING:
    from make_corpus import Block, Text

CHINESE_FONT = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
WIDTH, HEIGHT, MARGIN, TOP, BOTTOM, GUTTER = 210.0, 297.0, 25.0, 28.0, 270.0, 8.0
"""Millimetres, on A4."""
SIZES = {"title": 15.0, "heading": 12.0, "subheading": 11.0, "paragraph": 11.0, "signature": 11.0}
STYLES = {"title": "B", "heading": "B", "subheading": "BI", "signature": "I"}
NOTE_SIZE = 8.0
_CLOSING = "，。；：、！？）》”’%.,;:)"


def pdf(text: "Text") -> bytes:
    """Return the text as PDF in the layout that its head names."""
    draft = _Setter(text, pages=0)
    draft.set()
    return _Setter(text, pages=draft.out.page_no()).set()  # the foot of every page names their number


class _Setter:
    def __init__(self, text: "Text", pages: int) -> None:
        self.text, self.head, self.pages = text, text.head, pages
        self.layout = text.head.get("layout", "plain")
        self.chinese = text.language == "zh"
        self.notes = {block.mark: block.text for block in text.blocks if block.kind == "note"}
        self.page_notes: list[str] = []
        self.columns = 1
        self.column = 0
        self.y = TOP
        self.column_top = TOP
        self.out = self._file()

    def _file(self) -> FPDF:
        out = FPDF(format="A4", unit="mm")
        out.set_auto_page_break(False)
        out.core_fonts_encoding = "windows-1252"
        out.set_compression(self.chinese)  # plain streams repeat whatever the zlib; Chinese needs the room
        out.set_creation_date(datetime(2025, 1, 1, tzinfo=UTC))
        out.set_producer("make_corpus")
        out.set_title(self.text.title)
        out.set_lang({"en": "en-GB", "zh": "zh-CN"}[self.text.language])
        if self.chinese:
            if not CHINESE_FONT.exists():
                raise FileNotFoundError(f"{CHINESE_FONT} (Debian package fonts-lxgw-wenkai)")
            out.add_font("chinese", "", str(CHINESE_FONT))
        return out

    def set(self) -> bytes:
        self._new_page()
        if self.layout == "masthead":
            self._masthead()
        else:
            self._line(self.text.notice, 9.0, "I")
            self.y += 4
        for block in self.text.blocks:
            if block.kind == "note":
                continue
            if self.layout == "two-column" and block.kind == "heading" and self.columns == 1:
                self.columns, self.column, self.column_top = 2, 0, self.y + 2
                self.y = self.column_top
            self._block(block)
        self._close_page()
        return bytes(self.out.output())

    # --- pages

    def _new_page(self) -> None:
        self.out.add_page()
        self.page_notes = []
        self.column, self.y, self.column_top = 0, TOP, TOP
        number = self.out.page_no()
        if number > 1:
            running = self.head.get("head", self.text.title)
            self._font(9.0, "" if self.layout == "masthead" else "I")
            right = self.layout == "masthead" and number % 2 == 1
            x = WIDTH - MARGIN - self.out.get_string_width(running) if right else MARGIN
            self.out.text(x, 16, running)
            self.out.set_line_width(0.2)
            self.out.line(MARGIN, 18, WIDTH - MARGIN, 18)

    def _close_page(self) -> None:
        number = self.out.page_no()
        if self.page_notes:
            self._print_notes()
        self._font(9.0)
        place = f"{number}/{self.pages}" if self.layout == "masthead" else f"- {number} -"
        if self.layout == "masthead":
            self.out.text(MARGIN if number % 2 == 0 else WIDTH - MARGIN - 8, 285, place)
        else:
            self.out.text(WIDTH / 2 - 4, 285, place)
        if foot := self.head.get("foot"):
            self.out.text(MARGIN, 285, foot)

    def _masthead(self) -> None:
        """The upper third of a first page as the United Nations sets it."""
        self._font(8.0, "I")
        self.out.text(MARGIN, 14, self.text.notice)
        self._font(12.0)
        self.out.text(MARGIN, 24, "United Nations")
        self._font(16.0)
        symbol = self.head["symbol"]
        self.out.text(WIDTH - MARGIN - self.out.get_string_width(symbol), 24, symbol)
        self.out.set_line_width(0.3)
        self.out.line(MARGIN, 26, WIDTH - MARGIN, 26)
        self._font(20.0, "B")
        self.out.text(MARGIN, 38, self.head["body"])
        self._font(9.0)
        for step, words in enumerate((self.head["distr"], self.head["date"], "Original: English")):
            self.out.text(150, 32 + 5 * step, words)
        self.out.set_line_width(0.8)
        self.out.line(MARGIN, 48, WIDTH - MARGIN, 48)
        self.y = 58.0

    # --- footnotes

    def _print_notes(self) -> None:
        y = BOTTOM - self._notes_height(self.page_notes)
        self.out.set_line_width(0.2)
        self.out.line(MARGIN, y, MARGIN + 40, y)
        y += 5
        for mark in self.page_notes:
            self._font(5.5)
            self.out.text(MARGIN, y - 1.2, mark)
            self._font(NOTE_SIZE)
            for line in self._wrap(self.notes[mark], WIDTH - 2 * MARGIN - 4, NOTE_SIZE, ""):
                self.out.text(MARGIN + 3, y, line)
                y += 3.8

    def _notes_height(self, marks: list[str]) -> float:
        lines = sum(len(self._wrap(self.notes[m], WIDTH - 2 * MARGIN - 4, NOTE_SIZE, "")) for m in marks)
        return 6 + 3.8 * lines if marks else 0.0

    # --- lines

    @property
    def _width(self) -> float:
        return (WIDTH - 2 * MARGIN - GUTTER * (self.columns - 1)) / self.columns

    @property
    def _x(self) -> float:
        return MARGIN + self.column * (self._width + GUTTER)

    def _block(self, block: "Block") -> None:
        size, style = SIZES[block.kind], STYLES.get(block.kind, "")
        if self.columns == 2:
            size = min(size, 10.0)
        lines = self._wrap(block.text, self._width, size, style)
        if block.kind in ("heading", "subheading"):
            self.y += 2
            self._room(size * 0.45 * (len(lines) + 2), [])  # a heading stays with what follows
        for number, line in enumerate(lines):
            inner = block.kind == "paragraph" and number < len(lines) - 1
            self._line(line, size, style, justify=self.columns == 2 and inner)
        self.y += size * 0.22

    def _room(self, height: float, marks: list[str]) -> None:
        """Go to the next column or page unless so much fits above the footnotes."""
        fresh = [mark for mark in marks if mark not in self.page_notes]
        if self.y + height <= BOTTOM - self._notes_height(self.page_notes + fresh):
            return
        if self.column + 1 < self.columns:
            self.column += 1
            self.y = self.column_top
        else:
            self._close_page()
            self._new_page()

    def _line(self, line: str, size: float, style: str, *, justify: bool = False) -> None:
        marks = re.findall(r"\[\^(\d+)\]", line)
        self._room(size * 0.45, marks)
        self.page_notes += [mark for mark in marks if mark not in self.page_notes]
        self.y += size * 0.45
        if justify:
            self._spread(line, size, style)
            return
        x = self._x
        for part in re.split(r"(\[\^\d+\])", line):
            if mark := re.fullmatch(r"\[\^(\d+)\]", part):
                self._font(size * 0.6, style)
                self.out.text(x, self.y - size * 0.13, mark[1])
                x += self.out.get_string_width(mark[1])
            elif part:
                self._font(size, style)
                self.out.text(x, self.y, part)
                x += self.out.get_string_width(part)

    def _spread(self, line: str, size: float, style: str) -> None:
        """Print the words of a line so that it fills the column."""
        words = line.split(" ")
        self._font(size, style)
        free = self._width - sum(map(self.out.get_string_width, words))
        gap, x = free / max(len(words) - 1, 1), self._x
        for word in words:
            self.out.text(x, self.y, word)
            x += self.out.get_string_width(word) + gap

    def _wrap(self, text: str, width: float, size: float, style: str) -> list[str]:
        self._font(size, style)
        lines, line = [], ""
        for token in self._tokens(text):
            measured = re.sub(r"\[\^\d+\]", "", line + token).rstrip()
            if line and self.out.get_string_width(measured) > width and token[0] not in _CLOSING:
                lines.append(line.rstrip())
                line = token.lstrip()
            else:
                line += token
        return [*lines, line.rstrip()]

    def _tokens(self, text: str) -> list[str]:
        if not self.chinese:
            return re.findall(r"\S+\s*", text)
        return re.findall(r"[0-9A-Za-z.%/-]+\s*|.", text)

    def _font(self, size: float, style: str = "") -> None:
        if self.chinese:
            self.out.set_font("chinese", "", size)
        else:
            self.out.set_font("times", style, size)
