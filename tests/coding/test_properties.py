"""Values never exceed evidence, and order never matters."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.coding import Cases, Coder, Scheme, code, compare, explain, explain_evidence
from pipeline.coding.qca import truth_table
from pipeline.coding.reference import agreement, compare_reference, read_reference
from pipeline.coding.robustness import leave_one_out, smallest_flips, sweep
from pipeline.rules.scheme_check import read_scheme
from tests.coding import paper
from tests.conftest import ROOT

RISING = ("agreements.count", "agreements.binding.textual", "actions.level", "agreements", "intensity",
          "compatibility.goals")  # fmt: skip
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def heights(scheme: Scheme, cases: Cases, evidence: list) -> dict[tuple[str, str], int]:
    found = code(scheme, cases, paper.documents(), evidence)
    return {
        (c.case, c.indicator): c.scale.index(c.value) if c.value else 0
        for c in found
        if c.indicator in RISING
    }


@QUICK
@given(st.data())
def test_removing_evidence_never_raises_a_value(scheme: Scheme, cases: Cases, data: st.DataObject) -> None:
    evidence = paper.evidence()
    kept = [record for record in evidence if data.draw(st.booleans())]
    fewer = [record for record in kept if data.draw(st.booleans())]
    more, less = heights(scheme, cases, kept), heights(scheme, cases, fewer)
    assert all(less[key] <= more[key] for key in more)


@QUICK
@given(st.randoms(use_true_random=False))
def test_order_never_matters(scheme: Scheme, cases: Cases, chance: random.Random) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    chance.shuffle(documents)
    chance.shuffle(evidence)
    shuffled = code(scheme, cases, documents, evidence)
    assert shuffled == code(scheme, cases, paper.documents(), paper.evidence())


def test_putting_and_taking_documents_gives_what_coding_anew_gives(scheme: Scheme, cases: Cases) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    coder = Coder(scheme, cases, documents, evidence)
    whole = coder.codings()
    for document in documents:
        own = [record for record in evidence if record.evidence.document == document.id]
        rest = [record for record in evidence if record.evidence.document != document.id]
        coder.take(document.id)
        assert coder.codings() == code(scheme, cases, [d for d in documents if d != document], rest)
        coder.put(document, own)
        assert coder.codings() == whole


def test_a_removed_document_is_named_as_the_cause(scheme: Scheme, cases: Cases) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    before = code(scheme, cases, documents, evidence)
    fewer = [d for d in documents if d.id != "un-eu/artemis"]
    rest = [record for record in evidence if record.evidence.document != "un-eu/artemis"]
    changes = {c.indicator: c for c in compare(before, code(scheme, cases, fewer, rest), fewer, rest)}
    action = changes["actions.level"]
    assert (action.before, action.after) == ("joint_implementation", "joint_decision")
    assert [(c.kind, c.name, c.how) for c in action.because] == [("document", "un-eu/artemis", "removed")]
    assert not compare(before, before, documents, evidence)


def test_a_setting_is_named_as_the_cause(scheme: Scheme, cases: Cases) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    before = code(scheme, cases, documents, evidence)
    after = code(scheme, cases, documents, evidence, {"agreements.many": 8})
    changes = [c for c in compare(before, after, documents, evidence) if c.indicator == "agreements.count"]
    assert [str(c) for c in changes] == [
        "UN-EU agreements.count: high → medium because of setting agreements.many 5 → 8"
    ]


def test_explanations_reach_the_sentence_and_back(scheme: Scheme, cases: Cases) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    found = explain(scheme, cases, documents, evidence, "UN-AU", "actions")[0]
    assert "MISCA handed over to MINUSCA." in [use.quote for use in found.evidence]
    assert "about another theatre" in [use.used_for for use in found.aside]
    piece = next(use.evidence for use in found.evidence if "MISCA" in use.quote)
    rests = {rest.indicator: rest for rest in explain_evidence(scheme, cases, documents, evidence, piece)}
    assert (rests["actions.level"].without, rests["actions.level"].flips) == ("information_sharing", True)


def test_the_fewest_pieces_that_decide(scheme: Scheme, cases: Cases) -> None:
    coder = Coder(scheme, cases, paper.documents(), paper.evidence())
    before = coder.codings()
    flips = {flip.indicator: flip for flip in smallest_flips(coder, "UN-EU")}
    assert len(flips["actions.level"].evidence) == 2
    left_out = {(row.document, row.indicator): row.without for row in leave_one_out(coder)}
    assert left_out["un-eu/artemis", "actions.level"] == "joint_decision"
    assert coder.codings() == before


def test_the_sweep_agrees_with_coding_one_by_one(scheme: Scheme, cases: Cases) -> None:
    documents, evidence = paper.documents(), paper.evidence()
    rows = {(r.case, r.indicator): r for r in sweep(scheme, cases, documents, evidence, limit=150)}
    for name, setting in scheme.settings.items():
        if not setting.swept:
            continue
        value = setting.range[-1] if setting.range[-1] != setting.default else setting.range[0]
        for coding in code(scheme, cases, documents, evidence, {name: value}):
            if coding.case != "*" and coding.indicator != "hypothesis":
                row = rows[coding.case, coding.indicator]
                expected = row.single.get(f"{name}={value}", row.value or row.state)
                assert expected == (coding.value or coding.state), (name, value, coding)


def test_the_published_table_and_the_truth_table(scheme: Scheme, cases: Cases) -> None:
    codings = code(scheme, cases, paper.documents(), paper.evidence())
    published = read_reference(ROOT / "rules" / "reference" / "zhu-you-2025.csv", [])
    rows = compare_reference(codings, published)
    assert {row.outcome for row in rows} == {"match", "not_coded_there"}
    assert agreement(rows)[-1].kappa == 1.0
    table = {row.conditions: row for row in truth_table(scheme, codings)}
    assert table["high", "low"].remainder
    assert table["low", "high"].cases == ("UN-AU",)


def test_mistakes_in_a_scheme_have_their_places() -> None:
    text = (ROOT / "rules" / "scheme.yaml").read_text(encoding="utf-8")
    for wrong, message in [
        (("rule: $intensity.rule", "rule: $intensity.rul"), 'no setting "intensity.rul"'),
        (("default: 5\n", "default: 12\n"), "default 12 is not in the range"),
        (
            ("parts: [agreements, actions.level]", "parts: [agreement, actions.level]"),
            'no indicator "agreement"',
        ),
        (("levels: {medium: 1", "levels: {many: 1"), "levels are many, high"),
        (("held_by: pair, status", "heldby: pair, status"), 'unknown key "heldby"'),
    ]:
        problems: list = []
        assert read_scheme(text.replace(*wrong, 1), problems, where="rules/scheme.yaml") is None
        assert any(message in str(problem) for problem in problems), problems
        assert all(problem.where.startswith("rules/scheme.yaml:") for problem in problems)
