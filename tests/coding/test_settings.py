"""Each of the fourteen open choices is a setting, and each has its effect."""

import pytest

from pipeline.coding import Scheme
from tests.coding import paper
from tests.coding.evidence import Writer

HIGHEST, SHARING = "joint_implementation", "information_sharing"
COORDINATION = "policy_coordination"
JOINT = ("un-asean/dialogue", "action.joint_implementation", "ASEAN", "UN")


def test_every_choice_has_a_setting(scheme: Scheme) -> None:
    assert {s.choice for s in scheme.settings.values() if s.choice} == set(range(1, 15))
    for setting in scheme.settings.values():
        assert setting.default in setting.range
        assert len(setting.range) > 1
        assert setting.reason.strip()


@pytest.mark.parametrize(
    ("choice", "setting", "value", "case", "indicator", "before", "after"),
    [
        (1, "agreements.many", 10, "UN-EU", "agreements.count", "high", "medium"),
        (2, "agreements.forms", "treaties", "UN-AU", "agreements.count", "medium", "low"),
        (2, "agreements.subject", "any", "UN-ASEAN", "agreements.count", "low", "medium"),
        (2, "agreements.substance", 1, "UN-ASEAN", "agreements.count", "low", "medium"),
        (3, "binding.source", "asserted", "UN-AU", "agreements.binding", "strong", None),
        (3, "binding.obligations", 3, "UN-EU", "agreements.binding", "strong", "weak"),
        (5, "actions.reading", "cumulative", "UN-EU", "actions.level", HIGHEST, SHARING),
        (5, "actions.status", "committed", "UN-AU", "actions.level", COORDINATION, "joint_decision"),
        (6, "succession.counts_as", "joint_implementation", "UN-AU", "actions.level", COORDINATION,
         HIGHEST),
        (6, "succession.counts_as", "nothing", "UN-AU", "actions.level", COORDINATION, SHARING),
        (8, "actions.issue", "strict", "UN-ASEAN", "actions.level", SHARING, "none"),
        (8, "issue.reach", "unit", "UN-EU", "agreements.binding", "strong", "none"),
        (10, "dependence.logic", "provision", "UN-AU", "dependence.symbolic", "low", "high"),
        (10, "dependence.logic", "substitution", "UN-AU", "dependence.material", "low", "high"),
        (12, "norms.share", 0.7, "UN-AU", "compatibility.norms", "high", "low"),
        (13, "scope.theatre", "ignore", "UN-AU", "actions.level", COORDINATION, HIGHEST),
        (13, "scope.theatre", "ignore", "UN-AU", "intensity", "medium", "high"),
        (13, "scope.theatre", "strict", "UN-ASEAN", "actions.level", SHARING, None),
    ],
)  # fmt: skip
def test_a_setting_changes_a_published_coding(
    coded, scheme: Scheme, choice, setting, value, case, indicator, before, after
) -> None:
    assert scheme.settings[setting].choice == choice
    assert coded()[case, indicator].value == before
    coding = coded(**{setting.replace(".", "__"): value})[case, indicator]
    assert coding.value == after
    assert coding.settings[setting] == value


def without(name: str) -> list:
    return [record for record in paper.evidence() if record.evidence.document != name]


@pytest.mark.parametrize(
    ("rule", "value"),
    [("table", "high"), ("min", "medium"), ("max", "high"), ("mean", "medium"), ("lexicographic", "medium")],
)
def test_4_few_binding_agreements_with_joint_action(coded, rule: str, value: str) -> None:
    joint = Writer()(
        "un-au/handover", "action.joint_implementation", "AU", "UN", status="performed", issue="unit", id="x"
    )
    coding = coded([*paper.evidence(), joint], intensity__rule=rule)["UN-AU", "intensity"]
    assert coding.value == value


def test_4_discordance_is_flagged(coded) -> None:
    joint = Writer()(*JOINT, status="performed", issue="unit", id="x")
    assert "discordant" in coded([*paper.evidence(), joint])["UN-ASEAN", "intensity"].flags


def test_6_a_bridging_operation_lends_symbolic_support(coded) -> None:
    evidence = without("un-eu/eufor")  # the only direct evidence of authority
    assert coded(evidence)["UN-EU", "dependence.symbolic"].value == "high"
    assert coded(evidence, bridging__counts_as="action")["UN-EU", "dependence.symbolic"].value == "low"


def test_7_deciding_on_patrols(coded) -> None:
    agreed = Writer()(*JOINT, status="committed", issue="unit", quote="They agreed on joint patrols.", id="x")
    evidence = [*paper.evidence(), agreed]
    assert coded(evidence)["UN-ASEAN", "actions.level"].value == "joint_decision"
    other = coded(evidence, patrols__decision="joint_implementation")
    assert other["UN-ASEAN", "actions.level"].value == "joint_implementation"


def test_9_what_the_text_calls_small_is_no_provision(coded) -> None:
    assert coded()["UN-ASEAN", "dependence.material"].number == 0
    assert coded(dependence__tokens="count")["UN-ASEAN", "dependence.material"].number == 1


def test_9_a_stated_share_of_the_personnel(coded) -> None:
    third = Writer()("un-asean/timor", "resource.personnel", "ASEAN", role="provision", status="performed",
                     quote="They gave 3,000 of 9,900 troops.", id="x")  # fmt: skip
    evidence = [*paper.evidence(), third]
    assert coded(evidence)["UN-ASEAN", "dependence.material"].number == 0
    assert coded(evidence, dependence__personnel_share=0.3)["UN-ASEAN", "dependence.material"].number == 1


def test_9_shares_and_the_number_of_resources(coded) -> None:
    quarter = Writer()("un-asean/timor", "resource.funding", "ASEAN", role="provision", status="performed",
                       quote="They bear 12 per cent of the costs.", id="x")  # fmt: skip
    evidence = [*paper.evidence(), quarter]
    assert coded(evidence)["UN-ASEAN", "dependence.material"].number == 0
    low = coded(evidence, dependence__funding_share=0.1)
    assert (low["UN-ASEAN", "dependence.material"].number, low["UN-ASEAN", "dependence.material"].value) == (
        1,
        "low",
    )
    one = coded(evidence, dependence__funding_share=0.1, dependence__resources=1)
    assert one["UN-ASEAN", "dependence.material"].value == "high"


def test_11_contributions_of_member_states(coded) -> None:
    assert coded()["UN-EU", "dependence.material"].number == 3
    assert coded(dependence__member_states="exclude")["UN-EU", "dependence.material"].number == 2


def test_11_a_state_stands_for_its_organisation(coded) -> None:
    evidence = [
        r
        for r in paper.evidence()
        if r.evidence.code != "resource.logistics" or "EU" not in r.evidence.organisations
    ]
    french = Writer()(
        "un-eu/artemis", "resource.logistics", "France", role="provision", status="performed", id="x"
    )
    assert coded([*evidence, french])["UN-EU", "dependence.material"].number == 3
    assert (
        coded([*evidence, french], dependence__member_states="exclude")["UN-EU", "dependence.material"].number
        == 1
    )


def test_12_a_moving_comparator_compares_on_the_norms_of_the_case(coded) -> None:
    stray = Writer()("eu/strategy", "norm.non_interference", "EU", polarity="affirmed", id="x")
    evidence = [*paper.evidence(), stray]
    assert coded(evidence)["UN-EU", "compatibility.norms"].number == 0.5
    assert coded(evidence, norms__comparison="moving")["UN-EU", "compatibility.norms"].number == 1.0


def test_13_years(coded) -> None:
    late = Writer()("un-au/handover", "resource.funding", "AU", role="provision", status="performed", id="x")
    evidence = [*paper.evidence(), late]  # the report is of 2014, the window ends in 2010
    assert coded(evidence)["UN-AU", "dependence.material"].number == 0
    assert coded(evidence, scope__years="ignore")["UN-AU", "dependence.material"].number == 1


def test_14_a_hypothesis_without_a_case_is_never_supported(coded) -> None:
    assert coded()["*", "hypothesis"].state == "not_observed"
    assert ("*", "hypothesis") not in coded(hypotheses__untested="omit")
