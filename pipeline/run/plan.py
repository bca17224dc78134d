"""What has to be made again, and the reason in words; nothing is changed by planning."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pipeline import ingest, store
from pipeline.errors import Problem
from pipeline.model import fingerprint
from pipeline.project import Project
from pipeline.rules import Ruleset, load_rules
from pipeline.run.ledger import Inputs, Ledger

INGEST, ANNOTATE, CODE = "ingest", "annotate", "code"
_EXTRACTORS = " ".join(f"{kind}={version}" for kind, version in sorted(ingest.EXTRACTOR_VERSION.items()))


@dataclass(frozen=True, kw_only=True)
class Task:
    """One derived file that has to be made."""

    item: str
    reason: str
    inputs: Inputs
    output: Path


@dataclass(kw_only=True)
class Plan:
    """What one stage has to do."""

    stage: str
    tasks: list[Task] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Items whose source is no longer there; their derived files are to be removed."""
    fresh: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.tasks and not self.gone

    def consider(self, ledger: Ledger, item: str, inputs: Inputs, output: Path, *, force: bool) -> None:
        """Add a task for the item unless its output is up to date."""
        reason = ledger.why_stale(self.stage, item, inputs, output) or ("forced" if force else "")
        if reason:
            self.tasks.append(Task(item=item, reason=reason, inputs=inputs, output=output))
        else:
            self.fresh += 1


def plan_ingest(
    project: Project,
    ledger: Ledger,
    metadata: ingest.Metadata,
    *,
    only: Collection[str] | None = None,
    options: str = "",
    force: bool = False,
) -> Plan:
    """Compare the files of the corpus with the documents made from them.

    `only` limits the work to these document ids. A file with the same bytes as an earlier one (in
    the order of ids) is a duplicate, so each task's inputs name its original.
    """
    plan = Plan(stage=INGEST)
    originals: dict[str, str] = {}
    sources = list(project.sources())
    for document in sources:
        found = ledger.hash_of(project.source(document))
        original = originals.setdefault(found, document) if found else document
        if only is not None and document not in only:
            continue
        inputs = {
            "the file": found,
            "the extractor": _EXTRACTORS + options,
            "its entry in corpus/documents.yaml": metadata.entry(document).hash,
            "the original it duplicates": "" if original == document else original,
        }
        plan.consider(ledger, document, inputs, project.document_file(document), force=force)
    if only is None:
        plan.gone = sorted({*ledger.items(INGEST), *project.known_documents()} - set(sources))
    return plan


def plan_annotate(project: Project, ledger: Ledger, ruleset: Ruleset, *, force: bool = False) -> Plan:
    """Compare the documents with the evidence found in them."""
    plan = Plan(stage=ANNOTATE)
    documents = project.known_documents()
    for document in documents:
        path = project.document_file(document)
        language = store.read_header(path).language
        inputs = {"the text": ledger.hash_of(path), "a rule": ruleset.hash_of(language)}
        plan.consider(ledger, document, inputs, project.evidence_file(document), force=force)
    plan.gone = sorted({*ledger.items(ANNOTATE), *project.known_evidence()} - set(documents))
    return plan


def plan_code(project: Project, ledger: Ledger, settings: str, *, force: bool = False) -> Plan:
    """Compare evidence, decisions and scheme with the codings made from them."""
    plan = Plan(stage=CODE)

    def all_of(paths: list[Path]) -> str:
        return fingerprint(*(f"{project.relative(path)}={ledger.hash_of(path)}" for path in paths))

    evidence = [project.evidence_file(document) for document in project.known_evidence()]
    documents = [project.document_file(document) for document in project.known_documents()]
    scheme = [path for path in sorted(project.rules.glob("*.y*ml")) if path.stem in ("scheme", "codebook")]
    inputs = {
        "the evidence": all_of(evidence),
        "a document": all_of(documents),
        "a decision": all_of(project.decision_files()),
        "the scheme": all_of(scheme),
        "the cases": all_of(sorted(project.rules.glob("cases.y*ml"))),
        "a setting": settings,
    }
    plan.consider(ledger, "codings", inputs, project.codings / "codings.jsonl", force=force)
    return plan


def load_ruleset(project: Project) -> tuple[Ruleset, list[Problem]]:
    """Return the project's rules and what is wrong in them; broken rules are left out.

    Rules are compiled once in a process for each state of their files.
    """
    files = sorted(project.rules.rglob("*.y*ml"))
    state = tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return _compiled(project.rules, state)


@lru_cache(maxsize=1)
def _compiled(rules: Path, _state: tuple[tuple[str, int, int], ...]) -> tuple[Ruleset, list[Problem]]:
    problems: list[Problem] = []
    return load_rules(rules, problems), problems
