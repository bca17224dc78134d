"""Whatever the bytes: offsets follow from the text, and the same bytes give the same records."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import extract
from pipeline.ingest.extract import Ingested
from pipeline.model import digest, text_of

PIECES = [
    "Article 1",
    "1. ",
    "(a) ",
    "(i) ",
    "第四条",
    "一、",
    "（一）",
    "The parties meet.",
    "e\u0301",
    "双方会晤。",
    "# ",
    "**",
    " ",
    "\n",
    "\n\n",
    "\t",
    "\u3000",
    "😀",
    "Annex",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)
NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a"])


def check(found: Ingested) -> None:
    text = text_of(found.passages)
    assert [p.text for p in found.passages] == [text[p.start : p.end] for p in found.passages]
    assert [p.number for p in found.passages] == list(range(1, len(found.passages) + 1))
    assert found.document.text_hash == digest(text.encode("utf-8", "surrogatepass"))
    assert (found.document.status in ("ok", "partial")) == bool(found.passages)
    assert found.passages or found.document.warnings


@settings(max_examples=150, deadline=None)
@given(TEXTS, NAMES)
def test_any_text(text: str, name: str) -> None:
    data = text.encode("utf-8", "replace")
    found = extract(data, name)
    check(found)
    assert extract(data, name) == found


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"<html>", b"<akomaNtoso>"]),
    NAMES,
)
def test_any_bytes(data: bytes, start: bytes, name: str) -> None:
    found = extract(start + data, name)
    check(found)
    assert extract(start + data, name) == found
