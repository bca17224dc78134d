"""Word, HTML and Akoma Ntoso: numbers that the format makes, and what around the text is none."""

from pipeline.ingest import extract
from tests.ingest import hostile

NUMBERING = b"""<?xml version="1.0"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""

HTML = b"""<html lang="en"><head><title>T</title><style>p{}</style></head><body>
<nav><a href="x">Home</a> <a href="y">Contact us</a></nav><script>var a=1</script>
<main><h1>Joint plan</h1><p>The parties shall:</p>
<ol type="a"><li>train observers;</li><li>share reports.</li></ol>
<ol start="4"><li>They shall meet each year in the capital.</li></ol></main>
<footer>Cookie settings</footer></body></html>"""

AKN = b"""<?xml version="1.0"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement name="resolution">
<meta><identification source="#x"><FRBRWork><FRBRdate date="2011-05-06" name=""/></FRBRWork>
<FRBRExpression><FRBRlanguage language="eng"/></FRBRExpression></identification></meta>
<mainBody><paragraph><num>1.</num><content><p>Asks both bodies to train observers<authorialNote
marker="1"><p>See the earlier plan.</p></authorialNote> together;</p></content></paragraph>
<paragraph><num>2.</num><list><intro><p>Asks both bodies:</p></intro>
<point><num>(a)</num><content><p>to meet; and</p></content></point>
<point><num>(b)</num><content><p>to share reports.</p></content></point></list></paragraph>
</mainBody></statement></akomaNtoso>"""


def labelled(data: bytes, name: str) -> list[tuple[str, str]]:
    found = extract(data, name)
    assert found.document.status == "ok"
    return [(p.label, p.text) for p in found.passages]


def test_word_numbers_its_lists_itself() -> None:
    texts = [
        (0, "The parties shall:"),
        (1, "train observers;"),
        (1, "share reports."),
        (0, "They shall meet each year."),
    ]
    body = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        for depth, text in texts
    )
    assert labelled(hostile.docx(body.encode(), {"word/numbering.xml": NUMBERING}), "list.docx") == [
        ("para. 1", "1. The parties shall:"),
        ("para. 1(a)", "(a) train observers;"),
        ("para. 1(b)", "(b) share reports."),
        ("para. 2", "2. They shall meet each year."),
    ]


def test_html_lists_are_labelled_and_what_frames_the_page_is_dropped() -> None:
    assert labelled(HTML, "page.html") == [
        ("", "Joint plan"),
        ("", "The parties shall:"),
        ("(a)", "(a) train observers;"),
        ("(b)", "(b) share reports."),
        ("para. 4", "4. They shall meet each year in the capital."),
    ]


def test_akoma_ntoso_gives_numbers_notes_and_facts() -> None:
    assert labelled(AKN, "text.xml") == [
        ("para. 1", "1. Asks both bodies to train observers together;"),
        ("note 1", "See the earlier plan."),
        ("para. 2", "2. Asks both bodies:"),
        ("para. 2(a)", "(a) to meet; and"),
        ("para. 2(b)", "(b) to share reports."),
    ]
    found = extract(AKN, "text.xml")
    assert (found.document.language, found.document.date) == ("en", "2011-05-06")
    assert [(p.kind, p.note) for p in found.passages[:2]] == [("paragraph", "1"), ("footnote", "1")]
