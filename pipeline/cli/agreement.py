"""`pipeline agreement`: how far coders agree with each other, and the machine with them."""

from typing import Annotated

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of


def command(
    context: typer.Context,
    blind: Annotated[bool, typer.Option("--blind", help="Only decisions made without suggestions.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Agreement of each two coders for each code, on documents that both finished.

    Krippendorff's alpha and Gwet's AC with intervals, percent, and F1 of the marked spans.
    """
    from pipeline.review.coders import agreement
    from pipeline.run.gather import gather, reader

    project = project_of(context)
    found = gather(project)
    rows = agreement(found.evidence, reader(project), found.decisions, blind=blind)
    if as_json:
        print_json(rows)
    elif not rows:
        note("no document was finished by two coders; `pipeline review finish DOCUMENT` says that one was")
    else:
        print_table(
            (
                "coders",
                "code",
                "language",
                "documents",
                "sentences",
                "percent",
                "alpha",
                "AC",
                "F1",
                "F1 overlap",
            ),
            [
                (
                    f"{r.first} – {r.second}",
                    r.code or "all",
                    r.language or "all",
                    str(r.documents),
                    str(r.sentences.units),
                    _share(r.sentences.percent),
                    _share(r.sentences.alpha),
                    _share(r.sentences.ac),
                    _share(r.exact),
                    _share(r.overlapping),
                )
                for r in rows
            ],
        )
    finish(found.problems)


def _share(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value.value:.2f} [{value.low:.2f}, {value.high:.2f}]"  # type: ignore[attr-defined]
