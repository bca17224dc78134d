"""`pipeline annotate`: the rules find evidence in the documents."""

from typing import Annotated

import typer

from pipeline.cli.common import ForceOption, finish, note, progress_bar, project_of


def command(
    context: typer.Context,
    force: ForceOption = False,
    engine: Annotated[
        str, typer.Option(help="indexed, or plain: every rule on every sentence; the same evidence, slowly.")
    ] = "indexed",
) -> None:
    """Find evidence in every document that changed, or in all of them when a rule changed."""
    from pipeline.run import flow

    project = project_of(context)
    with progress_bar() as progress:
        outcome = flow.annotate_documents(project, progress, force=force, engine=engine)
    note(flow.summary(outcome))
    finish(outcome.problems)
