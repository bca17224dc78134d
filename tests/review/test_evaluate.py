"""Precision, recall and F1 of the machine, from what people said."""

import pytest

from pipeline.model import Verdict
from pipeline.review import evaluate
from pipeline.review.evaluate import score, wilson
from tests.records import evidence, reviewed

CODE = "norm.civilian_protection"


def test_counts_follow_the_verdicts() -> None:
    pieces = [evidence(f"Sentence {n}.") for n in range(6)]
    verdicts: list[Verdict | None] = ["accept", "accept", "reject", "unsure", None, "amend"]
    seen = [reviewed(piece, verdict=verdict) for piece, verdict in zip(pieces, verdicts, strict=True)]
    added = reviewed(evidence("Added.", rules=("reviewer:Anna",)), verdict="add")
    total = evaluate(pieces, [*seen, added])[0]
    assert (total.code, total.language) == ("", "")
    assert (total.right, total.wrong, total.missing, total.open) == (3, 1, 1, 2)


def test_another_code_is_wrong_for_the_one_and_missing_for_the_other() -> None:
    piece = evidence("Sentence.")
    changed = evidence("Sentence.", code="goal.peace_security", id=piece.id)
    rows = {(row.code, row.language): row for row in evaluate([piece], [reviewed(changed, verdict="amend")])}
    assert (rows[CODE, "en"].right, rows[CODE, "en"].wrong) == (0, 1)
    assert (rows["goal.peace_security", ""].missing, rows["goal.peace_security", ""].precision) == (1, None)


def test_languages_stand_apart() -> None:
    pieces = [evidence("Sentence."), evidence("句子。", language="zh")]
    rows = evaluate(pieces, [reviewed(pieces[0], verdict="accept"), reviewed(pieces[1], verdict="reject")])
    assert [(row.code, row.language) for row in rows] == [
        ("", ""), ("", "en"), ("", "zh"), (CODE, ""), (CODE, "en"), (CODE, "zh"),
    ]  # fmt: skip
    assert {row.language: row.precision.value for row in rows if row.precision} == {"": 0.5, "en": 1, "zh": 0}


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilson_intervals_are_those_of_the_tables(hits: int, of: int, low: float, high: float) -> None:
    estimate = wilson(hits, of)
    assert estimate is not None
    assert (estimate.low, estimate.high) == (low, high)


def test_of_nothing_there_is_no_share() -> None:
    nothing = score(0, 0, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)


def test_f1_comes_with_the_same_interval_every_time() -> None:
    first, again = score(30, 10, 10), score(30, 10, 10)
    assert first == again
    assert first.f1 is not None
    assert first.f1.value == 0.75
    assert 0.6 < first.f1.low < 0.75 < first.f1.high < 0.9
