"""What else a match is about: the places of operation, and the agreement it names."""

import re
from collections.abc import Iterable

from pipeline.annotate.mentions import Mention, Surroundings


def theatres(around: Surroundings, levels: Iterable[list[Mention]], headings: str) -> tuple[str, ...]:
    """Return the places named nearest: in unit, lead-in, passage, headings, title, or for the document."""
    for mentions in levels:
        if found := sorted({one.theatre for one in mentions if one.theatre}):
            return tuple(found)
    for text in (headings, around.document.title):
        if found := sorted({name.theatre for *_, name in around.finder.find(text) if name.theatre}):
            return tuple(found)
    given = around.document.attributes.get("theatre", "")
    return tuple(sorted(given.replace(",", " ").split()))


_FORMS = (
    ("exchange_of_letters", r"exchange of (?:letters|notes)|换文|互换信函"),
    ("memorandum", r"memorand(?:um|a) of (?:understanding|agreement)|\bMoU\b|谅解备忘录|备忘录"),
    ("declaration", r"declaration|宣言|宣布"),
    ("statement", r"joint statement|\bstatement\b|联合声明|声明"),
    ("plan_of_action", r"plan of action|action plan|road ?map|行动计划|路线图"),
    ("framework", r"framework|框架"),
    ("programme", r"programme|program\b|方案"),
    ("arrangement", r"arrangement|guidelines|安排"),
    ("protocol", r"protocol|议定书"),
    ("charter", r"charter|constitutive act|宪章"),
    ("treaty", r"treaty|convention|条约|公约"),
    ("agreement", r"agreement|协定|协议"),
)
_FORM = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _FORMS), re.I)
_YEAR = re.compile(r"(?<!\d)(?:19[4-9]\d|20[0-4]\d)(?!\d)")
_CHINESE_YEAR = re.compile("[一二][九〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_DIGITS = {numeral: str(number) for number, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}


def instrument_key(text: str, trigger: tuple[int, int], parties: tuple[str, ...], fallback_year: int) -> str:
    """Return the agreement a unit names as `form:year:parties`, the same in both languages.

    `trigger` is the place of the match in the text. The form is read inside the trigger, else in the
    nearest words; the year is the nearest one after it, else before it; without one, 0.
    """
    inside = list(_FORM.finditer(text, *trigger))
    anywhere = sorted(_FORM.finditer(text), key=lambda match: abs(match.start() - trigger[0]))
    form = inside[-1] if inside else anywhere[0] if anywhere else None
    years = [(match.start(), match[0]) for match in _YEAR.finditer(text)]
    years += [
        (match.start(), "".join(_DIGITS[c] for c in match[0])) for match in _CHINESE_YEAR.finditer(text)
    ]
    years.sort(key=lambda year: (year[0] < trigger[0], abs(year[0] - trigger[0])))
    year = years[0][1] if years else str(fallback_year)
    return f"{form.lastgroup if form else 'other'}:{year}:{'+'.join(parties)}"
