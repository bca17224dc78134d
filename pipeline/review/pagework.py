"""Picture of a PDF page with the places of words on it. Runs as a program of its own.

A PDF is untrusted, and the library that draws it is written in C: this file is started as a child
process with limits on time and memory, reads one request from standard input and writes the answer to
standard output. It imports nothing of the pipeline, so that it starts quickly.

The words are not searched for on the page. The whole passage is aligned with the characters that the
page draws, and each stretch of the passage has the places of its characters: a word that stands three
times in a passage has the right one of three places.
"""

import io
import json
import struct
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

MEMORY = 2 * 1024**3
"""Bytes of address space beyond what the program starts with."""
SECONDS = 20
"""Processor time for one page."""
LEAST_ALIKE = 60.0
"""Similarity of passage and page, out of 100, under which no place is given rather than a wrong one."""
CELL_EDGES = "|\t\n"
"""What parts the cells of a table in the text of a passage."""

Box = tuple[float, float, float, float]
"""Left, top, width and height as parts of the page, 0 to 1."""
Character = tuple[str, int, int]
"""A character as compared, the page it is on (from 0), and its index there."""


def answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return boxes and a PNG for a request.

    The request has `path`, `page` (from 1), `passage` (its text), `marks` (name to [start, end] in code
    points into the passage) and `width` (pixels). The answer has `page`, the page shown: the one with the
    first mark, where the passage runs over to the next; `pages`, how many there are; and `boxes`, the
    marks' boxes on it.
    """
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(request["path"])
    first = request["page"] - 1
    if not 0 <= first < len(document):
        raise ValueError(f"no page {request['page']} in a document of {len(document)}")
    indices = [index for index in (first, first + 1) if index < len(document)]
    pages = {index: document[index] for index in indices}
    texts = {index: page.get_textpage() for index, page in pages.items()}
    drawn = [one for index in indices for one in characters(texts[index], index)]
    found = find(request["passage"], request["marks"], drawn)
    shown = next((hits[0][0] for hits in found.values() if hits), first)
    page = pages[shown]
    boxes = {
        name: line_boxes(
            [box for index, at in hits if index == shown and (box := _box(page, texts[shown], at))]
        )
        for name, hits in found.items()
    }
    picture = io.BytesIO()
    width, _ = page.get_size()
    page.render(scale=request["width"] / width).to_pil().save(picture, "PNG")
    return {"page": shown + 1, "pages": len(document), "boxes": boxes}, picture.getvalue()


def characters(text_page: Any, page: int) -> list[Character]:
    """Return the characters that a page draws, without blanks, as they are compared."""
    import pypdfium2.raw as raw

    found: list[Character] = []
    high = 0
    for index in range(text_page.count_chars()):
        unit = raw.FPDFText_GetUnicode(text_page.raw, index)
        if 0xD800 <= unit < 0xDC00:
            high = unit
            continue
        if 0xDC00 <= unit < 0xE000 and high:
            unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)
        high = 0
        if 0 < unit < 0x110000 and not 0xD800 <= unit < 0xE000:
            found.extend((one, page, index) for one in comparable(chr(unit)))
    return found


def comparable(character: str) -> str:
    """Return what a character is compared as: ligatures apart, capitals small, blanks and hyphens nothing."""
    plain = unicodedata.normalize("NFKC", character).casefold()
    return "".join(one for one in plain if not one.isspace() and one not in "-\u00ad\u2010\u2011\x02\ufffe")


def find(
    passage: str, marks: dict[str, tuple[int, int]], drawn: Sequence[Character]
) -> dict[str, list[tuple[int, int]]]:
    """Return for each mark the pages and indices of its characters.

    A table is read by rows and drawn by cells, so that a whole row is nowhere: a mark that was not found
    is looked for in its own cell, if the cell's words stand on the page once.
    """
    whole = align(passage, drawn)
    found = {}
    for name, (start, end) in marks.items():
        places = [place for at in range(start, end) for place in whole.get(at, ())]
        if not places:
            left = max(passage.rfind(edge, 0, start) for edge in CELL_EDGES) + 1
            edges = [at for edge in CELL_EDGES if (at := passage.find(edge, start)) >= 0]
            right = min(edges, default=len(passage))
            cell = align(passage[left:right], drawn, once=True)
            places = [place for at in range(start - left, end - left) for place in cell.get(at, ())]
        found[name] = places
    return found


def align(
    passage: str, drawn: Sequence[Character], *, once: bool = False
) -> dict[int, list[tuple[int, int]]]:
    """Return for the offsets of a passage the pages and indices of the characters that draw them.

    With `once` nothing is returned where the same words stand there again.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    wanted = [(one, at) for at, character in enumerate(passage) for one in comparable(character)]
    needle = "".join(one for one, _ in wanted)
    text = "".join(one for one, _, _ in drawn)
    if not needle or not text:
        return {}
    start = text.find(needle)
    if once and (start < 0 or text.find(needle, start + 1) >= 0):
        return {}
    if start >= 0:
        pairs = [(at, start + at) for at in range(len(needle))]
    else:
        found = fuzz.partial_ratio_alignment(needle, text, score_cutoff=LEAST_ALIKE)
        if found is None:
            return {}
        margin = len(needle) // 5 + 10
        low, high = max(0, found.dest_start - margin), min(len(text), found.dest_end + margin)
        pairs = [
            (op.src_start + step, low + op.dest_start + step)
            for op in Indel.opcodes(needle, text[low:high])
            if op.tag == "equal"
            for step in range(op.src_end - op.src_start)
        ]
    places: dict[int, list[tuple[int, int]]] = {}
    for here, there in pairs:
        places.setdefault(wanted[here][1], []).append(drawn[there][1:])
    return places


def _box(page: Any, text_page: Any, index: int) -> Box | None:
    """Return where a character stands, as parts of the page as it is drawn, whatever its rotation."""
    import ctypes

    import pypdfium2.raw as raw

    left, bottom, right, top = text_page.get_charbox(index, loose=True)
    size = 100_000  # device units, so that rounding to whole ones does not show
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for at in ((left, top), (right, bottom)):
        if not raw.FPDF_PageToDevice(page.raw, 0, 0, size, size, 0, *at, x, y):
            return None
        corners.append((x.value / size, y.value / size))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)


def line_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Return one box for each line of characters that follow each other."""
    lines: list[list[float]] = []
    for x, y, width, height in boxes:
        if width <= 0 or height <= 0:
            continue
        right, bottom = x + width, y + height
        if lines:
            last = lines[-1]
            same_line = min(bottom, last[3]) - max(y, last[1]) > 0.4 * min(height, last[3] - last[1])
            if same_line and x >= last[0] - height and x - last[2] < 4 * height:
                last[1], last[2], last[3] = min(last[1], y), max(last[2], right), max(last[3], bottom)
                continue
        lines.append([x, y, right, bottom])
    return [(round(a, 5), round(b, 5), round(c - a, 5), round(d - b, 5)) for a, b, c, d in lines]


def limit() -> None:
    """Hold this process to its limits, where the system has them."""
    try:
        import resource
    except ImportError:  # Windows: the caller's time limit remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Answer the request on standard input: length of the JSON in 4 bytes, the JSON, the picture."""
    limit()
    told, picture = answer(json.load(sys.stdin))
    head = json.dumps(told).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + picture)


if __name__ == "__main__":
    main()
