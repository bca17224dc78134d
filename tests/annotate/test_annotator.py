"""From documents and rules to evidence."""

from pathlib import Path

import msgspec
import pytest

from pipeline.annotate import Annotator
from pipeline.model import Evidence
from tests.annotate.writing import document, pack, rule, ruleset

PATROL = rule("patrol", "action.joint_implementation", "joint patrol~")
CUES = """
cues:
  - {id: asks, sets: {status: called_for}, phrases: [request~|urge~], codes: [action.*]}
  - {id: denies, sets: {drop: "true"}, phrases: [refuse~], codes: [action.*], strength: 9}
  - {id: no-refusal, pseudo: true, phrases: [not refuse~]}
"""


def evidence(tmp_path: Path, rules: str, *texts, **about) -> list[Evidence]:
    return Annotator(ruleset(tmp_path, rules)).annotate(*document(*texts, **about))


def test_a_record_says_where_and_why(tmp_path: Path) -> None:
    first, second = "Nothing here.", "The Council spoke. MONUC and the EU set up joint patrols in Bunia."
    (found,) = evidence(tmp_path, pack(PATROL), first, second, by=("UN",))
    text = f"{first}\n{second}"
    assert text[found.start : found.end] == found.quote == "MONUC and the EU set up joint patrols in Bunia."
    assert text[found.trigger_start : found.trigger_end] == found.trigger == "joint patrols"
    assert (found.code, found.rules, found.organisations) == (
        "action.joint_implementation",
        ("patrol",),
        ("EU", "UN"),
    )
    assert (found.theatres, found.passage, found.status) == (("drc",), 2, "performed")


def test_one_record_for_a_unit_and_code_names_all_rules(tmp_path: Path) -> None:
    rules = pack(PATROL, rule("longer", "action.joint_implementation", "set up joint patrol~"))
    (found,) = evidence(tmp_path, rules, "The EU set up joint patrols.", by=("UN",))
    assert (found.rules, found.trigger) == (("longer", "patrol"), "set up joint patrols")


def test_the_same_sentence_twice_has_two_ids(tmp_path: Path) -> None:
    text = "The EU and the UN met on joint patrols, at length and in detail, in the same town as before."
    found = evidence(tmp_path, pack(PATROL), *[text] * 4, by=("UN",))
    assert len({one.id for one in found}) == 4


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("Requests the EU to set up joint patrols.", ["called_for"]),
        ("The EU set up joint patrols.", ["performed"]),
        ("Requests a report; the EU set up joint patrols.", ["performed"]),
        ("The EU set up joint patrols, as requested.", ["performed"]),
        ("The EU refused joint patrols.", []),
        ("The EU did not refuse joint patrols.", ["performed"]),
    ],
)
def test_cues_decide_by_direction_reach_and_length(tmp_path: Path, text: str, statuses: list[str]) -> None:
    found = evidence(tmp_path, pack(PATROL, cues=CUES), text, by=("UN",))
    assert [one.status for one in found] == statuses


def test_a_cue_is_recorded(tmp_path: Path) -> None:
    (found,) = evidence(
        tmp_path, pack(PATROL, cues=CUES), "Urges the EU to set up joint patrols.", by=("UN",)
    )
    assert [(cue.id, cue.text, cue.sets) for cue in found.cues] == [("asks", "Urges", "status=called_for")]


@pytest.mark.parametrize(
    ("more", "text", "count"),
    [
        ("without: [football]", "The EU set up joint football patrols, joint patrols.", 0),
        ("not_inside: [joint patrol~ of the court]", "The EU met the joint patrol of the court.", 0),
        ("with: [[soldier~]]", "The EU set up joint patrols of soldiers.", 1),
        ("with: [[soldier~]]", "The EU set up joint patrols.", 0),
        ("with: [[soldier~]]\nnear: 2", "The EU set up joint patrols with very many soldiers.", 0),
        ("where: {position: start}", "1. Joint patrols with the EU began.", 1),
        ("where: {position: start}", "In the town the EU began joint patrols.", 0),
        ("where: {documents: [instrument]}", "The EU set up joint patrols.", 0),
        ("where: {under: [patrol~]}", "The EU set up joint patrols.", 1),
        ("where: {under: [customs]}", "The EU set up joint patrols.", 0),
    ],
)
def test_conditions_of_a_rule(tmp_path: Path, more: str, text: str, count: int) -> None:
    rules = pack(rule("patrol", "action.joint_implementation", "joint patrol~", more=more))
    assert len(evidence(tmp_path, rules, text, by=("UN",), section=("On patrols",))) == count


def test_items_are_read_with_their_lead_in(tmp_path: Path) -> None:
    rules = pack(rule("duty", "binding.obligation", "shall:", more="carry: items"))
    texts = [
        "The EU shall:",
        ("(a) send troops;", "item"),
        ("(b) and further:", "item"),
        ("(i) feed them;", "item"),
        ("(c) pay.", "item"),
    ]
    found = evidence(tmp_path, rules, *texts, kind="agreement", by=("EU", "UN"))
    assert [one.trigger for one in found] == ["send", "and", "pay"]
    assert {one.organisations for one in found} == {("EU",)}


def test_a_rule_yields_to_another_code(tmp_path: Path) -> None:
    rules = pack(
        rule("duty", "binding.obligation", "shall", more="yields_to: [binding.final_clause]"),
        rule("final", "binding.final_clause", "enter~ into force"),
    )
    texts = ["This Agreement shall enter into force today.", "The Parties shall pay."]
    found = evidence(tmp_path, rules, *texts, kind="agreement", by=("EU", "UN"))
    assert [one.code for one in found] == ["binding.final_clause", "binding.obligation"]


def test_what_binds_is_evidence_only_in_instruments(tmp_path: Path) -> None:
    rules = pack(rule("duty", "binding.obligation", "shall"))
    assert evidence(tmp_path, rules, "The EU shall pay.", kind="report") == []


@pytest.mark.parametrize(
    ("text", "kind", "by", "organisations"),
    [
        ("The EU set up joint patrols.", "resolution", ("UN",), ("EU", "UN")),
        (
            "The Security Council notes the joint patrols of the AU and the EU.",
            "resolution",
            ("UN",),
            ("AU", "EU"),
        ),
        ("Joint patrols began.", "agreement", ("AU", "EU"), ("AU", "EU")),
        ("Joint patrols began.", "report", ("UN",), None),
        ("The partners began joint patrols.", "report", ("UN",), None),
        ("UNAMID began joint patrols.", "report", ("UN",), None),
        (
            "As Security Council resolution 1 says, the AU and EU began joint patrols.",
            "letter",
            (),
            ("AU", "EU"),
        ),
        (
            "The AU agreed. In its view the Commission and the UN began joint patrols.",
            "letter",
            (),
            ("AU", "UN"),
        ),
    ],
)
def test_cooperation_takes_two(
    tmp_path: Path, text: str, kind: str, by: tuple[str, ...], organisations: tuple[str, ...] | None
) -> None:
    found = evidence(tmp_path, pack(PATROL), text, kind=kind, by=by)
    assert [one.organisations for one in found] == ([organisations] if organisations else [])


@pytest.mark.parametrize(
    ("mode", "text", "organisations"),
    [
        ("provider", "The EU gave money to the AU.", ("EU",)),
        ("provider", "The AU was given money by the EU.", ("EU",)),
        ("recipient", "The EU gave money to the AU.", ("AU",)),
        ("holder", "The Security Council notes that the AU gave money.", ("AU",)),
        ("mentioned", "The EU gave money to the AU.", ("AU", "EU")),
        ("signatories", "Somebody gave money.", ("UN",)),
    ],
)
def test_actor_modes(tmp_path: Path, mode: str, text: str, organisations: tuple[str, ...]) -> None:
    rules = pack(rule("money", "resource.funding", "(gave|given) money", more=f"actors: {mode}"))
    (found,) = evidence(tmp_path, rules, text, by=("UN",))
    assert found.organisations == organisations


def test_the_issue_area_is_looked_for_outwards(tmp_path: Path) -> None:
    rules = pack(PATROL) + "issues: {peacekeeping: [peacekeep~]}\n"
    text = "The EU set up joint patrols."
    assert [one.issue for one in evidence(tmp_path, rules, f"For peacekeeping, {text}", by=("UN",))] == [
        "unit"
    ]
    assert [one.issue for one in evidence(tmp_path, rules, text, by=("UN",), section=("Peacekeeping",))] == [
        "heading"
    ]
    assert [one.issue for one in evidence(tmp_path, rules, text, by=("UN",), title="On peacekeeping")] == [
        "document"
    ]
    assert [one.issue for one in evidence(tmp_path, rules, text, by=("UN",))] == [""]


def test_an_agreement_has_one_key_in_both_languages(tmp_path: Path) -> None:
    english = pack(rule("ag", "agreement.instrument", "joint declaration"))
    chinese = pack(rule("ag-zh", "agreement.instrument", "联合宣言"), language="zh")
    annotator = Annotator(ruleset(tmp_path, english, chinese))
    in_english = annotator.annotate(
        *document("The UN and the EU signed a Joint Declaration in 2003.", kind="report")
    )
    in_chinese = annotator.annotate(
        *document("联合国和欧盟二〇〇三年签署了联合宣言。", kind="report", language="zh")
    )
    assert [one.instrument for one in in_english + in_chinese] == ["declaration:2003:EU+UN"] * 2


def test_qualify_gives_evidence_of_people_what_follows_from_its_place(tmp_path: Path) -> None:
    annotator = Annotator(ruleset(tmp_path, pack(PATROL) + "issues: {p: [peacekeep~]}\n"))
    text = document("Peacekeepers and the EU set up joint patrols in Bunia.", by=("UN",))
    (found,) = annotator.annotate(*text)
    bare = msgspec.structs.replace(found, theatres=(), issue="", cases=())
    assert annotator.qualify(bare, *text) == found


def test_a_language_without_rules_has_no_evidence(tmp_path: Path) -> None:
    assert evidence(tmp_path, pack(PATROL), "The EU set up joint patrols.", language="fr") == []
