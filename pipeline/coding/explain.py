"""Why a coding is what it is, down to the sentence; and what rests on a sentence."""

from collections.abc import Iterable, Mapping

from pipeline.coding.changes import key_of
from pipeline.coding.coder import ALL_CASES, Coder, Overrides
from pipeline.coding.findings import Finding
from pipeline.coding.items import Item
from pipeline.errors import UsageError
from pipeline.model import Coding, Document, Record, ReviewedEvidence
from pipeline.rules.cases import Cases
from pipeline.rules.scheme import Scheme


class Use(Record, frozen=True, kw_only=True):
    """A piece of evidence in an explanation, with everything needed to find it in the text."""

    evidence: str
    used_for: str
    """What it counts for, or why it does not count."""
    code: str
    quote: str
    document: str
    title: str
    symbol: str
    date: str
    label: str
    page: int | None
    organisations: tuple[str, ...]
    theatres: tuple[str, ...]
    status: str | None
    role: str | None
    polarity: str | None
    rules: tuple[str, ...]
    cues: tuple[str, ...]
    verdict: str | None
    reviewers: tuple[str, ...]
    decisions: tuple[str, ...]
    note: str


class SettingUsed(Record, frozen=True, kw_only=True):
    """A setting on which a coding may depend."""

    name: str
    value: str | int | float
    default: str | int | float
    range: tuple[str | int | float, ...]
    reason: str


class Explanation(Record, frozen=True, kw_only=True):
    """A coding with the rule of the scheme, its evidence, what was set aside, and its parts in turn."""

    coding: Coding
    title: str
    question: str
    rule: str
    """How the scheme arrives at the value, in one line of its own terms."""
    settings: tuple[SettingUsed, ...]
    evidence: tuple[Use, ...]
    aside: tuple[Use, ...]
    parts: tuple["Explanation", ...] = ()


class Rest(Record, frozen=True, kw_only=True):
    """A coding that rests on a piece of evidence, and what it would be without it."""

    case: str
    indicator: str
    used_for: str
    value: str | None
    state: str
    without: str | None
    state_without: str
    flips: bool


def explain(
    scheme: Scheme,
    cases: Cases,
    documents: Iterable[Document],
    reviewed: Iterable[ReviewedEvidence],
    case: str,
    indicator: str | None = None,
    overrides: Overrides | None = None,
) -> list[Explanation]:
    """Explain one indicator of a case, or all of them that no other is made of.

    `indicator` may be the beginning of a name (`actions` for `actions.level`). Raises `UsageError`
    for a case or an indicator that does not exist.
    """
    _known(cases, case)
    coder = Coder(scheme, cases, documents, reviewed, overrides)
    codings = {coding.indicator: coding for coding in coder.codings() if coding.case == case}
    findings = coder.findings(case)
    return [_explanation(name, scheme, findings, codings) for name in _indicators(scheme, indicator)]


def explain_evidence(
    scheme: Scheme,
    cases: Cases,
    documents: Iterable[Document],
    reviewed: Iterable[ReviewedEvidence],
    evidence: str,
    overrides: Overrides | None = None,
) -> list[Rest]:
    """Return the codings that rest on a piece of evidence, and whether each would flip without it."""
    coder = Coder(scheme, cases, documents, reviewed, overrides)
    home = next((source for source in coder.shelf.sources.values() if source.holds(evidence)), None)
    if home is None:
        raise UsageError(f'no evidence "{evidence}"', remedy="ids are in annotations/evidence/")
    before = coder.codings()
    uses = {
        (case.id, name): _use_of(evidence, finding)
        for case in cases.cases
        for name, finding in coder.findings(case.id).items()
    }
    others = [item.reviewed for items in home.about.values() for item in items if item.id != evidence]
    coder.put(home.record, others)
    without = {key_of(coding): coding for coding in coder.codings()}
    return [
        Rest(
            case=coding.case,
            indicator=coding.indicator,
            used_for=uses[coding.case, coding.indicator],
            value=coding.value,
            state=coding.state,
            without=other.value,
            state_without=other.state,
            flips=(coding.value, coding.state) != (other.value, other.state),
        )
        for coding in before
        if evidence in coding.evidence and (other := without[key_of(coding)])
    ]


def _known(cases: Cases, name: str) -> None:
    if cases.get(name) is None:
        where = " (it stands for all cases and has no evidence)" if name == ALL_CASES else ""
        raise UsageError(
            f'no case "{name}"{where}', remedy=f"there are {', '.join(case.id for case in cases.cases)}"
        )


def _indicators(scheme: Scheme, name: str | None) -> list[str]:
    if name is None:
        inside = {part for other in scheme.indicators for part in scheme.parts(other)}
        return [other for other in scheme.indicators if other not in inside]
    if name in scheme.indicators:
        return [name]
    found = [other for other in scheme.indicators if other.startswith(f"{name}.")]
    if not found:
        raise UsageError(f'no indicator "{name}"', remedy=f"there are {', '.join(scheme.indicators)}")
    return found


def _explanation(
    name: str, scheme: Scheme, findings: Mapping[str, Finding], codings: Mapping[str, Coding]
) -> Explanation:
    finding, coding = findings[name], codings[name]
    indicator = scheme.indicators[name]
    return Explanation(
        coding=coding,
        title=indicator.title.en,
        question=indicator.question,
        rule=rule_in_words(scheme, name),
        settings=tuple(_setting(scheme, name, value) for name, value in coding.settings.items()),
        evidence=tuple(_uses(finding.groups)),
        aside=tuple(_uses({cause: i for cause, i in finding.aside.items() if cause not in finding.groups})),
        parts=tuple(_explanation(part, scheme, findings, codings) for part in scheme.parts(name)),
    )


def _setting(scheme: Scheme, name: str, value: str | int | float) -> SettingUsed:
    setting = scheme.settings[name]
    return SettingUsed(
        name=name, value=value, default=setting.default, range=setting.range, reason=setting.reason
    )


def rule_in_words(scheme: Scheme, name: str) -> str:
    """Return how the scheme arrives at a value, in one line of its own terms."""
    indicator = scheme.indicators[name]
    data = indicator.model_dump(exclude_defaults=True, exclude={"title", "question", "scale", "detail"})
    return f"{data.pop('kind')}: " + "; ".join(f"{key} {_short(value)}" for key, value in data.items())


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        if set(value) == {"by", "when"}:
            return f"by {value['by']}"
        return "{" + ", ".join(f"{key}: {_short(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_short, value)) + "]"
    return str(value)


def _use_of(evidence: str, finding: Finding) -> str:
    return "; ".join(name for name, items in finding.groups.items() if any(i.id == evidence for i in items))


def _uses(groups: Mapping[str, tuple[Item, ...]]) -> Iterable[Use]:
    for name, items in groups.items():
        for item in items:
            evidence, record = item.evidence, item.source.record
            yield Use(
                evidence=evidence.id,
                used_for=name,
                code=evidence.code,
                quote=evidence.quote,
                document=evidence.document,
                title=record.title,
                symbol=record.symbol,
                date=record.date,
                label=evidence.label,
                page=evidence.page,
                organisations=evidence.organisations,
                theatres=evidence.theatres,
                status=evidence.status,
                role=evidence.role,
                polarity=evidence.polarity,
                rules=evidence.rules,
                cues=tuple(cue.id for cue in evidence.cues),
                verdict=item.reviewed.verdict,
                reviewers=item.reviewed.reviewers,
                decisions=item.reviewed.decisions,
                note=item.reviewed.note,
            )
