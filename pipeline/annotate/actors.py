"""Whose act, norm, duty or resource a match is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.annotate.engine import Span
from pipeline.annotate.mentions import Mention, Surroundings
from pipeline.annotate.segment import Unit
from pipeline.model import INSTRUMENT_KINDS
from pipeline.rules.packs import KIND_GROUPS, ActorMode

Actors = tuple[tuple[str, ...], str]
"""Short names sorted, and where they were read: clause, sentence, stem, passage or document."""

_ARTICLES = frozenset(
    {
        "the",
        "its",
        "all",
        "a",
        "an",
        "their",
        "other",
        "relevant",
        "both",
        "some",
        "该",
        "各",
        "有",
        "关",
        "其",
        "他",
        "所",
    }
)
_AND = frozenset(
    {
        ",",
        "and",
        "or",
        "as",
        "well",
        "/",
        "with",
        "between",
        "the",
        "its",
        "other",
        "relevant",
        "all",
        "、",
        "和",
        "与",
        "及",
        "以",
        "同",
        "或",
    }
)
_PREPOSITIONS_TEXT = """
of to for with by in from between under among through against within on at about into towards upon
向 对 为 与 同 给 在 由 据 从 依 照 按 经 于
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_TEXT.split())
_BY = frozenset({"by", "from", "through", "via", "由", "自", "经", "过"})
_FOR = frozenset({"to", "for", "of", "in", "向", "给", "为", "对"})
_CLAUSE_STARTS = frozenset({"that", "，", "："})
_ENDS = frozenset({";", "。", "；"})
_DUTY = frozenset(
    {"responsibility", "responsibilities", "responsible", "obligation", "obligations", "duty", "责", "义"}
)
_CITED = frozenset({"resolution", "resolutions", "document", "documents", "charter"})
_CITED_CHINESE = ("决议", "宪章")
_CITING = frozenset({"charter", "resolution", "resolutions", "agenda"})
_NEAR = 8

MODE_OF: dict[str, ActorMode] = {
    "agreement": "cooperation",
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
    return MODE_OF.get(code.partition(".")[0], "mentioned")


@dataclass(frozen=True)
class Party:
    """Actors named side by side ("the AU and ECOWAS"), and the word before them."""

    mentions: tuple[Mention, ...]
    lead: str

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end

    @property
    def names(self) -> tuple[str, ...]:
        """Short names; donors and member states only where no organisation stands beside them."""
        organisations = [one for one in self.mentions if "others" not in one.kinds]
        return _names(organisations or self.mentions)

    def has(self, *kinds: str) -> bool:
        return any(mention.kinds & set(kinds) for mention in self.mentions)


class ActorReader:
    """Reads the organisations of a match in one unit."""

    def __init__(
        self,
        around: Surroundings,
        unit: Unit,
        own: list[Mention],
        stem: list[Mention],
        passage: list[Mention],
    ) -> None:
        self.around, self.unit, self.tokens = around, unit, unit.tokens
        self.issuers = around.issuers
        self.instrument = around.document.kind in INSTRUMENT_KINDS
        self.own = self.acting(own)
        self.stem = [one for one in stem if one.organisations]
        self.passage = [one for one in passage if one.organisations]

    def read(self, mode: ActorMode, trigger: Span, code: str) -> Actors | None:
        """Return the organisations, or None where the mode finds too few for evidence."""
        if mode == "cooperation":
            return self.cooperation(trigger, code)
        if mode == "signatories":
            return _sorted(self.issuers), "document"
        if mode == "mentioned":
            return _names(self.own), "sentence"
        if mode == "holder":
            return self.holder(trigger)
        if mode == "bearer":
            return self.bearer(trigger)
        return self.provider(trigger) if mode == "provider" else self.recipient(trigger)

    # --- the actors of the unit ---

    def acting(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Mentions that act: not the organ that speaks the sentence, and none inside a citation."""
        named = [one for one in mentions if one.organisations and not self.cited(one)]
        if named and self.speaking(named[0]) and len(named) > 1:
            return named[1:]
        return named

    def cited(self, mention: Mention) -> bool:
        """Whether a name only belongs to a document: "Security Council resolution", "Charter of the UN"."""
        tokens = self.tokens
        after = tokens[mention.end] if mention.end < len(tokens) else ""
        if after in _CITED:
            return True
        if self.unit.chinese:
            behind = "".join(tokens[mention.end : mention.end + 16])
            return behind.startswith(_CITED_CHINESE) or (behind.startswith("第") and "号决议" in behind)
        before = [
            token for token in tokens[max(0, mention.start - 3) : mention.start] if token not in _ARTICLES
        ]
        return len(before) > 1 and before[-1] == "of" and before[-2] in _CITING

    def speaking(self, mention: Mention) -> bool:
        organ = self.around.document.kind in KIND_GROUPS["organ"]
        return organ and "un" in mention.kinds and mention.start - self.unit.first_token < 4

    def parties(self, mentions: Iterable[Mention]) -> list[Party]:
        """Group the mentions that stand side by side."""
        groups: list[list[Mention]] = []
        for mention in mentions:
            between = self.tokens[groups[-1][-1].end : mention.start] if groups else [""]
            if len(between) <= 4 and all(token in _AND for token in between) and "between" not in between:
                groups[-1].append(mention)
            else:
                groups.append([mention])
        return [Party(tuple(group), self.lead(group[0])) for group in groups]

    def lead(self, mention: Mention) -> str:
        """The word before a mention, articles left out."""
        at = mention.start - 1
        while at >= 0 and self.tokens[at] in _ARTICLES:
            at -= 1
        return self.tokens[at] if at >= 0 else ""

    def subject(self, mentions: list[Mention], trigger: Span) -> Party | None:
        """The actors that govern a trigger: named before it, hanging on no preposition, owning nothing.

        The first of the last clause ("… that the AU …"), else the last of all.
        """
        parties = [
            one for one in self.parties(mentions) if one.start < trigger[0] and not self.possessive(one)
        ]
        parties = [one for one in parties if not self.broken(one.end, trigger[0])]
        free = [one for one in parties if one.lead not in _PREPOSITIONS]
        clause = max((at for at in range(trigger[0]) if self.tokens[at] in _CLAUSE_STARTS), default=-1)
        inner = [one for one in free if one.start > clause]
        return inner[0] if inner else free[-1] if free else None

    def possessive(self, party: Party) -> bool:
        return self.tokens[party.end : party.end + 2] == ["'", "s"]

    def broken(self, start: int, end: int) -> bool:
        return any(token in _ENDS for token in self.tokens[start:end])

    # --- modes ---

    def cooperation(self, trigger: Span, code: str) -> Actors | None:
        own = [one for one in self.own if one.kinds & {"org", "party"}]
        if code.startswith("agreement.") and len(_names(own)) < 2:
            own = [one for one in self.own if "others" not in one.kinds]
        inside = [one for one in own if trigger[0] <= one.start < trigger[1]]
        own = [_only_un(one) if one not in inside and "hybrid" in one.kinds else one for one in own]
        touching = [one for one in self.parties(own) if self.touches(one, trigger)]
        clause = [one for one in own if self.unit.chinese and not self.comma(one, trigger)]
        for near in (_sorted(name for one in touching for name in one.names), _names(clause)):
            if len(near) > 1:
                return near, "clause"
        specific = [one for one in own if "group" not in one.kinds or one in inside]
        implied = () if self.instrument else self.issuers
        for mentions, also, place in (
            (specific, (), "sentence"),
            (own, (), "sentence"),
            (own, implied, "sentence"),
            ([*own, *self.organisations(self.stem)], implied, "stem"),
            ([*own, *self.organisations(self.passage)], implied, "passage"),
        ):
            found = _sorted([*_names(mentions), *also])
            if len(found) > 1:
                return found, place
        if len(self.issuers) > 1 or (self.instrument and self.issuers):
            return _sorted(self.issuers), "document"
        return None

    def touches(self, party: Party, trigger: Span) -> bool:
        """Whether actors are named inside a trigger or at most three words away."""
        near = party.start <= trigger[1] + 3 and trigger[0] <= party.end + 3
        return near and not any(self.comma(one, trigger) for one in party.mentions)

    def comma(self, mention: Mention, trigger: Span) -> bool:
        """Whether a Chinese comma parts a mention from a trigger."""
        between = self.tokens[mention.end : trigger[0]] + self.tokens[trigger[1] : mention.start]
        return "，" in between

    def organisations(self, mentions: Iterable[Mention]) -> list[Mention]:
        return [one for one in mentions if one.kinds & {"org", "party"} and "group" not in one.kinds]

    def holder(self, trigger: Span) -> Actors:
        holders = [one for one in self.own if one.kinds & {"org", "party"} or self.owes(one, trigger)]
        inside = [one for one in holders if trigger[0] <= one.start < trigger[1]]
        owing = [one for one in holders if not one.kinds & {"org", "party"}]
        if owing or inside:
            return _names(owing[:1] or inside), "clause"
        if subject := self.subject(holders, trigger):
            return subject.names, "clause"
        if before := [
            one for one in holders if one.end <= trigger[0] and not self.broken(one.end, trigger[0])
        ]:
            return _names(before[-1:]), "clause"
        return self.from_stem() or (_sorted(self.issuers), "document")

    def owes(self, mention: Mention, trigger: Span) -> bool:
        """Whether a state is named as the one with the duty."""
        if self.instrument:
            return mention.organisations[0] in self.issuers
        span = self.tokens[max(0, mention.start - 6) : max(trigger[1] + 6, mention.end)]
        if mention.start >= trigger[1] or "state" not in mention.kinds or "prejudice" in span:
            return False
        return bool(_DUTY.intersection(span))

    def bearer(self, trigger: Span) -> Actors:
        bearers = [one for one in self.own if one.kinds & {"org", "party"}]
        if subject := self.subject(bearers, trigger):
            return subject.names, "clause"
        if inside := [one for one in bearers if trigger[0] <= one.start < trigger[1]]:
            return _names(inside[:1]), "clause"
        if owned := [
            one for one in bearers if one.end <= trigger[0] and "," not in self.tokens[one.end : trigger[0]]
        ]:
            return _names(owned[:1]), "clause"
        parties = [one for one in self.stem if one.kinds & {"org", "party"}]
        return (_names(parties[-1:]), "stem") if parties else (_sorted(self.issuers), "document")

    def provider(self, trigger: Span) -> Actors:
        parties = self.parties(self.own)
        giving = [one for one in parties if one.lead in _BY and trigger[0] <= one.start <= trigger[1] + _NEAR]
        inside = [one for one in parties if trigger[0] <= one.start < trigger[1] and one.lead not in _FOR]
        if giving:
            return giving[0].names, "clause"
        if inside:
            return inside[0].names, "clause"
        if subject := self.subject(self.own, trigger):
            return subject.names, "clause"
        before = [one for one in parties if one.end <= trigger[0]]
        behind = [
            one for one in parties if trigger[0] <= one.start <= trigger[1] + _NEAR and one.lead == "of"
        ]
        if chosen := [one for one in before if one.lead not in _FOR] or before or behind[:1]:
            return chosen[-1].names, "clause"
        return self.from_stem() or (_sorted(self.issuers), "document")

    def recipient(self, trigger: Span) -> Actors:
        parties = self.parties(one for one in self.own if one.kinds & {"org", "party"})
        given = [one for one in parties if one.lead in _FOR and one.start >= trigger[0]]
        missions = [one for one in parties if one.has("mission")]
        regional = [one for one in parties if one.has("regional")]
        for found in (given[:1], missions[:1], regional[:1], parties[-1:]):
            if found:
                names = found[0].names
                return (tuple(one for one in names if one != "UN") or names), "clause"
        for mentions, place in ((self.stem, "stem"), (self.passage, "passage")):
            if others := [one for one in mentions if "regional" in one.kinds and "group" not in one.kinds]:
                return _names(others[-1:]), place
        return _sorted(self.issuers), "document"

    def from_stem(self) -> Actors | None:
        """The mission, else the organisation last named in the lead-in."""
        missions = [one for one in self.stem if "mission" in one.kinds]
        organisations = [one for one in self.stem if one.kinds & {"org", "party"}]
        chosen = missions[-1:] or organisations[-1:]
        return (_names(chosen), "stem") if chosen else None


def _only_un(mention: Mention) -> Mention:
    """A hybrid operation that is merely named counts as the UN's."""
    return Mention(mention.start, mention.end, mention.text, mention.kinds, ("UN",), mention.theatre)


def _names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return _sorted(one for mention in mentions for one in mention.organisations)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
