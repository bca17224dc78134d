"""The last stage: reviewed evidence and scheme become codings, tables and the report."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import coding, report, store
from pipeline.errors import DataError, Problem
from pipeline.model import USABLE_STATUSES, Coding, Document
from pipeline.project import Project
from pipeline.rules.cases import Case, Cases, Window
from pipeline.rules.codebook import load_codebook
from pipeline.rules.scheme import Scheme
from pipeline.run.gather import Gathered, gather
from pipeline.run.ledger import Ledger
from pipeline.run.plan import CODE, plan_code
from pipeline.run.tables import codings_csv, evidence_csv
from pipeline.run.versions import version_lines

Overrides = Mapping[str, str]


@dataclass(kw_only=True)
class Coded:
    """What the coding stage made."""

    codings: list[Coding]
    changes: list[coding.Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fresh: bool = False
    """Whether nothing had to be done."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that codings are made from."""

    scheme: Scheme
    cases: Cases
    documents: list[Document]
    gathered: Gathered


def load_measurement(project: Project) -> tuple[Scheme, Cases]:
    """Read scheme and cases; without them nothing can be coded, so any mistake raises `DataError`."""
    problems: list[Problem] = []
    scheme = coding.load_scheme(project.rules, problems)
    cases = coding.load_cases(project.rules, problems)
    if scheme is None or cases is None:
        raise DataError(problems)
    return scheme, cases


def lay_out(project: Project, headers: list[Document]) -> Desk:
    """Read everything that codings are made from."""
    scheme, cases = load_measurement(project)
    return Desk(scheme=scheme, cases=cases, documents=headers, gathered=gather(project))


def do_code(
    project: Project, ledger: Ledger, headers: list[Document], overrides: Overrides, *, force: bool = False
) -> Coded:
    """Bring the codings up to date and say which changed and why."""
    scheme, cases = load_measurement(project)
    scheme.resolve(overrides)
    path = project.codings / "codings.jsonl"
    before: list[Coding] = []
    if path.exists():
        before = store.read(path, Coding, [])
    plan = plan_code(project, ledger, repr(sorted(overrides.items())), force=force)
    if plan.empty:
        return Coded(codings=before, fresh=True)
    desk = lay_out(project, headers)
    codings = coding.code(scheme, cases, headers, desk.gathered.reviewed, overrides)
    known = ledger.inputs_of(CODE, "documents")
    changes = coding.compare(
        before, codings, headers, desk.gathered.reviewed, None if known is None else set(known)
    )
    store.write(path, codings)
    store.write_text(project.codings / "codings.csv", codings_csv(codings))
    store.write_text(project.codings / "evidence.csv", evidence_csv(desk.gathered.reviewed, headers))
    data = report_data(project, desk, codings, overrides, project.codings)
    store.write_text(project.codings / "report.html", report.render(data))
    (task,) = plan.tasks
    ledger.record(CODE, task.item, task.inputs, task.output)
    ledger.record(CODE, "documents", {header.id: header.text_hash for header in headers}, task.output)
    ledger.save()
    problems = [*desk.gathered.problems, *_lost_decisions(desk.gathered), *_in_no_case(desk)]
    return Coded(codings=codings, changes=changes if before else [], problems=problems)


def write_report(
    project: Project, headers: list[Document], overrides: Overrides, path: Path, language: report.Language
) -> None:
    """Write the report on the codings that follow from today's evidence."""
    desk = lay_out(project, headers)
    codings = coding.code(desk.scheme, desk.cases, headers, desk.gathered.reviewed, overrides)
    page = report.render(report_data(project, desk, codings, overrides, path.parent), language)
    store.write_text(path, page)


def report_data(
    project: Project, desk: Desk, codings: list[Coding], overrides: Overrides, folder: Path
) -> report.ReportData:
    """Gather what the report shows; links to sources lead out of the folder in which it will lie."""
    codebook = load_codebook(project.rules, [])
    codes = codebook.codes if codebook else {}
    chosen = desk.scheme.resolve(overrides)
    settings = desk.scheme.settings.items()
    return report.ReportData(
        cases=[
            report.ReportCase(id=case.id, names=(case.title.en, case.title.within("zh")),
                              partner=case.partner, scope=_scope(case))
            for case in desk.cases.cases
        ],
        codings=codings,
        evidence=desk.gathered.reviewed,
        documents=desk.documents,
        codes={name: (e.name.en, e.name.within("zh")) for name, e in codes.items()},
        indicators={n: (i.title.en, i.title.within("zh")) for n, i in desk.scheme.indicators.items()},
        predictions={
            (h.when.get("dependence", ""), h.when.get("compatibility", "")): h.expect
            for h in desk.scheme.hypotheses
        },
        settings=[(name, str(chosen[name]), setting.reason) for name, setting in settings],
        versions=version_lines(),
        corpus=Path(os.path.relpath(project.corpus, folder)).as_posix(),
    )  # fmt: skip


def _scope(case: Case) -> str:
    years = f"{case.years.since or '…'}–{case.years.until or '…'}" if case.years != Window() else ""
    return " · ".join(filter(None, [years, ", ".join(case.theatres)]))


def _lost_decisions(gathered: Gathered) -> list[Problem]:
    if not gathered.orphans:
        return []
    what = f"{len(gathered.orphans)} decisions have lost their sentence and count for nothing"
    remedy = "`pipeline review orphans` lists them with the nearest passages"
    return [Problem(where="annotations/decisions", what=what, remedy=remedy, severity="warning")]


def _in_no_case(desk: Desk) -> list[Problem]:
    """Name the readable documents in which nothing concerns any case: they add nothing to a coding."""
    concerned = {item.evidence.document for item in desk.gathered.reviewed if item.evidence.cases}
    apart = [d.id for d in desk.documents if d.status in USABLE_STATUSES and d.id not in concerned]
    if not apart:
        return []
    named = ", ".join(apart[:5]) + (", …" if len(apart) > 5 else "")
    what = f"nothing in {len(apart)} of {len(desk.documents)} documents concerns a case: {named}"
    return [
        Problem(
            where="corpus", what=what, remedy="`pipeline status --documents` lists all", severity="warning"
        )
    ]
