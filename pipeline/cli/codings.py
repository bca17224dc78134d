"""How codings and their changes are shown in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.common import note, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Coding
    from pipeline.run.coding import Coded


def print_codings(codings: Sequence[Coding]) -> None:
    """Print the table of indicators by cases, and below it what no case shows."""
    cases = list(dict.fromkeys(c.case for c in codings if c.case != "*"))
    indicators = list(dict.fromkeys(c.indicator for c in codings if c.case != "*"))
    by_place = {(c.case, c.indicator): c for c in codings}
    rows = [[name, *(_cell(by_place.get((case, name))) for case in cases)] for name in indicators]
    print_table(["indicator", *cases], rows)
    if any("discordant" in coding.flags for coding in codings):
        print("! its parts point in different directions: `pipeline explain CASE INDICATOR` shows them")
    for coding in codings:
        if coding.case == "*":
            print(coding.reason)


def print_changes(coded: Coded) -> None:
    """Say on standard error which codings changed, from what to what, and because of what."""
    if coded.changes:
        note("changed:")
        for change in coded.changes:
            note(f"  {change}")


def _cell(coding: Coding | None) -> str:
    if coding is None:
        return ""
    value = coding.value or ""
    if coding.number is not None and coding.indicator.endswith(".count"):
        value = f"{value} ({coding.number:g})"
    elif coding.number is not None and coding.indicator == "hypothesis":
        value = f"{coding.number:g} {value}"
    if coding.state != "coded":
        value = f"{value} [{coding.state.replace('_', ' ')}]".strip()
    return value + ("" if "discordant" not in coding.flags else " !")
