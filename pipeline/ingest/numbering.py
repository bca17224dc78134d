"""Numbers as drafters write them: articles, paragraphs, items, in English, French and Chinese."""

import re
from dataclasses import dataclass

HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_HAN = "零〇一二两三四五六七八九十百"


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the start of a paragraph, in one of the ways it can be read."""

    style: str
    """`arabic`, `dotted`, `bracket`, `letter`, `roman`, `capital`, `upper_roman`, `han`, `bracket_han`, `bullet`."""
    value: int
    printed: str
    """The number without brackets and stops."""
    end: int
    """Where the words begin."""


@dataclass(frozen=True, slots=True)
class Division:
    """An article, chapter, part, section or annex that a line opens."""

    kind: str
    """`article`, `chapter` or `annex`."""
    label: str
    number: str
    level: int
    title: str
    """What follows on the same line."""


_ARTICLE = re.compile(
    r"(?P<word>Article|ARTICLE|Artículo|ARTÍCULO|Artikel|Articolo|Artigo)\s+(?P<number>\d{1,3}|[IVXLC]{1,8}|(?i:premier|one|first))"
    r"(?P<more>\s*(?:bis|ter|quater))?(?=$|[\s.:,—–-])\s*[.:—–-]*\s*(?P<title>.*)$",
    re.S,
)
_ART_ABBREVIATED = re.compile(r"(?P<word>Art\.)\s+(?P<number>\d{1,3})(?P<more>)[.:]?\s+(?P<title>.*)$", re.S)
_HAN_ARTICLE = re.compile(
    rf"第\s*(?P<number>[{_HAN}]+|\d+)\s*条(?P<more>之[{_HAN}]+)?[：:、\s]*(?P<title>.*)$", re.S
)
_CHAPTER = re.compile(
    r"(?P<word>PART|Part|TITLE|Title|CHAPTER|Chapter|CHAPITRE|Chapitre|SECTION|Section|TITRE|Titre|Partie|PARTIE)"
    r"\s+(?P<number>\d{1,3}|[IVXLC]{1,8}|[A-Z]|(?i:one|two|three|four|five|six|seven|eight|nine|ten))"
    r"(?=$|[\s.:,—–-])\s*[.:—–-]*\s*(?P<title>[^a-z\s].*|)$",
    re.S,
)
_HAN_CHAPTER = re.compile(
    rf"第\s*(?P<number>[{_HAN}]+|\d+)\s*(?P<word>[编篇章节部])(?:分)?[：:、\s]*(?P<title>.*)$", re.S
)
_ANNEX = re.compile(
    r"[“\"]?(?P<word>Annex|ANNEX|Annexe|ANNEXE|Appendix|APPENDIX|Enclosure|ENCLOSURE|Attachment|ATTACHMENT|Schedule|SCHEDULE)"
    r"(?:\s+(?P<number>\d{1,2}|[IVXLC]{1,6}|[A-Z]))?(?=$|[\s.:,—–-])\s*[.:—–-]*\s*(?P<title>[^a-z\s].*|)$",
    re.S,
)
_HAN_ANNEX = re.compile(
    rf"(?P<word>附件|附录|附文|附表|附)\s*(?P<number>[{_HAN}]+|\d+|[IVX]+)?(?=$|[：:\s])[：:\s]*(?P<title>.*)$",
    re.S,
)
LEVELS = {"part": 1, "title": 1, "titre": 1, "partie": 1, "编": 1, "篇": 1, "部": 1, "section": 3, "节": 3}
_CHAPTER_LEVEL = 2


def division(text: str) -> Division | None:
    """Return the article, chapter or annex that the line opens, if it opens one."""
    for pattern in (_ARTICLE, _ART_ABBREVIATED, _HAN_ARTICLE):
        if found := pattern.match(text):
            number = found["number"]
            if pattern is _HAN_ARTICLE:
                label = f"第{number}条{found['more'] or ''}"
            else:
                label = f"Art. {_FIRST.get(number.lower(), number)}{found['more'] or ''}"
            return Division("article", label, number, 9, found["title"].strip())
    for pattern in (_CHAPTER, _HAN_CHAPTER):
        if found := pattern.match(text):
            level = LEVELS.get(found["word"].lower(), _CHAPTER_LEVEL)
            return Division("chapter", "", found["number"], level, found["title"].strip())
    for pattern in (_ANNEX, _HAN_ANNEX):
        if found := pattern.match(text):
            label = " ".join(filter(None, (found["word"].capitalize(), found["number"])))
            if pattern is _HAN_ANNEX:
                label = found["word"] + (found["number"] or "")
            return Division("annex", label, found["number"] or "", 0, found["title"].strip())
    return None


_FIRST = {"one": "1", "first": "1", "premier": "1"}

_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dotted", re.compile(r"(\d{1,3}(?:\.(?:\d{1,3}|[IVX]{1,5}))*\.\d{1,3})[.)]?\s+(?=\S)")),
    ("arabic", re.compile(r"(?:[“\"‘]\s*)?(\d{1,4})\s?[.．、)](?!\d)\s*(?=\S)")),
    ("bracket", re.compile(r"[(（](\d{1,3})[)）]\s*(?=\S)")),
    ("letter", re.compile(r"(?:[“\"‘]\s*)?[(（]([a-z]{1,2})[)）]\s*(?=\S)")),
    ("letter", re.compile(r"([a-z])[).]\s*(?=\S)(?!(?:[a-z]\.))")),
    ("roman", re.compile(r"(?:[“\"‘]\s*)?[(（]?([ivx]{1,6})[)）.]\s*(?=\S)")),
    ("roman", re.compile(r"([ⅰ-ⅹ])[.、)]?\s*(?=\S)")),
    ("upper_roman", re.compile(r"([IVXL]{1,7})\s?[.．、]\s*(?=\S)")),
    ("upper_roman", re.compile(r"\(([IVX]{1,6})\)\s*(?=\S)")),
    ("capital", re.compile(r"([A-Z])\s?[.．、]\s*(?=\S)(?!(?:[A-Z]\.))")),
    ("capital", re.compile(r"\(([A-Z])\)\s*(?=\S)")),
    ("han", re.compile(rf"([{_HAN}]{{1,4}})[、．.]\s*(?=\S)")),
    ("bracket_han", re.compile(rf"[（(]([{_HAN}]{{1,4}})[)）]\s*(?=\S)")),
    ("bracket_han", re.compile(r"([㈠-㈩])\s*(?=\S)")),
    ("branch", re.compile(r"[（(]([子丑寅卯辰巳午未申酉戌亥])[)）]\s*(?=\S)")),
    ("stem", re.compile(r"[（(]?([甲乙丙丁戊己庚辛壬癸])[)）、]\s*(?=\S)")),
    ("bullet", re.compile(r"([-–—•*●▪■◦·‣])\s+(?=\S)")),
    ("bullet", re.compile(r"([-–—•●▪■◦‣])(?=[^\W\d]|[“\"])")),
)


def numbers(text: str) -> list[Number]:
    """Return every way to read a number at the start of the text; "(i)" is a letter and a Roman one."""
    found = []
    for style, pattern in _NUMBERS:
        if match := pattern.match(text):
            printed = match[1]
            value = value_of(style, printed)
            if value:
                found.append(Number(style, value, printed, match.end()))
    return found


def value_of(style: str, printed: str) -> int:
    """Return what a printed number counts to; 0 where it is none."""
    if style in ("arabic", "bracket"):
        return int(printed)
    if style == "dotted":
        return int(printed.rsplit(".", 1)[1])
    if style in ("letter", "capital"):
        return _letter(printed.lower())
    if style in ("roman", "upper_roman"):
        return ord(printed) - 0x216F if printed >= "ⅰ" else roman(printed.lower())
    if style in ("han", "bracket_han"):
        return ord(printed) - 0x321F if "㈠" <= printed <= "㈩" else han(printed)
    if style in ("branch", "stem"):
        return "子丑寅卯辰巳午未申酉戌亥".find(printed) + 1 or "甲乙丙丁戊己庚辛壬癸".find(printed) + 1
    return 1


def _letter(printed: str) -> int:
    """a is 1, z is 26, aa is 27 (and ab 28); other pairs are no numbers."""
    if len(printed) == 1:
        return ord(printed) - 96
    first, second = printed[0], printed[1]
    return 26 * (ord(first) - 96) + ord(second) - 96 if first in "ab" else 0


def roman(printed: str) -> int:
    """Return the value of a well-formed Roman numeral in lower case, else 0."""
    total = 0
    for here, after in zip(printed, f"{printed[1:]} ", strict=True):
        value = _ROMAN.get(here, 0)
        total += -value if value < _ROMAN.get(after, 0) else value
    return total if total > 0 and printed == _as_roman(total) else 0


def _as_roman(value: int) -> str:
    written = ""
    for size, letters in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        written += letters * (value // size)
        value %= size
    return written


def han(printed: str) -> int:
    """Return the value of a Chinese numeral up to 999, else 0."""
    total, digit = 0, 0
    for character in printed:
        if character == "百":
            total += (digit or 1) * 100
            digit = 0
        elif character == "十":
            total += (digit or 1) * 10
            digit = 0
        else:
            digit = HAN_DIGITS.get(character, 0)
    return total + digit


def write(value: int, style: str) -> str:
    """Write a number in a style: 1, a, A, i, I, 一, 甲 or 子."""
    if style in "aA":
        written = chr(97 + (value - 1) % 26) * (1 + (value - 1) // 26) if value > 0 else str(value)
        return written.upper() if style == "A" else written
    if style in "iI" and value > 0:
        return _as_roman(value).upper() if style == "I" else _as_roman(value)
    if style == "一" and 0 < value < 1000:
        return _as_han(value)
    for row in ("甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"):
        if style == row[0] and 0 < value <= len(row):
            return row[value - 1]
    return str(value)


def _as_han(value: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    written = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (digits[ones] if ones else "")
