"""From lines with places to paragraphs: running heads, columns, footnotes, tables, line ends."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from pipeline.ingest.blocks import Block
from pipeline.ingest.furniture import is_furniture, is_masthead
from pipeline.ingest.infer import kind_of_title
from pipeline.ingest.numbering import division, numbers
from pipeline.ingest.pdf_page import Line, PageLines
from pipeline.ingest.structure import LEADER
from pipeline.ingest.text import join

_STOP = re.compile(r"[.;:!?。；：！？][”\"’'」』)）\]]*$")
_PRINTED = re.compile(
    r"(?:^|\s)(\d{1,4})/\d{1,4}(?:\s|$)|^(?:GE\.|V\.)?\d{2}-\d{4,6}\s+(\d{1,4})$|^(\d{1,4})\s+(?:GE\.|V\.)?\d{2}-\d{4,6}$|^(\d{1,4})$|^-\s*(\d{1,4})\s*-$|^(?:Page|page)\s+(\d{1,4})|^([ivxlc]{1,6})$"
)


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together, still in their places."""

    lines: list[Line]
    page: PageLines
    table: bool = False

    @property
    def text(self) -> str:
        return join_lines(self.lines)


def blocks(pages: list[PageLines]) -> list[Block]:
    """Return the paragraphs of a document, its footnotes behind the page they stand on."""
    body = _body_size(pages)
    repeated = _repeated(pages)
    result: list[Block] = []
    open_paragraph: _Paragraph | None = None
    notes_before: list[Block] = []
    for page in pages:
        printed = printed_number(page)
        lines = page.lines()
        edge = _edge(lines)
        lines = [line for line in lines if not _runs(line, edge, repeated)]
        if page.number == 1:
            lines = _without_masthead(lines)
        lines, notes = _split_notes(lines, page, body)
        paragraphs = _paragraphs(lines, page)
        note_blocks = _notes(notes, page, printed, notes_before)
        for position, paragraph in enumerate(paragraphs):
            if position == 0 and open_paragraph is not None and _runs_on(open_paragraph, paragraph):
                open_paragraph.lines.extend(paragraph.lines)
                last = next(block for block in reversed(result) if block.kind != "footnote")
                last.text = open_paragraph.text
                last.note = _marks(open_paragraph.lines)
                continue
            open_paragraph = paragraph
            result.append(_block(paragraph, printed, body))
        result.extend(note_blocks)
        if note_blocks:
            notes_before = note_blocks
    _mend_hyphens(result)
    if any(block.emphasis for block in result):  # headings are set apart in print, so nothing else is one
        for block in result:
            block.body = not block.emphasis
    return result


def printed_number(page: PageLines) -> str | None:
    """Return the page number that is printed in the head or foot of a page, if there is one."""
    lines = sorted(page.lines(), key=lambda line: line.y)
    for line in [*lines[:4], *lines[:-4:-1]]:
        if (is_furniture(line.text) or len(line.text) < 6) and (found := _PRINTED.search(line.text)):
            return next(group for group in found.groups() if group)
    return None


def rows(lines: list[Line]) -> list[list[Line]]:
    """Return the lines in rows of one baseline, from the top of the page, each from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.y, line.x0)):
        if found and abs(found[-1][0].y - line.y) <= 0.3 * max(line.size, 4):
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in found]


def _body_size(pages: list[PageLines]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines():
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _edge(lines: list[Line]) -> tuple[float, float]:
    """Return the heights at or beyond which running heads and feet are looked for: the outer three rows."""
    heights = sorted({round(line.y) for line in lines}, reverse=True)
    if len(heights) < 8:
        return float("-inf"), float("inf")
    return heights[2], heights[-3]


def _repeated(pages: list[PageLines]) -> set[str]:
    """Return the lines, digits masked, that stand at the edge of many pages at the same height."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        lines = page.lines()
        upper, lower = _edge(lines)
        outer = [(_masked(line.text), line.y) for line in lines if line.y >= upper or line.y <= lower]
        times = Counter(text for text, _ in outer)  # what a page says twice is a list, not a head or foot
        seen.update({(text, round(y / 6)) for text, y in outer if times[text] == 1})
    enough = max(3, len(pages) // 8)
    return {text for (text, _), count in seen.items() if count >= enough and re.search(r"\w|#", text)}


def _runs(line: Line, edge: tuple[float, float], repeated: set[str]) -> bool:
    """Whether a line is a running head or foot: by pattern at the edge of the page, or by repetition there."""
    upper, lower = edge
    if lower < line.y < upper:
        return False
    if is_furniture(line.text) or _masked(line.text) in repeated:
        return True
    return len(line.text) < 6 and _PRINTED.match(line.text) is not None


def _without_masthead(lines: list[Line]) -> list[Line]:
    """Leave out the head of a United Nations document, which stands above its title."""
    kept, met = [], 0
    for row in rows(lines):
        text = " ".join(line.text for line in row)
        if met < 14 and (
            is_masthead(text)
            or is_furniture(text)
            or all(is_masthead(line.text) or is_furniture(line.text) for line in row)
        ):
            met += 1
        else:
            kept.extend(row)
            met += len(row) if _STOP.search(text) else 0
    chosen = set(map(id, kept))
    return [line for line in lines if id(line) in chosen]


def _split_notes(lines: list[Line], page: PageLines, body: float) -> tuple[list[Line], list[Line]]:
    """Part the footnotes from the text: small lines at the foot, below the first that begins with a mark."""
    ordered = sorted(lines, key=lambda line: -line.y)
    start = len(ordered)
    for index in range(len(ordered) - 1, -1, -1):
        if ordered[index].size > 0.95 * body:
            break
        start = index
    rule = max(
        (
            height
            for left, right, height in page.rules
            if 30 < right - left < 0.45 * page.width and height < 0.8 * page.height
        ),
        default=None,
    )
    zone = ordered[start:]
    for line in zone:
        if not line.lead and (star := re.match(r"([*†‡]{1,3})\s+(?=\S)", line.text)):
            line.lead, line.text = star[1], line.text[star.end() :]
    first = next((index for index, line in enumerate(zone) if line.lead), None)
    if (
        rule is not None
        and any(line.y < rule for line in zone)
        and all(line.size <= 0.95 * body for line in ordered if line.y < rule)
    ):
        zone = [line for line in zone if line.y < rule]
        if not any(line.lead for line in zone):  # the marks of these notes are not raised
            for line in zone:
                if number := re.match(r"(\d{1,3})\s+(?=[^\W\d_]|[“\"(])", line.text):
                    line.lead, line.text = number[1], line.text[number.end() :]
        if first is None and not any(line.lead for line in zone) and page.number == 1:
            return lines, []
    elif first is not None:
        zone = zone[first:]
    else:
        return lines, []
    chosen = set(map(id, zone))
    return [line for line in lines if id(line) not in chosen], zone


def _notes(lines: list[Line], page: PageLines, printed: str | None, before: list[Block]) -> list[Block]:
    found: list[tuple[str, list[Line]]] = []
    for row in rows(lines):
        for line in row:
            if line.lead:
                found.append((line.lead, [line] if line.text else []))
            elif found:
                found[-1][1].append(line)
            elif before:
                before[-1].text = join([before[-1].text, line.text])
            else:  # a note without a mark is still text
                found.append(("", [line]))
    return [
        Block(text=join_lines(own), kind="footnote", note=mark, page=page.number, printed_page=printed)
        for mark, own in found if own
    ]  # fmt: skip


def _paragraphs(lines: list[Line], page: PageLines) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    for column in _columns(lines):
        found.extend(_column_paragraphs(column, page))
    return found


def _columns(lines: list[Line]) -> list[list[Line]]:
    """Cut the page at an empty gutter in its middle third, if there is one; full lines part it in bands."""
    gutter = _gutter(lines)
    if gutter is None:
        return [lines]
    bands: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    for row in rows(lines):
        for line in row:
            if line.x0 < gutter < line.x1:
                bands += [left, right, [line]]
                left, right = [], []
            elif line.x1 <= gutter:
                left.append(line)
            else:
                right.append(line)
    bands += [left, right]
    merged: list[list[Line]] = []
    for band in filter(None, bands):
        if (
            merged
            and len(band) == 1
            and band[0].x0 < gutter < band[0].x1
            and all(line.x0 < gutter < line.x1 for line in merged[-1])
        ):
            merged[-1].extend(band)
        else:
            merged.append(band)
    return merged


def _gutter(lines: list[Line]) -> float | None:
    if len(lines) < 12:
        return None
    left = min(line.x0 for line in lines)
    right = max(line.x1 for line in lines)
    third = (right - left) / 3
    best: tuple[int, float] | None = None
    for step in range(21):
        x = left + third + third * step / 20
        crossing = sum(line.x0 < x < line.x1 for line in lines)
        before = [line for line in lines if line.x1 <= x]
        after = [line for line in lines if line.x0 >= x]
        if crossing > 0.25 * len(lines) or min(len(before), len(after)) < 5:
            continue
        wide = sum(line.x1 - line.x0 > 0.25 * (right - left) for line in after)
        wide_before = sum(line.x1 - line.x0 > 0.25 * (right - left) for line in before)
        if min(wide, wide_before) < 4 or len(_STARTS(before)) > 6:
            continue
        if best is None or crossing < best[0]:
            best = (crossing, x)
    return best[1] if best else None


def _STARTS(lines: list[Line]) -> set[int]:  # noqa: N802
    return {round(line.x0 / 5) for line in lines}


def _column_paragraphs(lines: list[Line], page: PageLines) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    ordered = rows(lines)
    leading = _leading(ordered)
    margin = max((line.x1 for row in ordered for line in row), default=0.0)
    left = min((line.x0 for row in ordered for line in row), default=0.0)
    previous: list[Line] | None = None
    for row in ordered:
        if row[0].table:
            found.append(_Paragraph([row[0]], page, True))
            previous = None
            continue
        table = len(row) > 1 and not _reads_as_one(row)
        line = row[0]
        if found and previous is not None:
            last = found[-1]
            if table and last.table and previous[0].y - line.y < 2.6 * leading:
                last.lines.extend(_as_row(row))
                previous = row
                continue
            if not table and not last.table and _joins(last, previous, row, leading, left, margin):
                last.lines.extend(row)
                previous = row
                continue
        found.append(_Paragraph(_as_row(row) if table else list(row), page, table))
        previous = row
    return found


def _reads_as_one(row: list[Line]) -> bool:
    """Two pieces on a baseline are one line if the first is a number, or they nearly touch."""
    return all(
        b.x0 - a.x1 < 1.6 * max(a.size, b.size)
        or re.fullmatch(r"[(（]?[\dA-Za-z一二三四五六七八九十]{1,4}[.)）、]?", a.text)
        for a, b in itertools.pairwise(row)
    )


def _as_row(row: list[Line]) -> list[Line]:
    """Make one line of a table row, its cells parted by tabs."""
    first = row[0]
    marks = [mark for line in row for mark in line.marks]
    return [
        Line(
            "\t".join(line.text for line in row),
            first.x0,
            row[-1].x1,
            first.y,
            first.size,
            first.bold,
            first.italic,
            marks,
        )
    ]


def _leading(ordered: list[list[Line]]) -> float:
    """Return the usual distance of baselines inside paragraphs."""
    steps = Counter(
        round(a[0].y - b[0].y, 0) for a, b in itertools.pairwise(ordered) if 4 < a[0].y - b[0].y < 40
    )
    if not steps:
        return 14.0
    most = max(steps.values())
    return min(step for step, count in steps.items() if count >= 0.5 * most)


def _joins(
    paragraph: _Paragraph, previous: list[Line], row: list[Line], leading: float, left: float, margin: float
) -> bool:
    """Whether a row goes on with the paragraph above it."""
    before, line = previous[-1], row[0]
    gap = previous[0].y - line.y
    size = max(before.size, line.size)
    first = paragraph.lines[0]
    if (gap > max(1.38 * leading, 1.0) and gap > 1.45 * size) or gap < 0:
        return False
    if abs(before.size - line.size) > 0.6 or (
        previous[0].bold != line.bold
        and (first.bold or line.bold)
        and _all_bold(paragraph) != line.bold
        and not _mixed(paragraph)
    ):
        return False
    if before.hyphen:
        return True
    if LEADER.search(before.text):
        return False
    if division(line.text) is not None and line.bold == first.bold and _STOP.search(before.text):
        return False
    if (
        numbers(line.text)
        and (_STOP.search(before.text) or abs(line.x0 - previous[0].x0) > 3)
        and line.x0 >= first.x0 - 60
    ):
        return not (_STOP.search(before.text) or line.x0 > previous[0].x0 + 3) or _is_year_or_mention(before)
    indented = line.x0 > previous[0].x0 + 8 and len(paragraph.lines) > 1
    if (
        indented
        and (_STOP.search(before.text) or before.text.endswith((",", "，")))
        and before.x1 < margin - 20
    ):
        return False
    return not (
        _STOP.search(before.text)
        and before.x1 < margin - 0.25 * (margin - left)
        and not line.text[:1].islower()
        and gap > 1.08 * leading
    )


def _is_year_or_mention(before: Line) -> bool:
    """ "paragraph / 12. The" at a line start: a number that belongs to the words before it."""
    return (
        re.search(
            r"\b(?:paragraphs?|articles?|resolutions?|and|or|to|of|No\.?|section|page|pp?\.)$",
            before.text,
            re.I,
        )
        is not None
    )


def _all_bold(paragraph: _Paragraph) -> bool:
    return all(line.bold for line in paragraph.lines)


def _mixed(paragraph: _Paragraph) -> bool:
    return len(paragraph.lines) > 1 and any(not line.bold for line in paragraph.lines)


def _runs_on(before: _Paragraph, after: _Paragraph) -> bool:
    """Whether the first paragraph of a page goes on with the last one of the page before."""
    if before.table or after.table or LEADER.search(before.lines[-1].text):
        return False
    last, first = before.lines[-1], after.lines[0]
    if abs(last.size - first.size) > 0.6 or (before.lines[0].bold != first.bold and _all_bold(before)):
        return False
    if last.hyphen or first.text[:1].islower():
        return True
    if _STOP.search(last.text) or (last.text.endswith(("，", ",")) and first.x0 > last.x0 + 8):
        return False
    if (numbers(first.text) and first.x0 > last.x0 + 3) or division(first.text):
        return False
    return not first.bold


def join_lines(lines: list[Line]) -> str:
    """Return the text of a paragraph; hyphens at line ends stay until the whole document is known."""
    parts = [line.text + (BROKEN if line.hyphen else "") for line in lines]
    if any("\t" in part for part in parts):
        return "\n".join(parts).replace(BROKEN, "-")
    return join(parts).replace(f"{BROKEN} ", BROKEN)


BROKEN = "\u0002"
"""Stands for a hyphen at a line end of which it is not yet known whether the word has it."""


def _mend_hyphens(result: list[Block]) -> None:
    """A hyphen at a line end is real, unless the word is printed elsewhere without it and never with it."""
    broken = re.compile(rf"([^\W\d_]*){BROKEN}\s?([^\W\d_]*)")
    pairs = [
        match.groups() for block in result if BROKEN in block.text for match in broken.finditer(block.text)
    ]
    if not pairs:
        return
    asked = {form for a, b in pairs for form in (f"{a}{b}".lower(), f"{a}-{b}".lower())}
    words = set()
    for block in result:
        words |= asked.intersection(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", block.text.lower()))

    def mend(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        joined, hyphened = f"{first}{second}".lower(), f"{first}-{second}".lower()
        return first + ("" if joined in words and hyphened not in words else "-") + second

    for block in result:
        if BROKEN in block.text:
            block.text = broken.sub(mend, block.text)


def _marks(lines: list[Line]) -> str:
    return " ".join(mark for line in lines for mark in line.marks)


def _block(paragraph: _Paragraph, printed: str | None, body: float) -> Block:
    text = paragraph.text
    page = paragraph.page
    paragraph.lines[0]
    if (paragraph.table and "\n" in text) or (LEADER.search(text) and len(text) < 400):
        return Block(
            text=text, kind="table", page=page.number, printed_page=printed, note=_marks(paragraph.lines)
        )
    text = text.replace("\t", " ").replace("\n", " ")
    block = Block(text=text, page=page.number, printed_page=printed, note=_marks(paragraph.lines))
    level = _level(paragraph, body)
    if level is not None and len(text) < 400:
        block.emphasis = True
        if not numbers(text) and not division(text) and kind_of_title(text) == "other":
            block.level = level
    return block


def _level(paragraph: _Paragraph, body: float) -> int | None:
    """Return the depth of a heading as its letters show it: size first, then bold, then italic."""
    size = paragraph.lines[0].size
    bold, italic = _all_bold(paragraph), all(line.italic for line in paragraph.lines)
    if size >= 1.35 * body:
        return 3
    if size >= 1.12 * body:
        return 4
    if bold:
        return 7 if italic else 6
    return 8 if italic else None
