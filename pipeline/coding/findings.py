"""What is found about one indicator of one case, before it becomes a record."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.coding.items import Item
from pipeline.coding.query import OUTSIDE, UNREVIEWED, Selection
from pipeline.model import CodingState


@dataclass(frozen=True)
class Finding:
    """The value of an indicator with its grounds."""

    value: str | None
    state: CodingState
    reason: str
    number: float | None = None
    groups: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    """What the evidence was used for → the evidence, sorted by id."""
    aside: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    """Why evidence does not count → the evidence."""
    documents: tuple[str, ...] = ()
    """Documents that count as such, beside those of the evidence."""
    missing: str = ""
    flags: tuple[str, ...] = ()


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 agreement, 2 agreements."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: a, b and c."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def plain(name: str) -> str:
    """Return a value or code as words."""
    return name.rsplit(".", 1)[-1].replace("_", " ")


def merged(selections: Iterable[Selection]) -> dict[str, tuple[Item, ...]]:
    """Return everything set aside by several selections and found by none."""
    selections = list(selections)
    causes: dict[str, dict[str, Item]] = {}
    for selection in selections:
        for cause, items in selection.aside.items():
            others = [other for other in selections if other is not selection]
            kept = causes.setdefault(cause, {})
            kept.update((i.id, i) for i in items if not any(i.id in other.ids for other in others))
    return {
        cause: tuple(items[key] for key in sorted(items)) for cause, items in sorted(causes.items()) if items
    }


def set_aside(aside: dict[str, tuple[Item, ...]], *, outside: bool = False) -> str:
    """Return a clause on evidence that does not count: ` (2 not on peace operations)`; empty without any."""
    parts = [f"{len(items):,} {cause}" for cause, items in aside.items() if outside or cause not in OUTSIDE]
    return f" ({'; '.join(parts)})" if parts else ""


def without_evidence(
    lowest: str, what: str, documents: int, aside: dict[str, tuple[Item, ...]], missing: str
) -> Finding:
    """Return the finding where nothing counts: four different answers, told apart by what was set aside.

    Unreviewed evidence that would count: not reviewed. Evidence of the kind that does not count for
    other reasons: absent, with that evidence as the ground. Neither: nothing was observed.
    """
    if UNREVIEWED in aside:
        waiting = count(len(aside[UNREVIEWED]), "piece")
        verb = "waits" if len(aside[UNREVIEWED]) == 1 else "wait"
        reason = f"{waiting} of evidence {what} {verb} for review; the settings count only what was reviewed."
        return Finding(None, "not_reviewed", reason, aside=aside, missing=f"review of {waiting} of evidence")
    bearing = {cause: items for cause, items in aside.items() if cause not in OUTSIDE}
    if bearing:
        total = len({item.id for items in bearing.values() for item in items})
        there = f"There {'is' if total == 1 else 'are'} {count(total, 'piece')}"
        reason = f"{there} of evidence {what}, but none that counts{set_aside(bearing)}."
        return Finding(lowest, "absent", reason, groups=bearing, aside=aside, missing=missing)
    where = count(documents, "document")
    reason = f"No evidence {what} was found in {where} of the case{set_aside(aside, outside=True)}."
    return Finding(None, "not_observed", reason, aside=aside, missing=missing)
