"""`pipeline compare`: our codings beside somebody else's."""

from typing import Annotated

import typer

from pipeline.cli.code import SettingOption, overrides_of
from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of
from pipeline.errors import Problem


def command(
    context: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="REFERENCE", help="A CSV file, or the name of one in rules/reference.")
    ],
    settings: SettingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set our codings beside a published table, indicator by indicator, with agreement figures.

    The table has the columns case, indicator and value. That of Zhu and You (2025) ships as
    zhu-you-2025. `pipeline explain` shows the evidence for a difference.
    """
    from pipeline.run import flow
    from pipeline.run.measure import beside_published

    project = project_of(context)
    problems: list[Problem] = []
    rows, agreement = beside_published(
        project, flow.document_headers(project), reference, overrides_of(settings), problems
    )
    if as_json:
        print_json({"rows": rows, "agreement": agreement})
    else:
        print_table(
            ("case", "indicator", "published", "ours", "outcome", "note"),
            [
                (
                    row.case,
                    row.indicator,
                    row.theirs or "—",
                    row.ours or row.state.replace("_", " ") or "—",
                    row.outcome.replace("_", " "),
                    row.reason if row.outcome == "mismatch" else row.note,
                )
                for row in rows
            ],
        )
        total = agreement[-1]
        share = "—" if total.share is None else f"{total.share:.0%}"
        kappa = "—" if total.kappa is None else f"{total.kappa:.2f}"
        note(f"{total.matches} of {total.compared} compared values agree ({share}; Cohen's kappa {kappa})")
    finish(problems)
