"""The review page, for one person on this machine.

Listens on the loopback address only. Every run has its own token: without it nothing is answered. The
Host of every request and the Origin of every change are checked, so that a page of another site that is
open in the same browser can neither read nor write here. Text of documents is only ever sent as data,
and the content policy forbids everything that does not come from this program.
"""

import hmac
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import DataError, MissingInput, PipelineError, UsageError
from pipeline.model import Polarity, Role, Status, Values
from pipeline.review import view
from pipeline.review.decisions import DecisionNotSaved
from pipeline.review.desk import Desk, Stale
from pipeline.review.pages import PageNotShown, Pages
from pipeline.review.queue import Filter
from pipeline.review.words import Language, words

BODY_LIMIT = 64 * 1024
"""Bytes of a request's body; a decision with the longest note fits."""
PAGE_SIZE = 60
"""Rows of the queue sent at a time."""
_FOLDER = Path(__file__).parent / "page"
_ASSETS = {"desk.js": "text/javascript", "desk.css": "text/css", "icon.svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATUS: dict[type[PipelineError], int] = {
    MissingInput: 404, Stale: 409, UsageError: 400, DecisionNotSaved: 507, PageNotShown: 422, DataError: 500,
}  # fmt: skip

T = TypeVar("T")


class _Decide(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    verdict: str
    seen: str | None = None
    code: str | None = None
    organisations: tuple[str, ...] | None = None
    status: Status | None = None
    role: Role | None = None
    polarity: Polarity | None = None
    bounds: tuple[int, int] | None = None
    note: str = ""
    settle: bool = False

    def values(self) -> Values:
        return Values(
            code=self.code,
            organisations=self.organisations,
            status=self.status,
            role=self.role,
            polarity=self.polarity,
        )


class _Add(_Decide, forbid_unknown_fields=True):
    document: str = ""
    text_hash: str = ""


class _Undo(msgspec.Struct, forbid_unknown_fields=True):
    seen: str


class _Finish(msgspec.Struct, forbid_unknown_fields=True):
    document: str


class Guard:
    """Turns away what does not come from the page itself; puts the policy on every answer."""

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.cookie = f"desk-{port}"
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        refusal = self._refusal(request)

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *policy]
            await send(message)

        if refusal:
            await _error(refusal[0], refusal[1])(scope, receive, send_with_policy)
        elif request.url.path == "/" and "token" in request.query_params:
            await self._let_in()(scope, receive, send_with_policy)
        else:
            await self.app(scope, receive, send_with_policy)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        if request.headers.get("host", "") not in self.hosts:
            return 421, "this address is not mine"
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return 403, "asked for by another site"
        if request.method not in ("GET", "HEAD"):
            origin = request.headers.get("origin", "")
            if origin not in {f"http://{host}" for host in self.hosts}:
                return 403, "sent by another site"
            if request.headers.get("content-type", "").partition(";")[0] != "application/json":
                return 415, "not JSON"
        given = request.query_params.get("token") if request.url.path == "/" else None
        given = given or request.cookies.get(self.cookie, "")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return 403, "no valid token: open the address that the program printed"
        return None

    def _let_in(self) -> Response:
        """Put the token into a cookie and take it out of the address bar."""
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer


def application(desk: Desk, *, port: int, token: str) -> Starlette:
    """Return the page as an ASGI application for a desk."""
    pages = Pages()

    def home(request: Request) -> Response:
        language = _language(request)
        asked = request.query_params.get("lang")
        answer = HTMLResponse(_template().render(language=language, w=words(language), blind=desk.blind))
        if asked:
            answer.set_cookie("desk-language", language, samesite="strict", path="/")
        return answer

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            raise HTTPException(404)
        return Response((_FOLDER / name).read_bytes(), media_type=_ASSETS[name])

    def start(request: Request) -> Response:
        return _json(view.start(desk, _language(request)))

    def queue(request: Request) -> Response:
        asked = request.query_params
        names = ("case", "code", "document", "state", "reviewer", "words")
        chosen = Filter(**{name: asked.get(name, "") for name in names})
        return _json(view.queue(desk, chosen, max(0, _number(asked.get("offset"))), PAGE_SIZE))

    def refresh(request: Request) -> Response:  # noqa: ARG001
        desk.refresh()
        return _json({})

    def piece(request: Request) -> Response:
        return _json(view.piece(desk, request.path_params["evidence"]))

    def document(request: Request) -> Response:
        return _json(view.document(desk, request.path_params["name"]))

    def orphans(request: Request) -> Response:  # noqa: ARG001
        return _json(view.orphans(desk))

    def page(request: Request) -> Response:
        seen = _page_view(desk, pages, request.path_params["evidence"])
        return _json({"page": seen.page, "pages": seen.pages, "boxes": seen.boxes})

    def picture(request: Request) -> Response:
        seen = _page_view(desk, pages, request.path_params["evidence"])
        return Response(seen.picture, media_type="image/png")

    def decide(asked: _Decide) -> Any:
        values = asked.values()
        return desk.decide(
            asked.id,
            asked.verdict,  # type: ignore[arg-type]  # refused there if it is none
            seen=asked.seen,
            values=None if values == Values() else values,
            bounds=asked.bounds,
            note=asked.note,
            settle=asked.settle,
        ).id

    def add(asked: _Add) -> Any:
        if asked.bounds is None:
            raise UsageError("nothing is selected")
        return desk.add(
            asked.document, asked.bounds, asked.values(), text_hash=asked.text_hash, note=asked.note
        )

    def undo(asked: _Undo) -> Any:
        return desk.undo(asked.seen).evidence

    def finish(asked: _Finish) -> Any:
        return desk.finish(asked.document)

    return Starlette(
        routes=[
            Route("/", home),
            Route("/page/{name}", asset),
            Route("/api/start", start),
            Route("/api/queue", queue),
            Route("/api/piece/{evidence}", piece),
            Route("/api/piece/{evidence}/page", page),
            Route("/api/piece/{evidence}/page.png", picture),
            Route("/api/document/{name:path}", document),
            Route("/api/orphans", orphans),
            Route("/api/refresh", refresh, methods=["POST"]),
            Route("/api/decide", _change(_Decide, decide), methods=["POST"]),
            Route("/api/add", _change(_Add, add), methods=["POST"]),
            Route("/api/undo", _change(_Undo, undo), methods=["POST"]),
            Route("/api/finish", _change(_Finish, finish), methods=["POST"]),
        ],
        middleware=[Middleware(Guard, port=port, token=token)],
        exception_handlers={PipelineError: _explain, HTTPException: _plain},
    )


def serve(desk: Desk, *, port: int = 0, ready: Callable[[str], None]) -> None:
    """Serve the page until the process is interrupted.

    Takes a free port where none is given, and calls `ready` with the address to open once it listens.
    """
    import uvicorn

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise UsageError(f"port {port} is taken", remedy="leave --port out, or name another") from error
    port, token = listener.getsockname()[1], secrets.token_urlsafe(24)
    listener.listen()
    ready(f"http://127.0.0.1:{port}/?token={token}")
    config = uvicorn.Config(
        application(desk, port=port, token=token), log_level="warning", server_header=False, lifespan="off"
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _change(shape: type[T], do: Callable[[T], Any]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads a change of one shape, makes it, and answers with what came of it."""

    async def endpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return _error(413, "too large")
        try:
            asked = msgspec.json.decode(bytes(body), type=shape)
        except msgspec.MsgspecError as error:
            return _error(400, f"not understood: {error}")
        return _json({"done": await run_in_threadpool(do, asked)})

    return endpoint


def _page_view(desk: Desk, pages: Pages, evidence: str) -> Any:
    found = desk.piece(evidence).one.evidence
    if found.page is None or not view.has_pages(desk, found.document):
        raise PageNotShown("this document has no pages to show", where=found.document)
    path = desk.project.source(found.document).resolve()
    if not path.is_relative_to(desk.project.root.resolve()):
        raise PageNotShown("the file lies outside the project", where=found.document)
    passages = desk.reading(found.document).passages
    passage = next(one for one in passages if one.number == found.passage)
    marks = {
        "trigger": (found.trigger_start - passage.start, found.trigger_end - passage.start),
        "quote": (found.start - passage.start, min(found.end, passage.end) - passage.start),
        **{
            f"cue{i}": (cue.start - passage.start, cue.end - passage.start)
            for i, cue in enumerate(found.cues)
        },
    }
    return pages.view(path, passage.page or found.page, passage.text, marks)


def _json(data: Any) -> Response:
    return Response(msgspec.json.encode(data), media_type="application/json")


def _error(status: int, what: str, remedy: str = "") -> Response:
    return Response(
        msgspec.json.encode({"error": what, "remedy": remedy}), status, media_type="application/json"
    )


async def _explain(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, PipelineError)
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    if isinstance(error, DataError):
        return _error(status, str(error))
    return _error(status, error.problem.what, error.problem.remedy)


async def _plain(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, HTTPException)
    return _error(error.status_code, error.detail)


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.cookies.get("desk-language", "")
    if asked not in ("en", "zh"):
        asked = request.headers.get("accept-language", "en")[:2].lower()
    return "zh" if asked == "zh" else "en"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _template() -> Any:
    import jinja2

    loader = jinja2.FileSystemLoader(_FOLDER)
    return jinja2.Environment(loader=loader, autoescape=True).get_template("index.html")
