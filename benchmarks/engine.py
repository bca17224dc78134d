"""Speed of finding evidence: against spaCy's tokenizer, and of the indexed engine against the plain one.

    python benchmarks/engine.py [PROJECT] [--language en] [--plain UNITS] [--profile]

PROJECT is a folder with ingested documents (default: this one). All figures are from one process,
over the same texts; each is the best of five passes, after one pass to warm up.
"""

import argparse
import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from pipeline import store
from pipeline.annotate import Annotator
from pipeline.annotate.segment import units
from pipeline.errors import Problem
from pipeline.project import Project
from pipeline.rules import load_rules


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the shortest time of the work, in seconds of this process."""
    shortest = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        shortest = min(shortest, time.process_time() - started)
    return shortest


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("project", nargs="?", type=Path, default=Path())
    parser.add_argument("--rules", type=Path, default=Path(__file__).resolve().parent.parent / "rules")
    parser.add_argument("--language", default="en")
    parser.add_argument("--plain", type=int, default=150, metavar="UNITS", help="for the plain engine")
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    problems: list[Problem] = []
    rules = load_rules(arguments.rules.absolute(), problems)
    project = Project(arguments.project)
    read = [store.read_document(project.document_file(name)) for name in project.known_documents()]
    texts = [one for one in read if one[0].language == arguments.language and one[1]]
    if not texts:
        sys.exit("no documents: run `pipeline ingest` in the project first")
    characters = sum(len(passage.text) for _, passages in texts for passage in passages)
    indexed = Annotator(rules)
    nlp = spacy.blank("en")

    def tokenise() -> None:
        for _, passages in texts:
            for passage in passages:
                nlp(passage.text)

    def annotate() -> int:
        return sum(len(indexed.annotate(*one)) for one in texts)

    cold = best_of(1, tokenise)
    found = annotate()
    gc.collect()
    warm, whole = best_of(5, tokenise), best_of(5, annotate)
    sentences = sum(len(units(passages)) for _, passages in texts)
    count = len(rules.by_language[arguments.language].rules)
    print(f"{len(texts)} documents, {characters:,} characters, {sentences:,} sentences, {count} rules")
    print(f"tokenise with spacy.blank('en')   {warm:8.3f} s   (first pass {cold:.3f} s)")
    print(f"annotate, passages to evidence    {whole:8.3f} s   {found:,} pieces of evidence")
    print(f"annotate / tokenise               {whole / warm:8.2f}     (first pass {whole / cold:.2f})")
    if arguments.profile:
        with cProfile.Profile() as profile:
            annotate()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    _against_plain(rules, texts, indexed, arguments.plain)


def _against_plain(rules, texts, indexed, limit: int) -> None:  # type: ignore[no-untyped-def]
    plain = Annotator(rules, "plain")
    some = []
    for document, passages in texts:
        if limit > 0:
            some.append((document, passages[:limit]))
            limit -= len(units(passages[:limit]))
    assert [plain.annotate(*one) for one in some] == [indexed.annotate(*one) for one in some]
    slow = best_of(1, lambda: [plain.annotate(*one) for one in some])
    fast = best_of(5, lambda: [indexed.annotate(*one) for one in some])
    sentences = sum(len(units(passages)) for _, passages in some)
    print(f"plain engine, {sentences} sentences      {slow:8.3f} s")
    print(f"indexed engine, the same          {fast:8.3f} s   {slow / fast:.0f} times as fast, same evidence")


if __name__ == "__main__":
    main()
