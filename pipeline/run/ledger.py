"""What each derived file was made from, so that work is proportional to what changed.

A small SQLite file in `.pipeline/`. It is derived: when it is missing or damaged it is made anew
and everything counts as never done; since the same inputs give the same bytes, nothing is lost.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import Refused
from pipeline.model import digest
from pipeline.project import Project

_TABLES = """
create table if not exists files (
    path text primary key, size integer, mtime integer, hash text
) without rowid;
create table if not exists made (
    stage text, item text, inputs text, output text, primary key (stage, item)
) without rowid;
"""
_SETTLED_NS = 2_000_000_000
"""A file changed less than two seconds ago may change again without a new time stamp."""

Inputs = Mapping[str, str]
"""Named fingerprints of everything that a derived file depends on."""


class Ledger:
    """Answers whether a derived file is up to date, and if not, why."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._db = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=30)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = off")
        db.executescript(_TABLES)
        return db

    def close(self) -> None:
        """Write what was recorded and let go of the file."""
        self.save()
        self._db.close()

    def save(self) -> None:
        """Write what was recorded so far."""
        self._db.commit()

    def hash_of(self, path: Path) -> str:
        """Return the SHA-256 of a file, without reading it again when size and time are as before.

        A file that is missing or cannot be read has the hash "".
        """
        try:
            stat = path.stat()
            row = self._db.execute(
                "select size, mtime, hash from files where path = ?", (str(path),)
            ).fetchone()
            if row and row[:2] == (stat.st_size, stat.st_mtime_ns):
                return str(row[2])
            found = digest(path.read_bytes())
        except OSError:
            return ""
        if time.time_ns() - stat.st_mtime_ns > _SETTLED_NS:
            self._db.execute(
                "insert or replace into files values (?, ?, ?, ?)",
                (str(path), stat.st_size, stat.st_mtime_ns, found),
            )
        return found

    def why_stale(self, stage: str, item: str, inputs: Inputs, output: Path) -> str:
        """Return why the output has to be made again, or "" where it is up to date."""
        row = self._db.execute(
            "select inputs, output from made where stage = ? and item = ?", (stage, item)
        ).fetchone()
        if row is None:
            return "new"
        before = json.loads(row[0])
        changed = [name for name in sorted({*before, *inputs}) if before.get(name) != inputs.get(name)]
        if changed:
            return " and ".join(changed) + " changed"
        if not output.exists():
            return "its file is missing"
        if self.hash_of(output) != row[1]:
            return "its file was edited"
        return ""

    def record(self, stage: str, item: str, inputs: Inputs, output: Path) -> None:
        """Remember that the output was just made from these inputs."""
        self._db.execute(
            "insert or replace into made values (?, ?, ?, ?)",
            (stage, item, json.dumps(dict(inputs), sort_keys=True), self.hash_of(output)),
        )

    def inputs_of(self, stage: str, item: str) -> dict[str, str] | None:
        """Return the inputs that an item was last made from, or None where it never was."""
        row = self._db.execute(
            "select inputs from made where stage = ? and item = ?", (stage, item)
        ).fetchone()
        return dict(json.loads(row[0])) if row else None

    def forget(self, stage: str, item: str) -> None:
        """Forget an item that no longer exists."""
        self._db.execute("delete from made where stage = ? and item = ?", (stage, item))

    def items(self, stage: str) -> list[str]:
        """Return all items recorded for a stage, sorted."""
        rows = self._db.execute("select item from made where stage = ? order by item", (stage,))
        return [row[0] for row in rows]


@contextlib.contextmanager
def open_ledger(project: Project) -> Iterator[Ledger]:
    """Open the project's ledger for reading and writing."""
    ledger = Ledger(project.private / "index.sqlite")
    try:
        yield ledger
    finally:
        ledger.close()


@contextlib.contextmanager
def working(project: Project) -> Iterator[Ledger]:
    """Open the ledger for work that writes derived files; only one process may do so at a time.

    The lock is held by the operating system through SQLite, so a killed process leaves none behind.
    """
    project.private.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(project.private / "lock.sqlite", timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise Refused(
                "another pipeline command is at work in this project",
                where=str(project.root),
                remedy="wait until it has finished",
            ) from error
        with open_ledger(project) as ledger:
            yield ledger
    finally:
        lock.close()
