"""Run the installed command the way a user does, and look at what it says."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def pipeline(root: Path, *words: str, expect: int | None = 0) -> Said:
    """Run `pipeline --root ROOT WORDS`; fail the test when it ends with another exit code."""
    command = [sys.executable, "-m", "pipeline", "--root", str(root), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    said = Said(done.returncode, done.stdout, done.stderr)
    assert expect is None or said.code == expect, f"{words} ended with {said.code}\n{said.out}\n{said.err}"
    assert "Traceback" not in said.err, said.err
    return said


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder and their bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def derived(root: Path) -> dict[str, bytes]:
    """Return everything in a project that can be deleted and has to come back byte for byte."""
    folders = ("annotations/documents", "annotations/evidence", "codings")
    return {f"{name}/{path}": data for name in folders for path, data in tree(root / name).items()}
