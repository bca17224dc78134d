"""Our codings beside somebody else's, indicator by indicator."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pipeline.errors import MissingInput, Problem
from pipeline.model import Coding, Record

Outcome = Literal["match", "mismatch", "not_coded_there", "not_coded_here", "unknown"]
COLUMNS = ("case", "indicator", "value", "number", "note")


class Published(Record, frozen=True, kw_only=True):
    """A coding as somebody published it; an empty value means that it was left uncoded."""

    case: str
    indicator: str
    value: str
    number: float | None = None
    note: str = ""


class Compared(Record, frozen=True, kw_only=True):
    """A published coding beside ours."""

    case: str
    indicator: str
    theirs: str
    ours: str
    state: str
    outcome: Outcome
    """`unknown`: there is no such case or indicator here."""
    apart: int | None = None
    """Steps of the scale between the two; None without an order."""
    reason: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""


class Agreement(Record, frozen=True, kw_only=True):
    """How far the codings agree, over all that both sides coded."""

    indicator: str
    """`all` for the whole table."""
    compared: int
    matches: int
    share: float | None
    kappa: float | None
    """Cohen's kappa; None where fewer than two values were used."""


def read_reference(path: Path, problems: list[Problem], *, where: str = "") -> list[Published]:
    """Read a table with the columns case, indicator, value and, if you like, number and note."""
    where = where or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInput(f"cannot be read as UTF-8 text: {error}", where=where) from error
    reader = csv.DictReader(text.splitlines())
    lacking = [name for name in COLUMNS[:3] if name not in (reader.fieldnames or ())]
    if lacking:
        what = f"no column {', '.join(lacking)}"
        problems.append(
            Problem(where=f"{where}:1", what=what, remedy=f"name the columns {', '.join(COLUMNS)}")
        )
        return []
    found = []
    for row in reader:
        number = (row.get("number") or "").strip()
        try:
            figure = float(number) if number else None
        except ValueError:
            what = f'"{number}" is not a number'
            problems.append(Problem(where=f"{where}:{reader.line_num}", what=what, remedy="leave it empty"))
            continue
        cells = {name: (row.get(name) or "").strip() for name in ("case", "indicator", "value", "note")}
        found.append(Published(**cells, number=figure))
    return found


def compare_reference(codings: Iterable[Coding], published: Iterable[Published]) -> list[Compared]:
    """Set every published coding beside ours, in the order of the table.

    A number is compared only for hypotheses, where it says which one; elsewhere it is information.
    """
    published = list(published)
    ours = {(c.case, c.indicator, c.number if c.case == "*" else None): c for c in codings}
    return [
        _beside(ours.get((p.case, p.indicator, p.number if p.case == "*" else None)), p) for p in published
    ]


def _beside(coding: Coding | None, published: Published) -> Compared:
    theirs = published.value
    if coding is None:
        return Compared(case=published.case, indicator=published.indicator, theirs=theirs, ours="", state="",
                        outcome="unknown", note=published.note)  # fmt: skip
    ours = coding.value or ("not_observed" if theirs == "not_observed" and coding.state == theirs else "")
    outcome: Outcome
    if not theirs:
        outcome = "not_coded_there"
    elif not ours:
        outcome = "not_coded_here"
    else:
        of_another = coding.indicator == "hypothesis" and published.number not in (None, coding.number)
        outcome = "match" if ours == theirs and not of_another else "mismatch"
    scale = coding.scale
    apart = abs(scale.index(ours) - scale.index(theirs)) if ours in scale and theirs in scale else None
    return Compared(
        case=published.case,
        indicator=published.indicator,
        theirs=theirs,
        ours=ours,
        state=coding.state,
        outcome=outcome,
        apart=apart,
        reason=coding.reason,
        evidence=coding.evidence,
        note=published.note,
    )


def agreement(rows: Sequence[Compared]) -> list[Agreement]:
    """Return the agreement for every indicator, and for the whole table last."""
    by_indicator: dict[str, list[Compared]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator, []).append(row)
    return [_agreement(name, some) for name, some in [*by_indicator.items(), ("all", list(rows))]]


def _agreement(name: str, rows: Sequence[Compared]) -> Agreement:
    both = [row for row in rows if row.outcome in ("match", "mismatch")]
    matches = sum(row.outcome == "match" for row in both)
    share = matches / len(both) if both else None
    kappa = _kappa(both, share) if share is not None else None
    return Agreement(indicator=name, compared=len(both), matches=matches, share=share, kappa=kappa)


def _kappa(rows: Sequence[Compared], share: float) -> float | None:
    theirs: Mapping[str, int] = Counter(row.theirs for row in rows)
    ours: Mapping[str, int] = Counter(row.ours for row in rows)
    chance = sum(theirs[value] * ours.get(value, 0) for value in theirs) / len(rows) ** 2
    return None if chance == 1 else (share - chance) / (1 - chance)
