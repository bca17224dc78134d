"""Small records for tests, with everything filled in that a test does not care about."""

from typing import Any

from pipeline.model import Coding, Document, Evidence, Passage, ReviewedEvidence, fingerprint


def document(name: str = "a.txt", **values: Any) -> Document:
    """Return a readable English document."""
    filled: dict[str, Any] = {
        "id": name, "source_hash": "0" * 64, "media_type": "text/plain", "status": "ok", "language": "en",
        "extractor": "text", "extractor_version": "1", "text_hash": fingerprint(name),
    }  # fmt: skip
    return Document(**filled | values)


def passages(*texts: str) -> list[Passage]:
    """Return paragraphs that follow each other."""
    made, at = [], 0
    for number, text in enumerate(texts, start=1):
        made.append(
            Passage(
                number=number,
                start=at,
                end=at + len(text),
                text=text,
                kind="paragraph",
                label=f"para. {number}",
            )
        )
        at += len(text) + 1
    return made


def evidence(quote: str, code: str = "norm.civilian_protection", **values: Any) -> Evidence:
    """Return evidence whose trigger is the whole quote unless `trigger` is given."""
    trigger = values.pop("trigger", quote)
    start = values.pop("start", 0)
    at = start + quote.index(trigger)
    filled: dict[str, Any] = {
        "document": "a.txt", "start": start, "end": start + len(quote), "quote": quote, "trigger": trigger,
        "trigger_start": at, "trigger_end": at + len(trigger), "prefix": "", "suffix": "", "label": "para. 1",
        "page": None, "section": (), "language": "en", "code": code, "organisations": ("UN",),
        "rules": ("r",), "passage": 1, "kind": "paragraph", "text_hash": "t", "rules_hash": "r",
    } | values  # fmt: skip
    made_from = ("document", "code", "role", "quote", "prefix", "suffix")
    filled.setdefault("id", Evidence.make_id(*(filled.get(name) for name in made_from)))
    return Evidence(**filled)


def reviewed(item: Evidence, **values: Any) -> ReviewedEvidence:
    """Return evidence as nobody, or somebody, has reviewed it."""
    return ReviewedEvidence(evidence=item, **values)


def coding(case: str, indicator: str, value: str | None, **values: Any) -> Coding:
    """Return a coding with a scale of three."""
    filled: dict[str, Any] = {
        "scale": ("low", "medium", "high"), "state": "coded", "reason": f"{indicator} is {value}.",
        "scheme_hash": "s",
    }  # fmt: skip
    return Coding(case=case, indicator=indicator, value=value, **filled | values)
