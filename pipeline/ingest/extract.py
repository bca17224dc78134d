"""Bytes to records, with no file, clock or setting in between: the same bytes give the same records."""

import msgspec

from pipeline.ingest import akn, docx, html, pdf, sniff, text
from pipeline.ingest.blocks import Reading, Refused
from pipeline.ingest.infer import date_of, kind_of, title_of
from pipeline.ingest.language import language_of
from pipeline.ingest.metadata import Entry
from pipeline.ingest.structure import arrange
from pipeline.model import Document, DocumentStatus, Passage, digest

STRUCTURE_VERSION = "1"
"""Raise it when passages, labels or what is inferred change for the same paragraphs."""

_READERS: dict[str, tuple[str, str]] = {
    sniff.AKN: ("akn", akn.VERSION),
    sniff.DOCX: ("docx", docx.VERSION),
    sniff.HTML: ("html", html.VERSION),
    sniff.MARKDOWN: ("markdown", text.VERSION),
    sniff.PDF: ("pdf", pdf.VERSION),
    sniff.TEXT: ("text", text.VERSION),
}
EXTRACTOR: dict[str, str] = {kind: name for kind, (name, _) in _READERS.items()}
EXTRACTOR_VERSION: dict[str, str] = {
    kind: f"{version}.{STRUCTURE_VERSION}" for kind, (_, version) in _READERS.items()
}
"""Version of what reads each media type; part of the reason to read a document again."""


class Ingested(msgspec.Struct, frozen=True, kw_only=True):
    """A document as read and its passages; without text there are no passages and a status that says why."""

    document: Document
    passages: tuple[Passage, ...] = ()


def extract(data: bytes, name: str, entry: Entry | None = None, *, ocr: bool = False) -> Ingested:
    """Read one document from its bytes.

    `name` becomes its id (its ending helps to tell kinds of text apart), `entry` is what
    `corpus/documents.yaml` says of it. Never raises for bad bytes: the status says what is wrong.
    """
    entry = entry or Entry()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return failed(name, data, "empty", "the file is empty", entry)
    try:
        media_type = sniff.media_type(data, name)
    except sniff.WrongType as error:
        return failed(name, data, "wrong_type", str(error), entry)
    except ValueError as error:
        return failed(name, data, "unreadable", str(error), entry)
    try:
        reading = _read(data, media_type, ocr=ocr)
    except Refused as error:
        return failed(name, data, error.status, str(error), entry, media_type)
    except ValueError as error:
        return failed(name, data, "unreadable", str(error), entry, media_type)
    return _assemble(data, name, media_type, reading, entry)


def failed(
    name: str, data: bytes, status: DocumentStatus, why: str, entry: Entry | None = None, media_type: str = ""
) -> Ingested:
    """Return the record of a document that gave no text."""
    entry = entry or Entry()
    document = Document(
        id=name, source_hash=digest(data), media_type=media_type, status=status, warnings=(why,),
        language=entry.language, title=entry.title, symbol=entry.symbol, date=entry.date or "",
        kind=entry.kind or "other", organisations=entry.organisations, attributes=entry.attributes,
        extractor=EXTRACTOR.get(media_type, "none"), extractor_version=EXTRACTOR_VERSION.get(media_type, "0"),
        text_hash=digest(b""),
    )  # fmt: skip
    return Ingested(document=document)


def _read(data: bytes, media_type: str, *, ocr: bool) -> Reading:
    if media_type == sniff.AKN:
        return akn.read(data)
    if media_type == sniff.DOCX:
        return docx.read(data)
    if media_type == sniff.HTML:
        return html.read(data)
    if media_type == sniff.PDF:
        return pdf.read(data, ocr=ocr)
    return text.read(data, markdown=media_type == sniff.MARKDOWN)


def _assemble(data: bytes, name: str, media_type: str, reading: Reading, entry: Entry) -> Ingested:
    passages, warnings = arrange(reading.blocks)
    if not passages:
        return failed(name, data, "empty", "no text was found in it", entry, media_type)
    full_text = "\n".join(passage.text for passage in passages)
    facts = reading.facts
    language = entry.language or language_of(full_text) or facts.get("language", "")
    title = entry.title or facts.get("title", "") or title_of(passages, language)
    kind = entry.kind or kind_of(title, entry.symbol or facts.get("symbol", ""), passages)
    symbol = entry.symbol or facts.get("symbol", "")
    known = ("title", "symbol", "date", "language", "kind", "encoding", "page_title")
    attributes = {key: value for key, value in facts.items() if key not in known} | entry.attributes
    document = Document(
        id=name,
        source_hash=digest(data),
        media_type=media_type,
        status="partial" if reading.partial else "ok",
        warnings=(*reading.warnings, *warnings),
        language=language,
        title=title,
        symbol=symbol,
        date=entry.date or facts.get("date", "") or date_of(passages, title, kind),
        kind=kind,
        organisations=entry.organisations or (("UN",) if symbol else ()),
        attributes=dict(sorted(attributes.items())),
        extractor=EXTRACTOR[media_type],
        extractor_version=EXTRACTOR_VERSION[media_type],
        text_hash=digest(full_text.encode("utf-8", "surrogatepass")),
        pages=tuple(reading.pages),
    )
    return Ingested(document=document, passages=tuple(passages))
