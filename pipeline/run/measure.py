"""How firm the codings are, and how they compare with a published table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import coding
from pipeline.coding import qca, reference, robustness
from pipeline.errors import MissingInput, Problem
from pipeline.model import Coding, Document
from pipeline.project import Project
from pipeline.run.coding import Desk, Overrides, lay_out


@dataclass(frozen=True, kw_only=True)
class Firmness:
    """What happens to the codings when something is taken away or chosen otherwise."""

    settings: list[robustness.Stability]
    documents: list[robustness.LeftOut]
    evidence: list[robustness.Flip]


def firmness(project: Project, headers: list[Document], *, combinations: int) -> Firmness:
    """Sweep the settings, leave out each document, and look for the smallest evidence that decides."""
    desk = lay_out(project, headers)
    coder = _coder(desk, {})
    return Firmness(
        settings=robustness.sweep(
            desk.scheme, desk.cases, desk.documents, desk.gathered.reviewed, combinations
        ),
        documents=robustness.leave_one_out(coder),
        evidence=[flip for case in desk.cases.cases for flip in robustness.smallest_flips(coder, case.id)],
    )


def beside_published(
    project: Project, headers: list[Document], table: str, overrides: Overrides, problems: list[Problem]
) -> tuple[list[reference.Compared], list[reference.Agreement]]:
    """Set our codings beside a published table: a CSV file, or one that ships in `rules/reference`."""
    path = Path(table)
    if not path.exists():
        path = project.rules / "reference" / f"{table.removesuffix('.csv')}.csv"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.csv"))) or "none"
        remedy = f"name a CSV file, or one of rules/reference: {known}"
        raise MissingInput("no such table", where=table, remedy=remedy)
    published = reference.read_reference(path, problems, where=project.relative(path))
    desk = lay_out(project, headers)
    rows = reference.compare_reference(_coder(desk, overrides).codings(), published)
    return rows, reference.agreement(rows)


def qca_files(project: Project, headers: list[Document], overrides: Overrides) -> dict[str, str]:
    """Return the files of a qualitative comparative analysis by name."""
    desk = lay_out(project, headers)
    codings: Sequence[Coding] = _coder(desk, overrides).codings()
    return {
        "qca-raw.csv": qca.as_csv(qca.raw_table(desk.scheme, codings)),
        "qca-calibrated.csv": qca.as_csv(qca.calibrated_table(desk.scheme, codings)),
        "qca-truth-table.csv": qca.truth_table_csv(desk.scheme, codings),
        "qca.R": qca.r_script(desk.scheme, calibrated="qca-calibrated.csv"),
    }


def _coder(desk: Desk, overrides: Overrides) -> coding.Coder:
    return coding.Coder(desk.scheme, desk.cases, desk.documents, desk.gathered.reviewed, overrides)
