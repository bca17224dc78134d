"""What a file is, by its first bytes; its name only decides between kinds of text."""

import io
import re
import zipfile
from pathlib import PurePosixPath

AKN = "application/akn+xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
TEXT = "text/plain"

JUNK_BEFORE_PDF = 1024
"""How far into a file its `%PDF-` may stand, as PDF readers allow."""

_TEXT_ENDINGS = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": TEXT, ".text": TEXT, "": TEXT}
_HTML_ENDINGS = (".html", ".htm", ".xhtml")
_KNOWN = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or PowerPoint file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"{\\rtf": "a Rich Text file",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"SQLite format 3": "a database",
}


class WrongType(ValueError):
    """The bytes are of a kind that cannot be read; the message says which and what to do."""


def media_type(data: bytes, name: str) -> str:
    """Return the media type of the bytes; raises `WrongType` for what has no reader."""
    head = data[:4096]
    if b"%PDF-" in head[: JUNK_BEFORE_PDF + 5]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(data)
    for magic, what in _KNOWN.items():
        if head.startswith(magic):
            raise WrongType(f"it is {what}; save it as PDF, DOCX, HTML or plain text")
    ending = PurePosixPath(name).suffix.lower()
    marked = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    plain = marked.replace(b"\0", b"")  # UTF-16
    if re.search(rb"<(?:\w+:)?akomantoso\b", plain):
        return AKN
    if plain.startswith((b"<!doctype html", b"<html")) or (ending in _HTML_ENDINGS and b"<" in plain):
        return HTML
    if plain.startswith(b"<?xml"):
        if re.search(rb"<(?:\w+:)?html\b", plain):
            return HTML
        raise WrongType("it is XML, but not Akoma Ntoso; save it as HTML or plain text")
    if ending == ".pdf":
        raise WrongType("its name ends in .pdf, but it is no PDF; download it again")
    if ending in _TEXT_ENDINGS:
        return _TEXT_ENDINGS[ending]
    if re.match(rb"(?:<!--.*?-->\s*)?<(?:head|body|div|p|h1|table|meta)\b", plain, re.S):
        return HTML
    if ending in (".xml", ".docx", *_HTML_ENDINGS):
        raise WrongType(
            f"its name ends in {ending}, but it is none; save it again or give it its true ending"
        )
    raise WrongType(f'files ending in "{ending}" have no reader; save it as PDF, DOCX, HTML or plain text')


def _zipped(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValueError("a damaged Word or other zipped file; save or download it again") from error
    if "word/document.xml" in names or any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return DOCX
    kinds = {
        "xl/workbook.xml": "an Excel file",
        "ppt/presentation.xml": "a PowerPoint file",
        "mimetype": "an OpenDocument or EPUB file",
    }
    what = next((kind for name, kind in kinds.items() if name in names), "a ZIP archive")
    raise WrongType(f"it is {what}; save it as PDF, DOCX, HTML or plain text")
