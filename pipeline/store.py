"""Records on disk: strict, sorted by their makers, written whole or not at all.

The only module that uses `jsonlines`. Derived files are replaced atomically and left alone when
the bytes would be the same; decision files are only ever appended to.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import IO, Any, TypeVar

import jsonlines
import msgspec

from pipeline.errors import DataError, MissingInput, Problem
from pipeline.model import Document, Evidence, Passage, Record

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

R = TypeVar("R", bound=Record)


def encode(record: Record) -> str:
    """Return the record as one line of JSON, without the line end."""
    return msgspec.json.encode(record).decode("utf-8")


def read(
    path: Path, kind: type[R], problems: list[Problem] | None = None, *, where: str | None = None
) -> list[R]:
    """Read a file of records of one kind.

    With a list of problems, broken lines are added to it and the others returned; without one the
    first broken line raises `DataError`. `where` names the file in messages.
    """
    found: list[Problem] = []
    records = list(_lines(path, msgspec.json.Decoder(kind).decode, found, where or path.as_posix()))
    _report(found, problems)
    return records


def read_document(
    path: Path, problems: list[Problem] | None = None, *, where: str | None = None
) -> tuple[Document, list[Passage]]:
    """Read a document file: the document on the first line, its passages on the others."""
    place = where or path.as_posix()
    as_document, as_passage = msgspec.json.Decoder(Document).decode, msgspec.json.Decoder(Passage).decode
    found: list[Problem] = []
    first: list[Document] = []
    passages: list[Passage] = []

    def decode(line: str) -> Document | Passage:
        return as_passage(line) if first else as_document(line)

    for record in _lines(path, decode, found, place):
        if isinstance(record, Document):
            first.append(record)
        else:
            passages.append(record)
        if found and not first:
            break
    if not first:
        problem = Problem(
            where=place,
            what="no document record on the first line",
            remedy="delete the file and run `pipeline ingest` again",
        )
        raise DataError([*found, problem])
    _report(found, problems)
    return first[0], passages


def read_header(path: Path, *, where: str | None = None) -> Document:
    """Read only the document record of a document file."""
    place = where or path.as_posix()
    try:
        with path.open("rb") as handle:
            return msgspec.json.decode(handle.readline(), type=Document)
    except OSError as error:
        raise MissingInput(error.strerror or "cannot be read", where=place) from error
    except msgspec.DecodeError as error:
        raise DataError([_broken_line(place, 1, error)]) from error


def read_evidence(
    path: Path, problems: list[Problem] | None = None, *, where: str | None = None
) -> list[Evidence]:
    """Read the evidence of one document; a file that does not exist holds none."""
    return read(path, Evidence, problems, where=where) if path.exists() else []


def write(path: Path, records: Iterable[Record]) -> bool:
    """Replace the file by the records, atomically; return whether its bytes changed."""
    with _replacing(path) as handle, jsonlines.Writer(handle, dumps=encode) as writer:
        writer.write_all(records)
    return _commit(path, Path(handle.name))


def write_text(path: Path, text: str) -> bool:
    """Replace a text file atomically (UTF-8, line ends as given); return whether its bytes changed."""
    with _replacing(path) as handle:
        handle.write(text)
    return _commit(path, Path(handle.name))


def append(path: Path, record: Record) -> None:
    """Add one record at the end of the file and make sure that it is on the disk.

    A line that an earlier crash left unfinished is closed first, so it can spoil only itself. The
    file is locked meanwhile: a writer that fails (a full disk) takes back its own bytes only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (encode(record) + "\n").encode("utf-8")
    new = not path.exists()
    with path.open("ab+", buffering=0) as handle, _locked(handle):
        size = handle.seek(0, os.SEEK_END)
        if size:
            handle.seek(size - 1)
            if handle.read(1) != b"\n":
                line = b"\n" + line
        try:
            left = memoryview(line)
            while left:
                left = left[handle.write(left) or 0 :]
            os.fsync(handle.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                handle.truncate(size)
            raise
    if new:
        _sync_folder(path.parent)


@contextlib.contextmanager
def _locked(handle: IO[bytes]) -> Iterator[None]:
    """Hold other writers of the file off; where the system has no such locks, go on without."""
    if fcntl is None:
        yield
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _sync_folder(folder: Path) -> None:
    """Make sure that a new file's name is on the disk too."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lines(path: Path, decode: Callable[[str], Any], problems: list[Problem], where: str) -> Iterator[Any]:
    def loads(line: str) -> Any:
        try:
            return decode(line)
        except msgspec.DecodeError as error:  # jsonlines expects a ValueError
            raise ValueError(str(error)) from error

    try:
        handle = path.open("rb")
    except OSError as error:
        raise MissingInput(error.strerror or "cannot be read", where=where) from error
    with handle, jsonlines.Reader(handle, loads=loads) as reader:
        while True:
            try:
                yield reader.read(skip_empty=True)
            except EOFError:
                return
            except jsonlines.InvalidLineError as error:
                problems.append(_broken_line(where, error.lineno, error.__cause__ or error))


def _broken_line(where: str, line: int, error: BaseException) -> Problem:
    return Problem(
        where=f"{where}:{line}",
        what=f"not a valid record: {error}",
        remedy="mend or delete the line; a derived file can be deleted and comes back",
    )


def _report(found: list[Problem], problems: list[Problem] | None) -> None:
    if problems is not None:
        problems.extend(found)
    elif found:
        raise DataError(found)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Give a file beside `path` to write to; it is gone again if writing fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".", suffix=".part", delete=False
    ) as handle:
        try:
            yield handle
        except BaseException:
            handle.close()
            Path(handle.name).unlink()
            raise


def _commit(path: Path, written: Path) -> bool:
    """Move a finished file to its place, unless the same bytes are there already."""
    if path.exists() and path.read_bytes() == written.read_bytes():
        written.unlink()
        return False
    written.chmod(0o644)
    written.replace(path)
    return True
