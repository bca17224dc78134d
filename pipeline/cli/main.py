"""The command line: every verb, and the one place where errors become exit codes."""

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pipeline.cli import (
    agreement,
    annotate,
    check,
    code,
    compare,
    evaluate,
    explain,
    fetch,
    ingest,
    init,
    qca,
    report,
    review,
    robustness,
    rules,
    run,
    show,
    status,
)
from pipeline.errors import DataError, Interrupted, PipelineError

app = typer.Typer(
    name="pipeline",
    help="Turn documents into evidence, and evidence into case codings that can be traced.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_versions(wanted: bool) -> None:
    if wanted:
        from pipeline.run.versions import version_lines

        print("\n".join(version_lines()))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    root: Annotated[Path, typer.Option("--root", metavar="DIR", help="The project folder.")] = Path(),
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_versions, is_eager=True, help="Print versions and exit."),
    ] = False,
) -> None:
    """Options before the verb."""
    from pipeline.project import Project

    context.obj = Project(root)


for verb in (
    init,
    fetch,
    ingest,
    annotate,
    code,
    run,
    status,
    show,
    explain,
    check,
    evaluate,
    agreement,
    robustness,
    compare,
    qca,
    report,
):
    app.command(name=verb.__name__.rpartition(".")[2])(verb.command)
app.add_typer(review.app, name="review")
app.add_typer(rules.app, name="rules")


def main() -> None:
    """Run the command line and end the process with the exit code that the outcome asks for."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows consoles do not default to UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGINT, _interrupt)
    try:
        app()
    except DataError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(error.exit_code)
    except PipelineError as error:
        print(error.problem, file=sys.stderr)
        sys.exit(error.exit_code)


def _interrupt(*_: object) -> NoReturn:
    raise Interrupted("stopped; what was finished is kept, the next run goes on from there")


if __name__ == "__main__":
    main()
