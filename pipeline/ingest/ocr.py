"""Text of scanned pages through tesseract, if it is installed; such text is always marked as OCR."""

import csv
import io
import shutil
import subprocess
from typing import Any

from pipeline.ingest.pdf_page import Line

DOTS_PER_INCH = 300
SECONDS_FOR_A_PAGE = 60
LEAST_CONFIDENCE = 20
"""Words that tesseract is less sure of, in per cent, are specks and rules."""
INSTALL = (
    "install tesseract with its English and simplified Chinese data"
    " (Debian: apt install tesseract-ocr tesseract-ocr-chi-sim; macOS: brew install tesseract tesseract-lang)"
)


def languages() -> str:
    """Return the languages that can be read, as tesseract writes them; "" where it is not installed."""
    if shutil.which("tesseract") is None:
        return ""
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    have = set((listed.stdout + listed.stderr).split())
    return "+".join(language for language in ("eng", "chi_sim") if language in have)


def read_page(document: Any, index: int, known: str) -> list[Line]:
    """Return the lines of page `index` (from 0) of a pdfium document, in the languages `known`.

    Raises `OSError` or `subprocess.SubprocessError` where tesseract fails on the page.
    """
    page = document[index]
    _, height = page.get_size()
    image = page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
    page.close()
    picture = io.BytesIO()
    image.save(picture, "PNG")
    command = ["tesseract", "stdin", "stdout", "-l", known, "--dpi", str(DOTS_PER_INCH), "tsv"]
    done = subprocess.run(
        command, input=picture.getvalue(), capture_output=True, timeout=SECONDS_FOR_A_PAGE, check=True
    )
    return _lines(done.stdout.decode("utf-8", "replace"), height)


def _lines(table: str, height: float) -> list[Line]:
    """Make lines of tesseract's table of words; its boxes count pixels from the upper left corner."""
    scale = 72 / DOTS_PER_INCH
    found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if (row.get("text") or "").strip() and float(row["conf"]) >= LEAST_CONFIDENCE:
            found.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    lines = []
    for words in found.values():
        left = min(int(word["left"]) for word in words)
        right = max(int(word["left"]) + int(word["width"]) for word in words)
        bottom = max(int(word["top"]) + int(word["height"]) for word in words)
        tall = sorted(int(word["height"]) for word in words)[len(words) // 2]
        text = _spaced([word["text"].strip() for word in words])
        # every line in one size: heights of words depend on their letters and would make headings of some
        lines.append(
            Line(
                text,
                left * scale,
                right * scale,
                height - bottom * scale,
                11.0 if tall * scale < 16 else 16.0,
            )
        )
    return lines


def _spaced(words: list[str]) -> str:
    """Join words; tesseract parts Chinese characters, which want no blanks."""
    text = words[0]
    for word in words[1:]:
        text += word if "\u2e80" < text[-1] <= "\uffef" and "\u2e80" < word[0] <= "\uffef" else f" {word}"
    return text
