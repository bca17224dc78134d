"""Documents, rules and people for the tests of review: small, and easy to change at random."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import CONTEXT_LENGTH, Document, Evidence, Passage, digest, text_of
from tests.records import document as document_record

Unit = tuple[int, str]
"""A sentence with an identity of its own, so that copies of one sentence can be told apart."""

WORDS = (
    *("civilians", "patrol", "troops", "airlift", "mediation", "consult", "mandate", "funding"),
    *("sovereignty", "members", "council", "review", "deploy", "jointly", "force", "mission"),
    *("request", "provide", "support", "shall", "should", "sector", "northern", "town", "agreement"),
)
HAN = "部队巡逻平民保护联合国非洲联盟安理会磋商资金授权调解主权成员任务提供支持应当协议𠀀𪚥"
RULES = {
    "civilians": "norm.civilian_protection", "patrol": "action.joint_implementation",
    "troops": "resource.personnel", "funding": "resource.funding", "mediation": "resource.authority",
    "平民": "norm.civilian_protection", "巡逻": "action.joint_implementation", "资金": "resource.funding",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A document as a list of units, several to a passage, and the rules that look at it."""

    units: tuple[Unit, ...]
    rules: tuple[str, ...] = tuple(RULES)
    per_passage: int = 3
    name: str = "a.txt"
    fresh: int = 10_000
    """The next identity; one that was given is never given again."""

    def passages(self) -> list[Passage]:
        made, at = [], 0
        for number, start in enumerate(range(0, len(self.units), self.per_passage), start=1):
            text = " ".join(sentence for _, sentence in self.units[start : start + self.per_passage])
            made.append(
                Passage(
                    number=number, start=at, end=at + len(text), text=text, kind="paragraph",
                    label=f"para. {number}", page=1 + number // 4,
                )
            )  # fmt: skip
            at += len(text) + 1
        return made

    def document(self) -> Document:
        text = text_of(self.passages())
        return document_record(self.name, text_hash=digest(text.encode("utf-8")))

    def read(self, name: str) -> tuple[Document, Sequence[Passage]] | None:
        return (self.document(), self.passages()) if name == self.name else None

    def spans(self) -> list[tuple[Unit, int, int]]:
        """Return each unit with where it stands."""
        found, at = [], 0
        for unit in self.units:
            found.append((unit, at, at + len(unit[1])))
            at += len(unit[1]) + 1
        return found

    def evidence(self) -> list[Evidence]:
        """Find evidence as an engine would: one record for each unit and code."""
        text, passages, record = text_of(self.passages()), self.passages(), self.document()
        made: list[Evidence] = []
        for (_, sentence), start, end in self.spans():
            passage = next(one for one in passages if one.start <= start <= one.end)
            codes: dict[str, tuple[str, int]] = {}
            for word in self.rules:
                if word in sentence:
                    codes.setdefault(RULES[word], (word, sentence.index(word)))
            for code, (word, at) in sorted(codes.items()):
                prefix = text[max(0, start - CONTEXT_LENGTH) : start]
                suffix = text[end : end + CONTEXT_LENGTH]
                made.append(
                    Evidence(
                        id=Evidence.make_id(self.name, code, None, sentence, prefix, suffix),
                        document=self.name, start=start, end=end, quote=sentence, trigger=word,
                        trigger_start=start + at, trigger_end=start + at + len(word), prefix=prefix,
                        suffix=suffix, label=passage.label, page=passage.page, section=(), language="en",
                        code=code, organisations=("AU", "UN"), rules=(f"r-{word}",), passage=passage.number,
                        kind="paragraph", text_hash=record.text_hash, rules_hash="r",
                    )
                )  # fmt: skip
        return made


def sentence(rng: random.Random) -> str:
    """Return a made-up sentence, in English or in Chinese with characters beyond U+FFFF."""
    if rng.random() < 0.3:
        return "".join(rng.choice(HAN) for _ in range(rng.randint(14, 40))) + "。"
    words = [rng.choice(WORDS) for _ in range(rng.randint(6, 20))]
    return " ".join(words).capitalize() + "."


def world(rng: random.Random, size: int = 40) -> World:
    """Return a document in which one sentence in ten stands twice or more."""
    sentences = [sentence(rng) for _ in range(size)]
    for at in range(size):
        if rng.random() < 0.1:
            sentences[at] = rng.choice(sentences)
    return World(units=tuple(enumerate(sentences)), per_passage=rng.randint(1, 4))


def edited(before: World, rng: random.Random) -> World:
    """Return the world after a few random edits to text and rules."""
    units, rules, per_passage = list(before.units), list(before.rules), before.per_passage
    fresh = before.fresh
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(units)) if units else 0
        match rng.choice(["put in", "put in", "leave out", "retype", "move", "rules", "new rule", "reflow"]):
            case "put in":
                copied = rng.random() < 0.2 and units
                units.insert(at, (fresh, rng.choice(units)[1] if copied else sentence(rng)))
            case "leave out" if units:
                del units[at]
            case "retype" if units:
                units[at] = (fresh, retyped(units[at][1], rng))
            case "move" if units:
                moving = units.pop(at)
                units.insert(rng.randint(0, len(units)), moving)
            case "rules" if rules:
                rules.remove(rng.choice(rules))
            case "new rule":
                rules = sorted({*rules, rng.choice(list(RULES))})
            case "reflow":
                per_passage = rng.randint(1, 5)
        fresh += 1
    return World(tuple(units), tuple(rules), per_passage, before.name, fresh)


def retyped(text: str, rng: random.Random) -> str:
    """Return the text with one to three characters wrong."""
    letters = list(text)
    for _ in range(rng.randint(1, 3)):
        letters[rng.randrange(len(letters))] = rng.choice("xqz和")
    return "".join(letters)
