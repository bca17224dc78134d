"""Small rule folders and documents, written in the rules' own notation."""

from pathlib import Path

from pipeline.errors import Problem
from pipeline.model import Document, DocumentKind, Passage, PassageKind, digest
from pipeline.rules import Ruleset, load_rules

ACTORS = """
organisations:
  - {id: UN, names: {en: [United Nations, UN], zh: [联合国]}, organs: {en: [Security Council], zh: [安理会]}}
  - {id: AU, names: {en: [African Union, AU], zh: [非洲联盟]}, own: {en: [the Union]}}
  - {id: EU, names: {en: [European Union, EU], zh: [欧盟]}, own: {en: [the Union]}}
  - {id: regional organizations, kind: group, names: {en: [regional organizations]}}
  - {id: partners, kind: others, names: {en: [partners]}}
missions:
  - {id: MONUC, organisation: UN, theatre: drc, years: [1999, 2010], names: {en: [MONUC], zh: [联刚特派团]}}
  - {id: UNAMID, organisation: UN, partner: AU, theatre: darfur, years: [2007, 2020], names: {en: [UNAMID]}}
theatres:
  - {id: drc, names: {en: [Bunia, Congo], zh: [布尼亚]}}
  - {id: darfur, names: {en: [Darfur]}}
states:
  - {id: Mali, names: {en: [Mali], zh: [马里]}}
traps:
  - {names: {en: [PSC, the Commission]}, candidates: [AU, EU]}
parties: {en: [the Parties, each Party], zh: [双方]}
both: {en: [both organizations]}
"""


def ruleset(folder: Path, *packs: str, actors: str = ACTORS) -> Ruleset:
    """Return the rules of packs written down here; they must be without mistakes."""
    rules = folder / "rules"
    for number, pack in enumerate(packs):
        place = rules / "packs" / ("zh" if "language: zh" in pack else "en")
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.yaml").write_text(pack, encoding="utf-8")
    (rules / "actors.yaml").write_text(actors, encoding="utf-8")
    problems: list[Problem] = []
    loaded = load_rules(rules, problems)
    assert problems == []
    return loaded


def document(
    *texts: str | tuple[str, PassageKind],
    kind: DocumentKind = "resolution",
    language: str = "en",
    by: tuple[str, ...] = (),
    title: str = "",
    section: tuple[str, ...] = (),
) -> tuple[Document, list[Passage]]:
    """Return a document of these passages; a bare text is a paragraph."""
    passages, at = [], 0
    for number, one in enumerate(texts, start=1):
        text, passage_kind = (one, "paragraph") if isinstance(one, str) else one
        passages.append(
            Passage(
                number=number, start=at, end=at + len(text), text=text, kind=passage_kind, section=section
            )
        )
        at += len(text) + 1
    whole = "\n".join(passage.text for passage in passages)
    record = Document(
        id="test.txt",
        source_hash="",
        media_type="text/plain",
        status="ok",
        language=language,
        title=title,
        kind=kind,
        organisations=by,
        extractor="test",
        extractor_version="1",
        text_hash=digest(whole.encode()),
    )
    return record, passages


def rule(name: str, code: str, *phrases: str, more: str = "") -> str:
    """Return a rule in YAML; `more` holds further keys, one a line."""
    lines = [f"  - id: {name}", f"    code: {code}", "    phrases:"]
    lines += [f"      - '{phrase}'" for phrase in phrases]
    lines += [f"    {line.strip()}" for line in more.strip().splitlines()]
    return "\n".join([*lines, "    match: [x]", "    no_match: [y]", ""])


def pack(*rules: str, cues: str = "", lists: str = "", language: str = "en") -> str:
    """Return a pack in YAML."""
    return f"language: {language}\n{lists}\nrules:\n{''.join(rules)}\n{cues}\n"
