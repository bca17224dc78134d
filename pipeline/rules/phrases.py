"""The phrase syntax: what rule writers type, and what it means on the tokens of a sentence.

A token is a run of letters and digits, a number with its separators, a single Chinese character, or
any other single character. A phrase means a set of token spans; both engines find the same set.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.rules.forms import forms_of

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{HAN}]|\d+(?:[.,]\d+)+|[^\W{HAN}]+|\S")
CHINESE_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
GAP_BREAKS = frozenset(";；。！？")
"""Tokens that a gap never crosses."""
SHORT_GAP_BREAKS = GAP_BREAKS | frozenset("，,：:（）()")
"""Tokens that a gap written with two dots never crosses."""
ENTITY_KINDS = ("org", "regional", "un", "mission", "state", "party")
GAP = 6


class PhraseError(ValueError):
    """A phrase that cannot be read; `at` is the offset in the phrase."""

    def __init__(self, what: str, at: int, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.at, self.remedy = what, at, remedy


@dataclass(frozen=True)
class Word:
    """One token out of a set of lower-case forms."""

    forms: frozenset[str]


@dataclass(frozen=True)
class Number:
    """A number: one token of digits, or in Chinese a run of numeral characters."""


@dataclass(frozen=True)
class Entity:
    """A mention of an actor of this kind."""

    kind: str


@dataclass(frozen=True)
class Gap:
    """Any tokens, up to `most` of them, and none of `breaks`."""

    most: int
    breaks: frozenset[str] = GAP_BREAKS


@dataclass(frozen=True)
class Alternatives:
    """Any of the options."""

    options: "tuple[Node, ...]"


@dataclass(frozen=True)
class Chain:
    """All the parts, one after the other."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Maybe:
    """The inner node, or nothing."""

    inner: "Node"


Node = Word | Number | Entity | Gap | Alternatives | Chain | Maybe
Lists = Mapping[str, Node]


def words(text: str) -> list[str]:
    """Return the tokens of a text in lower case, with straight apostrophes."""
    return [normal(token) for token in TOKEN.findall(text)]


def normal(token: str) -> str:
    """Return a token as phrases see it: lower case, straight apostrophe, plain hyphen."""
    if token in "‐‑−":
        return "-"
    return "'" if token in "’‘`´" else token.lower()


def is_digits(token: str) -> bool:
    """Whether the token is a number written in digits."""
    return token[0].isdigit()


# --- reading -------------------------------------------------------------------------------------


def parse(phrase: str, language: str, lists: Lists, *, open_ended: bool = False) -> Node:
    """Read a phrase. Raises PhraseError with the place of the mistake.

    Only an open-ended phrase (a surrounding, not a trigger) may begin or end with a gap.
    """
    reader = _Reader(phrase, language, lists)
    node = reader.alternatives() if language == "zh" else reader.sequence()
    if reader.at < len(phrase):
        raise PhraseError(f'unexpected "{phrase[reader.at]}"', reader.at, "put alternatives in ( … )")
    if is_empty(node):
        raise PhraseError("the phrase can match nothing at all", 0, "give it a word that is not optional")
    ends = node.parts if isinstance(node, Chain) else (node,)
    if not open_ended and (isinstance(ends[0], Gap) or isinstance(ends[-1], Gap)):
        raise PhraseError("a gap at the edge of a phrase", 0, "start and end with a word")
    return node


_GAP_SIGN = re.compile(r"(?P<sign>…+|\.\.\.|‥|\.\.)(?P<most>\d*)")


class _Reader:
    def __init__(self, phrase: str, language: str, lists: Lists) -> None:
        self.phrase, self.chinese, self.lists, self.at = phrase, language == "zh", lists, 0

    def peek(self) -> str:
        return self.phrase[self.at : self.at + 1]

    def blanks(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def alternatives(self) -> Node:
        """Sequences separated by `|`, up to `)` or the end."""
        options = [self.sequence(inner=True)]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence(inner=True))
        return _alternatives(options)

    def sequence(self, inner: bool = False) -> Node:
        """Items side by side. At the outer level of English, `|` joins neighbouring items."""
        start, parts = self.at, []
        self.blanks()
        while self.peek() and self.peek() != ")" and not (inner and self.peek() == "|"):
            item = self.item()
            self.blanks()
            if not inner and self.peek() == "|":
                options = [item]
                while self.peek() == "|":
                    self.at += 1
                    self.blanks()
                    options.append(self.item())
                    self.blanks()
                item = _alternatives(options)
            parts.append(item)
        if not parts:
            raise PhraseError("nothing here", start, "write a word on both sides of |, and inside ( )")
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def item(self) -> Node:
        node = self.bare_item()
        if self.peek() == "?":
            if isinstance(node, Gap):
                raise PhraseError("a gap is optional already", self.at, "remove the ?")
            self.at += 1
            self.refuse_glue()
            return Maybe(node)
        return node

    def refuse_glue(self) -> None:
        if not self.chinese and re.match(r"[^\W_]", self.peek()):
            raise PhraseError("a group glued to a word", self.at, "leave a blank, or write upon|on")

    def bare_item(self) -> Node:
        sign, start = self.peek(), self.at
        if sign == "(":
            self.at += 1
            node = self.alternatives()
            if self.peek() != ")":
                raise PhraseError("( without )", start, "close the group")
            self.at += 1
            self.refuse_glue()
            return node
        if gap := _GAP_SIGN.match(self.phrase, start):
            self.at = gap.end()
            breaks = SHORT_GAP_BREAKS if gap["sign"] in ("‥", "..") else GAP_BREAKS
            return Gap(int(gap["most"]) if gap["most"] else GAP, breaks)
        if sign == "#":
            self.at += 1
            return Number()
        if sign in "$@":
            return self.named(sign)
        if sign in "?~|)":
            raise PhraseError(
                f'"{sign}" with nothing before it', start, f"write \\{sign} for the sign itself"
            )
        return self.one_character() if self.chinese else self.chunk()

    def named(self, sign: str) -> Node:
        found = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*").match(self.phrase, self.at + 1)
        if not found:
            raise PhraseError(f'"{sign}" without a name', self.at, f"write \\{sign} for the sign itself")
        name, start = found[0], self.at
        self.at = found.end()
        if sign == "$":
            if name not in self.lists:
                close = _closest(name, list(self.lists))
                raise PhraseError(f'unknown list "${name}"', start, close or "define it under lists:")
            return self.lists[name]
        if name not in ENTITY_KINDS:
            known = ", ".join(f"@{kind}" for kind in ENTITY_KINDS)
            raise PhraseError(f'unknown actor kind "@{name}"', start, f"one of {known}")
        return Entity(name)

    def one_character(self) -> Node:
        """A token of a Chinese phrase: one character, or a run of Latin letters."""
        if self.peek() == "\\":
            self.at += 1
        token = TOKEN.match(self.phrase, self.at)
        if not token:
            raise PhraseError("nothing after \\", self.at)
        self.at = token.end()
        return self.word(token[0])

    def chunk(self) -> Node:
        """What stands between blanks and signs in English, e.g. `peace-keeping` or `troop~`."""
        parts: list[Node] = []
        while self.peek() and not self.peek().isspace() and self.peek() not in "()|?~$@#…‥":
            if self.phrase.startswith("..", self.at):
                break
            if self.peek() == "\\":
                self.at += 1
            token = TOKEN.match(self.phrase, self.at)
            if not token:
                raise PhraseError("nothing after \\", self.at)
            self.at = token.end()
            parts.append(self.word(token[0]))
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def word(self, token: str) -> Node:
        if self.peek() == "~":
            if self.chinese:
                raise PhraseError("Chinese words have no forms", self.at, "remove the ~")
            self.at += 1
            return Word(forms_of(token))
        return Word(frozenset({normal(token)}))


def _closest(name: str, known: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f'did you mean "${close[0]}"?' if close else ""


def _alternatives(options: list[Node]) -> Node:
    """Join options; single words become one set of forms."""
    flat: list[Node] = []
    for option in options:
        flat.extend(option.options if isinstance(option, Alternatives) else [option])
    forms = frozenset().union(*(option.forms for option in flat if isinstance(option, Word)))
    rest = [option for option in flat if not isinstance(option, Word)]
    joined: list[Node] = ([Word(forms)] if forms else []) + rest
    return joined[0] if len(joined) == 1 else Alternatives(tuple(dict.fromkeys(joined)))


def alternatives(options: list[Node]) -> Node:
    """Return the node that accepts any of the options, e.g. a named list."""
    return _alternatives(options)


def is_empty(node: Node) -> bool:
    """Whether the node accepts no tokens at all."""
    if isinstance(node, Gap | Maybe):
        return True
    if isinstance(node, Alternatives):
        return any(map(is_empty, node.options))
    return isinstance(node, Chain) and all(map(is_empty, node.parts))
