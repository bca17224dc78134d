"""`python -m pipeline.annotate test [--language en] [--rule ID] [--rules DIR]`: run the rules' examples."""

import argparse
import sys
from pathlib import Path

from pipeline.annotate.annotator import Annotator
from pipeline.annotate.examples import run_examples
from pipeline.errors import Problem
from pipeline.rules import load_rules


def main() -> int:
    """Run the examples and print what failed; exit with 3 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.annotate", description=__doc__)
    parser.add_argument("verb", choices=["test"])
    parser.add_argument("--language", choices=["en", "zh"])
    parser.add_argument("--rule", metavar="ID")
    parser.add_argument("--rules", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--engine", choices=["indexed", "plain"], default="indexed")
    arguments = parser.parse_args()
    problems: list[Problem] = []
    ruleset = load_rules(arguments.rules.absolute(), problems)
    for problem in problems:
        print(problem)
    annotator = Annotator(ruleset, arguments.engine)
    count, failures = run_examples(ruleset, annotator, language=arguments.language, rule=arguments.rule)
    for failure in failures:
        print(f"\n{failure.place}: {failure.id}: {failure.what}\n    {failure.text}")
        for line in failure.came_out or ("nothing was found",):
            print(f"  > {line}")
    print(f"\n{count} examples, {len(failures)} failed, {len(problems)} problems in the rule files")
    return 3 if failures or problems else 0


if __name__ == "__main__":
    sys.exit(main())
