"""Keep the outputs shown in the documentation real: python tools/output_blocks.py.

A comment `<!-- output of: pipeline WORDS -->` stands before a fenced block; the block is what the command
prints in a project with the bundled corpus, the commands of one page one after the other.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "tutorial.md")
BLOCK = re.compile(r"<!-- output of: pipeline (?P<words>[^\n]*) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)
LONGEST = 40
"""Lines of one output that are shown; what follows is left out with a mark."""


def renewed(page: str, project: Path) -> str:
    """Return the page with its blocks as the commands print them in the project."""

    def renew(block: re.Match[str]) -> str:
        words = block["words"]
        return f"<!-- output of: pipeline {words} -->\n```\n{_output(words, project)}```\n"

    return BLOCK.sub(renew, page)


def make_project(folder: Path) -> None:
    """Make a project with the bundled corpus, not yet run."""
    _run(["init", str(folder), "--example"], folder)


def _output(words: str, project: Path) -> str:
    lines = [line.rstrip() for line in _run(shlex.split(words), project).splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], "…"]
    return "".join(f"{line}\n" for line in lines)


def _run(words: list[str], project: Path) -> str:
    command = [sys.executable, "-m", "pipeline", "--root", str(project), *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


if __name__ == "__main__":
    for path in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            make_project(Path(folder) / "project")
            path.write_text(
                renewed(path.read_text("utf-8"), Path(folder) / "project"), encoding="utf-8", newline="\n"
            )
