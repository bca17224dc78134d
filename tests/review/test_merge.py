"""How evidence stands after people looked at it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from pipeline.model import (
    Decision,
    Document,
    Evidence,
    Passage,
    ReviewedEvidence,
    Values,
    Verdict,
    digest,
    text_of,
)
from pipeline.review import Orphan, add, anchor_at, decide, locate, merge, withdraw
from pipeline.review.anchor import Reading
from pipeline.review.decisions import anchor_of
from pipeline.rules.codebook import load_codebook
from tests.records import document as document_record
from tests.records import evidence as evidence_record
from tests.records import passages as paragraphs

PATROL = "The two missions set up joint patrols in the northern sector."
CONSULT = "The councils shall meet once a year to exchange views."
HAN = "联合国与非洲联盟𠀀共同部署混合行动。"
RULES = Path(__file__).parents[2] / "rules"


def reading(*texts: str, name: str = "a.txt") -> Reading:
    made = paragraphs(*texts)
    return Reading(document_record(name, text_hash=digest(text_of(made).encode())), made)


def found(
    today: Reading, quote: str, code: str = "action.joint_implementation", **values: object
) -> Evidence:
    start = today.text.index(quote)
    end = start + len(quote)
    return evidence_record(
        quote,
        code,
        start=start,
        document=today.document.id,
        prefix=today.text[max(0, start - 32) : start],
        suffix=today.text[end : end + 32],
        text_hash=today.document.text_hash,
        **{"organisations": ("AU", "UN"), "status": "performed"} | values,
    )


def merged(
    today: Reading, pieces: Sequence[Evidence], *decisions: Decision
) -> tuple[list[ReviewedEvidence], list[Orphan]]:
    def read(name: str) -> tuple[Document, Sequence[Passage]] | None:
        return (today.document, today.passages) if name == today.document.id else None

    codebook = load_codebook(RULES, [])
    return merge({today.document.id: pieces}, read, decisions, codebook=codebook)


def judged(
    piece: Evidence, verdict: Verdict, reviewer: str = "Anna", minute: int = 0, **more: object
) -> Decision:
    return decide(piece, verdict, reviewer=reviewer, time=f"2026-03-01T12:{minute:02}:00Z", **more)  # type: ignore[arg-type]


def test_what_nobody_judged_stays_as_the_machine_found_it() -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    assert merged(today, [piece]) == ([ReviewedEvidence(evidence=piece)], [])


def test_a_rejected_piece_stays_in_sight_and_no_longer_counts() -> None:
    today = reading(PATROL)
    [one], orphans = merged(today, [found(today, PATROL)], judged(found(today, PATROL), "reject", note="no"))
    assert (one.verdict, one.counts, one.anchoring, one.note) == ("reject", False, "exact", "Anna: no")
    assert not orphans


def test_an_amendment_changes_the_evidence_and_keeps_its_identity() -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    new = Values(code="resource.personnel", role="provision", organisations=("EU",))
    [one], _ = merged(today, [piece], judged(piece, "amend", values=new))
    assert one.verdict == "amend"
    assert one.evidence.id == piece.id
    assert (one.evidence.code, one.evidence.role) == ("resource.personnel", "provision")
    assert one.evidence.organisations == ("EU",)
    assert one.evidence.rules == ("r", "reviewer:Anna")


def test_an_amended_code_takes_along_only_the_attributes_it_has() -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    [one], _ = merged(today, [piece], judged(piece, "amend", values=Values(code="goal.peace_security")))
    assert one.evidence.status is None


def test_amended_bounds_hold_the_quote_and_a_trigger_within_it() -> None:
    today = reading(PATROL + " " + CONSULT)
    piece = found(today, PATROL, trigger="joint patrols")
    start = today.text.index("joint")
    anchor = anchor_at(today.text, today.document.text_hash, start, len(PATROL), today.passages)
    [one], _ = merged(today, [piece], judged(piece, "amend", anchor=anchor))
    assert one.evidence.quote == "joint patrols in the northern sector."
    assert one.evidence.trigger == "joint patrols"
    narrow = anchor_at(today.text, today.document.text_hash, 0, len("The two missions"), today.passages)
    [one], _ = merged(today, [piece], judged(piece, "amend", anchor=narrow))
    assert one.evidence.quote == one.evidence.trigger == "The two missions"


def test_added_evidence_stands_beside_what_the_machine_found() -> None:
    today = reading(PATROL, "𠀀𪚥" + HAN)
    start = today.text.index(HAN)
    anchor = anchor_at(today.text, today.document.text_hash, start, start + len(HAN), today.passages)
    values = Values(code="action.joint_implementation", organisations=("AU", "UN"), status="performed")
    decision = add("a.txt", anchor, values, reviewer="Anna", time="2026-03-01T12:00:00Z")
    (_, one), orphans = merged(today, [found(today, PATROL)], decision)
    assert one.evidence.quote == HAN == today.text[one.evidence.start : one.evidence.end]
    assert one.evidence.rules == ("reviewer:Anna",)
    assert (one.verdict, one.evidence.label, one.evidence.passage) == ("add", "para. 2", 2)
    assert not orphans


def test_an_addition_that_the_rules_find_later_is_not_counted_twice() -> None:
    today = reading(PATROL)
    anchor = anchor_at(today.text, today.document.text_hash, 0, len(PATROL), today.passages)
    values = Values(code="action.joint_implementation", organisations=("AU", "UN"), status="performed")
    decision = add("a.txt", anchor, values, reviewer="Anna", time="2026-03-01T12:00:00Z")
    piece = found(today, PATROL)
    [one], _ = merged(today, [piece], decision)
    assert one.evidence == piece
    assert one.decisions == (decision.id,)


def test_what_a_person_accepted_stays_when_the_rules_no_longer_find_it() -> None:
    today = reading(PATROL)
    decision = judged(found(today, PATROL), "accept")
    [one], orphans = merged(today, [], decision)
    assert (one.verdict, one.evidence.quote, one.evidence.status) == ("accept", PATROL, "performed")
    assert one.evidence.rules == ("reviewer:Anna",)
    assert not orphans


def test_an_accepted_piece_whose_values_the_rules_change_needs_a_look() -> None:
    today = reading(PATROL)
    decision = judged(found(today, PATROL), "accept")
    [one], _ = merged(today, [found(today, PATROL, status="called_for")], decision)
    assert one.anchoring == "carried"
    assert one.evidence.status == "performed"


def test_a_rejected_need_does_not_reject_the_provision_beside_it() -> None:
    today = reading(PATROL)
    need = found(today, PATROL, "resource.funding", role="need")
    provision = found(today, PATROL, "resource.funding", role="provision")
    reviewed, _ = merged(today, [provision], judged(need, "reject"))
    verdicts = {one.evidence.role: one.verdict for one in reviewed}
    assert verdicts == {"need": "reject", "provision": None}


def test_a_decision_follows_its_sentence() -> None:
    before = reading(PATROL, CONSULT)
    decision = judged(found(before, PATROL), "reject")
    after = reading("A new first paragraph.", CONSULT, PATROL)
    [one], _ = merged(after, [found(after, PATROL)], decision)
    assert (one.verdict, one.anchoring) == ("reject", "moved")


def test_line_breaks_are_no_difference() -> None:
    before = reading(PATROL, CONSULT)
    decision = judged(found(before, PATROL), "reject")
    broken = PATROL.replace("joint patrols", "joint\npatrols")
    after = reading(broken, CONSULT)
    [one], _ = merged(after, [found(after, broken)], decision)
    assert (one.verdict, one.anchoring) == ("reject", "moved")


def test_a_decision_on_words_that_changed_is_carried_and_marked() -> None:
    before = reading(PATROL, CONSULT)
    decision = judged(found(before, PATROL), "reject")
    changed = PATROL.replace("northern", "northem").replace("set up", "have set up")
    after = reading(changed, CONSULT)
    [one], orphans = merged(after, [found(after, changed)], decision)
    assert (one.verdict, one.anchoring) == ("reject", "carried")
    assert not orphans


def test_a_decision_on_a_sentence_that_is_gone_is_listed_with_the_nearest_passage() -> None:
    before = reading(PATROL, CONSULT)
    decision = judged(found(before, CONSULT), "accept")
    after = reading("The two councils may meet when they wish.", "Something else.")
    reviewed, [orphan] = merged(after, [], decision)
    assert not reviewed
    assert (orphan.decision, orphan.reason, orphan.label) == (decision, "not_found", "para. 1")
    assert orphan.nearest == "The two councils may meet when they wish."


def test_decisions_of_a_document_that_is_gone_are_listed() -> None:
    before = reading(PATROL)
    reviewed, [orphan] = merge({}, lambda _: None, [judged(found(before, PATROL), "accept")])
    assert (reviewed, orphan.reason) == ([], "no_document")


def test_decisions_of_a_document_that_cannot_be_read_now_are_listed() -> None:
    today = reading(PATROL)
    empty = msgspec.structs.replace(today.document, status="encrypted", text_hash="")
    _, [orphan] = merge({}, lambda _: (empty, []), [judged(found(today, PATROL), "accept")])
    assert orphan.reason == "no_text"


def test_decisions_follow_a_document_that_was_renamed() -> None:
    before, after = reading(PATROL), reading(PATROL, name="b.txt")
    [one], orphans = merged(after, [found(after, PATROL)], judged(found(before, PATROL), "reject"))
    assert (one.evidence.document, one.verdict) == ("b.txt", "reject")
    assert not orphans


def test_of_equal_sentences_the_words_around_decide() -> None:
    before = reading("First part.", CONSULT, "Second part.", CONSULT, "Third part.")
    anchor = anchor_at(
        before.text,
        before.document.text_hash,
        before.text.rindex(CONSULT),
        len(before.text) - 12,
        before.passages,
    )
    after = reading("Opening.", "First part.", CONSULT, "Second part.", CONSULT, "Third part.")
    place = locate(anchor, after)
    assert place is not None
    assert (place.start, place.anchoring) == (after.text.rindex(CONSULT), "moved")


def test_a_decision_of_a_lost_neighbour_does_not_outweigh_the_one_made_here() -> None:
    near = PATROL.replace("northern", "southern")
    before = reading(PATROL, near)
    on_lost, on_kept = judged(found(before, PATROL), "reject"), judged(found(before, near), "accept", "Bo", 1)
    after = reading(near)
    [one], [orphan] = merged(after, [found(after, near)], on_lost, on_kept)
    assert (one.verdict, one.reviewers) == ("accept", ("Bo",))
    assert (orphan.decision, orphan.reason) == (on_lost, "displaced")


@pytest.mark.parametrize(
    ("verdicts", "result", "disputed"),
    [
        (["accept", "accept"], "accept", False),
        (["accept", "reject"], "unsure", True),
        (["accept", "reject", "accept"], "accept", True),
        (["accept", "unsure"], "unsure", True),
        (["reject", "reject", "unsure"], "reject", True),
        (["accept", "reject", "unsure"], "unsure", True),
    ],
)
def test_reviewers_vote(verdicts: list[Verdict], result: Verdict, disputed: bool) -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    decisions = [judged(piece, verdict, f"R{n}", n) for n, verdict in enumerate(verdicts)]
    [one], _ = merged(today, [piece], *decisions)
    assert (one.verdict, one.disputed) == (result, disputed)
    assert len(one.decisions) == len(verdicts)


def test_a_settlement_stands_until_somebody_decides_anew() -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    yes, no = judged(piece, "accept", "Anna", 1), judged(piece, "reject", "Bo", 2)
    settled = judged(piece, "reject", "Chen", 3, settles=(yes.id, no.id))
    [one], _ = merged(today, [piece], yes, no, settled)
    assert (one.verdict, one.disputed) == ("reject", False)
    again = judged(piece, "accept", "Anna", 4, earlier=(yes, no, settled))
    [one], _ = merged(today, [piece], yes, no, settled, again)
    assert (one.verdict, one.disputed) == ("unsure", True)


def test_those_who_say_yes_with_different_values_are_in_dispute_about_these_only() -> None:
    today = reading(PATROL)
    piece = found(today, PATROL)
    yes = judged(piece, "accept", "Anna", 1)
    other = judged(piece, "amend", "Bo", 2, values=Values(status="committed"))
    [one], _ = merged(today, [piece], yes, other)
    assert (one.verdict, one.evidence.status, one.disputed, one.counts) == ("amend", "committed", True, True)


def test_a_new_decision_takes_the_place_of_a_carried_one() -> None:
    before, after = reading(PATROL), reading(PATROL.replace("northern", "northem"))
    old = judged(found(before, PATROL), "reject")
    piece = found(after, after.text)
    [one], _ = merged(after, [piece], old)
    new = judged(piece, "accept", minute=1, earlier=(old,), here=one.decisions)
    assert new.replaces == old.id
    [one], orphans = merged(after, [piece], old, new)
    assert (one.verdict, one.anchoring, one.decisions) == ("accept", "exact", (new.id,))
    assert not orphans
    [one], _ = merged(after, [piece], old, new, withdraw(new, time="2026-03-01T13:00:00Z"))
    assert one.verdict == "reject"


def test_an_anchor_is_what_decides_when_the_text_is_the_same() -> None:
    today = reading(CONSULT + " " + CONSULT)
    second = evidence_record(CONSULT, start=len(CONSULT) + 1, text_hash=today.document.text_hash)
    place = locate(anchor_of(second), today)
    assert place is not None
    assert (place.start, place.anchoring) == (second.start, "exact")
