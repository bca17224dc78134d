"""The reviewer's desk: all evidence as it stands, in the order it should be looked at.

Saves each decision before anything else, and notices what other windows and processes have decided
meanwhile. Knows nothing of the web: the page and the terminal both sit at it.
"""

import threading
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from operator import attrgetter
from typing import Protocol

import msgspec

from pipeline.errors import MissingInput, PipelineError, UsageError
from pipeline.model import (
    Anchor,
    Coding,
    Decision,
    Evidence,
    EvidenceId,
    ReviewedEvidence,
    Values,
    Verdict,
)
from pipeline.project import Project
from pipeline.review import decisions as log
from pipeline.review import order
from pipeline.review.anchor import Reading
from pipeline.review.made import Qualify
from pipeline.review.merge import Orphan
from pipeline.review.queue import Filter, Row
from pipeline.review.shelf import Shelf

TRIED = 200
"""Pieces tried, those with the greatest share in a coding first, for whether a coding hangs on them."""


class Stale(PipelineError):
    """What the reviewer looked at is not what stands now: another window decided, or a run changed it."""

    exit_code = 5


class Consequences(Protocol):
    """What follows for the codings; given by who knows the scheme."""

    def codings(self) -> list[Coding]:
        """Return the codings as things stand."""

    def codings_if(self, document: str, reviewed: Sequence[ReviewedEvidence]) -> list[Coding]:
        """Return the codings as they would be if a document had this evidence; nothing changes."""

    def settle(self, document: str, reviewed: Sequence[ReviewedEvidence]) -> None:
        """Take note that a document has this evidence now."""


class Flip(msgspec.Struct, frozen=True, kw_only=True):
    """A coding that would be another if a piece of evidence counted where it does not, or the reverse."""

    case: str
    indicator: str
    before: str | None
    after: str | None


class Desk:
    """See the module. All methods are safe to call from several threads."""

    def __init__(
        self,
        project: Project,
        reviewer: str,
        *,
        now: Callable[[], str],
        consequences: Consequences | None = None,
        qualify: Qualify | None = None,
        blind: bool = False,
        only: Collection[EvidenceId] | None = None,
    ) -> None:
        """Lay everything out.

        `now` gives the time of a decision. With `blind` neither the machine's nor other people's codes are
        to be seen. `only` limits the queue to a sample. `qualify` is as for `merge`.
        """
        self.project = project
        self.reviewer = log.reviewer_name(reviewer)
        self.blind = blind
        self.shelf = Shelf(project, self.reviewer if blind else "", qualify)
        self._now = now
        self._consequences = consequences
        self._only = frozenset(only) if only is not None else None
        self._lock = threading.RLock()
        self._lay_out()

    # -- looking ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything again and put the queue in order."""
        with self._lock:
            self.shelf.load()
            self._lay_out()

    def queue(self, chosen: Filter) -> tuple[Sequence[Row], Counter[str]]:
        """Return the rows that pass the filter, in order, and how many of them are in which state.

        The numbers leave the filter's own state out, so that they say what another state would show.
        """
        with self._lock:
            self._notice()
            rows = chosen.chosen(self._rows)
            counts = Counter(map(attrgetter("state"), rows))
            counts["look"] = sum(map(attrgetter("look"), rows))
            counts["mine"] = sum(row.has_work_for(self.reviewer) for row in rows)
            counts["all"] = len(rows)
            return chosen.in_state(rows, self.reviewer), counts

    def piece(self, evidence: EvidenceId) -> Row:
        """Return one row of the queue; `MissingInput` if there is no such piece (any more)."""
        with self._lock:
            self._notice()
            if evidence in self._by_id:
                self._notice_run(self._by_id[evidence].one.evidence.document)
            if evidence not in self._by_id:
                raise MissingInput("no such evidence", where=evidence, remedy="go back to the queue")
            return self._by_id[evidence]

    def history(self, one: ReviewedEvidence) -> list[Decision]:
        """Return the decisions that rest on a piece, oldest first."""
        with self._lock:
            return [decision for decision in self.shelf.log if decision.id in one.decisions]

    def mine(self, one: ReviewedEvidence) -> Decision | None:
        """Return this reviewer's own standing decision on a piece."""
        own = [each for each in self.history(one) if each.reviewer == self.reviewer]
        return own[-1] if own else None

    def machine(self, evidence: EvidenceId) -> Evidence | None:
        """Return the piece as the rules found it, before anybody amended it."""
        return self._machine.get(evidence)

    def stakes(self, evidence: EvidenceId) -> tuple[order.Stake, ...]:
        """Return the codings that rest on a piece."""
        return self._stakes.get(evidence, ())

    def flips(self, evidence: EvidenceId) -> list[Flip]:
        """Return the codings that would change if the piece counted where it does not, or the reverse."""
        with self._lock:
            row = self._by_id.get(evidence)
            return self._flips(row.one) if row else []

    def progress(self) -> list[order.Progress]:
        """Return how far the review of each case has come."""
        with self._lock:
            cases = [case.id for case in self.shelf.cases.cases] if self.shelf.cases else []
            decided = {
                evidence
                for evidence in self._stakes
                if evidence in self._by_id and self._by_id[evidence].state != "open"
            }
            return order.progress(cases, decided, self._stakes, self._flipping)

    def orphans(self) -> list[Orphan]:
        """Return the decisions that have no place in today's texts."""
        with self._lock:
            self._notice()
            return [orphan for found in self._orphans.values() for orphan in found]

    def reading(self, document: str) -> Reading:
        """Return a document's text; `MissingInput` where there is none."""
        with self._lock:
            reading = self.shelf.reading(document)
            if reading is None:
                raise MissingInput("no such document", where=document, remedy="run `pipeline ingest`")
            return reading

    def evidence_in(self, document: str) -> list[ReviewedEvidence]:
        """Return all evidence of a document, by place."""
        with self._lock:
            self._notice()
            self._notice_run(document)
            return list(self._reviewed.get(document, ()))

    def finished(self) -> set[str]:
        """Return the documents that this reviewer marked as read to the end."""
        with self._lock:
            return {document for who, document in log.finished(self.shelf.log) if who == self.reviewer}

    def last(self) -> Decision | None:
        """Return what an undo would take back."""
        with self._lock:
            self._notice()
            return log.last_of(self.shelf.log, self.reviewer)

    # -- deciding --------------------------------------------------------------------------------------

    def decide(
        self,
        evidence: EvidenceId,
        verdict: Verdict,
        *,
        seen: str | None,
        values: Values | None = None,
        bounds: tuple[int, int] | None = None,
        note: str = "",
        settle: bool = False,
    ) -> Decision:
        """Save a decision and return it.

        `seen` is the id of the reviewer's own decision that the page showed, or None; if another stands
        by now, `Stale` is raised and nothing saved. `bounds` are in code points into the document.
        `settle` makes the decision one that settles what others said.
        """
        with self._lock:
            one = self.piece(evidence).one
            self._refuse_unless_seen(one, seen)
            piece = self._machine.get(evidence, one.evidence)
            others = [each.id for each in self.history(one) if each.reviewer != self.reviewer]
            decision = log.decide(
                piece,
                verdict,
                reviewer=self.reviewer,
                time=self._now(),
                values=self._known(values) if values else None,
                anchor=self._anchor(piece.document, bounds) if bounds else None,
                note=note,
                earlier=self.shelf.log,
                here=one.decisions,
                settles=tuple(others) if settle else (),
                blind=self.blind,
            )
            return self._save(decision)

    def add(
        self, document: str, bounds: tuple[int, int], values: Values, *, text_hash: str, note: str = ""
    ) -> EvidenceId:
        """Save evidence that the reviewer found; return its id. `Stale` if the text is another by now."""
        with self._lock:
            if self.reading(document).document.text_hash != text_hash:
                raise Stale("the text has changed meanwhile", where=document, remedy="load the page again")
            decision = log.add(
                document,
                self._anchor(document, bounds),
                self._known(values),
                reviewer=self.reviewer,
                time=self._now(),
                note=note,
                earlier=self.shelf.log,
                blind=self.blind,
            )
            self._save(decision)
            seats = self._reviewed.get(document, ())
            return next((one.evidence.id for one in seats if decision.id in one.decisions), "")

    def undo(self, seen: str) -> Decision:
        """Take back the reviewer's latest decision, which must be the one the page showed; return it."""
        with self._lock:
            last = self.last()
            if last is None:
                raise MissingInput("there is nothing to take back")
            if last.id != seen:
                raise Stale("another decision was made since", remedy="look at it before taking it back")
            self._save(log.withdraw(last, time=self._now()))
            return last

    def finish(self, document: str) -> None:
        """Save the reviewer's word that a document was read to its end."""
        with self._lock:
            text_hash = self.reading(document).document.text_hash
            now = self._now()
            mark = log.finish(document, text_hash, reviewer=self.reviewer, time=now, blind=self.blind)
            self._save(mark)

    # -- inside ----------------------------------------------------------------------------------------

    def _save(self, decision: Decision) -> Decision:
        log.append(self.project, decision)
        self._notice()
        return decision

    def _refuse_unless_seen(self, one: ReviewedEvidence, seen: str | None) -> None:
        mine = self.mine(one)
        if (mine.id if mine else None) != seen:
            said = f"you decided {mine.verdict} elsewhere" if mine else "your decision was taken back"
            raise Stale(said, where=one.evidence.id, remedy="look again, then decide")

    def _known(self, values: Values) -> Values:
        codebook = self.shelf.codebook
        if values.code and codebook and values.code not in codebook.codes:
            raise UsageError(f'unknown code "{values.code}"', remedy="choose one of rules/codebook.yaml")
        return values

    def _anchor(self, document: str, bounds: tuple[int, int]) -> Anchor:
        reading = self.reading(document)
        return log.anchor_at(reading.text, reading.document.text_hash, *bounds, reading.passages)

    def _notice(self) -> None:
        """Take in what was decided since, in this window or anywhere else."""
        for document in sorted(self.shelf.take_in_decisions()):
            self._remerge(document)

    def _notice_run(self, document: str) -> None:
        if self.shelf.take_in_run(document):
            self._remerge(document)

    def _lay_out(self) -> None:
        """Merge everything and put the queue in order."""
        reviewed, orphans = self.shelf.merged()
        self._machine = {piece.id: piece for pieces in self.shelf.evidence.values() for piece in pieces}
        self._reviewed: dict[str, list[ReviewedEvidence]] = defaultdict(list)
        for one in reviewed:
            self._reviewed[one.evidence.document].append(one)
        self._orphans: dict[str, list[Orphan]] = defaultdict(list)
        for orphan in orphans:
            self._orphans[orphan.decision.document].append(orphan)
        self._codings = self._consequences.codings() if self._consequences else []
        self._stakes = order.stakes(self._codings)
        self._flipping = self._those_that_flip(reviewed)
        self._discordant = {
            piece for pieces in self.shelf.evidence.values() for piece in order.discordant(pieces)
        }
        rows = (self._row(one) for one in reviewed if self._is_wanted(one))
        self._rows = sorted(rows, key=lambda row: row.key)
        self._by_id = {row.one.evidence.id: row for row in self._rows}

    def _remerge(self, document: str) -> None:
        """Bring one document up to date; its rows keep their places, so that the queue does not jump."""
        reviewed, self._orphans[document] = self.shelf.merged({document})
        for home in sorted({document, *(one.evidence.document for one in reviewed)}):
            self._put(home, [one for one in reviewed if one.evidence.document == home])
        if self._consequences:
            self._codings = self._consequences.codings()
            self._stakes = order.stakes(self._codings)

    def _put(self, document: str, reviewed: list[ReviewedEvidence]) -> None:
        self._reviewed[document] = reviewed
        self._machine.update((piece.id, piece) for piece in self.shelf.evidence.get(document, ()))
        if self._consequences:
            self._consequences.settle(document, reviewed)
        now = {one.evidence.id: one for one in reviewed if self._is_wanted(one)}
        old = [row for row in self._by_id.values() if row.one.evidence.document == document]
        if gone := {row.one.evidence.id for row in old} - now.keys():
            self._rows = [row for row in self._rows if row.one.evidence.id not in gone]
            for evidence in gone:
                del self._by_id[evidence]
        for evidence, one in now.items():
            if evidence in self._by_id:
                self._by_id[evidence].show(one)
            else:
                self._by_id[evidence] = row = self._row(one)
                insort(self._rows, row, key=lambda each: each.key)

    def _is_wanted(self, one: ReviewedEvidence) -> bool:
        return self._only is None or one.evidence.id in self._only

    def _row(self, one: ReviewedEvidence) -> Row:
        evidence = one.evidence.id
        held = self.stakes(evidence)
        why = order.reason(
            one, held, flips=evidence in self._flipping, discordant=evidence in self._discordant
        )
        return Row(one, why, max((1 / stake.among for stake in held), default=0.0))

    def _those_that_flip(self, reviewed: Sequence[ReviewedEvidence]) -> set[EvidenceId]:
        def share(one: ReviewedEvidence) -> int:
            return min(stake.among for stake in self._stakes[one.evidence.id])

        undecided = [one for one in reviewed if one.verdict is None and one.evidence.id in self._stakes]
        return {one.evidence.id for one in sorted(undecided, key=share)[:TRIED] if self._flips(one)}

    def _flips(self, one: ReviewedEvidence) -> list[Flip]:
        if self._consequences is None:
            return []
        document, turned = one.evidence.document, "reject" if one.counts else "accept"
        other = [
            msgspec.structs.replace(each, verdict=turned) if each.evidence.id == one.evidence.id else each
            for each in self._reviewed[document]
        ]
        now = {_name(coding): coding for coding in self._codings}
        changed = (
            (now[_name(then)], then)
            for then in self._consequences.codings_if(document, other)
            if _name(then) in now
        )
        return [
            Flip(
                case=was.case,
                indicator=was.indicator,
                before=was.value or was.state,
                after=then.value or then.state,
            )
            for was, then in changed
            if (was.value, was.state) != (then.value, then.state)
        ]


def _name(coding: Coding) -> tuple[str, str, float | None]:
    """Return what makes a coding the same one in two sets; untested hypotheses differ by number only."""
    return coding.case, coding.indicator, coding.number if coding.case == "*" else None
