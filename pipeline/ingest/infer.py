"""What a document says of itself in its own words: kind, title, date, symbol."""

import itertools
import re
from collections.abc import Iterator

from pipeline.ingest.furniture import SYMBOL
from pipeline.ingest.language import language_of
from pipeline.ingest.numbering import HAN_DIGITS, han
from pipeline.model import DocumentKind, Passage

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january janvier enero", "february février febrero", "march mars marzo", "april avril abril", "may mai mayo",
         "june juin junio", "july juillet julio", "august août agosto", "september septembre septiembre",
         "october octobre octubre", "november novembre noviembre", "december décembre diciembre"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(MONTHS)
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er)?(?: day)?(?: of| de)? ({_MONTH})(?: of| de)?,? (\d{{4}})\b", re.I
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.I)
_HAN_DATE = re.compile(
    r"(\d{4}|[〇零一二三四五六七八九]{4}|[一二]千[零〇一二三四五六七八九十百]*)\s?年\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?月(?:\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?日)?"
)
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]
_WORD_DAY = re.compile(
    rf"\b({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?: day)? of ({_MONTH}),?(?: (?:of|in the year))?,?"
    r" (\d{4}|(?:one|two) thousand[a-z, -]*)",
    re.I,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")

_BY_SYMBOL: tuple[tuple[str, DocumentKind], ...] = (
    (r"[SAE](?:/HRC|/C\.\d)?/RES/|^A/HRC/RES|/DEC/", "resolution"),
    (r"S/PRST/", "presidential_statement"),
)

_TITLES: tuple[tuple[str, DocumentKind], ...] = (
    (r"Statement by the President of the Security Council|安全理事会主席(?:的)?声明|安理会主席声明", "presidential_statement"),
    (r"^Identical letters|^Letters? dated|^Note verbale dated|的信(?:函)?$|给安全理事会主席的信", "letter"),
    (r"Exchange of (?:Letters|Notes)|Notawisseling|Échange de (?:lettres|notes)|换文|互换函件", "exchange_of_letters"),
    (r"^(?:\S+ ){0,6}Resolution \d|^Resolution\b|^第\s*\d+\s*[(（]\d{4}[)）]\s*号?决议|决议$", "resolution"),
    (r"\bReport (?:of|by|on|submitted|to|from)\b|^(?:\S+ ){0,6}Report\b|报告(?:书)?(?:[（(].*)?$|^秘书长.*报告", "report"),
    (r"\bCommuniqu[eé]\b|公报", "communique"),
    (r"Plan of Action|Action Plan|Plan d.action|行动计划", "plan_of_action"),
    (r"Memorand(?:um|a) (?:of|on) (?:Understanding|Agreement|Cooperation)|^Memorandum\b|Memorandum van|谅解备忘录|合作备忘录|备忘录", "memorandum"),
    (r"Joint Statement|Leaders.{0,3} Statement|Joint Press Statement|Joint Vision Statement|联合声明|联合新闻声明", "joint_statement"),
    (r"\bDeclaration\b|\bDéclaration\b|宣言", "declaration"),
    (r"\bJoint Communi|\bStatement\b(?=.*\b(?:Summit|Leaders|Ministers|between|of the Heads)\b)", "joint_statement"),
    (r"Guidelines?\b|Guidance\b|Handbook|Manual|Standard Operating Procedure|指南|准则|手册|指导方针", "guidelines"),
    (r"\bConvention\b|\bTreaty\b|\bCovenant\b|\bVerdrag\b|\bTraité\b|公约|条约|盟约", "treaty"),
    (r"\bConstitutive Act\b|\bCharter\b|\bCharte\b|\bConstitution of\b|宪章|章程|组织法", "charter"),
    (r"\bProtocol\b|\bProtocole\b|议定书", "treaty"),
    (r"\bAgreement\b|\bAccord\b|\bArrangement\b|\bAkkoord\b|\bOvereenkomst\b|协定|协议|安排(?:》)?$", "agreement"),
    (r"\bFramework\b|框架", "framework"),
    (r"\bStrategy\b|\bStrategic (?:Plan|Compass|Concept|Review)\b|\bRoadmap\b|\bConcept of Operations\b|战略|路线图|构想", "strategy"),
    (r"\bProgramme of (?:Action|Work)\b|\bWork (?:Plan|Programme)\b|工作计划|工作方案", "plan_of_action"),
    (r"声明", "joint_statement"),
    (r"\bStatement\b", "joint_statement"),
    (r"\bLetter\b|^信$", "letter"),
)  # fmt: skip
_IN_TEXT: tuple[tuple[str, DocumentKind], ...] = (
    (r"present Charter\b|本联合国宪章|本宪章|present Constitution\b", "charter"),
    (r"(?:present|this) (?:Convention|Treaty|Protocol|Covenant)\b|本(?:公约|条约|议定书)", "treaty"),
    (r"(?:present|this) (?:Memorandum|MoU|MOU)\b|本(?:谅解)?备忘录", "memorandum"),
    (r"(?:present|this) Agreement\b|本协[定议]", "agreement"),
    (r"(?:present|this) (?:Joint )?Declaration\b|本(?:联合)?宣言", "declaration"),
    (r"(?:present|this) (?:Joint )?Statement\b|本(?:联合)?声明", "joint_statement"),
    (r"(?:present|this) (?:Joint )?Framework\b|本(?:联合)?框架", "framework"),
    (r"(?:present|this) (?:Joint )?Plan of Action\b|本行动计划", "plan_of_action"),
    (r"(?:present|this) (?:Programme|Program) of (?:Action|Cooperation)\b", "plan_of_action"),
    (r"(?:present|this) report\b|本报告", "report"),
)  # fmt: skip


def masthead(lines: list[str]) -> dict[str, str]:
    """Return symbol, date, session, original language and distribution from the first lines of a UN document."""
    facts: dict[str, str] = {}
    for number, line in enumerate(line.strip() for line in lines[:60]):
        if (
            number < 25
            and "symbol" not in facts
            and (found := re.match(rf"(?:United Nations\s+|联合国\s+)?({SYMBOL.pattern})\*{{0,3}}$", line))
        ):
            facts["symbol"] = found[1].strip()
        if found := re.search(r"(?:Distr\.?\s*|分发)[:：]\s*(\w[\w ]*)", line):
            facts["distribution"] = found[1].strip()
        if found := re.search(r"(?:Original|原件)\s*[:：]\s*(\S.*)", line):
            facts["original"] = found[1].strip()
        if number < 25 and re.match(r"[A-Z][a-z-]+(?: [a-z]+)?(?:-[a-z]+)? (?:session|year)$", line):
            facts.setdefault("session", line)
        dateless = number < 25 and "date" not in facts and "symbol" in facts and len(line) < 40
        if dateless and (found := re.match(r"(?:Distr\.: \w+\s+)?(\d{1,2} [A-Z][a-z]+ \d{4})$", line)):
            facts["date"] = dates(found[1])[0] if dates(found[1]) else ""
    return {name: value for name, value in facts.items() if value}


def dates(text: str) -> list[str]:
    """Return every full date of the text as ISO 8601, in the order of the text."""
    return [date for _, date in sorted(_dates_with_places(text)) if date]


def _dates_with_places(text: str) -> Iterator[tuple[int, str]]:
    for match in _DAY_FIRST.finditer(text):
        yield match.start(), _iso(match[3], MONTHS[match[2].lower()], match[1])
    for match in _MONTH_FIRST.finditer(text):
        yield match.start(), _iso(match[3], MONTHS[match[1].lower()], match[2])
    for match in _HAN_DATE.finditer(text):
        if match[3]:
            yield match.start(), _iso(str(_han_year(match[1])), _count(match[2]), str(_count(match[3])))
    for match in _WORD_DAY.finditer(text):
        year = match[3] if match[3].isdigit() else str(_year_in_words(match[3]))
        day = str(_ORDINALS.index(match[1].lower()) + 1)
        yield match.start(), _iso(year, MONTHS[match[2].lower()], day)
    for match in _ISO.finditer(text):
        yield match.start(), match[0]


def _han_year(printed: str) -> int:
    if printed.isascii():
        return int(printed)
    if "千" in printed:
        return han(printed[0]) * 1000 + han(printed[2:])
    return int("".join(str(HAN_DIGITS[character]) for character in printed))


_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}


def _year_in_words(text: str) -> int:
    """ "one thousand nine hundred and forty-five" is 1945; words after the number are left out."""
    total = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in ("thousand", "hundred"):
            total = total // 100 * 100 + total % 100 * 100 if word == "hundred" and total % 1000 else total
            total = total * 1000 if word == "thousand" else total
        elif word in _WORDS:
            total += _WORDS[word]
        elif word != "and":
            break
    return total


def _count(printed: str) -> int:
    return int(printed) if printed.isascii() and printed.isdigit() else han(printed)


def _iso(year: str, month: int, day: str) -> str:
    return (
        f"{year}-{month:02d}-{int(day):02d}"
        if 1 <= month <= 12 and 1 <= int(day) <= 31 and 1500 < int(year) < 2200
        else ""
    )


def title_of(passages: list[Passage], language: str) -> str:
    """Return the title: what is marked as one (in the document's language), else the first line like one."""
    marked = [passage.text for passage in passages[:12] if passage.kind == "title"]
    if marked:
        named = [text for text in marked if kind_of_title(text) != "other"] or marked
        readable = [text for text in named if language_of(text * 3) == language] or named
        return _clean(readable[0])
    candidates = [p for p in passages[:12] if p.kind in ("heading", "paragraph") and len(p.text) < 300]
    for passage in candidates:
        if kind_of_title(passage.text) != "other":
            return _clean(passage.text)
    return _clean(candidates[0].text) if candidates and candidates[0].number <= 3 else ""


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[*#]+", " ", text).split())


def kind_of(title: str, symbol: str, passages: list[Passage]) -> DocumentKind:
    """Return what kind of document it is: by its symbol, then its title, then how its text names itself."""
    for pattern, kind in _BY_SYMBOL:
        if symbol and re.search(pattern, symbol):
            return kind
    kind = kind_of_title(title)
    if kind == "letter" and _transmits_report(passages):
        return "report"
    if kind != "other":
        return kind
    for passage in passages[:6]:
        if passage.kind in ("title", "heading") and (kind := kind_of_title(passage.text)) != "other":
            return kind
    text = "\n".join(passage.text for passage in passages)[:60_000]
    counts = {kind: len(re.findall(pattern, text)) for pattern, kind in _IN_TEXT}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else "other"


def kind_of_title(title: str) -> DocumentKind:
    """Return the kind that a title names; `other` where it names none."""
    title = re.sub(r"《[^》]*》", lambda m: m[0] if m[0] == title else "", title) or title
    return next((kind for pattern, kind in _TITLES if re.search(pattern, title, re.I)), "other")


def _transmits_report(passages: list[Passage]) -> bool:
    """A letter that only sends a report on is, for most of its text, that report."""
    return any(
        passage.kind == "annex" and re.match(r"(?:\S+ ){0,4}Report\b|.{0,40}报告", following.text, re.I)
        for passage, following in itertools.pairwise(passages)
    )


def date_of(passages: list[Passage], title: str, kind: DocumentKind) -> str:
    """Return the date of adoption or signature; where only recalled dates stand, return nothing."""
    for passage in passages[:15]:
        adopted = re.match(r"Adopted (?:by|at|on)\b", passage.text) or passage.text.endswith("次会议通过")
        if adopted and (found := dates(passage.text)):
            return found[0]
    last = len(passages) * 7 // 10
    for passage in reversed(passages):
        signed = passage.kind == "signature" or (passage.number > last and _SIGNED.search(passage.text[:400]))
        if signed and (found := dates(passage.text)):
            return found[-1]
    if kind == "exchange_of_letters":  # each note begins with its place and date; the last one concludes it
        heads = [date for passage in passages for date in dates(passage.text[:150])]
        if heads:
            return heads[-1]
    for passage in passages[:8]:
        if len(passage.text) < 200 and (found := dates(passage.text)):
            return found[0]
    for passage in passages[:4]:
        if _HELD.search(passage.text) and (found := dates(passage.text)):
            return found[0]
    years = re.findall(r"\b(?:19|20)\d{2}\b", title)
    return str(years[-1]) if years else ""


_SIGNED = re.compile(
    r"\b(?:Done|DONE|Signed|SIGNED|Fait|FAIT|Adopted|ADOPTED|Concluded)\b (?:at|in|on|by|this|à|en|AT|IN)|(?:签订|签署|订立|订于|议定|通过)于|订于|签署"
)
_HELD = re.compile(
    r"\b(?:gathered|met|meeting|convened|signed|adopted|issued|held)\b|举行|会晤|通过|发表|签署"
)
