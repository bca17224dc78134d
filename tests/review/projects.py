"""Project folders on disk for the tests of the review page."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline import store
from pipeline.model import Evidence, Passage, digest, text_of
from pipeline.project import Project
from tests.records import document as document_record
from tests.records import evidence as evidence_record
from tests.records import passages as paragraphs

RULES = Path(__file__).parents[2] / "rules"
PATROL = "The two missions set up joint patrols in the northern sector."
HAN = "𠀀𪚥两组织每年举行磋商，并在北部地区联合巡逻。"
SCRIPT = (
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> shall consult."
)
Found = tuple[str, str, str]
"""Quote, trigger within it, code."""


def put(
    project: Project, name: str, texts: Sequence[str], found: Sequence[Found], language: str = "en"
) -> None:
    """Write a document with its evidence as ingest and annotate would."""
    passages = paragraphs(*texts)
    write(project, name, passages, [(quote, trigger, code) for quote, trigger, code in found], language)


def write(
    project: Project, name: str, passages: Sequence[Passage], found: Sequence[Found], language: str = "en"
) -> list[Evidence]:
    """Write passages with their evidence; return the evidence."""
    text = text_of(passages)
    text_hash = digest(text.encode())
    header = document_record(name, text_hash=text_hash, language=language, title=f"Title of {name}")
    store.write(project.document_file(name), [header, *passages])
    pieces = []
    for quote, trigger, code in found:
        start = text.index(quote)
        end = start + len(quote)
        passage = next(one for one in passages if one.start <= start <= one.end)
        pieces.append(
            evidence_record(
                quote, code, document=name, start=start, trigger=trigger, language=language,
                prefix=text[max(0, start - 32) : start], suffix=text[end : end + 32], text_hash=text_hash,
                passage=passage.number, label=passage.label, page=passage.page, cases=("UN-AU",),
                organisations=("AU", "UN"), status="performed" if code.startswith("action") else None,
            )
        )  # fmt: skip
    store.write(project.evidence_file(name), sorted(pieces, key=lambda piece: (piece.start, piece.code)))
    return pieces


def small(root: Path) -> Project:
    """Make a project of three documents: English, Chinese beyond U+FFFF, and a hostile one."""
    shutil.copytree(RULES, root / "rules")
    project = Project(root)
    put(
        project,
        "a.txt",
        ["An opening paragraph.", PATROL, "The councils shall meet once a year. They shall report."],
        [
            (PATROL, "joint patrols", "action.joint_implementation"),
            ("The councils shall meet once a year.", "shall meet", "action.information_sharing"),
            ("They shall report.", "shall report", "binding.obligation"),
        ],
    )
    put(project, "b.zh.txt", ["序言𠀀。", HAN], [(HAN, "磋商", "action.information_sharing")], "zh")
    put(project, "c.txt", [SCRIPT], [(SCRIPT, "shall consult", "action.information_sharing")])
    return project


def large(root: Path, pieces: int, documents: int) -> Project:
    """Make a project with very many pieces of evidence."""
    shutil.copytree(RULES, root / "rules")
    project = Project(root)
    codes = (
        "action.information_sharing",
        "binding.obligation",
        "resource.funding",
        "norm.civilian_protection",
    )
    each = pieces // documents
    for number in range(documents):
        texts = [
            f"Sentence {at} of document {number} says that they shall meet and consult." for at in range(each)
        ]
        found = [(text, "shall meet", codes[at % len(codes)]) for at, text in enumerate(texts)]
        passages = paragraphs(*texts)
        _write_fast(project, f"d{number:04}.txt", passages, found)
    return project


def _write_fast(project: Project, name: str, passages: Sequence[Passage], found: Sequence[Found]) -> None:
    text_hash = digest(text_of(passages).encode())
    store.write(project.document_file(name), [document_record(name, text_hash=text_hash), *passages])
    store.write(
        project.evidence_file(name),
        [
            evidence_record(
                quote, code, document=name, start=passage.start, trigger=trigger, text_hash=text_hash,
                passage=passage.number, label=passage.label, cases=("UN-AU",), organisations=("AU", "UN"),
            )
            for passage, (quote, trigger, code) in zip(passages, found, strict=True)
        ],
    )  # fmt: skip
