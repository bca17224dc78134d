"""Indicators that are read off the evidence itself, one function for each kind of the scheme."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pipeline.coding.figures import stated_share
from pipeline.coding.findings import Finding, count, listed, merged, plain, set_aside, without_evidence
from pipeline.coding.instruments import OTHER_PARTIES, agreements
from pipeline.coding.items import Item
from pipeline.coding.query import NAMED, UNREVIEWED, Query, Selection
from pipeline.coding.shelf import Key, Shelf, keys_of
from pipeline.rules.cases import Case, Window
from pipeline.rules.scheme import (
    Asserted,
    Distinct,
    Exchange,
    Filter,
    Highest,
    Leaf,
    Presence,
    Profile,
    Settings,
    Share,
    number_of,
    text_of,
)

TOKEN = "with a stated share too small to count"


class Desk:
    """Everything a question about one case is answered with; notes which trays were looked into."""

    def __init__(self, shelf: Shelf, case: Case, settings: Settings, documents: int) -> None:
        self.shelf = shelf
        self.scheme = shelf.scheme
        self.cases = shelf.cases
        self.case = case
        self.settings = settings
        self.documents = documents
        """Number of usable documents that concern the case."""
        self.keys: set[Key] = set()

    def select(self, filter_: Filter, codes: tuple[str, ...] | None = None) -> Selection:
        """Return what counts for a filter of the scheme in this case."""
        return self.ask(self.query(filter_, codes or filter_.codes))

    def ask(self, query: Query) -> Selection:
        """Return what counts for a query."""
        self.keys.update(keys_of(query))
        return self.shelf.select(query)

    def instruments(self) -> None:
        """Note that the answer depends on which documents are agreements of the pair."""
        self.keys.add(("document", "", self.case.partner))

    def query(self, filter_: Filter, codes: tuple[str, ...]) -> Query:
        """Fill the case and the settings into a filter."""
        case, settings, scope = self.case, self.settings, self.scheme.scope
        by_years = text_of(scope.years, settings) == "apply" and filter_.window != "always"
        window = case.window(filter_.window) if by_years else Window()
        by_theatre = text_of(scope.theatre, settings)
        theatre = filter_.theatre
        if by_theatre == "ignore":
            theatre = "any"
        elif by_theatre == "strict" and theatre == "general_too":
            theatre = "required"
        by_documents = text_of(scope.documents, settings) == "apply"
        members = filter_.held_by in ("partner", "pair") and text_of(filter_.members, settings) == "count"
        basis = text_of(filter_.basis if filter_.basis is not None else self.scheme.basis, settings)
        subject = text_of(filter_.subject, settings)
        needs_theatres = theatre != "any" or subject == "operations_or_theatre"
        about = subject != "any"
        return Query(
            codes=codes,
            held_by=filter_.held_by,
            focal=case.focal,
            partner="" if filter_.held_by == "focal" and filter_.document_of is None else case.partner,
            members=self.cases.members.get(case.partner, ()) if members else (),
            status=None if filter_.status is None else text_of(filter_.status, settings),
            role=filter_.role,
            polarity=filter_.polarity,
            subject=subject,
            reach=text_of(self.scheme.issue_reach, settings) if about else "document",
            substance=number_of(self.scheme.substance, settings) if about else 1,
            theatre=theatre,
            theatres=case.theatres if needs_theatres else (),
            since=_latest(window.since, filter_.since),
            until=_earliest(window.until, filter_.until),
            only=case.documents.only if by_documents else (),
            without=case.documents.without if by_documents else (),
            document_kinds=filter_.document_kinds,
            document_of=filter_.document_of,
            passage_kinds=filter_.passage_kinds,
            sections=filter_.sections,
            forms=None if filter_.forms is None else self.scheme.lists[text_of(filter_.forms, settings)],
            reviewed_only=basis == "reviewed",
            readings=self._readings(codes),
        )

    def _readings(self, codes: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
        readings, settings = self.scheme.readings, self.settings
        return tuple(
            (name, text_of(readings[name].becomes, settings), text_of(readings[name].adds, settings))
            for name in self.shelf.readings_for(codes)
        )


def _latest(*years: int | None) -> int | None:
    return max((year for year in years if year is not None), default=None)


def _earliest(*years: int | None) -> int | None:
    return min((year for year in years if year is not None), default=None)


def evaluate(leaf: Leaf, desk: Desk) -> Finding:
    """Return what the evidence says about an indicator in a case."""
    return _KINDS[type(leaf)](leaf, desk)


def _distinct(leaf: Distinct, desk: Desk) -> Finding:
    query = desk.query(leaf.evidence, leaf.evidence.codes)
    selection = desk.ask(query)
    desk.instruments()
    keys, others = agreements(selection.found, query, desk.shelf if leaf.own_documents else None)
    aside = selection.aside | ({OTHER_PARTIES: others} if others else {})
    if query.reviewed_only and leaf.own_documents:
        aside = aside | _waiting_documents(query, desk)
    number = len(keys)
    levels = [(value, int(number_of(needed, desk.settings))) for value, needed in leaf.levels.items()]
    following = next(((value, needed) for value, needed in levels if number < needed), None)
    missing = ""
    if following:
        more = count(following[1] - number, "more agreement" if number else "agreement")
        missing = f"{more} of the pair on peace operations"
    if not keys:
        return without_evidence(
            leaf.scale[0], "of agreements between the two", desk.documents, aside, missing
        )
    value = next((value for value, needed in reversed(levels) if number >= needed), leaf.scale[0])
    line = next((needed for name, needed in levels if name == value), 0)
    reason = (
        f"{count(number, 'agreement')} of {desk.case.focal} and {desk.case.partner} on peace operations "
        f"{'is' if number == 1 else 'are'} in evidence; {value} begins at {line}{set_aside(aside)}."
    )
    named = tuple(sorted({name for agreement in keys.values() for name in agreement.documents}))
    groups = {key: agreement.items for key, agreement in keys.items()}
    return Finding(
        value, "coded", reason, number=number, groups=groups, aside=aside, documents=named, missing=missing
    )


def _highest(leaf: Highest, desk: Desk) -> Finding:
    reached: dict[str, tuple[Item, ...]] = {}
    selections: list[Selection] = []
    shortfall: dict[str, str] = {}
    for value, level in leaf.levels.items():
        chosen = [desk.select(filter_) for filter_ in level.any]
        selections += chosen
        items = _union(chosen)
        needed = int(number_of(level.minimum_evidence, desk.settings))
        needed_documents = int(number_of(level.minimum_documents, desk.settings))
        documents = len({item.source.id for item in items})
        if len(items) >= needed and documents >= needed_documents and items:
            reached[value] = items
        else:
            pieces = max(needed - len(items), needed_documents - documents, 1)
            shortfall[value] = (
                f"{count(pieces, 'piece')}{' more' if items else ''} of evidence of {plain(value)}"
            )
    aside = merged(selections)
    attained = list(reached)
    if text_of(leaf.reading, desk.settings) == "cumulative":
        attained = []
        for value in leaf.levels:
            if value not in reached:
                break
            attained.append(value)
    value = attained[-1] if attained else leaf.scale[0]
    following = next(
        (higher for higher in leaf.scale[leaf.scale.index(value) + 1 :] if higher in shortfall), ""
    )
    missing = shortfall.get(following, "")
    if not reached:
        what = f"for {leaf.title.en[:1].lower()}{leaf.title.en[1:]}"
        return without_evidence(leaf.scale[0], what, desk.documents, aside, missing)
    ladder = ", ".join(f"{plain(name)} {len(items):,}" for name, items in reached.items())
    if not attained:
        lowest = plain(next(iter(leaf.levels)))
        reason = f"Levels count only with all lower ones, and {lowest} is missing ({ladder})."
    else:
        where = count(len({item.source.id for item in reached[value]}), "document")
        pieces_ = count(len(reached[value]), "piece")
        name = plain(value).capitalize()
        reason = (
            f"{name} is the highest level attained, shown by {pieces_} of evidence in {where} ({ladder})."
        )
    return Finding(value, "coded", reason, groups=reached, aside=aside, missing=missing)


def _presence(leaf: Presence, desk: Desk) -> Finding:
    needed = int(number_of(leaf.minimum_evidence, desk.settings))
    needed_documents = int(number_of(leaf.minimum_documents, desk.settings))
    selections = {name: desk.select(filter_) for name, filter_ in leaf.requires.items()}
    lacking = [
        name
        for name, selection in selections.items()
        if len(selection.found) < needed or len(selection.documents) < needed_documents
    ]
    aside = merged(selections.values())
    missing = f"evidence of {listed(lacking)}" if lacking else ""
    groups = {name: _named(leaf.requires[name], s) for name, s in selections.items() if s.found}
    if not groups:
        return without_evidence(
            leaf.scale[0],
            f"of {listed(selections)}",
            desk.documents,
            aside,
            missing,
        )
    found = listed(f"{name} ({_several(selections[name])})" for name in groups)
    if lacking:
        if all(_waiting(selections[name]) for name in lacking):
            return without_evidence(leaf.scale[0], f"of {listed(lacking)}", desk.documents, aside, missing)
        reason = f"There is evidence of {found}, but not enough of {listed(lacking)}."
        return Finding(leaf.scale[0], "coded", reason, groups=groups, aside=aside, missing=missing)
    return Finding(leaf.scale[-1], "coded", f"There is evidence of {found}.", groups=groups, aside=aside)


def _share(leaf: Share, desk: Desk) -> Finding:
    moving = text_of(leaf.comparator, desk.settings) == "moving" and desk.case.comparator

    def codes(filter_: Filter) -> tuple[str, ...]:
        return tuple(c for c in filter_.codes if c in desk.case.comparator) if moving else filter_.codes

    def chosen(filters: Iterable[Filter]) -> list[Selection]:
        return [desk.select(filter_, codes(filter_)) for filter_ in filters if codes(filter_)]

    favour, against = chosen(leaf.in_favour), chosen(leaf.against)
    required = {name: desk.select(f, codes(f)) for name, f in leaf.requires.items() if codes(f)}
    lacking = [name for name, selection in required.items() if not selection.found]
    yes, no = _union(favour), _union(against)
    aside = merged([*favour, *against, *required.values()])
    levels = [(value, number_of(needed, desk.settings)) for value, needed in leaf.at_least.items()]
    what = f"for {leaf.title.en[:1].lower()}{leaf.title.en[1:]}"
    if not yes and not no:
        return without_evidence(leaf.scale[0], what, desk.documents, merged([*favour, *against]),
                                "evidence in favour")  # fmt: skip
    share = len(yes) / (len(yes) + len(no))
    value = next((value for value, needed in reversed(levels) if share >= needed), leaf.scale[0])
    following = next(((name, needed) for name, needed in levels if share < needed), None)
    missing = f"a share in favour of {following[1]:.0%} instead of {share:.0%}" if following else ""
    groups = {
        "in favour": yes,
        "against": no,
        **{name: _named(leaf.requires[name], s) for name, s in required.items()},
    }
    statements = count(len(yes) + len(no), "statement")
    reason = f"The share in favour is {share:.0%}: {len(yes):,} of {statements}{_kinds(yes, no)}"
    if lacking:
        if value != leaf.scale[0] and all(_waiting(required[name]) for name in lacking):
            return without_evidence(leaf.scale[0], f"of {listed(lacking)}", desk.documents, aside, missing)
        value, missing = leaf.scale[0], f"evidence of {listed(lacking)}"
        reason += f", but there is no evidence of {listed(lacking)}"
    return Finding(
        value,
        "coded",
        f"{reason}.",
        number=round(share, 4),
        groups=_filled(groups),
        aside=aside,
        missing=missing,
    )


def _exchange(leaf: Exchange, desk: Desk) -> Finding:
    logic = text_of(leaf.logic, desk.settings)
    minimum = int(number_of(leaf.minimum, desk.settings))
    groups: dict[str, tuple[Item, ...]] = {}
    selections: list[Selection] = []
    depends, verdicts, lacking = [], [], []
    for resource in leaf.resources:
        need, provision, substitution = (
            desk.select(filter_, (resource,)) for filter_ in (leaf.need, leaf.provision, leaf.substitution)
        )
        if resource in leaf.shares:
            provision = _enough(provision, number_of(leaf.shares[resource], desk.settings))
        selections += [need, provision, substitution]
        name = plain(resource)
        groups |= {f"{name}: need": need.found, f"{name}: provision": provision.found,
                   f"{name}: substitution": substitution.found}  # fmt: skip
        gaps = []
        if not need.found:
            gaps.append("no need")
        if logic != "substitution" and not provision.found:
            gaps.append("no provision")
        if logic != "provision" and substitution.found:
            gaps.append("a substitute")
        verdicts.append(f"{name}: {listed(gaps) if gaps else 'needed, supplied, not replaced'}")
        if gaps:
            lacking.append((len(gaps), name, gaps))
        else:
            depends.append(name)
    aside = merged(selections)
    groups = _filled(groups)
    missing = ""
    if len(depends) < minimum:
        cheapest = sorted(lacking)[: minimum - len(depends)]
        missing = "; ".join(f"{name}: {_remedies(gaps)}" for _, name, gaps in cheapest)
    what = f"for {leaf.title.en[:1].lower()}{leaf.title.en[1:]}"
    if not groups:
        return without_evidence(leaf.scale[0], what, desk.documents, aside, missing)
    value = leaf.scale[-1] if len(depends) >= minimum else leaf.scale[0]
    if value == leaf.scale[0] and any(_waiting(selection) for selection in selections):
        return without_evidence(leaf.scale[0], what, desk.documents, aside, missing)
    names = listed(plain(resource) for resource in leaf.resources)
    focal, partner, grounds = desk.case.focal, desk.case.partner, "; ".join(verdicts)
    if len(leaf.resources) > 1:
        reason = (
            f"Of {names}, {len(depends)} are needed by {focal}, supplied by {partner} and not replaced, and "
            f"{minimum} make the value {leaf.scale[-1]} ({grounds})."
        )
    else:
        needed = f"needed by {focal}, supplied by {partner} and not replaced"
        reason = f"{names.capitalize()} counts if it is {needed} ({grounds})."
    return Finding(value, "coded", reason, number=len(depends), groups=groups, aside=aside, missing=missing)


def _asserted(leaf: Asserted, desk: Desk) -> Finding:
    case, settings, scope = desk.case, desk.settings, desk.scheme.scope
    window = case.years if text_of(scope.years, settings) == "apply" else Window()
    by_documents = text_of(scope.documents, settings) == "apply"
    probe = Query(
        codes=(),
        held_by="pair",
        focal=case.focal,
        partner=case.partner,
        since=window.since,
        until=window.until,
        only=case.documents.only if by_documents else (),
        without=case.documents.without if by_documents else (),
        document_kinds=leaf.document_kinds,
    )
    said: dict[str, list[str]] = {}
    desk.instruments()
    for source in desk.shelf.instruments_of(probe):
        word = source.record.attributes.get(leaf.attribute)
        if word in leaf.scale:
            said.setdefault(word, []).append(source.id)
    if not said:
        missing = f"`{leaf.attribute}` for an agreement of the two in corpus/documents.yaml"
        reason = f"No document of the case says {leaf.attribute} in its metadata."
        return Finding(None, "not_observed", reason, missing=missing)
    value = max(said, key=leaf.scale.index)
    reason = (
        f"The metadata of {count(len(said[value]), 'document')} say that the agreement is {plain(value)}."
    )
    return Finding(value, "coded", reason, documents=tuple(sorted(said[value])))


def _profile(leaf: Profile, desk: Desk) -> Finding:
    minimum = int(number_of(leaf.minimum_evidence, desk.settings))
    shown: dict[str, tuple[Item, ...]] = {}
    selections = []
    for code in leaf.evidence.codes:
        selection = desk.select(leaf.evidence, (code,))
        selections.append(selection)
        if len(selection.found) >= minimum:
            shown[code] = selection.found
    if not shown:
        what = f"for {leaf.title.en[:1].lower()}{leaf.title.en[1:]}"
        nothing = without_evidence("", what, desk.documents, merged(selections), "")
        return Finding(None, nothing.state, nothing.reason, groups=nothing.groups, aside=nothing.aside)
    value = ", ".join(plain(code) for code in shown)
    reason = "Affirmed: " + ", ".join(f"{plain(code)} {len(items):,}" for code, items in shown.items()) + "."
    return Finding(value, "coded", reason, number=len(shown), groups={plain(c): i for c, i in shown.items()},
                   aside=merged(selections))  # fmt: skip


_KINDS: dict[type, Callable[..., Finding]] = {
    Distinct: _distinct,
    Highest: _highest,
    Presence: _presence,
    Share: _share,
    Exchange: _exchange,
    Asserted: _asserted,
    Profile: _profile,
}


def _union(selections: Iterable[Selection]) -> tuple[Item, ...]:
    selections = list(selections)
    if len(selections) == 1:
        return selections[0].found
    found = {item.id: item for selection in selections for item in selection.found}
    return tuple(found[key] for key in sorted(found))


def _waiting(selection: Selection) -> bool:
    return not selection.found and UNREVIEWED in selection.aside


def _named(filter_: Filter, selection: Selection) -> tuple[Item, ...]:
    """Return the evidence to be named: all, but of what the first organisation holds only the first pieces.

    That it is there is all that counts, and it is the same for every case of that organisation.
    """
    return selection.first if filter_.held_by == "focal" else selection.found


def _waiting_documents(query: Query, desk: Desk) -> dict[str, tuple[Item, ...]]:
    """Return the evidence that, once reviewed, would make documents of the pair agreements that count."""
    own, _ = agreements((), replace(query, reviewed_only=False), desk.shelf)
    items = [item for agreement in own.values() for item in agreement.items if item.reviewed.verdict is None]
    return {UNREVIEWED: tuple(sorted(items, key=lambda item: item.id))} if items else {}


def _several(selection: Selection) -> str:
    """Return how many pieces there are; beyond what is named the exact number says nothing more."""
    return f"{len(selection.found)}" if len(selection.found) <= NAMED else f"more than {NAMED}"


def _filled(groups: dict[str, tuple[Item, ...]]) -> dict[str, tuple[Item, ...]]:
    return {name: items for name, items in groups.items() if items}


def _enough(provision: Selection, least: float) -> Selection:
    """Set aside provisions whose stated share of the whole is smaller than the threshold."""
    small = [
        item for item in provision.found if (s := stated_share(item.evidence.quote)) is not None and s < least
    ]
    if not small:
        return provision
    tokens = {item.id for item in small}
    return Selection(
        tuple(item for item in provision.found if item.id not in tokens),
        {**provision.aside, TOKEN: tuple(small)},
    )


def _kinds(*groups: tuple[Item, ...]) -> str:
    numbers: dict[str, int] = {}
    for items in groups:
        for item in items:
            numbers[plain(item.code)] = numbers.get(plain(item.code), 0) + 1
    return f" ({', '.join(f'{name} {number:,}' for name, number in sorted(numbers.items()))})"


def _remedies(gaps: list[str]) -> str:
    words = {"no need": "evidence of a need", "no provision": "evidence of provision",
             "a substitute": "that no evidence shows a substitute"}  # fmt: skip
    return listed(words[gap] for gap in gaps)
