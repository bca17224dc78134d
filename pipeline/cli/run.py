"""`pipeline run`: everything that is stale, in order, and the codings."""

from typing import Annotated

import typer

from pipeline.cli.common import (
    ForceOption,
    JsonOption,
    WorkersOption,
    cores,
    finish,
    note,
    print_json,
    progress_bar,
    project_of,
)


def command(
    context: typer.Context,
    force: ForceOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and why.")] = False,
    workers: WorkersOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Read new documents, find evidence, code the cases, and print the codings.

    Only what changed is done again. Afterwards it is said which codings changed, and because of which
    document, decision, rule or setting.
    """
    from pipeline.cli.codings import print_changes, print_codings
    from pipeline.run import flow

    project = project_of(context)
    if dry_run:
        from pipeline.cli.status import print_plans

        print_plans(flow.plans(project), as_json=as_json)
        return
    with progress_bar() as progress:
        done = flow.run_all(project, progress, force=force, workers=cores(workers))
    if as_json:
        print_json({"codings": done.coded.codings, "changes": done.coded.changes, "problems": done.problems})
    else:
        print_codings(done.coded.codings)
    if done.idle:
        note(f"nothing to do: {', '.join(f'{o.fresh} up to date in {o.stage}' for o in done.outcomes)}")
    else:
        for outcome in done.outcomes:
            note(flow.summary(outcome))
        print_changes(done.coded)
        if not done.coded.fresh:
            note("written to codings/: codings.csv, codings.jsonl, evidence.csv, report.html")
    finish(done.problems)
