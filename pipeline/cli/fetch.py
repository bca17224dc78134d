"""`pipeline fetch`: download the official documents listed in corpus/sources.yaml."""

from typing import Annotated

import typer

from pipeline.cli.common import finish, note, print_table, project_of


def command(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Default: all of them.")] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Only list what there is to fetch.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Ask again for what is here already.")] = False,
) -> None:
    """Download official documents into corpus/official/; the only command that uses the network.

    Interrupted downloads go on where they stopped; what was fetched before is not fetched again.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from pipeline.errors import Problem
    from pipeline.ingest.fetch import choose, fetch, load_sources

    project = project_of(context)
    problems: list[Problem] = []
    sources = choose(load_sources(project, problems), ids or [])
    if list_only:
        print_table(
            ("id", "date", "title", "address"), [(s.id, s.date or "", s.title, s.address) for s in sources]
        )
        finish(problems)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        tasks = {source.id: bar.add_task(source.id, total=None, visible=False) for source in sources}

        def show(name: str, size: int, total: int | None) -> None:
            bar.update(tasks[name], completed=size, total=total, visible=True)

        for outcome in fetch(project, sources, progress=show, force=force):
            bar.remove_task(tasks[outcome.source.id])
            if outcome.problem:
                problems.append(outcome.problem)
            else:
                print(f"{outcome.state}\t{outcome.source.id}\tcorpus/{outcome.source.document}")
    failed = sum(1 for problem in problems if problem.severity == "error")
    note(f"{len(sources) - failed} of {len(sources)} here" + (f", {failed} failed:" if failed else ""))
    finish(problems)
