"""Fetching official documents, against a server on this machine that misbehaves on request."""

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import store
from pipeline.errors import Problem, Refused, UsageError
from pipeline.ingest import fetch
from pipeline.model import digest
from pipeline.project import Project

BODY = b"%PDF-1.4\n" + bytes(range(256)) * 2000
QUICK = fetch.Limits(size=2_000_000, silence=0.5, duration=5, attempts=3, pause=0.01)


class Server(ThreadingHTTPServer):
    """Serves BODY under names that say how; counts requests and keeps the Range headers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: Counter[str] = Counter()
        self.ranges: list[str | None] = []
        self.body = BODY
        self.tag = '"one"'
        self.released = threading.Event()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen[self.path] += 1
        self.server.ranges.append(self.headers["Range"])
        getattr(self, self.path.split("/")[1].partition("?")[0])()

    def answer(self, code: int, body: bytes, headers: dict[str, str], *, promise: int | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(promise or len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def good(self) -> None:
        self.answer(200, self.server.body, {"Content-Type": "application/pdf", "ETag": self.server.tag})

    def moved(self) -> None:
        self.answer(302, b"", {"Location": "/good"})

    def away(self) -> None:
        self.answer(302, b"", {"Location": "file:///etc/hostname"})

    def circle(self) -> None:
        self.answer(302, b"", {"Location": self.path})

    def missing(self) -> None:
        self.answer(404, b"no", {})

    def busy(self) -> None:
        if self.server.seen[self.path] < 3:
            self.answer(503, b"", {"Retry-After": "7"})
        else:
            self.good()

    def cut(self) -> None:
        """Break off in the middle the first time; go on from a Range afterwards."""
        asked = self.headers["Range"]
        tag = {"ETag": self.server.tag}
        if asked is None and self.server.seen[self.path] == 1:
            self.answer(200, self.server.body[:100_000], tag, promise=len(self.server.body))
        elif asked and self.headers["If-Range"] == self.server.tag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            rest, total = self.server.body[start:], len(self.server.body)
            self.answer(206, rest, tag | {"Content-Range": f"bytes {start}-{total - 1}/{total}"})
        else:
            self.good()

    def chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"1000\r\n" + BODY[:10])

    def always_cut(self) -> None:
        self.answer(200, self.server.body[:1000], {"ETag": self.server.tag}, promise=len(self.server.body))

    def shifted(self) -> None:
        """Answer a Range with another range than asked for: it must not be glued on."""
        if self.headers["Range"] is None and self.server.seen[self.path] == 1:
            self.always_cut()
        elif self.headers["Range"]:
            self.answer(206, BODY[5:], {"Content-Range": f"bytes 5-{len(BODY) - 1}/{len(BODY)}"}, promise=10)
        else:
            self.good()

    def out_of_range(self) -> None:
        if self.headers["Range"]:
            self.answer(416, b"", {})
        elif self.server.seen[self.path] == 1:
            self.always_cut()
        else:
            self.good()

    def large(self) -> None:
        self.answer(200, b"%PDF-", {}, promise=3_000_000)

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(BODY)
        except OSError:
            pass

    def silent(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"%PDF-")
        self.wfile.flush()
        self.server.released.wait(10)

    def page(self) -> None:
        self.answer(200, b"<html>Please confirm that you are human</html>", {"Content-Type": "text/html"})

    def nothing(self) -> None:
        self.answer(200, b"", {})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "rules").mkdir()
    return Project(tmp_path)


def source(server: Server, path: str, name: str = "text.pdf", key: str = "text") -> fetch.Source:
    return fetch.Source(id=key, title="A text", address=server.address(path), file=name)


def get(
    project: Project, *sources: fetch.Source, waits: list[float] | None = None, **more: Any
) -> list[fetch.Outcome]:
    more.setdefault("limits", QUICK)
    return list(fetch.fetch(project, sources, sleep=(waits if waits is not None else []).append, **more))


def folder(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project.corpus / "official").iterdir()}


def test_a_file_arrives_whole_and_its_hash_is_recorded(project: Project, server: Server) -> None:
    steps: list[tuple[str, int, int | None]] = []
    (outcome,) = get(project, source(server, "/good"), progress=lambda *step: steps.append(step))
    assert (outcome.state, outcome.size, outcome.problem) == ("fetched", len(BODY), None)
    assert folder(project) == {"text.pdf": BODY}
    (record,) = store.read(fetch.lock_file(project), fetch.Fetched)
    assert (record.hash, record.size, record.media_type) == (digest(BODY), len(BODY), "application/pdf")
    assert steps[0] == ("text", 0, len(BODY))
    assert steps[-1] == ("text", len(BODY), len(BODY))
    assert list(project.sources()) == ["official/text.pdf"], "the lock file is not a document"


def test_a_recorded_file_is_not_asked_for_again(project: Project, server: Server) -> None:
    get(project, source(server, "/good"))
    lock = fetch.lock_file(project).read_bytes()
    (outcome,) = get(project, source(server, "/good"))
    assert outcome.state == "unchanged"
    assert server.seen["/good"] == 1
    get(project, source(server, "/good"), force=True)
    assert server.seen["/good"] == 2
    assert fetch.lock_file(project).read_bytes() == lock, "the same file is recorded once"


def test_redirections_are_followed_on_the_web_only(project: Project, server: Server) -> None:
    (outcome,) = get(project, source(server, "/moved"))
    assert outcome.state == "fetched"
    (record,) = store.read(fetch.lock_file(project), fetch.Fetched)
    assert record.answered_by == server.address("/good")
    for path in ("/away", "/circle"):
        (outcome,) = get(project, source(server, path, "other.pdf", "other"))
        assert outcome.state == "failed"
    assert folder(project) == {"text.pdf": BODY}


def test_what_failed_is_listed_and_the_others_go_on(project: Project, server: Server) -> None:
    outcomes = get(
        project,
        source(server, "/missing", "a.pdf", "a"),
        source(server, "/page", "b.pdf", "b"),
        source(server, "/nothing", "c.html", "c"),
        source(server, "/good", "d.pdf", "d"),
    )
    assert [outcome.state for outcome in outcomes] == ["failed", "failed", "failed", "fetched"]
    said = [str(outcome.problem) for outcome in outcomes[:3]]
    assert "corpus/sources.yaml: a: the server answers 404 Not Found; look for its new address" in said[0]
    assert "not a pdf file: the server sent text/html" in said[1]
    assert "the server sent nothing" in said[2]
    assert server.seen["/missing"] == 1, "what will not change is asked once"
    assert folder(project) == {"d.pdf": BODY}


def test_a_busy_server_is_given_the_time_it_asks_for(project: Project, server: Server) -> None:
    waits: list[float] = []
    (outcome,) = get(project, source(server, "/busy"), waits=waits)
    assert outcome.state == "fetched"
    assert waits == [7.0, 7.0]


def test_waits_double(project: Project, server: Server) -> None:
    waits: list[float] = []
    get(project, source(server, "/always_cut"), waits=waits)
    assert waits == [0.01, 0.02]


def test_a_cut_connection_is_resumed(project: Project, server: Server) -> None:
    (outcome,) = get(project, source(server, "/cut"))
    assert outcome.state == "fetched"
    assert server.ranges == [None, "bytes=100000-"]
    assert folder(project) == {"text.pdf": BODY}


def test_a_later_run_resumes_what_an_earlier_one_left(project: Project, server: Server) -> None:
    once = fetch.Limits(silence=0.5, attempts=1)
    (outcome,) = get(project, source(server, "/cut"), limits=once)
    assert outcome.state == "failed"
    assert "cut off after 100000 of" in str(outcome.problem)
    assert "text.pdf" not in folder(project), "a piece never has the final name"
    assert list(project.sources()) == []
    (outcome,) = get(project, source(server, "/cut"), limits=once)
    assert outcome.state == "fetched"
    assert server.ranges[-1] == "bytes=100000-"
    assert folder(project) == {"text.pdf": BODY}


def test_a_piece_of_another_version_or_address_is_not_continued(project: Project, server: Server) -> None:
    once = fetch.Limits(silence=0.5, attempts=1)
    get(project, source(server, "/cut"), limits=once)
    server.body, server.tag = b"%PDF-1.7\n" + b"new" * 50_000, '"two"'
    (outcome,) = get(project, source(server, "/cut"), limits=once)
    assert outcome.state == "fetched"
    assert folder(project) == {"text.pdf": server.body}
    get(project, source(server, "/always_cut", "x.pdf", "x"), limits=once)
    get(project, source(server, "/good", "x.pdf", "x"), limits=once)
    assert server.ranges[-1] is None
    assert folder(project)["x.pdf"] == server.body


@pytest.mark.parametrize("path", ["/shifted", "/out_of_range"])
def test_a_range_that_does_not_fit_begins_anew(project: Project, server: Server, path: str) -> None:
    (outcome,) = get(project, source(server, path), limits=fetch.Limits(silence=0.5, attempts=5, pause=0))
    assert outcome.state == "fetched"
    assert folder(project) == {"text.pdf": BODY}


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_too_large_a_file_is_refused_and_leaves_nothing(project: Project, server: Server, path: str) -> None:
    (outcome,) = get(project, source(server, path))
    assert "larger than 2000000 bytes" in str(outcome.problem)
    assert server.seen[path] == 1
    assert folder(project) == {}


def test_a_silent_server_is_given_up_on(project: Project, server: Server) -> None:
    limits = fetch.Limits(silence=0.2, attempts=2, pause=0)
    (outcome,) = get(project, source(server, "/silent"), limits=limits)
    assert "no answer for 0.2 seconds (2 attempts)" in str(outcome.problem)


def test_a_slow_server_is_given_up_on(project: Project, server: Server) -> None:
    limits = fetch.Limits(duration=0, attempts=1)
    (outcome,) = get(project, source(server, "/good"), limits=limits)
    assert "not done after 0 seconds" in str(outcome.problem)


def test_chunks_that_break_off_are_noticed(project: Project, server: Server) -> None:
    (outcome,) = get(project, source(server, "/chunked"))
    assert outcome.state == "failed"
    assert "text.pdf" not in folder(project)


def test_no_server_at_all(project: Project) -> None:
    unused = fetch.Source(id="text", title="A text", address="http://127.0.0.1:9/x", file="x.pdf")
    (outcome,) = get(project, unused)
    assert "cannot be reached" in str(outcome.problem)


def test_a_file_of_yours_is_not_overwritten(project: Project, server: Server) -> None:
    target = project.corpus / "official" / "text.pdf"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"%PDF- mine")
    (outcome,) = get(project, source(server, "/good"))
    assert "is here with other content" in str(outcome.problem)
    assert folder(project) == {"text.pdf": b"%PDF- mine"}
    (outcome,) = get(project, source(server, "/good"), force=True)
    assert outcome.state == "fetched"
    assert folder(project) == {"text.pdf": BODY}


def test_a_lost_record_is_made_again_and_a_changed_original_is_told(project: Project, server: Server) -> None:
    get(project, source(server, "/good"))
    fetch.lock_file(project).write_text("not a record\n")
    (outcome,) = get(project, source(server, "/good"))
    assert (outcome.state, outcome.problem) == ("fetched", None)
    (project.corpus / "official" / "text.pdf").unlink()
    server.body = b"%PDF-1.7 amended"
    (outcome,) = get(project, source(server, "/good"))
    assert outcome.state == "fetched"
    assert outcome.problem is not None
    assert outcome.problem.severity == "warning"


def test_a_folder_that_cannot_be_written_is_a_failure_of_that_source(
    project: Project, server: Server
) -> None:
    project.corpus.mkdir()
    (project.corpus / "official").write_text("a file in the way")
    (outcome,) = get(project, source(server, "/good"))
    assert "cannot be saved" in str(outcome.problem)


def test_one_fetch_at_a_time(project: Project, server: Server) -> None:
    first = fetch.fetch(project, [source(server, "/good"), source(server, "/good", "b.pdf", "b")])
    next(first)
    with pytest.raises(Refused, match="another"):
        get(project, source(server, "/good"))
    first.close()
    assert get(project, source(server, "/good"))[0].state == "unchanged"


GOOD = """\
sources:
  - {id: a, title: A, address: 'https://example.org/a(1)', file: a.pdf, kind: report, organisations: [UN]}
"""


def test_sources_are_read_chosen_and_give_their_metadata(project: Project) -> None:
    project.corpus.mkdir()
    (project.corpus / "sources.yaml").write_text(GOOD)
    problems: list[Problem] = []
    sources = fetch.load_sources(project, problems)
    assert problems == []
    (only,) = fetch.choose(sources, [])
    assert only.document == "official/a.pdf"
    assert (only.entry.kind, only.entry.organisations, only.entry.title) == ("report", ("UN",), "A")
    with pytest.raises(UsageError, match="no source named b, c"):
        fetch.choose(sources, ["c", "a", "b"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("address: 'https://example.org/a(1)'=>address: 'file:///etc/passwd'", "not an address"),
        ("address: 'https://example.org/a(1)'=>address: 'ftp://example.org/a'", "not an address"),
        ("file: a.pdf=>file: ../a.pdf", "file"),
        ("file: a.pdf=>file: .a.pdf", "file"),
        ("file: a.pdf=>file: a.exe", "file"),
        ("kind: report=>kin: report", "did you mean"),
    ],
)
def test_wrong_sources_are_named(project: Project, wrong: str, said: str) -> None:
    project.corpus.mkdir()
    (project.corpus / "sources.yaml").write_text(GOOD.replace(*wrong.split("=>")))
    problems: list[Problem] = []
    assert fetch.load_sources(project, problems).sources == ()
    (problem,) = problems
    assert problem.where.startswith("corpus/sources.yaml:2:")
    assert said in str(problem)


def test_an_id_or_file_twice_is_refused(project: Project) -> None:
    project.corpus.mkdir()
    (project.corpus / "sources.yaml").write_text(GOOD + GOOD.split("\n")[1].replace("id: a", "id: b"))
    problems: list[Problem] = []
    fetch.load_sources(project, problems)
    assert 'file "a.pdf" twice' in str(problems[0])
