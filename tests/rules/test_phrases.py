"""What the phrase syntax means."""

import pytest

from pipeline.rules.compile import compile_phrase
from pipeline.rules.forms import forms_of
from pipeline.rules.phrases import PhraseError, alternatives, parse, words

LISTS = {
    "en": {"force": alternatives([parse(text, "en", {}) for text in ("force~", "troop~", "battle group~")])},
    "zh": {"force": alternatives([parse(text, "zh", {}) for text in ("部队", "军队")])},
}


def found(
    phrase: str, text: str, language: str = "en", mentions: dict[tuple[str, int], int] | None = None
) -> list[str]:
    """Return the shortest hits of a phrase, as tokens joined by blanks."""
    tokens = words(text)
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token, []).append(at)
    compiled = compile_phrase(phrase, language, LISTS[language])
    return [" ".join(tokens[a:b]) for a, b, _ in compiled.find([*tokens, ""], places, mentions or {})]


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("joint patrol", "A JOINT patrol, a joint patrols", ["joint patrol"]),
        (
            "joint|mixed patrol~",
            "Mixed patrols patrolled; joint patrolling",
            ["mixed patrols", "joint patrolling"],
        ),
        ("(side by side|together)", "They stood side by side, together", ["side by side", "together"]),
        ("the? (said)? force", "the said force; force", ["the said force", "said force", "force", "force"]),
        ("deploy~ … force~", "deploys a small force", ["deploys a small force"]),
        ("deploy~ …2 force~", "deploys a very small force", []),
        ("deploy~ … force~", "deploys; a force", []),
        ("deploy~ ‥ force~", "deploys, if needed, a force", []),
        ("peace-keeping $force", "peace-keeping battle groups", ["peace - keeping battle groups"]),
        ("# troops", "12,500 troops and ten troops", ["12,500 troops"]),
        ("really\\?", "Really? really", ["really ?"]),
        ("council's view", "the Council’s view", ["council ' s view"]),
    ],
)
def test_english(phrase: str, text: str, hits: list[str]) -> None:
    assert found(phrase, text) == hits


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("保护平民", "必须保护平民。", ["保 护 平 民"]),
        ("保护 平民", "保护 平民", ["保 护 平 民"]),
        ("保护…平民", "保护受到威胁的平民", ["保 护 受 到 威 胁 的 平 民"]),
        ("保护…平民", "保护。平民", []),
        ("保护‥平民", "保护，平民", []),
        ("部署|派遣(了)?$force", "部署；派遣了军队", ["部 署", "派 遣 了 军 队"]),
        ("#名士兵", "二百名士兵，300名士兵", ["二 百 名 士 兵", "百 名 士 兵", "300 名 士 兵"]),
    ],
)
def test_chinese(phrase: str, text: str, hits: list[str]) -> None:
    assert found(phrase, text, "zh") == hits


def test_mentions_are_met_as_wholes() -> None:
    mentions = {("org", 1): 3, ("regional", 1): 3}
    assert found("the @org troops", "the African Union troops", mentions=mentions) == [
        "the african union troops"
    ]
    assert found("@un troops", "the African Union troops", mentions=mentions) == []


@pytest.mark.parametrize(
    ("phrase", "what", "at"),
    [
        ("joint (patrol", "( without )", 6),
        ("joint $patrols", 'unknown list "$patrols"', 6),
        ("the @orgs", 'unknown actor kind "@orgs"', 4),
        ("(up)?on", "a group glued to a word", 5),
        ("… force", "a gap at the edge of a phrase", 0),
        ("force?", "the phrase can match nothing at all", 0),
        ("a | | b", '"|" with nothing before it', 4),
        ("joint) patrol", 'unexpected ")"', 5),
    ],
)
def test_mistakes_are_pointed_at(phrase: str, what: str, at: int) -> None:
    with pytest.raises(PhraseError) as caught:
        parse(phrase, "en", {})
    assert (caught.value.what, caught.value.at) == (what, at)


@pytest.mark.parametrize(
    ("word", "some"),
    [
        ("deploy", {"deploy", "deploys", "deployed", "deploying"}),
        ("undertake", {"undertakes", "undertook", "undertaken", "undertaking"}),
        ("supply", {"supplies", "supplied", "supplying"}),
        ("organise", {"organise", "organized", "organising"}),
        ("commit", {"committed", "committing", "commits"}),
        ("Recall", {"recalling", "recalled"}),
    ],
)
def test_all_forms_of_a_word(word: str, some: set[str]) -> None:
    assert some <= forms_of(word)
