"""What rule writers ask: what does each rule find, what changed, and how is a phrase used."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.annotate.annotator import Annotator, DocumentAnnotator
from pipeline.errors import UsageError
from pipeline.model import Document, Evidence, Passage, ReviewedEvidence
from pipeline.rules import Ruleset
from pipeline.rules.compile import compile_phrase
from pipeline.rules.phrases import PhraseError

Text = tuple[Document, Sequence[Passage]]


@dataclass(frozen=True)
class RuleReport:
    """What one rule or cue finds in a corpus."""

    id: str
    code: str
    """Empty for a cue."""
    hits: int
    documents: int
    alone: int
    """Pieces of evidence that no other rule backs."""
    with_others: tuple[tuple[str, int], ...]
    """Rules that back the same evidence, the most frequent first."""
    confirmed: int
    rejected: int

    @property
    def share_confirmed(self) -> float | None:
        """Share that reviewers accepted or amended, of what they decided; None where they decided nothing."""
        decided = self.confirmed + self.rejected
        return self.confirmed / decided if decided else None


def report(ruleset: Ruleset, reviewed: Iterable[ReviewedEvidence]) -> list[RuleReport]:
    """Return a line for every rule and cue, those that find nothing included, sorted by id."""
    records: dict[str, list[ReviewedEvidence]] = defaultdict(list)
    for one in reviewed:
        for name in (*one.evidence.rules, *(cue.id for cue in one.evidence.cues)):
            records[name].append(one)
    lines = [_line(name, rule.rule.code, records[name]) for name, rule in ruleset.rules_by_id.items()]
    lines += [_line(name, "", records[name]) for name in ruleset.cues_by_id]
    return sorted(lines, key=lambda line: line.id)


def _line(name: str, code: str, found: list[ReviewedEvidence]) -> RuleReport:
    others = Counter(other for one in found for other in one.evidence.rules if other != name)
    return RuleReport(
        id=name,
        code=code,
        hits=len(found),
        documents=len({one.evidence.document for one in found}),
        alone=sum(one.evidence.rules == (name,) for one in found),
        with_others=tuple(sorted(others.items(), key=lambda item: (-item[1], item[0]))[:5]),
        confirmed=sum(one.verdict in ("accept", "amend") for one in found),
        rejected=sum(one.verdict == "reject" for one in found),
    )


@dataclass(frozen=True)
class Change:
    """Evidence that one set of rules finds and another does not, or finds differently."""

    kind: str
    """`gained`, `lost` or `changed`."""
    evidence: Evidence
    """As the new rules have it; as the old ones had it where it was lost."""
    before: Evidence | None = None
    differs: tuple[str, ...] = ()
    """For `changed`: the attributes that differ."""


_COMPARED = ("organisations", "status", "role", "polarity", "theatres", "issue", "instrument")


def diff(old: Ruleset, new: Ruleset, texts: Iterable[Text]) -> Iterator[Change]:
    """Yield what changes in the evidence of a corpus from one set of rules to another, in its order."""
    before, after = Annotator(old), Annotator(new)
    for document, passages in texts:
        was = {(one.start, one.end, one.code, one.role): one for one in before.annotate(document, passages)}
        now = {(one.start, one.end, one.code, one.role): one for one in after.annotate(document, passages)}
        for key in sorted({*was, *now}, key=lambda key: (*key[:3], key[3] or "")):
            if key not in was:
                yield Change("gained", now[key])
            elif key not in now:
                yield Change("lost", was[key])
            else:
                differs = [name for name in _COMPARED if getattr(was[key], name) != getattr(now[key], name)]
                if differs:
                    yield Change("changed", now[key], was[key], tuple(differs))


@dataclass(frozen=True)
class Line:
    """A keyword in context."""

    document: str
    label: str
    page: int | None
    left: str
    hit: str
    right: str
    codes: tuple[str, ...]
    """Codes that the rules give the sentence already."""


def try_phrase(
    ruleset: Ruleset, phrase: str, language: str, texts: Iterable[Text], *, code: str = "", width: int = 60
) -> Iterator[Line]:
    """Yield every hit of a phrase in texts of a language, in context.

    With a code, only in sentences that do not carry it yet: what a rule with this phrase would add.
    A phrase that cannot be read raises UsageError with the place of the mistake.
    """
    lists = ruleset.by_language[language].lists
    try:
        compiled = compile_phrase(phrase, language, lists)
    except PhraseError as error:
        where = f"character {error.at + 1}"
        raise UsageError(f"{error.what} in {phrase!r}", where=where, remedy=error.remedy) from error
    annotator = Annotator(ruleset)
    for document, passages in texts:
        if document.language != language or not passages:
            continue
        work = annotator.open(document, passages)
        codes: Mapping[tuple[int, int], set[str]] = _codes_by_place(work)
        for unit in work.units:
            own = codes.get((unit.start, unit.end), set())
            if code and code in own:
                continue
            places: dict[str, list[int]] = {}
            for at, token in enumerate(unit.tokens):
                places.setdefault(token, []).append(at)
            for start, end, _ in compiled.find([*unit.tokens, ""], places, work.places(unit)):
                a, b = unit.token_starts[start], unit.token_ends[end - 1]
                yield Line(
                    document=document.id,
                    label=unit.passage.label,
                    page=unit.passage.page,
                    left=" ".join(unit.text[max(0, a - width) : a].split()),
                    hit=" ".join(unit.text[a:b].split()),
                    right=" ".join(unit.text[b : b + width].split()),
                    codes=tuple(sorted(own)),
                )


def _codes_by_place(work: DocumentAnnotator) -> dict[tuple[int, int], set[str]]:
    codes: dict[tuple[int, int], set[str]] = defaultdict(set)
    for record in work.evidence():
        codes[record.start, record.end].add(record.code)
    return codes
