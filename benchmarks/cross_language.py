"""Do the English and the Chinese text of the same paragraph receive the same codes?

    python benchmarks/cross_language.py [AKN_FOLDER] [--rules DIR] [--without NUMBER ...] [--differences CODE]

Every resolution in the folder that has both `….en.xml` and `….zh.xml` is annotated twice. Paragraphs
are paired by their label ("para. 12(b)" with "第12段(b)"), preambular ones by their order, headings by
neither. What is compared are sets of (paragraph, code): F1 of one coding against the other, for each
code, for each resolution and overall; and, where both have the code, how often status, role, polarity
and organisations agree.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipeline.annotate import Annotator
from pipeline.errors import Problem
from pipeline.ingest import extract
from pipeline.model import Evidence, Passage
from pipeline.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent
CIRCLED = {mark: str(number) for number, mark in enumerate("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", 1)}
CHINESE = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", 1)}
ROMAN = {
    numeral: str(number)
    for number, numeral in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"], 1)
}
ATTRIBUTES = ("status", "role", "polarity", "organisations")

Place = str
Coding = dict[tuple[Place, str], list[Evidence]]


def place_of(label: str, known: set[Place]) -> Place:
    """Return a label without its language: "para. 12(b)(ii)" and "第12段(b)（㈡）" are both "12.b.2".

    "(i)" is the letter where the same list, among the places known so far, has an "(a)".
    """
    for signs in (CIRCLED, CHINESE):
        for sign, number in signs.items():
            label = label.replace(sign, number)
    place = ""
    for part in re.findall(r"\d+|[a-z]+", label.replace("para", "")):
        numbered = ROMAN.get(part, part) if f"{place}.a" not in known else part
        place = f"{place}.{numbered}" if place else part
    return place


def places(passages: Sequence[Passage]) -> dict[int, Place]:
    """Return where each passage stands: its label, or its order in the preamble."""
    found: dict[int, Place] = {}
    known: set[Place] = set()
    preamble, paragraph = 0, ""
    for passage in passages:
        if passage.kind == "preamble" and not passage.label:
            preamble += 1
            place = f"0.{preamble}"
        elif passage.kind not in ("operative", "item", "preamble", "paragraph"):
            continue
        elif re.search(r"\d", passage.label.split("(")[0].split("（")[0]):
            place = place_of(passage.label, known)
            paragraph = place if passage.kind == "operative" else paragraph
        else:
            above = paragraph or f"0.{preamble}"
            place = place_of(f"{above}({passage.label})", known) if passage.label else above
        known.add(place)
        found[passage.number] = place
    return found


def coding(annotator: Annotator, path: Path) -> tuple[Coding, set[Place]]:
    """Return the evidence of a file by paragraph and code, and its paragraphs."""
    read = extract(path.read_bytes(), path.name)
    where = places(read.passages)
    found: Coding = defaultdict(list)
    for evidence in annotator.annotate(read.document, read.passages):
        if place := where.get(evidence.passage):
            found[place, evidence.code].append(evidence)
    return found, set(where.values())


def f1(both: int, first: int, second: int) -> float:
    return 2 * both / (first + second) if first + second else 1.0


def agree(attribute: str, english: list[Evidence], chinese: list[Evidence]) -> bool | None:
    """Whether two codings of a paragraph share a value; None where neither carries one."""
    ours, theirs = ({getattr(one, attribute) for one in side} - {None, ()} for side in (english, chinese))
    return bool(ours & theirs) if ours or theirs else None


def main() -> None:
    """Annotate the pairs and print how far they agree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared" / "documents" / "akn")
    parser.add_argument("--rules", type=Path, default=ROOT / "rules")
    parser.add_argument("--without", nargs="*", default=[], metavar="NUMBER", help="resolutions left out")
    parser.add_argument(
        "--differences", metavar="CODE", help="show paragraphs where only one side has the code"
    )
    arguments = parser.parse_args()
    problems: list[Problem] = []
    annotator = Annotator(load_rules(arguments.rules, problems))
    for problem in problems:
        print(problem)
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    attributes: dict[str, Counter[bool]] = defaultdict(Counter)
    for chinese_path in sorted(arguments.folder.glob("*.zh.xml")):
        english_path = chinese_path.with_name(chinese_path.name.replace(".zh.", ".en."))
        name = chinese_path.name.removesuffix(".zh.xml")
        if not english_path.exists() or name.rpartition("_")[2] in arguments.without:
            continue
        english, english_places = coding(annotator, english_path)
        chinese, chinese_places = coding(annotator, chinese_path)
        paired = english_places & chinese_places
        counts: Counter[str] = Counter()
        for place, code in sorted(english.keys() | chinese.keys()):
            if place not in paired:
                continue
            sides = [side.get((place, code), []) for side in (english, chinese)]
            seen = Counter(both=int(all(sides)), english=int(bool(sides[0])), chinese=int(bool(sides[1])))
            codes[code] += seen
            counts += seen
            for attribute in ATTRIBUTES:
                if all(sides) and (same := agree(attribute, *sides)) is not None:
                    attributes[attribute][same] += 1
            if arguments.differences and code.startswith(arguments.differences) and not all(sides):
                side, one = ("en", sides[0][0]) if sides[0] else ("zh", sides[1][0])
                print(f"{name} {place} {code}: only {side}, by {one.rules[0]} on “{one.trigger}”")
                print(f"    {' '.join(one.quote.split())[:300]}")
        unpaired = len(english_places ^ chinese_places)
        score = f1(counts["both"], counts["english"], counts["chinese"])
        print(
            f"{name:12s} F1={score:.2f}  en={counts['english']} zh={counts['chinese']}  unpaired={unpaired}"
        )
    total: Counter[str] = Counter()
    for code, seen in sorted(codes.items()):
        total += seen
        score = f1(seen["both"], seen["english"], seen["chinese"])
        print(f"{code:32s} F1={score:.2f}  en={seen['english']} zh={seen['chinese']} both={seen['both']}")
    for attribute, answers in attributes.items():
        print(f"{attribute:32s} {answers[True]} of {answers.total()} agree")
    print(f"overall F1={f1(total['both'], total['english'], total['chinese']):.3f}")


if __name__ == "__main__":
    main()
