"""What is read is faithful, and every passage is cited as one would cite it."""

from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Problem
from pipeline.ingest import extract, load_metadata
from pipeline.model import digest, text_of
from pipeline.project import Project

AGREEMENT = """\
Agreement between the United Nations and the European Union on mutual support

The Parties, recalling their common aims,

Have agreed as follows:

Article 1
Purpose
1. The Parties shall support each other in the field.
2. Support may take the form of:
(a) transport of persons;
(b) medical care, namely:
(i) first aid;
(ii) evacuation by air.

Article 2
Settlement of disputes
Any dispute shall be settled by negotiation.

Done at Brussels on 3 May 2010.
"""
CHINESE = """\
联合国与非洲联盟合作协定

第一条 宗旨
双方在维持和平方面开展合作。
第二条 措施
一、双方交换信息。
二、双方采取下列措施：
（一）设立联络处；
（二）举行年度会议。
"""
PAGE = """\
<html><head><title>Charter</title><style>p {}</style></head><body><nav>Home News</nav>
<h1>Charter of the League</h1><h2>Chapter I. Purposes</h2><p>Article 1</p>
<ol type="a"><li>to keep the peace;</li><li>to cooperate:<ol type="i"><li>in the field;</li></ol></li></ol>
<script>alert(1)</script><footer>Contact</footer></body></html>
"""


def labels(data: str | bytes, name: str) -> list[tuple[str, str]]:
    found = extract(data.encode("utf-8") if isinstance(data, str) else data, name)
    assert found.document.status == "ok"
    return [(passage.kind, passage.label) for passage in found.passages]


def test_articles_paragraphs_and_items_carry_the_label_of_their_stem() -> None:
    assert labels(AGREEMENT, "a.txt") == [
        ("title", ""), ("preamble", ""), ("preamble", ""), ("heading", "Art. 1"), ("heading", ""),
        ("paragraph", "Art. 1(1)"), ("paragraph", "Art. 1(2)"), ("item", "Art. 1(2)(a)"), ("item", "Art. 1(2)(b)"),
        ("item", "Art. 1(2)(b)(i)"), ("item", "Art. 1(2)(b)(ii)"), ("heading", "Art. 2"), ("heading", ""),
        ("article", "Art. 2"), ("signature", ""),
    ]  # fmt: skip


def test_a_text_says_what_it_is() -> None:
    document = extract(AGREEMENT.encode(), "a.txt").document
    assert (document.kind, document.language, document.date) == ("agreement", "en", "2010-05-03")
    assert document.title.startswith("Agreement between the United Nations and the European Union")


def test_headings_are_the_path_to_a_passage() -> None:
    passage = next(
        p
        for p in extract(AGREEMENT.encode(), "a.txt").passages
        if p.label == "Art. 2" and p.kind == "article"
    )
    assert passage.section == ("Article 2", "Settlement of disputes")


def test_chinese_numbering() -> None:
    found = labels(CHINESE, "z.txt")
    assert [label for _, label in found if label] == [
        "第一条", "第一条", "第二条", "第二条第一款", "第二条第二款", "第二条第二款（一）", "第二条第二款（二）",
    ]  # fmt: skip
    assert extract(CHINESE.encode(), "z.txt").document.language == "zh"


def test_list_labels_of_a_web_page_are_made_again_and_its_chrome_is_gone() -> None:
    found = extract(PAGE.encode(), "h.html")
    assert [p.label for p in found.passages if p.kind == "item"] == ["Art. 1(a)", "Art. 1(b)", "Art. 1(b)(i)"]
    text = text_of(found.passages)
    assert "(a) to keep the peace;" in text
    assert not any(word in text for word in ("Home", "Contact", "alert"))


def test_paragraph_numbers_that_do_not_run_on_are_a_warning() -> None:
    report = (
        "# Report of the Secretary-General\n\n1. It began.\n\n2. It went on.\n\n3. It grew.\n\n5. It ended.\n"
    )
    assert any("5 follows 3" in warning for warning in extract(report.encode(), "r.md").document.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings_of_chinese_texts(encoding: str) -> None:
    text = (
        "聯合國與非洲聯盟合作協定\n\n雙方在維持和平方面開展合作，並交換意見。\n"
        if encoding == "big5"
        else CHINESE
    )
    found = extract((text * 3).encode(encoding), "z.txt")
    assert text_of(found.passages).replace("\n", "") == (text * 3).replace("\n", "")


def test_western_text_that_is_not_utf8() -> None:
    text = (
        "Les deux organisations sont convenues d’échanger des renseignements à l’avenir, déjà cette année.\n"
        * 3
    )
    found = extract(text.encode("cp1252"), "f.txt")
    assert "échanger" in text_of(found.passages)
    assert found.document.language == "fr"


def test_hard_wrapped_lines_are_joined_and_hyphens_stay() -> None:
    lines = [
        "1. The two organizations agreed that a sea-", "level survey of the ports would be made before the",
        "troops were moved, and that the results would be", "shared between both of them without delay.", "",
        "2. The survey was made in the following year and", "its results were shared by both organizations.",
    ]  # fmt: skip
    found = extract("\n".join(lines).encode(), "w.txt")
    assert [p.label for p in found.passages] == ["para. 1", "para. 2"]
    assert "a sea-level survey of the ports would be made before the troops" in found.passages[0].text


MATTERS = (
    "transport", "training", "medical care", "mediation", "elections", "police reform", "border posts", "radio links",
    "fuel", "bridges", "field hospitals", "the handover",
)  # fmt: skip


def pdf_with_heads_and_feet(pages: int) -> bytes:
    sheet = FPDF()
    sheet.set_auto_page_break(auto=False)
    for number in range(1, pages + 1):
        sheet.add_page()
        sheet.set_font("Helvetica", size=9)
        sheet.text(20, 15, "S/MODEL/2011/4")
        sheet.text(20, 285, f"11-20304 {number}/{pages}")
        sheet.set_font("Helvetica", size=11)
        for line in range(3):
            place = (number - 1) * 3 + line + 1
            sheet.text(20, 40 + 20 * line, f"{place}. They dealt with {MATTERS[place - 1]} in that year.")
    return bytes(sheet.output())


def test_running_heads_and_feet_are_no_passages_and_pages_are_true() -> None:
    found = extract(pdf_with_heads_and_feet(4), "r.pdf")
    numbered = [p for p in found.passages if p.label]
    assert [p.label for p in numbered] == [f"para. {n}" for n in range(1, 13)]
    assert [p.page for p in numbered] == [1 + n // 3 for n in range(12)]
    assert "11-20304" not in text_of(found.passages)
    assert text_of(found.passages).count("S/MODEL/2011/4") <= 1
    assert [page.number for page in found.document.pages] == [1, 2, 3, 4]


@pytest.mark.parametrize("note", ["1 The plan was adopted in May.", "The plan was adopted in May."])
def test_note_below_a_rule_is_a_footnote_whether_or_not_its_mark_is_raised(note: str) -> None:
    sheet = FPDF()
    sheet.set_auto_page_break(auto=False)
    for number in (1, 2):
        sheet.add_page()
        sheet.set_font("Helvetica", size=12)
        for line in range(9):
            place = (number - 1) * 9 + line + 1
            sheet.text(
                20,
                40 + 20 * line,
                f"{place}. They dealt with {MATTERS[place % 12]} and more in {place + 1990}.",
            )
    sheet.line(20, 250, 70, 250)
    sheet.set_font("Helvetica", size=8)
    sheet.text(20, 258, note)
    found = extract(bytes(sheet.output()), "n.pdf")
    (footnote,) = [passage for passage in found.passages if passage.kind == "footnote"]
    assert "The plan was adopted in May." in footnote.text
    assert footnote.page == 2
    assert footnote.note == ("1" if note[0] == "1" else "")


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=400))
def test_offsets_follow_from_the_text_whatever_it_is(text: str) -> None:
    found = extract(text.encode("utf-8"), "any.txt")
    whole = text_of(found.passages)
    assert found.document.text_hash == digest(whole.encode("utf-8"))
    for passage in found.passages:
        assert whole[passage.start : passage.end] == passage.text
    assert extract(text.encode("utf-8"), "any.txt") == found


def test_documents_yaml_wins_and_its_mistakes_are_placed(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.corpus.mkdir()
    (project.corpus / "documents.yaml").write_text(
        'documents:\n  "un/*": {organisations: [UN], kind: report}\n  un/a.txt: {kind: letter, dat: 2001}\n',
        "utf-8",
    )
    problems: list[Problem] = []
    load_metadata(project, problems)
    assert [str(p) for p in problems] == [
        'corpus/documents.yaml:3:28: unknown key "dat"; did you mean "date"?'
    ]
    (project.corpus / "documents.yaml").write_text(
        'documents:\n  "un/*": {organisations: [UN], kind: report}\n  un/a.txt: {kind: letter}\n', "utf-8"
    )
    entry = load_metadata(project, []).entry("un/a.txt")
    assert (entry.kind, entry.organisations) == ("letter", ("UN",))
    found = extract(AGREEMENT.encode(), "un/a.txt", entry).document
    assert (found.kind, found.organisations) == ("letter", ("UN",))
