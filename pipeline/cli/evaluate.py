"""`pipeline evaluate`: the machine's evidence against people's decisions."""

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of


def command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Precision, recall and F1 of the rules for each code, with 95 % intervals, from the decisions made."""
    from pipeline import review
    from pipeline.run.gather import gather

    found = gather(project_of(context))
    scores = review.evaluate(found.evidence, found.reviewed, found.decisions)
    if as_json:
        print_json(scores)
    else:
        note("not written yet")
        print_table((), ())
    finish(found.problems)
