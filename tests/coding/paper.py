"""Evidence of the kinds on which the published codings rest, made up for the tests."""

from typing import Any

from pipeline.model import Document, ReviewedEvidence
from tests.coding.evidence import Writer, document

DOCUMENTS: dict[str, dict[str, Any]] = {
    "un/charter": {"kind": "charter", "organisations": ("UN",), "date": "1945-06-26"},
    "un/guidelines": {"kind": "guidelines", "organisations": ("UN",), "date": "2008"},
    "un-eu/declaration-2003": {"kind": "declaration", "organisations": ("EU", "UN"), "date": "2003-09-24",
                               "attributes": {"asserted_binding": "strong"}},
    "un-eu/statement-2007": {"kind": "joint_statement", "organisations": ("EU", "UN"), "date": "2007-06-07"},
    "un-eu/review": {"kind": "report", "organisations": ("UN",), "date": "2009"},
    "un-eu/monuc": {"kind": "report", "organisations": ("UN",), "date": "2003-05"},
    "un-eu/artemis": {"kind": "report", "organisations": ("EU", "UN"), "date": "2003-10"},
    "un-eu/eufor": {"kind": "report", "organisations": ("EU", "UN"), "date": "2006-12"},
    "eu/strategy": {"kind": "strategy", "organisations": ("EU",), "date": "1992"},
    "un-au/programme-2006": {"kind": "framework", "organisations": ("AU", "UN"), "date": "2006-11-16"},
    "un-au/framework-2017": {"kind": "framework", "organisations": ("AU", "UN"), "date": "2017-04-19"},
    "un-au/handover": {"kind": "report", "organisations": ("UN",), "date": "2014-09"},
    "un-au/minurca": {"kind": "report", "organisations": ("UN",), "date": "2003-04-17"},
    "un-au/darfur": {"kind": "report", "organisations": ("UN",), "date": "2008"},
    "au/act": {"kind": "charter", "organisations": ("AU",), "date": "2000-07-11"},
    "un-asean/partnership": {"kind": "declaration", "organisations": ("ASEAN", "UN"), "date": "2011-11-19"},
    "un-asean/dialogue": {"kind": "report", "organisations": ("ASEAN", "UN"), "date": "2021"},
    "un-asean/timor": {"kind": "report", "organisations": ("UN",), "date": "2000-01"},
    "asean/charter": {"kind": "charter", "organisations": ("ASEAN",), "date": "2007-11-20"},
}  # fmt: skip


def documents() -> list[Document]:
    return [document(name, **about) for name, about in DOCUMENTS.items()]


def evidence() -> list[ReviewedEvidence]:
    write = Writer()
    found: list[ReviewedEvidence] = []

    def add(*args: Any, **values: Any) -> None:
        found.append(write(*args, **values))

    # agreements
    for year in (2003, 2004, 2005, 2006, 2007, 2008):
        form = "statement" if year == 2007 else "declaration"
        add(
            "un-eu/review",
            "agreement.instrument",
            "EU",
            "UN",
            issue="unit",
            instrument=f"{form}:{year}:EU+UN",
        )
    add(
        "un-eu/artemis", "agreement.instrument", "EU", "UN", issue="unit", instrument="declaration:2003:EU+UN"
    )
    for name in ("un-eu/declaration-2003", "un-eu/statement-2007"):
        add(name, "binding.obligation", "EU", "UN", issue="document")
        add(name, "binding.right", "EU", issue="document")
        add(name, "binding.hortatory", "EU", "UN", issue="document")
    add("un-au/handover", "agreement.instrument", "AU", "UN", issue="unit", instrument="framework:2006:AU+UN")
    add("un-au/handover", "agreement.instrument", "AU", "UN", issue="unit", instrument="framework:2017:AU+UN")
    for name in ("un-au/programme-2006", "un-au/framework-2017"):
        for _ in range(3):
            add(name, "binding.obligation", "AU", "UN", issue="unit")
    add("un-asean/partnership", "binding.hortatory", "ASEAN", "UN", issue="unit")
    add("un-asean/dialogue", "agreement.instrument", "ASEAN", "UN", instrument="declaration:2011:ASEAN+UN")
    add("un-asean/dialogue", "agreement.instrument", "ASEAN", "UN", instrument="plan_of_action:2016:ASEAN+UN")
    # actions
    done = {"status": "performed"}
    add("un-eu/review", "action.information_sharing", "EU", "UN", issue="unit", **done)
    add("un-eu/eufor", "action.joint_decision", "EU", "UN", issue="unit", theatres=("drc",), **done)
    add("un-eu/eufor", "action.joint_decision", "EU", "UN", issue="unit", theatres=("drc",), **done,
        quote="The two decided on joint patrols.")  # fmt: skip
    add("un-eu/artemis", "action.joint_implementation", "EU", "UN", issue="unit", theatres=("drc",), **done)
    add("un-eu/artemis", "action.joint_implementation", "EU", "UN", issue="unit", theatres=("drc",), **done,
        quote="As a bridging operation it held the town until the mission was reinforced.")  # fmt: skip
    add("un-au/handover", "action.policy_coordination", "AU", "UN", issue="unit", theatres=("car",), **done,
        quote="MISCA handed over to MINUSCA.")  # fmt: skip
    add("un-au/framework-2017", "action.information_sharing", "AU", "UN", issue="unit", **done)
    add("un-au/framework-2017", "action.joint_decision", "AU", "UN", issue="unit", status="committed")
    add("un-au/darfur", "action.joint_implementation", "AU", "UN", issue="unit", theatres=("darfur",), **done)
    add("un-asean/dialogue", "action.information_sharing", "ASEAN", "UN", **done)
    # resources
    drc = {"theatres": ("drc",)}
    for code in ("funding", "personnel", "logistics", "authority"):
        add("un-eu/monuc", f"resource.{code}", "UN", role="need", status="performed", **drc)
    add("un-eu/review", "resource.funding", "EU", role="provision", status="performed",
        quote="Its member states pay more than 20 per cent of assessed contributions.")  # fmt: skip
    add("un-eu/artemis", "resource.personnel", "EU", role="provision", status="performed", **drc)
    add("un-eu/artemis", "resource.logistics", "EU", "France", role="provision", status="performed", **drc)
    add("un-eu/eufor", "resource.authority", "EU", role="provision", status="performed", **drc)
    car = {"theatres": ("car",)}
    for code in ("funding", "personnel", "logistics", "authority"):
        add("un-au/minurca", f"resource.{code}", "UN", role="need", status="performed", **car)
    add("un-au/minurca", "resource.funding", "AU", role="provision", status="performed",
        quote="About 2.5 per cent of the assessed contributions come from the region.")  # fmt: skip
    add("un-au/minurca", "resource.authority", "AU", role="provision", status="performed", **car)
    add(
        "un-au/minurca",
        "resource.authority",
        "ECCAS",
        "CEMAC",
        role="substitution",
        status="performed",
        **car,
    )
    tl = {"theatres": ("timor-leste",)}
    for code in ("funding", "personnel", "logistics", "authority"):
        add("un-asean/timor", f"resource.{code}", "UN", role="need", status="performed", **tl)
    add("un-asean/timor", "resource.personnel", "ASEAN", role="provision", status="performed", **tl,
        quote="States of the region gave about 2,500 of 9,900 troops.")  # fmt: skip
    add("un-asean/timor", "resource.logistics", "ASEAN", role="provision", status="performed", **tl,
        quote="Equipment came in very limited quantities.")  # fmt: skip
    add("un-asean/timor", "resource.authority", "Australia", role="substitution", status="performed", **tl)
    # culture
    add("un/charter", "goal.peace_security", "UN", polarity="affirmed")
    add("un/guidelines", "norm.civilian_protection", "UN", polarity="affirmed")
    add("un/guidelines", "norm.civil_military", "UN", polarity="affirmed")
    add("eu/strategy", "goal.peace_security", "EU", polarity="affirmed")
    add("eu/strategy", "norm.civil_military", "EU", polarity="affirmed")
    add("au/act", "goal.peace_security", "AU", polarity="affirmed")
    add("au/act", "norm.non_indifference", "AU", polarity="affirmed")
    add("au/act", "norm.civilian_protection", "AU", polarity="affirmed")
    add("au/act", "norm.non_interference", "AU", polarity="affirmed")
    add("asean/charter", "norm.non_interference", "ASEAN", polarity="affirmed")
    add("asean/charter", "norm.non_interference", "ASEAN", polarity="affirmed")
    return found
