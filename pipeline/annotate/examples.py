"""The examples of rules and cues, run as tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.annotate.annotator import Annotator
from pipeline.model import INSTRUMENT_KINDS, Document, Evidence, Passage, PassageKind, digest
from pipeline.rules import Ruleset
from pipeline.rules.compile import CompiledCue, CompiledRule
from pipeline.rules.packs import KIND_GROUPS, Example, Where

_ATTRIBUTES = ("code", "organisations", "status", "role", "polarity", "issue", "theatres", "instrument")
_USUAL_KIND = {"instrument": "agreement", "organ": "resolution"}


@dataclass(frozen=True)
class Failure:
    """An example that did not come out as it should."""

    id: str
    place: str
    what: str
    text: str
    came_out: tuple[str, ...]
    """What was found instead, one line each."""


def run_examples(
    ruleset: Ruleset, annotator: Annotator, *, language: str | None = None, rule: str | None = None
) -> tuple[int, list[Failure]]:
    """Run the examples of all rules and cues, or of some; return how many ran and what failed."""
    count = 0
    failures: list[Failure] = []
    for name, rules in sorted(ruleset.by_language.items()):
        if language not in (None, name):
            continue
        both: list[CompiledRule | CompiledCue] = [*rules.rules, *rules.cues]
        for one in both:
            if rule in (None, one.id):
                for failure in _run(one, annotator, name):
                    count += 1
                    failures += [failure] if failure else []
    return count, failures


def example_document(
    example: Example, code: str, where: Where, language: str
) -> tuple[Document, list[Passage]]:
    """Return the little document in which an example stands."""
    kind = example.document or _document_kind(code, where)
    organisations = example.by or (("EU", "UN") if kind in INSTRUMENT_KINDS else ("UN",))
    passage_kind = example.kind or ("item" if example.stem else _passage_kind(kind, where))
    section = example.section
    parts: list[tuple[str, PassageKind]] = [(example.stem, "paragraph")] if example.stem else []
    parts.append((example.text, passage_kind))
    passages, at = [], 0
    for number, (text, one) in enumerate(parts, start=1):
        passages.append(
            Passage(number=number, start=at, end=at + len(text), text=text, kind=one, section=section)
        )
        at += len(text) + 1
    document = Document(
        id="example",
        source_hash="",
        media_type="text/plain",
        status="ok",
        language=language,
        title=example.title,
        date=example.date,
        kind=kind,  # type: ignore[arg-type]
        organisations=tuple(sorted(organisations)),
        extractor="example",
        extractor_version="1",
        text_hash=digest(example.text.encode()),
    )
    return document, passages


def _document_kind(code: str, where: Where) -> str:
    for group in where.documents:
        return _USUAL_KIND.get(group, group)
    usual = "agreement" if code.startswith("binding.") else "resolution"
    refused = {kind for group in where.not_documents for kind in (group, *KIND_GROUPS.get(group, ()))}
    return next(kind for kind in (usual, "agreement", "report", "other", "letter") if kind not in refused)


def _passage_kind(document_kind: str, where: Where) -> PassageKind:
    usual: PassageKind = "paragraph"
    if document_kind in INSTRUMENT_KINDS:
        usual = "article"
    elif document_kind in KIND_GROUPS["organ"]:
        usual = "operative"
    if where.kinds and usual not in where.kinds:
        return where.kinds[0]
    others: tuple[PassageKind, ...] = (usual, "paragraph", "operative", "item")
    return next(kind for kind in others if kind not in where.not_kinds)


def _run(one: CompiledRule | CompiledCue, annotator: Annotator, language: str) -> Iterator[Failure | None]:
    if isinstance(one, CompiledRule):
        written, code = one.rule, one.rule.code
    else:
        written, code = one.cue, next((c for c in one.cue.codes if not c.endswith("*")), "")  # type: ignore[assignment]
    expected = [(example, True) for example in written.match] + [
        (example, False) for example in written.no_match
    ]
    for example, wanted in expected:
        document, passages = example_document(example, code, written.where, language)
        evidence, dropped = annotator.trace(document, passages)
        own = [record for record in evidence if one.id in (*record.rules, *(cue.id for cue in record.cues))]
        fired = bool(own) or any(cue == one.id for _, cue in dropped)
        came_out = tuple(_line(record) for record in evidence) + tuple(
            f"{rule} was dropped by {cue}" for rule, cue in dropped
        )
        what = ""
        if fired != wanted:
            what = "should match and does not" if wanted else "should not match and does"
        elif wanted and own:
            what = _difference(example, own)
        yield Failure(one.id, one.place, what, example.text, came_out) if what else None
    for example in getattr(written, "todo_match", ()):
        document, passages = example_document(example, code, written.where, language)
        if any(one.id in record.rules for record in annotator.annotate(document, passages)):
            yield Failure(one.id, one.place, "a todo_match matches now: move it to match", example.text, ())


def _difference(example: Example, own: list[Evidence]) -> str:
    """Return what differs from the expectation in the record that comes nearest; empty where nothing does."""
    best: list[str] | None = None
    for record in own:
        wrong = []
        for name in _ATTRIBUTES:
            wanted, found = getattr(example, name), getattr(record, name)
            if wanted is None:
                continue
            if isinstance(wanted, tuple):
                wanted, found = tuple(sorted(wanted)), tuple(sorted(found))
            if wanted != found:
                wrong.append(f"{name} should be {_plain(wanted)}, is {_plain(found)}")
        if best is None or len(wrong) < len(best):
            best = wrong
    return "; ".join(best or [])


def _plain(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, tuple) else str(value)


def _line(record: Evidence) -> str:
    values = [value for value in (record.status, record.role, record.polarity) if value]
    cues = [f"{cue.id} ({cue.text})" for cue in record.cues]
    return (
        f"{record.code} by {', '.join(record.rules)} on “{record.trigger}”: {' '.join(values)}"
        f" [{', '.join(record.organisations)}; from {record.actors_from}]"
        + (f" cues: {', '.join(cues)}" if cues else "")
    )
