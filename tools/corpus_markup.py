"""Word and Akoma Ntoso files of the bundled corpus, written without libraries so that bytes repeat."""

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from make_corpus import Block, Text

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = {"title": "Title", "heading": "Heading1", "subheading": "Heading2", "signature": "Signature"}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(text: "Text") -> bytes:
    """Return a Word file: the notice in italics, then a paragraph for each block, with Word's own styles."""
    paragraphs = [_word_paragraph(text.notice, "Normal", italic=True)]
    paragraphs += [_word_paragraph(block.text, _STYLES.get(block.kind, "Normal")) for block in text.blocks]
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'  # noqa: E501 (one XML element)
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/></Types>',  # noqa: E501
        "_rels/.rels": f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',  # noqa: E501
        "word/_rels/document.xml.rels": f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',  # noqa: E501
        "word/styles.xml": _word_styles(text.language),
        "word/document.xml": f'{_XML}<w:document xmlns:w="{_W}"><w:body>{"".join(paragraphs)}{page}</w:body></w:document>',  # noqa: E501
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # stored: bytes do not depend on zlib
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content.encode("utf-8"))
    return target.getvalue()


def _word_paragraph(text: str, style: str, *, italic: bool = False) -> str:
    properties = "<w:rPr><w:i/></w:rPr>" if italic else ""
    run = f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _word_styles(language: str) -> str:
    code = {"en": "en-GB", "zh": "zh-CN"}[language]
    attribute = "w:eastAsia" if language == "zh" else "w:val"

    def style(name: str, label: str, size: int, extra: str = "", outline: str = "") -> str:
        based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
        default = ' w:default="1"' if name == "Normal" else ""
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{label}"/>{based}'
            f'<w:pPr><w:spacing w:after="160"/>{outline}</w:pPr>'
            f'<w:rPr>{extra}<w:sz w:val="{size}"/></w:rPr></w:style>'
        )

    styles = [
        style("Normal", "Normal", 22, f'<w:lang {attribute}="{code}"/>'),
        style("Title", "Title", 32, "<w:b/>"),
        style("Heading1", "heading 1", 26, "<w:b/>", '<w:outlineLvl w:val="0"/>'),
        style("Heading2", "heading 2", 24, "<w:b/>", '<w:outlineLvl w:val="1"/>'),
        style("Signature", "Signature", 22, "<w:i/>"),
    ]
    return f'{_XML}<w:styles xmlns:w="{_W}">{"".join(styles)}</w:styles>'


_WORDS = {
    "en": {"un": "United Nations", "distr": "Distr.: General", "lang": "eng"},
    "zh": {"un": "联合国", "distr": "Distr.: General", "lang": "zho"},
}


def akoma_ntoso(text: "Text") -> str:
    """Return a resolution or statement the way the United Nations marks up its own."""
    words, head = _WORDS[text.language], text.head
    kind = head.get("kind", "resolution")
    date = head["date"]
    name = re.sub(r"[^a-z0-9]+", "-", head["file"].lower())
    address, language = f"/akn/un/statement/deliberation/model/{date}/{name}", words["lang"]
    preamble, operative = _split(text.blocks)
    identification = "".join(
        f'<FRBR{level}><FRBRthis value="{address}/{code}!main"/><FRBRuri value="{address}/{code}"/>'
        f'<FRBRdate date="{date}" name="{name}"/><FRBRauthor href="sc" as="{role}"/>{extra}</FRBR{level}>\n'
        for level, code, name, role, extra in (
            ("Work", "", "adoption", "author", '<FRBRcountry value="un"/>'),
            ("Expression", f"{language}@", "publication", "issuer", f'<FRBRlanguage language="{language}"/>'),
            ("Manifestation", f"{language}@.xml", "markup", "editor", ""),
        )
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
<!-- {escape(text.notice)} -->
<statement name="{kind}">
<meta><identification source="#model">
{identification}</identification></meta>
<coverPage eId="coverPage_1">
<p class="notice">{escape(text.notice)}</p>
<p><docAuthority refersTo="#publisher">{words["un"]}</docAuthority></p>
<p><docNumber refersTo="#symbol">{escape(head["symbol"])}</docNumber></p>
<p><docAuthority refersTo="#issuingBody">{escape(head["body"])}</docAuthority></p>
<p><docStatus refersTo="#generalDistribution">{words["distr"]}</docStatus></p>
<p><docDate date="{date}" refersTo="#dateOfIssuance">{date}</docDate></p>
<p><docTitle>{escape(text.title)}</docTitle></p>
</coverPage>
{preamble}<mainBody>
{operative}</mainBody>
</statement>
</akomaNtoso>
"""


def _split(blocks: "tuple[Block, ...]") -> tuple[str, str]:
    """Return the preamble, if paragraphs are numbered, and the body, as XML."""
    first = next((i for i, block in enumerate(blocks) if re.match(r"\d+\. ", block.text)), None)
    before = blocks[: first or 0]
    preamble = ""
    for number, block in enumerate(before, 1):
        tag, name = ("formula", "enactingFormula") if number == 1 else ("container", "preambular")
        place = f'name="{name}" eId="{tag}_{number}"'
        preamble += f"<{tag} {place}><p>{_emphasis(block.text)}</p></{tag}>\n"
    body = "".join(_paragraph(number, block.text) for number, block in enumerate(blocks[first or 0 :], 1))
    return (f'<preamble eId="preamble_1">\n{preamble}</preamble>\n' if preamble else ""), body


def _paragraph(number: int, text: str) -> str:
    label, content = "", text
    if numbered := re.match(r"(\d+\.) (.*)", text, re.DOTALL):
        label, content = f"<num>{numbered[1]}</num>", numbered[2]
    return (
        f'<paragraph eId="para_{number}" class="SingleTxt">{label}<content eId="para_{number}__content">'
        f"<p>{_emphasis(content) if label else escape(content)}</p></content></paragraph>\n"
    )


_ENGLISH_OPENING = r"[A-Z][a-z]+(?: (?:further|on|upon|note of))?"
_CHINESE_OPENING = r"[一-鿿]{2,4}?(?=其|秘书|非洲|平民|中非|中部|安全|设立|继续|会员|\d|，)"


def _emphasis(text: str) -> str:
    """Set the opening words in italics (English) or bold (Chinese), as the Council's texts do."""
    for pattern, style in ((_ENGLISH_OPENING, "italic"), (_CHINESE_OPENING, "bold")):
        if opening := re.match(pattern, text):
            word, rest = opening[0], text[opening.end() :]
            return f'<span class="{style}">{escape(word)}</span>{escape(rest)}'
    return escape(text)
