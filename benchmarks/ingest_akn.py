"""Score what is read from PDFs of resolutions against the same resolutions in the Secretariat's XML.

    python benchmarks/ingest_akn.py [PDF_FOLDER AKN_FOLDER]

A passage counts when its label, its section and its text (0.99 similar or more, white space aside)
agree with a passage of the XML. Both sides are read through `pipeline.ingest.extract`; mastheads
are left out on both. The character error rate is the edit distance of the whole body text over its
length. Non-breaking hyphens count as hyphens.
"""

import os
import sys
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from pipeline.ingest import extract
from pipeline.model import Passage

SIMILAR = 99.0


def plain(text: str) -> str:
    return "".join(text.replace("\u2011", "-").replace("\u00a0", " ").split())


def body(passages: tuple[Passage, ...]) -> list[Passage]:
    return [passage for passage in passages if passage.kind != "title"]


def key(passage: Passage) -> tuple[str, tuple[str, ...]]:
    return passage.label, tuple(plain(heading) for heading in passage.section)


def matched(found: list[Passage], expected: list[Passage]) -> tuple[int, list[Passage], list[Passage]]:
    """Return how many passages agree, in order, and those on either side that do not."""
    left = list(expected)
    wrong = []
    hits = 0
    for passage in found:
        hit = next(
            (
                p
                for p in left
                if key(p) == key(passage) and ratio(plain(p.text), plain(passage.text)) >= SIMILAR
            ),
            None,
        )
        if hit is None:
            wrong.append(passage)
        else:
            hits += 1
            left.remove(hit)
    return hits, wrong, left


def main() -> int:
    shared = (
        Path(os.environ.get("PIPELINE_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "documents"
    )
    pdfs, akns = (
        (Path(argument) for argument in sys.argv[1:3])
        if len(sys.argv) > 2
        else (shared / "pdf", shared / "akn")
    )
    totals = [0, 0, 0, 0, 0]
    for pdf in sorted(pdfs.glob("*.pdf")):
        parts = pdf.name.removesuffix(".pdf").split("_")
        twin = next((p for p in akns.glob("*.xml") if p.name.split(".")[0] == "_".join(parts[:3])), None)
        if twin is None:
            continue
        found = body(extract(pdf.read_bytes(), pdf.name).passages)
        expected = body(extract(twin.read_bytes(), twin.name).passages)
        hits, wrong, missed = matched(found, expected)
        one, other = ("".join(plain(p.text) for p in side) for side in (found, expected))
        distance = Levenshtein.distance(one, other)
        for index, value in enumerate((hits, len(found), len(expected), distance, len(other))):
            totals[index] += value
        print(f"{pdf.name}: F1 {2 * hits / (len(found) + len(expected)):.3f} ({hits} of {len(found)} found, {len(expected)} expected), "
              f"character error rate {distance / len(other):.3%}")  # fmt: skip
        for side, passages in (("found   ", wrong), ("expected", missed)):
            for passage in passages:
                print(
                    f"   {side} {passage.kind:9} {passage.label:12} {' > '.join(passage.section):30.30} {passage.text[:70]!r} … {passage.text[-30:]!r}"
                )
    hits, found_count, expected_count, distance, length = totals
    if not length:
        print("no PDF with an XML twin found", file=sys.stderr)
        return 4
    print(
        f"all: passage F1 {2 * hits / (found_count + expected_count):.4f}, character error rate {distance / length:.4%}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
