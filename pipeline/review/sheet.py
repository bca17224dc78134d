"""A sheet of evidence to print and to judge with a pencil."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.model import Document, ReviewedEvidence
from pipeline.review.words import Language, words
from pipeline.rules.codebook import Codebook

_FOLDER = Path(__file__).parent / "page"


def sheet(
    reviewed: Sequence[ReviewedEvidence],
    documents: Mapping[str, Document],
    codebook: Codebook,
    language: Language = "en",
) -> str:
    """Return an HTML page, complete in itself, with every piece, its place, and boxes to tick.

    The pieces stand in the order given; those in a row of one document share its heading. The codes that
    occur are explained at the end. Each piece carries its id, under which `pipeline review decide` takes
    the verdict.
    """
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True)
    used = {one.evidence.code for one in reviewed}
    return environment.get_template("sheet.html").render(
        w=words(language),
        language=language,
        pieces=[one.evidence for one in reviewed],
        titles={name: header.title or name for name, header in documents.items()},
        codes={
            code: {
                "name": entry.name.within(language),
                "definition": entry.definition.within(language),
                "close_calls": [call.within(language) for call in entry.close_calls],
            }
            for code, entry in codebook.codes.items()
            if code in used
        },
    )
