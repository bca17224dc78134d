"""`pipeline robustness`: how firm the codings are."""

from typing import Annotated

import typer

from pipeline.cli.common import JsonOption, print_json, print_table, project_of


def command(
    context: typer.Context,
    combinations: Annotated[int, typer.Option(help="Most combinations of settings to try.")] = 10_000,
    everything: Annotated[
        bool, typer.Option("--all", help="Every indicator, not only conditions and outcome.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Sweep the settings, leave out one document at a time, and find what little evidence decides.

    For each coding: the share of setting combinations that keep its value; the documents without which it
    changes; the fewest pieces of evidence without which it changes.
    """
    from pipeline.run import flow
    from pipeline.run.measure import firmness

    project = project_of(context)
    found = firmness(project, flow.document_headers(project), combinations=combinations)
    if as_json:
        print_json({"settings": found.settings, "documents": found.documents, "evidence": found.evidence})
        return
    documents: dict[tuple[str, str], list[str]] = {}
    for left in found.documents:
        documents.setdefault((left.case, left.indicator), []).append(
            f"{left.document} → {left.without or '—'}"
        )
    flips = {(flip.case, flip.indicator): flip for flip in found.evidence}
    rows = []
    for row in found.settings:
        if everything or "." not in row.indicator:
            flip = flips.get((row.case, row.indicator))
            others = sorted(row.others.items(), key=lambda other: -other[1])[:2]
            rows.append(
                (
                    row.case,
                    row.indicator,
                    row.value or row.state,
                    f"{row.share:.0%} of {row.tried}",
                    ", ".join(f"{value} {share:.0%}" for value, share in others),
                    "; ".join(documents.get((row.case, row.indicator), [])) or "none alone",
                    f"{len(flip.evidence)} → {flip.without or '—'}" if flip and flip.evidence else "—",
                )
            )
    print_table(
        ("case", "indicator", "value", "settings that keep it", "otherwise", "documents", "evidence"), rows
    )
