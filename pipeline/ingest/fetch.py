"""Official documents from their addresses: `corpus/sources.yaml` → `corpus/official/`.

A download grows in a hidden file beside its place (`.name.part`) and is moved there only when it is
whole, so what lies under the final name is never a piece. `corpus/sources.lock.jsonl` records the
hash of every file fetched; a file with the recorded hash is not asked for again.
"""

import contextlib
import hashlib
import http.client
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline import __version__, store
from pipeline.errors import Problem, Refused, UsageError
from pipeline.ingest.metadata import Date, Entry
from pipeline.model import DocumentKind, Record
from pipeline.project import Project
from pipeline.rules.loading import Model, load

OFFICIAL = "official"
"""Folder below `corpus/` for what is fetched."""

_PIECE = 64 * 1024
_TRANSIENT = frozenset({408, 416, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0
_SIGNATURES = {"pdf": b"%PDF-", "docx": b"PK\x03\x04"}

Progress = Callable[[str, int, int | None], None]
"""Called with the source's id, the bytes here so far, and the bytes expected if the server says."""


def _address(value: str) -> str:
    parts = urllib.parse.urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address; write https://…")
    return value


class Source(Model):
    """An official document: where it is, and what it is."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    title: str
    address: Annotated[str, AfterValidator(_address)]
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(pdf|docx|html|txt|md|xml)$")]
    """Its name below `corpus/official/`; the ending says as what it is read."""
    date: Date | None = None
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""
    kind: DocumentKind | None = None
    organisations: tuple[str, ...] = ()
    theatre: str = ""
    note: str = ""

    @property
    def document(self) -> str:
        """The id of the document once it is here."""
        return f"{OFFICIAL}/{self.file}"

    @property
    def entry(self) -> Entry:
        """What `corpus/documents.yaml` would say of it."""
        said = {
            "title": self.title, "kind": self.kind, "date": self.date, "language": self.language,
            "organisations": self.organisations, "theatre": self.theatre,
        }  # fmt: skip
        return Entry.model_validate({name: value for name, value in said.items() if value})


class Sources(Model):
    """The file `corpus/sources.yaml`."""

    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "Sources":
        for field in ("id", "file"):
            seen: set[str] = set()
            for source in self.sources:
                value = getattr(source, field).lower()
                if value in seen:
                    raise ValueError(f'{field} "{value}" twice')
                seen.add(value)
        return self


class Fetched(Record, frozen=True, kw_only=True):
    """A line of `corpus/sources.lock.jsonl`: a file that was fetched. The last line of an id holds."""

    id: str
    address: str
    answered_by: str
    """The address after redirections."""
    file: str
    hash: str
    size: int
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much, how long and how often. Sizes in bytes, times in seconds."""

    size: int = 64 * 1024 * 1024
    silence: float = 30.0
    """Longest wait for the next bytes."""
    duration: float = 600.0
    """Longest time for one attempt."""
    attempts: int = 4
    pause: float = 1.0
    """Wait before the second attempt; doubled for each further one."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one source."""

    source: Source
    state: Literal["fetched", "unchanged", "failed"]
    size: int = 0
    problem: Problem | None = None


class _Failed(Exception):
    """An attempt came to nothing.

    `again` says that another attempt may help, and that the piece is worth keeping for it; `wait`
    how many seconds the server wants to be left alone.
    """

    def __init__(self, what: str, remedy: str = "", *, again: bool = False, wait: float = 0.0) -> None:
        super().__init__(what)
        self.what, self.remedy, self.again, self.wait = what, remedy, again, wait


def load_sources(project: Project, problems: list[Problem]) -> Sources:
    """Read `corpus/sources.yaml` (or `.yml`); mistakes are added to the problems."""
    for name in ("sources.yaml", "sources.yml"):
        path = project.corpus / name
        if path.is_file():
            return load(path, Sources, problems, where=project.relative(path)) or Sources()
    return Sources()


def lock_file(project: Project) -> Path:
    """Return where it is recorded what was fetched."""
    return project.corpus / "sources.lock.jsonl"


def choose(sources: Sources, ids: Sequence[str]) -> list[Source]:
    """Return the sources named, in the order of the file; all if none is named."""
    unknown = sorted(set(ids) - {source.id for source in sources.sources})
    if unknown:
        raise UsageError(f"no source named {', '.join(unknown)}", remedy="see the ids in corpus/sources.yaml")
    return [source for source in sources.sources if not ids or source.id in ids]


def fetch(
    project: Project,
    sources: Sequence[Source],
    *,
    limits: Limits | None = None,
    progress: Progress = lambda _id, _size, _total: None,
    sleep: Callable[[float], None] = time.sleep,
    force: bool = False,
) -> Iterator[Outcome]:
    """Fetch the sources one after the other and yield what became of each.

    A failure is an outcome with its problem, not an exception; the next source is tried. `force`
    asks the address again, and replaces a file that differs from what was recorded.
    """
    limits = limits or Limits()
    path = lock_file(project)
    broken: list[Problem] = []  # a line that cannot be read: that file is just fetched again
    with _alone(project):
        recorded = (
            {record.id: record for record in store.read(path, Fetched, broken)} if path.exists() else {}
        )
        for source in sources:
            try:
                yield _one(project, source, recorded.get(source.id), limits, progress, sleep, force)
            except _Failed as failure:
                where = f"corpus/sources.yaml: {source.id}"
                problem = Problem(where=where, what=failure.what, remedy=failure.remedy)
                yield Outcome(source=source, state="failed", problem=problem)


def _one(
    project: Project, source: Source, known: Fetched | None, limits: Limits, progress: Progress,
    sleep: Callable[[float], None], force: bool,
) -> Outcome:  # fmt: skip
    target = project.corpus / OFFICIAL / source.file
    here = _hash(target) if target.exists() else ""
    if known and here == known.hash and known.address == source.address and not force:
        return Outcome(source=source, state="unchanged", size=known.size)
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab+") as handle:
            answer = _patiently(source, handle, _mark(part), limits, progress, sleep)
            new = _checked(source, handle, answer)
            if here and here != new and not force:
                what = f"{source.document} is here with other content"
                raise _Failed(what, "move it away, or replace it with --force")
            os.fsync(handle.fileno())
        part.replace(target)
        _mark(part).unlink(missing_ok=True)
    except _Failed as failure:
        if not failure.again or not part.stat().st_size:
            part.unlink()
            _mark(part).unlink(missing_ok=True)
        raise
    except OSError as error:
        raise _Failed(
            f"cannot be saved: {error.strerror or error}", "make room, or check the folder"
        ) from error
    size = target.stat().st_size
    record = Fetched(
        id=source.id, address=source.address, answered_by=answer.address, file=source.file,
        hash=new, size=size, media_type=answer.media_type,
    )  # fmt: skip
    if record != known:
        store.append(lock_file(project), record)
    if not known or known.hash == new or force:
        return Outcome(source=source, state="fetched", size=size)
    changed = Problem(
        where=f"corpus/sources.yaml: {source.id}",
        what="the document at the address is not the one fetched earlier",
        remedy="compare the two before you rely on it",
        severity="warning",
    )
    return Outcome(source=source, state="fetched", size=size, problem=changed)


@dataclass(frozen=True, kw_only=True)
class _Answer:
    address: str
    media_type: str


def _patiently(
    source: Source, handle: IO[bytes], mark: Path, limits: Limits, progress: Progress,
    sleep: Callable[[float], None],
) -> _Answer:  # fmt: skip
    """Try until the file is whole, an attempt fails for good, or the attempts are used up."""
    for attempt in range(1, limits.attempts + 1):
        try:
            return _attempt(source, handle, mark, limits, progress)
        except _Failed as failure:
            if not failure.again or attempt == limits.attempts:
                tried = f" ({attempt} attempts)" if attempt > 1 else ""
                raise _Failed(failure.what + tried, failure.remedy, again=failure.again) from failure
            sleep(max(failure.wait, limits.pause * 2 ** (attempt - 1)))
    raise AssertionError("the last attempt returns or raises")


def _attempt(source: Source, handle: IO[bytes], mark: Path, limits: Limits, progress: Progress) -> _Answer:
    have, version = _piece(handle, mark, source)
    headers = {"User-Agent": f"cooperation-evidence-pipeline/{__version__}", "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    address = urllib.parse.quote(source.address, safe="%/:?#[]@!$&'()*+,;=~")
    request = urllib.request.Request(address, headers=headers)
    until = time.monotonic() + limits.duration
    later = "try again later"
    try:
        with _opener().open(request, timeout=limits.silence) as response:
            if response.status != 206:
                have = 0  # the whole file comes, whatever was asked for
            elif not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                mark.unlink(missing_ok=True)
                raise _Failed("the server sent another part than asked for", later, again=True)
            handle.truncate(have)
            mark.write_text(f"{source.address}\n{_version(response)}", encoding="utf-8")
            left = response.headers.get("Content-Length", "")
            total = have + int(left) if left.isdigit() else None
            while True:
                if max(have, total or 0) > limits.size:
                    raise _Failed(f"larger than {limits.size} bytes", "raise the limit if you want it")
                progress(source.id, have, total)
                if time.monotonic() > until:
                    raise _Failed(f"not done after {limits.duration:g} seconds", later, again=True)
                piece = response.read1(_PIECE)
                if not piece:
                    break
                handle.write(piece)
                have += len(piece)
            if total is not None and have != total:
                raise _Failed(f"cut off after {have} of {total} bytes", later, again=True)
            return _Answer(address=response.url, media_type=response.headers.get_content_type())
    except urllib.error.HTTPError as error:
        if error.code == 416:  # the piece does not fit the file any more: begin anew
            mark.unlink(missing_ok=True)
        raise _refusal(error) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _Failed(f"no answer for {limits.silence:g} seconds", later, again=True) from error
        remedy = "check the address and the network"
        raise _Failed(f"cannot be reached: {error.reason}", remedy, again=True) from error
    except TimeoutError as error:
        raise _Failed(f"no answer for {limits.silence:g} seconds", later, again=True) from error
    except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
        raise _Failed(f"connection lost: {error or type(error).__name__}", later, again=True) from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        scheme = urllib.parse.urlsplit(newurl).scheme
        if scheme not in ("http", "https"):
            raise _Failed(f"sent on to an address that is not of the web: {newurl}", "correct the address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https only: no files, no ftp."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor, _Redirects,
        urllib.request.UnknownHandler,
    ):  # fmt: skip
        opener.add_handler(handler())
    return opener


def _refusal(error: urllib.error.HTTPError) -> _Failed:
    error.close()
    what = f"the server answers {error.code} {error.reason}"
    if error.code in _TRANSIENT:
        asked = error.headers.get("Retry-After", "")
        wait = min(float(asked), _LONGEST_WAIT) if asked.isdigit() else 0.0
        return _Failed(what, "try again later", again=True, wait=wait)
    return _Failed(what, "look for its new address" if error.code in (404, 410) else "open it in a browser")


def _mark(part: Path) -> Path:
    """Return the file that says to which address and version a piece belongs."""
    return part.with_suffix(".from")


def _piece(handle: IO[bytes], mark: Path, source: Source) -> tuple[int, str]:
    """Return how many bytes are here and of which version; nothing if it cannot be told."""
    size = handle.seek(0, os.SEEK_END)
    try:
        address, _, version = mark.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        address = version = ""
    return (size, version) if size and version and address == source.address else (0, "")


def _version(response: Any) -> str:
    """Return what If-Range may carry: a strong ETag or a date; empty if the server gives neither."""
    tag: str = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _checked(source: Source, handle: IO[bytes], answer: _Answer) -> str:
    """Return the hash of the whole file, unless it is plainly not what its ending says."""
    handle.seek(0)
    ending = source.file.rsplit(".", 1)[1]
    beginning = handle.read(1024)
    if not beginning or _SIGNATURES.get(ending, b"") not in beginning:
        got = answer.media_type if beginning else "nothing"
        raise _Failed(f"not a {ending} file: the server sent {got}", "open the address in a browser")
    handle.seek(0)
    return hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]  # reads like a file


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextlib.contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Let one fetch at a time into a project; where the system has no such locks, go on without."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    project.private.mkdir(parents=True, exist_ok=True)
    with (project.private / "fetch.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "another `pipeline fetch` is at work here", remedy="wait until it has ended"
            ) from error
        yield  # the lock ends with the file
