"""Time and memory of reading a long PDF, against pdfplumber in the same run.

    python benchmarks/ingest_speed.py [PDF]            # default: the 212-page report among the reference documents
    python benchmarks/ingest_speed.py --pages 5000     # the same pages again and again, memory only

Each measurement runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import io
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def pipeline_ingest(data: bytes, name: str) -> int:
    from pipeline.ingest import extract

    ingested = extract(data, name)
    assert ingested.document.status in ("ok", "partial"), ingested.document.warnings
    return len(ingested.document.pages)


def pdfplumber_text(data: bytes, _name: str) -> int:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.close()
        return len(document.pages)


def _measured(
    work: Callable[[bytes, str], int],
    data: bytes,
    name: str,
    queue: "multiprocessing.Queue[tuple[int, float, float]]",
) -> None:
    started = time.perf_counter()
    pages = work(data, name)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform.startswith("linux") else 2**20
    )
    queue.put((pages, seconds, peak))


def measure(work: Callable[[bytes, str], int], data: bytes, name: str) -> tuple[int, float, float]:
    """Return pages, seconds and peak memory in MB (program and libraries included)."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[tuple[int, float, float]] = context.Queue()
    process = context.Process(target=_measured, args=(work, data, name, queue))
    process.start()
    result = queue.get()
    process.join()
    return result


def repeated(data: bytes, pages: int) -> bytes:
    """Return a PDF of the same pages again and again, each time as new objects."""
    import pypdfium2

    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    while len(target) < pages:
        target.import_pages(source, list(range(min(len(source), pages - len(target)))))
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()


def main() -> int:
    shared = Path(os.environ.get("PIPELINE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pdf", type=Path, nargs="?", default=shared / "documents" / "pdf" / "A_80_10.en.pdf")
    parser.add_argument("--pages", type=int, help="measure memory on a PDF of this many pages")
    arguments = parser.parse_args()
    if not arguments.pdf.is_file():
        print(f"{arguments.pdf.name}: not there; name a PDF", file=sys.stderr)
        return 4
    data = arguments.pdf.read_bytes()
    if arguments.pages:
        pages, seconds, peak = measure(pipeline_ingest, repeated(data, arguments.pages), arguments.pdf.name)
        print(f"pipeline ingest: {pages} pages, {pages / seconds:.1f} pages/s, peak {peak:.0f} MB")
        return 0
    pages, seconds, peak = measure(pipeline_ingest, data, arguments.pdf.name)
    print(f"pipeline ingest           {pages} pages  {pages / seconds:7.1f} pages/s  peak {peak:5.0f} MB")
    other_pages, other_seconds, other_peak = measure(pdfplumber_text, data, arguments.pdf.name)
    print(
        f"pdfplumber extract_text   {other_pages} pages  {other_pages / other_seconds:7.1f} pages/s  peak {other_peak:5.0f} MB"
    )
    print(f"ratio {other_seconds / seconds * pages / other_pages:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
