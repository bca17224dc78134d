"""The annotator as a spaCy component, for those who have their own spaCy pipeline.

    nlp = spacy.blank("en")
    nlp.add_pipe("evidence_tagger", config={"rules": "rules", "document_kind": "resolution"})
    for span in nlp("...").spans["evidence"]:
        span.label_, span.id_, span._.evidence

A span's label is the code, its id the first rule that found it, and `span._.evidence` the record.
"""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.annotate.annotator import Annotator
from pipeline.errors import DataError, Problem
from pipeline.model import Document, DocumentKind, Passage, PassageKind, digest
from pipeline.rules import load_rules

SPANS_KEY = "evidence"


class EvidenceTagger:
    """Writes the evidence in a text into `doc.spans`, each span the trigger of a piece of evidence.

    Every line of the text is a passage of the kind given. What cannot be laid on tokens is widened
    to the tokens it touches.
    """

    def __init__(
        self,
        annotator: Annotator,
        document_kind: DocumentKind,
        passage_kind: PassageKind,
        by: tuple[str, ...],
    ) -> None:
        self.annotator = annotator
        self.document_kind, self.passage_kind, self.by = document_kind, passage_kind, by
        if not Span.has_extension("evidence"):
            Span.set_extension("evidence", default=None)

    def __call__(self, doc: Doc) -> Doc:
        document, passages = self._read(doc)
        spans = []
        for record in self.annotator.annotate(document, passages):
            start, end = record.trigger_start, record.trigger_end
            tokens = doc.char_span(start, end, alignment_mode="expand")
            span = Span(doc, tokens.start, tokens.end, label=record.code, span_id=record.rules[0])
            span._.evidence = record
            spans.append(span)
        doc.spans[SPANS_KEY] = spans
        return doc

    def _read(self, doc: Doc) -> tuple[Document, list[Passage]]:
        passages, at = [], 0
        for number, line in enumerate(doc.text.split("\n"), start=1):
            passages.append(
                Passage(number=number, start=at, end=at + len(line), text=line, kind=self.passage_kind)
            )
            at += len(line) + 1
        document = Document(
            id="doc",
            source_hash="",
            media_type="text/plain",
            status="ok",
            language=doc.lang_,
            kind=self.document_kind,
            organisations=self.by,
            extractor="spacy",
            extractor_version="",
            text_hash=digest(doc.text.encode("utf-8", "surrogatepass")),
        )
        return document, passages


@Language.factory(  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
    "evidence_tagger",
    default_config={"rules": "rules", "document_kind": "report", "passage_kind": "paragraph", "by": []},
)
def make_evidence_tagger(
    nlp: Language,  # noqa: ARG001, spaCy passes it to every factory
    name: str,  # noqa: ARG001, the same
    rules: str,
    document_kind: Any,
    passage_kind: Any,
    by: list[str],
) -> EvidenceTagger:
    """Return the component, with the rules of a folder. Mistakes in them raise DataError."""
    problems: list[Problem] = []
    ruleset = load_rules(Path(rules).absolute(), problems)
    if problems:
        raise DataError(problems)
    return EvidenceTagger(Annotator(ruleset), document_kind, passage_kind, tuple(by))
