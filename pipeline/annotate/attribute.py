"""Who and what a match is about: organisations by actor mode, theatres, the agreement named, cases."""

import re
from collections.abc import Iterable

from pipeline.annotate.engine import Span
from pipeline.annotate.mentions import Mention, Surroundings
from pipeline.model import INSTRUMENT_KINDS
from pipeline.rules.packs import ActorMode

_BY = frozenset({"by", "from", "由", "来", "自"})
_FOR = frozenset({"to", "for", "of", "in", "向", "给", "为", "对"})
_ENDS = frozenset({";", "。", "；"})

Actors = tuple[tuple[str, ...], str]
"""Short names sorted, and where they were read: clause, sentence, stem, passage or document."""

MODE_OF = {
    "agreement.instrument": "cooperation",
    "action": "cooperation",
    "binding": "bearer",
    "resource": "provider",
    "goal": "holder",
    "norm": "holder",
}


def default_mode(code: str, role: str | None) -> ActorMode:
    """Return how the organisations of a code are read where the rule does not say."""
    if code.startswith("resource.") and role == "need":
        return "recipient"
    return MODE_OF.get(code) or MODE_OF.get(code.partition(".")[0], "mentioned")  # type: ignore[return-value]


class ActorReader:
    """Reads the organisations of a match in one unit."""

    def __init__(
        self,
        around: Surroundings,
        tokens: list[str],
        own: list[Mention],
        stem: list[Mention],
        passage: list[Mention],
    ) -> None:
        self.around, self.tokens = around, tokens
        self.own = [one for one in own if one.is_actor]
        self.stem = [one for one in stem if one.is_actor]
        self.passage = [one for one in passage if one.is_actor]
        self.issuers = around.issuers
        self.instrument = around.document.kind in INSTRUMENT_KINDS

    def read(self, mode: ActorMode, trigger: Span) -> Actors | None:
        """Return the organisations, or None where the mode finds too few for evidence."""
        if mode == "cooperation":
            return self.cooperation()
        if mode == "signatories":
            return _sorted(self.issuers), "document"
        if mode == "mentioned":
            return _names(self.organisations(self.own)), "sentence"
        if mode == "holder":
            return self.holder(trigger)
        if mode == "bearer":
            return self.bearer(trigger)
        return self.provider(trigger) if mode == "provider" else self.recipient(trigger)

    def organisations(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Mentions of organisations; of states only where they are parties of the instrument."""
        return [one for one in mentions if one.organisations and one.kinds & {"org", "party"}]

    def cooperation(self) -> Actors | None:
        for mentions, place in ((self.own, "sentence"), (self.stem, "stem"), (self.passage, "passage")):
            found = {one for mention in self.organisations(mentions) for one in mention.organisations}
            if len(found) > 1:
                return _sorted(found), place
            if found and not self.instrument and "UN" in self.issuers:
                return _sorted(found | {"UN"}) if found != {"UN"} else (), place
            if found and place == "sentence" and not self.instrument and len(self.issuers) == 1:
                joined = found | set(self.issuers)
                if len(joined) > 1:
                    return _sorted(joined), place
        if self.instrument and len(self.issuers) > 1:
            return _sorted(self.issuers), "document"
        return None

    def holder(self, trigger: Span) -> Actors:
        actors = [one for one in self.own if one.organisations]
        inside = [one for one in actors if trigger[0] <= one.start < trigger[1]]
        before = [one for one in actors if one.end <= trigger[0] and not self.broken(one.end, trigger[0])]
        if inside:
            return _names(inside[:1]), "clause"
        if before:
            return _names(before[-1:]), "clause"
        if stem := [one for one in self.stem if one.organisations]:
            return _names(stem[-1:]), "stem"
        return _sorted(self.issuers), "document"

    def bearer(self, trigger: Span) -> Actors:
        """The party that must or may act: named before the trigger, else all signatories."""
        named = [one for one in self.own if one.organisations and one.start < trigger[1]]
        parties = [one for one in named if "party" in one.kinds]
        if named and not self.instrument:
            return _names(named[-1:]), "clause"
        if parties:
            return _names(parties[-1:]), "clause"
        if stem := [one for one in self.stem if "party" in one.kinds]:
            return _names(stem[-1:]), "stem"
        return _sorted(self.issuers), "document"

    def provider(self, trigger: Span) -> Actors:
        actors = [one for one in self.own if one.organisations]
        inside = [one for one in actors if trigger[0] <= one.start < trigger[1]]
        by = [one for one in actors if self.led_by(one, _BY)]
        before = [one for one in actors if one.end <= trigger[0] and not self.led_by(one, _FOR)]
        for found in (inside, by[:1], before[:1]):
            if found:
                return _names(found), "clause"
        if stem := [one for one in self.stem if one.organisations and "org" in one.kinds]:
            return _names(stem[:1]), "stem"
        return _sorted(self.issuers), "document"

    def recipient(self, trigger: Span) -> Actors:
        actors = [one for one in self.own if one.organisations and one.kinds & {"org", "party"}]
        inside = [one for one in actors if trigger[0] <= one.start < trigger[1]]
        after = [one for one in actors if one.start >= trigger[1] and self.led_by(one, _FOR)]
        missions = [one for one in actors if "mission" in one.kinds]
        for found in (inside, after[:1], missions[:1], actors[-1:]):
            if found:
                return _names(found), "clause"
        if stem := [one for one in self.stem if "org" in one.kinds]:
            return _names(stem[-1:]), "stem"
        if passage := [one for one in self.passage if "org" in one.kinds]:
            return _names(passage[-1:]), "passage"
        return _sorted(self.issuers), "document"

    def led_by(self, mention: Mention, words: frozenset[str]) -> bool:
        """Whether one of the words stands right before a mention, an article apart."""
        before = self.tokens[max(0, mention.start - 3) : mention.start]
        while before and before[-1] in ("the", "its", "all"):
            before.pop()
        return bool(before) and before[-1] in words

    def broken(self, start: int, end: int) -> bool:
        return any(token in _ENDS for token in self.tokens[start:end])


def _names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return _sorted({one for mention in mentions for one in mention.organisations})


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def theatres(around: Surroundings, levels: Iterable[list[Mention]], headings: str) -> tuple[str, ...]:
    """Return the places named nearest: in the unit, its stem, its passage, headings and title, the document."""
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
_DIGITS = {numeral: str(number) for number, numeral in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def instrument_key(text: str, trigger: tuple[int, int], parties: tuple[str, ...], fallback_year: int) -> str:
    """Return the agreement a unit names as `form:year:parties`, the same in both languages.

    `trigger` is the place of the match in the text. The form is read inside the trigger, else in the
    nearest words; the year is the nearest one after it, else before it; without one, 0.
    """
    inside = list(_FORM.finditer(text, *trigger))
    anywhere = sorted(_FORM.finditer(text), key=lambda match: abs(match.start() - trigger[0]))
    form = (inside or anywhere or [None])[-1 if inside else 0]
    years = [(match.start(), match[0]) for match in _YEAR.finditer(text)]
    years += [(match.start(), "".join(_DIGITS[c] for c in match[0])) for match in _CHINESE_YEAR.finditer(text)]
    years.sort(key=lambda year: (year[0] < trigger[0], abs(year[0] - trigger[0])))
    year = years[0][1] if years else str(fallback_year)
    return f"{form.lastgroup if form else 'other'}:{year}:{'+'.join(parties)}"
