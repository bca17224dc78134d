"""The published codings follow from evidence of the kinds it names, and states are told apart."""

import pytest

from pipeline.errors import UsageError
from pipeline.model import Document, ReviewedEvidence
from pipeline.rules.cases import Case, Cases, DocumentScope, Wording
from tests.coding import paper
from tests.coding.evidence import Writer, document

PUBLISHED = {
    "UN-EU": "high strong joint_implementation high high high high high high high high supported",
    "UN-AU": "medium strong policy_coordination medium low low low high high high medium supported",
    "UN-ASEAN": "low none information_sharing low low low low low low low low supported",
}
INDICATORS = [
    "agreements.count", "agreements.binding", "actions.level", "intensity", "dependence.material",
    "dependence.symbolic", "dependence", "compatibility.goals", "compatibility.norms", "compatibility",
    "predicted_intensity", "hypothesis",
]  # fmt: skip


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_codings(coded, case: str) -> None:
    codings = coded()
    assert [codings[case, name].value for name in INDICATORS] == PUBLISHED[case].split()


def test_hypotheses(coded) -> None:
    codings = coded()
    assert [codings[case, "hypothesis"].number for case in PUBLISHED] == [1, 3, 4]
    second = codings["*", "hypothesis"]
    assert (second.number, second.state, second.value) == (2, "not_observed", None)


def test_a_case_of_its_own_tests_hypothesis_two(coded, cases: Cases) -> None:
    nato = Case(
        id="UN-NATO", title=Wording(en="UN and NATO"), organisations=("UN", "NATO"), theatres=("kosovo",)
    )
    write = Writer()
    documents = [document("nato/report", organisations=("NATO",), date="2000", kind="report")]
    kosovo = {"theatres": ("kosovo",), "status": "performed"}
    evidence = [
        write("nato/report", "norm.non_interference", "NATO", id="n0"),
        write("nato/report", "action.information_sharing", "UN", "NATO", status="performed", id="n1"),
    ]
    for number, name in enumerate(("personnel", "logistics", "authority"), 1):
        evidence.append(
            write("nato/report", f"resource.{name}", "UN", role="need", id=f"need{number}", **kosovo)
        )
        evidence.append(
            write("nato/report", f"resource.{name}", "NATO", role="provision", id=f"give{number}", **kosovo)
        )
    codings = coded([*paper.evidence(), *evidence], [*paper.documents(), *documents],
                    Cases(cases=(*cases.cases, nato)))  # fmt: skip
    assert codings["UN-NATO", "predicted_intensity"].value == "medium"
    tested = codings["UN-NATO", "hypothesis"]
    assert (tested.number, tested.value) == (2, "not_supported")
    assert ("*", "hypothesis") not in codings


def test_every_value_names_its_evidence_or_document(coded) -> None:
    for coding in coded().values():
        if coding.value is not None:
            assert coding.evidence or coding.documents, coding
        assert coding.reason.endswith(".")


def test_below_the_top_something_is_missing(coded) -> None:
    codings = coded()
    assert codings["UN-AU", "agreements.count"].missing == "3 more agreements of the pair on peace operations"
    assert codings["UN-AU", "actions.level"].missing == "1 piece of evidence of joint decision"
    assert codings["UN-EU", "actions.level"].missing == ""


def actions(verdict: str | None = None, **values: object) -> tuple[list[ReviewedEvidence], list[Document]]:
    piece = Writer()("a", "action.joint_implementation", "EU", "UN", status="performed", issue="unit",
                     verdict=verdict, **values)  # fmt: skip
    return [piece], [document("a", organisations=("EU", "UN"), date="2005", kind="report")]


@pytest.mark.parametrize(
    ("verdict", "basis", "state", "value"),
    [
        (None, "machine", "coded", "joint_implementation"),
        (None, "reviewed", "not_reviewed", None),
        ("accept", "reviewed", "coded", "joint_implementation"),
        ("reject", "machine", "absent", "none"),
        ("reject", "reviewed", "absent", "none"),
        ("unsure", "machine", "absent", "none"),
    ],
)
def test_review_decides_the_state(coded, verdict, basis, state, value) -> None:
    coding = coded(*actions(verdict), evidence__basis=basis)["UN-EU", "actions.level"]
    assert (coding.state, coding.value) == (state, value)


def test_nothing_found_is_not_absent(coded) -> None:
    _, documents = actions()
    coding = coded([], documents)["UN-EU", "actions.level"]
    assert (coding.state, coding.value) == ("not_observed", None)


def test_evidence_outside_the_case_says_nothing_about_it(coded) -> None:
    coding = coded(*actions(theatres=("kosovo",)))["UN-EU", "actions.level"]
    assert coding.state == "not_observed"


def test_no_documents(coded) -> None:
    evidence, documents = actions()
    codings = coded(evidence, documents)
    assert {codings["UN-AU", name].state for name in INDICATORS} == {"no_documents"}
    assert codings["UN-EU", "actions.level"].state == "coded"
    unreadable = [document("a", status="no_text_layer", organisations=("EU", "UN"))]
    assert coded([], unreadable)["UN-EU", "intensity"].state == "no_documents"


def test_unreviewed_parts_leave_a_combination_open(coded) -> None:
    coding = coded(*actions(), evidence__basis="reviewed")["UN-EU", "intensity"]
    assert (coding.state, coding.value) == ("not_reviewed", None)


def test_agreements_wait_for_review(coded) -> None:
    codings = coded(evidence__basis="reviewed")
    assert codings["UN-EU", "agreements.count"].state == "not_reviewed"
    assert codings["UN-EU", "agreements.binding.textual"].state == "not_reviewed"


def test_one_agreement_in_many_documents_counts_once(coded) -> None:
    write = Writer()
    documents = [document(f"r{n}", organisations=("EU", "UN"), kind="report", date="2010") for n in range(3)]
    named, nato = "declaration:2003:EU+UN", "agreement:2004:EU+NATO"
    mentions = [(named, "r0"), (named, "r1"), ("declaration::EU+UN", "r2"), (nato, "r2")]
    evidence = [
        write(name, "agreement.instrument", "EU", "UN", issue="unit", instrument=key)
        for key, name in mentions
    ]
    coding = coded(evidence, documents)["UN-EU", "agreements.count"]
    assert (coding.number, len(coding.evidence)) == (1, 3)


def test_an_agreement_named_and_in_the_corpus_counts_once(coded) -> None:
    write = Writer()
    documents = [
        document("d", organisations=("EU", "UN"), kind="declaration", date="2003-09-24"),
        document("r", organisations=("UN",), kind="report", date="2010"),
    ]
    named = {"issue": "unit", "instrument": "declaration:2003:EU+UN"}
    evidence = [
        write("d", "binding.obligation", "EU", issue="document"),
        write("r", "agreement.instrument", "EU", "UN", **named),
    ]
    coding = coded(evidence, documents)["UN-EU", "agreements.count"]
    assert (coding.number, coding.documents) == (1, ("d", "r"))


def test_documents_in_and_out_of_the_scope(coded, cases: Cases) -> None:
    evidence, documents = actions()
    case = cases.cases[0].model_copy(update={"documents": DocumentScope(without=("a",))})
    among = Cases(cases=(case,))
    assert coded(evidence, documents, among)["UN-EU", "actions.level"].state == "no_documents"
    ignored = coded(evidence, documents, among, scope__documents="ignore")
    assert ignored["UN-EU", "actions.level"].value == "joint_implementation"


def test_unknown_settings_are_refused(coded) -> None:
    with pytest.raises(UsageError, match="no setting"):
        coded(agreements__mny=3)
    with pytest.raises(UsageError, match="cannot be"):
        coded(agreements__many=2)
    assert coded(agreements__many="7")["UN-EU", "agreements.count"].value == "medium"
