"""Decisions from evidence lines in which somebody wrote a verdict by hand.

The file is a copy of evidence lines with `verdict` and, if wanted, `note` added. For an `amend` the
line's own values are changed too: the code, the organisations, the status, role or polarity. A line
without a verdict says nothing. Whole files can be imported again: what was imported before, and still
stands, adds nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import MissingInput, PipelineError, Problem
from pipeline.model import Decision, Evidence, Record, Values, Verdict
from pipeline.review.anchor import Reading
from pipeline.review.decisions import add, anchor_at, decide, seen_values, standing
from pipeline.review.merge import Read

BY_HAND = ("accept", "reject", "amend", "unsure", "add")


class _Judged(Evidence, frozen=True, kw_only=True):
    """An evidence line with what a person wrote into it."""

    verdict: str = ""
    note: str = ""


class _Added(Record, frozen=True, kw_only=True):
    """A line that adds evidence: where it stands, or its words, and its values."""

    verdict: str
    document: str
    quote: str
    code: str
    start: int | None = None
    organisations: tuple[str, ...] = ()
    status: str | None = None
    role: str | None = None
    polarity: str | None = None
    note: str = ""


def import_lines(
    path: Path,
    *,
    reviewer: str,
    time: str,
    evidence: Mapping[str, Evidence],
    read: Read,
    decisions: Iterable[Decision],
    where: str | None = None,
) -> tuple[list[Decision], list[Problem]]:
    """Return the decisions that a file of judged lines adds, and what is wrong with its lines.

    `evidence` is what the machine finds today, by id; a line about a piece that is not there any more is
    taken at its own word. `decisions` are all made so far, oldest first. Nothing is saved here: the
    caller appends each decision.
    """
    place = where or path.as_posix()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInput(f"cannot be read: {error}", where=place, remedy="save it as UTF-8") from error
    history: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        history[decision.evidence].append(decision)
    made: list[Decision] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            new = _decision(line, reviewer, time, evidence, read, history)
        except PipelineError as error:
            problem = error.problem
            problems.append(Problem(where=f"{place}:{number}", what=problem.what, remedy=problem.remedy))
        except (ValueError, msgspec.MsgspecError) as error:
            problems.append(
                Problem(
                    where=f"{place}:{number}",
                    what=f"not a judged line: {error}",
                    remedy="copy evidence lines as they are and add only verdict and note",
                )
            )
        else:
            if new is not None:
                history[new.evidence].append(new)
                made.append(new)
    return made, problems


def _decision(
    line: str,
    reviewer: str,
    time: str,
    evidence: Mapping[str, Evidence],
    read: Read,
    history: Mapping[str, list[Decision]],
) -> Decision | None:
    written = json.loads(line)
    if not isinstance(written, dict):
        raise ValueError("not an object in braces")
    verdict = written.get("verdict")
    if not verdict:
        return None
    if verdict not in BY_HAND:
        raise ValueError(f'"{verdict}" is no verdict; write one of {", ".join(BY_HAND)}')
    if verdict == "add":
        decision = _added(written, reviewer, time, read, history)
    else:
        judged = msgspec.convert(written, _Judged)
        earlier = history.get(judged.id, [])
        decision = _judged(judged, verdict, evidence.get(judged.id), reviewer, time, earlier)
    mine = (one for one in standing(history.get(decision.evidence, [])) if one.reviewer == reviewer)
    return None if any(_says(one) == _says(decision) for one in mine) else decision


def _judged(
    judged: _Judged,
    verdict: Verdict,
    today: Evidence | None,
    reviewer: str,
    time: str,
    earlier: list[Decision],
) -> Decision:
    written = Evidence(**{name: getattr(judged, name) for name in Evidence.__struct_fields__})
    piece = today or written
    values = seen_values(written)
    changed = values != seen_values(piece)
    if verdict == "amend" and not changed:
        raise ValueError("amend, but the line's values are those of the evidence; change what is wrong")
    if verdict == "accept" and changed:
        raise ValueError("accept, but the line's values differ from the evidence; write amend")
    return decide(
        piece,
        verdict,
        reviewer=reviewer,
        time=time,
        values=values if verdict == "amend" else None,
        note=judged.note,
        earlier=earlier,
    )


def _added(
    written: dict[str, Any], reviewer: str, time: str, read: Read, history: Mapping[str, list[Decision]]
) -> Decision:
    line = msgspec.convert(written, _Added)
    known = read(line.document)
    if known is None:
        raise ValueError(f"there is no document {line.document}")
    reading = Reading(*known)
    start = line.start if line.start is not None else reading.text.find(line.quote)
    if start < 0 or reading.text[start : start + len(line.quote)] != line.quote:
        raise ValueError("the quote does not stand in the document there; copy it from `show`")
    if line.start is None and reading.text.find(line.quote, start + 1) >= 0:
        raise ValueError("the quote stands in the document more than once; say where with start")
    anchor = anchor_at(
        reading.text, reading.document.text_hash, start, start + len(line.quote), reading.passages
    )
    named = {name: getattr(line, name) for name in Values.__struct_fields__}
    values = msgspec.convert(named, Values)
    identity = Evidence.make_id(
        line.document, line.code, values.role, anchor.quote, anchor.prefix, anchor.suffix
    )
    return add(
        line.document,
        anchor,
        values,
        reviewer=reviewer,
        time=time,
        note=line.note,
        earlier=history.get(identity, []),
    )


def _says(decision: Decision) -> tuple[object, ...]:
    return decision.evidence, decision.verdict, decision.values, decision.note, decision.anchor.quote
