"""Word files: automatic numbers worked out, tracked deletions left out, text boxes and footnotes kept."""

import io
import re
import zipfile
from typing import TYPE_CHECKING

from pipeline.ingest.blocks import Block, Reading, Refused
from pipeline.ingest.docx_numbers import Numbering
from pipeline.model import PassageKind

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "1"

MOST_UNPACKED = 400 * 2**20
"""Bytes that all parts of a Word file may unpack to."""
MOST_RATIO = 150
"""How many times its packed size a large part may have; ordinary text packs to a tenth."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = re.compile(r"[ \t\r\n\u00a0]+")
_SKIP = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sdtPr", "fldData", "ruby")
)


def read(data: bytes) -> Reading:
    """Read a Word file; it has no pages, so paragraphs are what one cites.

    Raises `Refused` for one that unpacks to too much, `ValueError` for a damaged one.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_sizes(archive)
        names = archive.namelist()
        main = next(
            name
            for name in ("word/document.xml", *names)
            if name in names and re.fullmatch(r"word/document\d*\.xml", name)
        )
        parts = {
            name: _parse(archive, f"word/{name}.xml")
            for name in ("styles", "numbering", "footnotes", "endnotes")
        }
        body = _parse(archive, main)
    except (zipfile.BadZipFile, StopIteration, KeyError, OSError, NotImplementedError, RuntimeError) as error:
        raise ValueError("a damaged Word file; save or download it again") from error
    if body is None:
        raise ValueError("a Word file without a text; save it again")
    return _Reader(body, parts).reading


def _check_sizes(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Refused(
            "too_large",
            f"it unpacks to more than {MOST_UNPACKED // 2**20} MB; it may be built to exhaust its reader",
        )
    for info in infos:
        if (
            info.filename.endswith(".xml")
            and info.file_size > 20 * 2**20
            and info.file_size > MOST_RATIO * max(1, info.compress_size)
        ):
            raise Refused(
                "too_large",
                f"a part of it unpacks to {MOST_RATIO} times its size or more; it may be built to exhaust its reader",
            )


def _parse(archive: zipfile.ZipFile, name: str) -> "_Element | None":
    from lxml import etree

    if name not in archive.namelist():
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    data = archive.read(name).replace(_STRICT.encode(), _TRANSITIONAL.encode())
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:2000]:
        raise ValueError("a Word file with a document type declaration, which none has; save it again")
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("a damaged Word file; save or download it again") from error


class _Reader:
    """One walk through the text, in reading order."""

    def __init__(self, body: "_Element", parts: "dict[str, _Element | None]") -> None:
        self.reading = Reading(blocks=[])
        self.numbering = Numbering(parts["numbering"], parts["styles"])
        self.styles = _style_names(parts["styles"])
        self.notes = {
            ("footnote", key): value for key, value in _notes(parts["footnotes"], "footnote").items()
        }
        self.notes |= {("endnote", key): value for key, value in _notes(parts["endnotes"], "endnote").items()}
        self.count = 0
        self.pending: list[Block] = []
        self.boxes: list[_Element] = []
        root = body.find(f"{W}body")
        for child in root if root is not None else body:
            self._walk(child)

    def _walk(self, element: "_Element") -> None:
        if element.tag == f"{W}p":
            self._paragraph(element)
        elif element.tag == f"{W}tbl":
            self._table(element)
        elif element.tag not in _SKIP:
            for child in element:
                self._walk(child)

    def _paragraph(self, element: "_Element") -> None:
        properties = element.find(f"{W}pPr")
        if (
            properties is not None
            and properties.find(f"{W}rPr/{W}del") is not None
            and not self._words(element, [])
        ):
            return
        marks: list[str] = []
        words = self._words(element, marks)
        style = properties.find(f"{W}pStyle") if properties is not None else None
        style_id = style.get(f"{W}val", "") if style is not None else ""
        if words:
            label = self.numbering.label(properties, style_id)
            kind, level = self._heading(style_id, properties)
            text = f"{label} {words}".strip() if not words.startswith(label) or not label else words
            emphasis = _all_bold(element) and len(words) < 300
            self.reading.blocks.append(
                Block(text=text, kind=kind, level=level, emphasis=emphasis, note=" ".join(marks))
            )
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._walk(box)
        self.reading.blocks.extend(self.pending)
        self.pending = []

    def _words(self, element: "_Element", marks: list[str]) -> str:
        parts: list[str] = []
        self._gather(element, parts, marks)
        return _SPACE.sub(" ", "".join(parts)).strip()

    def _gather(self, element: "_Element", parts: list[str], marks: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in _SKIP or not isinstance(tag, str):
                continue
            name = tag.rpartition("}")[2]
            if tag == f"{W}t":
                parts.append(child.text or "")
            elif name in ("tab", "br", "cr"):
                parts.append(" ")
            elif name == "noBreakHyphen":
                parts.append("\u2011")
            elif name == "sym":
                parts.append("•")
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(name.removesuffix("Reference"), child.get(f"{W}id", ""), marks)
            elif name == "txbxContent":
                self.boxes.append(child)
            elif name == "Fallback":  # the same text box again, for older programs
                continue
            else:
                self._gather(child, parts, marks)

    def _note(self, kind: str, key: str, marks: list[str]) -> None:
        element = self.notes.get((kind, key))
        if element is None:
            return
        self.count += 1
        mark = str(self.count)
        marks.append(mark)
        paragraphs = [self._words(paragraph, []) for paragraph in element.iter(f"{W}p")]
        text = " ".join(filter(None, paragraphs))
        if text:
            self.pending.append(Block(text=text, kind="footnote", note=mark))

    def _table(self, element: "_Element") -> None:
        """A table of one column only frames its text; others become rows."""
        rows = [row for row in element.iter(f"{W}tr") if not row.findall(f"{W}trPr/{W}del")]
        widest = max((len(row.findall(f"{W}tc")) for row in rows), default=0)
        if widest < 2:
            for cell in element.iter(f"{W}tc"):
                for child in cell:
                    self._walk(child)
            return
        lines = []
        marks: list[str] = []
        for row in rows:
            cells = [
                " ".join(filter(None, (self._words(p, marks) for p in cell.iter(f"{W}p"))))
                for cell in row.findall(f"{W}tc")
            ]
            if any(cells):
                lines.append("\t".join(cells))
        if lines:
            self.reading.blocks.append(Block(text="\n".join(lines), kind="table", note=" ".join(marks)))
        self.reading.blocks.extend(self.pending)
        self.pending = []

    def _heading(self, style_id: str, properties: "_Element | None") -> tuple[PassageKind | None, int | None]:
        name = self.styles.get(style_id, style_id).lower()
        if name in ("title", "document title"):
            return "title", None
        if found := re.fullmatch(r"(?:heading|titre|überschrift|标题|_?\s*h_?)\s*_?(\d)(?:_.*)?", name):
            return "heading", int(found[1])
        outline = properties.find(f"{W}outlineLvl") if properties is not None else None
        if outline is not None and (level := outline.get(f"{W}val", "9")).isdigit() and int(level) < 9:
            return "heading", int(level) + 1
        return None, None


def _style_names(styles: "_Element | None") -> dict[str, str]:
    if styles is None:
        return {}
    names = {}
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        names[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "") if name is not None else ""
    return names


def _notes(part: "_Element | None", kind: str) -> "dict[str, _Element]":
    if part is None:
        return {}
    return {
        note.get(f"{W}id", ""): note for note in part.findall(f"{W}{kind}")
        if note.get(f"{W}type", "normal") == "normal"
    }  # fmt: skip


def _all_bold(paragraph: "_Element") -> bool:
    runs = [
        run
        for run in paragraph.iter(f"{W}r")
        if any((text.text or "").strip() for text in run.findall(f"{W}t"))
    ]
    return bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) for run in runs)


def _is_on(flag: "_Element | None") -> bool:
    return flag is not None and flag.get(f"{W}val", "true") not in ("0", "false", "off")
