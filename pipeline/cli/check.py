"""`pipeline check`: every record valid, every reference met."""

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, project_of


def command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Verify rules, documents, evidence, decisions and codings; list everything that is wrong."""
    from pipeline.run.check import check_project
    from pipeline.run.flow import load_everything_written

    project = project_of(context)
    written, problems = load_everything_written(project)
    found, counts = check_project(project, written.codes, written.rule_ids)
    problems = [*problems, *found]
    if as_json:
        print_json({"counts": dict(counts), "problems": problems})
    kinds = ("documents", "passages", "evidence", "decisions", "codings")
    note("checked " + ", ".join(f"{counts[kind]} {kind}" for kind in kinds))
    finish(problems)
    note("no problems found")
