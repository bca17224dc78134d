"""Review without a browser: one piece after the other, one letter each."""

from collections.abc import Callable
from typing import Literal

from pipeline.errors import PipelineError
from pipeline.model import Verdict
from pipeline.review.desk import Desk
from pipeline.review.queue import Filter, Row

VERDICTS: dict[str, Verdict] = {"a": "accept", "r": "reject", "u": "unsure"}
HELP = "a accept, r reject, u unsure, s skip, z undo, q quit; a note may follow: r only a heading"


def sit(desk: Desk, chosen: Filter, ask: Callable[[str], str], show: Callable[[str], None]) -> int:
    """Go through the queue until it ends or the reviewer quits; return how many decisions were made.

    `ask` shows a prompt and returns what was typed (raising EOFError at the end of input); `show` prints.
    Each decision is saved before the next piece is shown.
    """
    made, skipped = 0, set[str]()
    show(HELP)
    while True:
        rows, _ = desk.queue(chosen)
        row = next((each for each in rows if each.one.evidence.id not in skipped), None)
        if row is None:
            show("nothing is left to do here")
            return made
        show(describe(desk, row, len(rows)))
        try:
            letter, _, note = ask("> ").strip().partition(" ")
        except EOFError:
            return made
        said = _act(desk, row, letter, note.strip(), show)
        made += said == "decided"
        if said in ("decided", "skipped"):
            skipped.add(row.one.evidence.id)
        if said == "undone":
            skipped.clear()
            made = max(0, made - 1)
        if said == "quit":
            return made


def _act(
    desk: Desk, row: Row, letter: str, note: str, show: Callable[[str], None]
) -> Literal["decided", "skipped", "undone", "quit", "nothing"]:
    evidence = row.one.evidence.id
    try:
        if letter in VERDICTS:
            mine = desk.mine(row.one)
            desk.decide(evidence, VERDICTS[letter], seen=mine.id if mine else None, note=note)
            return "decided"
        if letter == "z" and (last := desk.last()):
            desk.undo(last.id)
            return "undone"
    except PipelineError as error:
        show(str(error))
        return "nothing"
    if letter == "s":
        return "skipped"
    if letter == "q":
        return "quit"
    show(HELP)
    return "nothing"


def describe(desk: Desk, row: Row, left: int) -> str:
    """Return a piece as a few lines of text, the trigger in brackets."""
    piece = row.one.evidence
    start, end = piece.trigger_start - piece.start, piece.trigger_end - piece.start
    quote = f"{piece.quote[:start]}[{piece.quote[start:end]}]{piece.quote[end:]}"
    values = filter(None, ["+".join(piece.organisations), piece.role, piece.status, piece.polarity])
    page = f"p. {piece.page}" if piece.page else ""
    place = ", ".join(filter(None, [piece.document, piece.label, page]))
    lines = [
        "",
        f"{left} left · {place}" + (f" · {row.reason}" if row.reason != "rest" else ""),
        f"{piece.code} ({', '.join(values)})",
        f"  {' '.join(quote.split())}",
    ]
    flips = [f"{one.case} {one.indicator}: {one.before} → {one.after}" for one in desk.flips(piece.id)]
    if flips:
        lines.append(f"  if it did not count: {'; '.join(flips)}")
    said = [f"{one.reviewer} {one.verdict} {one.note}".strip() for one in desk.history(row.one)]
    return "\n".join([*lines, *(f"  {one}" for one in said)])
