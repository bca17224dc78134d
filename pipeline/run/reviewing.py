"""What the review commands need besides the review room itself."""

from pathlib import Path

from pipeline.errors import Problem, UsageError
from pipeline.model import Evidence, Polarity, Role, Status, Values, values_of
from pipeline.project import Project
from pipeline.rules.codebook import load_codebook
from pipeline.run.gather import Gathered
from pipeline.run.ledger import working


def amended(
    project: Project, code: str, organisations: str, status: str, role: str, polarity: str
) -> Values | None:
    """Return the values named on the command line, or None where none is; a wrong one is refused."""
    problems: list[Problem] = []
    codebook = load_codebook(project.rules, problems)
    if code and codebook and code not in codebook.codes:
        raise UsageError(f'unknown code "{code}"', remedy="see rules/codebook.yaml")
    for name, value, kind in (
        ("status", status, Status),
        ("role", role, Role),
        ("polarity", polarity, Polarity),
    ):
        if value and value not in values_of(kind):
            raise UsageError(f'"{value}" is no {name}', remedy="one of: " + ", ".join(values_of(kind)))
    values = Values(
        code=code or None,
        organisations=tuple(name.strip() for name in organisations.split(",")) if organisations else None,
        status=status or None,  # type: ignore[arg-type]
        role=role or None,  # type: ignore[arg-type]
        polarity=polarity or None,  # type: ignore[arg-type]
    )
    return None if values == Values() else values


def machine_evidence(project: Project, found: Gathered, judged: Path) -> dict[str, Evidence]:
    """Return the machine's evidence by id, also where the file itself was judged in place."""
    in_place = _without_verdicts(judged) if _inside(judged, project.evidence) else []
    return found.machine_by_id | {e.id: e for e in in_place}


def restore_derived(project: Project, judged: Path) -> None:
    """Where verdicts were written into a derived file, let the next run make it again."""
    if _inside(judged, project.evidence):
        with working(project) as ledger:
            document = judged.resolve().relative_to(project.evidence.resolve()).as_posix()
            judged.unlink()
            ledger.forget("annotate", document.removesuffix(".jsonl"))


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _without_verdicts(path: Path) -> list[Evidence]:
    import msgspec

    found = []
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            record = msgspec.json.decode(line)
            record.pop("verdict", None)
            record.pop("note", None)
            found.append(msgspec.convert(record, Evidence))
        except (msgspec.DecodeError, AttributeError):
            continue
    return found
