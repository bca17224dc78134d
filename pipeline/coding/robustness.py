"""How far codings depend on settings, on single documents and on single pieces of evidence."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from math import prod

from pipeline.coding.changes import key_of
from pipeline.coding.coder import ALL_CASES, Coder, Overrides
from pipeline.coding.combining import combine, tested_hypothesis
from pipeline.coding.findings import Finding
from pipeline.coding.items import Item
from pipeline.coding.leaves import Desk, evaluate
from pipeline.coding.query import Selection
from pipeline.coding.shelf import Shelf
from pipeline.errors import UsageError
from pipeline.model import Coding, Document, Record, ReviewedEvidence
from pipeline.rules.cases import Case, Cases
from pipeline.rules.scheme import (
    Combine,
    Distinct,
    Exchange,
    Filter,
    Highest,
    Leaf,
    Scheme,
    Share,
    Tested,
    filters_of,
    number_of,
    possible_codes,
    references,
)

Values = tuple[int | float | str, ...]


class Stability(Record, frozen=True, kw_only=True):
    """How often a coding keeps its value over combinations of settings."""

    case: str
    indicator: str
    value: str | None
    state: str
    share: float
    """Part of the combinations in which the value is the same."""
    tried: int
    possible: int
    """Number of all combinations of the settings that bear on this coding."""
    others: dict[str, float]
    """What else it comes to, and in which part of the combinations."""
    single: dict[str, str]
    """`setting=value` → the value to which that change alone leads, where it is another."""


class LeftOut(Record, frozen=True, kw_only=True):
    """A coding that changes when one document is left out."""

    document: str
    case: str
    indicator: str
    value: str | None
    without: str | None
    state_without: str


class Flip(Record, frozen=True, kw_only=True):
    """The fewest pieces of evidence found whose removal changes a coding; checked by coding again."""

    case: str
    indicator: str
    value: str | None
    without: str | None
    evidence: tuple[str, ...]
    """Empty where no set was found that changes it."""


def settings_combinations(scheme: Scheme, limit: int = 10_000, seed: int = 1) -> tuple[list[Values], int]:
    """Return combinations of all settings, and how many there are in all.

    All of them where there are no more than `limit`; otherwise the defaults, every change of a
    single setting, and a sample drawn with the seed, the same on every run.
    """
    ranges = [s.range if s.swept else (s.default,) for s in scheme.settings.values()]
    defaults = tuple(setting.default for setting in scheme.settings.values())
    possible = prod(map(len, ranges))
    if possible <= limit:
        return [defaults, *(values for values in product(*ranges) if values != defaults)], possible
    chosen = [defaults]
    for place, values in enumerate(ranges):
        chosen += [(*defaults[:place], v, *defaults[place + 1 :]) for v in values if v != defaults[place]]
    chance = random.Random(seed)
    chosen += [tuple(chance.choice(values) for values in ranges) for _ in range(limit - len(chosen))]
    return chosen, possible


def sweep(
    scheme: Scheme,
    cases: Cases,
    documents: Iterable[Document],
    reviewed: Iterable[ReviewedEvidence],
    limit: int = 10_000,
    seed: int = 1,
) -> list[Stability]:
    """Code under many combinations of settings and return how stable every coding is."""
    shelf = Shelf(scheme, cases, documents, reviewed)
    chosen, _ = settings_combinations(scheme, limit, seed)
    return [row for case in cases.cases for row in _Sweep(shelf, case, chosen).rows()]


class _Sweep:
    """All combinations for one case.

    Combinations that agree in everything an indicator looks at are evaluated once: for filters the
    settings they name, for indicators what their filters found, for combinations their parts.
    """

    def __init__(self, shelf: Shelf, case: Case, chosen: Sequence[Values]) -> None:
        self._shelf, self._case, self._chosen = shelf, case, chosen
        self._names = list(shelf.scheme.settings)
        self._places = {name: place for place, name in enumerate(self._names)}
        self._findings: dict[str, list[Finding]] = {}
        self._singles = _single_changes(self._names, chosen)

    def rows(self) -> Iterable[Stability]:
        scheme = self._shelf.scheme
        for name, indicator in scheme.levels:
            if isinstance(indicator, Combine | Tested):
                self._findings[name] = self._combined(name, indicator)
            else:
                self._findings[name] = self._read(indicator)
        for name in scheme.indicators:
            yield self._row(name)

    def _settings(self, row: int) -> dict[str, int | float | str]:
        return dict(zip(self._names, self._chosen[row], strict=True))

    def _columns(self, names: Iterable[str]) -> list[Values]:
        places = sorted({self._places[name] for name in names})
        return [tuple(values[place] for place in places) for values in self._chosen]

    def _combined(self, name: str, indicator: Combine | Tested) -> list[Finding]:
        scheme = self._shelf.scheme
        parts = scheme.parts(name)
        columns = self._columns(references(indicator.model_dump()))
        known: dict[object, Finding] = {}
        found = []
        for row, own in enumerate(columns):
            below = {part: self._findings[part][row] for part in parts}
            key = (own, tuple((f.value, f.state) for f in below.values()))
            if key not in known:
                settings = self._settings(row)
                known[key] = (
                    combine(indicator, below, scheme, settings)
                    if isinstance(indicator, Combine)
                    else tested_hypothesis(indicator, below, scheme)
                )
            found.append(known[key])
        return found

    def _read(self, leaf: Leaf) -> list[Finding]:
        filters = list(filters_of(leaf))
        inside = {name for filter_ in filters for name in references(filter_.model_dump())}
        own = set(references(leaf.model_dump())) - (
            inside if not isinstance(leaf, Share | Distinct) else set()
        )
        if isinstance(leaf, Distinct) or not filters:
            # the agreements in the corpus themselves depend on the scope, beside what the filter finds
            scheme = self._shelf.scheme
            own |= set(references([scheme.basis, scheme.issue_reach, scheme.substance]))
            own |= set(references([scheme.scope.years, scheme.scope.documents]))
        own |= set(references([self._shelf.scheme.scope.documents]))
        seen = [self._seen(filter_) for filter_ in filters]
        known: dict[object, Finding] = {}
        found = []
        for row, values in enumerate(self._columns(own)):
            key = (values, tuple(column[row] for column in seen))
            if key not in known:
                settings = self._settings(row)
                known[key] = self._evaluate(leaf, settings)
            found.append(known[key])
        return found

    def _evaluate(self, leaf: Leaf, settings: dict[str, int | float | str]) -> Finding:
        documents = self._shelf.documents_of(self._case, settings)
        if not documents:
            return Finding(None, "no_documents", "")
        return evaluate(leaf, Desk(self._shelf, self._case, settings, documents))

    def _seen(self, filter_: Filter) -> list[int]:
        """Return, for every combination, a number that stands for what the filter finds and sets aside."""
        numbers: dict[object, int] = {}
        known: dict[Values, int] = {}
        found = []
        for row, values in enumerate(self._columns(self._bearing(filter_))):
            if values not in known:
                desk = Desk(self._shelf, self._case, self._settings(row), 1)
                known[values] = numbers.setdefault(_content(desk.select(filter_)), len(numbers))
            found.append(known[values])
        return found

    def _bearing(self, filter_: Filter) -> set[str]:
        """Return the settings on which a filter depends; readings only if evidence of the case has them."""
        scheme, case = self._shelf.scheme, self._case
        names = {*references(filter_.model_dump()), *references([scheme.basis, scheme.scope.documents])}
        if filter_.window != "always":
            names.update(references(scheme.scope.years))
        if filter_.theatre != "any":
            names.update(references(scheme.scope.theatre))
        if filter_.subject != "any":
            names.update(references([scheme.issue_reach, scheme.substance]))
        holders = {case.focal} if filter_.held_by == "focal" else {case.partner}
        holders |= {*case.theatres, *self._shelf.cases.members.get(case.partner, ())}
        for name, reading in scheme.readings.items():
            if not set(possible_codes(reading)).isdisjoint(filter_.codes) and self._shelf.has_reading(
                name, holders
            ):
                names |= set(references(reading.model_dump()))
        return names

    def _row(self, name: str) -> Stability:
        scheme, findings = self._shelf.scheme, self._findings[name]
        base = findings[0]
        said = Counter(_said(finding) for finding in findings)
        same = _said(base)
        others = {value: number for value, number in sorted(said.items()) if value != same}
        single = {}
        for change, row in self._singles.items():
            if _said(findings[row]) != same:
                single[change] = _said(findings[row])
        return Stability(
            case=self._case.id,
            indicator=name,
            value=base.value,
            state=base.state,
            share=round(said[same] / len(findings), 4),
            tried=len(findings),
            possible=_possible(scheme, name),
            others={value: round(number / len(findings), 4) for value, number in others.items()},
            single=dict(sorted(single.items())),
        )


def _single_changes(names: Sequence[str], chosen: Sequence[Values]) -> dict[str, int]:
    """Return `setting=value` → the combination that differs from the defaults in nothing else."""
    defaults = chosen[0]
    found = {}
    for row, values in enumerate(chosen):
        changed = [place for place, value in enumerate(values) if value != defaults[place]]
        if len(changed) == 1:
            found[f"{names[changed[0]]}={values[changed[0]]}"] = row
    return found


def _possible(scheme: Scheme, indicator: str) -> int:
    settings = [scheme.settings[name] for name in scheme.settings_of[indicator]]
    return prod(len(setting.range) for setting in settings if setting.swept)


def _said(finding: Finding) -> str:
    value = finding.value or finding.state
    return f"{finding.number:g} {value}" if value in ("supported", "not_supported") else value


def _content(selection: Selection) -> object:
    return selection.found, tuple(selection.aside)


def leave_one_out(coder: Coder) -> list[LeftOut]:
    """Leave out one document after the other and return the codings that change.

    The coder is as it was afterwards.
    """
    before = coder.codings()
    rows = []
    for document in sorted({name for coding in before for name in coding.documents}):
        source = coder.shelf.sources[document]
        kept = [item.reviewed for items in source.about.values() for item in items]
        coder.take(document)
        rows += [
            LeftOut(
                document=document,
                case=was.case,
                indicator=was.indicator,
                value=was.value,
                without=now.value,
                state_without=now.state,
            )
            for was, now in _changed(before, coder.codings())
        ]
        coder.put(source.record, kept)
    return rows


def _changed(before: Sequence[Coding], after: Sequence[Coding]) -> list[tuple[Coding, Coding]]:
    now = {key_of(coding): coding for coding in after}
    return [
        (was, now[key_of(was)])
        for was in before
        if was.case != ALL_CASES
        and (was.value, was.number if was.indicator == "hypothesis" else None)
        != (now[key_of(was)].value, now[key_of(was)].number if was.indicator == "hypothesis" else None)
    ]


def smallest_flips(coder: Coder, case: str) -> list[Flip]:
    """Return for every coding of a case the fewest pieces of evidence found whose removal changes it.

    For indicators read off evidence the set is the smallest there is; for those made of others it is
    the smallest among changes of one part or of two. Every set is checked by coding without it.
    """
    if coder.cases.get(case) is None:
        raise UsageError(f'no case "{case}"')
    before = [coding for coding in coder.codings() if coding.case == case]
    options = _options(coder, case)
    pairs = [first | second for first, second in combinations(options, 2)]
    found: dict[str, Flip] = {}
    for removed in [*options, *sorted(pairs, key=_by_size)][: len(options) + 400]:
        if len(found) == len(before):
            break
        open_ = [coding for coding in before if coding.indicator not in found]
        if not any(not removed.isdisjoint(coding.evidence) for coding in open_):
            continue
        for was, now in _without(coder, removed, open_):
            ids = tuple(sorted(removed))
            found[was.indicator] = Flip(
                case=case, indicator=was.indicator, value=was.value, without=now.value, evidence=ids
            )
    nothing = [
        Flip(case=case, indicator=c.indicator, value=c.value, without=c.value, evidence=()) for c in before
    ]
    return [found.get(flip.indicator, flip) for flip in nothing]


def _by_size(ids: frozenset[str]) -> tuple[int, list[str]]:
    return len(ids), sorted(ids)


def _without(coder: Coder, removed: frozenset[str], codings: Sequence[Coding]) -> list[tuple[Coding, Coding]]:
    homes = [source for source in coder.shelf.sources.values() if source.holds_any(removed)]
    kept = {s.id: [item.reviewed for items in s.about.values() for item in items] for s in homes}
    for source in homes:
        coder.put(source.record, [r for r in kept[source.id] if r.evidence.id not in removed])
    changed = _changed(codings, coder.codings())
    for source in homes:
        coder.put(source.record, kept[source.id])
    return changed


def _options(coder: Coder, case: str) -> list[frozenset[str]]:
    """Return sets of evidence without which an indicator read off the evidence may change, smallest first."""
    found: set[frozenset[str]] = set()
    for name, finding in coder.findings(case).items():
        indicator = coder.scheme.indicators[name]
        if not isinstance(indicator, Combine | Tested) and finding.state == "coded":
            found.update(
                frozenset(item.id for item in items) for items in _removals(indicator, finding, coder)
            )
    return sorted((ids for ids in found if ids), key=_by_size)


def _removals(leaf: Leaf, finding: Finding, coder: Coder) -> Iterable[list[Item]]:
    groups = finding.groups
    if isinstance(leaf, Distinct):
        by_size = sorted(groups.values(), key=lambda items: (len(items), [item.id for item in items]))
        lines = [int(number_of(line, coder.settings)) for line in leaf.levels.values()]
        for line in lines:
            if len(by_size) >= line:
                yield [item for items in by_size[: len(by_size) - line + 1] for item in items]
    elif isinstance(leaf, Highest):
        reached = [value for value in leaf.levels if value in groups]
        for place, value in enumerate(reached):
            above = [item for higher in reached[place + 1 :] for item in groups[higher]]
            needed = int(number_of(leaf.levels[value].minimum_evidence, coder.settings))
            yield above
            yield [*above, *groups[value][: len(groups[value]) - needed + 1]]
    elif isinstance(leaf, Share):
        yes, no = groups.get("in favour", ()), groups.get("against", ())
        for number in range(1, len(yes) + 1):
            yield list(yes[:number])
        for number in range(1, len(no) + 1):
            yield list(no[:number])
    elif isinstance(leaf, Exchange):
        for chosen in range(1, len(groups) + 1):
            for names in combinations(sorted(groups), min(chosen, 3)):
                yield [item for name in names for item in groups[name]]
            if chosen == 3:
                break
    else:
        for items in groups.values():
            yield list(items)


def bases(
    scheme: Scheme,
    cases: Cases,
    documents: Sequence[Document],
    machine: Sequence[ReviewedEvidence],
    reviewed: Sequence[ReviewedEvidence],
    overrides: Overrides | None = None,
) -> list[tuple[Coding, Coding, Coding]]:
    """Return every coding three times: by the machine alone, after review, and by reviewed evidence alone.

    `machine` is the evidence as the rules found it, without decisions.
    """
    strict = {**(overrides or {}), "evidence.basis": "reviewed"}
    alone = {key_of(c): c for c in Coder(scheme, cases, documents, machine, overrides).codings()}
    only = {key_of(c): c for c in Coder(scheme, cases, documents, reviewed, strict).codings()}
    return [
        (alone[key], coding, only[key])
        for coding in Coder(scheme, cases, documents, reviewed, overrides).codings()
        if (key := key_of(coding)) in alone and key in only
    ]
