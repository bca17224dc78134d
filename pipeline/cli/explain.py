"""`pipeline explain`: from a value to the sentence it rests on, and from a sentence to the values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.code import SettingOption, overrides_of
from pipeline.cli.common import JsonOption, print_json, print_table, project_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.coding import Explanation, Rest, Use

SHOWN = 5
"""Pieces of evidence printed for one coding unless all are asked for."""


def command(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="CASE|EVIDENCE", help="A case, or the id of a piece of evidence.")
    ],
    indicator: Annotated[
        str | None, typer.Argument(help="An indicator, or the beginning of its name.")
    ] = None,
    settings: SettingOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All evidence, the rule of the scheme and all settings.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Walk the chain from a coding to its rule, evidence, quote, page and decision, or back."""
    from pipeline import coding
    from pipeline.run import flow
    from pipeline.run.coding import lay_out

    project = project_of(context)
    desk = lay_out(project, flow.document_headers(project))
    laid = (desk.scheme, desk.cases, desk.documents, desk.gathered.reviewed)
    if re.fullmatch(r"[0-9a-f]{6,16}", what) and desk.cases.get(what) is None:
        name = desk.gathered.find(what).evidence.id
        rests = coding.explain_evidence(*laid, name, overrides_of(settings))
        print_json(rests) if as_json else _print_rests(name, rests)
        return
    explanations = coding.explain(*laid, what, indicator, overrides_of(settings))
    if as_json:
        print_json(explanations)
    else:
        for explanation in explanations:
            _print(explanation, everything=everything)


def _print(explanation: Explanation, depth: int = 0, *, everything: bool) -> None:
    coding, pad = explanation.coding, "    " * depth
    value = coding.value or "—"
    number = f" ({coding.number:g})" if coding.number is not None else ""
    state = "" if coding.state == "coded" else f"   [{coding.state.replace('_', ' ')}]"
    print(f"{pad}{coding.case}  {coding.indicator} = {value}{number}{state}")
    print(f"{pad}  {coding.reason}")
    if everything:
        print(f"{pad}  rule of the scheme: {explanation.rule}")
    for setting in explanation.settings:
        changed = "" if setting.value == setting.default else f" (default {setting.default})"
        if everything or changed:
            print(f"{pad}  setting {setting.name} = {setting.value}{changed}")
    if coding.missing:
        print(f"{pad}  for the next higher value: {coding.missing}")
    if coding.flags:
        print(f"{pad}  flags: {', '.join(coding.flags)}")
    decisive = (coding.value or "").replace("_", " ")
    uses = sorted(explanation.evidence, key=lambda use: (use.used_for != decisive, use.date, use.document))
    _print_uses(uses, pad, everything=everything)
    if explanation.aside:
        print(f"{pad}  set aside ({len(explanation.aside)}):")
        _print_uses(explanation.aside, pad, everything=everything)
    print()
    for part in explanation.parts:
        _print(part, depth + 1, everything=everything)


def _print_uses(uses: Sequence[Use], pad: str, *, everything: bool) -> None:
    shown = uses if everything else uses[:SHOWN]
    for use in shown:
        _print_use(use, pad)
    if len(uses) > len(shown):
        print(f"{pad}  … and {len(uses) - len(shown)} more: --all shows them")


def _print_use(use: Use, pad: str) -> None:
    place = ", ".join(filter(None, [use.title or use.document, use.symbol, use.date, use.label]))
    page = f", p. {use.page}" if use.page else ""
    said = [use.code, use.role, use.status, use.polarity, "+".join(use.organisations)]
    print(f"{pad}  ▸ {use.evidence}  {use.used_for}: " + " · ".join(filter(None, said)))
    print(f"{pad}      “{' '.join(use.quote.split())}”")
    print(f"{pad}      {place}{page} (corpus/{use.document})")
    print(f"{pad}      found by {', '.join(use.rules)}; {_decision(use)}")


def _decision(use: Use) -> str:
    return f"{use.verdict} by {', '.join(use.reviewers)}" if use.verdict else "not reviewed yet"


def _print_rests(evidence: str, rests: list[Rest]) -> None:
    if not rests:
        print(f"no coding rests on {evidence}")
        return
    print_table(
        ("case", "indicator", "used for", "value", "without it"),
        [
            (
                r.case,
                r.indicator,
                r.used_for,
                r.value or r.state,
                (r.without or r.state_without) + (" (flips)" if r.flips else ""),
            )
            for r in rests
        ],
    )
