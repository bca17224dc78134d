"""Where a text names organisations, organs, missions, states, parties and places."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.annotate.segment import Unit
from pipeline.model import Document, Passage
from pipeline.rules.actors import Actors, Names

_INSIDE_WORD = re.compile(r"\w")


@dataclass(frozen=True)
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

    @property
    def is_actor(self) -> bool:
        return bool(self.kinds - {"theatre"})


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
        self._finders = [(_automaton(names), names, lower) for names, lower in self._by_case() if names]

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
            if known is None or "theatre" in known.kinds or not known.own_of and name.own_of == "" or known.candidates:
                self.names[text] = name
            elif known.own_of and name.own_of and known.own_of != name.own_of:
                both = (known.candidates or (known.own_of,)) + (name.own_of,)
                self.names[text] = Name(known.kinds | name.kinds, candidates=both)

    def _by_case(self) -> list[tuple[list[str], bool]]:
        generic = [text for text in self.names if text[:1].islower() and text[:1].isascii()]
        exact = [text for text in self.names if text not in set(generic)]
        return [(sorted(exact), False), (sorted(generic), True)]

    def find(self, text: str) -> list[tuple[int, int, Name]]:
        """Return start, end and meaning of every name in the text, without overlaps, sorted."""
        flat = text.replace("\n", " ").replace("’", "'")
        found: list[tuple[int, int, Name]] = []
        for automaton, names, lower in self._finders:
            where = flat.lower() if lower else flat
            if len(where) != len(flat):
                where = "".join(c.lower() if len(c.lower()) == 1 else c for c in flat)
            for number, start, end in automaton.find_matches_as_indexes(where, overlapping=False):
                if _stands_alone(flat, start, end):
                    found.append((start, end, self.names[names[number]]))
        return _without_overlaps(found)


def _automaton(names: Sequence[str]) -> Any:
    from ahocorasick_rs import AhoCorasick, MatchKind

    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is not part of a longer word."""
    before = start > 0 and text[start].isascii() and text[start - 1].isascii() and text[start - 1].isalnum()
    after = end < len(text) and text[end - 1].isascii() and text[end].isascii() and text[end].isalnum()
    return not (before or after)


def _without_overlaps(found: list[tuple[int, int, Name]]) -> list[tuple[int, int, Name]]:
    kept: list[tuple[int, int, Name]] = []
    for start, end, name in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, name))
    return kept


class Surroundings:
    """What the document as a whole says about its actors."""

    def __init__(self, finder: NameFinder, document: Document, passages: Sequence[Passage]) -> None:
        self.finder, self.document = finder, document
        head = [passage for passage in passages[:6] if passage.kind not in ("footnote", "table")]
        self.opening = "\n".join([document.title, *(passage.text[:600] for passage in head)])
        self.year = int(document.date[:4]) if document.date[:4].isdigit() else 0
        self.counts = Counter(
            one
            for passage in passages
            for *_, name in finder.find(passage.text)
            if "org" in name.kinds and not name.own_of
            for one in name.organisations
        )
        self.issuers = document.organisations or self._guess_issuers()
        self.aliases = self._defined_terms(passages)

    def _guess_issuers(self) -> tuple[str, ...]:
        document = self.document
        if document.kind in ("resolution", "presidential_statement") or document.symbol.startswith(("S/", "A/")):
            return ("UN",)
        title = [name for *_, name in self.finder.find(document.title)]
        opening = [name for *_, name in self.finder.find(self.opening)]
        for names in (title, opening):
            parties = _parties(names)
            if len(parties) > 1 or (parties and document.kind not in ("agreement", "memorandum", "joint_statement")):
                return parties[:4]
        return ()

    def _defined_terms(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """Return terms an instrument defines for its parties: (hereinafter "the Government")."""
        terms: dict[str, tuple[str, ...]] = {}
        for passage in passages[:40]:
            for match in _DEFINED.finditer(passage.text):
                before = [name for *_, name in self.finder.find(passage.text[: match.start()]) if name.organisations]
                if before:
                    term = match["term"].removeprefix("the ").strip()
                    terms[term] = before[-1].organisations
        return terms

    def mentions(self, unit: Unit) -> list[Mention]:
        """Return the mentions in a unit, in order, without overlaps."""
        found = []
        for start, end, name in self.finder.find(unit.text):
            meant = self._meaning(name)
            if meant is not None:
                found.append((start, end, *meant))
        for term, organisations in self.aliases.items():
            for match in re.finditer(rf"\b{re.escape(term)}\b", unit.text):
                if not any(a < match.end() and match.start() < b for a, b, *_ in found):
                    kinds = frozenset({"party", *self._kinds_of(organisations)})
                    found.append((*match.span(), kinds, organisations, ""))
        return [mention for hit in sorted(found) if (mention := _on_tokens(unit, *hit))]

    def _kinds_of(self, organisations: tuple[str, ...]) -> set[str]:
        known = {one for name in self.finder.names.values() if "org" in name.kinds for one in name.organisations}
        return {"org"} if set(organisations) & known else {"state"}

    def _meaning(self, name: Name) -> tuple[frozenset[str], tuple[str, ...], str] | None:
        """Return kinds, organisations and theatre of a name in this document; None for nobody."""
        if name.own_of and name.own_of not in self.issuers:
            return None
        if name.candidates:
            own = [one for one in name.candidates if one in self.issuers]
            by_count = sorted(name.candidates, key=lambda one: -self.counts[one])
            meant = own[0] if own else by_count[0]
            if not own and not self.counts[meant]:
                return None
            return frozenset({"org", "un" if meant == "UN" else "regional"}), (meant,), ""
        kinds, organisations = name.kinds, name.organisations
        if "party" in kinds:
            organisations = self.issuers
        elif set(organisations) & set(self.issuers) and self.document.kind in _INSTRUMENTS:
            kinds = kinds | {"party"}
        return kinds, organisations, name.theatre


_DEFINED = re.compile(
    r"""\(\s*(?:hereinafter|hereafter)?\s*(?:jointly\s+)?(?:referred\s+to\s+as|called)?\s*:?\s*(?:as\s+)?[“"'‘](?P<term>(?:the\s+)?[A-Z][\w \-]{2,40}?)[”"'’]""",
    re.X,
)
_INSTRUMENTS = frozenset(
    {"treaty", "agreement", "charter", "memorandum", "exchange_of_letters", "declaration", "joint_statement",
     "framework", "plan_of_action"}
)  # fmt: skip


def _parties(names: Iterable[Name]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        if name.kinds & {"org", "state"} and not name.own_of and "mission" not in name.kinds:
            found.update(dict.fromkeys(name.organisations))
    return tuple(found)


def _on_tokens(
    unit: Unit, start: int, end: int, kinds: frozenset[str], organisations: tuple[str, ...], theatre: str
) -> Mention | None:
    inside = [at for at, a in enumerate(unit.token_starts) if start <= a < end]
    if not inside:
        return None
    return Mention(inside[0], inside[-1] + 1, unit.text[start:end], kinds, organisations, theatre)
