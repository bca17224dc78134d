"""What the bundled corpus promises: model texts in our own words, said so on top, in all formats."""

import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Problem
from pipeline.ingest import load_metadata
from pipeline.ingest.fetch import load_sources
from pipeline.project import Project

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Project(ROOT)
DOCUMENTS = [name for name in PROJECT.sources() if not name.startswith("official/")]
NOTICES = {"en": "MODEL TEXT", "zh": "示范文本"}
DENIALS = {"en": "not the official instrument", "zh": "并非官方文书"}
FONT = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
JOINT_OPERATION = "un-eu/joint-operation/"


def language(name: str) -> str:
    return name.rsplit(".", 2)[1]


def plain(path: Path) -> str:
    """The text of a file, roughly, in reading order; not by the pipeline's own extractors."""
    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            text = archive.read("word/document.xml").decode("utf-8")
    else:
        text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix in (".docx", ".html", ".xml"):
        text = re.sub(r"<!--.*?-->|<(head|meta|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return text


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {name: plain(PROJECT.source(name)) for name in DOCUMENTS}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_text_says_on_top_in_its_language_that_it_is_a_model(name: str, texts: dict[str, str]) -> None:
    top = " ".join(texts[name].split())[:200]
    assert NOTICES[language(name)] in top
    assert DENIALS[language(name)] in top.replace("非 官", "非官")


def test_formats_and_languages() -> None:
    assert len(DOCUMENTS) >= 20
    languages = Counter(map(language, DOCUMENTS))
    assert languages["zh"] >= 7
    assert languages["en"] >= 12
    formats = Counter(name.rsplit(".", 1)[1] for name in DOCUMENTS)
    assert set(formats) == {"txt", "md", "html", "docx", "xml", "pdf"}
    assert formats["pdf"] >= 6
    assert {language(name) for name in DOCUMENTS if name.endswith(".pdf")} == {"en", "zh"}


def test_the_pdfs_have_the_layouts_that_extraction_must_master() -> None:
    heads = [path.read_text(encoding="utf-8") for path in (ROOT / "tools" / "texts").glob("*.md")]
    layouts = Counter(found[1] for head in heads if (found := re.search(r"^layout: (\S+)$", head, re.M)))
    assert {"plain", "two-column", "footnotes", "masthead"} <= set(layouts)


def test_every_text_has_numbered_parts_and_the_length_of_its_kind(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        size = len(text) * 3 if language(name) == "zh" else len(text)
        assert 1_500 < size < 20_000, name
        labels = re.findall(r"(?<!\w)\d+(?:\.\d+)?[. ]|Article \d|第[一二三四五六七八九十]+条|“The", text)
        assert len(labels) >= 7, name


def test_the_metadata_speaks_of_every_text_and_of_nothing_else() -> None:
    problems: list[Problem] = []
    metadata = load_metadata(PROJECT, problems)
    assert problems == []
    assert metadata.unmatched(DOCUMENTS) == []
    for name in DOCUMENTS:
        entry = metadata.entry(name)
        assert entry.model_text, name
        assert entry.kind and entry.date and entry.organisations and entry.title, name


def test_the_sources_are_readable() -> None:
    problems: list[Problem] = []
    sources = load_sources(PROJECT, problems).sources
    assert problems == []
    assert len(sources) >= 18
    assert all(source.organisations for source in sources)


def test_the_readme_lists_every_text_and_the_joint_operation() -> None:
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    assert [name for name in DOCUMENTS if f"`{name}`" not in readme] == []
    assert f"`{JOINT_OPERATION}`" in readme
    assert any(name.startswith(JOINT_OPERATION) for name in DOCUMENTS)


def made() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tools" / "texts").glob("*.md")):
        head = path.read_text(encoding="utf-8").splitlines()[0]
        yield path.name, head.removeprefix("file: ")


@pytest.mark.parametrize(("text", "name"), list(made()))
def test_the_script_makes_the_same_file_again(text: str, name: str, tmp_path: Path) -> None:
    chinese_pdf = name.endswith(".zh.pdf")
    if chinese_pdf and not FONT.exists():
        pytest.skip("needs the font of Debian's package fonts-lxgw-wenkai")
    script = ROOT / "tools" / "make_corpus.py"
    subprocess.run([sys.executable, script, "--out", tmp_path, text], check=True, capture_output=True)
    again, committed = tmp_path / name, ROOT / "corpus" / name
    if chinese_pdf:  # the bytes of an embedded subset depend on the versions of zlib and fontTools
        assert plain(again) == plain(committed)
    else:
        assert again.read_bytes() == committed.read_bytes()


# --- own words


def shingles(text: str) -> set[str]:
    """All runs of 12 words and of 25 Chinese characters, without punctuation."""
    words = re.findall(r"[a-zà-ÿ]+|\d+", text.lower())
    found = {" ".join(words[i : i + 12]) for i in range(len(words) - 11)}
    characters = "".join(re.findall(r"[一-鿿]", text))
    return found | {characters[i : i + 25] for i in range(len(characters) - 24)}


def reference_texts(shared: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(shared.rglob("*")):
        readable = path.suffix in (".txt", ".md", ".xml", ".html", ".htm", ".jsonl", ".docx", ".pdf")
        if path.is_file() and readable and "sealed" not in path.relative_to(shared).parts:
            yield path.relative_to(shared).as_posix(), plain(path)


@pytest.mark.reference
@pytest.mark.slow
def test_nothing_is_copied_from_the_reference_documents(shared: Path, texts: dict[str, str]) -> None:
    ours: dict[str, str] = {}
    for name, text in texts.items():
        ours |= dict.fromkeys(shingles(text), name)
    seen = 0
    copied: list[Any] = []
    for name, text in reference_texts(shared):
        seen += 1
        copied += [(ours[run], name, run) for run in ours.keys() & shingles(text)]
    assert seen > 50
    assert copied == []
