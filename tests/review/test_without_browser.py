"""Review in the terminal, on paper, and by sample."""

import itertools
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.review import load_decisions
from pipeline.review.desk import Desk
from pipeline.review.order import discordant, progress, sample, stakes
from pipeline.review.queue import Filter
from pipeline.review.sheet import sheet
from pipeline.review.terminal import sit
from pipeline.rules.codebook import load_codebook
from tests.records import coding, document, evidence
from tests.review.projects import RULES, SCRIPT, small


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    seconds = itertools.count()
    return Desk(small(tmp_path), "Anna", now=lambda: f"2026-03-01T12:00:{next(seconds):02}Z")


def typed(desk: Desk, *lines: str) -> tuple[int, list[str]]:
    waiting, shown = iter(lines), []

    def ask(_: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return sit(desk, Filter(state="mine"), ask, shown.append), shown


def test_one_letter_decides_and_words_after_it_are_the_note(desk: Desk) -> None:
    made, shown = typed(desk, "a", "r only a heading", "?", "q")
    assert made == 2
    said = [(one.verdict, one.note) for one in load_decisions(desk.project, [])]
    assert said == [("accept", ""), ("reject", "only a heading")]
    assert any("[joint patrols]" in one or "[shall meet]" in one for one in shown)


def test_what_was_taken_back_comes_again(desk: Desk) -> None:
    made, _ = typed(desk, "a", "z")
    assert made == 0
    rows, counts = desk.queue(Filter(state="mine"))
    assert len(rows) == counts["open"] == 5


def test_the_end_is_said(desk: Desk) -> None:
    made, shown = typed(desk, *"aaaaa")
    assert made == 5
    assert shown[-1] == "nothing is left to do here"


def test_a_sheet_holds_every_piece_and_runs_no_script(desk: Desk) -> None:
    rows, _ = desk.queue(Filter())
    codebook = load_codebook(RULES, [])
    assert codebook is not None
    for language in ("en", "zh"):
        page = sheet([row.one for row in rows], {"a.txt": document()}, codebook, language)  # type: ignore[arg-type]
        for row in rows:
            assert row.one.evidence.id in page
        assert SCRIPT not in page
        assert "<script" not in page
        assert "http" not in page


def test_a_sample_is_even_over_codes_and_the_same_for_the_same_seed() -> None:
    common = [evidence(f"Common {n}.", start=n * 20) for n in range(50)]
    rare = [evidence(f"Rare {n}.", "goal.peace_security", start=2000 + n * 20) for n in range(3)]
    drawn = sample([*common, *rare], 10, by=("code",), seed=7)
    assert drawn == sample([*rare, *reversed(common)], 10, by=("code",), seed=7)
    assert sum(one.code == "goal.peace_security" for one in drawn) == 3
    assert len(drawn) == len({one.id for one in drawn}) == 10
    assert drawn != sample([*common, *rare], 10, by=("code",), seed=8)
    assert len(sample(rare, 10)) == 3
    with pytest.raises(UsageError):
        sample(rare, 1, by=("weather",))


def test_rules_that_disagree_on_one_sentence_are_found() -> None:
    duty = evidence("They shall and should.", "binding.obligation")
    hope = evidence("They shall and should.", "binding.hortatory")
    other = evidence("They meet.", "action.information_sharing", start=100)
    assert discordant([duty, hope, other]) == {duty.id, hope.id}


def test_progress_counts_what_the_codings_rest_on() -> None:
    one, two = evidence("One."), evidence("Two.")
    held = stakes([coding("UN-AU", "actions.level", "high", evidence=(one.id, two.id))])
    assert held[one.id][0].among == 2
    [state] = progress(["UN-AU"], {one.id}, held, {one.id, two.id})
    assert (state.behind, state.decided, state.pressing) == (2, 1, 1)


def test_what_is_disputed_comes_before_what_is_not(desk: Desk) -> None:
    rows, _ = desk.queue(Filter())
    last = rows[-1].one.evidence.id
    for reviewer, verdict in (("Bo", "accept"), ("Chen", "reject")):
        other = Desk(desk.project, reviewer, now=lambda: "2026-03-01T13:00:00Z")
        other.decide(last, verdict, seen=None)  # type: ignore[arg-type]
    desk.refresh()
    assert desk.queue(Filter(state="mine"))[0][0].one.evidence.id == last
