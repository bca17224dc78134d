"""A second opinion on a PDF: pdfplumber counts pages and characters, and reads ruled tables."""

import contextlib
import io
import logging
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from pipeline.ingest.pdf_page import Line, PageLines

SECONDS = 20
"""Longest time the second opinion may take: pdfplumber runs for ever on some damaged files."""
AGREE = 0.02
"""Share of characters by which the two may differ on a page."""
GRID = 3
"""As many upright and as many horizontal rules make a page one with a ruled table."""
MOST_TABLE_PAGES = 200


def second_opinion(data: bytes, pages: list[PageLines]) -> list[str]:
    """Check page and character counts, replace the lines of ruled tables by their rows; return warnings.

    Where the check cannot finish, what pdfium read stands.
    """
    ruled = [page.number for page in pages if min(page.uprights, len(page.rules)) >= GRID][:MOST_TABLE_PAGES]
    sample = sorted({1, (len(pages) + 1) // 2, len(pages)})
    try:
        with _at_most(SECONDS), _quiet():
            return _look(data, pages, ruled, sample)
    except _OutOfTime:
        return ["pdfplumber did not finish with it: page and character counts are pdfium's alone"]
    except MemoryError:
        raise
    except Exception as error:  # pdfplumber raises whatever its parser runs into
        return [
            f"pdfplumber cannot read it ({type(error).__name__}): page and character counts are pdfium's alone"
        ]


def _look(data: bytes, pages: list[PageLines], ruled: list[int], sample: list[int]) -> list[str]:
    import pdfplumber

    warnings = []
    with pdfplumber.open(io.BytesIO(data), pages=sorted({*ruled, *sample})) as document:
        from pdfminer.pdfpage import PDFPage

        count = sum(1 for _ in PDFPage.create_pages(document.doc))
        if count != len(pages):
            return [f"pdfplumber finds {count} pages, pdfium {len(pages)}; pdfium's were read"]
        for page in document.pages:
            here = pages[page.page_number - 1]
            if page.page_number in sample and here.engine != "ocr":  # no text layer to compare
                other = sum(not char["text"].isspace() for char in page.chars)
                if abs(other - here.inked) > max(20, AGREE * max(other, here.inked)):
                    warnings.append(
                        f"page {here.number}: pdfium finds {here.inked} characters, pdfplumber {other}; compare it with the PDF"
                    )
            if page.page_number in ruled:
                _tables(page, here)
            page.close()
    return warnings


def _tables(page: Any, here: PageLines) -> None:
    lines = here.lines()
    for table in page.find_tables():
        rows = [
            [" ".join((cell or "").split()) for cell in row] for row in table.extract(x_tolerance_ratio=0.15)
        ]
        rows = [row for row in rows if any(row)]
        if len(rows) < 2 or max(sum(bool(cell) for cell in row) for row in rows) < 2:
            continue
        left, top, right, bottom = table.bbox
        upper, lower = here.height - top, here.height - bottom
        inside = [
            line for line in lines
            if lower - 2 <= line.y <= upper + 2 and left - 2 <= (line.x0 + line.x1) / 2 <= right + 2
        ]  # fmt: skip
        if not inside:
            continue
        text = "\n".join("\t".join(row).rstrip("\t") for row in rows)
        if (
            abs(len("".join(text.split())) - sum(len("".join(line.text.split())) for line in inside))
            > 0.1 * len(text) + 10
        ):
            continue  # the two do not see the same words there: keep the lines
        chosen = set(map(id, inside))
        at = next(index for index, line in enumerate(lines) if id(line) in chosen)
        marks = [mark for line in inside for mark in line.marks]
        lines = [line for line in lines if id(line) not in chosen]
        lines.insert(
            at,
            Line(text, left, right, max(line.y for line in inside), inside[0].size, marks=marks, table=True),
        )
        here.engine = "pdfplumber"
    if here.engine == "pdfplumber":
        here.keep(lines)


class _OutOfTime(Exception):
    pass


@contextlib.contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Raise `_OutOfTime` in the block when its time is up; only the main thread of a Unix process can."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep pdfminer's remarks on damaged files off the terminal."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
