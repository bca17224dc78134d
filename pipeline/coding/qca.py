"""Tables for qualitative comparative analysis: raw and calibrated sets, truth table, an R script."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import product

from pipeline.coding.coder import ALL_CASES
from pipeline.model import Coding, Record
from pipeline.rules.scheme import Scheme


class TruthRow(Record, frozen=True, kw_only=True):
    """A configuration of conditions with its cases; without any it is a remainder."""

    conditions: tuple[str, ...]
    """Values in the order of the scheme's conditions."""
    outcome: str
    """The cases' outcome; several, joined by `/`, where they contradict; `?` for a remainder."""
    cases: tuple[str, ...]
    expected: str
    """The outcome that the fitting hypothesis expects; empty without one."""

    @property
    def remainder(self) -> bool:
        return not self.cases


def columns(scheme: Scheme) -> tuple[str, ...]:
    """Return the conditions and the outcome, as the tables have them."""
    return (*scheme.conditions, scheme.outcome)


def raw_table(scheme: Scheme, codings: Iterable[Coding]) -> list[dict[str, str]]:
    """Return one row for each case with the value of every condition and of the outcome.

    What has no value is empty: QCA leaves such a case out, and so should you.
    """
    rows: dict[str, dict[str, str]] = {}
    for coding in codings:
        if coding.case != ALL_CASES and coding.indicator in columns(scheme):
            rows.setdefault(coding.case, {})[coding.indicator] = coding.value or ""
    return [
        {"case": case, **{name: row.get(name, "") for name in columns(scheme)}} for case, row in rows.items()
    ]


def calibrated_table(scheme: Scheme, codings: Iterable[Coding]) -> list[dict[str, str]]:
    """Return one row for each case with crisp, multi-value and fuzzy membership of every column.

    `name` crisp 0 or 1 from the scheme's `crisp_from`, `name_mv` the place on the scale from 0,
    `name_fz` the scheme's anchor. Columns are named for R: dots become underscores.
    """
    rows = []
    for raw in raw_table(scheme, codings):
        row = {"case": raw["case"]}
        for name in columns(scheme):
            row |= _membership(scheme, name, raw[name])
        rows.append(row)
    return rows


def _membership(scheme: Scheme, name: str, value: str) -> dict[str, str]:
    column = name.replace(".", "_")
    if not value:
        return {column: "", f"{column}_mv": "", f"{column}_fz": ""}
    scale = scheme.indicators[name].scale
    place = scale.index(value)
    calibration = scheme.calibration.get(name)
    line = scale.index(calibration.crisp_from) if calibration else len(scale) - 1
    fuzzy = calibration.fuzzy[value] if calibration else place / (len(scale) - 1)
    return {column: str(int(place >= line)), f"{column}_mv": str(place), f"{column}_fz": f"{fuzzy:g}"}


def truth_table(scheme: Scheme, codings: Iterable[Coding]) -> list[TruthRow]:
    """Return every configuration of the conditions, highest first, remainders among them.

    With a handful of cases this is a display, not a solution: nothing is minimised.
    """
    raw = raw_table(scheme, codings)
    scales = [scheme.indicators[name].scale[::-1] for name in scheme.conditions]
    rows = []
    for values in product(*scales):
        here = [
            row
            for row in raw
            if tuple(row[name] for name in scheme.conditions) == values and row[scheme.outcome]
        ]
        given = dict(zip(scheme.conditions, values, strict=True))
        expected = next((h.expect for h in scheme.hypotheses if h.when == given), "")
        outcomes = sorted(
            {row[scheme.outcome] for row in here}, key=scheme.indicators[scheme.outcome].scale.index
        )
        rows.append(
            TruthRow(
                conditions=values,
                outcome="/".join(outcomes) or "?",
                cases=tuple(row["case"] for row in here),
                expected=expected,
            )
        )
    return rows


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """Return rows as CSV text with a header and Unix line ends."""
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def truth_table_csv(scheme: Scheme, codings: Iterable[Coding]) -> str:
    """Return the truth table as CSV text, cases joined by semicolons."""
    rows = [
        {
            **dict(zip(scheme.conditions, row.conditions, strict=True)),
            scheme.outcome: row.outcome,
            "cases": "; ".join(row.cases),
            "remainder": "yes" if row.remainder else "no",
            "expected": row.expected,
        }
        for row in truth_table(scheme, codings)
    ]
    return as_csv(rows)


def r_script(scheme: Scheme, calibrated: str = "qca-calibrated.csv") -> str:
    """Return a script for the R package QCA that reads the calibrated table beside it."""
    conditions = [name.replace(".", "_") for name in scheme.conditions]
    outcome = scheme.outcome.replace(".", "_")
    mv = ", ".join(f'"{name}_mv"' for name in conditions)
    fz = ", ".join(f'"{name}_fz"' for name in conditions)
    top = len(scheme.indicators[scheme.outcome].scale) - 1
    return f"""# {scheme.title.en}: qualitative comparative analysis of the coded cases.
# Needs R and the package QCA: install.packages("QCA")
# Scheme {scheme.hash}. With few cases nothing is minimised here; remainders are shown as "?".
library(QCA)

cases <- read.csv("{calibrated}", row.names = "case")
cases <- cases[complete.cases(cases), ]

# multi-value: the highest outcome against the others
print(truthTable(cases, outcome = "{outcome}_mv[{top}]", conditions = c({mv}),
                 complete = TRUE, show.cases = TRUE))

# fuzzy sets: is each condition necessary for the outcome?
print(pof(cases[, c({fz})], outcome = "{outcome}_fz", data = cases, relation = "necessity"))
print(truthTable(cases, outcome = "{outcome}_fz", conditions = c({fz}), incl.cut = 0.8,
                 complete = TRUE, show.cases = TRUE))
"""
