"""Documents and rules become evidence."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import msgspec

from pipeline.annotate import attribute
from pipeline.annotate.actors import ActorReader, default_mode
from pipeline.annotate.context import CueHit, Cues, as_record, at_start, stands_in
from pipeline.annotate.engine import Engine, EngineName, IndexedEngine, PlainEngine, Reading, Span
from pipeline.annotate.mentions import Mention, NameFinder, Surroundings
from pipeline.annotate.segment import Unit, units
from pipeline.model import CONTEXT_LENGTH, INSTRUMENT_KINDS, Cue, Document, Evidence, Passage, fingerprint
from pipeline.rules import Ruleset
from pipeline.rules.compile import CompiledPhrase, CompiledRule, PhraseGroup
from pipeline.rules.packs import ATTRIBUTES_OF, Default, fits, is_kind
from pipeline.rules.phrases import ENTITY_KINDS

_BUILT_IN = {"status": "performed", "role": "provision", "polarity": "affirmed"}
_INSTRUMENT_ONLY = ("binding.*",)


@dataclass(frozen=True)
class Match:
    """A trigger of a rule in a unit, qualified."""

    rule: CompiledRule
    unit: Unit
    trigger: Span
    organisations: tuple[str, ...]
    actors_from: str
    values: dict[str, str | None]
    cues: tuple[Cue, ...]


class Annotator:
    """Finds the evidence of documents, by all rules of a ruleset.

    `engine` is `indexed`, or `plain` for the slow reference that finds the same.
    """

    def __init__(self, ruleset: Ruleset, engine: EngineName = "indexed") -> None:
        self.ruleset = ruleset
        self.engine_name = engine
        self._languages: dict[str, _LanguageAnnotator] = {}

    def annotate(self, document: Document, passages: Sequence[Passage]) -> list[Evidence]:
        """Return the evidence of a document, sorted by start, end, code and role.

        A document in a language without rules has none.
        """
        return self.trace(document, passages)[0]

    def trace(
        self, document: Document, passages: Sequence[Passage]
    ) -> tuple[list[Evidence], list[tuple[str, str]]]:
        """Return the evidence, and the pairs (rule, cue) where a cue suppressed a match."""
        if document.language not in self.ruleset.languages or not passages:
            return [], []
        with _without_garbage_collection():
            return self._trace(document, passages)

    def _trace(
        self, document: Document, passages: Sequence[Passage]
    ) -> tuple[list[Evidence], list[tuple[str, str]]]:
        """Do the work, and leave no cycles of objects behind for the collector to find."""
        work = self.open(document, passages)
        evidence = work.evidence()
        work.forget_readings()
        return evidence, work.dropped

    def open(self, document: Document, passages: Sequence[Passage]) -> "DocumentAnnotator":
        """Return a document ready to be annotated or explained, in a language that has rules."""
        language = document.language
        if language not in self._languages:
            self._languages[language] = _LanguageAnnotator(self.ruleset, language, self.engine_name)
        return DocumentAnnotator(self._languages[language], document, passages)

    def qualify(self, evidence: Evidence, document: Document, passages: Sequence[Passage]) -> Evidence:
        """Return evidence with what follows from its place, code and organisations.

        For evidence that people added or amended: cases, theatres, issue, and for an agreement its key.
        """
        cases = self.ruleset.cases.concerned(evidence.code, evidence.organisations)
        if document.language not in self.ruleset.languages or not passages:
            return msgspec.structs.replace(evidence, cases=cases)
        return self.open(document, passages).qualify(evidence, cases)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Spare the collector the many short-lived objects of one document: it would take half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _LanguageAnnotator:
    """What is made once for a language."""

    def __init__(self, ruleset: Ruleset, language: str, engine: EngineName) -> None:
        self.ruleset, self.rules = ruleset, ruleset.by_language[language]
        self.engine: Engine = IndexedEngine(self.rules) if engine == "indexed" else PlainEngine(self.rules)
        self.cues = Cues(self.rules)
        self.names = NameFinder(ruleset.actors, language)
        self._valid: dict[tuple[str, str, bool], ValidRules] = {}

    def valid(self, document_kind: str, passage_kind: str, *, carry: bool) -> "ValidRules":
        """Return the rules that may hold in such a passage of such a document."""
        key = document_kind, passage_kind, carry
        if key not in self._valid:
            self._valid[key] = ValidRules(
                rule
                for rule in self.rules.rules
                if bool(rule.rule.carry) == carry
                and stands_in(rule.rule.where, passage_kind, document_kind)
                and (document_kind in INSTRUMENT_KINDS or not fits(rule.rule.code, _INSTRUMENT_ONLY))
            )
        return self._valid[key]


class ValidRules:
    """Rules that may hold in one kind of place, with all their phrases together."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        self.rules = list(rules)
        self.of_phrase: dict[CompiledPhrase, list[int]] = defaultdict(list)
        for number, rule in enumerate(self.rules):
            for phrase in rule.phrases:
                self.of_phrase[phrase].append(number)
        self.phrases = PhraseGroup(self.of_phrase)

    def hitting(self, reading: Reading) -> list[CompiledRule]:
        """Return the rules of which a phrase occurs, in the order of their ids."""
        numbers = {number for phrase in reading.hitting(self.phrases) for number in self.of_phrase[phrase]}
        return [self.rules[number] for number in sorted(numbers)]


class DocumentAnnotator:
    """One document on its way to evidence."""

    def __init__(self, language: _LanguageAnnotator, document: Document, passages: Sequence[Passage]) -> None:
        self.language, self.document, self.passages = language, document, passages
        self.around = Surroundings(language.names, document, passages)
        self.text = "\n".join(passage.text for passage in passages)
        self.units = units(passages)
        self._mentions: dict[Unit, list[Mention]] = {}
        self._readings: dict[Unit, Reading] = {}
        self._cues: dict[Unit, list[CueHit]] = {}
        self._actors: dict[Unit, ActorReader] = {}
        self._issues: dict[Unit, Literal["", "unit", "heading", "document"]] = {}
        self._headings: dict[tuple[str, ...], Reading] = {}
        self.instrument = document.kind in INSTRUMENT_KINDS
        self.dropped: list[tuple[str, str]] = []
        """Ids of rule and cue where a cue suppressed a match."""

    def evidence(self) -> list[Evidence]:
        found = [record for unit in self.units for record in self.of_unit(unit)]
        found.sort(key=lambda one: (one.start, one.end, one.code, one.role or ""))
        return _with_ids_of_their_own(found)

    def forget_readings(self) -> None:
        """Let go of the readings, which know this document."""
        self._readings.clear()
        self._headings.clear()
        self.__dict__.pop("title", None)

    def of_unit(self, unit: Unit) -> Iterator[Evidence]:
        if not unit.tokens:
            return
        matches = [match for rule in self.candidates(unit) for match in self.matches(rule, unit)]
        codes = {match.rule.rule.code for match in matches}
        by_key: dict[tuple[str, str | None], list[Match]] = {}
        for match in matches:
            rule = match.rule.rule
            if rule.yields_to and any(code != rule.code and fits(code, rule.yields_to) for code in codes):
                continue
            by_key.setdefault((rule.code, match.values["role"]), []).append(match)
        for group in by_key.values():
            yield self.record(group)

    def candidates(self, unit: Unit) -> list[CompiledRule]:
        kinds = self.document.kind, unit.passage.kind
        found = self.language.valid(*kinds, carry=False).hitting(self.reading(unit))
        if unit.stem is None:
            return found
        return found + self.language.valid(*kinds, carry=True).hitting(self.reading(unit.stem))

    def qualify(self, evidence: Evidence, cases: tuple[str, ...]) -> Evidence:
        """See `Annotator.qualify`."""
        at = evidence.trigger_start
        unit = next((one for one in self.units if one.start <= at < one.end), None)
        if unit is None:
            return msgspec.structs.replace(evidence, cases=cases)
        return msgspec.structs.replace(
            evidence,
            cases=cases,
            theatres=self.theatres(unit),
            issue=self.issue(unit),
            instrument=self.agreement(
                unit, evidence.code, (at, evidence.trigger_end), evidence.organisations
            ),
        )

    # --- one rule in one unit ---

    def matches(self, rule: CompiledRule, unit: Unit) -> list[Match]:
        """Return the qualified triggers of a rule in a unit."""
        return [
            match for trigger in self.triggers(rule, unit) if (match := self.qualified(rule, unit, trigger))
        ]

    def triggers(self, rule: CompiledRule, unit: Unit) -> list[Span]:
        where, reading = rule.rule.where, self.reading(unit)
        if rule.under and not self.headings(unit).has(rule.under):
            return []
        if rule.rule.carry:
            stem = self.reading(unit.stem) if unit.stem else None
            found = self.outside(stem, rule, stem.any_hits(rule.phrases)) if stem else []
            at = min(unit.first_token, len(unit.tokens) - 1)
            triggers = [(at, at + 1)] if found else []
        else:
            triggers = self.outside(reading, rule, reading.any_hits(rule.phrases))
        if where.position:
            triggers = [hit for hit in triggers if at_start(reading, hit[0])]
        if not triggers or reading.has(rule.without):
            return []
        for group in rule.with_:
            near = reading.any_hits(group)
            triggers = [hit for hit in triggers if _has_near(hit, near, rule.rule.near)]
        return triggers

    @staticmethod
    def outside(reading: Reading, rule: CompiledRule, triggers: list[Span]) -> list[Span]:
        """Return the triggers that do not lie inside a longer expression."""
        if not triggers or not rule.not_inside:
            return triggers
        longer = reading.surroundings(rule.not_inside)
        return [hit for hit in triggers if not any(a <= hit[0] and hit[1] <= b for a, b in longer)]

    def qualified(self, rule: CompiledRule, unit: Unit, trigger: Span) -> Match | None:
        code, reading = rule.rule.code, self.reading(unit)
        stem = self.cues_in(unit.stem) if unit.stem else []
        reaching = self.language.cues.reaching(code, trigger, reading, self.cues_in(unit), stem)
        values: dict[str, str | None] = {}
        used: dict[str, CueHit] = {}
        for name in ("role", "status", "polarity"):
            values[name] = self.value(name, rule, unit, values.get("role"), reaching, used)
        for hit in reaching:
            if "drop" in hit.rule.cue.sets and _role_fits(hit, values["role"]):
                self.dropped.append((rule.id, hit.rule.id))
                return None
        mode = rule.rule.actors or default_mode(code, values["role"])
        actors = self.actors(unit).read(mode, trigger, code)
        if actors is None or (mode == "cooperation" and len(actors[0]) < 2 and not self.instrument):
            return None
        cues = tuple(
            as_record(hit, self.reading(unit.stem if hit.in_stem and unit.stem else unit))
            for hit in used.values()
        )
        return Match(rule, unit, trigger, *actors, values, cues)

    def value(
        self,
        name: str,
        rule: CompiledRule,
        unit: Unit,
        role: str | None,
        reaching: list[CueHit],
        used: dict[str, CueHit],
    ) -> str | None:
        """Return an attribute: as the rule fixes it, else by the winning cue, else by default."""
        code = rule.rule.code
        if name not in ATTRIBUTES_OF.get(code.partition(".")[0], ()):
            return None
        if fixed := getattr(rule.rule, name):
            return str(fixed)
        for hit in reaching:
            if name in hit.rule.cue.sets and (name == "role" or _role_fits(hit, role)):
                used.setdefault(hit.rule.id, hit)
                return hit.rule.cue.sets[name]
        for default in self.language.rules.defaults:
            value = getattr(default, name)
            if value and fits(code, default.codes) and self.holds_in(default, unit):
                return str(value)
        return _BUILT_IN[name]

    def holds_in(self, default: Default, unit: Unit) -> bool:
        if default.kinds and unit.passage.kind not in default.kinds:
            return False
        return not default.documents or is_kind(self.document.kind, default.documents)

    # --- what is known of a unit ---

    def mentions(self, unit: Unit) -> list[Mention]:
        if unit not in self._mentions:
            self._mentions[unit] = self.around.mentions(unit)
        return self._mentions[unit]

    def reading(self, unit: Unit) -> Reading:
        if unit not in self._readings:
            kinds = {kind for *_, (kinds, *_) in self.around.meanings(unit) for kind in kinds}
            self._readings[unit] = self.language.engine.read(unit, lambda: self.places(unit), kinds)
        return self._readings[unit]

    def places(self, unit: Unit) -> dict[tuple[str, int], int]:
        """Where actors are named, for the phrases."""
        return {
            (kind, one.start): one.end
            for one in self.mentions(unit)
            for kind in one.kinds
            if kind in ENTITY_KINDS
        }

    def reading_of_text(self, text: str) -> Reading:
        return self.language.engine.read(Unit(self.passages[0], 0, len(text), text), dict, ())

    def headings(self, unit: Unit) -> Reading:
        """The headings above a unit, as one text."""
        section = unit.passage.section
        if section not in self._headings:
            self._headings[section] = self.reading_of_text(" . ".join(section))
        return self._headings[section]

    def cues_in(self, unit: Unit) -> list[CueHit]:
        if unit not in self._cues:
            reading, headings = self.reading(unit), self.headings(unit)
            self._cues[unit] = self.language.cues.find(reading, self.document.kind, headings)
        return self._cues[unit]

    def in_stem(self, unit: Unit) -> list[Mention]:
        """Mentions in the lead-in, those of an outer lead-in first."""
        if unit.stem is None:
            return []
        return [*self.in_stem(unit.stem), *self.mentions(unit.stem)]

    def in_passage(self, unit: Unit) -> list[Mention]:
        return [mention for one in self.neighbours(unit) for mention in self.mentions(one)]

    def neighbours(self, unit: Unit) -> list[Unit]:
        """The other units of the same passage."""
        at = self.numbers[unit]
        first, last = at, at
        while first > 0 and self.units[first - 1].passage is unit.passage:
            first -= 1
        while last + 1 < len(self.units) and self.units[last + 1].passage is unit.passage:
            last += 1
        return self.units[first:at] + self.units[at + 1 : last + 1]

    @cached_property
    def numbers(self) -> dict[Unit, int]:
        return {unit: number for number, unit in enumerate(self.units)}

    def actors(self, unit: Unit) -> ActorReader:
        if unit not in self._actors:
            own, passage = self.mentions(unit), self.in_passage(unit)
            self._actors[unit] = ActorReader(self.around, unit, own, self.in_stem(unit), passage)
        return self._actors[unit]

    def issue(self, unit: Unit) -> Literal["", "unit", "heading", "document"]:
        if unit not in self._issues:
            self._issues[unit] = self.find_issue(unit)
        return self._issues[unit]

    def find_issue(self, unit: Unit) -> Literal["", "unit", "heading", "document"]:
        issues = self.language.rules.issues
        if self.reading(unit).has(issues) or (unit.stem and self.reading(unit.stem).has(issues)):
            return "unit"
        if self.headings(unit).has(issues):
            return "heading"
        return "document" if self.title.has(issues) else ""

    @cached_property
    def title(self) -> Reading:
        return self.reading_of_text(self.document.title)

    def theatres(self, unit: Unit) -> tuple[str, ...]:
        levels = [self.mentions(unit), self.in_stem(unit), self.in_passage(unit)]
        return attribute.theatres(self.around, levels, "\n".join(unit.passage.section))

    def agreement(self, unit: Unit, code: str, trigger: Span, parties: tuple[str, ...]) -> str:
        """The key of the agreement that a unit names at a place in the document; empty for other codes."""
        if code != "agreement.instrument":
            return ""
        inside = trigger[0] - unit.start, trigger[1] - unit.start
        return attribute.instrument_key(unit.text, inside, parties, self.around.year)

    # --- the record ---

    def record(self, group: list[Match]) -> Evidence:
        """Return one piece of evidence for the matches of one code and role in one unit."""
        best = min(group, key=lambda one: (one.trigger[0] - one.trigger[1], one.trigger[0], one.rule.id))
        unit, code, document = best.unit, best.rule.rule.code, self.document
        passage = unit.passage
        first, last = unit.token_starts[best.trigger[0]], unit.token_ends[best.trigger[1] - 1]
        prefix = self.text[max(0, unit.start - CONTEXT_LENGTH) : unit.start]
        suffix = self.text[unit.end : unit.end + CONTEXT_LENGTH]
        values: dict[str, Any] = best.values
        return Evidence(
            id=Evidence.make_id(document.id, code, values["role"], unit.text, prefix, suffix),
            document=document.id,
            start=unit.start,
            end=unit.end,
            quote=unit.text,
            trigger=unit.text[first:last],
            trigger_start=unit.start + first,
            trigger_end=unit.start + last,
            prefix=prefix,
            suffix=suffix,
            label=passage.label,
            page=passage.page,
            section=passage.section,
            language=document.language,
            code=code,
            organisations=best.organisations,
            actors_from=best.actors_from,
            theatres=self.theatres(unit),
            cases=self.language.ruleset.cases.concerned(code, best.organisations),
            status=values["status"],
            role=values["role"],
            polarity=values["polarity"],
            issue=self.issue(unit),
            instrument=self.agreement(
                unit, code, (unit.start + first, unit.start + last), best.organisations
            ),
            rules=tuple(sorted({one.rule.id for one in group})),
            cues=best.cues,
            passage=passage.number,
            kind=passage.kind,
            text_hash=document.text_hash,
            rules_hash=self.language.ruleset.hash_of(document.language),
        )


def _with_ids_of_their_own(found: list[Evidence]) -> list[Evidence]:
    """Give the second, third … of records with the same quote and context another id."""
    seen: Counter[str] = Counter()
    told_apart = []
    for record in found:
        seen[record.id] += 1
        number = seen[record.id]
        new_id = record.id if number == 1 else fingerprint(record.id, str(number))
        told_apart.append(record if number == 1 else msgspec.structs.replace(record, id=new_id))
    return told_apart


def _has_near(trigger: Span, hits: list[Span], near: int | None) -> bool:
    if near is None:
        return bool(hits)
    return any(max(start - trigger[1], trigger[0] - end, 0) <= near for start, end in hits)


def _role_fits(hit: CueHit, role: str | None) -> bool:
    roles = hit.rule.cue.roles
    return not roles or role in roles
