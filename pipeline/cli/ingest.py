"""`pipeline ingest`: files become documents with citable passages."""

from pathlib import Path
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
    print_table,
    progress_bar,
    project_of,
)


def command(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders in corpus/; default: all of it."),
    ] = None,
    force: ForceOption = False,
    ocr: Annotated[
        bool, typer.Option("--ocr", help="Read pages without a text layer with ocrmypdf or tesseract.")
    ] = False,
    report: Annotated[
        bool,
        typer.Option(
            "--report", help="List the documents: kind, date, organisations, language, pages, warnings."
        ),
    ] = False,
    workers: WorkersOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Read the corpus: PDF, Word, web pages, plain text, Markdown and Akoma Ntoso XML.

    A file that cannot be read gets a status that says why, and the others go on.
    """
    from pipeline.run import flow

    project = project_of(context)
    only = flow.documents_named(project, paths) if paths else None
    with progress_bar() as progress:
        outcome = flow.ingest_corpus(
            project, progress, only=only, force=force, ocr=ocr, workers=cores(workers)
        )
    headers = flow.document_headers(project, only)
    if as_json:
        print_json(headers)
    elif report:
        print_table(
            ("document", "status", "kind", "date", "organisations", "language", "pages", "warnings"),
            [
                (d.id, d.status, d.kind, d.date, ", ".join(d.organisations), d.language,
                 str(len(d.pages) or ""), "; ".join(d.warnings))
                for d in headers
            ],
        )  # fmt: skip
    note(flow.summary(outcome))
    finish(outcome.problems)
