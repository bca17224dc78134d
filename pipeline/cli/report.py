"""`pipeline report`: codings and evidence as one page."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.code import SettingOption, overrides_of
from pipeline.cli.common import note, project_of


class ReportLanguage(StrEnum):
    """What the report itself is written in; quotes stay as they are."""

    ENGLISH = "en"
    CHINESE = "zh"


def command(
    context: typer.Context,
    language: Annotated[ReportLanguage, typer.Option(help="Of the report; quotes stay as they are.")] = (
        ReportLanguage.ENGLISH
    ),
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Default: codings/report.html, or report.zh.html."),
    ] = None,
    settings: SettingOption = None,
) -> None:
    """Write the report: one self-contained page, to read, print and put into an appendix.

    It shows the codings as they follow from today's evidence; run `pipeline run` first where files changed.
    """
    from pipeline.run import flow
    from pipeline.run.coding import write_report

    project = project_of(context)
    name = "report.html" if language is ReportLanguage.ENGLISH else f"report.{language.value}.html"
    path = output or project.codings / name
    write_report(project, flow.document_headers(project), overrides_of(settings), path, language.value)
    note(f"written: {project.relative(path)}")
