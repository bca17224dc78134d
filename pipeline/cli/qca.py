"""`pipeline qca`: tables for qualitative comparative analysis."""

import typer

from pipeline.cli.code import SettingOption, overrides_of
from pipeline.cli.common import project_of


def command(context: typer.Context, settings: SettingOption = None) -> None:
    """Write raw and calibrated tables, the truth table with remainders, and an R script that uses them."""
    from pipeline import store
    from pipeline.run import flow
    from pipeline.run.measure import qca_files

    project = project_of(context)
    for name, text in qca_files(project, flow.document_headers(project), overrides_of(settings)).items():
        store.write_text(project.codings / name, text)
        print(project.relative(project.codings / name))
