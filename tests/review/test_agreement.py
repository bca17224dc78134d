"""Agreement measures against published figures, and what counts as common work of two coders."""

from collections.abc import Sequence

import pytest

from pipeline.model import Decision, Document, Passage, Values, Verdict
from pipeline.review import add, anchor_at, decide, finish
from pipeline.review.agreement import Level, alpha, reliability
from pipeline.review.coders import MACHINE, Agreement, agreement, sentence_starts
from tests.review.test_merge import CONSULT, PATROL, found, reading

_ = None
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
"""The worked example of Krippendorff 2011, with missing ratings."""


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_that_of_the_published_example(level: Level, value: float) -> None:
    assert alpha(FOUR_OBSERVERS, level) == pytest.approx(value, abs=5e-4)


def test_gwets_coefficient_is_that_of_the_published_example() -> None:
    found = reliability(FOUR_OBSERVERS)
    assert found.ac is not None
    assert found.ac.value == pytest.approx(0.7754, abs=5e-4)
    assert found.percent is not None
    assert found.percent.value == pytest.approx(0.8182, abs=5e-4)
    assert found.units == 11


SCALE = ("low", "medium", "high")
NEAR = [["low", "high", "medium", "low"], ["medium", "high", "high", "low"]]
FAR = [["low", "high", "high", "low"], ["high", "high", "low", "low"]]


def test_gwets_ordinal_weights_forgive_small_differences() -> None:
    near = reliability(
        [["low", "high", "medium", "low"], ["medium", "high", "high", "low"]], "ordinal", SCALE
    )
    far = reliability(FAR, "ordinal", SCALE)
    assert near.ac and far.ac and near.alpha and far.alpha
    assert near.ac.value > far.ac.value
    assert near.alpha.value > far.alpha.value


def test_where_all_say_the_same_alpha_is_not_defined_and_the_others_are() -> None:
    same = reliability([[0, 0, 0], [0, 0, 0]], scale=(0, 1))
    assert same.alpha is None
    assert same.percent is not None
    assert same.ac is not None
    assert (same.percent.value, same.ac.value) == (1.0, 1.0)


def test_without_a_unit_that_two_rated_there_is_nothing_to_say() -> None:
    assert reliability([[1, None], [None, 2]]).units == 0


def test_intervals_enclose_the_value_and_do_not_change() -> None:
    first, again = reliability(FOUR_OBSERVERS, "ordinal"), reliability(FOUR_OBSERVERS, "ordinal")
    assert first == again
    assert first.alpha is not None
    assert first.alpha.low < first.alpha.value <= first.alpha.high


def test_sentences_start_where_the_one_before_ends() -> None:
    today = reading("One. Two; three 1.5 times?", "第一。第二；第三")
    starts = sentence_starts(today.passages)
    assert [today.text[at : at + 3].strip() for at in starts] == [
        "One",
        "Tw",
        "th",
        "第一。",
        "第二；",
        "第三",
    ]


TODAY = reading(PATROL + " " + CONSULT, "Nothing here. And nothing there.")
PIECES = [found(TODAY, PATROL), found(TODAY, CONSULT, "action.information_sharing")]


def read(name: str) -> tuple[Document, Sequence[Passage]] | None:
    return (TODAY.document, TODAY.passages) if name == "a.txt" else None


def judged(reviewer: str, *verdicts: Verdict) -> list[Decision]:
    return [
        decide(piece, verdict, reviewer=reviewer, time=f"2026-03-01T12:{minute:02}:00Z")
        for minute, (piece, verdict) in enumerate(zip(PIECES, verdicts, strict=False))
    ]


def row(rows: Sequence[Agreement], first: str, second: str, code: str = "") -> Agreement:
    return next(one for one in rows if (one.first, one.second, one.code) == (first, second, code))


def test_two_who_finished_are_compared_code_by_code() -> None:
    rows = agreement(
        {"a.txt": PIECES}, read, [*judged("Anna", "accept", "accept"), *judged("Bo", "accept", "reject")]
    )
    total = row(rows, "Anna", "Bo")
    assert (total.documents, total.exact, total.overlapping) == (1, 0.6667, 0.6667)
    assert total.sentences.units == 8
    assert row(rows, "Anna", "Bo", "action.joint_implementation").exact == 1.0
    assert row(rows, "Anna", "Bo", "action.information_sharing").exact == 0.0
    assert row(rows, MACHINE, "Anna").exact == 1.0


def test_a_document_that_one_has_not_finished_is_left_out() -> None:
    decisions = [*judged("Anna", "accept", "accept"), *judged("Bo", "accept")]
    assert {(one.first, one.second) for one in agreement({"a.txt": PIECES}, read, decisions)} == {
        (MACHINE, "Anna")
    }
    done = finish("a.txt", TODAY.document.text_hash, reviewer="Bo", time="2026-03-01T13:00:00Z")
    assert row(agreement({"a.txt": PIECES}, read, [*decisions, done]), "Anna", "Bo").documents == 1


def test_blind_coding_is_compared_apart_and_without_the_machines_suggestions() -> None:
    decisions = judged("Anna", "accept", "accept")
    for reviewer, end in (("Bo", len(PATROL)), ("Chen", len(PATROL) - 1)):
        anchor = anchor_at(TODAY.text, TODAY.document.text_hash, 0, end, TODAY.passages)
        values = Values(code="action.joint_implementation")
        time = "2026-03-01T12:00:00Z"
        decisions.append(add("a.txt", anchor, values, reviewer=reviewer, time=time, blind=True))
        decisions.append(finish("a.txt", TODAY.document.text_hash, reviewer=reviewer, time=time, blind=True))
    rows = agreement({"a.txt": PIECES}, read, decisions, blind=True)
    assert {(one.first, one.second) for one in rows} == {("Bo", "Chen"), (MACHINE, "Bo"), (MACHINE, "Chen")}
    both = row(rows, "Bo", "Chen")
    assert (both.exact, both.overlapping) == (0.0, 1.0)
    assert both.sentences.alpha is not None
    assert both.sentences.alpha.value == 1.0
    assert row(rows, MACHINE, "Bo").exact == 0.6667
