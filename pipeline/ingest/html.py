"""HTML as browsers save it: list labels made again, navigation left out."""

import re
from typing import TYPE_CHECKING

from pipeline.ingest.blocks import Block, Reading
from pipeline.ingest.decoding import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

VERSION = "1"

_DROP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "input",
        "svg",
        "canvas",
        "iframe",
        "object",
        "audio",
        "video",
        "map",
        "head",
        "del",
        "s",
        "strike",
        "dialog",
        "menu",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "body",
        "li",
        "dd",
        "dt",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "dl",
        "figure",
        "figcaption",
        "center",
        "address",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "fieldset",
        "details",
        "summary",
        "hr",
        "html",
        "caption",
    ]
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|consent|sidebar|share|sharing|social|skip|related|comments?|footer|banner"
    r"|pagination|toolbar|advert|ads|search|login|newsletter|print-only|sr-only|visually-hidden|hidden)(?:$|[\s_-])",
    re.I,
)
_NOTE_ID = re.compile(r"^_?(?:fn|ftn|footnote|note|edn|endnote)[-_:]?\d+$", re.I)
_NOTE_LINK = re.compile(r"^#_?(?:fn|ftn|footnote|note|edn|endnote)[-_:]?\d+$", re.I)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_STYLES = {"1": "1", "decimal": "1", "a": "a", "lower-alpha": "a", "lower-latin": "a", "A": "A", "upper-alpha": "A", "upper-latin": "A",
           "i": "i", "lower-roman": "i", "I": "I", "upper-roman": "I", "cjk-ideographic": "一", "simp-chinese-informal": "一",
           "trad-chinese-informal": "一", "cjk-decimal": "一"}  # fmt: skip


def read(data: bytes) -> Reading:
    """Read an HTML page; raises `ValueError` where there is no page in the bytes."""
    from lxml import etree
    from lxml import html as lxml_html

    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.I)
    text, encoding = decode(data, declared[1].decode("ascii") if declared else "")
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml_html.document_fromstring(
            text, parser=lxml_html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ValueError("no HTML page was found in it; save it again from the browser") from error
    reading = Reading(blocks=[], facts={"encoding": encoding})
    title = root.findtext(".//title")
    reader = _Reader(reading)
    reader.walk(_main(root), 0)
    reader.flush()
    if title and not any(block.level == 1 for block in reading.blocks):
        reading.facts["page_title"] = _SPACE.sub(" ", title).strip()
    return reading


def _main(root: "HtmlElement") -> "HtmlElement":
    """Return the element that holds the document: `main` or `article` if most of the text is in it."""
    body = root.find("body")
    body = root if body is None else body
    whole = len(body.text_content())
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.findall(path)
        if len(found) == 1 and len(found[0].text_content()) > 0.5 * whole:
            return found[0]
    return body


class _Reader:
    """One walk through the page, in reading order, gathering runs of words into blocks."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.parts: list[str] = []
        self.bold = self.plain = 0
        self.marks: list[str] = []
        self.prefix = ""
        self.level: int | None = None
        self.note = ""

    def walk(self, element: "HtmlElement", depth: int) -> None:
        name = element.tag if isinstance(element.tag, str) else ""
        if depth > 200 or name in _DROP or not name or _is_hidden(element) or _is_chrome(element):
            return
        if name == "br":
            self.parts.append("\n")
        elif name in ("ol", "ul"):
            self._list(element, depth)
        elif name == "table" and _is_data(element):
            self._table(element)
        elif name == "pre":
            self._pre(element)
        elif name in ("sup", "a") and self._is_mark(element):
            self.marks.append(re.sub(r"\W", "", element.text_content()) or "*")
        elif name in _BLOCKS:
            self._block(element, name, depth)
        else:
            self._inline(element, name in ("b", "strong"), depth)

    def _inline(self, element: "HtmlElement", bold: bool, depth: int) -> None:
        self._say(element.text, bold)
        for child in element:
            self.walk(child, depth + 1)
            self._say(child.tail, bold)

    def _say(self, text: str | None, bold: bool) -> None:
        if text:
            self.parts.append(_SPACE.sub(" ", text))
            words = len(text.strip())
            if bold:
                self.bold += words
            else:
                self.plain += words

    def _block(self, element: "HtmlElement", name: str, depth: int) -> None:
        self.flush()
        before = self.note
        if _NOTE_ID.match(element.get("id", "") or ""):
            self.note = re.sub(r"\D", "", element.get("id", ""))
        if re.fullmatch(r"h[1-6]", name):
            self.level = int(name[1])
        self._inline(element, False, depth)
        self.flush()
        self.level, self.note = None, before

    def _list(self, element: "HtmlElement", depth: int) -> None:
        self.flush()
        style = _list_style(element)
        items = [child for child in element if child.tag == "li"]
        number = _int(element.get("start"), 1)
        step = -1 if element.get("reversed") is not None else 1
        if step < 0 and element.get("start") is None:
            number = len(items)
        for item in items:
            number = _int(item.get("value"), number)
            words = item.text_content().strip()
            self.prefix = "" if _says_its_number(words) else _label(number, style)
            before = self.note
            if _NOTE_ID.match(item.get("id", "") or ""):
                self.note, self.prefix = re.sub(r"\D", "", item.get("id", "")), ""
            self._inline(item, False, depth)
            self.flush()
            self.prefix, self.note = "", before
            number += step

    def _table(self, element: "HtmlElement") -> None:
        self.flush()
        rows = []
        for row in element.iter("tr"):
            cells = [_SPACE.sub(" ", cell.text_content()).strip() for cell in row if cell.tag in ("td", "th")]
            if any(cells):
                rows.append("\t".join(cells))
        if rows:
            self.reading.blocks.append(Block(text="\n".join(rows), kind="table"))

    def _pre(self, element: "HtmlElement") -> None:
        from pipeline.ingest.text import read_text

        self.flush()
        self.reading.blocks.extend(read_text(element.text_content()).blocks)

    def _is_mark(self, element: "HtmlElement") -> bool:
        link = element if element.tag == "a" else element.find(".//a")
        words = element.text_content().strip()
        if len(words) > 6 or link is None:
            return False
        if re.match(r"[↩⤴^]", words):
            return True
        return _NOTE_LINK.match(link.get("href", "") or "") is not None and not self.note

    def flush(self) -> None:
        """Close the block being gathered; two line breaks part it in two."""
        text = "".join(self.parts)
        bold = self.bold > 0 and self.plain == 0
        self.parts, self.bold, self.plain = [], 0, 0
        pieces = [" ".join(piece.split()) for piece in re.split(r"\n\s*\n", text)]
        pieces = [piece for piece in pieces if piece]
        for piece in pieces:
            block = Block(
                text=f"{self.prefix} {piece}".strip(),
                emphasis=bold and len(piece) < 300,
                note=" ".join(self.marks),
            )
            if self.note:
                block.kind, block.note = "footnote", self.note
            elif self.level is not None:
                block.kind, block.level = "heading", self.level
            self.reading.blocks.append(block)
            self.prefix, self.marks = "", []


def _is_hidden(element: "HtmlElement") -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style
    )


def _is_chrome(element: "HtmlElement") -> bool:
    """Navigation and the like, by name or role; never something that holds most of the page."""
    if element.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
        return True
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag == "header":
        return (
            element.getparent() is not None
            and element.getparent().tag == "body"
            and element.find(".//h1") is None
        )
    if element.tag in ("body", "html", "main", "article") or not _CHROME.search(named):
        return False
    return len(element.text_content()) < 0.3 * len(element.getroottree().getroot().text_content())


def _is_data(table: "HtmlElement") -> bool:
    """Whether a table holds data; one that holds paragraphs or tables only lays out the page."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if table.find(".//table") is not None or max((len(row) for row in rows), default=0) < 2:
        return False
    longest = max((len(cell.text_content()) for row in rows for cell in row), default=0)
    return len([row for row in rows if len(row) > 1]) >= 2 and longest < 1500


def _list_style(element: "HtmlElement") -> str:
    if element.tag == "ul":
        return "•"
    style = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", element.get("style") or "")
    return _STYLES.get(style[1] if style else element.get("type") or "1", "1")


def _label(number: int, style: str) -> str:
    from pipeline.ingest.numbering import write

    if style == "•":
        return "•"
    written = write(number, style)
    return f"({written})" if style in "ai" else f"{written}、" if style == "一" else f"{written}."


def _says_its_number(words: str) -> bool:
    """Whether the item has its number in its words already, so that none has to be made."""
    return (
        re.match(
            r"[(（]?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)）]\s|[（(]?[一二三四五六七八九十]+[)）、]|[•–—-]\s", words
        )
        is not None
    )


def _int(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else otherwise
