"""Rule packs as people write them: rules that find evidence, cues that qualify it, defaults, lists."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipeline.errors import Problem
from pipeline.model import INSTRUMENT_KINDS, DocumentKind, PassageKind, Polarity, Role, Status
from pipeline.rules.loading import Model, parse, position, schema_hash

RawPattern = list[dict[str, Any]]


def _phrase_or_pattern(value: Any) -> Any:
    if isinstance(value, str) or (
        isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    ):
        return value
    raise ValueError(
        "a phrase is text (in quotes if it holds : # or begins with a sign), or a list of token mappings"
    )


Phrase = Annotated[str | RawPattern, BeforeValidator(_phrase_or_pattern)]
"""A phrase in the surface syntax, or a raw spaCy token pattern."""

ActorMode = Literal["cooperation", "holder", "bearer", "provider", "recipient", "signatories", "mentioned"]
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
KIND_GROUPS: dict[str, frozenset[str]] = {
    "instrument": INSTRUMENT_KINDS,
    "organ": frozenset({"resolution", "presidential_statement"}),
}
"""Names for several kinds of document at once, beside the kinds themselves."""
DocumentGroup = DocumentKind | Literal["instrument", "organ"]
START_TOKENS = 4
START_CHARACTERS = 8
"""`position: start` means: among this many words (in Chinese characters) of the unit, after any label."""


def is_kind(kind: str, groups: tuple[str, ...]) -> bool:
    """Whether a kind of document is among these kinds and group names."""
    return any(kind == group or kind in KIND_GROUPS.get(group, ()) for group in groups)


class Example(Model):
    """A text that a rule must match, or must not, and what should come out."""

    text: str
    code: str | None = None
    organisations: tuple[str, ...] | None = None
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None
    issue: str | None = None
    theatres: tuple[str, ...] | None = None
    instrument: str | None = None
    document: DocumentKind | None = None
    """Kind of the document around the text; without it one that the rule's `where` admits."""
    by: tuple[str, ...] = ()
    """Organisations of that document: its parties, or the issuing body."""
    kind: PassageKind | None = None
    stem: str = ""
    """Lead-in of which the text is an item."""
    title: str = ""
    section: tuple[str, ...] = ()
    """Headings above the text."""
    drop: bool | None = None
    """For a cue: the text's match is suppressed by it."""
    date: str = ""

    @field_validator("section", mode="before")
    @classmethod
    def _one_heading(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class Where(Model):
    """Places in which a rule or cue is valid at all."""

    kinds: tuple[PassageKind, ...] = ()
    not_kinds: tuple[PassageKind, ...] = ()
    documents: tuple[DocumentGroup, ...] = ()
    not_documents: tuple[DocumentGroup, ...] = ()
    position: Literal["start"] | None = None
    under: tuple[str, ...] = ()
    """Phrases of which one must occur in a heading above the passage."""


class Rule(Model):
    """Phrases that are evidence for a code, with their conditions and examples."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    code: str
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    with_: Annotated[tuple[tuple[Phrase, ...], ...], Field(alias="with")] = ()
    near: Annotated[int, Field(ge=1, le=200)] | None = None
    without: tuple[Phrase, ...] = ()
    not_inside: tuple[Phrase, ...] = ()
    where: Where = Where()
    carry: Literal["items"] | None = None
    """The phrases stand in a lead-in; each item below it is the evidence."""
    yields_to: tuple[str, ...] = ()
    """Codes (or `family.*`) whose evidence in the same unit takes the place of this one."""
    actors: ActorMode | None = None
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None
    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()
    todo_match: tuple[Example, ...] = ()
    """Texts that should match one day; reported when they do."""
    note: str = ""

    @field_validator("with_", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> Any:
        """A single group may be written without the outer brackets."""
        return [value] if isinstance(value, list) and value and isinstance(value[0], str) else value


class CueRule(Model):
    """Words that qualify a match: they set an attribute, suppress it, or block other cues."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    sets: dict[str, str] = Field(default_factory=dict)
    pseudo: bool = False
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    direction: Literal["before", "after", "both"] = "before"
    reach: Literal["clause", "unit", "stem"] = "clause"
    within: Annotated[int, Field(ge=0, le=200)] | None = None
    """Most tokens (characters in Chinese) between cue and trigger."""
    stop: tuple[Phrase, ...] = ()
    codes: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    """Only for matches whose role is one of these."""
    where: Where = Where()
    strength: Annotated[int, Field(ge=1, le=9)] = 5
    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        if self.pseudo == bool(self.sets):
            raise ValueError("a cue either sets something or is `pseudo: true`")
        for name, value in self.sets.items():
            allowed = CUE_VALUES.get(name)
            if allowed is None:
                raise ValueError(f"cannot set {name}: one of {', '.join(CUE_VALUES)}")
            if value not in allowed:
                raise ValueError(f"{name} cannot be {value}: one of {', '.join(allowed)}")
        return self


CUE_VALUES: dict[str, tuple[str, ...]] = {
    "status": ("performed", "committed", "called_for"),
    "role": ("need", "provision", "substitution"),
    "polarity": ("affirmed", "rejected"),
    "drop": ("true",),
}
ATTRIBUTES_OF: dict[str, tuple[str, ...]] = {
    "action": ("status",),
    "resource": ("status", "role"),
    "norm": ("polarity",),
    "goal": ("polarity",),
}
"""Attributes that evidence carries, by the family of its code."""


class Default(Model):
    """What an attribute is where no cue and no fixed value says anything; the first fitting line wins."""

    codes: tuple[str, ...] = ()
    documents: tuple[DocumentGroup, ...] = ()
    kinds: tuple[PassageKind, ...] = ()
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None


class Pack(Model):
    """One YAML file below `rules/packs/<language>/`."""

    language: Language
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    cues: tuple[CueRule, ...] = ()
    defaults: tuple[Default, ...] = ()
    issues: dict[str, tuple[Phrase, ...]] = Field(default_factory=dict)


class PackFile:
    """A pack with the place of everything in it, for messages."""

    def __init__(self, where: str, data: bytes, pack: Pack) -> None:
        self.where, self.data, self.pack = where, data, pack
        self._node: yaml.Node | None = None

    def place(self, *path: int | str, inside: int | None = None) -> str:
        """Return `file:line:column` of a value, or of a character inside a one-line string."""
        if self._node is None:
            self._node = yaml.compose(self.data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        line, column = map(int, position(self._node, path).split(":"))
        if inside is not None:
            first = self.data.decode("utf-8").splitlines()[line - 1][column - 1 : column]
            column += inside + (first in "\"'")
        return f"{self.where}:{line}:{column}"


def pack_files(rules_dir: Path) -> list[Path]:
    """Return the pack files of all languages, sorted."""
    found = (path for path in (rules_dir / "packs").rglob("*") if path.suffix in (".yaml", ".yml"))
    return sorted(path for path in found if not path.name.startswith("."))


def load_packs(rules_dir: Path, problems: list[Problem]) -> list[PackFile]:
    """Read all packs; one with mistakes becomes problems, the others go on."""
    found = []
    for path in pack_files(rules_dir):
        where = path.relative_to(rules_dir.parent).as_posix()
        data = path.read_bytes()
        pack = parse(data, Pack, problems, where=where)
        if pack is None:
            continue
        folder = path.relative_to(rules_dir / "packs").parts[0]
        file = PackFile(where, data, pack)
        if folder in ("en", "zh") and folder != pack.language:
            remedy = f"write `language: {folder}` or move the file"
            problems.append(
                Problem(
                    where=file.place("language"), what=f"{pack.language} in folder {folder}", remedy=remedy
                )
            )
            continue
        found.append(file)
    return found


def shared_bytes(rules_dir: Path) -> list[bytes]:
    """Return the rule files on which evidence of every language depends: actors, cases, codebook."""
    found = []
    for name in ("actors", "cases", "codebook"):
        paths = (rules_dir / f"{name}{ending}" for ending in (".yaml", ".yml"))
        found.append(next((path.read_bytes() for path in paths if path.is_file()), b""))
    return found


_LANGUAGE_LINE = re.compile(rb"""^\s*["']?language["']?\s*:\s*["']?(en|zh)\b""", re.MULTILINE)


def rules_hashes(rules_dir: Path) -> dict[str, str]:
    """Return `Ruleset.hash_of` for every language without reading what the files mean.

    The language of a pack is its folder's name, or what its `language:` line says; a pack that shows
    neither counts for all. Where packs have mistakes the fingerprints are not those of the compiled rules,
    so that whoever compares them compiles the rules and meets the mistakes.
    """
    shared = shared_bytes(rules_dir)
    own: dict[str, list[bytes]] = {language: [] for language in LANGUAGES}
    for path in pack_files(rules_dir):
        data = path.read_bytes()
        folder = path.relative_to(rules_dir / "packs").parts[0]
        said = _LANGUAGE_LINE.search(data)
        language = folder if folder in own else said[1].decode() if said else ""
        for one in [language] if language else own:
            own[one].append(data)
    return {language: schema_hash(*shared, *packs) for language, packs in own.items()}


def fits(code: str, patterns: tuple[str, ...]) -> bool:
    """Whether a code is named by `family.*`, `*` or itself; no patterns means every code."""
    return not patterns or any(
        pattern == code or pattern == "*" or (pattern.endswith(".*") and code.startswith(pattern[:-1]))
        for pattern in patterns
    )


_FAMILY = re.compile(r"^[a-z_]+\.\*$|^\*$")


def is_code_pattern(pattern: str, codes: frozenset[str]) -> bool:
    """Whether a pattern names at least one code of the codebook."""
    if _FAMILY.match(pattern):
        return any(fits(code, (pattern,)) for code in codes)
    return pattern in codes
