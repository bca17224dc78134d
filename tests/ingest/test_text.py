"""Plain text: its encoding, its line breaks, and the labels that its numbers give."""

import pytest

from pipeline.ingest import extract
from pipeline.model import Passage

CHINESE = "联合国和区域组织应当加强合作，共同训练观察员，并在会议上交换报告。"
TRADITIONAL = "聯合國與區域組織應當加強合作，共同訓練觀察員，並於會議上交換報告。"
WESTERN = "The café of the mission serves “all” observers – and their naïve guests – each day of the year."


def passages(text: str) -> tuple[Passage, ...]:
    found = extract(text.encode(), "text.txt")
    assert found.document.status == "ok"
    return tuple(found.passages)


def labels(text: str) -> dict[str, str]:
    return {p.text: p.label for p in passages(text)}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(CHINESE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "gb18030")],
        (TRADITIONAL, "big5"),
        *[(WESTERN, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")],
    ],
)
def test_encodings_are_told_apart(text: str, encoding: str) -> None:
    found = extract(text.encode(encoding), "text.txt")
    assert [p.text for p in found.passages] == [text]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined(end: str) -> None:
    lines = [
        "The two organizations agreed to train",
        "observers together and to share what they",
        "learn with all of their members each year.",
        "",
        "They will also open a common office in the",
        "capital before the end of the year.",
    ]
    assert [p.text for p in passages(end.join(lines))] == [" ".join(lines[:3]), " ".join(lines[4:])]


def test_articles_paragraphs_and_items_are_cited_as_in_print() -> None:
    found = labels(
        "Agreement on Working Together\n\nArticle 1\nAims\n\n1. The parties shall:\n"
        "(a) train observers, namely:\n(i) in the north; and\n(ii) in the south;\n(b) share reports.\n"
        "2. The parties shall meet each year.\n\nArticle 2\n\nThe parties may end this agreement.\n"
    )
    assert found["1. The parties shall:"] == "Art. 1(1)"
    assert found["(a) train observers, namely:"] == "Art. 1(1)(a)"
    assert found["(i) in the north; and"] == "Art. 1(1)(a)(i)"
    assert found["(ii) in the south;"] == "Art. 1(1)(a)(ii)"
    assert found["(b) share reports."] == "Art. 1(1)(b)"
    assert found["2. The parties shall meet each year."] == "Art. 1(2)"
    assert found["The parties may end this agreement."] == "Art. 2"


def test_passages_know_the_article_they_stand_in() -> None:
    (_, first, _, second) = passages("Article 1\n\nThe parties meet.\n\nArticle 2\n\nThe parties report.\n")
    assert (first.section, second.section) == (("Article 1",), ("Article 2",))


def test_chinese_articles_paragraphs_and_items() -> None:
    found = labels(
        "合作协定\n\n第三条\n双方应当定期磋商。\n\n第四条\n一、双方应当：\n（一）训练观察员；\n"
        "（二）交换报告。\n二、双方每年会晤一次。\n"
    )
    assert found["双方应当定期磋商。"] == "第三条"
    assert found["一、双方应当："] == "第四条第一款"
    assert found["（一）训练观察员；"] == "第四条第一款（一）"
    assert found["（二）交换报告。"] == "第四条第一款（二）"
    assert found["二、双方每年会晤一次。"] == "第四条第二款"
