"""`pipeline init`: make a project folder."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import note


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it may exist.")],
    example: Annotated[
        bool, typer.Option("--example", help="Put the bundled model texts into its corpus.")
    ] = False,
) -> None:
    """Make a project folder with the shipped rules and an empty corpus.

    Nothing that is already there is changed.
    """
    from pipeline.run.scaffold import make_project

    made = make_project(folder, example=example)
    for path in made:
        print(path)
    if not made:
        note(f"{folder}: everything is there already, nothing was changed")
        return
    note(f'Next: put documents into {folder / "corpus"}, then `pipeline --root "{folder}" run`.')
