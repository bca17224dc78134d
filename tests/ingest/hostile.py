"""Files built to hang, crash or exhaust what reads them; made here so that none has to be stored."""

import io
import itertools
import zipfile
import zlib


def pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """Write a PDF of numbered object bodies, with a correct cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n")
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, start))
    return out.getvalue()


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def page_with(content: bytes, entries: bytes = b"", resources: bytes = b"") -> dict[int, bytes]:
    """One page with a content stream; objects 1 to 5 are taken."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
        4: stream(content, entries),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }


SENTENCE = b"BT /F1 12 Tf 72 700 Td (The two organizations set up a joint committee in the capital.) Tj ET"


def plain() -> bytes:
    return pdf(page_with(SENTENCE))


def self_reference() -> bytes:
    """An object that is nothing but a reference to itself, where the page tree should be."""
    objects = page_with(SENTENCE)
    objects[2] = b"2 0 R"
    return pdf(objects)


def flate_bomb(size: int = 2 * 2**30) -> bytes:
    """A content stream that unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    block = b" " * 2**20
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    return pdf(page_with(packed, b"/Filter /FlateDecode"))


def double_flate(size: int = 2 * 2**30) -> bytes:
    """The same packed twice: a few kilobytes."""
    packer = zlib.compressobj(9)
    block = b" " * 2**20
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    return pdf(page_with(zlib.compress(packed, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def recursive_form() -> bytes:
    """A form object that draws itself."""
    objects = page_with(b"/X1 Do", resources=b"/XObject << /X1 6 0 R >>")
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X1 6 0 R >> /Font << /F1 5 0 R >> >>"
    objects[6] = stream(SENTENCE + b" /X1 Do", entries)
    return pdf(objects)


def nested_forms(depth: int = 60) -> bytes:
    """Forms that each draw the next one twice: 2 to the power of `depth` drawings."""
    objects = page_with(b"/X6 Do", resources=b"/XObject << /X6 6 0 R >>")
    for number in range(6, 6 + depth):
        inner = b"/X%d Do /X%d Do" % (number + 1, number + 1) if number < 5 + depth else SENTENCE
        entries = (
            b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
            b" /Resources << /XObject << /X%d %d 0 R >> /Font << /F1 5 0 R >> >>"
            % (number + 1, min(number + 1, 5 + depth))
        )
        objects[number] = stream(inner, entries)
    return pdf(objects)


def many_characters(count: int = 10_000_000) -> bytes:
    """One page with `count` characters, packed to some kilobytes."""
    content = b"BT /F1 1 Tf 10 700 Td " + b"(" + b"a" * 1000 + b") Tj " * 1
    content = b"BT /F1 1 Tf 10 700 Td " + (b"(" + b"a" * 1000 + b") Tj ") * (count // 1000) + b"ET"
    return pdf(page_with(zlib.compress(content, 9), b"/Filter /FlateDecode"))


def repeated_page(count: int = 20_000) -> bytes:
    """A page tree that names the same page again and again."""
    objects = page_with(SENTENCE)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count)
    return pdf(objects)


def docx(body: bytes, extra: dict[str, bytes] | None = None) -> bytes:
    """A Word file with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            b'<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr("word/document.xml", WORD_START + body + b"</w:body></w:document>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


WORD_START = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    b' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
)


def docx_bomb(paragraphs: int = 3_000_000) -> bytes:
    return docx(b"<w:p><w:r><w:t>peace</w:t></w:r></w:p>" * paragraphs)


def docx_entities() -> bytes:
    """A Word file whose document type declares entities that grow tenfold at each step."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        body = WORD_START.replace(b'"UTF-8"?>', b'"UTF-8"?>' + _laughs(b"w:document"))
        archive.writestr(
            "word/document.xml", body + b"<w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
        )
    return out.getvalue()


def entity_bomb() -> bytes:
    return (
        b'<?xml version="1.0"?>'
        + _laughs(b"akomaNtoso")
        + b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">'
        b"<statement><mainBody><paragraph><num>1.</num><content><p>&i;</p></content></paragraph></mainBody></statement></akomaNtoso>"
    )


def _laughs(root: bytes) -> bytes:
    names = b"abcdefghi"
    lines = [b'<!ENTITY a "peace peace peace peace">']
    for before, name in itertools.pairwise(names):
        lines.append(b'<!ENTITY %c "%s">' % (name, b"&%c;" % before * 10))
    return b"<!DOCTYPE %s [%s]>" % (root, b"".join(lines))
