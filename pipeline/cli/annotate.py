"""`pipeline annotate`: the rules find evidence in the documents."""

from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.common import ForceOption, finish, note, progress_bar, project_of


class Engine(StrEnum):
    """How rules meet sentences."""

    INDEXED = "indexed"
    PLAIN = "plain"


def command(
    context: typer.Context,
    force: ForceOption = False,
    engine: Annotated[
        Engine, typer.Option(help="plain tries every rule on every sentence: the same evidence, slowly.")
    ] = Engine.INDEXED,
) -> None:
    """Find evidence in every document that changed, or in all of them when a rule changed."""
    from pipeline.run import flow

    project = project_of(context)
    with progress_bar() as progress:
        outcome = flow.annotate_documents(project, progress, force=force, engine=engine.value)
    note(flow.summary(outcome))
    finish(outcome.problems)
