"""What people decided: a signed, dated log, one file a reviewer, only ever appended to.

A decision is never changed. A later one of the same reviewer on the same evidence takes the place
of an earlier one, and a `withdraw` takes one back so that the one before stands again; both stay in
the file.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from pipeline import store
from pipeline.errors import PipelineError, Problem, UsageError
from pipeline.model import (
    CONTEXT_LENGTH,
    Anchor,
    Decision,
    Evidence,
    Passage,
    Values,
    Verdict,
    fingerprint,
)
from pipeline.project import Project

MAX_NOTE = 10_000
"""Characters a note may have; a decision is one line, and a line should stay readable."""

_NAME = re.compile(r"[^\W_](?:[\w.-]{0,62}[\w-])?")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


class DecisionNotSaved(PipelineError):
    """The decision could not be put on the disk; nothing of it is in the file."""

    exit_code = 4


def reviewer_name(name: str) -> str:
    """Return a reviewer's name in the form it is filed under (NFC); a name no file can have is refused.

    Letters of any script, digits, `.`, `-` and `_`, at most 64 characters, beginning with a letter or
    digit.
    """
    name = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(name) or name.partition(".")[0].lower() in _RESERVED or len(name.encode()) > 200:
        raise UsageError(
            f'"{name}" cannot be the name of a reviewer',
            remedy="use letters, digits, dots and hyphens, up to 64 characters, such as li.wei or Anna",
        )
    return name


def decision_file(project: Project, reviewer: str) -> Path:
    """Return where a reviewer's decisions are kept.

    Where the folder already has the same name in other capitals it is refused: on some systems the
    two would be one file.
    """
    name = reviewer_name(reviewer)
    for path in project.decision_files():
        if path.stem != name and path.stem.casefold() == name.casefold():
            raise UsageError(
                f'there is a reviewer "{path.stem}" already', remedy=f"write {path.stem}, or use another name"
            )
    return project.decisions / f"{name}.jsonl"


def load_decisions(project: Project, problems: list[Problem]) -> list[Decision]:
    """Read the decisions of all reviewers, oldest first; broken lines become problems.

    A line that stands twice, as after a merge of two copies of a file, counts once.
    """
    found: dict[str, Decision] = {}
    for path in project.decision_files():
        for decision in read_decisions(project, path, problems):
            known = found.setdefault(decision.id, decision)
            if known != decision:
                problems.append(
                    Problem(
                        where=project.relative(path),
                        what=f"two different decisions have the id {decision.id}",
                        remedy="give the one that was edited by hand another id; the first one counts",
                    )
                )
    return sorted(found.values(), key=_when)


def read_decisions(project: Project, path: Path, problems: list[Problem]) -> list[Decision]:
    """Read the decisions of one file in the order of its lines; broken lines become problems."""
    where = project.relative(path)
    broken: list[Problem] = []
    records = store.read(path, Decision, broken, where=where)
    remedy = "mend the line by hand, or delete it if it was cut off in a crash; the others count"
    problems.extend(
        Problem(where=problem.where, what=problem.what, remedy=remedy, severity=problem.severity)
        for problem in broken
    )
    for decision in records:
        if decision.reviewer != path.stem:
            problems.append(
                Problem(
                    where=where,
                    what=f"decision {decision.id} is by {decision.reviewer}",
                    remedy=f"move its line to {decision.reviewer}.jsonl",
                    severity="warning",
                )
            )
        if _instant(decision.time) is None:
            problems.append(
                Problem(
                    where=where,
                    what=f'decision {decision.id} has the time "{decision.time}"',
                    remedy="write it as 2026-01-31T09:30:00+01:00; until then it counts as the oldest",
                )
            )
    return records


def append(project: Project, decision: Decision) -> None:
    """Put a decision on the disk before anything else happens.

    Raises `DecisionNotSaved` where the disk is full or the folder cannot be written; the file is then as
    it was before.
    """
    path = decision_file(project, decision.reviewer)
    try:
        store.append(path, decision)
    except OSError as error:
        raise DecisionNotSaved(
            f"the decision was not saved: {error.strerror or error}",
            where=project.relative(path),
            remedy="make room on the disk or allow writing there, then decide again",
        ) from error


def decide(
    evidence: Evidence,
    verdict: Verdict,
    *,
    reviewer: str,
    time: str,
    values: Values | None = None,
    anchor: Anchor | None = None,
    note: str = "",
    earlier: Iterable[Decision] = (),
    here: Collection[str] = (),
    settles: tuple[str, ...] = (),
    blind: bool = False,
) -> Decision:
    """Return a reviewer's decision on a piece of evidence; `append` saves it.

    An `amend` names what is different in `values`, and other bounds in `anchor`. The decision records
    all values as the reviewer saw or wanted them, so that it still says what was judged when the rules
    have moved on. `earlier` are the decisions made so far, oldest first; `here` are the ids of those that
    came to rest on this piece (`ReviewedEvidence.decisions`), also under an older identity of it. Among
    both the one that this decision replaces is found.
    """
    if verdict == "amend":
        if (values is None or values == Values()) and anchor is None:
            raise UsageError(
                "an amendment changes nothing", remedy="say what is different: code, status, role, ..."
            )
        values = seen_values(evidence, values)
    elif verdict in ("accept", "reject", "unsure"):
        values = seen_values(evidence)
    else:
        raise UsageError(f'"{verdict}" is no verdict on a piece of evidence')
    return _signed(
        Decision(
            id="",
            evidence=evidence.id,
            document=evidence.document,
            code=evidence.code,
            verdict=verdict,
            anchor=anchor or anchor_of(evidence),
            values=values,
            reviewer=reviewer,
            time=time,
            note=note,
            replaces=_replaced(earlier, reviewer, evidence.id, here),
            settles=settles,
            blind=blind,
        )
    )


def add(
    document: str,
    anchor: Anchor,
    values: Values,
    *,
    reviewer: str,
    time: str,
    note: str = "",
    earlier: Iterable[Decision] = (),
    blind: bool = False,
) -> Decision:
    """Return a decision that adds evidence which the machine did not find; `values` must name the code."""
    if not values.code:
        raise UsageError("added evidence has no code")
    if not anchor.quote.strip():
        raise UsageError("added evidence has no words", remedy="select the words that are the evidence")
    evidence = Evidence.make_id(
        document, values.code, values.role, anchor.quote, anchor.prefix, anchor.suffix
    )
    return _signed(
        Decision(
            id="",
            evidence=evidence,
            document=document,
            code=values.code,
            verdict="add",
            anchor=anchor,
            values=values,
            reviewer=reviewer,
            time=time,
            note=note,
            replaces=_replaced(earlier, reviewer, evidence),
            blind=blind,
        )
    )


def withdraw(decision: Decision, *, time: str, note: str = "") -> Decision:
    """Return the decision of the same reviewer that takes one back; the one before it stands again."""
    if decision.verdict == "withdraw":
        raise UsageError("what was taken back is not taken back again", remedy="decide anew")
    return _signed(
        Decision(
            id="",
            evidence=decision.evidence,
            document=decision.document,
            code=decision.code,
            verdict="withdraw",
            anchor=decision.anchor,
            reviewer=decision.reviewer,
            time=time,
            note=note,
            replaces=decision.id,
            blind=decision.blind,
        )
    )


def finish(document: str, text_hash: str, *, reviewer: str, time: str, blind: bool = False) -> Decision:
    """Return a reviewer's word that a document was read to its end, so that silence means "nothing there"."""
    return _signed(
        Decision(
            id="",
            evidence="",
            document=document,
            code="",
            verdict="finish",
            anchor=Anchor(text_hash=text_hash, start=0, end=0, quote=""),
            reviewer=reviewer,
            time=time,
            blind=blind,
        )
    )


def seen_values(evidence: Evidence, changed: Values | None = None) -> Values:
    """Return the values a reviewer judges when looking at a piece of evidence, with those changed."""
    fields = Values.__struct_fields__
    seen = {name: getattr(evidence, name) for name in fields}
    given = {name: getattr(changed, name) for name in fields} if changed else {}
    return Values(**seen | {name: value for name, value in given.items() if value is not None})


def anchor_of(evidence: Evidence) -> Anchor:
    """Return the place of a piece of evidence, as a decision keeps it."""
    return Anchor(
        text_hash=evidence.text_hash,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        prefix=evidence.prefix,
        suffix=evidence.suffix,
        label=evidence.label,
        page=evidence.page,
    )


def anchor_at(text: str, text_hash: str, start: int, end: int, passages: Iterable[Passage]) -> Anchor:
    """Return the anchor of a stretch of text, in code points; blanks at its ends are left out.

    Raises `UsageError` where the stretch is empty or not within the text.
    """
    if not 0 <= start < end <= len(text):
        raise UsageError(f"{start}-{end} is not within the text of {len(text)} characters")
    quote = text[start:end]
    start += len(quote) - len(quote.lstrip())
    end -= len(quote) - len(quote.rstrip())
    if start >= end:
        raise UsageError("the selection is blank", remedy="select the words that are the evidence")
    passage = passage_at(passages, start)
    return Anchor(
        text_hash=text_hash,
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
        label=passage.label if passage else "",
        page=passage.page if passage else None,
    )


def passage_at(passages: Iterable[Passage], offset: int) -> Passage | None:
    """Return the passage that holds an offset; the line end after a passage belongs to it."""
    return next((passage for passage in passages if passage.start <= offset <= passage.end), None)


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that stand: neither withdrawn, nor followed by another on the same piece.

    Expects them oldest first, and keeps that order. `finish` marks are not about evidence and stay out.
    """
    valid = _not_withdrawn(decisions)
    replaced = {decision.replaces for decision in valid}
    latest: dict[tuple[str, str, str], Decision] = {}
    for decision in valid:
        if decision.verdict != "finish" and decision.id not in replaced:
            key = (decision.reviewer, decision.document, decision.evidence)
            latest.pop(key, None)  # so that the order stays the order in time
            latest[key] = decision
    return list(latest.values())


def finished(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """Return, by reviewer and document, who read what to its end."""
    return {
        (decision.reviewer, decision.document): decision
        for decision in _not_withdrawn(decisions)
        if decision.verdict == "finish"
    }


def last_of(decisions: Iterable[Decision], reviewer: str) -> Decision | None:
    """Return the latest decision of a reviewer that still stands: what an undo takes back."""
    own = [decision for decision in _not_withdrawn(decisions) if decision.reviewer == reviewer]
    return own[-1] if own else None


def _not_withdrawn(decisions: Iterable[Decision]) -> list[Decision]:
    decisions = list(decisions)
    taken_back = {decision.replaces for decision in decisions if decision.verdict == "withdraw"}
    return [
        decision for decision in decisions if decision.verdict != "withdraw" and decision.id not in taken_back
    ]


def _replaced(
    earlier: Iterable[Decision], reviewer: str, evidence: str, here: Collection[str] = ()
) -> str | None:
    mine = [
        decision
        for decision in standing(earlier)
        if decision.reviewer == reviewer and (decision.evidence == evidence or decision.id in here)
    ]
    return mine[-1].id if mine else None


def _signed(decision: Decision) -> Decision:
    """Return the decision with the id that its content gives it, after a look at what people typed."""
    if len(decision.note) > MAX_NOTE:
        raise UsageError(f"a note of {len(decision.note)} characters", remedy=f"keep it under {MAX_NOTE}")
    if _instant(decision.time) is None:
        raise UsageError(
            f'"{decision.time}" is no time', remedy="write it as 2026-01-31T09:30:00+01:00, with the offset"
        )
    decision = msgspec.structs.replace(decision, reviewer=reviewer_name(decision.reviewer))
    return msgspec.structs.replace(decision, id=fingerprint(store.encode(decision)))


def _when(decision: Decision) -> tuple[float, str]:
    """Order in time; decisions of one instant by reviewer, then as they stand in the file."""
    instant = _instant(decision.time)
    return (instant.timestamp() if instant else float("-inf"), decision.reviewer)


def _instant(time: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(time)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
