"""Small evidence for tests, written as one would say it."""

import itertools
from typing import Any

from pipeline.model import Document, DocumentKind, Evidence, ReviewedEvidence, Verdict

KINDS: dict[str, DocumentKind] = {"declaration": "declaration", "report": "report"}


def document(name: str, **about: Any) -> Document:
    """A readable document: organisations, kind, date and attributes as given."""
    defaults = {
        "source_hash": "s", "media_type": "text/plain", "status": "ok", "language": "en", "title": name,
        "extractor": "test", "extractor_version": "1", "text_hash": f"text of {name}",
    }  # fmt: skip
    return Document(**{**defaults, "id": name, **about})


class Writer:
    """Makes evidence, numbering it so that every piece is another."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(
        self,
        source: str,
        code: str,
        *organisations: str,
        verdict: Verdict | None = None,
        decision: str = "",
        **values: Any,
    ) -> ReviewedEvidence:
        number = next(self._numbers)
        quote = values.pop("quote", f"Sentence {number}.")
        about = {
            "id": values.pop("id", f"e{number:05d}"), "document": source, "start": number * 1000,
            "end": number * 1000 + len(quote), "quote": quote, "trigger": quote,
            "trigger_start": number * 1000,
            "trigger_end": number * 1000 + len(quote), "prefix": "", "suffix": "", "label": f"para. {number}",
            "page": None, "section": (), "language": "en", "code": code, "organisations": organisations,
            "rules": ("test-rule",), "passage": number, "kind": "paragraph", "text_hash": f"text of {source}",
            "rules_hash": "r",
        }  # fmt: skip
        return ReviewedEvidence(
            evidence=Evidence(**{**about, **values}),
            verdict=verdict,
            decisions=(decision,) if decision else (),
        )
