"""The bundled corpus read, annotated and coded: each coding rests on documents that one can name."""

import dataclasses
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pipeline.annotate import Annotator
from pipeline.coding import code, load_cases, load_scheme
from pipeline.errors import Problem
from pipeline.ingest import extract, load_metadata
from pipeline.model import Coding, Document, Evidence, ReviewedEvidence
from pipeline.project import Project
from pipeline.rules import load_rules

ROOT = Path(__file__).resolve().parents[2]
JOINT_OPERATION = "un-eu/joint-operation/*"


@dataclasses.dataclass(frozen=True)
class Corpus:
    """What is found in the bundled corpus; `codings` codes it, also without some of it."""

    documents: Sequence[Document]
    evidence: Sequence[Evidence]

    def codings(self, *without: str, **settings: str) -> dict[tuple[str, str], Coding]:
        project, problems = Project(ROOT), list[Problem]()
        cases, scheme = load_cases(project.rules, problems), load_scheme(project.rules, problems)
        assert cases is not None
        assert scheme is not None

        def kept(document: str) -> bool:
            return not any(fnmatch(document, pattern) for pattern in without)

        codings = code(
            scheme,
            cases,
            [document for document in self.documents if kept(document.id)],
            [ReviewedEvidence(evidence=e) for e in self.evidence if kept(e.document)],
            {name.replace("__", "."): value for name, value in settings.items()},
        )
        return {(coding.case, coding.indicator): coding for coding in codings}

    def value(self, case: str, indicator: str, *without: str, **settings: str) -> str | None:
        return self.codings(*without, **settings)[case, indicator].value


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    project, problems = Project(ROOT), list[Problem]()
    metadata, rules = load_metadata(project, problems), load_rules(project.rules, problems)
    assert problems == []
    annotator = Annotator(rules)
    documents: list[Document] = []
    evidence: list[Evidence] = []
    for name in project.sources():
        if not name.startswith("official/"):
            read = extract(project.source(name).read_bytes(), name, metadata.entry(name))
            documents.append(read.document)
            evidence += annotator.annotate(read.document, read.passages)
    return Corpus(documents, evidence)


def test_every_text_is_read_without_a_warning(corpus: Corpus) -> None:
    assert [(d.id, d.status, d.warnings) for d in corpus.documents if d.status != "ok" or d.warnings] == []
    assert [d.id for d in corpus.documents if d.language != d.id.rsplit(".", 2)[1]] == []


def test_every_text_gives_evidence(corpus: Corpus) -> None:
    assert {d.id for d in corpus.documents} == {e.document for e in corpus.evidence}


def test_evidence_quotes_no_notice(corpus: Corpus) -> None:
    assert not [e for e in corpus.evidence if "MODEL TEXT" in e.quote or "示范文本：" in e.quote]


@pytest.mark.parametrize(
    ("case", "indicator", "without", "value"),
    [
        ("UN-EU", "actions.level", (JOINT_OPERATION,), "joint_decision"),
        (
            "UN-EU", "actions.level",
            (JOINT_OPERATION, "un-eu/letter-assessment-*", "un-eu/report-eufor-*"), "information_sharing",
        ),
        ("UN-EU", "agreements.count", ("un-eu/report-instruments-*",), "medium"),
        ("UN-EU", "dependence.symbolic", ("un-eu/report-mediation-*", "un-eu/report-monuc-*"), "low"),
        ("UN-EU", "dependence.material", ("un-eu/report-*", JOINT_OPERATION), "low"),
        ("UN-AU", "actions.level", ("un-au/resolution-201*",), "information_sharing"),
        ("UN-AU", "agreements.count", ("un-au/capacity-*", "un-au/joint-framework-*"), None),
        ("UN-ASEAN", "actions.level", ("un-asean/regional-*", "un-asean/plan-*", "un-asean/compre*"), None),
    ],
)  # fmt: skip
def test_taking_texts_away_lowers_what_rests_on_them(
    corpus: Corpus, case: str, indicator: str, without: tuple[str, ...], value: str | None
) -> None:
    whole, part = corpus.codings()[case, indicator], corpus.codings(*without)[case, indicator]
    assert part.value == value
    assert part.value != whole.value
    assert part.state == ("coded" if value else "not_observed"), "nothing found is not the same as none"


def test_nothing_outside_its_folder_claims_a_joint_operation_of_un_and_eu(corpus: Corpus) -> None:
    claims = {
        e.document
        for e in corpus.evidence
        if e.code == "action.joint_implementation" and {"EU", "UN"} <= set(e.organisations)
        and e.status == "performed"
    }  # fmt: skip
    assert claims
    assert [document for document in claims if not fnmatch(document, JOINT_OPERATION)] == []


def test_darfur_is_found_and_kept_out_by_its_theatre(corpus: Corpus) -> None:
    levels = corpus.codings()["UN-AU", "actions.level"].scale
    scoped = corpus.value("UN-AU", "actions.level")
    unscoped = corpus.value("UN-AU", "actions.level", scope__theatre="ignore")
    assert scoped == "policy_coordination"
    assert unscoped is not None
    assert levels.index(unscoped) > levels.index(scoped)


@pytest.mark.parametrize("case", ["UN-EU", "UN-AU", "UN-ASEAN"])
def test_both_languages_bear_the_codings(corpus: Corpus, case: str) -> None:
    bearing = {
        document.rsplit(".", 2)[1]
        for (of, _), coding in corpus.codings().items()
        if of == case
        for document in coding.documents
    }
    assert bearing == {"en", "zh"}
    actions = corpus.codings()[case, "actions.level"].documents
    assert {document.rsplit(".", 2)[1] for document in actions} == {"en", "zh"}
