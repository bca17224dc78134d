"""Plain text and Markdown: one paragraph a line, hard-wrapped lines, or a dump of printed pages."""

import re
from dataclasses import dataclass

from pipeline.ingest.blocks import Block, Reading
from pipeline.ingest.decoding import decode
from pipeline.ingest.furniture import is_furniture, is_masthead
from pipeline.ingest.infer import kind_of_title, masthead
from pipeline.ingest.numbering import division, numbers
from pipeline.ingest.structure import LEADER, opens_preambular

VERSION = "1"

WRAPPED_BELOW = 130
"""Text whose long lines are shorter than this, and where lines begin in lower case, is hard-wrapped."""

_FRONT_MATTER = re.compile(r"\A\s*---\n(.*?\n)(?:---|\.\.\.)\s*(?:\n|\Z)", re.S)
_FACT = re.compile(r"^(title|date|language|symbol)\s*:\s*(.+(?:\n[ \t]+\S.*)*)", re.M)
_NO_WORDS = re.compile(
    r"\s*(?:<!--.*?-->|</?[a-zA-Z][^<>]*/?>|[-*_=~]{3,}|[*#|]+|[\x0c\s\u3000\ufeff])*\s*\Z"
)
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s*(?=\S)")
_ONLY_NUMBER = re.compile(
    r"(?:\(?(?:\d{1,3}|[a-z]{1,2}|[ivxlIVXL]{1,7}|[A-Z])\s?[.)]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+[、.]|[㈠-㈩]|[-–—•*])\s*\Z"
)
_STOP = re.compile(r"[.;:!?。；：！？][”\"’'」』)）\]]*$")
_COMMA = re.compile(r"[,，][”\"’']?$")
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@dataclass(slots=True)
class _Line:
    text: str
    gap: bool
    """A blank line stood before it."""
    cut: bool
    """Page furniture stood before it, so a sentence may run on across the gap."""
    indent: int


def read(data: bytes, *, markdown: bool = False) -> Reading:
    """Read text in any encoding; with `markdown`, mark-up inside lines is taken out too.

    In plain text what stands inside a line stays as it is: it is text, whatever it looks like.
    Raises `UnicodeError` where the bytes are no text.
    """
    text, encoding = decode(data)
    reading = read_text(text, markdown=markdown)
    reading.facts["encoding"] = encoding
    return reading


def read_text(text: str, *, markdown: bool = False) -> Reading:
    """Read text that is decoded already; see `read`."""
    facts: dict[str, str] = {}
    if found := _FRONT_MATTER.match(text):
        facts = _front_matter(found[1])
        text = text[found.end() :]
    lines = list(_lines(text))
    reading = Reading(blocks=[], facts=facts | masthead(text[:4000].split("\n")))
    wrapped = _is_wrapped([line.text for line in lines])
    for paragraph in _paragraphs(lines, wrapped):
        _add(reading, paragraph, markdown=markdown)
    return reading


def _front_matter(text: str) -> dict[str, str]:
    facts = {}
    for name, value in _FACT.findall(text):
        value = re.sub(r"\\?\n\s*\\?", "" if "\\\n" in value else " ", value).strip()
        if value[:1] == '"':
            value = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value).replace("\\_", " ")
        facts[name] = " ".join(value.strip("'\"").split())
    return facts


def _lines(text: str) -> "list[_Line]":
    """Return the lines with words, without page furniture."""
    found: list[_Line] = []
    gap, cut, seen = False, False, 0
    for raw in text.replace("\x0c", "\n").split("\n"):
        bare = raw.strip().strip("\u3000\ufeff\u200b").strip()
        if not bare or _NO_WORDS.match(raw):
            gap = True
        elif is_furniture(bare) or (seen < 12 and is_masthead(bare)):
            cut = True
        else:
            indent = len(raw) - len(raw.lstrip(" \t\u3000"))
            found.append(_Line(bare, gap, cut, indent))
            gap = cut = False
            seen += 1
    return found


def _is_wrapped(lines: list[str]) -> bool:
    lengths = sorted(map(len, lines))
    if not lengths or lengths[int(0.9 * (len(lengths) - 1))] >= WRAPPED_BELOW:
        return False
    if any(line[:1].islower() for line in lines):
        return True
    han = [line for line in lines if _HAN.search(line)]
    if len(han) < 0.5 * len(lines) or len(han) < 6:
        return False
    longest = max(map(len, han))
    full = [line for line in han if len(line) >= longest - 2]
    return len(full) > 0.4 * len(han) and sum(not _STOP.search(line) for line in full) > 0.5 * len(full)


def _paragraphs(lines: list[_Line], wrapped: bool) -> "list[list[str]]":
    """Group lines into paragraphs; a number that stands alone goes to the line after it."""
    width = _width([line.text for line in lines])
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, wrapped, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [[line.text for line in group] for group in groups]


def _width(lines: list[str]) -> int:
    lengths = sorted(map(len, lines))
    return lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0


def _continues(group: list[_Line], line: _Line, wrapped: bool, width: int) -> bool:
    before, text = group[-1].text, line.text
    if len(group) == 1 and _ONLY_NUMBER.match(before):
        return not _ONLY_NUMBER.match(text)
    if (
        not wrapped
        or _MARKDOWN_HEADING.match(text)
        or _MARKDOWN_HEADING.match(before)
        or LEADER.search(before)
    ):
        return False
    open_end = not _STOP.search(before) and len(before) > 0.6 * width
    if line.cut and open_end and not _opens(text):
        return True
    if line.gap:
        return False
    if (
        kind_of_title(before) != "other"
        and len(group) < 5
        and not re.match(r"[\d(]|Adopted|Resolution", text)
        and len(before) < 60
    ):
        return not re.match(r"Resolution|第", before) and len(text) < 60 and not _STOP.search(before)
    if _opens(text) or _ONLY_NUMBER.match(text):
        return False
    if text[:1].islower() or text[:1] in ",;)":
        return True
    if _COMMA.search(before) or _STOP.search(before):
        # a full line that ends in a stop may go on; a short one ends its paragraph
        return len(before) > 0.82 * width and not _starts_clause(before, text)
    return len(before) > 0.6 * width or (len(group) == 1 and len(before) > 0.5 * width)


def _opens(text: str) -> bool:
    """Whether the line begins a numbered paragraph, an item, an article or a quotation paragraph."""
    read = [n for n in numbers(text) if not (n.style == "arabic" and n.value > 400)]
    if any(n.style in ("capital", "upper_roman") for n in read) and not any(
        n.style == "arabic" for n in read
    ):
        return len(text) < 90
    return bool(read) or division(text) is not None


def _starts_clause(before: str, text: str) -> bool:
    """Whether a preambular clause ends in a comma and the next begins: "..., / Recalling ..."."""
    return bool(re.search(r"[,;，；]$", before)) and opens_preambular(text)


def _add(reading: Reading, lines: list[str], *, markdown: bool) -> None:
    text = join(lines)
    kind, level = None, None
    if found := _MARKDOWN_HEADING.match(text):
        text, level = text[found.end() :].strip(), len(found[1])
        kind = "heading"
        text = re.sub(r"^([*_]{1,3})(.+)\1$", r"\2", text)
    if markdown:
        text = _without_markup(text)
    if LEADER.search(text):
        reading.blocks.append(Block(text=text, kind="table"))
    elif text.strip():
        bold = re.fullmatch(r"\*\*[^*]+\*\*:?", text) is not None
        reading.blocks.append(Block(text=text, kind="heading" if kind else None, level=level, emphasis=bold))


def join(lines: list[str]) -> str:
    """Join wrapped lines: no blank between Chinese characters, none behind a hyphen that is part of a word."""
    text = lines[0]
    for line in lines[1:]:
        if _HAN.match(line[:1]) and _HAN.match(text[-1:]):
            text += line
        elif text.endswith("\u00ad"):
            text = text[:-1] + line
        elif re.search(r"\w[-\u2010\u2011]$", text) and line[:1].isalnum():
            text += line
        else:
            text += " " + line
    return text


def _without_markup(text: str) -> str:
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    text = re.sub(r"(\*\*\*|\*\*|__|\*|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"^>\s?", "", text)
    text = re.sub(r"`([^`]+)`", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!>-])", r"\1", text).strip()
