"""Where a text names organisations, organs, missions, states, parties and places."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.annotate.segment import Unit
from pipeline.model import INSTRUMENT_KINDS, Document, Passage
from pipeline.rules.actors import Actors, Names


@dataclass(frozen=True, eq=False)
class Name:
    """What one name in a text may stand for."""

    kinds: frozenset[str]
    """Of `phrases.ENTITY_KINDS`, or `theatre`."""
    organisations: tuple[str, ...] = ()
    theatre: str = ""
    first_year: int = 0
    last_year: int = 9999
    own_of: str = ""
    """Only in documents of this organisation."""
    candidates: tuple[str, ...] = ()
    """One of these; the document says which."""


@dataclass(frozen=True)
class Mention:
    """A name found in a unit, with what it stands for in this document."""

    start: int
    """First token."""
    end: int
    """Token after the last."""
    text: str
    kinds: frozenset[str]
    organisations: tuple[str, ...]
    theatre: str = ""


Found = tuple[int, int, Name]


Meaning = tuple[frozenset[str], tuple[str, ...], str]
"""Kinds, organisations and theatre."""


class NameFinder:
    """Finds all names of `actors.yaml` in a text, the longest where several fit."""

    def __init__(self, actors: Actors, language: str) -> None:
        self.names: dict[str, Name] = {}
        self.language = language
        for theatre in actors.theatres:
            self._add(theatre.names, Name(frozenset({"theatre"}), theatre=theatre.id))
        for state in actors.states:
            place = self._theatre_of(state.names)
            self._add(state.names, Name(frozenset({"state"}), (state.id,), theatre=place))
        for trap in actors.traps:
            self._add(trap.names, Name(frozenset({"org"}), candidates=trap.candidates))
        for organisation in actors.organisations:
            kinds = frozenset({"org", "un" if organisation.id == "UN" else "regional"})
            if organisation.kind == "group":
                kinds |= {"group"}
            elif organisation.kind == "others":
                kinds = frozenset({"others"})
            for names in (organisation.names, organisation.organs):
                self._add(names, Name(kinds, (organisation.id,)))
            self._add(organisation.own, Name(kinds, (organisation.id,), own_of=organisation.id))
        for mission in actors.missions:
            who = tuple(filter(None, (mission.organisation, mission.partner)))
            kinds = frozenset({"org", "mission", "un" if "UN" in who else "regional"})
            if "UN" in who and len(who) > 1:
                kinds |= {"hybrid"}
            last = mission.years[-1] if len(mission.years) == 2 else 9999
            self._add(mission.names, Name(kinds, who, mission.theatre or "", mission.years[0], last))
        self._add(actors.parties, Name(frozenset({"party"})))
        self._add(actors.both, Name(frozenset({"party", "group"})))
        self._finders = [
            (_automaton(names), [self.names[name] for name in names], lower)
            for names, lower in self._by_case()
            if names
        ]

    def _theatre_of(self, names: Names) -> str:
        found = {self.names[text].theatre for text in self._texts(names) if text in self.names}
        return next(iter(sorted(found)), "")

    def _texts(self, names: Names) -> Iterable[str]:
        """Names in the text's own language; in Chinese also the Latin acronyms and names."""
        yield from names.get(self.language, ())  # type: ignore[call-overload]
        if self.language == "zh":
            yield from (text for text in names.get("en", ()) if text[:1].isupper())

    def _add(self, names: Names, name: Name) -> None:
        for text in self._texts(names):
            known = self.names.get(text)
            if (
                known is None
                or "theatre" in known.kinds
                or (not known.own_of and name.own_of == "")
                or known.candidates
            ):
                self.names[text] = name
            elif known.own_of and name.own_of and known.own_of != name.own_of:
                both = (known.candidates or (known.own_of,)) + (name.own_of,)
                self.names[text] = Name(known.kinds | name.kinds, candidates=both)

    def _by_case(self) -> list[tuple[list[str], bool]]:
        generic = [text for text in self.names if text[:1].islower() and text[:1].isascii()]
        exact = [text for text in self.names if text not in set(generic)]
        return [(sorted(exact), False), (sorted(generic), True)]

    def find(self, text: str) -> list[Found]:
        """Return start, end and meaning of every name in the text, without overlaps, sorted.

        A name in the text may be broken by a single blank of any kind, but not by a newline.
        """
        straight = text.replace("’", "'")
        found: list[Found] = []
        for automaton, meanings, lower in self._finders:
            where = same_length_lower(straight) if lower else straight
            for number, start, end in automaton.find_matches_as_indexes(where):
                if (
                    start
                    and where[start - 1].isalnum()
                    and where[start].isascii()
                    and where[start - 1].isascii()
                ):
                    continue
                if where[end : end + 1].isalnum() and where[end].isascii() and where[end - 1].isascii():
                    continue
                found.append((start, end, meanings[number]))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        kept: list[Found] = []
        last = 0
        for hit in found:
            if hit[0] >= last:
                kept.append(hit)
                last = hit[1]
        return kept


def same_length_lower(text: str) -> str:
    """Return the text in lower case; a letter whose lower case is longer stays as it is."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(character.lower() if len(character.lower()) == 1 else character for character in text)


def _automaton(names: Sequence[str]) -> Any:
    from ahocorasick_rs import AhoCorasick, MatchKind

    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)


class Surroundings:
    """What the document as a whole says about its actors."""

    def __init__(self, finder: NameFinder, document: Document, passages: Sequence[Passage]) -> None:
        self.finder, self.document = finder, document
        self.found = finder.find("\n".join(passage.text.replace("\n", " ") for passage in passages))
        self._starts = [start for start, *_ in self.found]
        self._meanings: dict[Name, Meaning | None] = {}
        self.year = int(document.date[:4]) if document.date[:4].isdigit() else 0
        self.counts = Counter(
            one
            for *_, name in self.found
            if name.kinds & {"un", "regional"} and not name.own_of and "group" not in name.kinds
            for one in name.organisations
        )
        self.issuers = document.organisations or self._guess_issuers(passages)
        self.aliases = self._defined_terms(passages)

    def _guess_issuers(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        document = self.document
        if document.kind in ("resolution", "presidential_statement") or document.symbol.startswith(
            ("S/", "A/")
        ):
            return ("UN",)
        title = [name for *_, name in self.finder.find(document.title)]
        head = [passage for passage in passages[:6] if passage.kind not in ("footnote", "table")]
        opening = [name for passage in head for *_, name in self.finder.find(passage.text[:600])]
        for names in (title, opening):
            parties = _parties(names)
            if len(parties) > 1 or (parties and document.kind not in _BETWEEN_SEVERAL):
                return parties[:4]
        return ()

    def _defined_terms(self, passages: Sequence[Passage]) -> dict[str, Meaning]:
        """Return terms an instrument defines for its parties: (hereinafter "the Government")."""
        terms: dict[str, Meaning] = {}
        for passage in passages[:40] if self.document.kind in INSTRUMENT_KINDS else ():
            for match in _DEFINED.finditer(passage.text):
                named = [
                    self._meaning(name)
                    for *_, name in self.finder.find(passage.text[: match.start()].replace("\n", " "))
                ]
                meant = [meaning for meaning in named if meaning and meaning[1]]
                if meant:
                    kinds, organisations, _ = meant[-1]
                    terms[match["term"].removeprefix("the ").strip()] = (kinds | {"party"}, organisations, "")
        return terms

    def mentions(self, unit: Unit) -> list[Mention]:
        """Return the mentions in a unit, in order, without overlaps."""
        found = []
        for start, end, meant in self.meanings(unit):
            first = bisect_left(unit.token_starts, start - unit.start)
            last = bisect_left(unit.token_starts, end - unit.start)
            if first < last:
                text = unit.text[start - unit.start : end - unit.start]
                found.append(Mention(first, last, text, *meant))
        return found

    def meanings(self, unit: Unit) -> list[tuple[int, int, Meaning]]:
        """Return start, end (in the document) and meaning of the names in a unit."""
        found = []
        at = bisect_left(self._starts, unit.start)
        while at < len(self._starts) and self._starts[at] < unit.end:
            start, (_, end, name) = self._starts[at], self.found[at]
            meant = self._meaning(name)
            if meant is None and name.candidates:
                meant = self._named_before(name.candidates, at)
            if meant is not None and end <= unit.end:
                found.append((start, end, meant))
            at += 1
        if self.aliases:
            for term, meant in self.aliases.items():
                for match in re.finditer(rf"\b{re.escape(term)}\b", unit.text):
                    a, b = unit.start + match.start(), unit.start + match.end()
                    if not any(start < b and a < end for start, end, _ in found):
                        found.append((a, b, meant))
            found.sort(key=lambda hit: hit[0])
        return found

    def _both(self, kinds: frozenset[str], *, collective: bool) -> Meaning | None:
        """Return who "the Parties" are; outside instruments "both organizations" are the two it is about."""
        kinds -= {"group"}
        if self.document.kind in INSTRUMENT_KINDS or len(self.issuers) > 1:
            return kinds, self.issuers, ""
        others = [one for one, _ in self.counts.most_common() if one not in self.issuers]
        if not collective or not self.issuers or not others:
            return None
        return kinds | {"org"}, (*self.issuers, others[0]), ""

    def _named_before(self, candidates: tuple[str, ...], at: int) -> Meaning | None:
        """Return the candidate named last in the words before, if any is."""
        start = self.found[at][0]
        while at > 0 and start - self.found[at - 1][0] < _MEMORY:
            at -= 1
            name = self.found[at][2]
            for one in name.organisations:
                if one in candidates and not name.own_of:
                    return _organisation(one)
        return None

    def _meaning(self, name: Name) -> Meaning | None:
        """Return kinds, organisations and theatre of a name in this document; None for nobody."""
        if name not in self._meanings:
            self._meanings[name] = self._meaning_here(name)
        return self._meanings[name]

    def _meaning_here(self, name: Name) -> Meaning | None:
        if name.own_of and name.own_of not in self.issuers:
            return None
        if name.candidates:
            own = [one for one in name.candidates if one in self.issuers]
            return _organisation(own[0]) if own else None
        kinds, organisations = name.kinds, name.organisations
        if "party" in kinds:
            return self._both(kinds, collective="group" in kinds)
        if set(organisations) & set(self.issuers) and self.document.kind in INSTRUMENT_KINDS:
            kinds = kinds | {"party"}
        return kinds, organisations, name.theatre


_MEMORY = 800
"""How many characters back a shared name ("the Commission") may refer."""
_BETWEEN_SEVERAL = ("agreement", "memorandum", "joint_statement")
_DEFINED = re.compile(
    r"\(\s*(?:hereinafter|hereafter)?\s*(?:jointly\s+)?(?:referred\s+to\s+as|called)?\s*:?\s*(?:as\s+)?"
    r"[“\"'‘](?P<term>(?:the\s+)?[A-Z][\w -]{2,40}?)[”\"'’]"
)


def _organisation(name: str) -> Meaning:
    return frozenset({"org", "un" if name == "UN" else "regional"}), (name,), ""


def _parties(names: Iterable[Name]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        if name.kinds & {"org", "state"} and not name.own_of and "mission" not in name.kinds:
            found.update(dict.fromkeys(name.organisations))
    return tuple(found)
