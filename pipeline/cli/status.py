"""`pipeline status`: what is stale and why, what was read, what was reviewed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.run.plan import Plan

SHOWN = 10


def command(
    context: typer.Context,
    documents: Annotated[bool, typer.Option("--documents", help="List every document.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what the next run would do and why, how the documents are, and what was reviewed."""
    from pipeline.run import flow
    from pipeline.run.gather import gather

    project = project_of(context)
    plans = flow.plans(project)
    headers = flow.document_headers(project)
    found = gather(project)
    evidence = Counter(item.evidence.document for item in found.reviewed)
    cases = {item.evidence.document for item in found.reviewed if item.evidence.cases}
    verdicts: Counter[str] = Counter(item.verdict or "open" for item in found.reviewed)
    statuses: Counter[str] = Counter(header.status for header in headers)
    if as_json:
        print_json(
            {
                "stale": [_as_data(plan) for plan in plans],
                "documents": dict(statuses),
                "evidence": dict(verdicts),
                "orphans": len(found.orphans),
            }
        )
    elif documents:
        print_table(
            ("document", "status", "kind", "date", "language", "evidence", "concerns a case"),
            [
                (
                    h.id,
                    h.status,
                    h.kind,
                    h.date,
                    h.language,
                    str(evidence[h.id]),
                    "yes" if h.id in cases else "no",
                )
                for h in headers
            ],
        )
    else:
        print_plans(plans, as_json=False)
        print(f"documents: {len(headers)} ({_said(statuses)})")
        print(f"evidence: {len(found.reviewed)} ({_said(verdicts)})")
        print(f"decisions: {len(found.decisions)}, {len(found.orphans)} without their sentence")
    finish(found.problems)


def print_plans(plans: Sequence[Plan], *, as_json: bool) -> None:
    """Print what each stage would do, with the reasons."""
    if as_json:
        print_json([_as_data(plan) for plan in plans])
        return
    for plan in plans:
        if plan.empty:
            print(f"{plan.stage}: up to date ({plan.fresh})")
            continue
        print(f"{plan.stage}: {len(plan.tasks)} to make, {len(plan.gone)} to remove, {plan.fresh} up to date")
        for task in plan.tasks[:SHOWN]:
            print(f"  {task.item}: {task.reason}")
        for item in plan.gone[:SHOWN]:
            print(f"  {item}: its source is gone")
        hidden = max(0, len(plan.tasks) - SHOWN) + max(0, len(plan.gone) - SHOWN)
        if hidden:
            note(f"  and {hidden} more; --json lists all")


def _as_data(plan: Plan) -> dict[str, object]:
    return {
        "stage": plan.stage,
        "to_make": [{"item": task.item, "reason": task.reason} for task in plan.tasks],
        "to_remove": plan.gone,
        "up_to_date": plan.fresh,
    }


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items())) or "none"
