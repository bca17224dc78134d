"""A new project folder, made from the rules (and model texts) that travel with the program."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import MissingInput, UsageError

_PACKAGE = Path(__file__).resolve().parent.parent

_DOCUMENTS_YAML = """\
# What a file cannot say of itself. Paths are below corpus/; patterns such as "eu/*" work too.
# See docs/formats.md for all fields.
#
# documents:
#   eu/joint-declaration.pdf:
#     title: Joint Declaration on cooperation in crisis management
#     kind: declaration
#     date: 2003-09-24
#     organisations: [EU, UN]
documents: {}
"""
_GITIGNORE = "/.pipeline/\n/annotations/documents/\n/annotations/evidence/\n/codings/\n"


def shipped(name: str) -> Path:
    """Return a folder that travels with the program: `rules` or `corpus`."""
    for folder in (_PACKAGE / "shipped" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise MissingInput("not part of this installation", where=name, remedy="install the package again")


def make_project(folder: Path, *, example: bool) -> list[str]:
    """Make what a project folder needs and return the new files, as given below the folder.

    Existing files are left as they are. With `example` the model texts are put into `corpus/`.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("is a file, not a folder", where=str(folder), remedy="name a folder")
    made = list(_copy(shipped("rules"), folder / "rules"))
    if example:
        made += _copy(shipped("corpus"), folder / "corpus")
    else:
        made += _copy_file(shipped("corpus") / "sources.yaml", folder / "corpus" / "sources.yaml")
    made += _write(folder / "corpus" / "documents.yaml", _DOCUMENTS_YAML)
    made += _write(folder / ".gitignore", _GITIGNORE)
    (folder / "annotations").mkdir(parents=True, exist_ok=True)
    return [path.relative_to(folder).as_posix() for path in made]


def _copy(source: Path, target: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield from _copy_file(path, target / path.relative_to(source))


def _copy_file(source: Path, target: Path) -> Iterator[Path]:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        yield target


def _write(target: Path, text: str) -> Iterator[Path]:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        yield target
