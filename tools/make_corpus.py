"""Make the PDF, DOCX and Akoma Ntoso files of the bundled corpus from the texts in `tools/texts/`.

    python tools/make_corpus.py [--out DIR] [NAME…]

A text starts with lines `key: value` (`file` is where it goes below `corpus/`), then a blank line,
then blocks separated by blank lines: `# title`, `## heading`, `### subheading`, `[^1]: footnote`,
`_signature_`, and paragraphs, numbered as they are printed. The output is the same every time; the
Chinese PDFs need the font of Debian's package `fonts-lxgw-wenkai` (SIL Open Font License 1.1).
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "tools" / "texts"
NOTICE = {
    "en": "MODEL TEXT written for this project in the manner of such documents. "
    "It is not the official instrument.",
    "zh": "示范文本：为本项目仿照此类文件的体例撰写，并非官方文书。",
}
_MARKS = (("### ", "subheading"), ("## ", "heading"), ("# ", "title"))


@dataclass(frozen=True)
class Block:
    """One paragraph of a text. `kind` is title, heading, subheading, paragraph, signature or note."""

    kind: str
    text: str
    mark: str = ""
    """The number of a footnote."""


@dataclass(frozen=True)
class Text:
    """A text and what its head says: file, layout, lang, symbol, date, head, foot, …"""

    head: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def language(self) -> str:
        return self.head.get("lang") or ("zh" if ".zh." in self.head["file"] else "en")

    @property
    def notice(self) -> str:
        return NOTICE[self.language]

    @property
    def title(self) -> str:
        return self.head.get("title") or next(b.text for b in self.blocks if b.kind == "title")


def read(path: Path) -> Text:
    """Read a text file in the notation described above."""
    lines, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    head = dict(line.split(": ", 1) for line in lines.splitlines())
    body = re.sub(r"\n(?=\[\^\d+\]: )", "\n\n", body)  # footnotes may follow without blank lines
    return Text(head, tuple(_block(part.strip()) for part in body.split("\n\n") if part.strip()))


def _block(part: str) -> Block:
    for mark, kind in _MARKS:
        if part.startswith(mark):
            return Block(kind, part.removeprefix(mark))
    if note := re.match(r"\[\^(\d+)\]: (.*)", part):
        return Block("note", note[2], note[1])
    if part.startswith("_") and part.endswith("_"):
        return Block("signature", part.strip("_"))
    return Block("paragraph", part)


def render(text: Text) -> bytes:
    """Return the file that the head of the text asks for, by the ending of its name."""
    ending = text.head["file"].rsplit(".", 1)[1]
    if ending == "pdf":
        from corpus_pdf import pdf

        return pdf(text)
    from corpus_markup import akoma_ntoso, docx

    return docx(text) if ending == "docx" else akoma_ntoso(text).encode("utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Write the files; a text whose font is missing is named and left out (exit code 4)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="start of the file names of texts; default all")
    parser.add_argument("--out", type=Path, default=ROOT / "corpus", help="folder to write to")
    options = parser.parse_args(arguments)
    missing = False
    for path in sorted(TEXTS.glob("*.md")):
        if options.names and not any(path.name.startswith(name) for name in options.names):
            continue
        text = read(path)
        target = options.out / text.head["file"]
        try:
            content = render(text)
        except FileNotFoundError as error:
            print(f"{target}: not made: {error}", file=sys.stderr)
            missing = True
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        print(target)
    return 4 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
