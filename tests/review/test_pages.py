"""Where words stand on a PDF page: aligned with the whole passage, in a process of its own."""

from pathlib import Path

import pytest

from pipeline.review import pages
from pipeline.review.pages import PageNotShown, Pages
from pipeline.review.pagework import align, comparable, find, line_boxes


def drawn(text: str) -> list[tuple[str, int, int]]:
    return [(one, 0, at) for at, character in enumerate(text) for one in comparable(character)]


def test_of_equal_words_the_right_one_is_found() -> None:
    passage = "They shall meet and shall report and shall act."
    start = passage.index("shall report")
    page = "Head\nThey shall\nmeet and shall re-\nport and shall act. Foot"
    hits = find(passage, {"trigger": (start, start + len("shall report"))}, drawn(page))["trigger"]
    assert page[hits[0][1] : hits[-1][1] + 1] == "shall re-\nport"


def test_ligatures_capitals_and_hyphens_are_no_difference() -> None:
    assert comparable("ﬁ") == "fi"
    assert comparable("\u00ad") == comparable(" ") == comparable("-") == ""
    assert align("EFFICIENT", drawn("eﬃcient"))[1] == [(0, 1)]


def test_a_passage_with_misread_letters_is_still_aligned() -> None:
    passage = "The mission protects civilians under imminent threat."
    places = align(passage, drawn("Page 3 The mission protecls civiIians under imminent threat. 4"))
    assert places[passage.index("imminent")] == [(0, 7 + passage.index("imminent"))]


def test_a_passage_that_is_not_there_has_no_place() -> None:
    assert align("Quite another sentence stands here.", drawn("0123456789" * 5)) == {}


def test_a_cell_of_a_table_is_found_by_itself_if_it_stands_there_once() -> None:
    passage = "one thing\tanother thing\n2023\t2023"
    page = "2023 one thing 2023 many other words that stand between them in columns another thing"
    start = passage.index("another")
    spot = find(passage, {"t": (start, start + 7), "u": (passage.index("2023"), len(passage))}, drawn(page))
    assert spot["t"][0] == (0, page.index("another thing"))
    assert spot["u"] == []


def test_characters_of_one_line_make_one_box() -> None:
    line = [(0.1 + 0.01 * n, 0.2, 0.01, 0.02) for n in range(5)]
    below = [(0.1, 0.25, 0.01, 0.02), (0.0, 0.0, 0.0, 0.02)]
    assert line_boxes([*line, *below]) == [(0.1, 0.2, 0.05, 0.02), (0.1, 0.25, 0.01, 0.02)]


def pdf(path: Path, *lines: str) -> Path:
    from fpdf import FPDF

    document = FPDF()
    for line in lines:
        document.add_page()
        document.set_font("helvetica", size=12)
        document.cell(0, 10, line)
    document.output(str(path))
    return path


def test_a_passage_that_runs_over_is_shown_on_the_page_of_its_trigger(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", "The councils shall meet and", "they shall report to each other.")
    passage = "The councils shall meet and they shall report to each other."
    start = passage.index("shall report")
    view = Pages().view(path, 1, passage, {"trigger": (start, start + 12), "quote": (0, len(passage))}, 300)
    assert (view.page, view.pages, len(view.boxes["trigger"])) == (2, 2, 1)
    assert view.picture.startswith(b"\x89PNG")


def test_a_page_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PageNotShown, match="no page 7"):
        Pages().view(pdf(tmp_path / "a.pdf", "One page."), 7, "One page.", {})


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SECONDS", 0.001)
    with pytest.raises(PageNotShown, match="longer"):
        Pages().view(pdf(tmp_path / "a.pdf", "One page."), 1, "One page.", {})


def test_the_same_page_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawer, path = Pages(), pdf(tmp_path / "a.pdf", "One page.")
    first = drawer.view(path, 1, "One page.", {"trigger": (0, 3)}, 200)
    monkeypatch.setattr(pages, "SECONDS", 0.001)
    assert drawer.view(path, 1, "One page.", {"trigger": (0, 3)}, 200) is first
