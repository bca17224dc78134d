"""`pipeline evaluate`: the machine's evidence against people's decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of

if TYPE_CHECKING:
    from pipeline.review import Estimate


def command(
    context: typer.Context,
    languages: Annotated[bool, typer.Option("--languages", help="A line for each language, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Precision, recall and F1 of the rules for each code, with 95 % intervals, from the decisions made.

    Recall knows only what people added: read documents to their end before you trust it.
    """
    from pipeline import review
    from pipeline.run.gather import gather

    found = gather(project_of(context))
    scores = review.evaluate(found.machine_by_id.values(), found.reviewed)
    if as_json:
        print_json(scores)
    else:
        print_table(
            ("code", "language", "right", "wrong", "missing", "open", "precision", "recall", "F1"),
            [
                (
                    s.code or "all",
                    s.language or "all",
                    *map(str, (s.right, s.wrong, s.missing, s.open)),
                    *map(_said, (s.precision, s.recall, s.f1)),
                )
                for s in scores
                if languages or not s.language
            ],
        )
        if not found.decisions:
            note("nobody has decided anything yet: `pipeline review decide ID accept|reject`")
    finish(found.problems)


def _said(estimate: Estimate | None) -> str:
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]" if estimate else "—"
