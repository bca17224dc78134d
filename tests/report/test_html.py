"""The report page: complete, self-contained, safe, and the same for the same data."""

import re
from html.parser import HTMLParser

import pytest

from pipeline.report import ReportData, render
from pipeline.report.html import ReportCase
from tests.records import coding, document, evidence, reviewed

NASTY = 'They <script>alert("x")</script> protect civilians & others'
QUOTE = evidence(NASTY, trigger="protect civilians", polarity="affirmed", organisations=("UN", "AU"), page=3)
PATROL = evidence(
    "The two missions patrolled together.",
    "action.joint_implementation",
    status="performed",
    document="b c#.pdf",
    page=7,
)


@pytest.fixture
def data() -> ReportData:
    return ReportData(
        cases=[ReportCase(id="UN-AU", names=("UN and AU", "联合国与非盟"), partner="AU", scope="1998–2014")],
        codings=[
            coding("UN-AU", "actions.level", "joint_implementation", evidence=(PATROL.id,)),
            coding("UN-AU", "compatibility.norms", "high", evidence=(QUOTE.id,), missing="nothing"),
            coding("UN-AU", "dependence", "low", parts=("dependence.material",)),
            coding("UN-AU", "compatibility", "high", parts=("compatibility.norms",)),
            coding("UN-AU", "intensity", "medium"),
            coding("UN-AU", "dependence.material", None, state="not_reviewed"),
            coding(
                "*",
                "hypothesis",
                None,
                state="not_observed",
                reason="No case has high dependence and low culture.",
            ),
        ],
        evidence=[reviewed(QUOTE, verdict="accept", reviewers=("ann",)), reviewed(PATROL)],
        documents=[
            document(title="A <b>title</b>"),
            document("b c#.pdf", date="2006-04-25", media_type="application/pdf"),
        ],
        codes={"norm.civilian_protection": ("Protection of civilians", "保护平民")},
        predictions={("low", "high"): "medium"},
        settings=[("many", "5", "five are many")],
        versions=["pipeline 0"],
    )


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        self.links += [str(values[name]) for name in ("href",) if values.get(name)]
        self.sources += [str(values[name]) for name in ("src",) if values.get(name)]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_is_well_formed_self_contained_and_its_links_lead_somewhere(data: ReportData, language) -> None:
    outline = Outline()
    outline.feed(render(data, language))
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert not outline.sources
    inner = {link[1:] for link in outline.links if link.startswith("#")}
    assert inner <= set(outline.ids)
    assert all(link.startswith(("#", "../corpus/")) for link in outline.links)


def test_document_text_cannot_become_markup(data: ReportData) -> None:
    page = render(data)
    assert "<script" not in page
    assert "They &lt;script&gt;" in page
    assert "<mark>protect civilians</mark> &amp; others" in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in page


def test_quotes_link_to_the_page_of_the_source(data: ReportData) -> None:
    assert "../corpus/b%20c%23.pdf#page=7" in render(data)


def test_states_are_said_and_never_shown_as_values(data: ReportData) -> None:
    page = render(data)
    assert "not reviewed" in re.sub(r"\s+", " ", page)
    assert "No case has high dependence and low culture." in page


def test_chinese_page_speaks_chinese(data: ReportData) -> None:
    page = render(data, "zh")
    assert 'lang="zh-CN"' in page
    assert "联合实施" in page
    assert "保护平民" in page
    assert "Joint implementation" not in page


def test_same_data_same_bytes(data: ReportData) -> None:
    assert render(data) == render(data)
