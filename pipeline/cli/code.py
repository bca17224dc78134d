"""`pipeline code`: reviewed evidence and scheme become case codings."""

from typing import Annotated

import typer

from pipeline.cli.common import ForceOption, JsonOption, finish, note, print_json, project_of
from pipeline.errors import UsageError

SettingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A setting other than the scheme's default; repeatable."
    ),
]


def overrides_of(settings: list[str] | None) -> dict[str, str]:
    """Return the settings named on the command line."""
    pairs = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(
                "not NAME=VALUE", where=f"--set {setting}", remedy="write --set agreements.many=3"
            )
        pairs[name.strip()] = value.strip()
    return pairs


def command(
    context: typer.Context,
    settings: SettingOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Code the cases from the evidence, write tables and report, and say what changed and why."""
    from pipeline.cli.codings import print_changes, print_codings
    from pipeline.run import flow

    project = project_of(context)
    coded = flow.code_cases(project, overrides=overrides_of(settings), force=force)
    if as_json:
        print_json({"codings": coded.codings, "changes": coded.changes})
    else:
        print_codings(coded.codings)
    print_changes(coded)
    if coded.fresh:
        note("code: nothing to do, the codings are up to date")
    finish(coded.problems)
