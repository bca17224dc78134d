"""How long codings take: a million pieces of made-up evidence in 200 cases, then one document more.

python benchmarks/coding.py [EVIDENCE] [CASES]
"""

import random
import sys
import time
from pathlib import Path

from pipeline.coding import Coder, load_cases, load_scheme
from pipeline.errors import Problem
from pipeline.model import Document, Evidence, ReviewedEvidence
from pipeline.rules.cases import Case, Cases, Wording

CODES = [
    "agreement.instrument", "binding.obligation", "binding.right", "binding.liability",
    "binding.final_clause",
    "binding.hortatory", "action.information_sharing", "action.policy_coordination", "action.joint_decision",
    "action.joint_implementation", "resource.funding", "resource.personnel", "resource.logistics",
    "resource.authority", "goal.peace_security", "norm.civilian_protection", "norm.non_indifference",
    "norm.non_interference", "norm.civil_military", "norm.peacekeeping_principles",
]  # fmt: skip
ROLES = ["need", "provision", "substitution"]
KINDS = ["declaration", "framework", "report", "resolution", "charter", "memorandum"]
SENTENCE = (
    "The two organisations agreed on sentence number {}, by which a fifth of the costs falls to others."
)


def document(number: int, case: int, chance: random.Random) -> Document:
    """A document of the UN and the partner of a case."""
    return Document(
        id=f"d/{number:06d}.txt", source_hash="", media_type="text/plain", status="ok", language="en",
        date=str(chance.randint(1999, 2025)), kind=chance.choice(KINDS),
        organisations=("UN", f"ORG{case:03d}"),
        extractor="", extractor_version="", text_hash="",
    )  # fmt: skip


def piece(number: int, source: Document, chance: random.Random) -> ReviewedEvidence:
    """A piece of evidence from a document, of any code."""
    partner = source.organisations[1]
    code = chance.choice(CODES)
    both = code.startswith(("action.", "agreement."))
    quote = SENTENCE.format(number)
    return ReviewedEvidence(
        evidence=Evidence(
            id=f"{number:016x}", document=source.id, start=number, end=number + len(quote), quote=quote,
            trigger=quote[:9], trigger_start=number, trigger_end=number + 9, prefix="", suffix="", label="",
            page=None, section=(), language="en", code=code,
            organisations=("UN", partner) if both else (chance.choice(("UN", partner)),),
            theatres=chance.choice(((), (), (f"T{partner[3:]}",), ("elsewhere",))),
            status=chance.choice(("performed", "committed", "called_for")),
            role=chance.choice(ROLES) if code.startswith("resource") else None,
            polarity="affirmed" if code.startswith(("norm", "goal")) else None,
            issue=chance.choice(("", "unit", "heading", "document")),
            instrument=f"declaration:{chance.randint(1999, 2025)}:{partner}+UN" if code == CODES[0] else "",
            rules=("r",), passage=1, kind="paragraph", text_hash="", rules_hash="",
        )
    )  # fmt: skip


def main(evidence: int, cases: int) -> None:
    """Print how long each step takes."""
    chance = random.Random(1)
    problems: list[Problem] = []
    rules = Path(__file__).resolve().parent.parent / "rules"
    scheme, shipped = load_scheme(rules, problems), load_cases(rules, problems)
    assert scheme and shipped, problems
    pairs = Cases(
        cases=tuple(
            Case(id=f"UN-{n:03d}", title=Wording(en=f"UN and {n}"), organisations=("UN", f"ORG{n:03d}"),
                 theatres=(f"T{n:03d}",), years=shipped.cases[0].years)
            for n in range(cases)
        )
    )  # fmt: skip
    documents = [document(n, n % cases, chance) for n in range(evidence // 200)]
    records = [piece(n, documents[n % len(documents)], chance) for n in range(evidence)]
    print(f"{evidence:,} pieces of evidence in {len(documents):,} documents, {cases} cases")
    started = time.perf_counter()
    coder = Coder(scheme, pairs, documents, records)
    laid_out = time.perf_counter()
    codings = coder.codings()
    coded = time.perf_counter()
    print(
        f"laid out in {laid_out - started:.1f} s, {len(codings):,} codings in {coded - laid_out:.1f} s more"
    )
    another = document(len(documents), 7, chance)
    more = [piece(evidence + n, another, chance) for n in range(200)]
    started = time.perf_counter()
    coder.put(another, more)
    again = coder.codings()
    changed = sum(a != b for a, b in zip(codings, again, strict=False))
    print(
        f"one document more: {time.perf_counter() - started:.2f} s, {changed} codings rest on other evidence"
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] or ("1000000", "200")))
