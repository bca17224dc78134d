"""The records that pass from stage to stage. Everything else is a way to make or to read them.

All records are immutable. Offsets count Unicode code points into a document's text and are
half-open; pages are physical and count from 1; hashes are hexadecimal SHA-256 (a fingerprint is
the first 16 digits of one). Field order is the order on disk.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

Code = str
CaseId = str
EvidenceId = str

Status = Literal["performed", "committed", "called_for"]
Role = Literal["need", "provision", "substitution"]
Polarity = Literal["affirmed", "rejected"]
Verdict = Literal["accept", "reject", "amend", "unsure", "add", "withdraw", "finish"]
"""`withdraw` takes an earlier decision back; `finish` says that a reviewer read a document to its end."""
CodingState = Literal["coded", "absent", "not_reviewed", "no_documents", "not_observed"]

DocumentStatus = Literal[
    "ok", "partial", "encrypted", "no_text_layer", "unreadable", "timeout", "memory",
    "too_large", "wrong_type", "empty", "placeholder", "duplicate",
]  # fmt: skip
USABLE_STATUSES: frozenset[str] = frozenset({"ok", "partial"})

PassageKind = Literal[
    "title", "heading", "preamble", "operative", "article", "paragraph", "item",
    "footnote", "table", "annex", "signature",
]  # fmt: skip

DocumentKind = Literal[
    "treaty", "agreement", "charter", "memorandum", "exchange_of_letters", "declaration",
    "joint_statement", "framework", "plan_of_action", "resolution", "presidential_statement",
    "report", "letter", "guidelines", "strategy", "communique", "other",
]  # fmt: skip
INSTRUMENT_KINDS: frozenset[str] = frozenset(
    {"treaty", "agreement", "charter", "memorandum", "exchange_of_letters", "declaration",
     "joint_statement", "framework", "plan_of_action"}
)  # fmt: skip
"""Kinds that create or describe cooperation themselves; only in these is `binding.*` evidence."""

CONTEXT_LENGTH = 32
"""Characters of prefix and suffix kept beside every quote."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(*parts: str) -> str:
    """Return 16 hexadecimal digits that stand for the parts, in this order."""
    return digest("\x1f".join(parts).encode("utf-8", "surrogatepass"))[:16]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that is written to disk."""


class Page(Record, frozen=True, kw_only=True):
    """A physical page of a document that has pages."""

    number: int
    printed: str | None = None
    """The number printed on the page, where it differs or is not a number."""
    characters: int = 0
    engine: str = ""
    """What read it: `pdfium`, `pdfplumber`, `ocr`; empty where the page has no text layer."""


class Document(Record, frozen=True, kw_only=True):
    """A source file as read: the first line of `annotations/documents/<path>.jsonl`."""

    id: str
    """The path below `corpus/`, with forward slashes and its ending."""
    source_hash: str
    media_type: str
    status: DocumentStatus
    warnings: tuple[str, ...] = ()
    language: str = ""
    """ISO 639-1 code; empty where the text is too short to tell."""
    title: str = ""
    symbol: str = ""
    date: str = ""
    """ISO 8601 date, or a year or a year and month where no more is known."""
    kind: DocumentKind = "other"
    organisations: tuple[str, ...] = ()
    """Short names of the parties or the issuing body, as in `rules/actors.yaml`."""
    attributes: dict[str, str] = {}
    """What else `corpus/documents.yaml` or the file says, e.g. `asserted_binding`, `ocr`."""
    extractor: str
    extractor_version: str
    text_hash: str
    pages: tuple[Page, ...] = ()


class Passage(Record, frozen=True, kw_only=True):
    """A citable piece of a document: `text == document_text[start:end]`."""

    number: int
    """Position in the document, from 1."""
    start: int
    end: int
    text: str
    kind: PassageKind
    label: str = ""
    """As one would cite it: "Art. 4(h)", "para. 12(b)", "第四条"; empty where there is no number."""
    page: int | None = None
    printed_page: str | None = None
    section: tuple[str, ...] = ()
    """Headings above the passage, outermost first."""
    note: str = ""
    """For a footnote its mark; for a passage with footnote marks, the marks, space-separated."""


class Cue(Record, frozen=True, kw_only=True):
    """Words that qualified a match: what they set, and how far they were allowed to reach."""

    id: str
    text: str
    start: int
    end: int
    sets: str
    """`status=called_for`, `role=need`, `polarity=rejected`, ..."""


class Evidence(Record, frozen=True, kw_only=True):
    """One code (and role) that one sentence or clause supports."""

    id: EvidenceId
    document: str
    start: int
    end: int
    quote: str
    trigger: str
    trigger_start: int
    trigger_end: int
    prefix: str
    suffix: str
    label: str
    page: int | None
    section: tuple[str, ...]
    language: str
    code: Code
    organisations: tuple[str, ...] = ()
    actors_from: str = ""
    """Where the organisations were read: clause, sentence, stem, passage or document."""
    theatres: tuple[str, ...] = ()
    """Places of operation named in or near the sentence; empty means general."""
    cases: tuple[CaseId, ...] = ()
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None
    issue: Literal["", "unit", "heading", "document"] = ""
    """Where words of the issue area (peace operations) were found, nearest first; empty: nowhere."""
    instrument: str = ""
    """For `agreement.instrument`: the agreement named, as `form:year:parties`, so that it counts once."""
    rules: tuple[str, ...]
    cues: tuple[Cue, ...] = ()
    passage: int
    kind: PassageKind
    text_hash: str
    rules_hash: str

    @staticmethod
    def make_id(document: str, code: str, role: str | None, quote: str, prefix: str, suffix: str) -> str:
        """Return the identity of a piece of evidence; it does not depend on offsets."""
        squeezed = (" ".join(part.split()) for part in (quote, prefix, suffix))
        return fingerprint(document, code, role or "", *squeezed)


class Anchor(Record, frozen=True, kw_only=True):
    """Where a decision was made, with enough of the text to find the place again."""

    text_hash: str
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    label: str = ""
    page: int | None = None


class Values(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a reviewer says a piece of evidence should be; None leaves the machine's value."""

    code: str | None = None
    organisations: tuple[str, ...] | None = None
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None


class Decision(Record, frozen=True, kw_only=True):
    """What a person said about one piece of evidence; appended, never changed."""

    id: str
    evidence: EvidenceId
    document: str
    code: Code
    """The code that was judged; for `add`, the code added."""
    verdict: Verdict
    anchor: Anchor
    values: Values | None = None
    """For `amend` and `add`."""
    reviewer: str
    time: str
    """ISO 8601 with offset."""
    note: str = ""
    replaces: str | None = None
    """Id of the earlier decision of the same reviewer that this one takes back."""
    settles: tuple[str, ...] = ()
    """Ids of decisions of several reviewers that differed, where this one was made to settle them."""
    blind: bool = False
    """Whether it was made without sight of the machine's and of other people's codes."""


Anchoring = Literal["exact", "moved", "carried", "orphaned"]
"""How a decision met today's text: same place; same quote elsewhere; similar quote, needs a look; lost."""


class ReviewedEvidence(Record, frozen=True, kw_only=True):
    """Evidence as it stands after people looked at it; what codings are made of."""

    evidence: Evidence
    verdict: Verdict | None = None
    """None where nobody has decided."""
    decisions: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    anchoring: Anchoring | None = None
    disputed: bool = False
    """Whether reviewers differ and nobody has settled it."""
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether it may support a coding at all: everything but what people rejected or doubt."""
        return self.verdict not in ("reject", "unsure")


class Coding(Record, frozen=True, kw_only=True):
    """The value of one indicator for one case, and everything it rests on."""

    case: CaseId
    indicator: str
    value: str | None
    number: float | None = None
    """The count behind a scaled value, where there is one."""
    scale: tuple[str, ...]
    """The values it could have, lowest first; empty where they have no order."""
    state: CodingState
    reason: str
    """One sentence that a reader understands without the scheme."""
    parts: tuple[str, ...] = ()
    """Indicators of the same case that this one is combined from."""
    evidence: tuple[EvidenceId, ...] = ()
    documents: tuple[str, ...] = ()
    """Documents of that evidence."""
    missing: str = ""
    """What the next higher value would need."""
    settings: dict[str, str | int | float | bool] = {}
    flags: tuple[str, ...] = ()
    """`discordant`, `needs_review`, ..."""
    scheme_hash: str
    evidence_hash: str = ""
    """Fingerprint of the evidence and decisions used."""


def values_of(alias: object) -> tuple[str, ...]:
    """Return the members of a Literal alias."""
    return get_args(alias)


def text_of(passages: Iterable[Passage]) -> str:
    """Return the document's text, which all offsets count into."""
    return "\n".join(passage.text for passage in passages)
