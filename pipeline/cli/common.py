"""What the verbs share: options, tables, JSON, progress, and how problems are shown.

Data goes to standard output; progress, notes and problems go to standard error.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

from pipeline.errors import Problem
from pipeline.project import Project

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Do it again even where nothing has changed.")]

WorkersOption = Annotated[
    int,
    typer.Option("--workers", min=0, help="Processes that read documents; 0: as many as there are cores."),
]

WIDEST = 32
"""Columns of a terminal that one column of a table may take; longer cells are wrapped."""

Progress = Callable[[str, int, int], None]
"""Called with what is being worked on, how many are done, and how many there are."""


def cores(workers: int) -> int:
    """Return how many workers are meant: a number, or all cores."""
    return workers or os.cpu_count() or 1


def project_of(context: typer.Context) -> Project:
    """Return the project named by --root, if it is one."""
    found: Project = context.obj
    return found.check()


def note(text: str) -> None:
    """Print a line of prose to standard error."""
    print(text, file=sys.stderr)


def print_json(data: Any) -> None:
    """Print records, mappings and lists as JSON."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode("utf-8") + "\n")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table that fits the terminal; a file or a pipe gets its full width."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=_full_width(headers, rows), color_system=None)
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for header in headers:
        table.add_column(header, max_width=WIDEST, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _full_width(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    from rich.cells import cell_len

    widths = [
        max(cell_len(line) for row in (headers, *rows) for line in (row[column].splitlines() or [""]))
        for column in range(len(headers))
    ]
    return sum(min(width, WIDEST) for width in widths) + 3 * len(widths) + 2


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a progress bar on standard error while there is a terminal to show it on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    with bar:
        yield show


def show_problems(problems: Sequence[Problem]) -> None:
    """Print each problem once to standard error, in the order found."""
    for problem in dict.fromkeys(problems):
        prefix = "warning: " if problem.severity == "warning" else ""
        note(f"{prefix}{problem}")


def finish(problems: Sequence[Problem]) -> None:
    """Show the problems and end with exit code 3 if any of them is an error."""
    show_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(3)
