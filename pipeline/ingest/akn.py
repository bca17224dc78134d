"""Akoma Ntoso XML, as the United Nations Secretariat publishes resolutions and statements in it."""

import re
from typing import TYPE_CHECKING

from pipeline.ingest.blocks import Block, Reading
from pipeline.model import PassageKind

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "1"

_LANGUAGES = {"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh",
              "deu": "de", "ger": "de", "por": "pt", "ita": "it", "nld": "nl", "dut": "nl"}  # fmt: skip
_HEADING_LEVELS = {"H1": 3, "H23": 6, "H4": 8}
_CONTAINERS = frozenset(
    [
        "preamble",
        "mainBody",
        "body",
        "conclusions",
        "attachments",
        "attachment",
        "doc",
        "statement",
        "act",
        "bill",
        "judgment",
        "documentCollection",
        "component",
        "components",
        "collectionBody",
        "debateReport",
        "debate",
        "officialGazette",
        "amendmentList",
        "portion",
        "quotedStructure",
        "embeddedStructure",
        "mod",
        "wrapUp",
        "recitals",
        "hcontainer",
    ]
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


def read(data: bytes) -> Reading:
    """Read the XML; raises `ValueError` where it is not well-formed or holds no document."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error.msg}") from error
    return _Reader(root).reading


class _Reader:
    """One walk through the tree, in reading order."""

    def __init__(self, root: "_Element") -> None:
        self.reading = Reading(blocks=[], facts=_facts(root))
        self.notes: list[Block] = []
        for child in root:
            self._walk(child, 0, preamble=False)
        self._flush_notes()

    def _walk(self, element: "_Element", depth: int, *, preamble: bool) -> None:
        name = _name(element)
        if name in ("meta", "components"):
            return
        if name in ("coverPage", "preface"):
            self._cover(element)
        elif name == "preamble":
            for child in element:
                self._walk(child, depth, preamble=True)
        elif name in ("heading", "subheading"):
            self._heading(element, depth)
        elif name == "table":
            self._table(element)
        elif name == "toc":
            return
        elif name in (
            "p",
            "block",
            "signature",
            "formula",
            "recital",
            "container",
            "citation",
            "longTitle",
        ) and not _has_structure(element):
            self._paragraph(element, preamble=preamble)
        elif _child(element, "num") is not None or _child(element, "heading") is not None:
            self._division(element, depth, preamble=preamble)
        else:
            deeper = depth if name in _CONTAINERS else depth + 1
            for child in element:
                self._walk(child, deeper, preamble=preamble)

    def _division(self, element: "_Element", depth: int, *, preamble: bool) -> None:
        """A numbered or titled part: its number goes before its title, else before its first words."""
        number, heading = _child(element, "num"), _child(element, "heading")
        prefix = self._text(number) if number is not None else ""
        rest = [child for child in element if child is not number and child is not heading]
        if heading is not None:
            title = self._text(heading)
            if prefix and _name(element) == "article" and not prefix.lower().startswith(("art", "第")):
                prefix = f"Article {prefix}"
            level = _HEADING_LEVELS.get(element.get("class", ""), depth + 1)
            self._add(Block(text=f"{prefix} {title}".strip(), kind="heading", level=level))
            prefix = ""
        elif prefix and _name(element) == "article":
            self._add(
                Block(
                    text=prefix if prefix.lower().startswith(("art", "第")) else f"Article {prefix}",
                    kind="heading",
                )
            )
            prefix = ""
        before = len(self.reading.blocks)
        for child in rest:
            self._walk(child, depth + 1, preamble=preamble)
        if prefix:
            if len(self.reading.blocks) > before:
                first = self.reading.blocks[before]
                first.text = f"{prefix} {first.text}"
            else:
                self._add(Block(text=prefix, body=True))

    def _heading(self, element: "_Element", depth: int) -> None:
        parent = element.getparent()
        named = parent.get("class", "") if parent is not None else ""
        level = _HEADING_LEVELS.get(named, depth + (2 if _name(element) == "subheading" else 1))
        self._add(Block(text=self._text(element), kind="heading", level=level))

    def _paragraph(self, element: "_Element", *, preamble: bool) -> None:
        marks = [note.get("marker", "") for note in element.iter("{*}authorialNote")]
        text = self._text(element)
        kind: PassageKind | None = (
            "signature" if _name(element) == "signature" else "preamble" if preamble else None
        )
        level = None if preamble else _emphasis_level(element)
        if level and re.search(r"\w", text) and not re.search(r"[.;,]$", text):
            self._add(Block(text=text, kind="heading", level=level))
        else:
            self._add(Block(text=text, kind=kind, body=True, note=" ".join(filter(None, marks))))
        if not _is_within(element, ("list", "blockList")):
            self._flush_notes()

    def _table(self, element: "_Element") -> None:
        rows = ["\t".join(self._text(cell) for cell in row) for row in element.iter("{*}tr")]
        self._add(Block(text="\n".join(row for row in rows if row.strip()), kind="table"))

    def _cover(self, element: "_Element") -> None:
        """The masthead gives facts; the titles and the line of adoption are text."""
        for title in element.iter("{*}docTitle"):
            self._add(Block(text=self._text(title), kind="title"))

    def _text(self, element: "_Element") -> str:
        parts: list[str] = []
        self._gather(element, parts)
        return _SPACE.sub(" ", "".join(parts)).strip()

    def _gather(self, element: "_Element", parts: list[str]) -> None:
        if _name(element) == "authorialNote":
            self.notes.append(Block(text=_plain(element), kind="footnote", note=element.get("marker", "")))
        else:
            name = _name(element)
            if name in ("br", "eol"):
                parts.append("\n")
            if name == "docDate" and parts and parts[-1][-1:].isalpha():
                parts.append(" ")
            parts.append(element.text or "")
            for child in element:
                self._gather(child, parts)
                parts.append(child.tail or "")

    def _add(self, block: Block) -> None:
        if block.text.strip():
            self.reading.blocks.append(block)

    def _flush_notes(self) -> None:
        self.reading.blocks.extend(self.notes)
        self.notes.clear()


def _facts(root: "_Element") -> dict[str, str]:
    facts: dict[str, str] = {}
    language = root.find(".//{*}FRBRExpression/{*}FRBRlanguage")
    if language is not None:
        facts["language"] = _LANGUAGES.get(language.get("language", ""), language.get("language", "")[:2])
    if (symbol := root.find(".//{*}docNumber")) is not None:
        facts["symbol"] = _plain(symbol)
    dates = root.xpath(".//*[local-name()='FRBRWork']/*[local-name()='FRBRdate']/@date")
    if isinstance(dates, list) and dates and re.match(r"[12]\d{3}-", str(dates[0])):
        facts["date"] = str(dates[0])
    for keyword in root.iter("{*}keyword"):
        if (
            keyword.get("refersTo") == "title"
            and "title" not in facts
            and facts.get("language", "en") == "en"
        ):
            facts["title"] = _SPACE.sub(" ", keyword.get("value", "")).strip()
    meeting = root.find(".//{*}inline[@name='adoptionMeeting']")
    if meeting is not None and meeting.get("title"):
        facts["meeting"] = re.sub(r"\D", "", meeting.get("title", ""))
    return facts


def _name(element: "_Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: "_Element", name: str) -> "_Element | None":
    return next((child for child in element if _name(child) == name), None)


def _emphasis_level(element: "_Element") -> int | None:
    """Return the depth of a heading that is marked by its letters only: all of it bold or italic, and no number."""
    holder = element.getparent()
    while holder is not None and _name(holder) in ("content", "p"):
        holder = holder.getparent()
    spans = [child for child in element if (child.text or "").strip()]
    rest = (element.text or "") + "".join(child.tail or "" for child in element)
    if len(spans) != 1 or re.sub(r"[\s()]", "", rest) or holder is None or _child(holder, "num") is not None:
        return None
    return {"bold": 6, "bold italic": 7, "italic": 8}.get(spans[0].get("class", ""))


def _has_structure(element: "_Element") -> bool:
    inner = ("p", "table", "paragraph", "list", "blockList", "item", "ul", "ol", "block")
    return any(_name(child) in inner for child in element)


def _is_within(element: "_Element", names: tuple[str, ...]) -> bool:
    return any(_name(parent) in names for parent in element.iterancestors())


def _plain(element: "_Element") -> str:
    return _SPACE.sub(" ", "".join(str(part) for part in element.itertext())).strip()
