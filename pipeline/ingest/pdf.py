"""PDF: pdfium reads characters and places; pdfplumber checks it and reads ruled tables."""

import contextlib
import re
import subprocess
from collections.abc import Iterator
from typing import Any

from pipeline.ingest import pdf_layout
from pipeline.ingest.blocks import Reading, Refused
from pipeline.ingest.infer import masthead
from pipeline.ingest.ocr import INSTALL, languages
from pipeline.ingest.ocr import read_page as ocr_page
from pipeline.ingest.pdf_check import second_opinion
from pipeline.ingest.pdf_page import PageLines, read_page
from pipeline.model import Page

VERSION = "1"

MOST_PAGES = 10_000
NO_TEXT_BELOW = 25
"""Characters on a page below which a picture over half of it makes it a scan."""


JUNK_ABOVE = 0.01
"""Share of malformed words or characters above which a text layer is doubtful; clean documents stay below 0.0003."""
PAGES_AT_ONCE = 400
"""Pages read before the file is opened anew: pdfium keeps what it parsed until it closes it."""
_PLACEHOLDER = re.compile(
    r"(?:document|file|symbol)[^.]{0,60}(?:does not exist|not (?:been )?found|is not available|could not be found)"
    r"|There is no document matching|no document (?:matches|found)",
    re.I,
)


def read(data: bytes, *, ocr: bool = False) -> Reading:
    """Read a PDF; with `ocr`, pages without a text layer through tesseract, if it is installed.

    Raises `Refused` with a status, or `ValueError` where pdfium finds no document in the bytes.
    """
    count = _count(data)
    if count > MOST_PAGES:
        raise Refused("too_large", f"it has {count} pages, more than {MOST_PAGES}; split it")
    reading = Reading(blocks=[])
    pages: list[PageLines] = []
    for first in range(0, count, PAGES_AT_ONCE):
        with _opened(data) as document:
            here = range(first, min(first + PAGES_AT_ONCE, count))
            pages.extend(_page(document, index, reading) for index in here)
    scanned = _scanned(pages)
    if ocr and scanned:
        _recognise(data, pages, scanned, reading)
        scanned = _scanned(pages)
    if scanned:
        how = "" if ocr else "; ingest with --ocr to read them"
        if not languages():
            how = f"; {INSTALL}, then ingest with --ocr"
        why = f"{len(scanned)} of {count} pages have no text layer and were not searched"
        if len(scanned) == count:
            raise Refused("no_text_layer", why + how)
        reading.partial = True
        reading.warnings.append(f"{why}: {_spans(scanned)}{how}")
    reading.warnings += _doubtful(pages)
    whole = " ".join(line.text for page in pages[:1] for line in page.lines())
    if count <= 2 and len(whole) < 600 and _PLACEHOLDER.search(whole):
        raise Refused("placeholder", "it only says that the document does not exist; check the address")
    reading.warnings += second_opinion(data, pages)
    reading.facts |= masthead(_masthead_lines(pages[0])) if pages else {}
    reading.blocks = pdf_layout.blocks(pages)
    reading.pages = [
        Page(number=page.number, printed=pdf_layout.printed_number(page), characters=page.characters,
             engine=page.engine if page.characters else "")
        for page in pages
    ]  # fmt: skip
    return reading


@contextlib.contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("encrypted", "it opens only with a password; save a copy without one") from error
        raise ValueError("a damaged PDF; download it again") from error
    try:
        yield document
    finally:
        document.close()


def _count(data: bytes) -> int:
    with _opened(data) as document:
        return len(document)


def _page(document: Any, index: int, reading: Reading) -> PageLines:
    """Read a page; one that pdfium cannot load must not hide the others."""
    from pypdfium2 import PdfiumError

    try:
        return read_page(document, index)
    except (PdfiumError, ValueError, OSError):
        reading.warnings.append(f"page {index + 1} cannot be read")
        reading.partial = True
        return PageLines(index + 1, 0, 0, 0)


def _scanned(pages: list[PageLines]) -> list[int]:
    """Return the numbers of pages that are a picture without text."""
    return [page.number for page in pages if page.inked < NO_TEXT_BELOW and page.image_share > 0.5]


def _recognise(data: bytes, pages: list[PageLines], scanned: list[int], reading: Reading) -> None:
    known = languages()
    if not known:
        return
    with _opened(data) as document:
        for number in scanned:
            page = pages[number - 1]
            try:
                lines = ocr_page(document, number - 1, known)
            except (OSError, subprocess.SubprocessError):
                reading.warnings.append(f"page {number}: tesseract failed on it")
                continue
            page.keep(lines)
            page.characters = sum(len(line.text) for line in lines)
            page.inked, page.engine = max(page.characters, NO_TEXT_BELOW), "ocr"
    reading.facts["ocr"] = f"tesseract {known}"


_ODD_WORD = re.compile(r"[a-z][A-Z][a-z]|^[a-z]+[A-Z]{2,}|[a-z]\d[a-z]|[A-Z]{2}[a-z]+[A-Z]")


def _doubtful(pages: list[PageLines]) -> list[str]:
    """Warn of a text layer that is junk: letters in odd cases inside words, or characters without a letter."""
    words = odd = letters = unmapped = 0
    for page in pages:
        if page.engine == "ocr":
            continue
        letters += page.inked
        unmapped += page.unmapped
        for line in page.lines():
            for word in re.findall(r"[^\W_]{4,}", line.text):
                words += 1
                odd += _ODD_WORD.search(word) is not None
    warnings = []
    if words >= 100 and odd > JUNK_ABOVE * words:
        warnings.append(
            f"its text layer is doubtful, perhaps from a poor scan: {100 * odd / words:.0f} % of words are no words"
        )
    if letters and unmapped > JUNK_ABOVE * letters:
        warnings.append(f"{unmapped} characters have no letter in its fonts; compare it with the PDF")
    return warnings


def _masthead_lines(page: PageLines) -> list[str]:
    """Return the lines of the first page, clustered by baseline, then each piece apart."""
    rows = pdf_layout.rows(page.lines())
    return [" ".join(line.text for line in row) for row in rows] + [line.text for row in rows for line in row]


def _spans(numbers: list[int]) -> str:
    """Write page numbers shortly: 1-3, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)
