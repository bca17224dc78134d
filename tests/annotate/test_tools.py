"""What rule writers ask of the tools."""

from pathlib import Path

import pytest

from pipeline.annotate import Annotator
from pipeline.annotate.explain import explain
from pipeline.annotate.tools import diff, report, try_phrase
from pipeline.errors import UsageError
from pipeline.model import ReviewedEvidence
from tests.annotate.writing import document, pack, rule, ruleset

CUES = 'cues: [{id: denies, sets: {drop: "true"}, phrases: [refuse~]}]'


@pytest.mark.parametrize(
    ("more", "phrase", "text", "outcome", "detail"),
    [
        ("", "joint patrol~", "The EU began joint patrols.", "fired", "“joint patrols”; performed; EU, UN"),
        ("", "joint patrol~", "The EU danced.", "no required word", "none of the words"),
        ("", "joint patrol~", "The EU began joint dances.", "token failed", "meets “dances”"),
        ("", "send~ …1 troop~", "The EU sent us very many troops.", "gap too long", "comes 3 words on"),
        (
            "where: {kinds: [article]}",
            "joint patrol~",
            "The EU: joint patrols.",
            "wrong section",
            "paragraph of a",
        ),
        ("without: [dance~]", "joint patrol~", "The EU danced on joint patrols.", "vetoed", "“danced”"),
        (
            "not_inside: [joint patrol~ dance~]",
            "joint patrol~",
            "EU joint patrol dances.",
            "vetoed",
            "not_inside",
        ),
        ("with: [[army]]", "joint patrol~", "The EU began joint patrols.", "companion missing", "group 1"),
        ("", "joint patrol~", "The EU refused joint patrols.", "stopped by cue", "denies"),
        ("", "joint patrol~", "They began joint patrols.", "too few actors", "no second organisation"),
    ],
)
def test_explain_names_the_step_that_failed(
    tmp_path: Path, more: str, phrase: str, text: str, outcome: str, detail: str
) -> None:
    rules = pack(rule("it", "action.joint_implementation", phrase, more=more), cues=CUES)
    annotator = Annotator(ruleset(tmp_path, rules))
    (found,) = explain(annotator, *document(text, kind="report", by=("UN",)), rule="it")
    assert (found.outcome, detail in found.detail) == (outcome, True), found


def test_explain_says_which_code_won(tmp_path: Path) -> None:
    rules = pack(
        rule("duty", "binding.obligation", "shall", more="yields_to: [binding.final_clause]"),
        rule("final", "binding.final_clause", "enter~ into force"),
    )
    text = document("It shall enter into force.", kind="agreement", by=("EU", "UN"))
    found = {one.rule: one.outcome for one in explain(Annotator(ruleset(tmp_path, rules)), *text, offset=3)}
    assert found == {"final": "fired", "duty": "lost to rule"}


def test_diff_tells_what_is_gained_lost_and_changed(tmp_path: Path) -> None:
    patrol = rule("patrol", "action.joint_implementation", "joint patrol~")
    old = ruleset(tmp_path / "old", pack(patrol, rule("talk", "action.information_sharing", "talk~")))
    changed = rule("patrol", "action.joint_implementation", "joint patrol~", more="status: called_for")
    new = ruleset(tmp_path / "new", pack(changed, rule("plan", "action.joint_decision", "plan~ together")))
    texts = [
        document("The EU began joint patrols.", "The EU talked.", "The EU planned together.", by=("UN",))
    ]
    found = [(one.kind, one.evidence.code, one.differs) for one in diff(old, new, texts)]
    assert found == [
        ("changed", "action.joint_implementation", ("status",)),
        ("lost", "action.information_sharing", ()),
        ("gained", "action.joint_decision", ()),
    ]


def test_report_counts_hits_overlaps_and_judgements(tmp_path: Path) -> None:
    rules = ruleset(
        tmp_path,
        pack(
            rule("one", "action.joint_implementation", "joint patrol~"),
            rule("two", "action.joint_implementation", "began joint patrol~"),
            rule("dead", "action.joint_decision", "plan~ together"),
        ),
    )
    found = Annotator(rules).annotate(
        *document("The EU began joint patrols.", "The EU: joint patrols.", by=("UN",))
    )
    reviewed = [
        ReviewedEvidence(evidence=found[0], verdict="accept"),
        ReviewedEvidence(evidence=found[1], verdict="reject"),
    ]
    lines = {line.id: line for line in report(rules, reviewed)}
    assert (lines["one"].hits, lines["one"].alone, lines["one"].with_others) == (2, 1, (("two", 1),))
    assert (lines["one"].share_confirmed, lines["two"].share_confirmed) == (0.5, 1.0)
    assert (lines["dead"].hits, lines["dead"].share_confirmed) == (0, None)


def test_try_shows_hits_in_context_and_what_a_rule_would_add(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, pack(rule("one", "action.joint_implementation", "joint patrol~")))
    texts = [document("The EU began joint patrols.", "Joint patrols began.", by=("UN",), kind="report")]
    lines = list(try_phrase(rules, "joint patrol~", "en", texts))
    assert [(line.left, line.hit, line.right, line.codes) for line in lines] == [
        ("The EU began", "joint patrols", ".", ("action.joint_implementation",)),
        ("", "Joint patrols", "began.", ()),
    ]
    added = try_phrase(rules, "joint patrol~", "en", texts, code="action.joint_implementation")
    assert [line.right for line in added] == ["began."]
    with pytest.raises(UsageError, match="character 7"):
        list(try_phrase(rules, "joint (patrol", "en", texts))


def test_the_spacy_component_writes_spans(tmp_path: Path) -> None:
    import spacy

    import pipeline.annotate.component  # noqa: F401, registers the component

    ruleset(tmp_path, pack(rule("one", "action.joint_implementation", "joint patrol~")))
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "evidence_tagger",
        config={"rules": str(tmp_path / "rules"), "document_kind": "resolution", "by": ["UN"]},
    )
    doc = nlp("Nothing.\nThe EU began joint patrols.")
    (span,) = doc.spans["evidence"]
    assert (span.text, span.label_, span.id_) == ("joint patrols", "action.joint_implementation", "one")
    assert span._.evidence.organisations == ("EU", "UN")
