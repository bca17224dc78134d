"""Cues: which words qualify a match, how far they reach, and which of them wins."""

from collections import defaultdict
from dataclasses import dataclass

from pipeline.annotate.engine import Reading, Span
from pipeline.model import Cue
from pipeline.rules.compile import CompiledCue, CompiledPhrase, LanguageRules, PhraseGroup
from pipeline.rules.packs import START_CHARACTERS, START_TOKENS, Where, fits, is_kind

CLAUSE_ENDS = {
    "en": frozenset({";", "but", "except", "whereas", "however", "although"}),
    "zh": frozenset("。；！？;但"),
}


@dataclass(frozen=True)
class CueHit:
    """A cue found in a unit or in its stem."""

    rule: CompiledCue
    start: int
    end: int
    in_stem: bool = False


class Cues:
    """The cues of one language."""

    def __init__(self, rules: LanguageRules) -> None:
        self.of_phrase: dict[CompiledPhrase, list[CompiledCue]] = defaultdict(list)
        for rule in rules.cues:
            for phrase in rule.phrases:
                self.of_phrase[phrase].append(rule)
        self.phrases = PhraseGroup(self.of_phrase)
        self.ends = CLAUSE_ENDS.get(rules.language, CLAUSE_ENDS["en"])

    def find(self, reading: Reading, document_kind: str, headings: Reading | None) -> list[CueHit]:
        """Return the cues of a unit; a longer one takes the place of those it overlaps."""
        hits = [
            CueHit(rule, start, end)
            for phrase in reading.hitting(self.phrases)
            for rule in self.of_phrase[phrase]
            if stands_in(rule.cue.where, reading.unit.passage.kind, document_kind)
            and (not rule.under or (headings is not None and headings.has(rule.under)))
            for start, end, _ in reading.hits(phrase)
            if rule.cue.where.position is None or at_start(reading, start)
        ]
        hits.sort(key=lambda hit: (hit.start - hit.end, hit.start, hit.rule.id))
        kept: list[CueHit] = []
        for hit in hits:
            same = (one for one in kept if one.start < hit.end and hit.start < one.end)
            if all(one.end - one.start == hit.end - hit.start for one in same):
                kept.append(hit)
        return sorted(
            (hit for hit in kept if not hit.rule.cue.pseudo),
            key=lambda hit: (hit.start, hit.end, hit.rule.id),
        )

    def reaching(
        self, code: str, trigger: Span, reading: Reading, own: list[CueHit], stem: list[CueHit]
    ) -> list[CueHit]:
        """Return the cues that qualify a trigger, those that win first."""
        found = [(hit, gap) for hit in own if (gap := self._gap(hit, code, trigger, reading)) is not None]
        far = len(reading.unit.tokens)
        found += [
            (CueHit(hit.rule, hit.start, hit.end, in_stem=True), far)
            for hit in stem
            if fits(code, hit.rule.cue.codes) and hit.rule.cue.reach == "stem"
        ]
        found.sort(
            key=lambda one: (-one[0].rule.cue.strength, one[1], one[0].start - one[0].end, one[0].rule.id)
        )
        return [hit for hit, _ in found]

    def _gap(self, hit: CueHit, code: str, trigger: Span, reading: Reading) -> int | None:
        """Return how far a cue is from the end of the trigger, its head; None where it does not reach."""
        cue, (start, end) = hit.rule.cue, trigger
        if not fits(code, cue.codes):
            return None
        if hit.end <= start:
            direction, between = "before", (hit.end, start)
        elif hit.start >= end:
            direction, between = "after", (end, hit.start)
        else:
            direction, between = "inside", (start, start)
        if direction not in (cue.direction, "inside") and cue.direction != "both":
            return None
        length = between[1] - between[0]
        if cue.within is not None and length > cue.within:
            return None
        if cue.reach == "clause" and any(
            token in self.ends for token in reading.unit.tokens[slice(*between)]
        ):
            return None
        for a, b in reading.any_hits(hit.rule.stop):
            if between[0] <= a and b <= between[1]:
                return None
        return abs(end - hit.end) if hit.start < end else hit.start - end


def stands_in(where: Where, passage_kind: str, document_kind: str) -> bool:
    """Whether a rule or cue is valid in such a passage of such a document."""
    if where.kinds and passage_kind not in where.kinds:
        return False
    if passage_kind in where.not_kinds:
        return False
    if where.documents and not is_kind(document_kind, where.documents):
        return False
    return not is_kind(document_kind, where.not_documents)


def at_start(reading: Reading, token: int) -> bool:
    """Whether a token is among the first of its unit, after any number or label."""
    return token - reading.unit.first_token < (START_CHARACTERS if reading.unit.chinese else START_TOKENS)


def as_record(hit: CueHit, reading: Reading) -> Cue:
    """Return the cue as evidence carries it, with offsets into the document."""
    unit = reading.unit
    start, end = unit.token_starts[hit.start], unit.token_ends[hit.end - 1]
    sets = ";".join(f"{name}={value}" for name, value in sorted(hit.rule.cue.sets.items()))
    return Cue(
        id=hit.rule.id, text=unit.text[start:end], start=unit.start + start, end=unit.start + end, sets=sets
    )
