"""Why a rule did or did not fire on a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.annotate.annotator import Annotator, DocumentAnnotator
from pipeline.annotate.context import at_start, stands_in
from pipeline.annotate.engine import Reading
from pipeline.annotate.segment import Unit
from pipeline.model import INSTRUMENT_KINDS, Document, Passage
from pipeline.rules.compile import CompiledPhrase, CompiledRule
from pipeline.rules.matching import matcher
from pipeline.rules.packs import fits
from pipeline.rules.phrases import Alternatives, Chain, Entity, Gap, Maybe, Node, Number, Word


@dataclass(frozen=True)
class Explanation:
    """What became of one rule in one sentence."""

    rule: str
    code: str
    outcome: str
    """`fired`, `no required word`, `token failed`, `gap too long`, `wrong section`, `vetoed`, `companion
    missing`, `stopped by cue`, `too few actors`, `lost to rule`."""
    detail: str
    start: int
    end: int
    quote: str


def explain(
    annotator: Annotator,
    document: Document,
    passages: Sequence[Passage],
    *,
    offset: int | None = None,
    rule: str | None = None,
    code: str | None = None,
) -> list[Explanation]:
    """Return what became of the rules in the sentences of a document, or in the one at an offset.

    Without a rule or code only rules of which at least a word occurs are told of.
    """
    work = annotator.open(document, passages)
    units = [unit for unit in work.units if offset is None or unit.start <= offset < unit.end]
    found: list[Explanation] = []
    for unit in units:
        codes = {one.code for one in work.of_unit(unit)}
        for one in work.language.rules.rules:
            if rule in (None, one.id) and (code is None or fits(one.rule.code, (code,))):
                outcome, detail = _outcome(work, one, unit, codes)
                if rule or code or outcome not in ("no required word", "wrong section"):
                    found.append(
                        Explanation(one.id, one.rule.code, outcome, detail, unit.start, unit.end, unit.text)
                    )
    order = {"fired": 0, "lost to rule": 1, "stopped by cue": 2}
    return sorted(found, key=lambda one: (one.start, order.get(one.outcome, 3), one.rule))


def _outcome(work: DocumentAnnotator, rule: CompiledRule, unit: Unit, codes: set[str]) -> tuple[str, str]:
    where, kind = rule.rule.where, work.document.kind
    if fits(rule.rule.code, ("binding.*",)) and kind not in INSTRUMENT_KINDS:
        return "wrong section", f"a {kind} is no instrument"
    if not stands_in(where, unit.passage.kind, kind):
        return "wrong section", f"{unit.passage.kind} of a {kind}"
    if rule.under and not work.headings(unit).has(rule.under):
        return "wrong section", "no heading above has one of the words under `under`"
    if rule.rule.carry and unit.stem is None:
        return "wrong section", "no list item below a lead-in"
    reading = work.reading(unit.stem if rule.rule.carry and unit.stem else unit)
    triggers = reading.any_hits(rule.phrases)
    if not triggers:
        return _best_failure(rule.phrases, reading)
    free = work.outside(reading, rule, triggers)
    if not free:
        return "vetoed", f"“{_text(reading, triggers[0])}” lies inside an expression of `not_inside`"
    if where.position and not any(at_start(reading, start) for start, _ in free):
        return "wrong section", f"“{_text(reading, free[0])}” does not stand at the start"
    own = work.reading(unit)
    if vetoes := own.any_hits(rule.without):
        return "vetoed", f"`without` finds “{_text(own, vetoes[0])}”"
    placed = work.triggers(rule, unit)
    if not placed:
        missing = next((n for n, group in enumerate(rule.with_, 1) if not own.any_hits(group)), None)
        detail = f"nothing of group {missing} of `with`" if missing else "`with` is farther away than `near`"
        return "companion missing", detail
    return _after_trigger(work, rule, unit, placed, codes)


def _after_trigger(
    work: DocumentAnnotator, rule: CompiledRule, unit: Unit, placed: list[tuple[int, int]], codes: set[str]
) -> tuple[str, str]:
    before = len(work.dropped)
    matches = work.matches(rule, unit)
    stopped = [cue for name, cue in work.dropped[before:] if name == rule.id]
    own = work.reading(unit)
    if not matches and stopped:
        return "stopped by cue", f"{', '.join(sorted(set(stopped)))} suppresses “{_text(own, placed[0])}”"
    if not matches:
        return "too few actors", f"“{_text(own, placed[0])}” names no second organisation"
    winners = sorted(one for one in codes if one != rule.rule.code and fits(one, rule.rule.yields_to))
    if rule.rule.yields_to and winners:
        return "lost to rule", f"the sentence is {', '.join(winners)} already"
    best = matches[0]
    values = [str(value) for value in best.values.values() if value]
    cues = [f"{cue.id} (“{cue.text}”)" for cue in best.cues]
    parts = [f"“{_text(own, best.trigger)}”", *values, ", ".join(best.organisations), *cues]
    return "fired", "; ".join(part for part in parts if part)


def _text(reading: Reading, span: tuple[int, int]) -> str:
    unit = reading.unit
    return unit.text[unit.token_starts[span[0]] : unit.token_ends[span[1] - 1]]


# --- how far a phrase got ---


def _best_failure(phrases: Iterable[CompiledPhrase], reading: Reading) -> tuple[str, str]:
    """Return the failure of the phrase that got farthest."""
    failures = [failure for phrase in phrases for failure in _failures(phrase, reading)]
    if not failures:
        return "no required word", "none of the words that its phrases need occurs"
    _, outcome, detail = max(failures, key=lambda one: one[0])
    return outcome, detail


def _failures(phrase: CompiledPhrase, reading: Reading) -> Iterator[tuple[int, str, str]]:
    """Yield how many parts of a phrase were found, what went wrong, and where."""
    if phrase.node is None:
        return
    parts = phrase.node.parts if isinstance(phrase.node, Chain) else (phrase.node,)
    tokens = [*reading.unit.tokens, ""]
    for start in range(len(tokens) - 1):
        reached = {start}
        for number, part in enumerate(parts):
            onward = {end for at in reached for end in matcher(part)(tokens, at, reading.mentions)}
            if onward:
                reached = onward
                continue
            if number and not all(isinstance(one, Gap | Maybe) for one in parts[:number]):
                yield _failure(phrase, parts, number, tokens, min(reached), reading)
            break


def _failure(
    phrase: CompiledPhrase, parts: Sequence[Node], number: int, tokens: list[str], at: int, reading: Reading
) -> tuple[int, str, str]:
    part, before = parts[number], parts[number - 1]
    if isinstance(before, Gap):
        places = (place for place in range(at, len(tokens) - 1))
        farther = next((p for p in places if any(matcher(part)(tokens, p, reading.mentions))), None)
        if farther is not None:
            detail = (
                f'"{phrase.text}": {_named(part)} comes {farther - at} words on, the gap allows {before.most}'
            )
            return number, "gap too long", detail
    found = tokens[at] or "the end"
    return number, "token failed", f'"{phrase.text}": part {number + 1}, {_named(part)}, meets “{found}”'


def _named(node: Node) -> str:
    if isinstance(node, Word):
        return "|".join(sorted(node.forms)[:4]) + ("|…" if len(node.forms) > 4 else "")
    if isinstance(node, Entity):
        return f"@{node.kind}"
    if isinstance(node, Alternatives):
        return (
            "("
            + " | ".join(_named(option) for option in node.options[:3])
            + ("| …" * (len(node.options) > 3))
            + ")"
        )
    if isinstance(node, Chain):
        return " ".join(_named(part) for part in node.parts)
    if isinstance(node, Maybe):
        return _named(node.inner) + "?"
    return "#" if isinstance(node, Number) else f"…{node.most}"
